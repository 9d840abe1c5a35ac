"""Messages of any content: a reading or a refusal in words, never a failure, and the same twice.

In: good messages of each format with random damage. Out: whatever is raised that is none of ours.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random
from typing import Any

import pytest

from pharos.arrive.administration import Closing, Judgement, Setting, administration_body
from pharos.arrive.formats import frame_of, read
from pharos.arrive.reading import Reading
from pharos.check.parameters import packaged_rules
from pharos.errors import PharosError
from pharos.serve import intake
from pharos.words.home import HomeSettings
from pharos.words.period import parse_period
from pharos.words.report import Severity
from pharos.words.territory import packaged_territory, parse_territory
from tests.arrive import damaging
from tests.arrive.bodies import DAY, SALE, SCREENING, TOTAL, Fixed
from tests.arrive.damaging import fuzz

PIECES = (
    *(b"{", b"}", b"[", b"]", b'"', b",", b":", b"\n", b"\r", b"\0", b"\\", b"\\u0000", b"\\ud800"),
    *(b"null", b"true", b"1e999", b"-1", b"9" * 30, b"0.001", b"NaN", b"\xff", b"\xef\xbb\xbf"),
    *(b'"kind"', b'"pharos": 1', b'"tickets"', b'"2024-02-30"', b'"24:00"', "影\u2028".encode()),
    *(b'"9999-12-31T23:59:59+14:00"', b'"0001-01-01T00:00:00-12:00"', b"[" * 2_000, b'{"a":' * 500),
)
damaged = partial(damaging.damaged, pieces=PIECES)


def rows(*said: dict[str, Any]) -> bytes:
    return b"\n".join(json.dumps(one).encode() for one in ({"pharos": 1, "id": "1"}, *said)) + b"\n"


ROWS = rows(
    SALE, TOTAL, DAY, SCREENING | {"kind": "schedule", "seats": 90},
    SALE | {"number": 2, "event": "refund", "paid": "9.00", "ticket_type": "成人"},
    {"kind": "no_screenings", "cinema": "A1", "from": "2022-10-01", "to": "2022-10-03"},
    {"kind": "register", "cinema": {"id": "A1", "name": "Astor", "zone": "Asia/Shanghai"}},
    {"kind": "register", "work": {"id": "w", "names": [{"language": "en", "name": "W"}]}},
    {"kind": "opening_balance", "work": "w", "territory": "CN", "through": "2022-09-30",
     "gross": "1.00", "admissions": 1, "publisher": "p"},
    {"kind": "published", "publisher": "p", "work": "w", "date": "2022-10-01", "measure": "gross",
     "value": "14.97", "unit": "1e8 CNY", "basis": "with_fee", "stated_at": "2022-10-07T24:00"},
    {"kind": "correction", "cinema": "A1", "book": "day_totals", "date": "2022-10-01", "work": "w",
     "expect": {"gross": "900.00"}, "set": {"gross": "90.00"}, "by": "office", "reason": "slip"},
)  # fmt: skip
COLUMNS = json.dumps(
    {
        "pharos": 1, "columnar": "tickets", "id": "1", "stream": "till", "currency": "CNY",
        "cinema": "A1", "ticket_types": ["adult"], "channels": ["web"],
        "screenings": {"screening": ["s1", "s2"], "work": ["w", "v"], "seats": [90, None],
                       "start": ["2022-10-01T19:30:00+08:00", "2022-10-02T19:30:00+08:00"]},
        "columns": {"screening": [0, 1, 0], "number": [1, 2, 3], "paid": [4140, 0, 900],
                    "sold_at": [1664625600, 1664625700, 1664625800], "event": [0, 0, 1],
                    "ticket_type": [0, 0, 0], "channel": [0, 0, 0], "fee": [300, None, 0]},
    }
).encode()  # fmt: skip
ACTS = administration_body(
    Setting(kind="home", name="home", text=HomeSettings("nation", ("CN",), "CNY").text()),
    Setting(kind="rules", name="rules", text=packaged_rules()),
    Setting(kind="territory", name="CN", text=packaged_territory("CN")),
    Judgement(kind="work", one="a", other="b", same=True, why="test"),
    Closing(first="2022-10-01", last="2022-10-02"),  # type: ignore[arg-type]
)


NO_MAPPINGS: dict[str, str] = {}


def reading_of(body: bytes) -> Reading:
    """What a body says; a body that may not be kept is refused, too, when it is read."""
    reading = read(body, Fixed(), NO_MAPPINGS.get)
    turned_away = frame_of(body).refusal
    refusing = [one for one in reading.findings if one.severity == Severity.REFUSE]
    assert turned_away is None or turned_away.rule in {one.rule for one in refusing}
    assert all(finding.sentence for finding in reading.findings)
    return reading


def native(chance: Random) -> None:
    """Rows of the native format."""
    reading_of(damaged(ROWS, chance))


def columnar(chance: Random) -> None:
    """Ticket events by the column; what counts has a mention and a number."""
    figures = reading_of(damaged(COLUMNS, chance)).figures
    assert all(0 <= n < len(figures.mentions) for n in figures.lines["mention"].tolist())
    assert all(number > 0 for number in figures.lines["number"].tolist())


def administration(chance: Random) -> None:
    """Acts of the home."""
    reading_of(damaged(ACTS, chance))


def batch(chance: Random) -> None:
    """Several messages in one body: every byte from the first header line on is in exactly one.

    Nothing but blank lines may stand before it.
    """
    text = damaged(ROWS + COLUMNS + b"\n" + ROWS, chance)
    with suppress(PharosError):
        kept = b"".join(intake.split(text))
        text = text.removeprefix(b"\xef\xbb\xbf")
        blank = text[: len(text) - len(kept)]
        assert (blank.strip(), blank + kept) == (b"", text)


QUERIES = (b"sender=a&stream=b&id=1&wait=3", b"sender=%E4%B8%87&id=a%2Fb", b"")


def query(chance: Random) -> None:
    """The query of a request."""
    text = damaged(chance.choice(QUERIES), chance)
    with suppress(PharosError):
        said = intake.parameters(text, {"sender", "stream", "id", "wait"})
        assert set(said) <= {"sender", "stream", "id", "wait"}


CHINA = parse_territory(packaged_territory("CN"))
PERIODS = (b"2022-10-01..2022-10-07", b"2022-W39", b"2022-Q4", b"window:national-day/2022", b"2022")


def period(chance: Random) -> None:
    """A stretch of business dates."""
    text = damaged(chance.choice(PERIODS), chance).decode(errors="replace")
    with suppress(PharosError):
        found = parse_period(text, CHINA)
        assert found.first <= found.last


FUZZED: tuple[Callable[[Random], None], ...] = (
    native, columnar, administration, batch, query, period,
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("one", FUZZED, ids=lambda one: one.__name__)
def test_nothing_but_typed_refusals(one: Callable[[Random], None]) -> None:
    fuzz(one, 1000, seed=1)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("one", FUZZED, ids=lambda one: one.__name__)
def test_a_million_inputs_each(one: Callable[[Random], None], seed: int) -> None:
    fuzz(one, 100_000, seed)
