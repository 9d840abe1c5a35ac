"""The figures of a day's accounts, book by book, and which books of which accounts count.

In: postings by slot. Out: their sums. Knows neither registers nor places: what stands here never
changes its meaning.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from pharos.measure.tally_running import COUNTS, MONEY, Whole, distinct
from pharos.words.descriptions import grown
from pharos.words.figures import Book, Chosen, Ints

#: What is kept of an account's figures, by book.
FIGURES = ("said", *MONEY, *(name for name in COUNTS if not name.startswith("prime")))


class Figures:
    """Sums by slot and book. A figure that is nowhere said takes no room."""

    def __init__(self) -> None:
        """Nothing was posted."""
        self._room = 0
        #: By book the figures that it has, and a row of them for each slot: those of one account
        #: lie together, which is what makes adding to accounts here and there fast.
        self._names: dict[int, list[str]] = {}
        self._rows: dict[int, Ints] = {}
        #: By book how often each account was dropped; it counts where this is not above zero.
        self._dropped: dict[int, Ints] = {}

    @property
    def books(self) -> list[int]:
        """The books that have figures."""
        return sorted(self._rows)

    def grow(self, count: int) -> None:
        """Have room for so many slots."""
        if count <= self._room:
            return
        self._room = max(count, self._room + self._room // 2)
        for book, rows in self._rows.items():
            self._rows[book] = _taller(rows, (self._room, rows.shape[1]))
        for book, times in self._dropped.items():
            self._dropped[book] = grown(times, self._room, 0)

    def add(self, slots: Ints, book: int, said: Mapping[str, Ints]) -> None:
        """Add what is said to the sums of accounts."""
        names = self._names.setdefault(book, [])
        fresh = [name for name in said if name not in names]
        if fresh or book not in self._rows:
            names += fresh
            rows = self._rows.get(book, np.zeros((0, 0), dtype=np.int64))
            self._rows[book] = _taller(rows, (self._room, len(names)))
        flat, start = self._rows[book].reshape(-1), slots * len(names)
        for name, values in said.items():
            np.add.at(flat, start + names.index(name), values)

    def of(self, slots: Ints, book: int) -> dict[str, Ints]:
        """The sums of some accounts in a book."""
        if book not in self._rows:
            return {}
        found = self._rows[book].take(slots, axis=0)
        return {name: found[:, nth] for nth, name in enumerate(self._names[book])}

    def counts(self, slots: Ints, book: int) -> Chosen | None:
        """Of which accounts a book counts; None is all of them."""
        times = self._dropped.get(book)
        if times is None:
            return None
        counts: Chosen = times[slots] <= 0
        return None if counts.all() else counts

    def drop(self, slots: Ints, book: int, deltas: Ints) -> Iterator[tuple[Ints, int]]:
        """Let a book of accounts count no more (+1) or again (-1).

        The slots for which that makes a difference, and whether they are now less (-1) or more (1).
        """
        times = self._dropped.setdefault(book, np.zeros(self._room, dtype=np.int64))
        touched = distinct(slots)
        before = times[touched] > 0
        np.add.at(times, slots, deltas)
        after = times[touched] > 0
        yield touched[after & ~before], -1
        yield touched[before & ~after], 1

    def rows_behind(self, kinds: Whole) -> Ints:
        """How many report rows stand behind each kind of account, whether they count or not."""
        found = np.zeros(int(kinds.max(initial=-1)) + 1, dtype=np.int64)
        for book in self.books:
            if book > Book.SUPPLY and "said" in self._names[book]:
                column = self._rows[book][: len(kinds), self._names[book].index("said")]
                np.add.at(found, kinds, column)
        return found


def _taller(rows: Ints, shape: tuple[int, int]) -> Ints:
    taller = np.zeros(shape, dtype=np.int64)
    taller[: rows.shape[0], : rows.shape[1]] = rows
    return taller
