"""The journal of a home: the book of record.

In: messages and decisions. Out: receipts once they are safe on the disk, and everything read back.
Knows nothing of what a message says.

Each call that writes is one commit: one SQLite transaction, then one line in the head file, both
fsynced; only then does it return. The file formats are described in docs/journal.md.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self

from pharos.arrive import journal_rows as rows
from pharos.arrive.envelope import micros
from pharos.arrive.journal_batch import Batch, Draft, check_draft
from pharos.arrive.journal_opening import open_reader, open_writer
from pharos.arrive.journal_rows import Segment
from pharos.arrive.journal_schema import (
    JOURNAL_NAME,
    SQLITE_FAILURES,
    connect_reader,
    named_failures,
    out_of_space,
    transaction,
)
from pharos.arrive.journal_sealing import Cut, cuts, write_cut
from pharos.arrive.merkle import CompactRange
from pharos.arrive.segments import SEGMENTS_NAME, SegmentFolder
from pharos.errors import (
    BadDecision,
    JournalDamaged,
    JournalFailed,
    JournalReadOnly,
    NoSpace,
    NoSuchMessage,
    SegmentUnwritten,
)
from pharos.words.report import Message, Receipt

__all__ = ["BODY_LIMIT", "Decision", "Draft", "Journal", "Segment"]

#: The largest body that a journal takes unless told otherwise, in bytes.
BODY_LIMIT = 64 << 20
#: Bytes of bodies that are read at once.
READ_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about the messages from first to last position, and by which code."""

    first_position: int
    last_position: int
    code_version: str
    content: bytes


def always() -> bool:
    """Go on."""
    return True


