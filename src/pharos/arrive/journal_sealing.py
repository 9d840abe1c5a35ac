"""Which old messages go into a segment, and the writing of it.

In: the journal's rows and a folder. Out: a complete, checked file and the row that will name it.
Deletes nothing: the caller's commit does, once the file is safe.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pharos.arrive import journal_rows as rows
from pharos.arrive.segments import SegmentFolder, file_digest, segment_name, write_segment
from pharos.errors import JournalDamaged

#: A segment is closed at the decision with which its bodies reach this many bytes. To take so much
#: out of SQLite holds up whoever waits for a receipt, for less than a tenth of a second.
SEGMENT_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Cut:
    """What one segment will hold: positions and decisions, first and last."""

    first_position: int
    last_position: int
    first_decision: int
    last_decision: int


def cuts(connection: sqlite3.Connection, last_position: int) -> list[Cut]:
    """The segments to come: whole decisions, not sealed yet, up to a position."""
    sealed = rows.segments(connection)
    after = sealed[-1].last_decision if sealed else 0
    planned: list[Cut] = []
    first: rows.DecisionRow | None = None
    waiting_bytes = 0
    pending = rows.decisions_between(connection, after, last_position)
    for decision, covered_bytes in pending:
        first = first or decision
        waiting_bytes += covered_bytes
        if waiting_bytes >= SEGMENT_BYTES or decision == pending[-1][0]:
            positions = (first.first_position, decision.last_position)
            planned.append(Cut(*positions, first.number, decision.number))
            first, waiting_bytes = None, 0
    return planned


def write_cut(
    connection: sqlite3.Connection, folder: Path, cut: Cut, state: rows.State
) -> rows.Segment:
    """Write the file of a segment, read it back against the digests, and say what to commit."""
    name = segment_name(cut.first_position, cut.last_position)
    path = folder / name
    _remove_leftovers(connection, folder)
    write_segment(path, _bodies(connection, cut), _contents(connection, cut))
    _read_back(connection, folder, cut)
    length, sha256 = path.stat().st_size, file_digest(path)
    numbers = (cut.first_position, cut.last_position, cut.first_decision, cut.last_decision)
    digest = rows.segment_link(state.segment_digest, (*numbers, length), sha256)
    return rows.Segment(state.segments + 1, *numbers, length, sha256, digest)


def _remove_leftovers(connection: sqlite3.Connection, folder: Path) -> None:
    """Files of a seal that died before its commit: all they hold is still in SQLite."""
    known = {segment.name for segment in rows.segments(connection)}
    for path in [*folder.glob("*.part"), *folder.glob("*.seg")]:
        if path.name not in known:
            path.unlink()


def _bodies(connection: sqlite3.Connection, cut: Cut) -> Iterator[tuple[int, bytes]]:
    """Bodies that fit their digests; a damaged one must not become a sealed one."""
    count = cut.last_position - cut.first_position + 1
    for stored, body in rows.messages_from(connection, cut.first_position, count):
        if body is None or hashlib.sha256(body).digest() != stored.digest:
            raise JournalDamaged(
                f"the body of message {stored.position} does not match its digest; "
                "it is not sealed. Run `pharos doctor`."
            )
        yield stored.position, body


def _contents(connection: sqlite3.Connection, cut: Cut) -> Iterator[tuple[int, bytes]]:
    count = cut.last_decision - cut.first_decision + 1
    for row, content in rows.decisions_from(connection, cut.first_position, count):
        if content is None or hashlib.sha256(content).digest() != row.content_digest:
            raise JournalDamaged(
                f"decision {row.number} does not match its digest; it is not sealed. "
                "Run `pharos doctor`."
            )
        yield row.number, content


def _read_back(connection: sqlite3.Connection, folder: Path, cut: Cut) -> None:
    """JournalDamaged where the file does not give back every record that SQLite will lose."""
    name = segment_name(cut.first_position, cut.last_position)
    written = SegmentFolder(folder)
    for position, body in _bodies(connection, cut):
        if written.record(name, "body", position) != body:
            raise JournalDamaged(f"{name} gives back another body for message {position}.")
    for number, content in _contents(connection, cut):
        if written.record(name, "decision", number) != content:
            raise JournalDamaged(f"{name} gives back another decision {number}.")
