"""Questions beside the writer: a few at once, a few waiting, each for so long and no longer.

In: work that reads an edition. Out: what it gives, or Busy and AskedTooMuch. Writes nothing, waits
for no batch, and knows no HTTP.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pharos.errors import AskedTooMuch, Busy
from pharos.keep.ledger import Ledger
from pharos.keep.view import View
from pharos.measure.edition import Edition, edition_in

T = TypeVar("T")
AsOf = int | datetime | None

#: How often a question that is over its time is told again to stop: the first word is lost on one
#: that is just between two reads.
AGAIN_SECONDS = 0.05
#: How long after its time an answer is waited for, before the asker is told without it.
GRACE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Questions answered at once, questions that may wait, and seconds for each."""

    at_once: int = 2
    waiting: int = 64
    seconds: float = 30.0


class Readers:
    """The threads that read one ledger; the ledger may be exchanged between two questions."""

    def __init__(
        self,
        ledger: Callable[[], Ledger],
        now: Callable[[], datetime],
        limits: Limits | None = None,
    ) -> None:
        """Nobody asks yet."""
        self.now = now
        self.limits = limits or Limits()
        self._ledger = ledger
        self._pool = ThreadPoolExecutor(self.limits.at_once, thread_name_prefix="pharos-reader")
        self._lock = threading.Lock()
        self._taken = 0
        self._watch = _Watch()

    def close(self) -> None:
        """Break off what is being asked, and take nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._watch.close()
        self._pool.shutdown(wait=True)

    async def read(self, work: Callable[[Edition], T], as_of: AsOf = None) -> T:
        """What ``work`` finds in an edition. Raises Busy, AskedTooMuch, or what it raises."""
        future = asyncio.wrap_future(self.submit(work, as_of))
        patience = 2 * self.limits.seconds + GRACE_SECONDS
        try:
            return await asyncio.wait_for(future, patience)
        except TimeoutError:
            raise self._too_long() from None

    def submit(self, work: Callable[[Edition], T], as_of: AsOf = None) -> Future[T]:
        """The same for threads: what will come of it. Raises Busy."""
        with self._lock:
            if self._taken >= self.limits.at_once + self.limits.waiting:
                raise Busy(
                    f"{self._taken} questions are being answered or waiting; ask again in a moment"
                )
            self._taken += 1
        future = self._pool.submit(self._read, work, as_of, time.monotonic())
        future.add_done_callback(self._done)
        return future

    def are_asked(self) -> bool:
        """Whether anything is being answered or waits for it."""
        return self._taken > 0

    def _done(self, _: Future[T]) -> None:
        with self._lock:
            self._taken -= 1

    def _read(self, work: Callable[[Edition], T], as_of: AsOf, since: float) -> T:
        seconds = self.limits.seconds
        if time.monotonic() - since > seconds:
            raise Busy(f"the question waited for {seconds:g} s; ask again in a moment")
        with self._ledger().view() as view, self._watch.over(view, time.monotonic() + seconds):
            return work(edition_in(view, as_of))

    def _too_long(self) -> AskedTooMuch:
        return AskedTooMuch(f"it took more than {self.limits.seconds:g} s")


class _Watch:
    """Stops what is over its time; one thread for all questions, asleep while there are none."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open: dict[int, tuple[float, View]] = {}
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="pharos-watch", daemon=True)
        self._thread.start()

    @contextmanager
    def over(self, view: View, deadline: float) -> Iterator[None]:
        """Watch over one question."""
        with self._changed:
            self._open[id(view)] = (deadline, view)
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                del self._open[id(view)]

    def close(self) -> None:
        """Stop every question now."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        with self._changed:
            while self._open or not self._closed:
                now = time.monotonic()
                for deadline, view in self._open.values():
                    if self._closed or deadline <= now:
                        view.stop()
                self._changed.wait(self._pause(now))

    def _pause(self, now: float) -> float | None:
        """How long nothing has to be done; None: until somebody asks."""
        if not self._open:
            return None
        first = now if self._closed else min(deadline for deadline, _ in self._open.values())
        return max(first - now, AGAIN_SECONDS)
