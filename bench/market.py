"""A seeded national market: cinemas, screenings, and a day's ticket events in arrays.

In: a size and a seed. Out: slices of events as arrays, the same for the same seed. Knows no wire
format and no engine.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

SALE, REFUND = 0, 1
REPEATS, OUT_OF_ORDER, REFUNDS, CONFLICTS = 0.05, 0.01, 0.015, 0.00002
#: Events between an event and its repeat, or by which a late event is late, at most.
REACH = 5_000
#: Tickets in one sale and how often; 2.2 on average.
_PARTY = np.array([0.22, 0.52, 0.14, 0.12])
PRICES = np.arange(2990, 8990, 250)
FEE = 300
WORKS, VENDORS, SEATS = 60, 8, (80, 120, 160, 220, 300)
TICKET_TYPES = ["adult", "member", "student", "voucher"]
CHANNELS = ["app", "counter", "kiosk"]
DAY = datetime(2026, 10, 1, tzinfo=timezone(timedelta(hours=8)))
_OPENS = int((DAY - timedelta(days=2)).timestamp())


@dataclass(frozen=True, slots=True)
class Size:
    """How large the market's day is."""

    cinemas: int
    screenings: int
    tickets: int


@dataclass(frozen=True, slots=True)
class Events:
    """Events in the order of their arrival, one item each; ``vendor`` is who sends them."""

    vendor: Ints
    screening: Ints
    cinema: Ints
    number: Ints
    event: Ints
    sold_at: Ints
    ticket_type: Ints
    channel: Ints
    paid: Ints
    fee: Ints
    #: Which are new (0), a repeat (1), another content under a used number (2).
    kind: Ints

    def __len__(self) -> int:
        return len(self.number)

    def sums(self) -> tuple[int, int, int]:
        """What is new adds up to (gross, admissions); and the number of conflicts."""
        sign = np.where(self.kind == 0, 1 - 2 * self.event, 0)
        return int((sign * self.paid).sum()), int(sign.sum()), int((self.kind == 2).sum())

    def take(self, chosen: Ints) -> "Events":
        """The events at these places."""
        return Events(*(getattr(self, name)[chosen] for name in self.__slots__))


class Market:
    """The day as it goes on: which screenings are known, and the last number of each cinema."""

    def __init__(self, size: Size, seed: int = 7) -> None:
        self.size = size
        self._random = np.random.default_rng(seed)
        count = size.screenings
        self.cinema = np.sort(self._random.integers(0, size.cinemas, count))
        self.vendor_of_cinema = np.arange(size.cinemas) * VENDORS // size.cinemas
        popularity = 1 / np.arange(1, WORKS + 1)
        self.work = self._random.choice(WORKS, count, p=popularity / popularity.sum())
        self.seats = self._random.choice(SEATS, count)
        self.screen = self._random.integers(1, 9, count)
        self.minute = 9 * 60 + 5 * self._random.integers(0, 168, count)
        self._opening = self._random.permutation(count)
        weight = self._random.lognormal(0, 0.6, count)[self._opening]
        self._weights = np.cumsum(weight)
        self.opened = 0
        self._numbers = np.zeros(size.cinemas, dtype=np.int64)
        self._clock = 0

    def start(self, screening: int) -> str:
        """The start of a screening as vendors write it."""
        return (DAY + timedelta(minutes=int(self.minute[screening]))).isoformat()

    def start_epoch(self) -> Ints:
        """Starts of all screenings as epoch seconds."""
        return int(DAY.astimezone(UTC).timestamp()) + self.minute.astype(np.int64) * 60

    def opening(self, until: int) -> Events:
        """One sale for each screening that becomes known, up to ``until`` known screenings."""
        fresh = self._opening[self.opened : until]
        self.opened = max(until, self.opened)
        return self._arrivals(fresh, disturbed=False)

    def slice(self, events: int) -> Events:
        """The next events, disturbed: repeats and late ones; ``events`` counts the repeats."""
        base = round(events / (1 + REPEATS))
        fresh = round(base * self.size.screenings / self.size.tickets)
        fresh = min(fresh, self.size.screenings - self.opened)
        parties = 1 + self._random.choice(4, base, p=_PARTY)
        parties = parties[: int(np.searchsorted(np.cumsum(parties), base)) + 1]
        places = self._random.random(len(parties)) * self._weights[max(self.opened, 1) - 1]
        picked = self._opening[np.searchsorted(self._weights, places)]
        new = self._random.choice(len(parties), fresh, replace=False)
        picked[np.sort(new)] = self._opening[self.opened : self.opened + fresh]
        self.opened += fresh
        return self._arrivals(np.repeat(picked, parties)[:base], disturbed=True)

    def of_few_cinemas(self, events: int, each: int) -> Events:
        """Events of as few cinemas as have ``each`` of them: what is sent once an hour."""
        known = self._opening[: self.opened]
        cinemas = self._random.choice(self.size.cinemas, max(1, events // each), replace=False)
        places = known[np.isin(self.cinema[known], cinemas)]
        count = round(events / (1 + REPEATS))
        picked = np.repeat(self._random.choice(places, count // 2 + 1), 2)[:count]
        return self._arrivals(picked, disturbed=True)

    def _arrivals(self, screening: Ints, *, disturbed: bool) -> Events:
        count = len(screening)
        cinema = self.cinema[screening]
        draw = self._random
        sold = Events(
            vendor=self.vendor_of_cinema[cinema],
            screening=screening,
            cinema=cinema,
            number=self._number(cinema),
            event=(draw.random(count) < REFUNDS).astype(np.int64),
            sold_at=_OPENS + (self._clock + np.arange(count)) // 220,
            ticket_type=draw.integers(0, len(TICKET_TYPES), count),
            channel=draw.integers(0, len(CHANNELS), count),
            paid=PRICES[(screening * 7 + draw.integers(0, 3, count)) % len(PRICES)],
            fee=np.full(count, FEE, dtype=np.int64),
            kind=np.zeros(count, dtype=np.int64),
        )
        self._clock += count
        return self._disturbed(sold) if disturbed else sold

    def _number(self, cinema: Ints) -> Ints:
        """The next numbers of each cinema: dense, first is 1."""
        order = np.argsort(cinema, kind="stable")
        sorted_cinema = cinema[order]
        starts = np.flatnonzero(np.diff(sorted_cinema, prepend=-1))
        sizes = np.diff(np.append(starts, len(cinema)))
        number = np.empty(len(cinema), dtype=np.int64)
        number[order] = np.arange(len(cinema)) - np.repeat(starts, sizes)
        number += self._numbers[cinema] + 1
        self._numbers[sorted_cinema[starts]] += sizes
        return number

    def _disturbed(self, sold: Events) -> Events:
        count, draw = len(sold), self._random
        place = np.arange(count, dtype=np.float64)
        late = draw.random(count) < OUT_OF_ORDER
        place[late] += draw.integers(1, REACH, int(late.sum()))
        again = draw.choice(count, round(count * REPEATS), replace=False)
        both = sold.take(np.concatenate([np.arange(count), again]))
        both.kind[count:] = 1
        other = count + np.flatnonzero(draw.random(len(again)) < CONFLICTS / REPEATS)
        both.kind[other] = 2
        both.paid[other] += 100
        place = np.concatenate([place, place[again] + draw.integers(1, REACH, len(again)) + 0.5])
        return both.take(np.argsort(place, kind="stable"))
