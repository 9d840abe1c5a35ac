"""The tally of the ledger that is served, kept to the live days and made again when need be.

In: the ledger that can be read now, the clock of the doors. Out: boards of live days, from memory.
It lives in a thread of its own: whoever asks while there is no tally is answered by SQL.
"""

import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar

from pharos.errors import UnreachableError
from pharos.keep.ledger import Ledger
from pharos.measure.board import Board, Cut
from pharos.measure.coverage import today
from pharos.measure.edition import Edition, edition_in
from pharos.measure.tally import Tally

T = TypeVar("T")

#: Days before today that are live still: late reports come, and people look at yesterday.
KEPT_DAYS = timedelta(days=2)
#: Seconds for which those who ask first have the processors to themselves, and between two looks
#: whether they still ask.
FIRST_SECONDS, ASKED_SECONDS = 1.0, 0.01
#: Seconds between two looks at whether all is well.
LOOK_SECONDS = 0.5


def _nothing() -> bool:
    """Nothing is asked."""
    return False


class LiveTally:
    """The tally of whichever ledger is open."""

    def __init__(
        self,
        ledger: Callable[[], Ledger],
        now: Callable[[], datetime],
        say: Callable[[str], None],
    ) -> None:
        """``ledger`` may raise while there is none to read; ``say`` is told what goes wrong."""
        self._ledger = ledger
        self._now = now
        self._say = say
        self._tally: Tally | None = None
        self._of: Ledger | None = None
        self._said = ""
        self._asked = _nothing
        self._ended = threading.Event()
        self._looked = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pharos-tally", daemon=True)

    def start(self, asked: Callable[[], bool] = _nothing) -> None:
        """Make the tally, and look after it.

        While something is ``asked`` of the ledger it waits, FIRST_SECONDS at most: both at once on
        two processors hold each other up.
        """
        self._asked = asked
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self._drop()

    def first_look(self) -> None:
        """Wait until the tally was made, or could not be."""
        self._looked.wait()

    @property
    def position(self) -> int:
        """The position that the tally has reached; 0 while there is none."""
        return (self._tally and self._tally.position) or 0

    def board(self, cut: Cut, now: datetime, use: Callable[[Edition, Board], T]) -> T | None:
        """What ``use`` makes of the newest board; None where SQL has to be asked."""
        tally = self._tally
        try:
            return None if tally is None else tally.read(cut, now, use)
        except UnreachableError:
            # Its ledger has just been exchanged for another.
            return None

    def _run(self) -> None:
        try:
            self._wait()
            self.look()
        finally:
            self._looked.set()
        while not self._ended.wait(LOOK_SECONDS):
            self.look()

    def _wait(self) -> None:
        end = time.monotonic() + FIRST_SECONDS
        while self._asked() and time.monotonic() < end and not self._ended.wait(ASKED_SECONDS):
            pass

    def look(self) -> None:
        """Make the tally if there is none of this ledger, mend it, let old days go."""
        try:
            self._look()
            self._said = ""
        except UnreachableError:
            # The ledger is behind, or being mended: that is told elsewhere.
            self._drop()
        except Exception as failure:
            self._drop()
            self._complain(failure)

    def _look(self) -> None:
        ledger = self._ledger()
        first = self._first(ledger)
        if self._tally is None or self._of is not ledger:
            self._drop()
            self._tally, self._of = Tally(ledger, first), ledger
        self._tally.mend()
        self._tally.forget_before(first)

    def _drop(self) -> None:
        """Let go of the tally; its ledger must not go on telling it."""
        tally, self._tally = self._tally, None
        if tally is not None:
            tally.close()

    def _first(self, ledger: Ledger) -> date:
        with ledger.view() as view:
            edition = edition_in(view, None)
            # By what counts so far: in a rehearsed home it may be days behind what has arrived.
            return today(edition, edition.moment(self._now(), newest=True)) - KEPT_DAYS

    def _complain(self, failure: Exception) -> None:
        if (said := f"{failure!r:.300}") != self._said:
            self._said = said
            self._say(f"the board is answered from the ledger, not from the tally ({said})")
