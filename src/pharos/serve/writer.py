"""The writer's loop: a thread that brings the ledger up to the journal and tells who wants to know.

In: a home, and a call whenever its journal has grown. Out: batches that count, to each observer in
turn. Knows no door: who sends and who watches is no concern of the loop.

What fails for lack of space is tried again; a ledger that is damaged, or that fails again and
again, is thrown away and made anew from the journal; whatever else fails ends the loop, and says
why.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from pharos.errors import (
    CatchingUp,
    HomeUnreadable,
    JournalFailed,
    LedgerUnusable,
    NoSpace,
    PharosError,
    SegmentUnwritten,
)
from pharos.keep.batch import Batch
from pharos.keep.ledger import LEDGER_FAILURES, Ledger, is_damage, is_out_of_memory
from pharos.keep.receive import receive
from pharos.keep.turn import Outcome
from pharos.measure.edition import edition_in
from pharos.serve.home import Home, guarded
from pharos.serve.memory import release_objects, settle_objects
from pharos.serve.space import is_short

#: Failures after which the loop may go on once something was mended.
MENDABLE = (*LEDGER_FAILURES, LedgerUnusable, HomeUnreadable, NoSpace, OSError, MemoryError)
#: Told of each batch once it counts, in the loop's thread; must be quick and must not raise.
Observer = Callable[[Batch, Outcome], None]

#: Seconds between two tries; after so many in a row the ledger is made anew, or the loop gives up.
PAUSE_SECONDS, TRIES = 1.0, 3
#: Seconds from one turn to the next while reports keep coming: what arrives meanwhile is applied
#: together, which costs a fraction. A report that comes alone does not wait.
TURN_SECONDS = 0.1
#: Messages of one turn. While many wait for their receipt the next turn begins so much later:
#: receipts go first, the figures follow.
TURN_MESSAGES, GIVE_WAY_SECONDS = 512, 1.0
#: A sealing rests so many times as long as it works: figures and receipts need the same cores.
SEALING_RESTS = 3
#: Seconds after which what was made meanwhile is looked at no more for what nobody needs.
SETTLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the loop is: the last position that counts, and what is wrong, if anything is."""

    applied: int = 0
    problem: str = ""


@dataclass(slots=True)
class _Tries:
    """Failures in a row at one position: all of them, and those that speak against the ledger."""

    at: int = -1
    made: int = 0
    counted: int = 0

    def failed(self, at: int, *, counts: bool) -> None:
        """One more; what moved on since the last one starts counting anew."""
        if at != self.at:
            self.at, self.made, self.counted = at, 0, 0
        self.made += 1
        self.counted += counts


def _nobody_waits() -> bool:
    return False


def _at_once() -> None:
    """Wait for nothing."""


