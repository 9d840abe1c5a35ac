"""The tables of journal.db, and how its file is opened.

In: the path of the file. Out: a connection with the tables of format 1, or a failure by name.
Knows nothing of what the rows mean and of the head file.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pharos.errors import HomeUnreadable, JournalDamaged

JOURNAL_NAME = "journal.db"
FORMAT = 1

#: As SQLite keeps the texts (capitals included), so that they can be compared.
#: Bodies and decisions' contents stand apart from their rows, so that sealing only deletes.
TABLES = {
    "message": """CREATE TABLE message (
        position integer primary key,
        sender text not null,
        stream text not null,
        id text not null,
        attempt integer not null,
        arrived_at integer not null,
        digest blob not null,
        salt blob not null,
        envelope blob not null,
        leaf blob not null,
        unique (sender, stream, id, attempt)
    ) strict""",
    "body": """CREATE TABLE body (
        position integer primary key,
        content blob not null
    ) strict""",
    "decision": """CREATE TABLE decision (
        number integer primary key,
        first_position integer not null,
        last_position integer not null unique,
        code_version text not null,
        content_digest blob not null,
        digest blob not null
    ) strict""",
    "decision_content": """CREATE TABLE decision_content (
        number integer primary key,
        content blob not null
    ) strict""",
    "segment": """CREATE TABLE segment (
        number integer primary key,
        first_position integer not null,
        last_position integer not null unique,
        first_decision integer not null,
        last_decision integer not null unique,
        size_bytes integer not null,
        sha256 blob not null,
        digest blob not null
    ) strict""",
    "state": """CREATE TABLE state (
        line integer primary key,
        size integer not null,
        frontier blob not null,
        decisions integer not null,
        decision_digest blob not null,
        segments integer not null,
        segment_digest blob not null
    ) strict""",
}

#: Python raises the second where SQLite quotes damaged bytes in the text of its failure.
SQLITE_FAILURES = (sqlite3.Error, UnicodeDecodeError)

#: What the system may refuse although every byte is in order.
_REFUSALS = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)


def connect_writer(path: Path) -> sqlite3.Connection:
    """A connection whose commits are on the disk when they return."""
    # Threads share it under the journal's own lock.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    (mode,) = connection.execute("pragma journal_mode = wal").fetchone()
    if mode != "wal":
        connection.close()
        raise HomeUnreadable(
            f"the file system of {path.parent} does not support SQLite's write-ahead log. "
            "Keep the home on a local disk."
        )
    connection.execute("pragma synchronous = full")
    connection.execute("pragma fullfsync = on")
    connection.execute("pragma wal_autocheckpoint = 4000")
    connection.execute("pragma trusted_schema = off")
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that can change nothing."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("pragma query_only = on")
    connection.execute("pragma trusted_schema = off")
    return connection


def format_of(connection: sqlite3.Connection) -> int:
    """The format number of the file; 0: no tables have been made."""
    (number,) = connection.execute("pragma user_version").fetchone()
    return int(number)


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables, inside the caller's transaction."""
    for text in TABLES.values():
        connection.execute(text)
    connection.execute(f"pragma user_version = {FORMAT:d}")


def out_of_space(failure: BaseException) -> bool:
    """Whether the disk was full, so that nothing of a write took place or all of it is known."""
    if isinstance(failure, OSError):
        return failure.errno in {errno.ENOSPC, errno.EDQUOT}
    return getattr(failure, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; whatever failed is raised as SQLite raised it."""
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    finally:
        if connection.in_transaction:
            with suppress(*SQLITE_FAILURES):
                connection.execute("rollback")


@contextmanager
def named_failures() -> Iterator[None]:
    """Turn what SQLite says into JournalDamaged, or HomeUnreadable where the system refused."""
    try:
        yield
    except sqlite3.ProgrammingError as failure:
        # The only mistake that callers can make: to hold on to a journal that was closed.
        raise HomeUnreadable(
            f"{JOURNAL_NAME} was closed meanwhile ({failure}); try again in a moment."
        ) from failure
    except SQLITE_FAILURES as failure:
        # The low byte is the primary code; the rest says which variant.
        if getattr(failure, "sqlite_errorcode", 0) & 0xFF in _REFUSALS:
            raise HomeUnreadable(
                f"SQLite cannot use {JOURNAL_NAME} now ({failure}). "
                "Check the rights, the disk and its free space, then try again."
            ) from failure
        raise JournalDamaged(
            f"SQLite cannot read {JOURNAL_NAME} ({failure}). "
            "Run `pharos doctor` to see what is damaged, and restore the home from a copy."
        ) from failure
