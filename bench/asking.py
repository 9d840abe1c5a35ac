"""The question of part B in every engine, on the same Parquet files.

In: a folder with ``event.parquet`` and ``screening.parquet``. Out: boards: work, gross,
admissions, screenings, seats. Knows no timing.
"""

import importlib
import io
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from bench.lineup import absent as peer_absent
from bench.peers.sqlite import opened

ENGINES = ("duckdb", "sqlite", "postgres", "chdb", "polars")

EVENT = ("position", "screening", "event", "ticket_type", "channel", "sold_at", "admissions",
         "gross", "fee")  # fmt: skip
_COLUMNS = ", ".join(f"{name} BIGINT" for name in EVENT)
_SCREENING = "screening BIGINT PRIMARY KEY, cinema VARCHAR(20), work VARCHAR(20), seats BIGINT"
_CHDB_SCREENING = "screening Int64, cinema String, work String, seats Int64"
_STATE = "SELECT screening, sum(gross) AS paid, sum(admissions) AS came FROM event {} GROUP BY 1"
#: One text for all engines that speak SQL.
BOARD = """
WITH sold AS ({sold}),
shown AS (
  SELECT s.work AS work, sum(coalesce(sold.paid, 0)) AS gross,
    sum(coalesce(sold.came, 0)) AS admissions, count(*) AS screenings, sum(s.seats) AS seats
  FROM screening s LEFT JOIN sold ON sold.screening = s.screening GROUP BY s.work)
SELECT work, gross, admissions, screenings, seats,
  gross * 1.0 / sum(gross) OVER () AS box_office_share,
  screenings * 1.0 / sum(screenings) OVER () AS screening_share,
  seats * 1.0 / sum(seats) OVER () AS seat_share,
  admissions * 1.0 / seats AS occupancy, gross * 1.0 / nullif(admissions, 0) AS average_price
FROM shown ORDER BY gross DESC
"""

Board = list[tuple[str, int, int, int, int]]


class Asker(Protocol):
    """An engine that holds the day."""

    name: str

    def newest(self) -> Board:
        """The board from the sums by screening."""

    def events(self, until: int | None) -> Board:
        """The board from events, up to a position."""

    def close(self) -> None:
        """Let go of everything."""


class OfSql:
    """An engine that speaks SQL."""

    name = ""

    def rows(self, text: str) -> list[Any]:
        """The rows that a question gives."""
        raise NotImplementedError

    def newest(self) -> Board:
        """The board from the sums by screening."""
        return self._board("SELECT screening, paid, came FROM state")

    def events(self, until: int | None) -> Board:
        """The board from events, up to a position."""
        where = "" if until is None else f"WHERE position <= {until}"
        return self._board(_STATE.format(where))

    def close(self) -> None:
        """Let go of everything."""

    def _board(self, sold: str) -> Board:
        found = self.rows(BOARD.format(sold=sold))
        return [(row[0], int(row[1]), int(row[2]), int(row[3]), int(row[4])) for row in found]


class Duck(OfSql):
    """DuckDB on raw events: what a ledger without checkpoints would be."""

    name = "DuckDB on raw events"

    def __init__(self, folder: Path, source: Path) -> None:
        self._connection = duckdb.connect(str(folder / "day.duckdb"))
        for table in ("event", "screening"):
            self._connection.execute(
                f"CREATE TABLE {table} AS SELECT * FROM '{source}/{table}.parquet'"
            )
        self._connection.execute("CREATE TABLE state AS " + _STATE.format(""))

    def rows(self, text: str) -> list[Any]:
        """The rows that a question gives."""
        return self._connection.execute(text).fetchall()

    def close(self) -> None:
        """Let go of everything."""
        self._connection.close()


class Sqlite(OfSql):
    """SQLite: a covering index over the events, the state beside them."""

    name = "SQLite"

    def __init__(self, folder: Path, source: Path) -> None:
        self._connection = opened(folder / "day.db")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA threads = 2")
        self._connection.execute(f"CREATE TABLE event ({_COLUMNS})")
        self._connection.execute(f"CREATE TABLE screening ({_SCREENING})")
        for table, names in (("event", EVENT), ("screening", _names(source))):
            holes = ", ".join("?" for _ in names)
            self._connection.execute("BEGIN")
            for batch in _batches(source, table, names):
                columns = [column.to_pylist() for column in batch.columns]
                self._connection.executemany(
                    f"INSERT INTO {table} VALUES ({holes})", zip(*columns, strict=True)
                )
            self._connection.execute("COMMIT")
        # The question groups by screening: in this order it needs no sorting.
        self._connection.execute(
            "CREATE INDEX by_event ON event (screening, position, gross, admissions)"
        )
        self._connection.execute("CREATE TABLE state AS " + _STATE.format(""))
        self._connection.execute("CREATE UNIQUE INDEX by_screening ON state (screening)")
        self._connection.execute("ANALYZE")

    def rows(self, text: str) -> list[Any]:
        """The rows that a question gives."""
        return self._connection.execute(text).fetchall()

    def close(self) -> None:
        """Let go of everything."""
        self._connection.close()


