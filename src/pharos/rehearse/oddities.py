"""What an office sees now and then: cinemas that stay silent, close, report twice, err.

In: how many of each a scenario wants, the country, chance. Out: which cinemas, and the rows that
cannot be read. Knows no clock.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pharos.rehearse.arrays import Chosen, Ints, Random
from pharos.rehearse.country import Country, Grain
from pharos.rehearse.scenario import Odd

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Roles:
    """Cinemas by what they do; ``shut`` says for cinema and day where nothing is shown."""

    shut: Chosen
    closed: Ints
    twice: Ints
    corrected: Ints

    @property
    def odd_day(self) -> int:
        """The day in the middle, on which a figure is wrong at first."""
        return int(self.shut.shape[1]) // 2


def cast(odd: Odd, country: Country, days: int, draw: Random) -> tuple[Country, Roles]:
    """Who plays which part; the country then knows who sends nothing at all."""
    tickets = draw.permutation(np.flatnonzero(country.grain == Grain.TICKETS))
    by_day = draw.permutation(np.flatnonzero(country.grain == Grain.DAY_TOTALS))
    ends = np.cumsum([odd.never, odd.silent_at_last, odd.twice])
    never, silent, twice = np.split(tickets[: ends[-1]], ends[:-1])
    closed, corrected = np.split(by_day[: odd.closed_a_day + odd.corrected], [odd.closed_a_day])
    shut = np.zeros((len(country), days), dtype=np.bool_)
    shut[silent, days // 2 + 1 :] = True
    shut[closed, days - 1] = True
    grain = country.grain.copy()
    grain[never] = Grain.NOTHING
    return replace(country, grain=grain), Roles(shut, closed, twice, corrected)


def unreadable(count: int, row: Row) -> list[Row]:
    """Rows about a screening that will be held: each breaks another rule of the format."""
    wrong: tuple[Row, ...] = (
        {"paid": "12.345"},
        {"paid": "-9.00"},
        {"paid": "9.00", "sold_at": "yesterday"},
        {"paid": "9.00", "quantity": -1},
    )
    told = {"kind": "tickets", "sold_at": row["start"], "ticket_type": "adult"} | row
    return [told | {"event_id": f"odd-{n + 1}"} | wrong[n % len(wrong)] for n in range(count)]
