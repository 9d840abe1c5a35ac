"""The tally by itself: exact arithmetic, what it holds, and what it does when it cannot follow."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pharos.arrive.administration import Closing, Judgement
from pharos.measure.answer import ratio_cell, rounded
from pharos.measure.board import Board, Cut, board
from pharos.measure.edition import edition_in
from pharos.measure.tally import Tally
from pharos.measure.tally_live import Live
from pharos.measure.tally_ranking import Cells
from pharos.measure.tally_running import AT, Running
from pharos.measure.tally_slots import Slots
from pharos.serve.home import Home
from tests.measure.small_home import TICKET, TOTAL, registered, send, small_home

NOW = datetime(2024, 3, 5, 22, tzinfo=UTC)
DAY = date(2024, 3, 5)
WORK = {"id": "W", "names": [{"language": "en", "name": "One"}]}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with small_home(tmp_path) as opened:
        yield opened


def ticket(number: int, **said: Any) -> dict[str, Any]:  # noqa: ANN401
    return TICKET | {"number": number} | said


def by_sql(home: Home, cut: Cut, now: datetime = NOW) -> Board:
    with home.ledger.view() as view:
        return board(edition_in(view, None), cut, now)


def is_as_by_sql(home: Home, tally: Tally, cut: Cut, now: datetime = NOW) -> None:
    home.ledger.wait()
    expected, got = by_sql(home, cut, now), tally.board(cut, now)
    assert got is not None
    assert replace(got.films, sql="") == replace(expected.films, sql="")
    assert replace(got.total, sql="") == replace(expected.total, sql="")


def gross(tally: Tally, cut: Cut = Cut(DAY)) -> dict[str | None, int]:  # noqa: B008
    found = tally.ranking(cut)
    assert found is not None
    return dict(zip(found.keys, found.measures["gross"].top.tolist(), strict=True))


@pytest.mark.slow
def test_it_follows_every_batch(home: Home) -> None:
    tally = Tally(home.ledger, DAY)
    assert tally.board(Cut(DAY), NOW) is None
    for number in (1, 2, 3):
        send(home, str(number), ticket(number))
        home.ledger.wait()
        assert gross(tally) == {"W": number * 900}
        assert tally.position == home.ledger.position
        is_as_by_sql(home, tally, Cut(DAY))


def test_what_the_ledger_held_before_is_in_it(home: Home) -> None:
    send(home, "1", ticket(1), TOTAL | {"screening": "2", "work": "X"})
    tally = Tally(home.ledger, DAY)
    assert gross(tally) == {"X": 10_000, "W": 900}
    is_as_by_sql(home, tally, Cut(DAY))


@pytest.mark.slow
def test_days_before_the_first_are_not_live_but_count_in_a_run(home: Home) -> None:
    early = {"screening": "0", "start": "2024-03-04T19:00:00-05:00"}
    send(home, "1", TOTAL | early, TOTAL)
    tally = Tally(home.ledger, DAY)
    assert tally.days == (DAY,)
    assert tally.board(Cut(date(2024, 3, 4)), NOW) is None
    assert tally.ranking(Cut(date(2024, 3, 4))) is None
    is_as_by_sql(home, tally, Cut(DAY))
    send(home, "2", TOTAL | early | {"gross": "250.00"})
    is_as_by_sql(home, tally, Cut(DAY))
    found = tally.board(Cut(DAY), NOW)
    assert found is not None
    (row,) = found.films.rows
    assert (row["cumulative_gross"], row["days_on_release"]) == ("350.00", 2)


@pytest.mark.slow
def test_days_that_are_forgotten_are_gone_and_still_count_in_a_run(home: Home) -> None:
    send(home, "1", TOTAL, TOTAL | {"start": "2024-03-06T19:00:00-05:00", "screening": "2"})
    tally, next_day = Tally(home.ledger, DAY), DAY + timedelta(1)
    tally.forget_before(next_day)
    assert tally.days == (next_day,)
    is_as_by_sql(home, tally, Cut(next_day))
    send(home, "2", TOTAL | {"gross": "5.00"}, TOTAL | {"screening": "3"})
    is_as_by_sql(home, tally, Cut(next_day))
    assert tally.days == (next_day,)


@pytest.mark.slow
def test_a_release_an_opening_and_a_closing_are_seen_at_once(home: Home) -> None:
    send(home, "1", TOTAL)
    tally = Tally(home.ledger, DAY)
    is_as_by_sql(home, tally, Cut(DAY))
    send(home, "2", registered("work", **WORK), registered("release", work="W", date="2024-03-01"))
    is_as_by_sql(home, tally, Cut(DAY))
    opening = {"kind": "opening_balance", "work": "W", "through": "2024-03-03", "gross": "70.00",
               "admissions": 7, "publisher": "o"}  # fmt: skip
    send(home, "3", opening)
    is_as_by_sql(home, tally, Cut(DAY))
    late = NOW + timedelta(days=3)
    is_as_by_sql(home, tally, Cut(DAY), late)
    home.administer(Closing(first=DAY, last=DAY))
    is_as_by_sql(home, tally, Cut(DAY), late)
    found = tally.board(Cut(DAY), late)
    assert found is not None
    assert found.films.status == "final"
    assert found.films.rows[0]["cumulative_gross"] == "170.00"
    send(home, "4", TOTAL | {"gross": "101.00"})
    is_as_by_sql(home, tally, Cut(DAY), late)
    found = tally.board(Cut(DAY), late)
    assert found is not None
    assert found.films.status == "corrected"


@pytest.mark.slow
def test_silence_and_figures_taken_back_are_seen_in_completeness(home: Home) -> None:
    places = [
        registered("cinema", id=f"c{n}", expected=True, zone="America/New_York", city=f"t{n % 2}")
        for n in range(4)
    ]
    send(home, "0", *places)
    tally = Tally(home.ledger, DAY)
    send(home, "1", TOTAL, TOTAL | {"cinema": "c2"})
    send(home, "2", {"kind": "no_screenings", "cinema": "c3", "date": str(DAY), "reason": "ice"})
    for cut in (Cut(DAY), Cut(DAY, ("city", "t1")), Cut(DAY, ("cinema", "c3"))):
        is_as_by_sql(home, tally, cut)
    # The screening is moved to the next day: of this one nothing is left.
    send(home, "3", TOTAL | {"cinema": "c2", "start": "2024-03-06T19:00:00-05:00"})
    for cut in (Cut(DAY), Cut(DAY, ("city", "t0")), Cut(date(2024, 3, 6))):
        is_as_by_sql(home, tally, cut)


def double(screening: str, *works: str) -> dict[str, Any]:
    programme = [{"work": work, "version": f"v{nth}"} for nth, work in enumerate(works)]
    said = {name: value for name, value in TOTAL.items() if name != "work"}
    return said | {"screening": screening, "programme": programme, "seats": 50}


@pytest.mark.slow
def test_double_features_count_once_where_works_are_not_told_apart(home: Home) -> None:
    tally = Tally(home.ledger, DAY)
    send(home, "1", double("1", "W", "X"), double("2", "W", "W"), TOTAL | {"screening": "3"})
    for cut in (Cut(DAY), Cut(DAY, ("cinema", "c1")), Cut(DAY, ("city", ""))):
        is_as_by_sql(home, tally, cut)
    found = tally.ranking(Cut(DAY))
    assert found is not None
    counted = dict(zip(found.keys, found.measures["admissions"].top.tolist(), strict=True))
    assert counted == {"W": 30, "X": 10}
    home.administer(Judgement(kind="work", one="W", other="X", same=True, why="one"))
    for cut in (Cut(DAY), Cut(DAY, ("cinema", "c1"))):
        is_as_by_sql(home, tally, cut)
    home.administer(Judgement(kind="work", one="W", other="X", same=False, why="not"))
    is_as_by_sql(home, tally, Cut(DAY))


@pytest.mark.slow
def test_a_book_that_stops_counting_is_taken_out_and_put_back(home: Home) -> None:
    tally = Tally(home.ledger, DAY)
    send(home, "1", TOTAL, TOTAL | {"screening": "2"})
    assert gross(tally) == {"W": 20_000}
    # Tickets are more detailed than totals, until they are taken back.
    moved = "2024-03-06T19:00:00-05:00"
    send(home, "2", ticket(1), ticket(2))
    is_as_by_sql(home, tally, Cut(DAY))
    assert gross(tally) == {"W": 10_000 + 2 * 900}
    send(home, "3", ticket(3, start=moved))
    for cut in (Cut(DAY), Cut(date(2024, 3, 6))):
        is_as_by_sql(home, tally, cut)
    day_total = {"kind": "day_totals", "cinema": "c1", "date": str(DAY), "work": "W",
                 "gross": "7.00", "admissions": 1}  # fmt: skip
    send(home, "4", day_total, day_total | {"cinema": "c2"})
    is_as_by_sql(home, tally, Cut(DAY))


@pytest.mark.slow
def test_cinemas_that_move_or_are_joined_are_moved_and_joined(home: Home) -> None:
    tally = Tally(home.ledger, DAY)
    send(home, "1", TOTAL, TOTAL | {"cinema": "c2", "admissions": 3})
    send(home, "2", registered("cinema", id="c1", city="Avon", zone="America/New_York"))
    cuts = (Cut(DAY, ("city", "Avon")), Cut(DAY, ("city", "Bath")), Cut(DAY))
    for cut in cuts:
        is_as_by_sql(home, tally, cut)
    home.administer(Judgement(kind="cinema", one="c1", other="c2", same=True, why="one"))
    for cut in (*cuts, Cut(DAY, ("cinema", "c2"))):
        is_as_by_sql(home, tally, cut)
    later = {"id": "c1", "city": "Bath", "from": str(DAY)}
    send(home, "3", registered("cinema", **later))
    for cut in cuts:
        is_as_by_sql(home, tally, cut)


@pytest.mark.slow
def test_a_cinema_is_found_by_its_name(home: Home) -> None:
    send(home, "0", registered("cinema", id="c1", name="Rex", zone="America/New_York"))
    send(home, "1", TOTAL, TOTAL | {"cinema": "c2"})
    tally = Tally(home.ledger, DAY)
    is_as_by_sql(home, tally, Cut(DAY, ("cinema", "Rex")))
    is_as_by_sql(home, tally, Cut(DAY, ("cinema", "cinema:c1")))
    assert tally.board(Cut(DAY, ("territory", "US")), NOW) is None


@pytest.mark.slow
def test_one_that_fails_says_nothing_until_it_is_mended(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = Tally(home.ledger, DAY)
    send(home, "1", ticket(1))
    home.ledger.wait()
    with monkeypatch.context() as broken:
        broken.setattr(Live, "drop", None)
        broken.setattr(Running, "add", lambda *_: 1 / 0)
        send(home, "2", ticket(2))
        home.ledger.wait()
    assert isinstance(home.ledger.watch_failure, ZeroDivisionError)
    assert tally.position is None
    assert tally.ranking(Cut(DAY)) is None
    assert tally.board(Cut(DAY), NOW) is None
    send(home, "3", ticket(3))
    home.ledger.wait()
    assert tally.position is None
    tally.mend()
    assert gross(tally) == {"W": 2_700}
    is_as_by_sql(home, tally, Cut(DAY))


def test_what_comes_while_it_is_made_is_added_once(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(home, "1", ticket(1))
    view = home.ledger.view
    sent: list[bool] = []

    def looked_at() -> Any:  # noqa: ANN401
        # One batch arrives before the ledger is looked at, so that it is both told and seen.
        if not sent:
            sent.append(True)
            send(home, "2", ticket(2))
            home.ledger.wait()
        return view()

    tally = Tally(home.ledger, DAY)
    monkeypatch.setattr(home.ledger, "view", looked_at)
    tally.rebuild()
    assert sent
    assert gross(tally) == {"W": 1_800}
    real = Tally._catch_up

    def late(self: Tally, live: Live) -> None:
        send(home, "3", ticket(3))
        home.ledger.wait()
        real(self, live)

    monkeypatch.setattr(Tally, "_catch_up", late)
    tally.rebuild()
    assert gross(tally) == {"W": 2_700}
    assert tally.position == home.ledger.position


def test_one_that_is_closed_follows_no_more(home: Home) -> None:
    tally = Tally(home.ledger, DAY)
    tally.close()
    send(home, "1", ticket(1))
    assert tally.position is None
    assert tally.days == ()


@pytest.mark.slow
def test_readers_see_whole_batches_while_it_follows(home: Home) -> None:
    """Every batch says as many tickets as money: nobody ever sees one without the other."""
    send(home, "0", ticket(1, paid="1.00"))
    tally, stop, seen = Tally(home.ledger, DAY), threading.Event(), []

    def look() -> None:
        while not stop.is_set():
            found = tally.ranking(Cut(DAY))
            assert found is not None
            money = int(found.measures["gross"].top.sum())
            seen.append((found.position, money, int(found.measures["admissions"].top.sum())))

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for nth in range(1, 15):
        rows = [ticket(10 * nth + n, paid="1.00", screening=str(n)) for n in range(8)]
        send(home, str(nth), *rows, registered("cinema", id="c1", city=f"t{nth}"))
    stop.set()
    for reader in readers:
        reader.join()
    assert seen
    begin, _, before = seen[0]
    for position, money, tickets in seen:
        assert (money, tickets) == (100 * tickets, before + 8 * (position - begin)), position


def test_ratios_are_rounded_as_answers_round_them() -> None:
    random = Random(3)
    pairs = [(random.randint(-(10**k), 10**k), random.randint(-(10**k), 10**k))
             for k in (1, 3, 6, 12, 18) for _ in range(200)]  # fmt: skip
    pairs = [(top, bottom) for top, bottom in pairs if bottom] + [(1, 2), (-1, 2), (1, -2), (5, 10)]
    top, bottom = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    none = np.zeros(len(pairs), dtype=np.int64)
    small = np.abs(top) < 10**12
    ratios = Cells("ratio", top[small], bottom[small], none[small], ()).shown().tolist()
    money = Cells("money", top, bottom, none, ()).shown().tolist()
    for (over, under), got in zip(
        [p for p, s in zip(pairs, small, strict=True) if s], ratios, strict=True
    ):
        exact = Decimal(over * 1_000_000) / Decimal(under)
        assert got == int(exact.quantize(Decimal(1), ROUND_HALF_UP)), (over, under)
        assert got == ratio_cell(Fraction(over, under)) * 1_000_000
    for (over, under), got in zip(pairs, money, strict=True):
        assert got == rounded(Fraction(over, under)), (over, under)


def test_running_totals_grow_in_both_directions() -> None:
    running, random = Running(), np.random.default_rng(5)
    expected: dict[tuple[int, int], int] = {}
    for _ in range(40):
        places, lines = (random.integers(0, most, 30) for most in (500, 300))
        values = random.integers(-5, 90, 30)
        running.add(running.cells(places, lines), {"gross": values})
        for place, line, value in zip(
            places.tolist(), lines.tolist(), values.tolist(), strict=True
        ):
            expected[place, line] = expected.get((place, line), 0) + value
    for place in range(500):
        found, sums = running.of(place)
        got = dict(zip(found.tolist(), sums[AT["gross"]].tolist(), strict=True))
        assert got == {line: value for (at, line), value in expected.items() if at == place}
    assert running.over_places(300)[AT["gross"]].sum() == sum(expected.values())


def test_slots_are_found_and_forgotten() -> None:
    slots, random = Slots(), np.random.default_rng(5)
    expected: dict[int, tuple[int, int]] = {}
    for day in range(6):
        accounts = np.unique(random.integers(day * 9_000, 400_000, 300))
        accounts = np.array([a for a in accounts.tolist() if a not in expected])
        slots.put(accounts, day, np.arange(len(accounts)))
        expected |= {a: (day, n) for n, a in enumerate(accounts.tolist())}
    asked = np.array([*expected, 3, 399_999_999, -1])
    for gone in (set(), {0, 3}, {0, 1, 2, 3, 4}):
        kept = set(range(6)) - gone
        slots.keep(kept)
        found = slots.find(asked).tolist()
        for account, at in zip(asked.tolist(), found, strict=True):
            known = expected.get(account)
            there = known is not None and known[0] in kept
            assert at == ((known[0] << 32 | known[1]) if there and known else -1), account


def test_batches_of_nothing_but_facts_move_it_on(home: Home) -> None:
    told: list[Mapping[str, pa.Table]] = []
    home.ledger.watch(told.append)
    tally = Tally(home.ledger, DAY)
    send(home, "1", registered("work", **WORK))
    home.ledger.wait()
    assert "posting" not in told[-1]
    assert tally.position == home.ledger.position
