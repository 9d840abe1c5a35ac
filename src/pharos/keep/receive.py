"""JOURNEY 1: messages of the journal are decided, recorded and posted.

In: a journal that is ahead of its ledger. Out: a ledger that has caught up. A decision is in the
journal before its postings are in the ledger, so a crash between the two loses nothing and
decides nothing twice: what was recorded is replayed.

A message that nobody foresaw stops nothing: the doors pass in a `Guard`, and what it catches
becomes a recorded refusal of the one message that raised it.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import duckdb

from pharos.arrive.journal import Decision, Journal
from pharos.arrive.reading import Reading, refusal
from pharos.errors import BadDecision, LedgerUnusable, UnreachableError, VerificationError
from pharos.keep.batch import Batch, from_bytes, to_bytes
from pharos.keep.decide import CODE_VERSION, batches, refused
from pharos.keep.ledger import LEDGER_FAILURES, LEDGER_FILE, Ledger, is_damage
from pharos.keep.turn import Outcome
from pharos.keep.writer import Writer
from pharos.words.report import Message

#: Messages and decisions that are held in memory at once; large messages are fewer.
CHUNK = 1_024
#: Decisions are of whole batches, and each may be large.
DECISIONS = 64

#: Failures of the machine or of the home. They are no message's fault and no message is refused
#: for them: a guard lets them pass.
NOT_THE_MESSAGE = (
    OSError,
    MemoryError,
    VerificationError,
    UnreachableError,
    BadDecision,
    *LEDGER_FAILURES,
)

Progress = Callable[[int, int], None]
#: A batch as it was decided, and what it changed.
Step = tuple[Batch, Outcome]
#: Takes the next step: None when there is none, or the exception that nobody foresaw.
Guard = Callable[[Iterator[Step]], Step | Exception | None]


def unguarded(steps: Iterator[Step]) -> Step | Exception | None:
    """The guard that catches nothing."""
    return next(steps, None)


def catch_up(
    journal: Journal,
    writer: Writer,
    progress: Progress | None = None,
    guard: Guard = unguarded,
) -> None:
    """Bring the ledger up to the journal's last message; ``progress(position, last)`` is told."""
    for batch, _ in receive(journal, writer, guard):
        if progress is not None:
            progress(batch.last, journal.size)


def receive(
    journal: Journal, writer: Writer, guard: Guard = unguarded, until: int | None = None
) -> Iterator[Step]:
    """Replay what was decided before, then decide, post and record what is new.

    Where a batch fails, its messages are decided one by one, until one of them fails by itself.
    ``until`` is a position after which no more is begun; None goes on while messages come.
    """
    yield from replay(journal, writer)
    alone = False
    while until is None or writer.ledger.position < until:
        position = writer.ledger.position
        most = CHUNK if until is None else min(CHUNK, until - position)
        messages = journal.read(position + 1, 1 if alone else most)
        if not messages:
            return
        steps = _decided(journal, writer, messages)
        while isinstance(step := guard(steps), tuple):
            yield step
        if step is None:
            continue
        writer.renew()
        alone = len(messages) > 1
        if not alone:
            batch = refused(writer, messages[0], undecided(step))
            yield batch, writer.apply(batch, _recording(journal, batch))


def _decided(journal: Journal, writer: Writer, messages: list[Message]) -> Iterator[Step]:
    conflicts = journal.conflicts(messages[0].position, messages[-1].position)
    for batch in batches(writer, messages, conflicts):
        outcome = writer.apply(batch, _recording(journal, batch))
        if len(messages) == 1:
            writer.ledger.wait()
        yield batch, outcome
    # What went wrong in the second thread belongs to these messages.
    writer.ledger.wait()


def _recording(journal: Journal, batch: Batch) -> Callable[[], None]:
    """What keeps the decision on a batch; its bytes are made now, since what mentions mean grows.

    It may be called by another thread.
    """
    decision = Decision(batch.first, batch.last, CODE_VERSION, to_bytes(batch))
    return partial(journal.record, [decision])


def undecided(error: Exception) -> Reading:
    """The reading of a message that raised what nobody foresaw: refused, with what to do."""
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    return refusal(
        "internal",
        f"Pharos itself failed on this report ({said}); it is kept and does not count. Tell the "
        "makers of Pharos what it says, and send it again under an id of its own once a newer "
        "version takes it",
    )


def replay(journal: Journal, writer: Writer) -> Iterator[tuple[Batch, Outcome]]:
    """Post recorded decisions that the ledger does not hold; nothing is decided anew."""
    while decisions := journal.decisions(writer.ledger.position + 1, DECISIONS):
        for decision in decisions:
            batch = from_bytes(decision.content, writer.registers.descriptions)
            yield batch, writer.apply(batch)


def rebuild(
    journal: Journal, home: Path, progress: Progress | None = None, guard: Guard = unguarded
) -> None:
    """Make the ledger again from the journal, beside the old one, and put it in its place."""
    fresh = home / f"{LEDGER_FILE}.rebuilding"
    discard(fresh)
    ledger = Ledger(fresh)
    catch_up(journal, Writer(ledger), progress, guard)
    ledger.close()
    discard(home / LEDGER_FILE)
    fresh.rename(home / LEDGER_FILE)


def open_to_write(home: Path) -> tuple[Writer, str]:
    """The writer of a home's ledger, and why the ledger had to be thrown away; empty: it was not.

    The journal has everything. Raises LedgerUnusable while somebody else or the system keeps it.
    """
    try:
        return _writer_of(home), ""
    except (LedgerUnusable, duckdb.Error) as problem:
        kept = problem.in_use if isinstance(problem, LedgerUnusable) else not is_damage(problem)
        if kept:
            raise
        why = problem.problem if isinstance(problem, LedgerUnusable) else str(problem)
    discard(home / LEDGER_FILE)
    return _writer_of(home), why


def _writer_of(home: Path) -> Writer:
    ledger = Ledger(home / LEDGER_FILE)
    try:
        return Writer(ledger)
    except BaseException:
        ledger.close()
        raise


def discard(path: Path) -> None:
    """Remove a ledger file and its write-ahead log."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
