"""What goes wrong on the way: late, repeated, out of order, silent. It changes no total.

In: seconds at which messages would leave, chance. Out: when they leave, what is sent twice, which
cinemas' clocks are off and who is silent when. Knows no figure.
"""

from dataclasses import dataclass

import numpy as np

from pharos.rehearse.arrays import Chosen, Ints, Random
from pharos.rehearse.country import Country, Grain
from pharos.rehearse.events import SLICE

#: Of a thousand messages: how many are late by up to _LATE seconds, overtaken by some seconds,
#: sent again as they are, or have their events sent again in another message.
_LATE_ONES, _OVERTAKEN, _AGAIN, _EVENTS_AGAIN = 4, 30, 5, 3
_LATE, _SHORT = 3 * 3600, 90
#: Of a thousand cinemas: whose clock is off, and who falls silent for up to _SILENT seconds.
_CLOCKS_OFF, _SILENT_ONES, _SILENT = 20, 15, 30 * 3600
_OFF_MINUTES = 25


@dataclass(frozen=True, slots=True)
class Habits:
    """Each cinema's wrong clock in seconds, and from when to when it sends nothing."""

    clock_off: Ints
    silent_from: Ints
    silent_to: Ints

    def silent(self, cinema: Ints, second: int) -> Chosen:
        """Which of these cinemas send nothing at this second."""
        return (self.silent_from[cinema] <= second) & (second < self.silent_to[cinema])


def habits(country: Country, first: int, last: int, draw: Random) -> Habits:
    """How cinemas misbehave between two seconds; those that send tickets only."""
    count = len(country)
    tickets = country.grain == Grain.TICKETS
    off = (draw.random(count) * 1000 < _CLOCKS_OFF) & tickets
    minutes = draw.integers(2, _OFF_MINUTES + 1, count) * draw.choice([-1, 1], count)
    silent = (draw.random(count) * 1000 < _SILENT_ONES) & tickets
    if tickets.any():
        # However few cinemas there are, one of each kind is among them.
        one, other = draw.choice(np.flatnonzero(tickets), 2)
        off[one], silent[other] = True, True
    begins = draw.integers(first, max(last - _SILENT, first + 1), count) // SLICE * SLICE
    lasts = draw.integers(3600, _SILENT, count) // SLICE * SLICE
    return Habits(
        clock_off=np.where(off, minutes * 60, 0),
        silent_from=np.where(silent, begins, 0),
        silent_to=np.where(silent, begins + lasts, 0),
    )


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one message: seconds of delay; when its bytes or its events come again."""

    delay: int
    again: int
    events_again: int


def fates(count: int, draw: Random) -> list[Fate]:
    """What becomes of the next messages."""
    dice = draw.random((4, count)) * 1000
    waits = draw.random((3, count))
    late = np.where(dice[0] < _LATE_ONES, waits[0] ** 2 * _LATE, 0)
    short = np.where(dice[1] < _OVERTAKEN, waits[0] * _SHORT, 0)
    again = np.where(dice[2] < _AGAIN, 5 + waits[1] * 1800, 0)
    events = np.where(dice[3] < _EVENTS_AGAIN, 5 + waits[2] * 3600, 0)
    columns = (late + short, again, events)
    return [Fate(*map(int, row)) for row in zip(*(c.tolist() for c in columns), strict=True)]
