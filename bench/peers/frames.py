"""Polars as a peer, in two designs.

In: parcels. Out: a frame in memory, and a Parquet file for each batch that is fsynced with its
folder. Knows nothing of timing.
"""

import os
from pathlib import Path
from typing import ClassVar

import polars as pl

from bench.peers.decoding import COLUMNS, SCREENING_COLUMNS, Parcel
from bench.peers.peer import Keyed, Marked, Peer, Sums

_KEY = ["stream", "number"]


class Frames(Peer):
    """Files in a folder, and the events so far as a list of frames."""

    name = "Polars"

    def __init__(self, folder: Path, server: str = "") -> None:
        super().__init__(folder, server)
        self._files = 0
        self.events = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.Int64))

    def write(self, frame: pl.DataFrame, name: str) -> None:
        """Write a file that survives a crash."""
        self._files += 1
        path = self.folder / f"{name}-{self._files:06}.parquet"
        with path.open("wb") as file:
            frame.write_parquet(file, compression="lz4", statistics=False)
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def keep(self, fresh: pl.DataFrame, parcel: Parcel) -> None:
        """Store new events, and screenings that were never seen."""
        if parcel.screenings:
            names = list(SCREENING_COLUMNS)
            self.write(pl.DataFrame(parcel.screenings, schema=names, orient="row"), "screening")
        self.write(fresh, "event")
        self.events.extend(fresh)

    def sums(self) -> Sums:
        """What is stored adds up to."""
        stored = pl.scan_parquet(self.folder / "event-*.parquet")
        row = stored.select(pl.sum("gross"), pl.sum("admissions")).collect().row(0)
        return Sums(int(row[0]), int(row[1]), self.conflicts)


class FramesKeyed(Keyed, Frames):
    """Each batch is joined with all events so far."""

    design = "anti-join with all events in memory"
    rules: ClassVar[str] = "state is summed when it is asked; no rules or decisions"

    def commit(self, parcel: Parcel) -> None:
        """Store what is new, durably."""
        first = self.first_in_batch(parcel)
        frame = pl.DataFrame(first.columns)
        known = self.events.lazy().select(*_KEY, pl.col("content").alias("before"))
        found = known.join(frame.lazy().select(_KEY), on=_KEY, how="semi").collect()
        both = frame.join(found, on=_KEY, how="left", maintain_order="left")
        differs = pl.col("before").is_not_null() & (pl.col("before") != pl.col("content"))
        self.conflicts += int(both.select(differs.sum()).item())
        fresh = both.filter(pl.col("before").is_null()).drop("before")
        self.keep(fresh, first)


class FramesMarked(Marked, Frames):
    """Appends only."""

    design = "marks and state in memory, append only"
    rules: ClassVar[str] = "given Pharos' marks; a folder of files, no transactions; no rules"

    def store(self, fresh: Parcel) -> None:
        """Keep new events, durably."""
        self.keep(pl.DataFrame(fresh.columns), fresh)
