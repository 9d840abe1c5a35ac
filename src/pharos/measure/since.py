"""Measures that look back over a work's run: cumulative, days on release, multiplier.

In: daily sums of works since their first day, runs, opening balances. Out: exact numbers.
Knows no SQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pharos.errors import NoNumber
from pharos.measure.catalogue import GROSS, Cumulative, Measure, Sum
from pharos.measure.compute import Number, Row, ratio, value
from pharos.measure.edition import Edition
from pharos.measure.runs import Run, Runs, opening_weekend

#: Dimensions by which a balance that was brought forward can still be told.
_UNDIVIDED = {"work", "run", "territory", "distributor", "day_of_release"}

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """A work in a territory, and the last day that a row of the answer holds."""

    work: str
    territory: str
    day: date


class Since:
    """Everything that is needed to look back, for all rows of one answer."""

    def __init__(
        self, edition: Edition, runs: Runs, daily: Iterable[tuple[Key, Row]], basis: str
    ) -> None:
        """``daily`` holds (row key without time, sums) by work, territory and date."""
        self._edition = edition
        self._runs = runs
        self._basis = basis
        self._balances = edition.balances()
        self._daily: dict[tuple[Key, str, str], list[Row]] = defaultdict(list)
        for key, row in daily:
            self._daily[key, row["work"], row["territory"]].append(row)

    def number(
        self, measure: Measure, key: Key, reached: list[Reached], split: set[str]
    ) -> tuple[Number, Mapping[str, Any]]:
        """A measure of one row and its named terms. Raises NoNumber.

        ``key`` is the row's key without time, its last part the code of the row's currency (None
        where the row is of all), ``split`` the dimensions that divide the row.
        """
        if measure.name == "days_on_release":
            return self._days(reached), {}
        if isinstance(measure.how, Cumulative):
            return self._cumulative(measure.how.of, key, reached, split)
        total, terms = self._cumulative(GROSS, key, reached, split)
        opening = sum(self._opening(key, one, split) for one in reached)
        return ratio(total, opening, "gross on the opening weekend"), terms

    def _days(self, reached: list[Reached]) -> int:
        days = {self._run(one).day(one.day) for one in reached}
        if None in days:
            raise NoNumber("preview: not released yet")
        if len(days) != 1:
            raise NoNumber("its works or territories are on different days of release")
        return int(days.pop() or 0)

    def _cumulative(
        self, of: Sum, key: Key, reached: list[Reached], split: set[str]
    ) -> tuple[int, dict[str, Any]]:
        brought, counted, since = 0, 0, []
        for one in reached:
            run = self._run(one)
            balance = self._balance(key, one, run, split)
            first = balance["through"] + timedelta(days=1) if balance else date.min
            counted += self._sum(of, key, one, run, (first, one.day))
            brought += self._brought(of, balance) if balance else 0
            since.append(run.first if not balance else first)
        terms = {"brought_forward": brought, "counted": counted, "since": min(since, default=None)}
        return brought + counted, terms

    def _opening(self, key: Key, one: Reached, split: set[str]) -> int:
        rules = self._edition.territories[one.territory]
        if rules.weekend is None:
            raise NoNumber(f"territory {one.territory} has no weekend")
        run = self._run(one)
        first, last = opening_weekend(run, rules.weekend)
        if one.day < last:
            raise NoNumber("the opening weekend is not over")
        balance = self._balance(key, one, run, split)
        if balance and balance["through"] >= first:
            raise NoNumber("the opening weekend lies in the opening balance")
        return self._sum(GROSS, key, one, run, (first, last))

    def _sum(self, of: Sum, key: Key, one: Reached, run: Run, span: tuple[date, date]) -> int:
        total = 0
        for row in self._daily.get((key, one.work, one.territory), ()):
            day = row["day"]
            inside = span[0] <= day <= span[1]
            if inside and self._runs.at(one.work, one.territory, day) is run:
                total += value(of, row, self._basis)
        return total

    def _run(self, one: Reached) -> Run:
        run = self._runs.at(one.work, one.territory, one.day)
        return run or Run(1, one.day)

    def _balance(self, key: Key, one: Reached, run: Run, split: set[str]) -> dict[str, Any] | None:
        currency = "" if key[-1] is None else self._edition.terms["currency"].texts[key[-1]]
        found = [
            row
            for row in self._balances.get((one.work, one.territory), [])
            if self._runs.at(one.work, one.territory, row["through"]) is run
            and currency in ("", row["currency"])
        ]
        if not found:
            return None
        in_time = [row for row in found if row["through"] <= one.day]
        if not in_time:
            raise NoNumber("the opening balance speaks of a later day")
        divided = sorted(split - _UNDIVIDED)
        if divided:
            raise NoNumber(f"the opening balance cannot be divided by {', '.join(divided)}")
        return max(in_time, key=lambda row: row["through"])

    def _brought(self, of: Sum, balance: Mapping[str, Any]) -> int:
        if of.quantity == "gross" and self._basis != "paid":
            raise NoNumber("the opening balance does not state fee and tax")
        found = balance[of.quantity]
        if found is None:
            raise NoNumber(f"the opening balance does not state {of.quantity}")
        return int(found)
