"""Which ticket events were heard before: exact, by number, without an index over all events.

In: streams, numbers and content hashes of a batch. Out: for each event whether it is new, a
repeat, or another content under a number that was used. Knows no SQL; the ledger keeps the same
marks in its table ``heard``, in the same transaction as the postings.

Each stream (sender, cinema, name, epoch) has a contiguous high-water mark. Numbers above it that
have arrived out of order wait in order; contents of the last RECENT numbers below it stay in
memory, older ones are asked from the ledger.
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

#: Events that came lately and wait, before they are put among the others.
LATELY = 1 << 16

_NONE: Ints = np.zeros(0, dtype=np.int64)

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
        #: By stream: the last number whose content is not at hand, however recent it is.
        self._floor = np.zeros(0, dtype=np.int64)
        self._recent = np.zeros((0, RECENT), dtype=np.int64)
        self._waiting = Waiting()

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
        for key in self._waiting.fold(self.high).tolist():
            stream, number = key >> NUMBER_BITS, key & NUMBER_MASK
            last = before.get(stream, int(self.high[stream]))
            if number > last + 1:
                found.append((stream, last + 1, number - 1))
            before[stream] = number
        return found

    def restore(self, floor: Ints, keys: Ints, contents: Ints) -> None:
        """Take over what the ledger holds; nothing was heard here before.

        ``floor`` is a number for each stream up to which it has no gap; ``keys`` are all events
        above it. Contents below are asked from the ledger when somebody repeats them.
        """
        self._reserve(len(floor))
        self.high[: len(floor)] = self._floor[: len(floor)] = floor
        self._advance(keys, contents)
        waits = (keys & NUMBER_MASK) > self.high[keys >> NUMBER_BITS]
        self._waiting = Waiting(keys[waits], contents[waits])

    def _known(self, keys: Ints) -> Ints:
        streams, numbers = keys >> NUMBER_BITS, keys & NUMBER_MASK
        high = self.high[streams]
        old = numbers <= np.maximum(high - RECENT, self._floor[streams])
        known = np.zeros(len(keys), dtype=np.int64)
        at_hand = (numbers <= high) & ~old
        known[at_hand] = self._recent[streams[at_hand], numbers[at_hand] % RECENT]
        if old.any():
            known[old] = self._older(keys[old])
        above = np.flatnonzero(numbers > high)
        known[above] = self._waiting.contents_of(keys[above])
        return known

    def _remember(self, keys: Ints, contents: Ints) -> None:
        """Move every mark up to the first number that is still missing; ``keys`` are in order."""
        streams = keys >> NUMBER_BITS
        begun = streams[(keys & NUMBER_MASK) == self.high[streams] + 1]
        waited, waited_contents = self._waiting.of_streams(begun)
        waits = (waited & NUMBER_MASK) > self.high[waited >> NUMBER_BITS]
        self._advance(
            np.concatenate([keys, waited[waits]]),
            np.concatenate([contents, waited_contents[waits]]),
        )
        rest = (keys & NUMBER_MASK) > self.high[streams]
        self._waiting.put(keys[rest], contents[rest], self.high)

    def _advance(self, keys: Ints, contents: Ints) -> None:
        """Move marks over these events, as far as no number is missing."""
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

    def _store(self, keys: Ints, contents: Ints) -> None:
        self._recent[keys >> NUMBER_BITS, (keys & NUMBER_MASK) % RECENT] = contents

    def _reserve(self, streams: int) -> None:
        have = len(self.high)
        if streams <= have:
            return
        room = max(streams, have + have // 2)
        self.high = np.append(self.high, np.zeros(room - have, dtype=np.int64))
        self._floor = np.append(self._floor, np.zeros(room - have, dtype=np.int64))
        recent = np.zeros((room, RECENT), dtype=np.int64)
        recent[:have] = self._recent
        self._recent = recent


class Waiting:
    """Events above their marks, by key: a long list, and a short one of what came lately.

    What a mark has passed meanwhile stays until the lists are folded into one, so that a batch
    never moves all that waits: in a large country a million events do.
    """

    def __init__(self, keys: Ints = _NONE, contents: Ints = _NONE) -> None:
        """These wait, in any order."""
        order = np.argsort(keys, kind="stable")
        self._long = keys[order], contents[order]
        self._short = _NONE, _NONE

    def contents_of(self, keys: Ints) -> Ints:
        """The contents of events; 0 for those that do not wait."""
        found = np.zeros(len(keys), dtype=np.int64)
        for waiting, contents in (self._long, self._short):
            if len(waiting):
                at = np.minimum(np.searchsorted(waiting, keys), len(waiting) - 1)
                waits = waiting[at] == keys
                found[waits] = contents[at[waits]]
        return found

    def of_streams(self, streams: Ints) -> tuple[Ints, Ints]:
        """Keys and contents of all events of some streams."""
        parts = [_of_streams(part, streams) for part in (self._long, self._short)]
        keys, contents = zip(*parts, strict=True)
        return np.concatenate(keys), np.concatenate(contents)

    def put(self, keys: Ints, contents: Ints, high: Ints) -> None:
        """Let events wait that do not yet; ``keys`` are in order, ``high`` are the marks."""
        if not len(keys):
            return
        at = np.searchsorted(self._short[0], keys)
        self._short = np.insert(self._short[0], at, keys), np.insert(self._short[1], at, contents)
        if len(self._short[0]) > LATELY:
            self.fold(high)

    def fold(self, high: Ints) -> Ints:
        """Make one list of both, without what the marks have passed; its keys, in order."""
        keys = np.concatenate([self._long[0], self._short[0]])
        contents = np.concatenate([self._long[1], self._short[1]])
        order = np.argsort(keys, kind="stable")
        order = order[(keys[order] & NUMBER_MASK) > high[keys[order] >> NUMBER_BITS]]
        self._long = keys[order], contents[order]
        self._short = _NONE, _NONE
        return self._long[0]


def _of_streams(part: tuple[Ints, Ints], streams: Ints) -> tuple[Ints, Ints]:
    keys, contents = part
    begin = np.searchsorted(keys, streams << NUMBER_BITS)
    sizes = np.searchsorted(keys, (streams + 1) << NUMBER_BITS) - begin
    # Each stream's stretch begins where those before it end.
    at = np.arange(sizes.sum()) + np.repeat(begin - np.cumsum(sizes) + sizes, sizes)
    return keys[at], contents[at]
