"""A year as twelve small months that need no script: each day in one of a few shades.

In: a number and a text for each day. Out: months, weeks and days as values. Asks nothing.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pharos.serve.language import Language
from pharos.serve.policy import Sight
from pharos.words.calendar import week_start

#: Shades of days with a number; days without have shade 0.
SHADES = 6
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar: ``says`` is all of it in words. ``marks`` are names of classes."""

    date: str
    number: str
    shade: int
    says: str
    link: str
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its weeks have seven places each, None where a day is of another month."""

    name: str
    title: str
    weeks: tuple[tuple[Day | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year. ``legend`` has what each shade begins with; ``marked`` explains the marks."""

    title: str
    weekdays: tuple[tuple[str, str], ...]
    months: tuple[Month, ...]
    legend: tuple[tuple[int, str], ...]
    marked: tuple[tuple[str, str], ...] = ()
    #: Texts and addresses of the years before and after.
    beside: tuple[tuple[str, str], ...] = ()


def shades(numbers: Mapping[date, Decimal]) -> dict[date, int]:
    """The shade of each day by its rank among all, equals alike: the largest have SHADES."""
    placed = sorted(numbers.values())
    return {
        day: -(-bisect_right(placed, number) * SHADES // len(placed))
        for day, number in numbers.items()
    }


def legend(numbers: Mapping[date, Decimal], texts: Mapping[date, str]) -> Iterator[tuple[int, str]]:
    """Each shade that there is with the text of its smallest number."""
    found = shades(numbers)
    least: dict[int, date] = {}
    for day in sorted(numbers, key=lambda day: numbers[day]):
        least.setdefault(found[day], day)
    yield from ((shade, texts[day]) for shade, day in least.items())


def months(
    year: int, days: Mapping[date, Day], week_first: int, language: Language
) -> tuple[Month, ...]:
    """The months of a year; ``week_first`` is the weekday on which its weeks begin (0: Monday)."""
    return tuple(_month(date(year, nth, 1), days, week_first, language) for nth in range(1, 13))


def _month(first: date, days: Mapping[date, Day], week_first: int, language: Language) -> Month:
    weeks, day = [], week_start(first, week_first)
    while day < first or day.month == first.month:
        week = [day + nth * _DAY for nth in range(7)]
        weeks.append(tuple(days[one] if one.month == first.month else None for one in week))
        day += 7 * _DAY
    return Month(month_name(first.month, language), language.month(first), tuple(weeks))


def weekdays(week_first: int, language: Language) -> tuple[tuple[str, str], ...]:
    """The days of a week in order, each in one letter or two, and in full."""
    # The first of January 2024 was a Monday.
    days = [date(2024, 1, 1 + (week_first + nth) % 7) for nth in range(7)]
    return tuple((language.written(day, "EEEEE"), language.written(day, "EEEE")) for day in days)


def month_name(nth: int, language: Language) -> str:
    """A month of the year, 1 is January."""
    return language.written(date(2024, nth, 1), "LLLL")


def plain_calendar(calendar: Calendar | None, sight: Sight) -> dict[str, Any] | None:
    """The same as a value; it leads somebody only where he may go."""
    if calendar is None:
        return None
    months = tuple(
        replace(month, weeks=tuple(tuple(_led(day, sight) for day in week) for week in month.weeks))
        for month in calendar.months
    )
    return asdict(replace(calendar, months=months))


def _led(day: Day | None, sight: Sight) -> Day | None:
    return day and replace(day, link=sight.link(day.link))


def every_day(year: int) -> Sequence[date]:
    """All days of a year."""
    first = date(year, 1, 1)
    return [first + nth * _DAY for nth in range((date(year + 1, 1, 1) - first).days)]
