"""The ledger file: opening it, writing to it in transactions, the position it has reached.

In: rows of columns. Out: a DuckDB connection whose tables stand in `keep.schema`. Knows nothing
of what the rows mean. The file is disposable: what is damaged or old is thrown away and rebuilt.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from pharos.errors import AskedTooMuch, LedgerUnusable
from pharos.keep.pen import Also, Connection, Observer, Pen
from pharos.keep.schema import LEDGER_VERSION, SCHEMA
from pharos.keep.terms import KINDS, Terms
from pharos.keep.view import Known, View
from pharos.words.figures import ABSENT, Ints

#: File name of the ledger inside a home.
LEDGER_FILE = "ledger.duckdb"
#: Bytes of memory that DuckDB may take: enough for a large country's day, while a small home must
#: fit into 512 MiB in all. Above its share it spills to disk.
LEAST_MEMORY, MOST_MEMORY = 160 << 20, 2 << 30

#: What DuckDB raises when the disk, the memory or DuckDB itself fails, whatever was being written.
LEDGER_FAILURES = (
    duckdb.FatalException,
    duckdb.InterruptException,
    duckdb.InternalError,
    duckdb.OperationalError,
)
#: How DuckDB says that the file is not what it wrote; it has no class of its own for that.
_DAMAGED = ("Corrupt", "checksum", "not a valid DuckDB", "Could not read enough bytes")


#: How the system says that it does not let the file be used now.
_REFUSED = ("Could not set lock", "ermission denied", "No space", "Too many open files")
#: How often, and how long, questions are told to stop before the file is let go all the same.
_STOPS, _STOP_SECONDS = 100, 0.05


def is_damage(failure: BaseException | None) -> bool:
    """Whether a ledger's file is not what was written, so that nothing helps but a new one."""
    if isinstance(failure, LedgerUnusable):
        return is_damage(failure.__cause__)
    return isinstance(failure, duckdb.Error) and any(said in str(failure) for said in _DAMAGED)


def is_out_of_memory(failure: BaseException | None) -> bool:
    """Whether the database had too little memory, which questions share with the writer."""
    if isinstance(failure, LedgerUnusable):
        return is_out_of_memory(failure.__cause__)
    return isinstance(failure, duckdb.OutOfMemoryException)


