"""Which ticket events were heard before: exact, by number, without an index over all events.

In: streams, numbers and content hashes of a batch. Out: for each event whether it is new, a
repeat, or another content under a number that was used. Knows no SQL; the ledger keeps the same
marks in its table ``heard``, in the same transaction as the postings.

Each stream (sender, cinema, name, epoch) has a contiguous high-water mark. Numbers above it that
have arrived out of order wait in one sorted array; contents of the last RECENT numbers below it
stay in memory, older ones are asked from the ledger.
"""

import enum
from collections.abc import Callable

import numpy as np

from pharos.words.figures import Ints

#: Contents below the mark that each stream keeps at hand; a power of two.
RECENT = 1024
#: A number takes the low 40 bits of a key, its stream the bits above.
NUMBER_BITS = 40
NUMBER_MASK = (1 << NUMBER_BITS) - 1

Older = Callable[[Ints], Ints]


class Heard(enum.IntEnum):
    """What the marks say of one event."""

    NEW = 0
    REPEAT = 1
    CONFLICT = 2


class Marks:
    """The marks of all streams."""

    def __init__(self, older: Older) -> None:
        """``older(keys)`` gives the contents of numbers that are no longer at hand."""
        self._older = older
        self.high = np.zeros(0, dtype=np.int64)
        self._recent = np.zeros((0, RECENT), dtype=np.int64)
        self._waiting = np.zeros(0, dtype=np.int64)
        self._waiting_contents = np.zeros(0, dtype=np.int64)

    def ask(self, streams: Ints, numbers: Ints, contents: Ints) -> Ints:
        """Judge events in the order of their arrival; shape (n,) of `Heard` values."""
        keys = (streams << NUMBER_BITS) | numbers
        self._reserve(int(streams.max()) + 1 if len(streams) else 0)
        unique, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        known = self._known(unique)
        fresh = known == 0
        reference = np.where(fresh, contents[first], known)
        answer = np.where(contents == reference[inverse], Heard.REPEAT, Heard.CONFLICT)
        answer[first[fresh]] = Heard.NEW
        return answer.astype(np.int64)

    def remember(self, streams: Ints, numbers: Ints, contents: Ints) -> None:
        """Take note of events that are new; each number once."""
        self._reserve(int(streams.max()) + 1 if len(streams) else 0)
        keys = (streams << NUMBER_BITS) | numbers
        order = np.argsort(keys, kind="stable")
        self._remember(keys[order], contents[order])

    def gaps(self) -> list[tuple[int, int, int]]:
        """Missing numbers as (stream, first missing, last missing)."""
        found = []
        before: dict[int, int] = {}
        for key in self._waiting.tolist():
            stream, number = key >> NUMBER_BITS, key & NUMBER_MASK
            last = before.get(stream, int(self.high[stream]))
            if number > last + 1:
                found.append((stream, last + 1, number - 1))
            before[stream] = number
        return found

    def restore(self, high: Ints, keys: Ints, contents: Ints) -> None:
        """Take over what the ledger holds: marks per stream, and recent or waiting events."""
        self._reserve(len(high))
        self.high[: len(high)] = high
        order = np.argsort(keys, kind="stable")
        keys, contents = keys[order], contents[order]
        below = (keys & NUMBER_MASK) <= self.high[keys >> NUMBER_BITS]
        self._store(keys[below], contents[below])
        self._waiting, self._waiting_contents = keys[~below], contents[~below]

    def _known(self, keys: Ints) -> Ints:
        streams, numbers = keys >> NUMBER_BITS, keys & NUMBER_MASK
        high = self.high[streams]
        known = np.zeros(len(keys), dtype=np.int64)
        at_hand = (numbers <= high) & (numbers > high - RECENT)
        known[at_hand] = self._recent[streams[at_hand], numbers[at_hand] % RECENT]
        old = numbers <= high - RECENT
        if old.any():
            known[old] = self._older(keys[old])
        if len(self._waiting):
            at = np.searchsorted(self._waiting, keys)
            at[at == len(self._waiting)] = 0
            waits = self._waiting[at] == keys
            known[waits] = self._waiting_contents[at[waits]]
        return known

    def _remember(self, keys: Ints, contents: Ints) -> None:
        """Move every mark up to the first number that is still missing."""
        if len(self._waiting):
            keys = np.concatenate([keys, self._waiting])
            contents = np.concatenate([contents, self._waiting_contents])
            order = np.argsort(keys, kind="stable")
            keys, contents = keys[order], contents[order]
        streams, numbers = keys >> NUMBER_BITS, keys & NUMBER_MASK
        starts = np.flatnonzero(np.diff(streams, prepend=-1))
        sizes = np.diff(np.append(starts, len(keys)))
        # The k-th number of a stream's sorted list continues its mark only if it is mark + 1 + k.
        nth = np.arange(len(keys)) - np.repeat(starts, sizes)
        goes_on = numbers - nth == self.high[streams] + 1
        self._store(keys[goes_on], contents[goes_on])
        moved, steps = np.unique(streams[goes_on], return_counts=True)
        self.high[moved] += steps
        self._waiting, self._waiting_contents = keys[~goes_on], contents[~goes_on]

    def _store(self, keys: Ints, contents: Ints) -> None:
        self._recent[keys >> NUMBER_BITS, (keys & NUMBER_MASK) % RECENT] = contents

    def _reserve(self, streams: int) -> None:
        have = len(self.high)
        if streams <= have:
            return
        room = max(streams, have + have // 2)
        self.high = np.append(self.high, np.zeros(room - have, dtype=np.int64))
        recent = np.zeros((room, RECENT), dtype=np.int64)
        recent[:have] = self._recent
        self._recent = recent