class Postgres(OfSql):
    """PostgreSQL: plain tables, vacuumed and analysed, two parallel workers."""

    name = "PostgreSQL"

    def __init__(self, source: Path, server: str) -> None:
        psycopg: Any = importlib.import_module("psycopg")
        self._connection = psycopg.connect(server)
        run = self._connection.execute
        # Created and filled in one transaction: nothing of it goes through the log.
        run(f"CREATE TABLE event ({_COLUMNS})")
        run(f"CREATE TABLE screening ({_SCREENING})")
        for table, names in (("event", EVENT), ("screening", _names(source))):
            with self._connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
                for batch in _batches(source, table, names):
                    copy.write(_csv(batch))
        run("CREATE TABLE state AS " + _STATE.format(""))
        run("CREATE UNIQUE INDEX by_screening ON state (screening)")
        self._connection.commit()
        self._connection.autocommit = True
        run("VACUUM ANALYZE")

    def rows(self, text: str) -> list[Any]:
        """The rows that a question gives."""
        found: list[Any] = self._connection.execute(text).fetchall()
        return found

    def close(self) -> None:
        """Let go of everything."""
        self._connection.close()


class Chdb(OfSql):
    """chDB: MergeTree ordered by position, merged."""

    name = "chDB"

    def __init__(self, folder: Path, source: Path) -> None:
        session: Any = importlib.import_module("chdb.session")
        self._session = session.Session(str(folder / "chdb"))
        for text in (
            "CREATE DATABASE day ENGINE = Atomic", "USE day", "SET max_threads = 2",
            "SET join_use_nulls = 1",
            f"CREATE TABLE event ({_COLUMNS}) ENGINE = MergeTree ORDER BY position",
            f"CREATE TABLE screening ({_CHDB_SCREENING}) ENGINE = MergeTree ORDER BY screening",
            f"INSERT INTO event SELECT * FROM file('{source}/event.parquet')",
            f"INSERT INTO screening SELECT * FROM file('{source}/screening.parquet')",
            "OPTIMIZE TABLE event FINAL",
            "CREATE TABLE state ENGINE = MergeTree ORDER BY screening AS " + _STATE.format(""),
        ):  # fmt: skip
            self._session.query(text)

    def rows(self, text: str) -> list[Any]:
        """The rows that a question gives."""
        columns = self._session.query(text, "ArrowTable").to_pydict().values()
        return list(zip(*columns, strict=True))


class Frames:
    """Polars: the columns that the question needs, in memory."""

    name = "Polars, in memory"

    def __init__(self, source: Path) -> None:
        self._pl: Any = importlib.import_module("polars")
        needed = ("position", "screening", "gross", "admissions")
        self._event = self._pl.read_parquet(source / "event.parquet", columns=list(needed))
        self._screening = self._pl.read_parquet(source / "screening.parquet")
        self._state = self._sold(self._event.lazy()).collect()

    def newest(self) -> Board:
        """The board from the sums by screening."""
        return self._board(self._state.lazy())

    def events(self, until: int | None) -> Board:
        """The board from events, up to a position."""
        events = self._event.lazy()
        if until is not None:
            events = events.filter(self._pl.col("position") <= until)
        return self._board(self._sold(events))

    def close(self) -> None:
        """Let go of everything."""

    def _sold(self, events: Any) -> Any:  # noqa: ANN401
        return events.group_by("screening").agg(
            self._pl.sum("gross").alias("paid"), self._pl.sum("admissions").alias("came")
        )

    def _board(self, sold: Any) -> Board:  # noqa: ANN401
        col = self._pl.col
        shown = (
            self._screening.lazy()
            .join(sold, on="screening", how="left")
            .group_by("work")
            .agg(col("paid").sum().alias("gross"), col("came").sum().alias("admissions"),
                 self._pl.len().alias("screenings"), col("seats").sum())
            .with_columns(
                (col("gross") / col("gross").sum()).alias("box_office_share"),
                (col("screenings") / col("screenings").sum()).alias("screening_share"),
                (col("seats") / col("seats").sum()).alias("seat_share"),
                (col("admissions") / col("seats")).alias("occupancy"),
                (col("gross") / col("admissions")).alias("average_price"))
            .sort("gross", descending=True)
            .collect()
        )  # fmt: skip
        return [(row[0], *map(int, row[1:5])) for row in shown.rows()]


def absent(engine: str) -> str:
    """Why an engine cannot take part; empty if it can."""
    return "" if engine == "duckdb" else peer_absent(engine)


def asker(engine: str, folder: Path, source: Path, server: str) -> Asker:
    """An engine that has loaded the day from ``source`` into ``folder``."""
    if engine == "postgres":
        return Postgres(source, server)
    if engine == "polars":
        return Frames(source)
    return {"duckdb": Duck, "sqlite": Sqlite, "chdb": Chdb}[engine](folder, source)


def _names(source: Path) -> list[str]:
    names: list[str] = pq.read_schema(source / "screening.parquet").names
    return names


def _batches(source: Path, table: str, names: Any) -> Any:  # noqa: ANN401
    return pq.ParquetFile(source / f"{table}.parquet").iter_batches(200_000, columns=list(names))


def _csv(batch: pa.RecordBatch) -> memoryview:
    out = io.BytesIO()
    csv.write_csv(batch, out, csv.WriteOptions(include_header=False))
    return out.getbuffer()
