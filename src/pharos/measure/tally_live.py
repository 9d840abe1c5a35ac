"""The live days together: each batch finds its accounts and goes to their days.

In: what the ledger holds, then the rows of each batch. Out: days at one position. Knows no SQL
and no measure. One thread writes; readers hold ``lock`` while they take what they need, and see
whole batches only.
"""

import copy
import threading
from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa

from pharos.measure.tally_day import ACCOUNT, Day
from pharos.measure.tally_figures import FIGURES
from pharos.measure.tally_places import Places
from pharos.measure.tally_running import distinct
from pharos.measure.tally_slots import Slots
from pharos.words.figures import Book, Ints

Rows = Mapping[str, pa.Table]


class Live:
    """Days from ``first`` on, and how far they are."""

    def __init__(self, first: date, lock: threading.Lock) -> None:
        """Nothing is known."""
        self.first = first
        self.lock = lock
        self.days: dict[date, Day] = {}
        self.places = Places()
        self.position = 0
        #: Whether anything was said of earlier days.
        self.has_older = False
        #: Counted up when something changes that sums over earlier days depend on.
        self.older_version = 0
        #: How many closings of days were said.
        self.closings = 0
        #: Held by who changes anything, for as long as it takes.
        self._changing = threading.Lock()
        self._slots = Slots()
        self._numbers: dict[date, int] = {}

    def take(self, rows: Rows) -> None:
        """Follow one batch that the ledger has committed."""
        with self._changing:
            self._take(rows)

    def _take(self, rows: Rows) -> None:
        changed = self.places.learn(rows)
        # What takes long is made aside: until it is put in its place, readers see what was.
        fresh = {}
        for when, day in self.days.items():
            if changed is None or day.moved(changed, self.places):
                fresh[when] = copy.copy(day)
                fresh[when].derive_anew(self.places)
        with self.lock:
            self.days |= fresh
            self.older_version += changed is None or bool(changed)
            if "account" in rows:
                self.open(rows["account"])
            if "posting" in rows:
                self._post(rows["posting"])
            if "unpublished" in rows:
                self.drop(rows["unpublished"])
            if "spoke" in rows:
                self.speak(rows["spoke"])
            if "closing_fact" in rows:
                self.closings += rows["closing_fact"].num_rows
            if "applied" in rows:
                self.position = int(ints(rows["applied"], "position").max())

    def forget_before(self, first: date) -> None:
        """Let days go that are no longer live."""
        with self._changing, self.lock:
            gone = [when for when in self.days if when < first]
            self.first = max(self.first, first)
            for when in gone:
                del self.days[when]
            self._slots.keep({self._numbers[when] for when in self.days})
            self.has_older = self.has_older or bool(gone)
            self.older_version += bool(gone)

    def load(self, rows: pa.Table) -> None:
        """Add sums of postings; `derive_anew` makes the totals afterwards."""
        found, kept = self._live(rows)
        books, figures = ints(rows, "book")[kept], _figures(rows, kept)
        for day, chosen, slots in self._by_day(found):
            day.load(slots, books[chosen], {n: v[chosen] for n, v in figures.items()})

    def derive_anew(self) -> None:
        """Make all totals."""
        for day in self.days.values():
            day.derive_anew(self.places)

    def drop(self, rows: pa.Table, *, total: bool = True) -> None:
        """Let books count no more, or again."""
        found, kept = self._live(rows)
        books, deltas = ints(rows, "book")[kept], ints(rows, "delta")[kept]
        for day, chosen, slots in self._by_day(found):
            day.drop(slots, books[chosen], deltas[chosen], total=total)

    def speak(self, rows: pa.Table) -> None:
        """Take note of who gave figures."""
        dates, cinemas = _dates(rows), ints(rows, "cinema")
        said = ints(rows, "book") > Book.SUPPLY
        for when in distinct(dates[said]):
            if (day := self._day(when)) is not None:
                day.speak(cinemas[said & (dates == when)])

    def open(self, accounts: pa.Table, *, derive: bool = True) -> None:
        """Take in accounts of live days; of others only that they are there."""
        numbers = ints(accounts, "account")
        order = np.argsort(numbers, kind="stable")
        # A screening that was withdrawn is described by an account below zero.
        order = order[numbers[order] >= 0]
        dates = _dates(accounts)[order]
        columns = {name: ints(accounts, name, -1)[order] for name in ACCOUNT}
        for when in distinct(dates):
            chosen = dates == when
            if (day := self._day(when)) is None:
                self._touch_older()
                continue
            places = self.places if derive else None
            slots = day.open({n: c[chosen] for n, c in columns.items()}, places)
            self._slots.put(numbers[order][chosen], self._numbers[day.date], slots)

    def _post(self, rows: pa.Table) -> None:
        found, kept = self._live(rows)
        books, figures = ints(rows, "book")[kept], _figures(rows, kept)
        for day, chosen, slots in self._by_day(found):
            day.post(slots, books[chosen], {n: v[chosen] for n, v in figures.items()})

    def _live(self, rows: pa.Table) -> tuple[Ints, Ints]:
        """Where the accounts of rows are, and which rows those are that are of live days."""
        found = self._slots.find(ints(rows, "account"))
        kept = np.flatnonzero(found >= 0)
        if len(kept) < len(found):
            self._touch_older()
        return found[kept], kept

    def _touch_older(self) -> None:
        self.has_older = True
        self.older_version += 1

    def _by_day(self, found: Ints) -> list[tuple[Day, Ints, Ints]]:
        """The days that rows are of, the places of their rows, and their slots."""
        numbers, slots = found >> 32, found & 0xFFFFFFFF
        parts = []
        for day in self.days.values():
            chosen = np.flatnonzero(numbers == self._numbers[day.date])
            if len(chosen):
                parts.append((day, chosen, slots[chosen]))
        return parts

    def _day(self, when: np.datetime64) -> Day | None:
        """The live day of a date, a new one if need be; None if it is too early."""
        known: date = when.astype("datetime64[D]").item()
        if known < self.first:
            return None
        if known not in self.days:
            self.days[known] = Day(known)
            self._numbers[known] = len(self._numbers)
        return self.days[known]


def ints(rows: pa.Table, name: str, missing: int = 0) -> Ints:
    """A column as 64-bit integers; what is not said is ``missing``."""
    column = rows.column(name).cast(pa.int64())
    if column.null_count:
        column = column.fill_null(missing)
    found: Ints = column.to_numpy()
    return found


def _dates(rows: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    return np.asarray(rows.column("business_date").to_numpy(), dtype="datetime64[D]")


def _figures(rows: pa.Table, kept: Ints) -> dict[str, Ints]:
    """The quantities of some rows; a quantity that is nowhere said is left out."""
    there = set(rows.column_names)
    found = {name: ints(rows, name) for name in FIGURES if name in there}
    everything = len(kept) == rows.num_rows
    return {n: v if everything else v[kept] for n, v in found.items() if v.any()}
