"""The board by SQL: which rows it has, and which day it shows when nobody names one."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pharos.measure.board import BOARD_MEASURES, TOTAL_MEASURES, Board, Cut, board, latest_day
from pharos.measure.edition import edition_in
from pharos.serve.home import Home
from tests.measure.small_home import TOTAL, registered, send, small_home

NOON = datetime(2024, 3, 6, 17, tzinfo=UTC)
DAY = date(2024, 3, 5)
SCHEDULED = {
    "kind": "schedule", "cinema": "c1", "screening": "9", "work": "V", "seats": 50,
}  # fmt: skip


def board_of(home: Home, cut: Cut) -> Board:
    with home.ledger.view() as view:
        return board(edition_in(view, None), cut, NOON)


def day_of(home: Home, now: datetime = NOON) -> date:
    with home.ledger.view() as view:
        return latest_day(edition_in(view, None), now)


def at(day: str) -> dict[str, str]:
    return {"start": f"{day}T19:00:00-05:00"}


def test_a_board_has_the_total_and_the_films_by_gross(tmp_path: Path) -> None:
    with small_home(tmp_path) as home:
        more = {"screening": "2", "work": "X", "gross": "300.00", "admissions": 20}
        send(home, "1", TOTAL, TOTAL | more)
        found = board_of(home, Cut(DAY))
    (total,) = found.total.rows
    assert (total["gross"], total["admissions"], total["screenings"]) == ("400.00", 30, 2)
    assert [row["work_id"] for row in found.films.rows] == ["work:X", "work:W"]
    assert [row["gross_minor"] for row in found.films.rows] == [30_000, 10_000]
    assert set(BOARD_MEASURES) <= set(found.films.rows[0])
    assert set(TOTAL_MEASURES) <= set(total)
    assert found.films.status == "provisional"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dimension", "value", "gross"),
    [("city", "Avon", "100.00"), ("cinema", "c2", "7.00"), ("chain", "Crane", "7.00"),
     ("province", "", "107.00")],
)  # fmt: skip
def test_a_board_of_a_place(tmp_path: Path, dimension: str, value: str, gross: str) -> None:
    with small_home(tmp_path) as home:
        send(home, "0", registered("cinema", id="c1", city="Avon", zone="America/New_York"),
             registered("cinema", id="c2", chain="Crane", zone="America/New_York"))  # fmt: skip
        send(home, "1", TOTAL, TOTAL | {"cinema": "c2", "gross": "7.00", "admissions": 1})
        found = board_of(home, Cut(DAY, (dimension, value)))
    assert [row["gross"] for row in found.total.rows] == [gross]


@pytest.mark.slow
def test_rows_of_several_currencies_come_in_the_order_of_their_codes(tmp_path: Path) -> None:
    with small_home(tmp_path, "US", "CA") as home:
        rows = [
            TOTAL | {"cinema": f"c{n}", "currency": code} for n, code in enumerate(["USD", "CAD"])
        ]
        send(home, "1", *rows)
        for _ in range(5):
            found = board_of(home, Cut(DAY))
            assert [row["currency"] for row in found.total.rows] == ["CAD", "USD"]
            assert [row["currency"] for row in found.films.rows] == ["CAD", "USD"]


@pytest.mark.slow
def test_a_place_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    with small_home(tmp_path) as home:
        place = registered("cinema", id="c1", city="Avon", zone="America/New_York", expected=True)
        send(home, "0", place)
        send(home, "1", TOTAL)
        plain, written = (
            board_of(home, Cut(DAY, ("city", said))) for said in ("Avon", "city:Avon")
        )
    assert plain.total.completeness["cinemas_reported"] == 1
    assert written.total == replace(plain.total, sql=written.total.sql)


def test_a_board_on_a_basis_says_why_it_has_no_number(tmp_path: Path) -> None:
    with small_home(tmp_path) as home:
        send(home, "1", TOTAL)
        found = board_of(home, Cut(DAY, basis="without_fee"))
    (total,) = found.total.rows
    assert total["gross"] is None
    assert total["gross_reason"] == "the service fee was not stated"


def test_the_day_of_an_empty_home_is_today(tmp_path: Path) -> None:
    with small_home(tmp_path) as home:
        assert day_of(home) == date(2024, 3, 6)


def test_the_day_is_today_if_anything_is_known_of_it(tmp_path: Path) -> None:
    with small_home(tmp_path) as home:
        send(home, "1", TOTAL, SCHEDULED | at("2024-03-06"))
        assert day_of(home) == date(2024, 3, 6)


def test_else_it_is_the_last_day_before_with_figures(tmp_path: Path) -> None:
    with small_home(tmp_path) as home:
        early = {"screening": "2"} | at("2024-03-02")
        send(home, "1", TOTAL, TOTAL | early, SCHEDULED | at("2024-03-07"))
        assert day_of(home) == DAY


def test_else_it_is_the_first_with_any(tmp_path: Path) -> None:
    with small_home(tmp_path) as home:
        later = {"screening": "2"} | at("2024-03-09")
        send(home, "1", SCHEDULED | at("2024-03-07"), TOTAL | at("2024-03-08"), TOTAL | later)
        assert day_of(home, NOON) == date(2024, 3, 8)


def test_of_schedules_alone_it_is_the_first(tmp_path: Path) -> None:
    with small_home(tmp_path) as home:
        send(
            home,
            "1",
            SCHEDULED | at("2024-03-09"),
            SCHEDULED | {"screening": "8"} | at("2024-03-08"),
        )
        assert day_of(home) == date(2024, 3, 8)
