"""Records of published daily figures: totals, days, weekends, multipliers, how fast.

In: the published days of a few made-up films. Out: ranked rows, with their sums written out.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pharos.errors import BadQuestion, UnknownWord
from pharos.measure.records import RecordsAsked
from pharos.serve.hands import AtHome
from pharos.serve.home import Home
from tests.fresh_homes import fresh_home
from tests.serve.terminal import native


def days(work: str, first: int, *gross: int, before: int = 0) -> Iterator[dict[str, Any]]:
    """The days of a work in March 2024 (the 1st is a Friday), with its cumulative."""
    for nth, one in enumerate(gross):
        before += one
        said = {
            "kind": "published", "publisher": "P", "work": work, "unit": "USD",
            "date": f"2024-03-{first + nth:02}",
        }  # fmt: skip
        yield said | {"measure": "gross", "value": str(one)}
        yield said | {"measure": "cumulative_gross", "value": str(before)}


FILMS = (
    # Friday to the second Sunday: 30 + 50 + 20 = 100, four days of 5, then 30 + 40 + 10 = 80.
    *days("Heron", 1, 30, 50, 20, 5, 5, 5, 5, 30, 40, 10),
    # From Saturday: the opening weekend is 60 + 30 = 90; the next Friday is not listed.
    *days("Owl", 2, 60, 30, 1, 1, 1, 1),
    *days("Owl", 9, 20, 10, before=94),
    # Had made 500 before these lists begin.
    *days("Lark", 1, 10, 10, 10, before=500),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with Home(fresh_home(tmp_path_factory.mktemp("records") / "home", ("US",))) as home:
        home.send("press", "s", "1", native(*FILMS))
        yield home


def record(home: Home, name: str, **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    found = AtHome(home).history(RecordsAsked(name, **more))
    rows: list[dict[str, Any]] = found["rows"]
    return rows


def told(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(str(row[name]) for name in names) for row in rows]


def test_all_time_is_the_last_cumulative(home: Home) -> None:
    assert told(record(home, "all-time"), "rank", "work", "total") == [
        ("1", "Lark", "530.00"),
        ("2", "Heron", "200.00"),
        ("3", "Owl", "124.00"),
    ]


def test_the_best_days_and_weekends(home: Home) -> None:
    assert told(record(home, "days", limit=2), "rank", "work", "date", "gross") == [
        ("1", "Owl", "2024-03-02", "60.00"),
        ("2", "Heron", "2024-03-02", "50.00"),
    ]
    assert told(record(home, "weekends"), "work", "start", "gross") == [
        ("Heron", "2024-03-01", "100.00"),
        ("Owl", "2024-03-01", "90.00"),
    ]
    second = record(home, "weekends", nth=2)
    assert told(second, "work", "start", "gross") == [("Heron", "2024-03-08", "80.00")]


def test_multipliers_are_of_works_whose_opening_is_known(home: Home) -> None:
    names = ("work", "opening_weekend", "multiplier", "opening_share_pct")
    assert told(record(home, "multipliers"), *names) == [
        ("Heron", "100.00", "2.00", "50.00"),
        ("Owl", "90.00", "1.38", "72.58"),
    ]
    held = record(home, "holds")
    assert told(held, "work", "second_weekend_change_pct") == [("Heron", "-20.00")]


def test_how_fast_an_amount_is_reached(home: Home) -> None:
    assert told(record(home, "fastest", threshold="90"), "rank", "work", "days") == [
        ("1", "Owl", "2"),
        ("2", "Heron", "3"),
    ]
    with pytest.raises(BadQuestion, match="threshold"):
        record(home, "fastest")


def test_equal_values_share_a_place(home: Home) -> None:
    places = told(record(home, "days", limit=5), "rank", "gross")
    assert places == [
        ("1", "60.00"),
        ("2", "50.00"),
        ("3", "40.00"),
        ("4", "30.00"),
        ("4", "30.00"),
    ]


def test_what_is_no_record(home: Home) -> None:
    with pytest.raises(UnknownWord):
        record(home, "tallest")
    with pytest.raises(UnknownWord, match="publisher"):
        record(home, "days", publisher="Q")
    with pytest.raises(BadQuestion):
        record(home, "days", limit=0)


def test_joined_works_are_one(tmp_path: Path) -> None:
    with Home(fresh_home(tmp_path / "home", ("US",))) as home:
        home.send("press", "s", "1", native(*days("Heron", 1, 10, 10), *days("Reiher", 3, 10)))
        hands = AtHome(home)
        hands.judge(("work:Heron", "work:Reiher"), "one film", same=True)
        (row,) = record(home, "days", limit=1)
        assert row["work_id"] in ("Heron", "Reiher")
        assert len({one["work_id"] for one in record(home, "days")}) == 1
