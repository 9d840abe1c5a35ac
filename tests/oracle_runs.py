"""Runs of a work in a territory: when it was released, and which run a date belongs to.

In: the days on which a work was shown, and its declared releases. Out: numbered runs.
Must not know any figure.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from pharos.words.territory import Territory
from tests.oracle_calendar import ONE_DAY, weekend_start
from tests.oracle_counted import Counted
from tests.oracle_said import Row


@dataclass
class Run:
    """One run: its number, the day it begins, and its declared release if there is one."""

    number: int
    first: date
    declared: date | None

    @property
    def release(self) -> date:
        """The day that counts as day 1."""
        return self.declared or self.first

    def day(self, of: date) -> int | None:
        """Days on release, the release day is 1; None for a preview."""
        return (of - self.release).days + 1 if of >= self.release else None


class Runs:
    """The runs of all works at one edition."""

    def __init__(self, counted: Counted, balances: dict[tuple[str, str], list[Row]]) -> None:
        self._registers = counted.registers
        self._found: dict[tuple[str, str], list[Run]] = {}
        self._days: dict[tuple[str, str], set[date]] = {}
        self._sold: dict[tuple[str, str], set[date]] = {}
        self._rules: dict[str, Territory] = {}
        for fact in counted.facts:
            rules = self._registers.territory(fact.cinema, fact.day)
            self._rules[rules.code] = rules
            # Tickets still sold at a cancelled screening do not make a day of showing; they give
            # a work that has no other days its run.
            shown = fact.line is None or fact.screening is None
            days = self._days if shown else self._sold
            for part in fact.parts:
                days.setdefault((part.work, rules.code), set()).add(fact.day)
        for key, rows in balances.items():
            # What a balance brings forward was shown up to its date.
            for row in rows:
                self._days.setdefault(key, set()).add(date.fromisoformat(row["through"]))

    def at(self, work: str, territory: Territory, day: date) -> Run:
        """The run that a date belongs to: the last one that has begun, else the first."""
        key = (work, territory.code)
        if key not in self._found:
            releases = self._registers.releases(work, territory.code)
            days = sorted(self._days.get(key) or self._sold.get(key, {day}))
            self._found[key] = _walk(days, releases, territory.run_gap_days)
        begun = [run for run in self._found[key] if run.first <= day]
        return begun[-1] if begun else self._found[key][0]


def _walk(days: list[date], releases: list[Row], gap_days: int) -> list[Run]:
    """Go through the days a work was shown; a declared release or a long gap begins a run.

    Days before a release that is the first of their run are its previews.
    """
    runs: list[Run] = []
    waiting = list(releases)
    previous: date | None = None
    for day in days:
        begins = previous is None or (day - previous).days > gap_days
        if begins:
            runs.append(Run(len(runs) + 1 if not runs else runs[-1].number + 1, day, None))
        while waiting and date.fromisoformat(waiting[0]["date"]) <= day:
            _declare(runs, waiting.pop(0), begins=begins)
        previous = day
    if waiting and runs and runs[-1].declared is None and _fits(runs[-1], waiting[0]):
        # Only previews were shown so far.
        runs[-1].declared = date.fromisoformat(waiting[0]["date"])
    return runs


def _declare(runs: list[Run], release: Row, *, begins: bool) -> None:
    current, day = runs[-1], date.fromisoformat(release["date"])
    if current.declared is None and (begins or _fits(current, release)):
        current.declared = day
        current.first = min(current.first, day)
        current.number = release.get("run") or current.number
    else:
        runs.append(Run(release.get("run") or current.number + 1, day, day))


def _fits(run: Run, release: Row) -> bool:
    return release.get("run") in (None, run.number)


def opening_weekend(run: Run, weekend: tuple[int, ...]) -> tuple[date, date]:
    """The weekend that holds the release day, else the first one after it."""
    day = run.release
    while weekend_start(day, weekend) is None:
        day += ONE_DAY
    first = weekend_start(day, weekend)
    assert first is not None
    return first, first + timedelta(days=len(weekend) - 1)
