"""Running totals: a cell of sums for each place and line that was ever spoken of.

In: what each posting adds, with its place and line. Out: sums of any of them. Knows neither
registers nor days. Every sum is an exact 64-bit integer.

A line is one work in one territory and currency; the parts of a double feature that follow its
first have lines of their own, since their tickets count once where works are not told apart.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pharos.words.figures import Ints

#: Sums of money: they add up over the works of a double feature.
MONEY = ("gross", "tax", "fee")
#: Sums that count once over the works of a double feature.
COUNTS = (
    *("admissions", "free", "refunded", "screenings", "seats"),
    *("admissions_missing", "free_missing", "tax_missing", "fee_missing"),
    *("refunded_missing", "screenings_missing", "seats_missing"),
    *("prime", "prime_missing"),
)
#: Of every account, whatever counts once: report rows behind money, screenings held, and report
#: rows of day totals.
PRESENCE = ("said_rows", "held", "day_rows")
COLUMNS = (*MONEY, *COUNTS, *PRESENCE)
AT = {name: nth for nth, name in enumerate(COLUMNS)}
ONCE = slice(len(MONEY), len(MONEY) + len(COUNTS))

#: What each posting adds, by column; columns that are left out add nothing.
Adds = Mapping[str, Ints]
#: Integers of any width.
Whole = NDArray[np.signedinteger[Any]]

Values = TypeVar("Values", bound=NDArray[Any])


class Running:
    """The sums of one dimension of place; a place and a line are small dense numbers."""

    def __init__(self) -> None:
        """Nothing was added."""
        #: The cell of each place and line; 0 where there is none.
        self.index = np.zeros((8, 64), dtype=np.int32)
        self.sums = np.zeros((len(COLUMNS), 256), dtype=np.int64)
        self.place = np.zeros(256, dtype=np.int32)
        self.line = np.zeros(256, dtype=np.int32)
        self.count = 1

    def cells(self, places: Whole, lines: Whole) -> Whole:
        """Where the sums of places and lines stand, begun if need be."""
        if not len(places):
            return np.zeros(0, dtype=np.int32)
        self._make_room(int(places.max()), int(lines.max()))
        at = self.index[places, lines]
        if not at.all():
            self._begin(places[at == 0], lines[at == 0])
            at = self.index[places, lines]
        return at

    def add(self, cells: Whole, adds: Adds) -> None:
        """Add what postings say to the sums in these cells."""
        at = cells.astype(np.int64)
        for name, values in adds.items():
            np.add.at(self.sums[AT[name]], at, values)

    def of(self, place: int) -> tuple[Ints, Ints]:
        """The lines of a place, and their sums: one row for each column."""
        if not 0 <= place < len(self.index):
            return np.zeros(0, dtype=np.int64), np.zeros((len(COLUMNS), 0), dtype=np.int64)
        at = self.index[place]
        lines = np.flatnonzero(at)
        return lines, self.sums[:, at[lines]]

    def of_all(self) -> tuple[Whole, Whole, Ints]:
        """Places and lines with their sums."""
        here = slice(1, self.count)
        return self.place[here], self.line[here], self.sums[:, here]

    def over_places(self, lines: int) -> Ints:
        """The sums of each line over all places, one row for each column."""
        found = np.zeros((len(COLUMNS), lines), dtype=np.int64)
        _, line, sums = self.of_all()
        for nth in range(len(COLUMNS)):
            np.add.at(found[nth], line, sums[nth])
        return found

    def _begin(self, places: Whole, lines: Whole) -> None:
        """Give places and lines that are new cells of their own."""
        width = self.index.shape[1]
        fresh = distinct(places.astype(np.int64) * width + lines)
        end = self.count + len(fresh)
        if end > self.sums.shape[1]:
            size = max(end, 2 * self.sums.shape[1])
            self.sums = _wider(self.sums, size)
            self.place, self.line = np.resize(self.place, size), np.resize(self.line, size)
        here = slice(self.count, end)
        self.place[here], self.line[here] = fresh // width, fresh % width
        self.index[self.place[here], self.line[here]] = np.arange(self.count, end)
        self.count = end

    def _make_room(self, place: int, line: int) -> None:
        high, wide = self.index.shape
        if place < high and line < wide:
            return
        shape = (max(place + 1, 2 * high if place >= high else high),
                 max(line + 1, 2 * wide if line >= wide else wide))  # fmt: skip
        larger = np.zeros(shape, dtype=np.int32)
        larger[:high, :wide] = self.index
        self.index = larger


def distinct(values: Values) -> Values:
    """The different ones among values, in order.

    For many values a sort takes a tenth of the time of NumPy's own way to find them.
    """
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    found: Values = ordered[first]  # type: ignore[assignment]
    return found


def _wider(sums: Ints, size: int) -> Ints:
    wider = np.zeros((sums.shape[0], size), dtype=np.int64)
    wider[:, : sums.shape[1]] = sums
    return wider
