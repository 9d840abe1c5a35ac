"""What stands beside live boards: found once for all who watch, anew after a minute."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Timer
from typing import Any, TypeVar

import pytest

from pharos.errors import Busy
from pharos.measure.board import Cut
from pharos.measure.edition import Edition, edition_in
from pharos.serve.besides import KEPT_SECONDS, RENEWED_SECONDS, TRIED_SECONDS, Besides
from pharos.serve.home import Home
from pharos.serve.readers import Limits, Readers
from tests.fresh_homes import fresh_home
from tests.serve.terminal import native

NOW = datetime(2024, 3, 20, 12, tzinfo=UTC)
CUT = Cut(date(2024, 3, 19), None, "paid")
#: The board that the home shows of itself: the last day with figures.
OWN = Cut(date(2024, 3, 18), None, "paid")

T = TypeVar("T")


class Counting(Readers):
    """Readers that say how often they were asked, and may refuse."""

    busy = False

    def submit(self, *words: Any) -> Future[Any]:  # noqa: ANN401
        self.asked = getattr(self, "asked", 0) + 1
        if self.busy:
            raise Busy("too much is asked just now; ask again in a moment")
        self.last = super().submit(*words)
        return self.last


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(fresh_home(tmp_path / "home"), lambda: NOW) as opened:
        yield opened


def day(gross: str) -> bytes:
    return native({"kind": "day_totals", "cinema": "A", "date": "2024-03-18", "work": "W",
                   "admissions": 1, "gross": gross})  # fmt: skip


def test_it_is_found_once_and_anew_after_a_minute(home: Home) -> None:
    """Beside the board stands the day before: 10.00, corrected to 12.00 a minute later."""
    clock = [0.0]
    readers = Counting(lambda: home.ledger, lambda: NOW)
    besides = Besides(readers, lambda: clock[0])

    def shown() -> Any:  # noqa: ANN401
        with home.ledger.view() as view:
            found = besides.of(edition_in(view, None), CUT, NOW)
        return {one.name: row["gross"] for one in found.earlier for row in one.gross.values()}

    home.send("a", "s", "1", day("10.00"))
    assert shown() == {"day": "10.00"}
    home.send("a", "s", "1b", day("12.00"))
    clock[0] = RENEWED_SECONDS - 1
    assert shown() == {"day": "10.00"}
    clock[0] = RENEWED_SECONDS
    # Nobody waits for what is found anew: it stands there when the board is next looked at.
    assert shown() == {"day": "10.00"}
    readers.last.result(30)
    assert shown() == {"day": "12.00"}
    assert readers.asked == 1
    readers.close()


def test_a_find_that_fails_is_not_repeated_with_every_push(home: Home) -> None:
    """Boards are pushed twice a second; seven questions that fail are not asked with each."""
    clock = [0.0]
    readers = Counting(lambda: home.ledger, lambda: NOW)
    besides = Besides(readers, lambda: clock[0])
    home.send("a", "s", "1", day("10.00"))
    with home.ledger.view() as view:
        edition = edition_in(view, None)
        first = besides.of(edition, CUT, NOW)
        readers.busy, readers.asked = True, 0
        for nth in range(int(4 * TRIED_SECONDS)):
            clock[0] = RENEWED_SECONDS + nth / 2
            assert besides.of(edition, CUT, NOW) is first
        assert readers.asked == 2
        clock[0] = KEPT_SECONDS
        assert besides.of(edition, CUT, NOW) is not first
    readers.close()


class Held(Readers):
    """Readers that have an edition before them and look into it when they are let."""

    def __init__(self, home: Home) -> None:
        super().__init__(lambda: home.ledger, lambda: NOW, Limits(at_once=1))
        self.opened, self.let = Event(), Event()

    def submit(self, work: Callable[[Edition], T], as_of: Any = None) -> Future[T]:  # noqa: ANN401
        def held(edition: Edition) -> T:
            self.opened.set()
            self.let.wait(30)
            return work(edition)

        return super().submit(held, as_of)


def test_what_stands_beside_the_homes_own_board_is_looked_for_at_the_start(home: Home) -> None:
    """Who comes first waits for what is being found, at the version before the last report."""
    home.send("a", "s", "1", day("10.00"))
    readers = Held(home)
    besides = Besides(readers)
    besides.begin()
    assert readers.opened.wait(30)
    before = home.ledger.position
    home.send("a", "s", "1b", day("12.00"))
    Timer(0.2, readers.let.set).start()
    with home.ledger.view() as view:
        edition = edition_in(view, None)
        assert besides.of(edition, OWN, NOW).edition == before
        # Of any other board nobody has looked.
        assert besides.of(edition, CUT, NOW).edition == edition.position > before
    readers.close()


def test_what_no_reader_has_begun_to_look_for_is_not_waited_for(home: Home) -> None:
    home.send("a", "s", "1", day("10.00"))
    readers = Held(home)
    busy = readers.submit(lambda edition: edition.position)
    assert readers.opened.wait(30)
    besides = Besides(readers)
    besides.begin()
    with home.ledger.view() as view:
        found = besides.of(edition_in(view, None), OWN, NOW)
    assert not busy.done()
    readers.let.set()
    assert busy.result(30) == found.edition
    readers.close()
