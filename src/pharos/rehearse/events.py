"""Ticket events in arrays: what happened where, when, for how much.

In: arrays of one length. Out: parts of them, or several as one. Knows no chance and no message.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np

from pharos.rehearse.arrays import Chosen, Ints

#: Seconds of one slice of the rehearsal's clock; screenings begin at whole slices.
SLICE = 300


class Act(IntEnum):
    """What an event is, as the columnar form numbers it."""

    SALE = 0
    REFUND = 1
    VOID = 2
    EXCHANGE_OUT = 3
    EXCHANGE_IN = 4


#: What each act adds.
SIGN = np.array([1, -1, -1, -1, 1])


@dataclass(frozen=True, slots=True)
class Events:
    """Events, one item each.

    ``second`` is when it happened, ``sold_at`` what the till's clock said; ``refers`` is the number
    of the event that this one takes back, 0 for a sale.
    """

    screening: Ints
    cinema: Ints
    act: Ints
    second: Ints
    ticket_type: Ints
    channel: Ints
    paid: Ints
    fee: Ints
    refers: Ints
    number: Ints
    sold_at: Ints

    def __len__(self) -> int:
        return len(self.screening)

    def take(self, chosen: Ints | Chosen | slice) -> "Events":
        """The events at these places."""
        return Events(*(getattr(self, one.name)[chosen] for one in fields(self)))

    @classmethod
    def joined(cls, parts: Sequence["Events"]) -> "Events":
        """All events of some parts, one part after the other."""
        names = [one.name for one in fields(cls)]
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))

    @classmethod
    def none(cls) -> "Events":
        """No event."""
        return cls(*(np.zeros(0, dtype=np.int64) for _ in fields(cls)))
