"""Runs of works: when each began, its release day, its opening weekend.

In: the days on which a work was shown in a territory, declared releases. Out: numbered runs.
Knows no figure. A run begins with a declared release, or after a territory's gap of days without
a screening; what is shown before the release that is first in its run are previews.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from pharos.words.calendar import weekend_start
from pharos.words.territory import Territory

Key = tuple[str, str]
Release = tuple[date, int | None]


@dataclass(slots=True)
class Run:
    """One run: its number, the first day shown, and its declared release if there is one."""

    number: int
    first: date
    declared: date | None = None

    @property
    def release(self) -> date:
        """The day that counts as day 1."""
        return self.declared or self.first

    def day(self, of: date) -> int | None:
        """Days on release; the release day is 1, a preview has none."""
        return (of - self.release).days + 1 if of >= self.release else None


class Runs:
    """The runs of works by (work, territory), at one edition."""

    def __init__(
        self,
        shown: dict[Key, list[date]],
        releases: dict[Key, list[Release]],
        territories: dict[str, Territory],
    ) -> None:
        """``shown`` holds the sorted days on which each work was shown."""
        self._found = {
            key: _walk(days, releases.get(key, []), _gap(territories, key[1]))
            for key, days in shown.items()
        }

    def all(self) -> dict[Key, list[Run]]:
        """All runs, in order, by (work, territory)."""
        return self._found

    def at(self, work: str, territory: str, day: date) -> Run | None:
        """The run that a date belongs to: the last that has begun, else the first."""
        runs = self._found.get((work, territory), [])
        begun = [run for run in runs if run.first <= day]
        return begun[-1] if begun else (runs[0] if runs else None)

    def span(self, work: str, territory: str, run: Run) -> tuple[date, date] | None:
        """First and last date that belong to a run, as `at` says; None if it is none of these."""
        runs = self._found.get((work, territory), [])
        for nth, one in enumerate(runs):
            if one is run:
                later = [r.first for r in runs[nth + 1 :]]
                last = min(later) - timedelta(days=1) if later else date.max
                return (run.first if nth else date.min), last
        return None


def opening_weekend(run: Run, weekend: tuple[int, ...]) -> tuple[date, date]:
    """The weekend that holds the release day, else the first one after it."""
    day = run.release
    while (first := weekend_start(day, weekend)) is None:
        day += timedelta(days=1)
    return first, first + timedelta(days=len(weekend) - 1)


def _gap(territories: dict[str, Territory], code: str) -> int:
    rules = territories.get(code)
    return rules.run_gap_days if rules else 120


def _walk(days: list[date], releases: list[Release], gap_days: int) -> list[Run]:
    runs: list[Run] = []
    waiting = list(releases)
    previous: date | None = None
    for day in days:
        begins = previous is None or (day - previous).days > gap_days
        if begins:
            runs.append(Run(runs[-1].number + 1 if runs else 1, day))
        while waiting and waiting[0][0] <= day:
            _declare(runs, waiting.pop(0), begins=begins)
        previous = day
    if waiting and runs and runs[-1].declared is None and _fits(runs[-1], waiting[0]):
        # Only previews were shown so far.
        runs[-1].declared = waiting[0][0]
    return runs


def _declare(runs: list[Run], release: Release, *, begins: bool) -> None:
    current, (day, number) = runs[-1], release
    if current.declared is None and (begins or _fits(current, release)):
        current.declared = day
        current.first = min(current.first, day)
        current.number = number or current.number
    else:
        runs.append(Run(number or current.number + 1, day, day))


def _fits(run: Run, release: Release) -> bool:
    return release[1] in (None, run.number)
