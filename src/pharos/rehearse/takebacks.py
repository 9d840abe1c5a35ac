"""Tickets that are taken back: refunded, voided, exchanged for another screening.

In: sales as they happen, chance. Out: later events that refer to them. Knows no message.
"""

import numpy as np

from pharos.rehearse.arrays import Chosen, Ints, Random
from pharos.rehearse.events import Act, Events
from pharos.rehearse.slate import Slate

#: Of a thousand tickets that can still be taken back, how many are, and how.
_TAKEN_BACK = 19
_ACTS = (int(Act.REFUND), int(Act.VOID), int(Act.EXCHANGE_OUT))
_OFTEN = (0.8, 0.07, 0.13)
#: No ticket is taken back in the last moments before its screening.
_FIRM = 900
#: Stands for "the event right before this one" until numbers are given.
JUST_BEFORE = -1


class TakeBacks:
    """What will be taken back: the events as they will happen, still without numbers."""

    def __init__(self, slate: Slate, clock_off: Ints, draw: Random) -> None:
        """Nothing is planned yet."""
        self._slate, self._clock_off, self._draw = slate, clock_off, draw
        self._pending = Events.none()

    def plan(self, sales: Events, after: int) -> None:
        """Choose which of these sales will be taken back, when and how."""
        latest = self._slate["start"][sales.screening] - _FIRM
        may = np.flatnonzero((latest > after) & (self._slate["ghost"][sales.screening] == 0))
        chosen = may[self._draw.random(len(may)) * 1000 < _TAKEN_BACK]
        if not len(chosen):
            return
        back, until = sales.take(chosen), latest[chosen]
        act = self._draw.choice(_ACTS, len(chosen), p=_OFTEN)
        # Most change their minds soon; a void sets a slip of the till right at once.
        wait = self._draw.random(len(chosen)) ** 2
        wait[act == Act.VOID] *= 0.01
        second = after + (wait * (until - after)).astype(np.int64)
        sold_at = second + self._clock_off[back.cinema]
        planned = Events(back.screening, back.cinema, act, second, back.ticket_type, back.channel,
                         back.paid, back.fee, back.number, np.zeros_like(act), sold_at)  # fmt: skip
        self._pending = Events.joined([self._pending, planned])

    def due(self, until: int) -> Events:
        """What is taken back before ``until``; some tickets are exchanged for another screening.

        The seats given back are for the caller to open again.
        """
        due = self._pending.second < until
        if not due.any():
            return Events.none()
        back, self._pending = self._pending.take(due), self._pending.take(~due)
        back = back.take(np.argsort(back.second, kind="stable"))
        chosen, partner = self._partners(back, until)
        back.act[(back.act == Act.EXCHANGE_OUT) & ~chosen] = Act.REFUND
        taken = back.take(chosen)
        self._slate["open"][partner] -= 1
        act = np.full(len(taken), int(Act.EXCHANGE_IN))
        # Refers to the event right before it, whose number is not known yet.
        new = Events(partner, taken.cinema, act, taken.second, taken.ticket_type, taken.channel,
                     taken.paid, taken.fee, np.full(len(taken), JUST_BEFORE), taken.number,
                     taken.sold_at)  # fmt: skip
        both = Events.joined([back, new])
        key = np.concatenate([np.arange(len(back)), np.flatnonzero(chosen) + 0.5])
        return both.take(np.argsort(key, kind="stable"))

    def _partners(self, back: Events, until: int) -> tuple[Chosen, Ints]:
        """Which tickets find another screening of their cinema and day, and which one."""
        slate = self._slate
        chosen: Chosen = back.act == Act.EXCHANGE_OUT
        first = np.array(slate.first)
        partners = back.screening.copy()
        for place in np.flatnonzero(chosen).tolist():
            day = slate["day"][back.screening[place]]
            cinemas = slate["cinema"][first[day] : first[day + 1]]
            ends = first[day] + np.searchsorted(
                cinemas, [back.cinema[place], back.cinema[place] + 1]
            )
            partners[place] = self._draw.integers(*ends)
        chosen &= (slate["open"][partners] > 0) & (slate["start"][partners] - _FIRM > until)
        chosen &= slate["ghost"][partners] == 0
        # One seat of a screening a slice, lest the last one be promised twice.
        places = np.flatnonzero(chosen)
        _, once = np.unique(partners[places], return_index=True)
        chosen[:] = False
        chosen[places[once]] = True
        return chosen, partners[chosen]
