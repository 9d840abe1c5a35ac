"""The cinemas of a pretend country: where they stand, their screens, their vendor, their habits.

In: a country's data, how many cinemas, chance. Out: arrays, one item a cinema or a screen. Knows
no screening and no ticket.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from pharos.rehearse.arrays import Ints, Random, Reals, apportioned
from pharos.rehearse.scenario import CountrySaid


class Grain(IntEnum):
    """What a cinema sends; the numbers are those of the ledger's books, 0 is nothing at all."""

    NOTHING = 0
    TICKETS = 1
    SCREENING_TOTALS = 2
    DAY_TOTALS = 3


#: What a screen is: an ordinary one, or one with a large format.
FORMATS = ("2D", "IMAX", "3D")
ORDINARY, LARGE = 0, 1


@dataclass(frozen=True, slots=True)
class City:
    """A city: its names, province and tier."""

    name: str
    chinese: str
    province: str
    tier: str


@dataclass(frozen=True, slots=True)
class Country:
    """All cinemas, sorted by vendor; ``city``, ``chain`` and ``word`` are places in its lists.

    ``screen_*`` are arrays over all screens, those of one cinema side by side; ``first_screen`` has
    one item more than there are cinemas. ``level`` is a cinema's prices, ``pull`` its share of the
    audience, ``fee`` what an online ticket costs more.
    """

    said: CountrySaid
    cities: tuple[City, ...]
    vendor: Ints
    city: Ints
    chain: Ints
    word: Ints
    grain: Ints
    level: Reals
    pull: Reals
    fee: Ints
    opens: Ints
    first_screen: Ints
    screen_cinema: Ints
    screen_nth: Ints
    screen_seats: Ints
    screen_format: Ints

    def __len__(self) -> int:
        return len(self.vendor)

    def cinema_id(self, cinema: int) -> str:
        """The id that its senders use for a cinema."""
        return f"C{cinema + 1:05d}"

    def sender(self, cinema: int) -> str:
        """Who sends a cinema's tickets and screening totals."""
        return vendor_name(int(self.vendor[cinema]))

    def chain_sender(self, cinema: int) -> str:
        """Who sends a cinema's day totals: its chain."""
        return f"chain-{self.chain[cinema] + 1:02d}"

    def reporter(self, cinema: int) -> str:
        """Whose figures of a cinema are published."""
        by_chain = self.grain[cinema] == Grain.DAY_TOTALS
        return self.chain_sender(cinema) if by_chain else self.sender(cinema)


def vendor_name(vendor: int) -> str:
    """A vendor as a sender."""
    return f"vendor-{vendor + 1:02d}"


def settle(said: CountrySaid, cinemas: int, draw: Random) -> Country:
    """A country with as many cinemas, shaped as its data says."""
    cities, weights = _cities(said)
    city = np.repeat(np.arange(len(cities)), apportioned(weights, cinemas, draw.random()))
    city = draw.permutation(city)
    tiers = np.array([said.tiers[one.tier] for one in cities])[city]
    screens = _screens(said, cinemas, draw)
    first = np.concatenate([[0], np.cumsum(screens)])
    of_cinema = np.repeat(np.arange(cinemas), screens)
    nth = np.arange(len(of_cinema)) - first[of_cinema]
    seats = np.array([int(text) for text in said.seats])
    often = np.array(list(said.seats.values()), dtype=np.float64)
    screen_seats = draw.choice(seats, len(of_cinema), p=often / often.sum())
    # The first screen of a larger house may show the large format.
    large = (nth == 0) & (screens[of_cinema] >= 7) & (draw.random(len(of_cinema)) < 0.15)
    screen_seats[large] = max(seats)
    return Country(
        said=said,
        cities=cities,
        vendor=np.arange(cinemas) * said.vendors // cinemas,
        city=city,
        chain=draw.integers(0, len(said.chain), cinemas),
        word=draw.integers(0, len(said.word), cinemas),
        grain=_grains(said, cinemas, draw),
        level=tiers * draw.lognormal(0, 0.09, cinemas),
        pull=tiers**2 * draw.lognormal(0, 0.45, cinemas),
        fee=draw.choice(np.array(said.fees), cinemas),
        opens=np.int64(9 * 60) + 5 * draw.integers(0, 13, cinemas),
        first_screen=first,
        screen_cinema=of_cinema,
        screen_nth=nth,
        screen_seats=screen_seats,
        screen_format=np.where(large, LARGE, ORDINARY),
    )


def _cities(said: CountrySaid) -> tuple[tuple[City, ...], Reals]:
    found, weights = [], []
    for province in said.province:
        for name, chinese, tier, weight in province.cities:
            found.append(City(name, chinese, province.name, tier))
            weights.append(float(weight))
    return tuple(found), np.array(weights)


def _screens(said: CountrySaid, cinemas: int, draw: Random) -> Ints:
    fewest, most = said.screens
    # Most houses are small: a triangle with its top near the lower third.
    sizes = draw.triangular(fewest, fewest + (most - fewest) * 0.2, most, cinemas)
    return np.rint(sizes).astype(np.int64)


def _grains(said: CountrySaid, cinemas: int, draw: Random) -> Ints:
    """Exactly as many of each as the data says, and at least one if there are twenty cinemas."""
    wanted = (said.grains.screening_totals, said.grains.day_totals)
    counts = [max(round(cinemas * percent / 100), cinemas // 20 and 1) for percent in wanted]
    grain = np.full(cinemas, int(Grain.TICKETS))
    places = draw.permutation(cinemas)[: sum(counts)]
    grain[places[: counts[0]]] = Grain.SCREENING_TOTALS
    grain[places[counts[0] :]] = Grain.DAY_TOTALS
    return grain
