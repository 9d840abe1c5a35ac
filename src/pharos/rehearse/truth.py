"""What was really sent: the sums that every total of a home must equal to the last cent.

In: the slate with everything that came of its screenings. Out: sums by any cut, and a file. Knows
no message: what was late, repeated or said wrongly on the way is not in it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pharos.rehearse.arrays import Ints
from pharos.rehearse.country import Country, Grain
from pharos.rehearse.events import SIGN, Act, Events
from pharos.rehearse.programme import Programme
from pharos.rehearse.slate import Slate

#: The version of the file; it changes when a column changes its meaning.
VERSION = 1
FILE_NAME, MANIFEST_NAME = "rehearsed-truth.parquet", "rehearsed-truth.json"
#: Hours after midnight at which a business day begins, in all territories that are rehearsed.
DAY_START = 6
#: What is added up; money in minor units.
SUMS = ("screenings", "seats", "admissions", "gross", "fee", "refunds", "presales", "ghosts")

Row = dict[str, Any]


class Truth:
    """Net figures of each screening; it grows while the rehearsal is played."""

    def __init__(self, country: Country, programme: Programme, slate: Slate) -> None:
        """Nothing is known yet."""
        self._country, self._programme, self._slate = country, programme, slate
        #: What is said about the rehearsal in the manifest.
        self.said: Row = {}

    def count(self, events: Events) -> None:
        """Add what happened to the screenings that it happened to."""
        slate, rows = self._slate, events.screening
        sign = SIGN[events.act]
        np.add.at(slate["admissions"], rows, sign.astype(np.int32))
        np.add.at(slate["gross"], rows, sign * events.paid)
        np.add.at(slate["fee"], rows, sign * events.fee)
        np.add.at(slate["refunds"], rows, (events.act == Act.REFUND).astype(np.int32))
        begins = self._programme.midnight[slate["day"][rows]] + DAY_START * 3600
        early = np.where(events.sold_at < begins, sign * events.paid, 0)
        np.add.at(slate["presold"], rows, early)

    def table(self) -> pa.Table:
        """One row a screening: where, what, when, its book, and its figures in minor units."""
        slate, country = self._slate, self._country
        cinema = slate["cinema"]
        city = country.city[cinema]
        columns: dict[str, Any] = {
            "cinema": _texts([country.cinema_id(n) for n in range(len(country))], cinema),
            "city": _texts([one.name for one in country.cities], city),
            "province": _texts([one.province for one in country.cities], city),
            "city_tier": _texts([one.tier for one in country.cities], city),
            "chain": _texts([one.en for one in country.said.chain], country.chain[cinema]),
            "work": _texts(self._programme.work_ids(), slate["work"]),
            "version": _texts([one.id for one in self._programme.versions], slate["version"]),
            "business_date": pa.array(
                np.array(self._programme.dates, dtype="datetime64[D]")[slate["day"]]
            ),
            "screening_hour": pa.array((slate["minute"] // 60 % 24).astype(np.int16)),
            "book": _texts([grain.name.lower() for grain in Grain], country.grain[cinema]),
            "start": pa.array(slate["start"]),
            "screenings": pa.array(np.ones(len(cinema), dtype=np.int64)),
        }
        named = {"presales": "presold", "ghosts": "ghost"}
        for name in SUMS[1:]:
            columns[name] = pa.array(slate[named.get(name, name)].astype(np.int64))
        return pa.table(columns)

    def sums(self, *by: str) -> list[Row]:
        """Sums by any columns of the table, in the order of their keys."""
        wanted = [(name, "sum") for name in SUMS]
        renamed = {f"{name}_sum": name for name in SUMS}
        added = pa.TableGroupBy(self.table(), list(by)).aggregate(wanted)
        rows: list[Row] = added.rename_columns(
            [renamed.get(name, name) for name in added.column_names]
        ).to_pylist()
        return sorted(rows, key=lambda row: [str(row[name]) for name in by])

    def total(self) -> Row:
        """The sums of everything."""
        return self.sums()[0]

    def write(self, folder: Path) -> None:
        """Write the table and its manifest into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        manifest = {"rehearsed": True, "version": VERSION} | self.said | {"total": self.total()}
        table = self.table().replace_schema_metadata({"rehearsed": "true"})
        pq.write_table(table, folder / FILE_NAME, compression="zstd")
        (folder / MANIFEST_NAME).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))


def _texts(texts: Sequence[str], places: Ints) -> pa.Array:
    """Texts by their places, each stored once: sums are by text, not by place."""
    distinct, of_place = np.unique(np.array(texts), return_inverse=True)
    indices = pa.array(of_place[places].astype(np.int32))
    return pa.DictionaryArray.from_arrays(indices, pa.array(distinct.tolist()))
