"""PostgreSQL as a peer, in two designs.

In: parcels and a running server. Out: rows in a database, fsync and synchronous_commit on. Knows
nothing of timing.
"""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

import psycopg
import pyarrow as pa
from pyarrow import csv

from bench.peers.decoding import COLUMNS, SCREENING_COLUMNS, Parcel
from bench.peers.peer import Keyed, Marked, Peer, Sums

_EVENT = ", ".join(f"{name} bigint" for name in COLUMNS)
_SCHEMA = f"""
CREATE TABLE event ({_EVENT}{{key}});
CREATE TABLE screening (screening bigint PRIMARY KEY, cinema text, said text, work text,
  start timestamptz, screen text, seats int);
CREATE TABLE stream (stream bigint PRIMARY KEY, sender text, cinema text);
CREATE TABLE state (screening bigint PRIMARY KEY, admissions bigint, gross bigint)
  WITH (fillfactor = 60);
CREATE TEMP TABLE arrived ({_EVENT}) ON COMMIT DELETE ROWS;
"""
_STORE = """
WITH fresh AS (
  INSERT INTO event SELECT * FROM arrived ON CONFLICT DO NOTHING
  RETURNING screening, admissions, gross)
INSERT INTO state SELECT screening, sum(admissions), sum(gross) FROM fresh GROUP BY screening
ON CONFLICT (screening) DO UPDATE SET
  admissions = state.admissions + excluded.admissions, gross = state.gross + excluded.gross
"""
_CONFLICTS = """
SELECT count(*) FROM arrived a JOIN event e USING (stream, number) WHERE a.content <> e.content
"""


def csv_text(columns: dict[str, object]) -> memoryview:
    """Columns as CSV without a header, written by Arrow."""
    out = io.BytesIO()
    options = csv.WriteOptions(include_header=False)
    csv.write_csv(pa.table(columns), out, options)
    return out.getbuffer()


class Postgres(Peer):
    """A database of its own on the given server."""

    name = "PostgreSQL"
    key: ClassVar[str] = ""

    def __init__(self, folder: Path, server: str = "") -> None:
        super().__init__(folder, server)
        database = type(self).__name__.lower()
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {database}")
        self._connection = psycopg.connect(server, dbname=database)
        self._connection.execute(_SCHEMA.format(key=self.key).encode())
        # The batch is small: walk the index of the events, never read them all.
        self._connection.execute("SET enable_hashjoin = off")
        self._connection.execute("SET enable_mergejoin = off")
        self._connection.commit()

    def copy(self, table: str, names: Iterable[str], columns: Iterable[object]) -> None:
        """Append columns to a table."""
        said = dict(zip(names, columns, strict=True))
        with self._connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
            copy.write(csv_text(said))

    def name_new(self, parcel: Parcel) -> None:
        """Write down screenings and streams that were never seen."""
        if parcel.screenings:
            self.copy("screening", SCREENING_COLUMNS, zip(*parcel.screenings, strict=True))
        if parcel.streams:
            streams = zip(*parcel.streams, strict=True)
            self.copy("stream", ("stream", "sender", "cinema"), streams)

    def close(self) -> None:
        """Let go of everything."""
        self._connection.close()

    def _one(self, text: str) -> tuple[int, ...]:
        row = self._connection.execute(text.encode()).fetchone() or ()
        self._connection.commit()
        return tuple(int(value or 0) for value in row)


class PostgresKeyed(Keyed, Postgres):
    """COPY to a temporary table, then ON CONFLICT DO NOTHING and upsert."""

    design = "primary key + upsert"
    rules: ClassVar[str] = "no rules, findings, register or recorded decision"
    key = ", PRIMARY KEY (stream, number)"

    def commit(self, parcel: Parcel) -> None:
        """Store what is new, durably."""
        first = self.first_in_batch(parcel)
        self.name_new(first)
        self.copy("arrived", COLUMNS, first.columns.values())
        self._connection.execute(_STORE)
        row = self._connection.execute(_CONFLICTS).fetchone()
        self.conflicts += row[0] if row else 0
        self._connection.commit()

    def sums(self) -> Sums:
        """What is stored adds up to."""
        gross, admissions = self._one("SELECT sum(gross), sum(admissions) FROM state")
        return Sums(gross, admissions, self.conflicts)


class PostgresMarked(Marked, Postgres):
    """COPY straight into the events."""

    design = "marks and state in memory, append only"
    rules: ClassVar[str] = "given Pharos' marks; state only in memory; no rules or decisions"

    def store(self, fresh: Parcel) -> None:
        """Keep new events, durably."""
        self.name_new(fresh)
        self.copy("event", COLUMNS, fresh.columns.values())
        self._connection.commit()

    def sums(self) -> Sums:
        """What is stored adds up to."""
        gross, admissions = self._one("SELECT sum(gross), sum(admissions) FROM event")
        return Sums(gross, admissions, self.conflicts)
