"""Group commit: messages that wait together are kept by one commit of the journal.

In: drafts from any door. Out: their receipts, which leave only once they are on the disk.
Knows nothing of HTTP, and nothing of what a message says.

A sender is never told a receipt that is not true: a failed commit answers everybody who waits
with the failure. A full disk is waited out; after any other failed commit nothing more is taken,
and whoever runs this ends the process.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pharos.arrive.journal import BODY_LIMIT, Draft
from pharos.arrive.journal_batch import check_draft
from pharos.errors import (
    Crowded,
    JournalFailed,
    NoSpace,
    PharosError,
    RefusedError,
    Stopping,
    UsageError,
)
from pharos.serve.home import Home
from pharos.serve.space import require_space
from pharos.words.report import Receipt

#: Most messages and bytes of one commit: it should not take much longer than the disk's fsync.
COMMIT_MESSAGES, COMMIT_BYTES = 1_000, 16 << 20

#: So many requests in one commit are a crowd; seconds without one after which it is over.
PRESSED, PRESSED_SECONDS = 8, 0.5
#: Seconds that a crowd must last before whoever else works in this process should give way to it:
#: one that is gone in a moment holds up nobody's figures.
LASTING_SECONDS = 1.0
#: What is told to those who are too late.
STOPPING = "the server is being stopped; nothing of this was kept: send it again once it is back"


@dataclass(frozen=True, slots=True)
class Limits:
    """What may wait for a commit at once, and how much of the disk stays free.

    ``waiting_bytes`` counts bodies that are still being received, too. One sender may have
    ``sender_requests`` waiting, so that a greedy one does not keep out the others.
    """

    waiting_bytes: int = 64 << 20
    waiting_requests: int = 2_000
    sender_requests: int = 256
    spare_bytes: int = 64 << 20


@dataclass(slots=True)
class _Waiting:
    drafts: Sequence[Draft]
    size: int
    receipts: "asyncio.Future[list[Receipt]]"


class GroupCommit:
    """Takes drafts in the event loop and commits them in a thread, one group after another."""

    def __init__(self, home: Home, limits: Limits) -> None:
        """Nothing waits."""
        self._home = home
        self._limits = limits
        #: Called after each commit by which the journal is known to hold more.
        self.kept: Callable[[], None] = _nobody_asks
        self._waiting: list[_Waiting] = []
        #: When a group was last committed in which many had waited.
        self._crowd_at = -PRESSED_SECONDS
        #: When the crowd of then had come.
        self._crowd_since = 0.0
        self._senders: Counter[str] = Counter()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pharos-journal")
        self._wake = asyncio.Event()
        self._closing = False
        #: Bytes of bodies that are being received or wait for their commit.
        self.bytes_waiting = 0
        #: The last position that has a receipt, and when the groups arrived that are not old.
        self.received = home.journal.size
        self.arrivals: deque[tuple[int, datetime]] = deque()
        #: Why nothing more is taken, for good; None while all is well.
        self.failure: BaseException | None = None
        #: Why nothing is taken at the moment; empty while all is well.
        self.trouble = ""

    def is_pressed(self) -> bool:
        """Whether many have waited for their receipts for a while; may be asked in any thread."""
        now = time.monotonic()
        lasting = self._crowd_at - self._crowd_since >= LASTING_SECONDS
        return lasting and now - self._crowd_at < PRESSED_SECONDS

    def _crowded(self) -> None:
        """Take note of a crowd."""
        now = time.monotonic()
        if now - self._crowd_at >= PRESSED_SECONDS:
            self._crowd_since = now
        self._crowd_at = now

    def look_again(self) -> None:
        """Forget that the disk was full once there is room, though nobody has sent since."""
        if self.trouble:
            with suppress(NoSpace, OSError):
                require_space(self._home.path, self._limits.spare_bytes)
                self.trouble = ""

    def reserve(self, size: int) -> None:
        """Make room for a body of ``size`` bytes. Raises Crowded; give it back with `release`."""
        if self.bytes_waiting + size > self._limits.waiting_bytes:
            raise Crowded("more reports are arriving than can be kept at once")
        self.bytes_waiting += size

    def release(self, size: int) -> None:
        """The room of a body that was kept or given up."""
        self.bytes_waiting -= size

    async def keep(self, drafts: Sequence[Draft]) -> list[Receipt]:
        """The receipts of drafts of one sender, once they are safe.

        Raises Crowded, NoSpace, Stopping and JournalFailed: then nothing of them was kept.
        """
        for draft in drafts:
            check_draft(draft, BODY_LIMIT)
        sender = drafts[0].sender
        if self.failure is not None:
            raise _ended(self.failure)
        if self._closing:
            raise Stopping(STOPPING)
        if len(self._waiting) >= self._limits.waiting_requests:
            raise Crowded("too many reports wait to be kept")
        if self._senders[sender] >= self._limits.sender_requests:
            raise Crowded(
                f"{sender} has {self._senders[sender]} reports waiting, as many as one sender may",
                sender=True,
            )
        size = sum(len(draft.body) for draft in drafts)
        waiting = _Waiting(drafts, size, asyncio.get_running_loop().create_future())
        self._senders[sender] += 1
        self._waiting.append(waiting)
        self._wake.set()
        try:
            return await waiting.receipts
        finally:
            self._senders[sender] -= 1
            if not self._senders[sender]:
                del self._senders[sender]

    async def run(self) -> None:
        """Commit groups until `close` or until a commit fails for good."""
        while self.failure is None and not (self._closing and not self._waiting):
            await self._wake.wait()
            self._wake.clear()
            while self._waiting and self.failure is None:
                await self._commit_next()
        self._thread.shutdown()

    async def _commit_next(self) -> None:
        """Commit one group; nothing of it is held in memory once it is answered."""
        group = self._next_group()
        if len(group) >= PRESSED:
            self._crowded()
        drafts = [draft for waiting in group for draft in waiting.drafts]
        loop = asyncio.get_running_loop()
        try:
            receipts = await loop.run_in_executor(self._thread, self._commit, drafts)
        except Exception as failure:
            self._refuse(group, failure)
        else:
            self._answer(group, receipts)

    def close(self) -> None:
        """Take nothing more; what waits is still committed."""
        self._closing = True
        self._wake.set()

    def _next_group(self) -> list[_Waiting]:
        """Who is committed next, in the order of arrival."""
        size = count = taken = 0
        for waiting in self._waiting:
            size += waiting.size
            count += len(waiting.drafts)
            if taken and (size > COMMIT_BYTES or count > COMMIT_MESSAGES):
                break
            taken += 1
        group, self._waiting = self._waiting[:taken], self._waiting[taken:]
        return group

    def _commit(self, drafts: list[Draft]) -> list[Receipt]:
        """In the committing thread."""
        need = self._limits.spare_bytes + 4 * sum(len(draft.body) for draft in drafts)
        require_space(self._home.path, need)
        return self._home.keep(drafts)

    def _answer(self, group: list[_Waiting], receipts: list[Receipt]) -> None:
        self.trouble = ""
        taken = iter(receipts)
        for waiting in group:
            mine = [next(taken) for _ in waiting.drafts]
            # Whoever went away meanwhile has a receipt all the same; a repeat will get it.
            if not waiting.receipts.done():
                waiting.receipts.set_result(mine)
        # Also what exists: its commit may have failed of a full disk, and been whole all the same.
        new = [receipt for receipt in receipts if receipt.position > self.received]
        if new:
            first = min(new, key=lambda receipt: receipt.position)
            self.arrivals.append((first.position, first.arrived_at))
            self.received = max(receipt.position for receipt in new)
            self.kept()

    def waiting_since(self, applied: int) -> datetime | None:
        """When the oldest report arrived that is not applied yet; None: there is none."""
        while len(self.arrivals) > 1 and self.arrivals[1][0] <= applied + 1:
            self.arrivals.popleft()
        return self.arrivals[0][1] if self.arrivals and applied < self.received else None

    def _refuse(self, group: list[_Waiting], failure: Exception) -> None:
        told: Exception = failure
        if isinstance(failure, NoSpace):
            self.trouble = str(failure)
        elif not isinstance(failure, UsageError | RefusedError):
            # Nothing was wrong with what was sent: it is the journal that failed.
            self.failure = failure
            told = _ended(failure)
            group, self._waiting = [*group, *self._waiting], []
        for waiting in group:
            if not waiting.receipts.done():
                waiting.receipts.set_exception(told)


def _nobody_asks() -> None:
    """Nobody wants to know of commits."""


def _ended(failure: BaseException) -> PharosError:
    if isinstance(failure, JournalFailed):
        return failure
    return JournalFailed(f"the journal takes nothing more ({failure}); nothing of this was kept")