class WriterLoop:
    """The one thread that decides and posts; started once, ended by `stop`."""

    def __init__(
        self,
        home: Home,
        observers: Sequence[Observer],
        ended: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        """``ended`` is called in the loop's thread when it has to give up.

        ``say`` is told, in a line each, what had to be mended.
        """
        #: Whether many wait for their receipt, so that the figures may come a little later.
        self.pressed: Callable[[], bool] = _nobody_waits
        self._after = _at_once
        self._home = home
        self._observers = tuple(observers)
        self._ended = ended
        self._say = say
        self._grown = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pharos-writer", daemon=True)
        self.progress = Progress(home.ledger.position)
        self.failure: BaseException | None = None
        self._sealer = ThreadPoolExecutor(1, thread_name_prefix="pharos-sealer")
        self._sealing: Future[None] | None = None
        #: When `settle_objects` was last called.
        self._settled = 0.0
        #: Why what is old is not sealed; empty: it is, or will be.
        self._unsealed = ""
        #: What had been decided when the ledger was opened: below it, its numbers are too small.
        self._due = 0
        self._ledger: Ledger | None = None
        self._opened()

    def start(self, after: Callable[[], None] = _at_once) -> None:
        """Begin with what the journal holds already, as soon as ``after`` returns."""
        self._after = after
        self._grown.set()
        self._thread.start()

    def readable(self) -> Ledger:
        """The ledger, for questions.

        Raises CatchingUp while it is behind what counted before, LedgerUnusable while it is mended.
        """
        ledger, applied = self._home.ledger, self.progress.applied
        if (trouble := ledger.trouble) is not None:
            self._grown.set()
            raise LedgerUnusable(ledger.path, str(trouble), in_use=True)
        if ledger is not self._ledger or applied < self._due:
            raise CatchingUp(
                f"the ledger is being made from the journal: {applied:,} of {self._due:,} reports "
                "count again; ask again in a moment"
            )
        return ledger

    @property
    def problem(self) -> str:
        """What is wrong now; empty while all is well."""
        try:
            self.readable()
        except (CatchingUp, LedgerUnusable) as behind:
            return self.progress.problem or str(behind)
        return self.progress.problem or self._unsealed

    def grown(self) -> None:
        """The journal has grown; may be called from any thread."""
        self._grown.set()

    def stop(self) -> None:
        """Finish the batch at hand and end."""
        self._stopping.set()
        self._grown.set()
        if self._thread.is_alive():
            self._thread.join()
        self._sealer.shutdown(wait=True)

    def _run(self) -> None:
        tries, rested = _Tries(), 0.0
        self._after()
        while not self._stopping.is_set():
            if not self._grown.wait(PAUSE_SECONDS) and self._home.ledger.trouble is None:
                continue
            self._rest(rested)
            self._grown.clear()
            rested = time.monotonic()
            try:
                self._must_be_well()
                self._apply_all()
            except BaseException as failure:
                # Questions share the memory of the database: that is no fault of the ledger.
                tries.failed(self.progress.applied, counts=not is_out_of_memory(failure))
                if not (self._mendable(failure) and self._recovered(failure, tries)):
                    self._give_up(failure)
                    return

    def _must_be_well(self) -> None:
        """What a question met is mended as if a batch had met it."""
        if (trouble := self._home.ledger.trouble) is not None:
            raise trouble

    def _mendable(self, failure: BaseException) -> bool:
        if isinstance(failure, JournalFailed):
            # Another thread's commit met a full disk, or has been made good meanwhile.
            return self._home.journal.full or not self._home.journal.failed
        return isinstance(failure, MENDABLE) or is_damage(failure)

    def _rest(self, since: float) -> None:
        """Until it is time for the next turn; the last one began at ``since``."""
        time.sleep(max(0.0, since + TURN_SECONDS - time.monotonic()))
        latest = time.monotonic() + GIVE_WAY_SECONDS
        while self.pressed() and time.monotonic() < latest and not self._stopping.is_set():
            time.sleep(TURN_SECONDS / 10)

    def _apply_all(self) -> None:
        """Bring the ledger nearer to the journal; a batch is told once it is in the file."""
        before: tuple[Batch, Outcome] | None = None
        journal, writer = self._home.journal, self._home.writer
        # The first report after a start must not wait for what is read once: it is read before one
        # comes, and again after a failure.
        writer.prepare()
        self._settle()
        until = min(journal.size, writer.ledger.position + TURN_MESSAGES)
        try:
            for batch, outcome in receive(journal, writer, guarded, until):
                # A batch is in the file when the next is handed over; one that failed comes again.
                if before is not None and before[0].last < batch.first:
                    self._tell(*before)
                before = (batch, outcome)
                if self._stopping.is_set():
                    break
            self._home.ledger.wait()
        except BaseException:
            # What failed is the batch at hand; the one before may be in the file.
            if before is not None and self._reached() >= before[0].last:
                self._tell(*before)
            raise
        if before is not None:
            self._tell(*before)
        self.progress = Progress(self._home.ledger.position)
        if until < journal.size:
            self._grown.set()
        self._seal()

    def _settle(self) -> None:
        if time.monotonic() - self._settled >= SETTLE_SECONDS:
            settle_objects()
            self._settled = time.monotonic()

    def _seal(self) -> None:
        """Seal what is old; in a thread of its own, since no figure needs to wait for that."""
        if self._sealing is not None:
            if not self._sealing.done():
                return
            failure, self._sealing = self._sealing.exception(), None
            if failure is not None and not self._overtaken(failure):
                raise failure
        self._sealing = self._sealer.submit(self._home.seal_what_is_old, self._unhurried())
        self._sealing.add_done_callback(self._sealed)

    def _overtaken(self, failure: BaseException) -> bool:
        """Whether a sealing failed of nothing that is wrong now; it is tried again."""
        if isinstance(failure, JournalFailed):
            # It was at work in a journal that has been opened anew since.
            return not self._home.journal.failed
        return isinstance(failure, SegmentUnwritten)

    def _unhurried(self) -> Callable[[], bool]:
        """Lets a sealing rest after each segment; False once the loop ends."""
        begun = time.monotonic()

        def go_on() -> bool:
            nonlocal begun
            ended = self._stopping.wait((time.monotonic() - begun) * SEALING_RESTS)
            begun = time.monotonic()
            return not ended

        return go_on

    def _sealed(self, sealing: "Future[None]") -> None:
        # If it failed, everything is still where it was; it is tried again after the next batch.
        self._unsealed = str(sealing.exception() or "")

    def _reached(self) -> int:
        """The position that the ledger's file holds; 0 if it cannot be asked."""
        try:
            with self._home.ledger.view() as view:
                return edition_in(view, None).position
        except (*MENDABLE, PharosError):
            return 0

    def _tell(self, batch: Batch, outcome: Outcome) -> None:
        self.progress = Progress(batch.last)
        for observer in self._observers:
            observer(batch, outcome)

    def _recovered(self, failure: BaseException, tries: _Tries) -> bool:
        """Mend what failed and try again; False: it is given up.

        A full disk, or memory that others take, is waited out. A ledger that is damaged is thrown
        away at once, one that fails again and again once.
        """
        self.progress = Progress(self.progress.applied, str(failure))
        if tries.made == 1:
            self._say(f"what arrived does not count now, it is tried again ({failure!s:.300})")
        damaged = is_damage(failure)
        short = is_out_of_memory(failure) or is_short(self._home.path, failure)
        if not short and tries.counted > TRIES + 1:
            return False
        if not damaged or tries.made > 1:
            time.sleep(PAUSE_SECONDS)
        anew = damaged or (not short and tries.counted == TRIES)
        try:
            if tries.made == 1:
                # What was dropped with the failure is looked at again, and given back.
                release_objects()
            self._home.mend_journal()
            self._home.mend_ledger(str(failure) if anew else "")
            self._opened()
        except Exception as again:
            if not self._mendable(again):
                return False
            self.progress = Progress(self.progress.applied, str(again))
        self._grown.set()
        return True

    def _opened(self) -> None:
        """Take note of how far the ledger is, and of how far it has to be."""
        self._due = self._home.journal.decided_to()
        self.progress = Progress(self._home.ledger.position, self.progress.problem)
        # Last: from here on it may be read.
        self._ledger = self._home.ledger
        if self._home.made_anew:
            why, self._home.made_anew = self._home.made_anew, ""
            self._say(f"the ledger is made anew from the journal ({why:.300})")

    def _give_up(self, failure: BaseException) -> None:
        self.failure = failure
        self.progress = Progress(self.progress.applied, str(failure))
        self._ended()
