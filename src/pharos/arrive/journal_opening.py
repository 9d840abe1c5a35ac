"""Opening a home's journal: one writer, and nothing lost since it was last open.

In: the folder of a home. Out: an open connection and how far the journal goes, or a failure that
says what is missing. Knows nothing of what messages and decisions mean.

The work done here does not grow with the journal: the last rows and the last line of the head file
are compared. Going through everything is `verify`.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pharos.arrive import journal_rows as rows
from pharos.arrive.head import HEAD_NAME, HeadFile, HeadLine, HeadTail, read_tail
from pharos.arrive.journal_schema import (
    FORMAT,
    JOURNAL_NAME,
    connect_reader,
    connect_writer,
    create_tables,
    format_of,
    named_failures,
    out_of_space,
    transaction,
)
from pharos.arrive.merkle import CompactRange
from pharos.arrive.segments import SEGMENTS_NAME, sync_folder
from pharos.errors import HomeBusy, HomeUnreadable, JournalDamaged, NoSpace

LOCK_NAME = "journal.lock"

_RESTORE = (
    "Nothing was changed. Run `pharos doctor` to see everything that is damaged, and restore "
    "the home from a copy."
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A journal that has been compared with its head file; ``head`` is None for a reader."""

    connection: sqlite3.Connection
    state: rows.State
    tree: CompactRange
    head: HeadFile | None
    lock: int | None

    def close(self) -> None:
        """Give everything back."""
        self.connection.close()
        if self.head is not None:
            self.head.close()
        if self.lock is not None:
            os.close(self.lock)


def open_writer(home: Path) -> Opened:
    """Open for writing; make the journal where there is none; write the line a crash prevented."""
    with ExitStack() as undo, _system_failures(home):
        lock = _take_lock(home)
        undo.callback(os.close, lock)
        tail = _tail(home)
        connection = _writer_connection(home, tail)
        undo.callback(connection.close)
        with named_failures():
            state, tree = _check_rows(connection)
            missing = _missing_line(connection, state, tree, tail)
        head = HeadFile(home / HEAD_NAME)
        undo.callback(head.close)
        if missing is not None:
            head.append(missing.text().removeprefix(tail.torn))
            sync_folder(home)
        undo.pop_all()
        return Opened(connection, state, tree, head, lock)


def open_reader(home: Path) -> Opened:
    """Open for reading beside a writer; changes nothing."""
    if not (home / JOURNAL_NAME).exists():
        raise HomeUnreadable(f"there is no journal in {home}. Name a home that has been set up.")
    with ExitStack() as undo, _system_failures(home), named_failures():
        # The head file first: what it says now, the journal has held for longer.
        tail = _tail(home)
        connection = connect_reader(home / JOURNAL_NAME)
        undo.callback(connection.close)
        connection.execute("begin")
        state, tree = _check_rows(connection)
        connection.execute("commit")
        if tail.line is not None and tail.line.number > state.line:
            raise JournalDamaged(_shorter(state, tail.line))
        undo.pop_all()
        return Opened(connection, state, tree, None, None)


