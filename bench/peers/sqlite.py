"""SQLite as a peer, in two designs.

In: parcels. Out: rows in one file, write-ahead log, synchronous=FULL. Knows nothing of timing.
"""

import sqlite3
from pathlib import Path
from typing import ClassVar

import numpy as np

from bench.peers.decoding import COLUMNS, SCREENING_COLUMNS, Parcel
from bench.peers.peer import Keyed, Marked, Sums

_EVENT = ", ".join(f"{name} INTEGER" for name in COLUMNS)
_SCREENING = "screening INTEGER PRIMARY KEY, cinema, said, work, start, screen, seats INTEGER"
_SCHEMA = f"""
CREATE TABLE event ({_EVENT}{{key}});
CREATE TABLE screening ({_SCREENING});
CREATE TABLE stream (stream INTEGER PRIMARY KEY, sender, cinema);
CREATE TABLE state (screening INTEGER PRIMARY KEY, admissions INTEGER, gross INTEGER);
"""
_HOLES = ", ".join("?" for _ in COLUMNS)
_ADD = """
INSERT INTO state SELECT screening, sum(admissions), sum(gross) FROM event WHERE rowid > ?
GROUP BY screening
ON CONFLICT (screening) DO UPDATE SET
  admissions = admissions + excluded.admissions, gross = gross + excluded.gross
"""


def opened(path: Path) -> sqlite3.Connection:
    """A connection that keeps what it commits through a power cut."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -262144")
    connection.execute("PRAGMA mmap_size = 2147483648")
    connection.execute("PRAGMA wal_autocheckpoint = 10000")
    return connection


def _store(folder: Path, key: str = "") -> sqlite3.Connection:
    connection = opened(folder / "events.db")
    connection.executescript(_SCHEMA.format(key=key))
    return connection


def _name(connection: sqlite3.Connection, parcel: Parcel) -> None:
    holes = ", ".join("?" for _ in SCREENING_COLUMNS)
    connection.executemany(f"INSERT INTO screening VALUES ({holes})", parcel.screenings)
    connection.executemany("INSERT INTO stream VALUES (?, ?, ?)", parcel.streams)


def _sums(connection: sqlite3.Connection, conflicts: int) -> Sums:
    row = connection.execute("SELECT sum(gross), sum(admissions) FROM event").fetchone()
    return Sums(row[0] or 0, row[1] or 0, conflicts)


class SqliteKeyed(Keyed):
    """Unique index over the events, state by upsert."""

    name = "SQLite"
    design = "primary key + upsert"
    rules: ClassVar[str] = "no rules, findings, register or recorded decision"

    def __init__(self, folder: Path, server: str = "") -> None:
        super().__init__(folder, server)
        self._connection = _store(folder, ", PRIMARY KEY (stream, number)")

    def commit(self, parcel: Parcel) -> None:
        """Store what is new, durably."""
        first = self.first_in_batch(parcel)
        run = self._connection.execute
        run("BEGIN")
        _name(self._connection, parcel)
        before = run("SELECT coalesce(max(rowid), 0) FROM event").fetchone()[0]
        self._connection.executemany(f"INSERT OR IGNORE INTO event VALUES ({_HOLES})", first.rows())
        run(_ADD, [before])
        self._count_conflicts(first, before)
        run("COMMIT")

    def _count_conflicts(self, first: Parcel, before: int) -> None:
        found = self._connection.execute("SELECT line FROM event WHERE rowid > ?", [before])
        stored = np.fromiter((row[0] for row in found), dtype=np.int64)
        ignored = first.take(np.flatnonzero(~np.isin(first.columns["line"], stored)))
        names = ("stream", "number", "content")
        keys = zip(*(ignored.columns[name].tolist() for name in names), strict=True)
        ask = "SELECT content <> ?3 FROM event WHERE stream = ?1 AND number = ?2"
        self.conflicts += sum(self._connection.execute(ask, key).fetchone()[0] for key in keys)

    def sums(self) -> Sums:
        """What is stored adds up to."""
        state = self._connection.execute("SELECT sum(gross), sum(admissions) FROM state").fetchone()
        return Sums(state[0] or 0, state[1] or 0, self.conflicts)

    def close(self) -> None:
        """Let go of everything."""
        self._connection.close()


class SqliteMarked(Marked):
    """Append only, marks and state in memory: the best design found."""

    name = "SQLite"
    design = "marks and state in memory, append only"
    rules: ClassVar[str] = "given Pharos' marks; state only in memory; no rules or decisions"

    def __init__(self, folder: Path, server: str = "") -> None:
        super().__init__(folder, server)
        self._connection = _store(folder)

    def store(self, fresh: Parcel) -> None:
        """Keep new events, durably."""
        self._connection.execute("BEGIN")
        _name(self._connection, fresh)
        self._connection.executemany(f"INSERT INTO event VALUES ({_HOLES})", fresh.rows())
        self._connection.execute("COMMIT")

    def sums(self) -> Sums:
        """What is stored adds up to."""
        return _sums(self._connection, self.conflicts)

    def close(self) -> None:
        """Let go of everything."""
        self._connection.close()
