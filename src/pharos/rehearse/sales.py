"""Tickets, slice by slice of the rehearsal's clock: sales, refunds, voids, exchanges.

In: the slate, the country, chance. Out: the events of each slice, numbered in the order of each
cinema's sales. What is remembered is one number for each screening, not one for each ticket.
Knows no message.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np

from pharos.rehearse.arrays import Chosen, Ints, Random, Reals
from pharos.rehearse.country import Country
from pharos.rehearse.demand import CHANNELS, TENTH, TICKET_TYPES
from pharos.rehearse.slate import Slate

#: Seconds of one slice; screenings begin at whole slices.
SLICE = 300
#: Tickets are sold until this long after the start.
_AFTER_START = 600
#: Hours before the end of sales, and what part of a screening's tickets is sold later than that.
_LEAD_HOURS = (0, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 72)
_SOLD_LATER = (0, 0.12, 0.25, 0.42, 0.58, 0.66, 0.76, 0.83, 0.90, 0.97, 1)
#: Further ahead than this a screening is looked at once an hour, each in its own slice of it.
_NEAR, _TURNS = 3 * 3600, 12
#: How much is sold ahead at each hour of the day, against the average.
_RHYTHM = np.array([0.25, 0.06, 0, 0, 0, 0, 0.05, 0.3, 0.7, 0.9, 1.1, 1.3, 1.5, 1.2, 1.1, 1.1, 1.2,
                    1.3, 1.5, 1.7, 1.9, 2.0, 1.5, 0.8])  # fmt: skip
#: Of a thousand tickets that can still be taken back, how many are, and how.
_TAKEN_BACK = 19
#: No ticket is taken back in the last moments before its screening.
_FIRM = 900


class Act(IntEnum):
    """What an event is, as the columnar form numbers it."""

    SALE = 0
    REFUND = 1
    VOID = 2
    EXCHANGE_OUT = 3
    EXCHANGE_IN = 4


#: How often each act takes a ticket back, and what each act adds.
_ACTS = (int(Act.REFUND), int(Act.VOID), int(Act.EXCHANGE_OUT))
_OFTEN = (0.8, 0.07, 0.13)
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


class Sales:
    """The tills of a country; ``clock_off`` is by how many seconds each cinema's clock is wrong."""

    def __init__(self, country: Country, slate: Slate, clock_off: Ints, draw: Random) -> None:
        """Nothing is sold yet."""
        self._country, self._slate, self._clock_off, self._draw = country, slate, clock_off, draw
        self.last_number: Ints = np.zeros(len(country), dtype=np.int64)
        #: What will be taken back: the events as they will happen, without a number of their own.
        self._pending = Events.none()
        self._first_open = 0
        self._types = _table([often for _, often, _ in TICKET_TYPES])
        self._channels = _table([often for _, often in CHANNELS])
        self._parts = np.array([part for _, _, part in TICKET_TYPES])

    def slice(self, begin: int, hour: int) -> Events:
        """What happens in the slice that begins at this second, in this local hour."""
        back = self._taken_back(begin + SLICE)
        sold = self._sold(begin, hour)
        both = Events.joined([back, sold])
        if not len(both):
            return both
        made = self._numbered(both)
        self._plan_back(made.take(made.act == Act.SALE), begin + SLICE)
        return made

    def waiting(self) -> int:
        """How many events are still to take tickets back."""
        return len(self._pending)

    def _sold(self, begin: int, hour: int) -> Events:
        slate = self._slate
        rows, chances = self._chances(begin, hour)
        counts = self._draw.binomial(slate["open"][rows], chances)
        slate["open"][rows] -= counts.astype(np.int32)
        screening = np.repeat(rows, counts)
        return self._priced(screening, begin)

    def _chances(self, begin: int, hour: int) -> tuple[Ints, Reals]:
        """Screenings looked at in this slice, and how likely each open ticket is sold in it."""
        slate = self._slate
        while self._first_open < len(slate) and not self._is_open(begin):
            self._first_open += 1
        first = self._first_open
        left = slate["start"][first:] + (_AFTER_START - begin)
        near = left <= _NEAR
        turn = begin // SLICE % _TURNS
        rows = np.arange(first, len(slate))
        looked = (slate["open"][first:] > 0) & (near | (rows % _TURNS == turn))
        if _RHYTHM[hour] == 0:
            looked &= near
        rows, left = rows[looked], left[looked]
        near = near[looked]
        span = np.where(near, SLICE, SLICE * _TURNS)
        later = _sold_later(left)
        chances = 1 - _sold_later(left - span) / np.maximum(later, 1e-12)
        chances *= np.where(near, 1.0, _RHYTHM[hour])
        chances[left <= SLICE] = 1
        return rows, np.clip(chances, 0, 1)

    def _is_open(self, begin: int) -> bool:
        """Whether anything may still happen in the first day that is not behind us."""
        slate = self._slate
        day = int(slate["day"][self._first_open])
        where = slate.of_day(day)
        if slate["start"][where].max() + _AFTER_START > begin:
            return True
        self._first_open = where.stop - 1
        return False

    def _priced(self, screening: Ints, begin: int) -> Events:
        """Sales of these screenings: who buys what where at which second."""
        slate, count = self._slate, len(screening)
        cinema = slate["cinema"][screening].astype(np.int64)
        bits = self._draw.integers(0, 2**32, count, dtype=np.uint32)
        ticket_type = self._types[bits & 1023]
        channel = self._channels[(bits >> 10) & 1023]
        second = begin + ((bits >> 20).astype(np.int64) * SLICE >> 12)
        # A ghost's seats are bought by nobody in particular.
        listed = slate["price"][screening].astype(np.int64) * self._parts[ticket_type]
        paid = (listed + 500 * TENTH) // (1000 * TENTH) * TENTH
        online = (channel == 0) & (paid > 0)
        fee = np.where(online, self._country.fee[cinema], 0)
        act = np.zeros(count, dtype=np.int64)
        sold_at = second + self._clock_off[cinema]
        return Events(screening, cinema, act, second, ticket_type, channel, paid + fee, fee, act,
                      act, sold_at)  # fmt: skip

    def _numbered(self, events: Events) -> Events:
        """The events by cinema and second, each with the next number of its cinema."""
        # Two stable sorts on small keys; of one second, what takes back comes first.
        order = np.argsort((events.second - events.second.min()).astype(np.int16), kind="stable")
        order = order[np.argsort(events.cinema[order].astype(np.int16), kind="stable")]
        sorted_events = events.take(order)
        cinema = sorted_events.cinema
        begins = np.flatnonzero(np.diff(cinema, prepend=-1))
        sizes = np.diff(np.append(begins, len(cinema)))
        nth = np.arange(len(cinema)) - np.repeat(begins, sizes)
        sorted_events.number[:] = self.last_number[cinema] + nth + 1
        self.last_number[cinema[begins]] += sizes
        return _with_references(sorted_events)

    def _plan_back(self, sales: Events, after: int) -> None:
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

    def _taken_back(self, until: int) -> Events:
        """What is taken back before ``until``; its seats are open again, and some are exchanged."""
        due = self._pending.second < until
        if not due.any():
            return Events.none()
        back, self._pending = self._pending.take(due), self._pending.take(~due)
        back = back.take(np.argsort(back.second, kind="stable"))
        chosen, partner = self._partners(back, until)
        back.act[(back.act == Act.EXCHANGE_OUT) & ~chosen] = Act.REFUND
        np.add.at(self._slate["open"], back.screening, 1)
        taken = back.take(chosen)
        self._slate["open"][partner] -= 1
        act = np.full(len(taken), int(Act.EXCHANGE_IN))
        # Refers to the event right before it, whose number is not known yet.
        new = Events(partner, taken.cinema, act, taken.second, taken.ticket_type, taken.channel,
                     taken.paid, taken.fee, np.full(len(taken), _JUST_BEFORE), taken.number,
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


#: Stands for "the event right before this one" until numbers are given.
_JUST_BEFORE = -1


def _with_references(events: Events) -> Events:
    just = events.refers == _JUST_BEFORE
    events.refers[just] = events.number[just] - 1
    return events


def _sold_later(left: Ints) -> Reals:
    """What part of a screening's tickets is sold when fewer than ``left`` seconds are left."""
    hours = np.array(_LEAD_HOURS) * 3600
    part: Reals = np.interp(left, hours, np.array(_SOLD_LATER))
    return part


def _table(often: list[int]) -> Ints:
    """1024 places, each kind as often as said."""
    ends = np.rint(np.cumsum(often) / sum(often) * 1024).astype(np.int64)
    return np.searchsorted(ends, np.arange(1024), side="right")
