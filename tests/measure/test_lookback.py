"""How far the rows of an answer have come, on a real home."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pharos.serve.home import Home
from tests.measure.small_home import TOTAL, Row, send, small_home

SCHEDULE: Row = {name: TOTAL[name] for name in ("cinema", "work")} | {"kind": "schedule"}


def shown(day: int, gross: str, **more: Any) -> Row:  # noqa: ANN401
    start = f"2024-03-{day:02d}T19:00:00-05:00"
    return TOTAL | {"screening": f"s{day}", "start": start, "gross": gross} | more


def planned(day: int) -> Row:
    return SCHEDULE | {"screening": f"p{day}", "start": f"2024-03-{day:02d}T19:00:00-05:00"}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with small_home(tmp_path) as opened:
        send(opened, "1", shown(5, "100.00"), shown(6, "50.00"), planned(7), planned(9))
        yield opened


def rows(home: Home, measures: str, by: str, **rest: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
    names = [*by.split(","), *measures.split()]
    return [tuple(row[name] for name in names) for row in home.ask(measures, by=by, **rest).rows]


@pytest.mark.parametrize("beside", ["", " screenings", " works theatres"])
def test_a_row_has_come_as_far_as_its_figures_whatever_is_asked_beside(
    home: Home, beside: str
) -> None:
    (row,) = rows(home, "days_on_release cumulative_gross" + beside, "work")
    assert row[1:3] == (2, "150.00")


def test_a_row_of_screenings_alone_has_come_as_far_as_those(home: Home) -> None:
    found = rows(home, "days_on_release cumulative_gross screenings", "business_date",
                 where="work=W")  # fmt: skip
    assert [row[1:] for row in found] == [
        (1, "100.00", 1), (2, "150.00", 1), (3, "150.00", 1), (5, "150.00", 1),
    ]  # fmt: skip


def test_a_period_says_until_when(home: Home) -> None:
    assert rows(home, "cumulative_gross", "work", period="2024-03-05") == [("W", "100.00")]
    assert rows(home, "cumulative_gross", "work", period="2024-03-06") == [("W", "150.00")]


def test_a_balance_is_brought_forward_in_its_own_currency_only(home: Home) -> None:
    send(home, "2", shown(8, "7.00", currency="CAD"))
    balance = {"kind": "opening_balance", "work": "W", "through": "2024-03-04", "gross": "1000.00"}
    send(home, "3", balance | {"publisher": "office"})
    found = rows(home, "cumulative_gross", "work")
    assert sorted(found) == [("W", "1150.00"), ("W", "7.00")]
