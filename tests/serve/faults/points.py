"""The instants at which a server is killed: a name for each, and what is wrapped to be there.

In: the name of a point and how often it may be passed. Out: a process that kills itself there with
signal 9. Production code knows nothing of it.
"""

import os
import signal
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from pharos.arrive import journal, journal_opening, journal_rows, segments
from pharos.arrive.head import HeadFile
from pharos.arrive.journal import Journal
from pharos.keep import receive
from pharos.keep.checkpoints import Checkpoints
from pharos.keep.ledger import Ledger
from pharos.keep.pen import Pen
from pharos.keep.writer import Writer
from pharos.serve import intake
from pharos.serve.bodies import Bodies
from pharos.serve.committing import GroupCommit
from pharos.serve.home import Home
from pharos.serve.verdicts import Verdicts

Hit = Callable[[], None]

#: Where a call is wrapped, and whether the kill comes before or after it.
CALLS: dict[str, tuple[Any, str, str]] = {
    "a body begins": (Bodies, "read", "before"),
    "a group is to be committed": (Journal, "append", "before"),
    "rows stand in the transaction": (journal_rows, "add_state", "after"),
    "committed, without head line": (HeadFile, "append", "before"),
    "head line written": (HeadFile, "append", "after"),
    "receipts made": (GroupCommit, "_answer", "before"),
    "a receipt is to be sent": (intake, "send_json", "before"),
    "decided, not recorded": (Journal, "record", "before"),
    "decision recorded": (Journal, "record", "after"),
    "posted, verdict not told": (Pen, "_write", "after"),
    "verdict told": (Verdicts, "_remember", "after"),
    "a segment is being written": (segments, "_block", "after"),
    "segment written, not listed": (journal, "write_cut", "after"),
    "segment listed, not committed": (journal_rows, "add_segment", "after"),
    "a checkpoint is begun": (Checkpoints, "_portion", "before"),
    "a checkpoint is made": (Checkpoints, "_complete", "after"),
}
#: The same for a server that starts; some come only after a crash, or with a damaged ledger.
AT_START: dict[str, tuple[Any, str, str]] = {
    "opening the journal": (journal_opening, "_check_rows", "before"),
    "head line to be completed": (journal_opening, "_missing_line", "after"),
    "the ledger's tables are made": (Ledger, "_create", "after"),
    "the ledger is read back": (Writer, "_start", "after"),
    "a decision is replayed": (receive, "from_bytes", "before"),
    "a replayed decision is posted": (receive, "from_bytes", "after"),
}
#: And for one that is told to stop.
AT_END: dict[str, tuple[Any, str, str]] = {
    "closing the home": (Home, "close", "before"),
    "the ledger is closed": (Ledger, "close", "after"),
}
#: Kills in the middle of a write.
WITHIN = ("head line half written", "head line not synced")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(name: str, nth: int) -> None:
    """Let this process die when it passes a point for the n-th time."""
    passed = count(1)

    def hit() -> None:
        if next(passed) == nth:
            die()

    if name in WITHIN:
        _tear_head(hit, half=name == WITHIN[0])
        return
    owner, attribute, when = (CALLS | AT_START | AT_END)[name]
    _wrap(owner, attribute, hit, when)


def sleep_at(name: str, seconds: float) -> None:
    """Let this process pause whenever it passes a point."""
    owner, attribute, when = CALLS[name]
    _wrap(owner, attribute, lambda: time.sleep(seconds), when)


def _wrap(owner: Any, attribute: str, hit: Hit, when: str) -> None:  # noqa: ANN401
    call = getattr(owner, attribute)

    def wrapped(*args: Any, **named: Any) -> Any:  # noqa: ANN401
        if when == "before":
            hit()
            return call(*args, **named)
        result = call(*args, **named)
        hit()
        return result

    setattr(owner, attribute, wrapped)


def _tear_head(hit: Hit, *, half: bool) -> None:
    append = HeadFile.append
    passed = count(1)

    def torn(self: HeadFile, text: bytes) -> None:
        # The first line may belong to the opening; a torn one that is torn again must heal, too.
        if half or next(passed) > 1:
            write = text[: len(text) // 2] if half else text
            _write_and_die(self, write, hit)
        append(self, text)

    HeadFile.append = torn  # type: ignore[method-assign]


def _write_and_die(head: HeadFile, text: bytes, hit: Hit) -> None:
    before = os.fstat(head._file).st_size
    os.write(head._file, text)
    hit()
    os.ftruncate(head._file, before)
