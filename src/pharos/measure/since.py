"""Measures that look back over a work's run: cumulative, days on release, opening weekend.

In: what rows have reached with the sums of its days, runs, opening balances. Out: exact numbers.
Knows no SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pharos.errors import NoNumber
from pharos.measure.catalogue import GROSS, Cumulative, Measure, Sum
from pharos.measure.compute import Number, Row, ratio, value
from pharos.measure.edition import Edition
from pharos.measure.runs import Run, Runs, opening_weekend

#: Dimensions by which a balance that was brought forward can still be told.
_UNDIVIDED = {"work", "run", "territory", "distributor", "day_of_release"}

#: First and last of a stretch of business dates.
Days = tuple[date, date]


@dataclass(slots=True)
class Reached:
    """A work in a territory, and the last day that a row of the answer holds.

    ``currency`` is that of the row, empty where it is of all; ``counted`` are the sums of its run
    up to that day, ``opened`` those of its opening weekend.
    """

    work: str
    territory: str
    day: date
    currency: str = ""
    counted: Row = field(default_factory=dict)
    opened: Row = field(default_factory=dict)


class Since:
    """Everything that is needed to look back, for all rows of one answer."""

    def __init__(self, edition: Edition, runs: Runs, basis: str, split: set[str]) -> None:
        """``split`` holds the dimensions, other than time, that divide the rows."""
        self._edition = edition
        self._runs = runs
        self._basis = basis
        self._split = split
        self._balances = edition.balances()

    def number(self, measure: Measure, reached: list[Reached]) -> tuple[Number, Mapping[str, Any]]:
        """A measure of one row and its named terms. Raises NoNumber."""
        if measure.name == "days_on_release":
            return self._days(reached), {}
        if isinstance(measure.how, Cumulative):
            return self._cumulative(measure.how.of, reached)
        opening = sum(self._opening(one) for one in reached)
        if measure.name == "opening_weekend_gross":
            return opening, {}
        total, terms = self._cumulative(GROSS, reached)
        return ratio(total, opening, "gross on the opening weekend"), terms

    def days(self, one: Reached) -> Days | None:
        """The days whose sums are counted: those of the run, after what was brought forward."""
        run = self._run(one)
        try:
            balance = self._balance(one, run)
        except NoNumber:
            return None
        first = _after(balance) if balance else date.min
        return self._inside(one, run, (first, one.day))

    def opening_days(self, one: Reached) -> Days | None:
        """The days of the opening weekend, once it is over."""
        run = self._run(one)
        try:
            return self._inside(one, run, self._weekend(one, run))
        except NoNumber:
            return None

    def _inside(self, one: Reached, run: Run, days: Days) -> Days | None:
        """The part of some days that belongs to a run."""
        own = self._runs.span(one.work, one.territory, run)
        if own is None:
            return None
        first, last = max(days[0], own[0]), min(days[1], own[1])
        return (first, last) if first <= last else None

    def _days(self, reached: list[Reached]) -> int:
        days = {self._run(one).day(one.day) for one in reached}
        if None in days:
            raise NoNumber("preview: not released yet")
        if len(days) != 1:
            raise NoNumber("its works or territories are on different days of release")
        return int(days.pop() or 0)

    def _cumulative(self, of: Sum, reached: list[Reached]) -> tuple[int, dict[str, Any]]:
        brought, counted, since = 0, 0, []
        for one in reached:
            run = self._run(one)
            balance = self._balance(one, run)
            counted += value(of, one.counted, self._basis)
            brought += self._brought(of, balance) if balance else 0
            since.append(_after(balance) if balance else run.first)
        terms = {"brought_forward": brought, "counted": counted, "since": min(since, default=None)}
        return brought + counted, terms

    def _opening(self, one: Reached) -> int:
        run = self._run(one)
        first, _ = self._weekend(one, run)
        balance = self._balance(one, run)
        if balance and balance["through"] >= first:
            raise NoNumber("the opening weekend lies in the opening balance")
        return value(GROSS, one.opened, self._basis)

    def _weekend(self, one: Reached, run: Run) -> Days:
        rules = self._edition.territories[one.territory]
        if rules.weekend is None:
            raise NoNumber(f"territory {one.territory} has no weekend")
        first, last = opening_weekend(run, rules.weekend)
        if one.day < last:
            raise NoNumber("the opening weekend is not over")
        return first, last

    def _run(self, one: Reached) -> Run:
        run = self._runs.at(one.work, one.territory, one.day)
        return run or Run(1, one.day)

    def _balance(self, one: Reached, run: Run) -> dict[str, Any] | None:
        found = [
            row
            for row in self._balances.get((one.work, one.territory), [])
            if self._runs.at(one.work, one.territory, row["through"]) is run
            and one.currency in ("", row["currency"])
        ]
        if not found:
            return None
        in_time = [row for row in found if row["through"] <= one.day]
        if not in_time:
            raise NoNumber("the opening balance speaks of a later day")
        divided = sorted(self._split - _UNDIVIDED)
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


def _after(balance: Mapping[str, Any]) -> date:
    """The day after those that a balance brings forward."""
    through: date = balance["through"]
    return through + timedelta(days=1)
