"""The live board is that of the ledger, whichever it is, and however far a rehearsal is ahead."""

from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

import pytest

from pharos.errors import CatchingUp
from pharos.keep.ledger import Ledger
from pharos.measure.board import Board, Cut, board
from pharos.measure.edition import Edition, edition_in
from pharos.serve import live as live_module
from pharos.serve.home import Home, init
from pharos.serve.live import LiveTally
from pharos.words.home import HomeSettings
from tests.serve.terminal import native

DAY = date(2022, 10, 1)
LATER = datetime(2026, 1, 1, tzinfo=UTC)


def rehearsed_home(path: Path) -> Home:
    settings = HomeSettings(scope="nation", territories=("CN",), currency="CNY", rehearsed=True)
    init(path, settings, lambda: datetime(2022, 9, 30, tzinfo=UTC))
    return Home(path, lambda: LATER)


def ticket(number: int, rehearsed: str) -> bytes:
    row = {"kind": "tickets", "cinema": "c", "screening": "s", "work": "W", "number": number,
           "start": "2022-10-01T20:00:00+08:00", "sold_at": "2022-10-01T12:00:00+08:00",
           "paid": "40.00"}  # fmt: skip
    return native(row, rehearsed=rehearsed)


def shown(live: LiveTally, ledger: Ledger) -> tuple[Board | None, Board]:
    """The board from memory and the one by SQL."""
    cut = Cut(DAY)
    with ledger.view() as view:
        return live.board(cut, LATER, _only), board(edition_in(view, None), cut, LATER)


def _only(edition: Edition, found: Board) -> Board:
    assert edition.position == found.films.edition
    return found


def waited(live: LiveTally, position: int) -> None:
    pause = Event()
    for _ in range(1_000):
        if live.position >= position:
            return
        pause.wait(0.01)
    raise AssertionError(live.position)


@pytest.mark.slow
def test_the_day_that_counts_is_live_however_far_the_clock_has_come(tmp_path: Path) -> None:
    said: list[str] = []
    with rehearsed_home(tmp_path / "home") as home:
        live = LiveTally(lambda: home.ledger, lambda: LATER, said.append)
        home.send("v", "", "1", ticket(1, "2022-10-01T12:00:00+08:00"))
        # Heard, and not applied yet: the board must not forget the day before it is over.
        home.clock.heard(datetime(2022, 10, 9, tzinfo=UTC))
        live.start()
        waited(live, home.ledger.position)
        found, right = shown(live, home.ledger)
        assert found is not None
        assert (found.films.rows, found.total.rows) == (right.films.rows, right.total.rows)
        assert found.total.rows[0]["gross"] == "40.00"
        home.send("v", "", "2", ticket(2, "2022-10-01T12:00:05+08:00"))
        waited(live, home.ledger.position)
        found, right = shown(live, home.ledger)
        assert found is not None
        assert found.total.rows == right.total.rows
        assert found.total.rows[0]["gross"] == "80.00"
        live.stop()
    assert said == []


@pytest.mark.slow
def test_who_is_made_again_is_told_once(tmp_path: Path) -> None:
    with rehearsed_home(tmp_path / "home") as home:
        away: list[str] = []

        def ledger() -> Ledger:
            if away:
                raise CatchingUp(away.pop())
            return home.ledger

        live = LiveTally(ledger, lambda: LATER, lambda _: None)
        home.send("v", "", "1", ticket(1, "2022-10-01T12:00:00+08:00"))
        live.look()
        away.append("it is behind for a moment")
        live.look()
        assert live.position == 0
        live.look()
        assert live.position == home.ledger.position
        assert len(home.ledger._pen._observers) == 1
        live.stop()
        assert home.ledger._pen._observers == []


@pytest.mark.slow
def test_another_ledger_has_another_tally(tmp_path: Path) -> None:
    with rehearsed_home(tmp_path / "home") as home:
        live = LiveTally(lambda: home.ledger, lambda: LATER, lambda _: None)
        home.send("v", "", "1", ticket(1, "2022-10-01T12:00:00+08:00"))
        live.start()
        waited(live, home.ledger.position)
        home.mend_ledger("it is to be made anew")
        home.catch_up()
        found, right = shown(live, home.ledger)
        for _ in range(1_000):
            if found is not None:
                break
            Event().wait(0.01)
            found, right = shown(live, home.ledger)
        assert found is not None
        assert found.total.rows == right.total.rows
        live.stop()


def test_who_comes_after_it_waits_for_the_first_look_only(tmp_path: Path) -> None:
    """Whether the tally could be made or not."""

    def behind() -> Ledger:
        raise CatchingUp("the ledger is being made")

    with rehearsed_home(tmp_path / "home") as home:
        for ledger, reached in ((lambda: home.ledger, home.ledger.position), (behind, 0)):
            live = LiveTally(ledger, lambda: LATER, lambda _: None)
            live.start()
            live.first_look()
            assert live.position == reached
            live.stop()


def test_who_asks_first_has_a_moment_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tally waits while something is asked, but not for ever, and not when all ends."""
    asked = Event()
    asked.set()
    with rehearsed_home(tmp_path / "home") as home:
        monkeypatch.setattr(live_module, "FIRST_SECONDS", 60.0)
        live = LiveTally(lambda: home.ledger, lambda: LATER, lambda _: None)
        live.start(asked.is_set)
        assert live.position == 0
        asked.clear()
        live.first_look()
        assert live.position == home.ledger.position
        live.stop()
        ends = LiveTally(lambda: home.ledger, lambda: LATER, lambda _: None)
        ends.start(lambda: True)
        ends.stop()
        monkeypatch.setattr(live_module, "FIRST_SECONDS", 0.1)
        late = LiveTally(lambda: home.ledger, lambda: LATER, lambda _: None)
        late.start(lambda: True)
        late.first_look()
        assert late.position == home.ledger.position
        late.stop()
