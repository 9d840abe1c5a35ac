"""Screenings that are recognised by the words of a ticket mention, without a second look.

In: the numbers of descriptions. Out: the accounts they led to when they were last said. Knows
neither rows nor what a description says.
"""

from collections.abc import Iterator

import numpy as np

from pharos.keep.batch import Batch
from pharos.keep.described import Described
from pharos.words.descriptions import Descriptions, Numbering, grown
from pharos.words.figures import Chosen


class Meant:
    """What each mention of a batch means: parallel to the mentions.

    ``open`` are those that must be looked at; ``first`` account (-1: not known yet), number of
    ``parts``, ``books`` spoken of before.
    """

    def __init__(self, batch: Batch, at_once: "AtOnce") -> None:
        """What is known at once."""
        self._numbers = batch.figures.mentions.numbers
        self._at_once = at_once
        self._found: dict[int, Described] = {}
        known = at_once.known(batch)
        self.open = ~known
        self.first = np.where(known, at_once.first[self._numbers], -1)
        self.parts = np.where(known, at_once.parts[self._numbers], 1)
        self.books = np.where(known, at_once.books[self._numbers], 0)
        #: How often a mention that was known had to be doubted.
        self.doubts = 0

    def __len__(self) -> int:
        """How many mentions there are."""
        return len(self.open)

    def described(self, index: int) -> Described | None:
        """The screening, or the day, that a mention means."""
        if index in self._found or self.first[index] < 0:
            return self._found.get(index)
        return self._at_once.found[int(self._numbers[index])]

    def set(self, index: int, described: Described) -> None:
        """A mention means this screening."""
        self._found[index], self.open[index] = described, False
        self.first[index], self.parts[index] = described.first, described.parts
        self.books[index] = described.books

    def doubt(self, index: int) -> None:
        """A mention must be looked at again."""
        self._found.pop(index, None)
        self.open[index], self.first[index] = True, -1
        self.doubts += 1

    def look(self) -> Iterator[int]:
        """The mentions that must be looked at, in order; doubts that come up on the way too."""
        index = -1
        while index + 1 < len(self.open) and bool(self.open[index + 1 :].any()):
            doubts = self.doubts
            for ahead in np.flatnonzero(self.open[index + 1 :]).tolist():
                if self.open[index + 1 + ahead]:
                    yield index + 1 + ahead
                if self.doubts > doubts:
                    break
            else:
                return
            index += 1 + ahead


class AtOnce:
    """Screenings by the number of a ticket mention's description.

    A till that says the same again and again is understood without a second look. The arrays have
    one value for each description: the first account (-1: look), how many, the books spoken of.
    """

    def __init__(self) -> None:
        """Nothing is known."""
        self._of: Descriptions | None = None
        self._senders = Numbering()
        self.found: list[Described | None] = []
        self._begin()

    def _begin(self) -> None:
        self.found = []
        self._sender = np.zeros(0, dtype=np.int64)
        self.first = np.zeros(0, dtype=np.int64)
        self.parts = np.zeros(0, dtype=np.int64)
        self.books = np.zeros(0, dtype=np.int64)

    def known(self, batch: Batch) -> Chosen:
        """Which mentions of a batch are known at once."""
        mentions = batch.figures.mentions
        self._reserve(mentions.of)
        sender = np.array([self._senders[report.sender] for report in batch.reports])
        mine: Chosen = self._sender[mentions.numbers] == sender[batch.report_of]
        return mine & (self.first[mentions.numbers] >= 0)

    def heard(self, batch: Batch, mention: int, described: Described) -> None:
        """A mention's screening was spoken of in another book."""
        number = int(batch.figures.mentions.numbers[mention])
        if self.found[number] is described:
            self.books[number] = described.books

    def remember(self, number: int, described: Described) -> None:
        """Know a ticket mention at once the next time."""
        if (before := self.found[number]) is not None:
            before.descriptions.remove(number)
        self.found[number] = described
        self._sender[number] = self._senders[described.sender]
        self.first[number], self.parts[number] = described.first, described.parts
        self.books[number] = described.books
        described.descriptions.append(number)

    def forget(self, described: Described) -> None:
        """A description no longer holds: mentions that led to it must be looked at anew."""
        for number in described.descriptions:
            if number < len(self.found) and self.found[number] is described:
                self.found[number] = None
                self.first[number] = -1
        described.descriptions.clear()

    def _reserve(self, of: Descriptions) -> None:
        if of is not self._of:
            self._of = of
            self._begin()
        count = len(of)
        self.found += [None] * (count - len(self.found))
        self._sender, self.first = grown(self._sender, count, -1), grown(self.first, count, -1)
        self.parts, self.books = grown(self.parts, count, 1), grown(self.books, count, 0)
