"""A day's screenings: which work on which screen at which time.

In: the country, the programme, what each cinema's audience wanted the day before, chance. Out: a
plan without audience and prices. Knows no ticket.
"""

from dataclasses import dataclass

import numpy as np

from pharos.rehearse.arrays import Chosen, Ints, Random, Reals, apportioned
from pharos.rehearse.country import LARGE, Country, Grain
from pharos.rehearse.programme import Programme
from pharos.rehearse.slate import GHOST_SLOT, Slate

#: Most screenings of one screen in a day.
_MOST = 7
#: Minutes of advertisements and cleaning after each screening; times are multiples of _GRID.
_BREAK, _GRID = 15, 5
#: When the last screening begins if the day is long enough, in minutes from midnight.
_LAST = (20 * 60 + 30, 23 * 60 + 30)
#: One cinema in so many has a screening at night that nobody saw, sold out at _GHOST_MINUTE.
_GHOST_ONE_IN, _GHOST_MINUTE = 500, 27 * 60 + 30


@dataclass(frozen=True, slots=True)
class Taste:
    """What each cinema shows of each work, relative to the country: cinemas by works.

    ``shut`` says for cinema and day where nothing is shown at all.
    """

    of_work: Reals
    shut: Chosen

    @classmethod
    def at_first(
        cls, country: Country, programme: Programme, shut: Chosen, draw: Random
    ) -> "Taste":
        """Cinemas differ before anybody came."""
        return cls(draw.lognormal(0, 0.25, (len(country), len(programme.works))), shut)

    def after(self, slate: Slate, day: int) -> "Taste":
        """Cinemas give more room to what filled their halls, less to what did not."""
        where = slate.of_day(day)
        shape = self.of_work.shape
        key = slate["cinema"][where] * shape[1] + slate["work"][where]
        size = shape[0] * shape[1]
        came = np.bincount(key, slate["target"][where], size).reshape(shape)
        seats = np.bincount(key, slate["seats"][where], size).reshape(shape)
        everywhere = came.sum(axis=0) / np.maximum(seats.sum(axis=0), 1)
        filled = np.where(seats > 0, (came + 5) / (seats + 5 / np.maximum(everywhere, 0.01)), 0)
        relative = np.where(seats > 0, filled / np.maximum(everywhere, 0.01), 1)
        return Taste(np.clip(self.of_work**0.7 * relative**0.5, 0.2, 5), self.shut)


def schedule(
    country: Country, programme: Programme, day: int, taste: Taste, draw: Random
) -> dict[str, Ints]:
    """The screenings of a business day, sorted by cinema, screen and time."""
    shows = (country.grain > 0) & ~taste.shut[:, day]
    counts = _counts(country, int(programme.screenings[day]), shows, draw)
    work = _works(country, programme.share[day] * taste.of_work, draw)
    held = np.arange(_MOST) < counts[:, None]
    start = _starts(country, programme.runtime[work], counts, draw)
    screen, slot = np.nonzero(held)
    of_format = country.screen_format[screen]
    plan: dict[str, Ints] = {
        "cinema": country.screen_cinema[screen],
        "screen": country.screen_nth[screen],
        "slot": slot + 1,
        "work": work[held],
        "version": programme.version_of[work[held], of_format],
        "minute": start[held],
        "seats": country.screen_seats[screen],
        "large": (of_format == LARGE).astype(np.int64),
        "ghost": np.zeros(len(screen), dtype=np.int64),
    }
    plan = _with_ghosts(country, plan)
    plan["day"] = np.full(len(plan["cinema"]), day)
    plan["start"] = programme.midnight[day] + 60 * plan["minute"]
    plan["ends"] = plan["start"] + 60 * programme.runtime[plan["work"]]
    return plan


def _counts(country: Country, total: int, shows: Chosen, draw: Random) -> Ints:
    """How many screenings each screen has; they add up to ``total`` as far as screens allow."""
    busy = draw.uniform(0.85, 1.15, len(country))[country.screen_cinema]
    busy = busy * draw.uniform(0.9, 1.1, len(busy)) * shows[country.screen_cinema]
    counts = np.minimum(apportioned(busy, total, draw.random()), _MOST)
    room = np.flatnonzero((counts < _MOST) & (busy > 0))
    missing = total - int(counts.sum())
    if missing > 0:
        counts[draw.permutation(room)[:missing]] += 1
    return counts


def _works(country: Country, wanted: Reals, draw: Random) -> Ints:
    """A work for each possible screening of each screen: screens by _MOST."""
    ladder = np.cumsum(wanted, axis=1)
    ladder /= ladder[:, -1:]
    of_screen = ladder[country.screen_cinema]
    where = draw.random((len(of_screen), _MOST))
    found = np.zeros(where.shape, dtype=np.int64)
    for step in range(of_screen.shape[1] - 1):
        found += where > of_screen[:, step, None]
    return found


def _starts(country: Country, runtime: Ints, counts: Ints, draw: Random) -> Ints:
    """Minutes from midnight: one after the other with breaks, spread over the day."""
    length = -(-(runtime + _BREAK) // _GRID) * _GRID
    before = np.cumsum(length, axis=1) - length
    last_of_screen = np.maximum(counts - 1, 0)
    needed = np.take_along_axis(before, last_of_screen[:, None], axis=1)[:, 0]
    latest = draw.integers(*_LAST, len(counts))
    opens = country.opens[country.screen_cinema] + _GRID * draw.integers(0, 15, len(counts))
    free = np.maximum(latest - opens - needed, 0)
    # A screen with little to show opens later rather than pausing for hours.
    delay = np.where(counts <= 3, free * draw.uniform(0.3, 0.9, len(counts)), 0)
    # Pauses differ, lest the whole country begins at the same hours.
    pauses = draw.random((len(counts), _MOST)) + 0.2
    pauses[:, 0] = 0
    waited = np.cumsum(pauses, axis=1)
    whole = np.take_along_axis(waited, last_of_screen[:, None], axis=1)
    share = waited / np.maximum(whole, 0.2)
    start = (opens + delay)[:, None] + before + share * (free - delay)[:, None]
    begins: Ints = (start // _GRID).astype(np.int64) * _GRID
    return begins


def _with_ghosts(country: Country, plan: dict[str, Ints]) -> dict[str, Ints]:
    """The plan with a few screenings deep in the night on first screens, before day begins."""
    places = np.arange(_GHOST_ONE_IN // 4, len(country), _GHOST_ONE_IN)
    places = places[country.grain[places] == Grain.TICKETS]
    first = np.searchsorted(plan["cinema"], places)
    first = first[np.isin(places, plan["cinema"])]
    if not len(first):
        return plan
    ghosts = {name: column[first].copy() for name, column in plan.items()}
    ghosts["slot"][:] = GHOST_SLOT
    ghosts["minute"][:] = _GHOST_MINUTE
    ghosts["ghost"][:] = 1
    both = {name: np.concatenate([plan[name], ghosts[name]]) for name in plan}
    order = np.argsort(both["cinema"], kind="stable")
    return {name: column[order] for name, column in both.items()}
