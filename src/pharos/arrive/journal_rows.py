"""The rows of the journal as values, and every statement that reads or writes them.

In: an open connection. Out: typed rows. Knows nothing of commits, locks and the head file.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from pharos.arrive.envelope import chained, moment, number
from pharos.arrive.head import NO_DIGEST, HeadLine
from pharos.arrive.merkle import CompactRange
from pharos.arrive.segments import segment_name
from pharos.errors import JournalDamaged
from pharos.words.report import Envelope, Receipt


@dataclass(frozen=True, slots=True)
class Stored:
    """A message without its body; ``arrived_at`` in microseconds UTC, attempt 0 is no conflict."""

    position: int
    sender: str
    stream: str
    id: str
    attempt: int
    arrived_at: int
    digest: bytes
    salt: bytes
    envelope: bytes
    leaf: bytes

    def receipt(self, *, exists: bool) -> Receipt:
        """The receipt that this message got, or gets again."""
        return Receipt(
            position=self.position,
            sender=self.sender,
            stream=self.stream,
            id=self.id,
            digest=self.digest.hex(),
            leaf=self.leaf.hex(),
            arrived_at=moment(self.arrived_at),
            exists=exists,
            conflict=self.attempt > 0,
        )

    def opened(self) -> Envelope:
        """The envelope as a value."""
        return Envelope(self.sender, self.stream, self.id, moment(self.arrived_at), self.digest)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision without its content."""

    number: int
    first_position: int
    last_position: int
    code_version: str
    content_digest: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Segment:
    """A sealed file: the messages and decisions in it, its length and SHA-256, its link."""

    number: int
    first_position: int
    last_position: int
    first_decision: int
    last_decision: int
    size_bytes: int
    sha256: bytes
    digest: bytes

    @property
    def name(self) -> str:
        """The name of its file."""
        return segment_name(self.first_position, self.last_position)


@dataclass(frozen=True, slots=True)
class State:
    """How far the journal goes after a commit, and the frontier from which its tree grows on."""

    line: int
    size: int
    frontier: bytes
    decisions: int
    decision_digest: bytes
    segments: int
    segment_digest: bytes

    def tree(self) -> CompactRange | None:
        """The tree, or None where the frontier is not one of this size."""
        return CompactRange.load(self.size, self.frontier)

    def head(self, root: bytes) -> HeadLine:
        """The line that the head file has, or must get, for this commit."""
        return HeadLine(
            self.line,
            self.size,
            root,
            self.decisions,
            self.decision_digest,
            self.segments,
            self.segment_digest,
        )


#: A row's fields in the order of its columns; four times as fast as dataclasses.astuple.
_STORED = attrgetter(*(field.name for field in fields(Stored)))
_DECISION = attrgetter(*(field.name for field in fields(DecisionRow)))
_SEGMENT = attrgetter(*(field.name for field in fields(Segment)))
_STATE = attrgetter(*(field.name for field in fields(State)))

_STATE_TYPES = (int, int, bytes, int, bytes, int, bytes)

#: The journal before its first message.
EMPTY = State(1, 0, b"", 0, NO_DIGEST, 0, NO_DIGEST)


def decision_link(
    previous: bytes, positions: tuple[int, int], code_version: bytes, content_digest: bytes
) -> bytes:
    """The digest that chains a decision to the one before it."""
    first, last = positions
    return chained(b"decision", previous, number(first), number(last), code_version, content_digest)


def segment_link(previous: bytes, numbers: Sequence[int], sha256: bytes) -> bytes:
    """The digest that chains a segment to the one before it.

    ``numbers``: first and last position, first and last decision, bytes of the file.
    """
    return chained(b"segment", previous, *map(number, numbers), sha256)


def states(connection: sqlite3.Connection) -> list[State]:
    """The last two states, newest first; JournalDamaged where one is no state any more."""
    rows = connection.execute(
        "select line, size, frontier, decisions, decision_digest, segments, segment_digest"
        " from state order by line desc limit 2"
    )
    found = rows.fetchall()
    if any(tuple(map(type, row)) != _STATE_TYPES for row in found):
        raise JournalDamaged("journal.db does not say how far it goes. Run `pharos doctor`.")
    return [State(*row) for row in found]


def add_state(connection: sqlite3.Connection, state: State) -> None:
    """Put a state in place, and keep only the one before it."""
    connection.execute("insert into state values (?, ?, ?, ?, ?, ?, ?)", _STATE(state))
    connection.execute("delete from state where line < ?", (state.line - 1,))


def add_messages(
    connection: sqlite3.Connection, messages: Sequence[Stored], bodies: Sequence[bytes]
) -> None:
    """Insert messages with their bodies."""
    connection.executemany(
        "insert into message values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_STORED, messages)
    )
    positions = (message.position for message in messages)
    connection.executemany("insert into body values (?, ?)", zip(positions, bodies, strict=True))


