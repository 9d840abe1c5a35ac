"""Places by gross: who is ahead of whom.

In: the rows that compete, with their sums. Out: a place for each, or why there is none. Knows no
SQL.

Only what has figures competes: a work that is only scheduled has no place, and stands ahead of
nobody. A gross below zero (more was given back than sold) is a gross like any other and comes
after nothing sold. Where the gross of one rival is not known, nobody can say who is ahead.
"""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

from pharos.errors import NoNumber
from pharos.measure.catalogue import GROSS
from pharos.measure.compute import Row, value

Keys = tuple[Any, ...]


class Ranking:
    """Places among the values of the first dimension, all other dimensions and currency alike."""

    def __init__(self, rivals: Iterable[tuple[Keys, int | None, Row]], basis: str) -> None:
        """``rivals`` holds keys, currency and sums of everything that has figures."""
        self._basis = basis
        self._row: dict[tuple[Keys, int | None], Row] = {}
        self._rivals: dict[tuple[Keys, int | None], list[Row]] = {}
        self._sorted: dict[tuple[Keys, int | None], list[int]] = {}
        for keys, currency, row in rivals:
            self._row[keys, currency] = row
            self._rivals.setdefault((keys[1:], currency), []).append(row)

    def place(self, keys: Keys, currency: int | None) -> int:
        """1 for the largest gross; equals share a place. Raises NoNumber."""
        if (keys, currency) not in self._row:
            raise NoNumber("it has no figures to rank by")
        mine = value(GROSS, self._row[keys, currency], self._basis)
        everyone = self._ascending((keys[1:], currency))
        return 1 + len(everyone) - bisect_right(everyone, mine)

    def _ascending(self, rest: tuple[Keys, int | None]) -> list[int]:
        """Every gross of those alike in the rest. Raises NoNumber where one is not known."""
        if rest not in self._sorted:
            try:
                found = [value(GROSS, row, self._basis) for row in self._rivals[rest]]
            except NoNumber as reason:
                raise NoNumber(f"the gross of one that it ranks among: {reason}") from None
            self._sorted[rest] = sorted(found)
        return self._sorted[rest]
