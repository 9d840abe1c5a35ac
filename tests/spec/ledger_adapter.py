"""How the specs speak to the real thing.

In: a home's rules, messages as they were sent, one question. Out: the ledger's answer as rows.
Must not know what any answer should be.

Every function gets the same list object again for one spec, and it only grows, so an adapter may
keep one home open for each list and submit only what is new.

What the real thing must do with a message (`tests.oracle_said.Sent`):

* rows of the native kinds (register, schedule, tickets, ...) go in as one native message with the
  message's sender, stream and id;
* a message with ``file`` set goes in as a table through a mapping whose columns bear the names of
  the rows' fields, under the message's sender; its id is the digest of its bytes;
* a single row of kind ``join`` or ``unjoin`` {one, other, why} is a judgement, one of kind
  ``close`` {from, to} closes business dates;
* ``at``, where given, is what the clock shows when the message arrives.

``as_of=n`` in a question means: the edition right after the n-th message of the list.
"""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pharos.arrive.administration import Closing, Judgement
from pharos.errors import PharosError
from pharos.serve.home import Home as RealHome
from tests.fresh_homes import fresh_home
from tests.oracle_said import Sent
from tests.spec.files_adapter import send_file


class LedgerRefused(Exception):
    """The ledger refused a question; the message is the reason that people are shown."""


@dataclass(frozen=True)
class Home:
    """What ``pharos init`` was told: the first territory is where unknown cinemas stand."""

    territories: tuple[str, ...] = ("US",)


@dataclass(frozen=True)
class Question:
    """A question in the words of ``pharos ask``; ``as_of`` counts messages, None is now."""

    measures: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: dict[str, str] = field(default_factory=dict)
    period: str = ""
    basis: str = "paid"
    as_of: int | None = None


@dataclass(frozen=True)
class State:
    """What an answer says of itself for a period."""

    status: str
    reported: int
    expected: int


@dataclass
class _Open:
    """One home for one list of messages, and where each message ended up."""

    home: RealHome
    territory: str
    sent: Sequence[Sent]
    clock: list[datetime]
    positions: list[int] = field(default_factory=list)
    outcomes: list[tuple[str, frozenset[str]]] = field(default_factory=list)


_open: dict[int, _Open] = {}
_MOMENT = datetime(2030, 1, 1, tzinfo=UTC)


def answer(home: Home, messages: Sequence[Sent], question: Question) -> list[dict[str, Any]]:
    """The rows of the ledger's answer.

    Each row maps a dimension to its id without prefix (None where not known), ``work_name`` and
    ``cinema_name`` to the names shown, ``currency`` to the row's currency where there is one, a
    measure to an int (money in minor units), to a Fraction or Decimal (ratios; prices and
    averages in minor units too) or to None, and ``why`` to {measure: reason} for each None.
    Raises LedgerRefused.
    """
    opened = _opened(home, messages)
    try:
        found = opened.home.ask(
            *question.measures,
            by=question.by,
            where=question.where,
            period=question.period,
            basis=question.basis,
            as_of=_edition(opened, question.as_of),
        )
    except PharosError as reason:
        raise LedgerRefused(str(reason)) from reason
    return [_row(question, row) for row in found.rows]


def state(home: Home, messages: Sequence[Sent], period: str, as_of: int | None) -> State:
    """Status and completeness that an answer about a period bears."""
    opened = _opened(home, messages)
    found = opened.home.ask("gross", period=period, as_of=_edition(opened, as_of))
    whole = found.completeness
    return State(
        found.status, whole.get("cinema_days_reported", 0), whole.get("cinema_days_expected", 0)
    )


def outcomes(home: Home, messages: Sequence[Sent]) -> list[tuple[str, frozenset[str]]]:
    """For each message its verdict and the rules of its findings."""
    return _opened(home, messages).outcomes


def home_of(home: Home, messages: Sequence[Sent]) -> RealHome:
    """The home to which everything in a list was sent."""
    return _opened(home, messages).home


def _opened(home: Home, messages: Sequence[Sent]) -> _Open:
    """The home of a list of messages, with everything sent that was not yet."""
    opened = _open.get(id(messages))
    if opened is None or opened.sent is not messages:
        close_all()
        opened = _open[id(messages)] = _make(home, messages)
    for message in messages[len(opened.positions) :]:
        _send(opened, message)
    return opened


def close_all() -> None:
    """Close the homes of earlier specs and remove their folders."""
    for opened in _open.values():
        opened.home.close()
        shutil.rmtree(opened.home.path.parent)
    _open.clear()


def _make(home: Home, messages: Sequence[Sent]) -> _Open:
    folder = Path(tempfile.mkdtemp(prefix="pharos-spec-")) / "home"
    clock = [_MOMENT]
    fresh_home(folder, home.territories, _MOMENT)
    real = RealHome(folder, lambda: clock[0])
    return _Open(real, home.territories[0], messages, clock)


def _send(opened: _Open, message: Sent) -> None:
    opened.clock[0] = message.at or opened.clock[0]
    first = message.rows[0]
    if first["kind"] in ("join", "unjoin"):
        one, other = (first[name] for name in ("one", "other"))
        kind, _, said = one.partition(":")
        done = opened.home.administer(
            Judgement(
                kind=kind,
                one=said,
                other=other.partition(":")[2],
                same=first["kind"] == "join",
                why=first["why"],
            )
        )
    elif first["kind"] == "close":
        span = (date.fromisoformat(first["from"]), date.fromisoformat(first["to"]))
        done = opened.home.administer(Closing(first=span[0], last=span[1]))
    elif message.file:
        done = send_file(opened.home, message)
    else:
        done = opened.home.send(message.sender, message.stream, message.id, _body(message))
    assert done.receipt is not None
    opened.positions.append(opened.home.journal.size)
    rules = frozenset(finding.rule for finding in done.findings)
    repeats = {"repeat"} if done.repeats else set()
    opened.outcomes.append((done.verdict.value, rules | repeats))


def _body(message: Sent) -> bytes:
    lines = [json.dumps({"pharos": 1}), *(json.dumps(row) for row in message.rows)]
    return "\n".join(lines).encode() + b"\n"


def _edition(opened: _Open, as_of: int | None) -> int | None:
    return None if as_of is None else opened.positions[as_of - 1]


def _row(question: Question, row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"currency": row.get("currency"), "why": {}}
    for name in question.by:
        found[name] = _plain(name, row)
        if name in ("work", "cinema"):
            found[f"{name}_name"] = row[name]
    for measure in question.measures:
        value = row.get(f"{measure}_minor", row[measure])
        found[measure] = value
        if value is None:
            found["why"][measure] = row[f"{measure}_reason"]
        elif measure in AVERAGES:
            # An average of money is shown rounded to the minor unit, half up.
            found[measure] = Decimal(value)
    return found


AVERAGES = (
    *("average_ticket_price", "per_theatre_average"),
    *("per_screen_average", "per_seat_average"),
)


def _plain(name: str, row: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """A dimension's id as the oracle writes it: without prefix, labels for calendar spans."""
    if name in ("week", "month", "quarter"):
        return row[name]
    said = row[f"{name}_id"]
    return said.split(":", 1)[-1] if isinstance(said, str) and ":" in said else said
