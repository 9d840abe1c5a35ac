"""Events are put into messages of their vendor, and meet with disorder on their way.

In: the events of a slice. Out: parcels in the post. Knows no figure and no bytes.
"""

from collections.abc import Iterator

import numpy as np

from pharos.rehearse.arrays import Random
from pharos.rehearse.country import Country, vendor_name
from pharos.rehearse.disorder import Habits, fates
from pharos.rehearse.events import Act, Events
from pharos.rehearse.letters import Letters
from pharos.rehearse.post import Load, Post

TICKETS = "tickets"
#: How long a vendor takes to send what it has gathered, in seconds.
_HAND_OVER = 2


class Courier:
    """Sends the tickets of all vendors, at most ``size`` events a message."""

    def __init__(self, country: Country, habits: Habits, letters: Letters, size: int) -> None:
        """Nothing is held back yet."""
        self._vendor = country.vendor.astype(np.int16)
        self._habits, self._letters, self._size = habits, letters, size
        self._held = Events.none()

    def send(self, events: Events, begin: int, post: Post, draw: Random) -> None:
        """Give the events of a slice to the post; a silent cinema's wait until it speaks again."""
        both = Events.joined([self._held, events])
        silent = self._habits.silent(both.cinema, begin)
        self._held = both.take(silent)
        spoken = both.take(~silent) if silent.any() else both
        sale = spoken.act == Act.SALE
        for part in (spoken.take(sale), spoken.take(~sale)):
            if len(part):
                self._give(part, begin, post, draw)

    def _give(self, events: Events, begin: int, post: Post, draw: Random) -> None:
        order = np.argsort(np.maximum(events.second - begin, 0).astype(np.int16), kind="stable")
        order = order[np.argsort(self._vendor[events.cinema[order]], kind="stable")]
        ordered = events.take(order)
        parts = list(self._parts(ordered))
        write = self._letters.tickets if events.act[0] == Act.SALE else self._letters.taken_back
        for where, fate in zip(parts, fates(len(parts), draw), strict=True):
            part = ordered.take(where)
            sender = vendor_name(int(self._vendor[part.cinema[0]]))
            told = max(int(part.second[-1]), begin) + _HAND_OVER
            leaves = told + fate.delay

            def written(second: int, part: Events = part) -> bytes:
                return write(second, part)

            load = Load(sender, TICKETS, written, len(part))
            parcel = post.give(leaves, load)
            if fate.again:
                post.again(parcel, leaves + fate.again)
            if fate.events_again:
                post.give(leaves + fate.events_again, load)

    def _parts(self, ordered: Events) -> Iterator[slice]:
        """Stretches of one vendor's events, none longer than a message."""
        vendor = self._vendor[ordered.cinema]
        ends = np.append(np.flatnonzero(np.diff(vendor)) + 1, len(vendor)).tolist()
        begin = 0
        for end in ends:
            for start in range(begin, end, self._size):
                yield slice(start, min(start + self._size, end))
            begin = end
