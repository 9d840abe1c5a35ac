"""chDB (ClickHouse in the process) as a peer, in two designs.

In: parcels. Out: MergeTree tables whose parts are fsynced. Knows nothing of timing.
"""

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from chdb import session

from bench.peers.decoding import COLUMNS, SCREENING_COLUMNS, Parcel
from bench.peers.peer import Keyed, Marked, Peer, Sums

_SAFE = "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"
_EVENT = ", ".join(f"{name} Int64" for name in COLUMNS)
_SCREENING = (
    "screening Int64, cinema String, said String, work String, start String, screen String, "
    "seats Int64"
)
_STATE = "screening Int64, admissions Int64, gross Int64"
_TABLES = (
    "CREATE DATABASE bench ENGINE = Atomic",
    f"CREATE TABLE bench.event ({_EVENT}) ENGINE = MergeTree ORDER BY {{order}} {_SAFE}",
    f"CREATE TABLE bench.screening ({_SCREENING}) ENGINE = MergeTree ORDER BY screening {_SAFE}",
    f"CREATE TABLE bench.state ({_STATE}) ENGINE = SummingMergeTree ORDER BY screening {_SAFE}",
)


class Chdb(Peer):
    """A session in a folder. chDB knows one session in a process at a time."""

    name = "chDB"
    order: ClassVar[str] = "line"
    shared: ClassVar[Any] = None

    def __init__(self, folder: Path, server: str = "") -> None:
        super().__init__(folder, server)
        if Chdb.shared is None:
            Chdb.shared = session.Session(str(folder / "chdb"))
            Chdb.shared.query("SET max_threads = 2")
        self._session = Chdb.shared
        self._database = type(self).__name__.lower()
        for text in _TABLES:
            self.run(text.format(order=self.order))

    def run(self, text: str, form: str = "CSV") -> Any:  # noqa: ANN401
        """Run one statement in this peer's database."""
        return self._session.query(text.replace("bench", self._database), form)

    def append(self, table: str, rows: pa.Table) -> None:
        """Append an Arrow table."""
        if rows.num_rows:
            arrived = rows  # noqa: F841  (chDB finds it by its name)
            names = ", ".join(rows.column_names)
            place = f"{self._database}.{table} ({names})"
            self._session.query(f"INSERT INTO {place} SELECT {names} FROM Python(arrived)", "CSV")

    def name_new(self, parcel: Parcel) -> None:
        """Write down screenings that were never seen."""
        if parcel.screenings:
            columns = zip(*parcel.screenings, strict=True)
            self.append("screening", pa.table(dict(zip(SCREENING_COLUMNS, columns, strict=True))))

    def two(self, text: str) -> Sums:
        """Two sums of a table, and the conflicts counted on the way."""
        gross, admissions = self.run(text).bytes().decode().strip().split(",")
        return Sums(int(gross), int(admissions), self.conflicts)

    def close(self) -> None:
        """Let go of everything."""
        self.run("DROP DATABASE bench SYNC")


class ChdbKeyed(Keyed, Chdb):
    """The events ordered by stream and number; each batch is looked up there first."""

    design = "lookup by sorting key + summing table"
    rules: ClassVar[str] = (
        "events and state are two commits, so a crash between them must be repaired; no rules or "
        "decisions"
    )
    order = "(stream, number)"

    def commit(self, parcel: Parcel) -> None:
        """Store what is new, durably."""
        first = self.first_in_batch(parcel)
        columns = first.columns
        asked = pa.table({name: columns[name] for name in ("stream", "number")})  # noqa: F841
        found = self._session.query(
            f"SELECT stream, number, content FROM {self._database}.event WHERE (stream, number) IN "
            "(SELECT stream, number FROM Python(asked))",
            "ArrowTable",
        )
        fresh = first.take(self._new(columns, found))
        self.name_new(fresh)
        self.append("event", pa.table({name: fresh.columns[name] for name in COLUMNS}))
        self.append("state", _deltas(fresh))

    def _new(self, columns: dict[str, Any], found: pa.Table) -> Any:  # noqa: ANN401
        keys = (columns["stream"] << 40) | columns["number"]
        if not found.num_rows:
            return np.arange(len(keys))
        stream, number, content = (found.column(n).to_numpy() for n in range(3))
        order = np.argsort(known := (stream << 40) | number)
        known, content = known[order], content[order]
        at = np.searchsorted(known, keys).clip(0, len(known) - 1)
        hit = known[at] == keys
        self.conflicts += int((hit & (content[at] != columns["content"])).sum())
        return np.flatnonzero(~hit)

    def sums(self) -> Sums:
        """What is stored adds up to."""
        return self.two("SELECT sum(gross), sum(admissions) FROM bench.state")


class ChdbMarked(Marked, Chdb):
    """Appends only, in the order of arrival."""

    design = "marks and state in memory, append only"
    rules: ClassVar[str] = "given Pharos' marks; state only in memory; no rules or decisions"

    def store(self, fresh: Parcel) -> None:
        """Keep new events, durably."""
        self.name_new(fresh)
        self.append("event", pa.table({name: fresh.columns[name] for name in COLUMNS}))

    def sums(self) -> Sums:
        """What is stored adds up to."""
        return self.two("SELECT sum(gross), sum(admissions) FROM bench.event")


def _deltas(fresh: Parcel) -> pa.Table:
    columns = fresh.columns
    screening, inverse = np.unique(columns["screening"], return_inverse=True)
    sums = {name: np.zeros(len(screening), dtype=np.int64) for name in ("admissions", "gross")}
    for name, total in sums.items():
        np.add.at(total, inverse, columns[name])
    return pa.table({"screening": screening, **sums})
