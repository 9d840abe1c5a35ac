"""Tickets, slice by slice of the rehearsal's clock: sales, refunds, voids, exchanges.

In: the slate, the country, chance. Out: the events of each slice, numbered in the order of each
cinema's sales. What is remembered is one number for each screening, not one for each ticket.
Knows no message.
"""

import numpy as np

from pharos.rehearse.arrays import Ints, Random, Reals
from pharos.rehearse.country import Country
from pharos.rehearse.demand import CHANNELS, TENTH, TICKET_TYPES
from pharos.rehearse.events import SIGN, SLICE, Act, Events
from pharos.rehearse.slate import Slate
from pharos.rehearse.takebacks import JUST_BEFORE, TakeBacks

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


class Sales:
    """The tills of a country; ``clock_off`` is by how many seconds each cinema's clock is wrong."""

    def __init__(self, country: Country, slate: Slate, clock_off: Ints, draw: Random) -> None:
        """Nothing is sold yet."""
        self._country, self._slate, self._clock_off, self._draw = country, slate, clock_off, draw
        self.last_number: Ints = np.zeros(len(country), dtype=np.int64)
        self._takebacks = TakeBacks(slate, clock_off, draw)
        self._types = _table([often for _, often, _ in TICKET_TYPES])
        self._channels = _table([often for _, often in CHANNELS])
        self._parts = np.array([part for _, _, part in TICKET_TYPES])

    def slice(self, begin: int, hour: int) -> Events:
        """What happens in the slice that begins at this second, in this local hour."""
        back = self._takebacks.due(begin + SLICE)
        sold = self._sold(begin, hour)
        # A seat given back is sold from the next slice on, never before it was given back.
        given_back = back.screening[SIGN[back.act] < 0]
        np.add.at(self._slate["open"], given_back, 1)
        both = Events.joined([back, sold])
        if not len(both):
            return both
        made = self._numbered(both)
        self._takebacks.plan(made.take(made.act == Act.SALE), begin + SLICE)
        return made

    def _sold(self, begin: int, hour: int) -> Events:
        slate = self._slate
        rows, chances = self._chances(begin, hour)
        counts = self._draw.binomial(slate["open"][rows], chances)
        slate["open"][rows] -= counts.astype(np.int32)
        screening = np.repeat(rows, counts)
        return self._priced(screening, begin)

    def _chances(self, begin: int, hour: int) -> tuple[Ints, Reals]:
        """Screenings looked at in this slice, and how likely each open ticket is sold in it."""
        near, far = self._near(begin), self._far(begin, hour)
        rows = np.concatenate([near, far])
        is_near = np.arange(len(rows)) < len(near)
        looked = self._slate["open"][rows] > 0
        rows, is_near = rows[looked], is_near[looked]
        left = self._slate["start"][rows] + (_AFTER_START - begin)
        later = _sold_later(left)
        sooner = _sold_later(left - np.where(is_near, SLICE, SLICE * _TURNS))
        chances = 1 - sooner / np.maximum(later, 1e-12)
        chances *= np.where(is_near, 1.0, _RHYTHM[hour])
        chances[left <= SLICE] = 1
        return rows, np.clip(chances, 0, 1)

    def _near(self, begin: int) -> Ints:
        """Screenings that begin soon, or began a moment ago."""
        bounds = (begin - _AFTER_START, begin - _AFTER_START + _NEAR)
        found = [
            order[slice(*np.searchsorted(starts, bounds, side="right").tolist())]
            for order, starts in self._slate.by_start
        ]
        return np.concatenate([np.zeros(0, dtype=np.int64), *found])

    def _far(self, begin: int, hour: int) -> Ints:
        """Those of the later screenings whose turn it is; at night nobody buys ahead."""
        slate = self._slate
        if _RHYTHM[hour] == 0:
            return np.zeros(0, dtype=np.int64)
        days = [day for day, (_, starts) in enumerate(slate.by_start) if starts[-1] > begin]
        first = slate.first[days[0]] if days else len(slate)
        # Each screening has its turn once an hour.
        turn = (begin // SLICE - first) % _TURNS
        rows = np.arange(first + turn, len(slate), _TURNS)
        return rows[slate["start"][rows] > begin - _AFTER_START + _NEAR]

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


def _with_references(events: Events) -> Events:
    just = events.refers == JUST_BEFORE
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
