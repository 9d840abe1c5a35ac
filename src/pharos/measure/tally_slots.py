"""Where each live account is: the number of its day, and its slot in it.

In: accounts, which are numbered as they are opened. Out: for any of them day << 32 | slot, or -1.
Accounts of live days are few among all, and lie close together: they stand in pages.
"""

import numpy as np

from pharos.measure.tally_running import distinct
from pharos.words.descriptions import grown
from pharos.words.figures import Ints

_BITS = 12
_PAGE = 1 << _BITS


class Slots:
    """The pages."""

    def __init__(self) -> None:
        """No account is live."""
        self._page_of = np.full(0, -1, dtype=np.int64)
        self._pages = np.full((0, _PAGE), -1, dtype=np.int64)
        self._count = 0

    def put(self, accounts: Ints, day: int, slots: Ints) -> None:
        """Remember where accounts are."""
        pages = accounts >> _BITS
        self._page_of = grown(self._page_of, int(pages.max(initial=-1)) + 1, -1)
        for page in distinct(pages[self._page_of[pages] < 0]).tolist():
            self._page_of[page] = self._begin()
        self._pages[self._page_of[pages], accounts & (_PAGE - 1)] = (day << 32) | slots

    def find(self, accounts: Ints) -> Ints:
        """Where accounts are; -1 for those that are not live."""
        if not self._count:
            return np.full(len(accounts), -1, dtype=np.int64)
        pages = accounts >> _BITS
        known = (pages >= 0) & (pages < len(self._page_of))
        at = np.where(known, self._page_of[np.where(known, pages, 0)], -1)
        found = self._pages[at, accounts & (_PAGE - 1)]
        return found if (at >= 0).all() else np.where(at >= 0, found, -1)

    def keep(self, days: set[int]) -> None:
        """Forget the accounts of all other days, and the pages on which none is left."""
        pages = self._pages[: self._count]
        pages[~np.isin(pages >> 32, list(days))] = -1
        alive = (pages >= 0).any(axis=1)
        moved = np.where(alive, np.cumsum(alive) - 1, -1)
        known = self._page_of >= 0
        self._page_of[known] = moved[self._page_of[known]]
        self._pages = pages[alive]
        self._count = len(self._pages)

    def _begin(self) -> int:
        if self._count == len(self._pages):
            more = max(16, self._count // 2)
            self._pages = np.concatenate([self._pages, np.full((more, _PAGE), -1, np.int64)])
        self._count += 1
        return self._count - 1
