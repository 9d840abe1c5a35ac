"""Periods of business dates, as people write them.

In: a text such as "2022-W39" and the territory whose weeks and windows it means. Out: two dates.
Knows no figure and no clock: "today" is written out by whoever asks.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from pharos.errors import BadPeriod, NoWeek, UnknownWindow, nearest
from pharos.words.calendar import week_from_number
from pharos.words.territory import Territory, Window

# Years of four digits from 1000 to 2999 keep every date below inside Python's calendar.
_DAY = r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
_DAYS = re.compile(rf"({_DAY})(?:\.\.({_DAY}))?")
_WEEK = re.compile(r"([12][0-9]{3})-W([0-9]{2})")
_MONTHS = re.compile(r"([12][0-9]{3})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
_WINDOW = re.compile(r"window:([^/]+)/([12][0-9]{3})(?:/([^/]+))?")
_FORMS = (
    "2022-10-01, 2022-10-01..2022-10-07, 2022-W39, 2022-10, 2022-Q4, 2022, "
    "window:national-day/2022 or window:national-day/2022/official"
)


@dataclass(frozen=True, slots=True)
class Period:
    """Business dates from ``first`` to ``last``, both included, and the text that named them."""

    first: date
    last: date
    text: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadPeriod(
                f"period {self.text!r} ends before it begins; write the earlier date first"
            )

    @property
    def days(self) -> int:
        """How many business dates it holds."""
        return (self.last - self.first).days + 1


def parse_period(text: str, territory: Territory) -> Period:
    """The period that a text names in a territory. Raises BadPeriod, NoWeek, UnknownWindow."""
    text = text.strip()
    if match := _DAYS.fullmatch(text):
        return Period(_day(match[1]), _day(match[2] or match[1]), text)
    if match := _WEEK.fullmatch(text):
        return _week(text, int(match[1]), int(match[2]), territory)
    if match := _MONTHS.fullmatch(text):
        return _months(text, int(match[1]), match[2], match[3])
    if match := _WINDOW.fullmatch(text):
        window = _window(match[1], int(match[2]), match[3], territory)
        return Period(window.first, window.last, text)
    raise BadPeriod(f"{text[:60]!r} is no period; write it as one of {_FORMS}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadPeriod(f"{text} is no day of the calendar; correct it ({error})") from error


def _week(text: str, year: int, number: int, territory: Territory) -> Period:
    if territory.week_first is None:
        raise NoWeek(
            f"territory {territory.code} has no rule for its week, so {text} means no days there; "
            "give two dates such as 2022-10-01..2022-10-07, or set week_first in its file"
        )
    first = week_from_number(year, number, territory.week_first)
    if first is None:
        last = 53 if week_from_number(year, 53, territory.week_first) else 52
        raise BadPeriod(
            f"{year} has no week {number} in territory {territory.code}; "
            f"write a week from {year}-W01 to {year}-W{last}"
        )
    return Period(first, first + timedelta(days=6), text)


def _months(text: str, year: int, quarter: str | None, month: str | None) -> Period:
    if quarter is not None:
        first, months = 3 * int(quarter) - 2, 3
    elif month is not None:
        first, months = int(month), 1
    else:
        first, months = 1, 12
    beyond = year * 12 + first - 1 + months
    last = date(beyond // 12, beyond % 12 + 1, 1) - timedelta(days=1)
    return Period(date(year, first, 1), last, text)


def _window(name: str, year: int, variant: str | None, territory: Territory) -> Window:
    named = [w for w in territory.windows if w.name == name]
    # Of several windows that are one run of days, one has them; the others are told its name.
    merged = next((w for w in territory.windows if w.year == year and name in w.merged), None)
    if merged and not any(w.year == year for w in named):
        raise UnknownWindow(
            f"window {name}/{year} of territory {territory.code} is one run of days with "
            f"{merged.name}; write window:{merged.name}/{year}"
        )
    if not named:
        known = {w.name for w in territory.windows}
        raise UnknownWindow(
            f"territory {territory.code} has no window {name!r}; add it to its file, or "
            + nearest(name, known)
        )
    of_year = {w.variant: w for w in named if w.year == year}
    if not of_year:
        years = sorted({w.year for w in named})
        raise UnknownWindow(
            f"window {name} of territory {territory.code} is not known for {year}, only for "
            f"{', '.join(map(str, years))}; add the year to its file, or give two dates"
        )
    # One variant needs no name, and the official one goes before the trade's.
    asked = variant or ("official" if "official" in of_year else next(iter(of_year)))
    if asked not in of_year or (variant is None and len(of_year) > 1 and asked != "official"):
        raise UnknownWindow(
            f"window {name}/{year} of territory {territory.code} has the variants "
            f"{', '.join(sorted(of_year))}; write one of them, as in "
            f"window:{name}/{year}/{min(of_year)}"
        )
    return of_year[asked]
