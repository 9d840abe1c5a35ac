"""A board is two answers of `ask` for one day; its day is the last of which anything is known."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pharos.measure.board import BOARD_MEASURES, TOTAL_MEASURES, Cut, board, latest_day
from pharos.measure.edition import edition_in
from pharos.measure.standings import known_places, standings
from tests.measure.small_home import TOTAL, registered, send, small_home

NOW = datetime(2024, 3, 7, 18, tzinfo=UTC)
DAY = date(2024, 3, 5)
PLANNED = {"kind": "schedule", "cinema": "c1", "screening": "9", "work": "W",
           "start": "2024-03-07T19:00:00-05:00"}  # fmt: skip


def test_a_board_is_what_ask_says(tmp_path: Path) -> None:
    with small_home(tmp_path) as home:
        place = {"id": "c1", "territory": "US", "zone": "America/New_York", "city": "Albany"}
        send(home, "0", registered("cinema", **place))
        send(home, "1", TOTAL, TOTAL | {"screening": "2", "work": "V", "gross": "300.00"})
        with home.ledger.view() as view:
            edition = edition_in(view, None)
            found = board(edition, Cut(DAY, ("city", "Albany")), NOW)
            assert known_places(edition)["city"] == ("Albany",)
        period = DAY.isoformat()
        where = ["city=Albany"]
        films = home.ask(*BOARD_MEASURES, by="work", where=where, period=period, order="-gross")
        total = home.ask(*TOTAL_MEASURES, where=where, period=period)
        assert (found.films.rows, found.total.rows) == (films.rows, total.rows)
        assert [row["gross"] for row in found.films.rows] == ["300.00", "100.00"]


def test_equals_share_a_place_and_currencies_are_never_compared(tmp_path: Path) -> None:
    with small_home(tmp_path, "US", "CA") as home:
        others = [TOTAL | {"screening": str(n), "work": f"W{n}"} for n in (2, 3)]
        few = TOTAL | {"screening": "4", "work": "few", "gross": "5.00"}
        send(home, "1", TOTAL | {"currency": "CAD", "screening": "5"}, *others, few)
        with home.ledger.view() as view:
            found = standings(board(edition_in(view, None), Cut(DAY), NOW))
        places = {one.currency: [place for place, _ in one.films] for one in found}
        assert places == {"CAD": [1], "USD": [1, 1, 3]}


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ((), date(2024, 3, 7)),
        ((TOTAL,), DAY),
        ((TOTAL, PLANNED), date(2024, 3, 7)),
        ((TOTAL, PLANNED | {"start": "2024-03-09T19:00:00-05:00"}), DAY),
        ((TOTAL | {"start": "2024-03-20T19:00:00-05:00"},), date(2024, 3, 20)),
    ],
)
def test_the_day_is_the_last_of_which_anything_is_known(
    tmp_path: Path, rows: tuple[dict[str, object], ...], day: date
) -> None:
    with small_home(tmp_path) as home:
        if rows:
            send(home, "1", *rows)
        with home.ledger.view() as view:
            assert latest_day(edition_in(view, None), NOW) == day
