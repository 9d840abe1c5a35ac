"""JOURNEY 1: messages of the journal are decided, recorded and posted.

In: a journal that is ahead of its ledger. Out: a ledger that has caught up. A decision is in the
journal before its postings are in the ledger, so a crash between the two loses nothing and
decides nothing twice: what was recorded is replayed.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from pharos.arrive.journal import Decision, Journal
from pharos.errors import LedgerUnusable
from pharos.keep.batch import Batch, from_bytes, to_bytes
from pharos.keep.decide import CODE_VERSION, batches
from pharos.keep.ledger import LEDGER_FILE, Ledger
from pharos.keep.turn import Outcome
from pharos.keep.writer import Writer

#: Messages and decisions that are held in memory at once.
CHUNK = 256

Progress = Callable[[int, int], None]


def catch_up(journal: Journal, writer: Writer, progress: Progress | None = None) -> None:
    """Bring the ledger up to the journal's last message; ``progress(position, last)`` is told."""
    for batch, _ in receive(journal, writer):
        if progress is not None:
            progress(batch.last, journal.size)


def receive(journal: Journal, writer: Writer) -> Iterator[tuple[Batch, Outcome]]:
    """Replay what was decided before, then decide, record and post what is new."""
    yield from replay(journal, writer)
    position = writer.ledger.position
    while messages := journal.read(position + 1, CHUNK):
        last = messages[-1].position
        for batch in batches(writer, messages, journal.conflicts(position + 1, last)):
            yield batch, writer.apply(batch, first=partial(_record, journal, batch))
        position = last
    writer.ledger.wait()


def _record(journal: Journal, batch: Batch) -> None:
    journal.record([Decision(batch.first, batch.last, CODE_VERSION, to_bytes(batch))])


def replay(journal: Journal, writer: Writer) -> Iterator[tuple[Batch, Outcome]]:
    """Post recorded decisions that the ledger does not hold; nothing is decided anew."""
    while decisions := journal.decisions(writer.ledger.position + 1, CHUNK):
        for decision in decisions:
            batch = from_bytes(decision.content, writer.registers.descriptions)
            yield batch, writer.apply(batch)


def rebuild(journal: Journal, home: Path, progress: Progress | None = None) -> None:
    """Make the ledger again from the journal, beside the old one, and put it in its place."""
    fresh = home / f"{LEDGER_FILE}.rebuilding"
    discard(fresh)
    ledger = Ledger(fresh)
    catch_up(journal, Writer(ledger), progress)
    ledger.close()
    discard(home / LEDGER_FILE)
    fresh.rename(home / LEDGER_FILE)


def open_ledger(home: Path, *, read_only: bool = False) -> Ledger:
    """The home's ledger; one that cannot be used is thrown away, the journal has everything."""
    path = home / LEDGER_FILE
    try:
        return Ledger(path, read_only=read_only)
    except LedgerUnusable as problem:
        if read_only or problem.in_use:
            raise
        discard(path)
        return Ledger(path)


def discard(path: Path) -> None:
    """Remove a ledger file and its write-ahead log."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