class Ledger:
    """One open ledger; one writer, and readers that take a `view` each."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open or create the file.

        Raises LedgerUnusable when DuckDB refuses it or its version is another.
        """
        self.path = path
        fresh = not path.exists()
        try:
            self._connection = duckdb.connect(str(path), read_only=read_only)
            self._pen = Pen(self._connection)
            self.fit_memory(self._connection)
            self.connection.execute("SET preserve_insertion_order = false")
            self.connection.execute("SET TimeZone = 'UTC'")
            if fresh:
                self._create()
            self._check_version()
            self.terms: dict[str, Terms] = {kind: Terms() for kind in KINDS}
            self.reload_terms()
        except duckdb.Error as error:
            self._let_go()
            # Somebody else reads it, or the disk refuses: nothing is wrong with the file itself.
            refused = any(words in str(error) for words in _REFUSED)
            raise LedgerUnusable(path, str(error), in_use=refused) from error
        # Readers' connections come from one that never does anything else.
        self._readers = self._connection.cursor()
        self._opening = threading.Condition()
        self._open_readers: list[duckdb.DuckDBPyConnection] = []
        self._closed = False
        #: What a question met that the writer has to mend; None while all is well.
        self.trouble: Exception | None = None
        self._known = Known({kind: terms.texts for kind, terms in self.terms.items()})

    def fit_memory(self, connection: Connection) -> None:
        """Let DuckDB take memory by the size of the file, within its bounds."""
        size = self.path.stat().st_size if self.path.exists() else 0
        limit = min(MOST_MEMORY, max(LEAST_MEMORY, size // 2))
        connection.execute(f"SET memory_limit = '{limit >> 20}MiB'")

    def _let_go(self) -> None:
        if hasattr(self, "_connection"):
            self._connection.close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The writer's connection, on which everything that it wrote can be read."""
        self._pen.settle()
        return self._connection

    def _create(self) -> None:
        self.connection.execute("BEGIN")
        self.connection.execute(SCHEMA)
        self.connection.execute("INSERT INTO ledger VALUES (?, '')", [LEDGER_VERSION])
        self.connection.execute("COMMIT")

    def _check_version(self) -> None:
        row = first_row(self.connection, "SELECT version FROM ledger")
        if row is None or row[0] != LEDGER_VERSION:
            self.connection.close()
            raise LedgerUnusable(self.path, f"its version is {row and row[0]}")

    def renew(self) -> None:
        """Forget what could not be written, and know again what the file holds."""
        self.trouble = None
        self._pen.renew()
        self.reload_terms()

    def reload_terms(self) -> None:
        """Read all coded texts again, as after a rolled-back transaction."""
        said: dict[str, list[str]] = {kind: [] for kind in KINDS}
        rows = self.connection.execute("SELECT kind, text FROM term ORDER BY kind, code").fetchall()
        for kind, text in rows:
            said[kind].append(text)
        for kind, texts in said.items():
            self.terms[kind].load(texts)

    @property
    def position(self) -> int:
        """The journal position up to which everything is posted; 0 when empty."""
        row = first_row(self.connection, "SELECT max(position) FROM applied")
        return int(row[0]) if row and row[0] is not None else 0

    @contextmanager
    def view(self) -> Iterator[View]:
        """The ledger as one question sees it: whole batches only, of one moment, in any thread.

        It has what was committed last and waits for nobody: `wait` first for what was just sent.
        Raises AskedTooMuch when it was stopped or the memory is not enough, LedgerUnusable when
        the ledger is closed, or is not what was written: then ``trouble`` is that failure.
        """
        reader = self._reader()
        try:
            reader.execute("SET TimeZone = 'UTC'")
            reader.execute("BEGIN")
            yield View(reader, self._known.terms(reader), self._known.facts)
        except duckdb.InterruptException as error:
            if self._closed:
                # Not for its length: the ledger closes, and may be open again in a moment.
                raise LedgerUnusable(self.path, "it is closed", in_use=True) from error
            raise AskedTooMuch("it took too long") from error
        except duckdb.OutOfMemoryException as error:
            raise AskedTooMuch("it needs more memory than there is") from error
        except duckdb.Error as error:
            # A question that was badly asked is none of the ledger's failures.
            if not (isinstance(error, duckdb.FatalException) or is_damage(error)):
                raise
            self.trouble = error
            raise LedgerUnusable(self.path, str(error)) from error
        finally:
            with self._opening:
                self._open_readers.remove(reader)
                self._opening.notify_all()
            reader.close()

    def _reader(self) -> duckdb.DuckDBPyConnection:
        with self._opening:
            if self._closed:
                raise LedgerUnusable(self.path, "it is closed", in_use=True)
            try:
                reader = self._readers.cursor()
            except duckdb.ConnectionException as error:
                raise LedgerUnusable(self.path, str(error), in_use=True) from error
            self._open_readers.append(reader)
            return reader

    def _stop_readers(self) -> None:
        """Break off all questions: as long as one is open, DuckDB does not let go of the file."""
        with self._opening:
            self._closed = True
            for _ in range(_STOPS):
                if not self._open_readers:
                    return
                for reader in self._open_readers:
                    reader.interrupt()
                self._opening.wait(_STOP_SECONDS)

    @contextmanager
    def transaction(
        self, position: int, at: datetime, record: Callable[[], None]
    ) -> Iterator[None]:
        """Write one batch: all of it and the position it reaches, or nothing.

        The file may follow a little later; whoever reads through this ledger waits for it.
        ``record`` is called once all rows are written, before they count.
        """
        self._pen.begin()
        try:
            yield
            self._write_terms()
            self.append_rows("applied", [{"position": position, "reached_at": at}])
        except BaseException:
            self._pen.roll_back()
            raise
        self._pen.commit(record)

    def alongside(self, work: Also) -> None:
        """Let something be done in this batch's transaction, once its rows are written.

        By another thread, if the batch is written by one: it must use the connection it is given.
        """
        self._pen.also(work)

    def wait(self) -> None:
        """Until all batches are in the file. Raises what went wrong with the last one."""
        self._pen.wait()

    def watch(self, observer: Observer) -> None:
        """Tell an observer, after each commit and in order, the very rows of the batch by table.

        It is called in the pen's thread: it must be quick and must not look at `connection`. What
        it raises does not harm the ledger and is kept in `watch_failure`; the observer is told of
        the next batch all the same, and must know that it missed something.
        """
        self._pen.watch(observer)

    def unwatch(self, observer: Observer) -> None:
        """Tell an observer no more."""
        self._pen.unwatch(observer)

    @property
    def watch_failure(self) -> BaseException | None:
        """What an observer raised last."""
        return self._pen.watch_failure

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Write and read, and leave the file as it was."""
        self._pen.begin()
        try:
            yield
        finally:
            self._pen.roll_back()

    def _write_terms(self) -> None:
        for kind, terms in self.terms.items():
            fresh = terms.unwritten()
            if fresh:
                codes, texts = zip(*fresh, strict=True)
                self.append("term", {"kind": [kind] * len(fresh), "code": codes, "text": texts})

    def append(self, table: str, columns: Mapping[str, Any]) -> None:
        """Append equally long columns to a table; columns are matched by name."""
        self.append_arrow(table, pa.table(dict(columns)))

    def append_arrow(self, table: str, rows: pa.Table) -> None:
        """Append an Arrow table; a null-typed column becomes NULL of the table's type."""
        self._pen.add(table, rows)

    def append_rows(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Append a few rows given as mappings."""
        if rows:
            self.append_arrow(table, pa.Table.from_pylist([dict(row) for row in rows]))

    def query(self, sql: str, parameters: Sequence[Any] = (), **tables: Any) -> pa.Table:  # noqa: ANN401
        """Run a question over the ledger and over the given Arrow tables, by their names."""
        connection = self.connection
        for name, table in tables.items():
            connection.register(name, table)
        try:
            return connection.sql(sql, params=list(parameters)).to_arrow_table()
        finally:
            for name in tables:
                connection.unregister(name)

    def rows(
        self,
        sql: str,
        parameters: Sequence[Any] = (),
        **tables: Any,  # noqa: ANN401
    ) -> list[dict[str, Any]]:
        """The same as a list of rows."""
        found: list[dict[str, Any]] = self.query(sql, parameters, **tables).to_pylist()
        return found

    def close(self) -> None:
        """Write everything into the one file and let go of it."""
        self._stop_readers()
        self._pen.close()
        self._readers.close()
        self._connection.close()


def first_row(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] = ()
) -> tuple[Any, ...] | None:
    """The first row of a question, or None; nothing of it is left waiting in the connection."""
    rows = connection.execute(sql, list(parameters)).fetchall()
    return rows[0] if rows else None


def instants(microseconds: Ints) -> pa.Array:
    """Microseconds since 1970 UTC as a timestamp column; ABSENT becomes NULL."""
    absent = microseconds == ABSENT
    values = np.where(absent, 0, microseconds).astype("datetime64[us]")
    return pa.array(values, type=pa.timestamp("us"), mask=absent)


def dates(days: Sequence[Any]) -> pa.Array:
    """Dates as a column."""
    return pa.array(days, type=pa.date32())