def last_position(connection: sqlite3.Connection) -> int:
    """The position of the last message; 0: none."""
    (last,) = connection.execute("select coalesce(max(position), 0) from message").fetchone()
    return int(last)


def attempts(connection: sqlite3.Connection, sender: str, stream: str, key: str) -> list[Stored]:
    """Everything that arrived under an id, in the order of arrival."""
    rows = connection.execute(
        "select * from message where sender = ? and stream = ? and id = ? order by attempt",
        (sender, stream, key),
    )
    return [Stored(*row) for row in rows]


def messages_from(
    connection: sqlite3.Connection, first: int, limit: int
) -> Iterator[tuple[Stored, bytes | None]]:
    """Messages in order with their bodies; None: the body is in a segment."""
    rows = connection.execute(
        "select message.*, content from message left join body using (position)"
        " where position >= ? order by position limit ?",
        (first, limit),
    )
    for *columns, content in rows:
        yield Stored(*columns), content


def leaves(connection: sqlite3.Connection, first: int, last: int) -> list[bytes]:
    """The leaves of the messages from position ``first`` to ``last``."""
    rows = connection.execute(
        "select leaf from message where position between ? and ? order by position", (first, last)
    )
    return [leaf for (leaf,) in rows]


def conflicts(connection: sqlite3.Connection, first: int, last: int) -> frozenset[int]:
    """The positions of messages whose id had been taken by another body."""
    rows = connection.execute(
        "select position from message where position between ? and ? and attempt > 0",
        (first, last),
    )
    return frozenset(position for (position,) in rows)


def add_decisions(
    connection: sqlite3.Connection, decisions: Sequence[DecisionRow], contents: Sequence[bytes]
) -> None:
    """Insert decisions with their contents."""
    connection.executemany(
        "insert into decision values (?, ?, ?, ?, ?, ?)", map(_DECISION, decisions)
    )
    numbers = (decision.number for decision in decisions)
    connection.executemany(
        "insert into decision_content values (?, ?)", zip(numbers, contents, strict=True)
    )


def last_decision(connection: sqlite3.Connection) -> DecisionRow | None:
    """The decision that reaches furthest, or None."""
    row = connection.execute("select * from decision order by number desc limit 1").fetchone()
    return DecisionRow(*row) if row else None


def decisions_from(
    connection: sqlite3.Connection, first_position: int, limit: int
) -> Iterator[tuple[DecisionRow, bytes | None]]:
    """Decisions that reach to a position or beyond; None: the content is in a segment."""
    rows = connection.execute(
        "select decision.*, content from decision left join decision_content using (number)"
        " where last_position >= ? order by last_position limit ?",
        (first_position, limit),
    )
    for *columns, content in rows:
        yield DecisionRow(*columns), content


def decisions_between(
    connection: sqlite3.Connection, after: int, last: int
) -> list[tuple[DecisionRow, int]]:
    """Decisions behind number ``after`` up to position ``last``, with the bytes they cover."""
    rows = connection.execute(
        "select decision.*, (select coalesce(sum(length(content)), 0) from body"
        " where position between first_position and last_position)"
        " from decision where number > ? and last_position <= ? order by number",
        (after, last),
    )
    return [(DecisionRow(*columns), int(covered)) for *columns, covered in rows]


def segments(connection: sqlite3.Connection) -> list[Segment]:
    """Every sealed segment in order."""
    return [Segment(*row) for row in connection.execute("select * from segment order by number")]


def segment_of(connection: sqlite3.Connection, position: int) -> Segment | None:
    """The segment with the message at this position."""
    row = connection.execute(
        "select * from segment where last_position >= ? order by last_position limit 1",
        (position,),
    ).fetchone()
    segment = Segment(*row) if row else None
    return segment if segment and segment.first_position <= position else None


def segment_of_decision(connection: sqlite3.Connection, decision: int) -> Segment | None:
    """The segment with the decision of this number."""
    row = connection.execute(
        "select * from segment where last_decision >= ? order by last_decision limit 1",
        (decision,),
    ).fetchone()
    segment = Segment(*row) if row else None
    return segment if segment and segment.first_decision <= decision else None


def add_segment(connection: sqlite3.Connection, segment: Segment) -> None:
    """Insert a segment and take out of SQLite what it holds now."""
    connection.execute("insert into segment values (?, ?, ?, ?, ?, ?, ?, ?)", _SEGMENT(segment))
    connection.execute(
        "delete from body where position between ? and ?",
        (segment.first_position, segment.last_position),
    )
    connection.execute(
        "delete from decision_content where number between ? and ?",
        (segment.first_decision, segment.last_decision),
    )
