"""What stands beside live boards, found once a minute for all who watch.

In: boards that are looked at. Out: what stands beside each, from memory. It tells of other days and
minutes, which nobody needs to the second: nobody waits for it but who comes first, and beside the
home's own board, which is looked for as soon as there is a ledger, mostly not even he.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pharos.errors import PharosError
from pharos.measure.beside import Beside, beside
from pharos.measure.board import Cut, latest_day
from pharos.measure.edition import Edition
from pharos.measure.question import BASES
from pharos.serve.readers import Readers

#: Seconds after which it is found anew, and after which it is too old to be shown.
RENEWED_SECONDS, KEPT_SECONDS = 60.0, 150.0
#: Seconds between two tries to find it anew.
TRIED_SECONDS = 15.0
#: Boards of which it is kept.
BOARDS = 64


@dataclass(slots=True)
class _Known:
    found: Beside
    since: float
    #: When it was last tried to find it anew.
    tried: float


class Besides:
    """Used by the threads that read."""

    def __init__(self, readers: Readers, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing is known yet."""
        self._readers = readers
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[Cut, _Known] = OrderedDict()
        self._first: Future[None] | None = None

    def begin(self) -> None:
        """Begin to look for what stands beside the home's own board."""
        self._first = self._readers.submit(self._find_first)

    def of(self, edition: Edition, cut: Cut, now: datetime) -> Beside:
        """What stands beside the newest board of a cut; it may be two minutes old."""
        with self._lock:
            known = self._known.get(cut)
            age = self._clock() - known.since if known else KEPT_SECONDS
            if known is not None and age < KEPT_SECONDS:
                if age >= RENEWED_SECONDS:
                    self._renew(cut, known)
                return known.found
        if self._waited():
            return self.of(edition, cut, now)
        found = beside(edition, cut, now)
        self._keep(cut, found)
        return found

    def _waited(self) -> bool:
        """Whether the first find was waited for; it is not if a reader would have to begin it."""
        first = self._first
        if first is None or first.done() or first.cancel():
            return False
        # There may be no ledger yet, or the find broken off: who asks finds it himself, or why not.
        with suppress(Exception):
            first.result()
        return True

    def _find_first(self, edition: Edition) -> None:
        now = edition.moment(self._readers.now(), newest=True)
        cut = Cut(latest_day(edition, now), None, BASES[0])
        self._keep(cut, beside(edition, cut, now))

    def _renew(self, cut: Cut, known: _Known) -> None:
        """Begin to find it anew, and leave it for a while whatever comes of it.

        A find that fails is told to whoever finds it too old to be shown and asks himself.
        """
        if self._clock() - known.tried >= TRIED_SECONDS:
            known.tried = self._clock()
            # Too much is asked just now: it is tried again when it is next looked at.
            with suppress(PharosError):
                self._readers.submit(partial(self._find, cut))

    def _find(self, cut: Cut, edition: Edition) -> None:
        now = edition.moment(self._readers.now(), newest=True)
        self._keep(cut, beside(edition, cut, now))

    def _keep(self, cut: Cut, found: Beside) -> None:
        with self._lock:
            self._known.pop(cut, None)
            self._known[cut] = _Known(found, self._clock(), self._clock())
            while len(self._known) > BOARDS:
                self._known.popitem(last=False)
