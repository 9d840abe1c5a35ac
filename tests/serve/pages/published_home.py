"""A home with published figures and one report of its own: each sum is written by hand.

In: a folder. Out: an open home. Must not know what any page should say.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pharos.serve.home import Home, init
from pharos.words.home import HomeSettings
from tests.serve.asking_home import Asking, asking
from tests.serve.terminal import native

NOW = datetime(2022, 10, 20, 12, tzinfo=UTC)

Row = dict[str, Any]

_PLAIN = {"kind": "published", "territory": "CN", "measure": "gross", "unit": "CNY"}
_DAYS = {"from": "2022-10-01", "to": "2022-10-07"}


def _of_work(work: str, day: int, value: str, **said: Any) -> Row:  # noqa: ANN401
    """A day of a work, in a list of all works unless it says otherwise."""
    at = {"date": f"2022-10-{day:02}", "publisher": "Gazette", "basis": "with_fee"}
    return {**_PLAIN, **at, "work": work, "value": value, **said}


def _of_nation(value: str, publisher: str, stated_at: str, **said: Any) -> Row:  # noqa: ANN401
    """A window of the nation."""
    by = {"publisher": publisher, "stated_at": stated_at, "basis": "with_fee", **_DAYS}
    return {**_PLAIN, **by, "value": value, **said}


FIGURES: tuple[Row, ...] = (
    {"kind": "register", "work": {"id": "lamp", "names": [
        {"language": "en", "name": "The Lamp Keeper"}, {"language": "zh", "name": "守灯人"}]}},
    {"kind": "day_totals", "cinema": "astor", "work": "lamp", "date": "2022-10-09",
     "admissions": 1, "gross": "9.00", "screenings": 1},
    _of_work("lamp", 8, "100.00"),
    _of_work("salt", 8, "200.00"),
    _of_work("lamp", 9, "300.00"),
    _of_work("lamp", 9, "30", measure="admissions", unit="count"),
    _of_work("salt", 9, "150.00"),
    {**_PLAIN, "publisher": "Gazette", "basis": "with_fee", "date": "2022-10-09",
     "value": "500.00"},
    # A cinema and a chain whose two days are the same: something for identities to show.
    *({**_PLAIN, "publisher": "Gazette", "basis": "with_fee", "date": f"2022-10-{day:02}", **of,
       "value": "50.00"}
      for of in ({"cinema": "backyard-screen"}, {"chain": "backyard-chain"}) for day in (8, 9)),
    # The window of 2022: a first word, a last word, and one on another basis.
    _of_nation("1496.00", "Office", "2022-10-08", source="https://example.org/a"),
    _of_nation("1497.00", "Gazette", "2022-10-09"),
    _of_nation("1400.00", "Gazette", "2022-10-07", basis="without_fee"),
    # 2020 has eight days and two names, 2014 was restated.
    _of_nation("3952.00", "Gazette", "2020-10-09", **{"from": "2020-10-01", "to": "2020-10-08"}),
    _of_nation("1084.00", "Office", "2014-10-08", **{"from": "2014-10-01", "to": "2014-10-07"}),
    _of_nation("1118.00", "Office", "2020-10-09", status="restated", basis="unknown",
               **{"from": "2014-10-01", "to": "2014-10-07"}),
    # Each day of 2014 as well, which do not make it; and works of the window.
    *({**_PLAIN, "publisher": "Office", "basis": "with_fee", "date": f"2014-10-{day:02}",
       "value": "150.00"} for day in range(1, 8)),
    _of_work("lamp", 1, "900.00", coverage="top", date=None, **_DAYS),
    _of_work("salt", 1, "80.00", coverage="top"),
)  # fmt: skip


@contextmanager
def published_home(path: Path, figures: tuple[Row, ...] = FIGURES) -> Iterator[Asking]:
    """The home, opened, and its pages."""
    init(path, HomeSettings("nation", ("CN",), "CNY", rehearsed=False))
    said = [{name: value for name, value in row.items() if value is not None} for row in figures]
    with Home(path, lambda: NOW) as home:
        if said:
            home.send("desk", "history", "1", native(*said))
    with asking(path, NOW) as opened:
        yield opened


def page(home: Asking, address: str) -> dict[str, Any]:
    """What a page says, its tables by name beside."""
    found = home.get(address)
    assert found.status == HTTPStatus.OK, found.body
    said: dict[str, Any] = found.json
    return said | {one["name"]: one for one in said["tables"]}


def columns(home: Asking, address: str, table: str, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of a table of a page."""
    return [tuple(row[name] for name in names) for row in page(home, address)[table]["rows"]]
