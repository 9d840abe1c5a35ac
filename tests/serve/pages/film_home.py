"""A home with two films in two cinemas: few enough reports that every sum is written by hand.

In: a folder. Out: an open home whose reports came on several days, one of them revising a day.
Must not know what any page should say.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pharos.serve.home import Home
from tests.fresh_homes import fresh_home
from tests.serve.asking_home import Asking, asking, cinema, work
from tests.serve.terminal import native

NOW = datetime(2024, 3, 12, 18, tzinfo=UTC)
COMMA = "Me, Myself and Harbour"

Row = dict[str, Any]

REGISTERS = (
    cinema("astor", name="Astor", city="Albany", tier="1", chain="Lumen", province="Hudson"),
    cinema("bijou", name="Bijou", city="Peoria", tier="2", chain="Lumen", province="Prairie"),
    work("w1", "The Lamp Keeper"),
    work("w2", "Salt and Harbour"),
    work("w3", "Never Shown"),
    {"kind": "register", "version": {"id": "w1-3d", "work": "w1", "format": "3D", "audio": "en"}},
    {"kind": "register", "release": {"work": "w1", "date": "2024-03-08"}},
    {"kind": "register", "release": {"work": "w2", "date": "2024-03-07"}},
)


def _shown(day: str, hour: int, gross: str, admissions: int, **said: Any) -> Row:  # noqa: ANN401
    """One line of a screening of w1 in the Astor, of 50 seats."""
    start = f"{day}T{hour:02}:00:00-05:00"
    plain: Row = {"kind": "screening_totals", "cinema": "astor", "screening": f"{day}-{hour}"}
    plain |= {"start": start, "screen": "1", "seats": 50, "work": "w1"}
    return plain | {"gross": gross, "admissions": admissions} | said


def _day(cinema: str, work: str, day: str, gross: str, admissions: int) -> Row:
    """A day total of one screening."""
    plain = {"kind": "day_totals", "cinema": cinema, "work": work, "date": day}
    return plain | {"gross": gross, "admissions": admissions, "screenings": 1, "seats": 40}


#: When each report came (UTC), from whom, and what it said.
REPORTS: tuple[tuple[tuple[int, int], str, tuple[Row, ...]], ...] = (
    ((1, 12), "office", REGISTERS),
    # A first run, more than a year before.
    ((1, 13), "bijou", (_day("bijou", "w1", "2023-01-06", "50.00", 5),)),
    ((8, 15), "bijou", (_day("bijou", "w2", "2024-03-07", "60.00", 6),)),
    (
        (9, 15),
        "astor",
        (
            _shown("2024-03-08", 19, "80.00", 8, ticket_type="adult", version="w1-3d"),
            _shown("2024-03-08", 19, "10.00", 2, ticket_type="child", version="w1-3d"),
        ),
    ),
    (
        (10, 15),
        "astor",
        (_shown("2024-03-09", 14, "120.00", 10), _shown("2024-03-09", 19, "60.00", 5)),
    ),
    (
        (10, 16),
        "bijou",
        (
            _day("bijou", "w1", "2024-03-09", "45.00", 5),
            _day("bijou", "w2", "2024-03-09", "30.00", 3),
        ),
    ),
    # One adult more on the Friday: after the Friday and the Saturday were over.
    (
        (11, 15),
        "astor",
        (
            _shown("2024-03-08", 19, "90.00", 9, ticket_type="adult", version="w1-3d"),
            _shown("2024-03-08", 19, "10.00", 2, ticket_type="child", version="w1-3d"),
        ),
    ),
    ((11, 16), "bijou", (_day("bijou", "w1", "2024-03-10", "75.00", 9),)),
    ((11, 17), "bijou", (_day("bijou", COMMA, "2024-03-10", "20.00", 2),)),
)


@contextmanager
def film_home(path: Path) -> Iterator[Asking]:
    """The home, opened, and its pages."""
    moments = iter([datetime(2024, 3, *at, tzinfo=UTC) for at, _, _ in REPORTS])
    clock = {"now": datetime(2024, 3, 1, tzinfo=UTC)}
    with Home(fresh_home(path), lambda: clock["now"]) as home:
        for nth, (_, sender, rows) in enumerate(REPORTS):
            clock["now"] = next(moments)
            home.send(sender, "day", str(nth), native(*rows))
    with asking(path, NOW) as opened:
        yield opened
