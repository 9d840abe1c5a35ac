"""Writes batches into the ledger file while the next batch is being decided.

In: rows of tables, batch by batch. Out: one transaction for each batch, in order. Rows wait on
paper until the batch ends, and are then written by a second thread; whoever must see them earlier
calls `settle`. Whoever watches is told, batch by batch, what was committed. Knows no table.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import duckdb
import pyarrow as pa

Connection = duckdb.DuckDBPyConnection
Rows = list[tuple[str, pa.Table]]
#: What else belongs to a batch, once its rows are written.
Also = Callable[[Connection], None]
#: Told the rows of each batch by table once they are committed; see `Ledger.watch`.
Observer = Callable[[Mapping[str, pa.Table]], None]


class Pen:
    """The one who writes to a ledger's connection. What failed once writes nothing more."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Nothing waits."""
        self._connection = connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pharos-ledger")
        self._writing: Future[None] | None = None
        self._failure: BaseException | None = None
        self._rows: Rows = []
        self._also: list[Also] = []
        #: Between `begin` and its end; ``begun`` once the connection knows of it.
        self._open = self._begun = False
        self._observers: list[Observer] = []
        #: Rows of the open transaction that the connection has already; kept for the observers.
        self._early: Rows = []
        self._telling: list[Future[None]] = []
        #: What an observer raised last; the ledger goes on without it.
        self.watch_failure: BaseException | None = None

    def watch(self, observer: Observer) -> None:
        """Tell an observer of every batch that is committed from now on."""
        self._observers.append(observer)

    def unwatch(self, observer: Observer) -> None:
        """Tell it no more."""
        self._observers.remove(observer)

    def add(self, table: str, rows: pa.Table) -> None:
        """Append rows to a table when their batch is written."""
        if rows.num_rows:
            self._rows.append((table, rows))

    def also(self, work: Also) -> None:
        """Let something be done in the batch's transaction, by whoever writes it."""
        self._also.append(work)

    def begin(self) -> None:
        """From here to `commit` or `roll_back` everything is one transaction."""
        self.wait()
        self._open = True

    def within(self) -> None:
        """The connection is in a transaction that somebody else ends: nothing is ever committed."""
        self._open = self._begun = True

    def commit(self, record: Callable[[], None]) -> None:
        """Write what was added; by another thread, unless somebody has looked at it already.

        ``record`` is called once all rows are written, before they count. Raises what went wrong
        with the batch before.
        """
        rows, self._rows = self._rows, []
        also, self._also = self._also, []
        early, self._early = self._early, []
        begun, self._open, self._begun = self._begun, False, False
        self.wait()
        if begun:
            self._write(rows, also, record)
        else:
            self._writing = self._thread.submit(self._begin_and_write, rows, also, record)
        self._tell([*early, *rows])

    def roll_back(self) -> None:
        """Forget what was added."""
        self._rows.clear()
        self._also.clear()
        self._early.clear()
        if self._begun:
            self._undo()
        self._open = self._begun = False

    def wait(self) -> None:
        """Until every committed batch is in the file, and told. Raises what went wrong."""
        self._told()
        if self._writing is not None:
            failure = self._writing.exception()
            self._writing = None
            self._failure = self._failure or failure
        if self._failure is not None:
            raise self._failure

    def settle(self) -> None:
        """Until everything that was added can be read on the connection."""
        self.wait()
        if self._open and not self._begun:
            self._connection.execute("BEGIN")
            self._begun = True
        rows, self._rows = self._rows, []
        self._insert(rows)
        if not self._open:
            self._tell(rows)
        elif self._observers:
            self._early += rows

    def renew(self) -> None:
        """Forget a failure and what was added since; the batch that failed was not written."""
        if self._writing is not None:
            self._writing.exception()
        self._told()
        self._writing = self._failure = None
        self.roll_back()

    def close(self) -> None:
        """Let the last batch be written, whatever becomes of it."""
        self._thread.shutdown(wait=True)

    def _tell(self, rows: Rows) -> None:
        """Hand rows to the observers after the batch that they belong to, if it is written.

        Each is a task of its own: what it raises stays in its future and harms nobody.
        """
        if not (self._observers and rows):
            return
        by_table = self._thread.submit(_written_by_table, self._writing, rows)
        self._telling += [
            self._thread.submit(_hand_over, observer, by_table) for observer in self._observers
        ]

    def _told(self) -> None:
        """Until the observers have heard everything."""
        telling, self._telling = self._telling, []
        for one in telling:
            self.watch_failure = one.exception() or self.watch_failure

    def _begin_and_write(self, rows: Rows, also: list[Also], record: Callable[[], None]) -> None:
        self._connection.execute("BEGIN")
        self._write(rows, also, record)

    def _write(self, rows: Rows, also: list[Also], record: Callable[[], None]) -> None:
        try:
            self._insert(rows)
            for work in also:
                work(self._connection)
            record()
            self._connection.execute("COMMIT")
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        # A database that has failed may refuse even this; what it failed of is the news.
        with suppress(duckdb.Error):
            self._connection.execute("ROLLBACK")

    def _insert(self, rows: Rows) -> None:
        together = _by_table(rows)
        for table in together:
            # DuckDB finds the rows by the name of this variable, faster than as a registered view.
            incoming = together[table]  # noqa: F841
            self._connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")


def _by_table(rows: Rows) -> dict[str, pa.Table]:
    together: dict[str, list[pa.Table]] = {}
    for table, some in rows:
        together.setdefault(table, []).append(some)
    return {
        table: pa.concat_tables(several, promote_options="permissive")
        for table, several in together.items()
    }


def _written_by_table(writing: Future[None] | None, rows: Rows) -> dict[str, pa.Table] | None:
    """The rows by table; None where their batch could not be written."""
    if writing is not None and writing.exception() is not None:
        return None
    return _by_table(rows)


def _hand_over(observer: Observer, by_table: Future[dict[str, pa.Table] | None]) -> None:
    if (rows := by_table.result()) is not None:
        observer(rows)