class Journal:
    """The journal of one home, open; one writer at a time, any number of readers beside it.

    Threads may share one: each call has it to itself. After a failed commit it only reads.
    """

    def __init__(
        self,
        home: Path,
        now: Callable[[], datetime],
        salt: Callable[[int], bytes],
        *,
        read_only: bool = False,
        body_limit: int = BODY_LIMIT,
    ) -> None:
        self._opened = open_reader(home) if read_only else open_writer(home)
        self._connection = self._opened.connection
        self._state = self._opened.state
        self._tree = self._opened.tree
        self._home = home
        self._folder = home / SEGMENTS_NAME
        self._sealed = SegmentFolder(self._folder)
        self._now = now
        self._salt = salt
        self._body_limit = body_limit
        self._failure = ""
        self._full = self._closed = False
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the home back; a second time does nothing."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._opened.close()

    @property
    def failed(self) -> bool:
        """Whether a commit failed, so that nothing more is taken until it is opened anew."""
        # The lock, because while a commit is under way nobody knows yet.
        with self._lock:
            return bool(self._failure)

    @property
    def full(self) -> bool:
        """Whether the failed commit met a full disk, so that opening anew is safe.

        After any other failure, of an fsync above all, what the system shows as written may be
        lost: only a new process may go on, and somebody should look at the disk first.
        """
        with self._lock:
            return self._full

    @property
    def size(self) -> int:
        """The number of messages, which is the position of the last one."""
        return self._current()[0].size

    def root(self) -> bytes:
        """The Merkle root over all messages."""
        return self._current()[1].root()

    def append(self, drafts: Sequence[Draft]) -> list[Receipt]:
        """Keep messages in one commit and return their receipts, in the order given.

        A draft that cannot be kept refuses the whole call before anything is stored.
        """
        for draft in drafts:
            check_draft(draft, self._body_limit)
        with self._lock:
            self._must_write()
            batch = Batch(self._tree, micros(self._now()), self._salt, self._attempts)
            with named_failures():
                receipts = [batch.take(draft) for draft in drafts]
            if batch.messages:
                self._commit(
                    self._next_state(batch.tree),
                    batch.tree,
                    partial(rows.add_messages, self._connection, batch.messages, batch.bodies),
                )
            return receipts

    def find(self, sender: str, stream: str, id: str) -> Receipt | None:
        """The receipt that the first message under this id got."""
        with self._lock:
            found = self._attempts(sender, stream, id)
        return found[0].receipt(exists=False) if found else None

    def receipt(self, position: int) -> Receipt:
        """The receipt that the message at this position got."""
        with self._lock:
            stored, _ = self._one(position)
        return stored.receipt(exists=False)

    def message(self, position: int) -> Message:
        """The message at this position."""
        with self._lock:
            return self._message(*self._one(position))

    def read(self, first: int, limit: int, most_bytes: int = READ_BYTES) -> list[Message]:
        """At most ``limit`` messages from position ``first`` on; each body fits its digest.

        Fewer, but one at least, where their bodies are more than ``most_bytes``.
        """
        read: list[Message] = []
        with self._lock, named_failures():
            for stored, body in rows.messages_from(self._connection, first, limit):
                read.append(self._message(stored, body))
                most_bytes -= len(read[-1].body)
                if most_bytes <= 0:
                    break
        return read

    def conflicts(self, first: int, last: int) -> frozenset[int]:
        """Which positions hold a message whose id another body had taken; they count nowhere."""
        with self._lock, named_failures():
            return rows.conflicts(self._connection, first, last)

    def record(self, decisions: Sequence[Decision]) -> None:
        """Keep decisions in one commit; each follows on from the one before without a gap."""
        with self._lock:
            self._must_write()
            links: list[rows.DecisionRow] = []
            digest, following = self._state.decision_digest, self.decided_to() + 1
            for number, decision in enumerate(decisions, start=self._state.decisions + 1):
                self._check_decision(decision, following)
                link = _link(number, decision, digest)
                links.append(link)
                digest, following = link.digest, link.last_position + 1
            if links:
                contents = [decision.content for decision in decisions]
                state = self._next_state(self._tree)
                self._commit(
                    replace(state, decisions=links[-1].number, decision_digest=digest),
                    self._tree,
                    partial(rows.add_decisions, self._connection, links, contents),
                )

    def decided_to(self) -> int:
        """The last position about which something was decided; 0: none."""
        with self._lock, named_failures():
            last = rows.last_decision(self._connection)
        return last.last_position if last else 0

    def decisions(self, first: int, limit: int) -> list[Decision]:
        """At most ``limit`` decisions, from the one about position ``first`` on."""
        with self._lock, named_failures():
            found = rows.decisions_from(self._connection, first, limit)
            return [self._decision(row, content) for row, content in found]

    def seal(self, keep_last: int, go_on: Callable[[], bool] = always) -> list[Segment]:
        """Move bodies and decisions into compressed files that never change again.

        All that is decided goes, except about the last ``keep_last`` messages, while ``go_on``,
        which is asked after each segment and may take its time, says so. One thread at a time may
        seal; others go on meanwhile. SegmentUnwritten: the disk refused a file; everything is
        still in SQLite.
        """
        sealed: list[Segment] = []
        with self._lock:
            self._must_write()
            with named_failures():
                planned = cuts(self._connection, self._state.size - keep_last)
        for cut in planned:
            segment = self._write(cut)
            with self._lock:
                self._must_write()
                state = self._next_state(self._tree)
                self._commit(
                    replace(state, segments=segment.number, segment_digest=segment.digest),
                    self._tree,
                    partial(rows.add_segment, self._connection, segment),
                )
                sealed.append(segment)
            if not go_on():
                break
        return sealed

    def _write(self, cut: Cut) -> Segment:
        """Write a segment's file. What goes into it never changes: nobody has to wait for that."""
        with self._lock:
            state = self._state
        with named_failures(), closing(connect_reader(self._home / JOURNAL_NAME)) as reader:
            try:
                return write_cut(reader, self._folder, cut, state)
            except OSError as failure:
                raise SegmentUnwritten(
                    f"a segment could not be written to {self._folder} ({failure}). Nothing was "
                    "lost; check the rights and the free space, then seal again."
                ) from failure

    def segments(self) -> list[Segment]:
        """The sealed segments, oldest first."""
        with self._lock, named_failures():
            return rows.segments(self._connection)

    def _current(self) -> tuple[rows.State, CompactRange]:
        with self._lock:
            if self._opened.head is not None:
                return self._state, self._tree
            with named_failures():
                state = rows.states(self._connection)[0]
            tree = state.tree()
            if tree is None:
                raise JournalDamaged(
                    "the journal does not say how far it goes. Run `pharos doctor`."
                )
            return state, tree

    def _must_write(self) -> None:
        if self._opened.head is None:
            raise JournalReadOnly("the journal is open for reading only; open it for writing.")
        if self._failure:
            raise JournalFailed(
                f"the journal takes nothing more since a commit failed ({self._failure}). "
                "Restart; what had a receipt is safe, and the rest may be sent again."
            )

    def _next_state(self, tree: CompactRange) -> rows.State:
        line = self._state.line + 1
        return replace(self._state, line=line, size=tree.size, frontier=tree.frontier())

    def _commit(self, state: rows.State, tree: CompactRange, write: Callable[[], None]) -> None:
        """The one way to write: SQLite first, then the head file; a failure is never retried.

        After a failed fsync the system may drop what it could not write and say that all is well.
        NoSpace, too, ends this journal; it may be opened anew once there is space.
        """
        head = self._opened.head
        if head is None:
            return
        self._failure = "it was interrupted"
        try:
            with transaction(self._connection):
                write()
                rows.add_state(self._connection, state)
            head.append(state.head(tree.root()).text())
        except (*SQLITE_FAILURES, OSError) as failure:
            self._failure = str(failure)
            self._full = out_of_space(failure)
            if self._full:
                raise NoSpace(
                    f"the disk of the journal is full ({failure}). No receipt was given. Free "
                    "some space, then send again."
                ) from failure
            raise JournalFailed(
                f"the journal could not be written ({failure}). No receipt was given. "
                "Check the disk, restart, and send again."
            ) from failure
        self._failure = ""
        self._state, self._tree = state, tree

    def _attempts(self, sender: str, stream: str, id: str) -> list[rows.Stored]:
        with named_failures():
            return rows.attempts(self._connection, sender, stream, id)

    def _one(self, position: int) -> tuple[rows.Stored, bytes | None]:
        with named_failures():
            for stored, body in rows.messages_from(self._connection, position, 1):
                if stored.position == position:
                    return stored, body
        raise NoSuchMessage(
            f"there is no message {position}; the journal has messages 1 to {self.size}."
        )

    def _message(self, stored: rows.Stored, body: bytes | None) -> Message:
        position = stored.position
        if body is None:
            segment = rows.segment_of(self._connection, position)
            if segment is None:
                raise JournalDamaged(
                    f"the body of message {position} is missing. Run `pharos doctor`."
                )
            body = self._sealed.record(segment.name, "body", position)
        if hashlib.sha256(body).digest() != stored.digest:
            raise JournalDamaged(
                f"the body of message {position} does not match its digest. Run `pharos doctor`."
            )
        return Message(position, stored.opened(), body)

    def _decision(self, row: rows.DecisionRow, content: bytes | None) -> Decision:
        if content is None:
            segment = rows.segment_of_decision(self._connection, row.number)
            if segment is None:
                raise JournalDamaged(f"decision {row.number} is missing. Run `pharos doctor`.")
            content = self._sealed.record(segment.name, "decision", row.number)
        if hashlib.sha256(content).digest() != row.content_digest:
            raise JournalDamaged(
                f"decision {row.number} does not match its digest. Run `pharos doctor`."
            )
        return Decision(row.first_position, row.last_position, row.code_version, content)

    def _check_decision(self, decision: Decision, following: int) -> None:
        first, last = decision.first_position, decision.last_position
        if first != following or not first <= last <= self._state.size:
            raise BadDecision(
                f"a decision about positions {first} to {last} cannot be kept: the next one "
                f"begins at {following} and ends at {self._state.size} or before."
            )


def _link(number: int, decision: Decision, previous: bytes) -> rows.DecisionRow:
    content_digest = hashlib.sha256(decision.content).digest()
    positions = (decision.first_position, decision.last_position)
    code_version = decision.code_version
    digest = rows.decision_link(previous, positions, code_version.encode(), content_digest)
    return rows.DecisionRow(number, *positions, code_version, content_digest, digest)