@contextmanager
def _system_failures(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        if out_of_space(failure):
            raise NoSpace(
                f"the disk of {home} is full ({failure.strerror}). Free some space, then try again."
            ) from failure
        raise HomeUnreadable(
            f"{home} cannot be opened ({failure.strerror or failure}). "
            "Check the name, the rights and the disk."
        ) from failure


def _take_lock(home: Path) -> int:
    """The lock of the one writer; it ends with the process, whatever becomes of it."""
    home.mkdir(parents=True, exist_ok=True)
    lock = os.open(home / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as failure:
        holder = os.read(lock, 20).decode(errors="replace").strip() or "unknown"
        os.close(lock)
        raise HomeBusy(
            f"process {holder} writes to {home}. Stop it, or use it instead of opening the home."
        ) from failure
    # The number is for people; a full disk must not stop whoever waits for it to be emptied.
    with suppress(OSError):
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
    return lock


def _writer_connection(home: Path, tail: HeadTail) -> sqlite3.Connection:
    path = home / JOURNAL_NAME
    if not path.exists() and (tail.line is not None or any((home / SEGMENTS_NAME).glob("*.seg"))):
        size = tail.line.size if tail.line is not None else "sealed"
        raise JournalDamaged(
            f"{JOURNAL_NAME} is missing, but {home} had {size} messages. {_RESTORE}"
        )
    with named_failures():
        connection = connect_writer(path)
        try:
            _check_format(connection, tail)
        except BaseException:
            connection.close()
            raise
    return connection


def _check_format(connection: sqlite3.Connection, tail: HeadTail) -> None:
    found = format_of(connection)
    if found == 0 and tail.line is None:
        with transaction(connection):
            create_tables(connection)
            rows.add_state(connection, rows.EMPTY)
    elif found != FORMAT:
        raise JournalDamaged(
            f"{JOURNAL_NAME} has format {found}; this version of Pharos reads format {FORMAT}. "
            "Use the version that wrote it, or restore the home from a copy."
        )


def _tail(home: Path) -> HeadTail:
    tail = read_tail(home / HEAD_NAME)
    if tail.broken:
        raise JournalDamaged(f"the last line of the head file is not as it was written. {_RESTORE}")
    return tail


def _check_rows(connection: sqlite3.Connection) -> tuple[rows.State, CompactRange]:
    """The newest state, where the last message, decision and segment are those it names."""
    found = rows.states(connection)
    tree = found[0].tree() if found else None
    if tree is None:
        raise JournalDamaged(f"{JOURNAL_NAME} does not say how far it goes. {_RESTORE}")
    state = found[0]
    size = rows.last_position(connection)
    if size != state.size:
        raise JournalDamaged(f"{_messages_between(size, state.size)} {_RESTORE}")
    decision = rows.last_decision(connection)
    last = (decision.number, decision.digest) if decision else (0, rows.EMPTY.decision_digest)
    if last != (state.decisions, state.decision_digest):
        raise JournalDamaged(
            f"the journal ends at decision {last[0]}, but {state.decisions} were recorded, "
            f"or the last was changed. {_RESTORE}"
        )
    sealed = rows.segments(connection)
    tip = (len(sealed), sealed[-1].digest) if sealed else (0, rows.EMPTY.segment_digest)
    if tip != (state.segments, state.segment_digest):
        raise JournalDamaged(
            f"the journal lists {tip[0]} sealed segments, but {state.segments} were sealed, "
            f"or the last was changed. {_RESTORE}"
        )
    return state, tree


def _missing_line(
    connection: sqlite3.Connection, state: rows.State, tree: CompactRange, tail: HeadTail
) -> HeadLine | None:
    """The one line that a crash kept out of the head file, or None."""
    now = state.head(tree.root())
    written = tail.line.number if tail.line is not None else 0
    if written > now.number and tail.line is not None:
        raise JournalDamaged(_shorter(state, tail.line))
    if written < now.number - 1:
        raise JournalDamaged(
            f"the head file ends at line {written}, but {now.number} were written. {_RESTORE}"
        )
    if written == now.number:
        if tail.line != now or tail.torn:
            raise JournalDamaged(
                f"the last line of the head file does not fit the journal of {now.size} messages: "
                f"one of the two was changed. {_RESTORE}"
            )
        return None
    if not now.text().startswith(tail.torn) or tail.line != _line_before(connection, state, tree):
        raise JournalDamaged(
            f"the end of the head file does not fit the journal of {now.size} messages: "
            f"one of the two was changed. {_RESTORE}"
        )
    return now


def _line_before(
    connection: sqlite3.Connection, state: rows.State, tree: CompactRange
) -> HeadLine | None:
    """The line of the state before, if the messages since then lead from it to this state."""
    before = rows.states(connection)[1:]
    if not before:
        return None
    grown = before[0].tree()
    if grown is None:
        raise JournalDamaged(f"{JOURNAL_NAME} does not say how far it went before. {_RESTORE}")
    root = grown.root()
    for leaf in rows.leaves(connection, before[0].size + 1, state.size):
        grown.append(leaf)
    if grown.frontier() != tree.frontier():
        raise JournalDamaged(
            f"messages {before[0].size + 1} to {state.size} were changed. {_RESTORE}"
        )
    return before[0].head(root)


def _shorter(state: rows.State, line: HeadLine) -> str:
    if line.size > state.size:
        return f"{_messages_between(state.size, line.size)} {_RESTORE}"
    if line.decisions > state.decisions:
        return (
            f"The journal ends at decision {state.decisions}, but its head file says "
            f"{line.decisions}: {line.decisions - state.decisions} decisions are missing. "
            f"{_RESTORE}"
        )
    return f"The journal is older than its head file: line {line.number} has no commit. {_RESTORE}"


def _messages_between(found: int, said: int) -> str:
    if found > said:
        return f"The journal has {found} messages, but only {said} were committed."
    span = f"message {said} is" if said == found + 1 else f"messages {found + 1} to {said} are"
    return f"The journal ends at {found}, but {said} were written: {span} missing."
