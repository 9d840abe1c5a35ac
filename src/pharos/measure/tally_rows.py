"""Rows of an answer from the sums of the tally: by work, or by the values of a place.

In: sums by line, or by site and purse. Out: sums by key and currency, and the same over all works.
Knows no measure. The rows are those that `measure.sql` makes of the same postings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from pharos.measure.tally_day import Day, Line
from pharos.measure.tally_running import AT, COLUMNS, ONCE, Whole
from pharos.words.figures import Chosen, Ints

#: A place as (dimension, value); None as a value is what is not known.
Where = tuple[str, str | None]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rows:
    """Sums by key and currency (a code): one row of ``sums`` for each column of COLUMNS.

    ``whole`` says of each row which column of ``wholes`` is the same over all works.
    """

    keys: tuple[str | None, ...]
    currencies: tuple[int, ...]
    sums: Ints
    wholes: Ints
    whole: Ints

    def __len__(self) -> int:
        return len(self.keys)


def by_work(lines: Sequence[Line], sums: Ints) -> Rows:
    """Rows by work and currency."""
    pairs = [(line.work, line.currency) for line in lines]
    keys, at = _numbered(pairs)
    found = _grouped(sums, at, len(keys))
    currencies, money = _numbered([currency for _, currency in keys])
    wholes = _grouped(
        once_over_works([line.lead for line in lines], sums), money[at], len(currencies)
    )
    there = np.flatnonzero(stands(found))
    chosen = [keys[n] for n in there.tolist()]
    return Rows(
        tuple(work for work, _ in chosen),
        tuple(currency for _, currency in chosen),
        found[:, there],
        np.where(stands(wholes), wholes, 0),
        money[there],
    )


def whole(lines: Sequence[Line], sums: Ints) -> Rows:
    """One row for each currency, over all works."""
    currencies, at = _numbered([line.currency for line in lines])
    once = once_over_works([line.lead for line in lines], sums)
    found = _grouped(once, at, len(currencies))
    there = np.flatnonzero(stands(found))
    return _without_whole(
        [None] * len(there), [currencies[n] for n in there.tolist()], found[:, there]
    )


def by_place(day: Day, by: str, where: Where | None) -> Rows:
    """Rows by the values of a place and currency, over all works."""
    sites, purses, sums = day.sums_of_sites()
    if where is not None:
        inside = day.standing[where[0]][sites] == day.value(*where)
        sites, purses, sums = sites[inside], purses[inside], sums[:, inside]
    place = day.standing[by][sites]
    return _of_places(day, by, (place, purses), sums)


def _of_places(day: Day, by: str, at: tuple[Whole, Whole], sums: Ints) -> Rows:
    """The same once it is known where each column of sums belongs."""
    currencies, money = _numbered([currency for currency, _ in day.purses])
    later = np.array([not lead for _, lead in day.purses], dtype=bool)
    sums[ONCE, later[at[1]]] = 0
    many = max(len(currencies), 1)
    names = day.names(by)
    found = _grouped(sums, at[0].astype(np.int64) * many + money[at[1]], many * len(names))
    there = np.flatnonzero(stands(found))
    keys = [names[n] for n in (there // many).tolist()]
    return _without_whole(keys, [currencies[n] for n in (there % many).tolist()], found[:, there])


def _without_whole(keys: Sequence[str | None], currencies: Sequence[int], sums: Ints) -> Rows:
    """Rows of which none is a part of another."""
    nothing = np.zeros((len(COLUMNS), 1), dtype=np.int64)
    part = np.zeros(len(keys), dtype=np.int64)
    return Rows(tuple(keys), tuple(currencies), sums, nothing, part)


def once_over_works(leads: Sequence[bool], sums: Ints) -> Ints:
    """The sums where works are not told apart: what counts once is of leads alone."""
    later = ~np.array(leads, dtype=bool)
    if not later.any():
        return sums
    found = sums.copy()
    found[ONCE, later] = 0
    return found


def stands(sums: Ints) -> Chosen:
    """Of which sums anything stands: figures, or a screening that is held."""
    found: Chosen = (sums[AT["said_rows"]] != 0) | (sums[AT["held"]] != 0)
    return found


def _numbered(values: Sequence[T]) -> tuple[list[T], Ints]:
    """The different ones among values, and of each value the place of its like."""
    numbers: dict[T, int] = {}
    at = [numbers.setdefault(value, len(numbers)) for value in values]
    return list(numbers), np.array(at, dtype=np.int64)


def _grouped(sums: Ints, at: Ints, count: int) -> Ints:
    if count == len(at) and bool((at == np.arange(count)).all()):
        return sums
    found = np.zeros((len(COLUMNS), count), dtype=np.int64)
    for nth in range(len(COLUMNS)):
        np.add.at(found[nth], at, sums[nth])
    return found
