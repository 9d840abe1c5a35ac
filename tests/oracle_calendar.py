"""Days, weeks and windows for the oracle, by counting days.

In: wall-clock starts, a territory's rules, texts such as "2024-W09". Out: dates and labels.
Must not know any figure; must not use the calendar of the thing it checks (only its territories).
"""

import re
from datetime import date, datetime, time, timedelta

from pharos.words.territory import Territory, Window

ONE_DAY = timedelta(days=1)


class Refused(Exception):
    """The question has no honest answer; the message says why."""


def business_date(local: datetime, day_start: time) -> date:
    """05:59 belongs to the day before and 06:00 to its own day, where the day starts at 06:00.

    The wall clock decides, not the time that has passed: on the days on which clocks change the
    business day is 23 or 25 hours long and still has one date.
    """
    if (local.hour, local.minute, local.second) < (
        day_start.hour,
        day_start.minute,
        day_start.second,
    ):
        return local.date() - ONE_DAY
    return local.date()


def week_start(day: date, first_weekday: int) -> date:
    """Walk back to the day on which weeks begin."""
    while day.weekday() != first_weekday:
        day -= ONE_DAY
    return day


def week_label(start: date) -> str:
    """A week belongs to the year of its fourth day; week 1 is the first such week."""
    year = (start + 3 * ONE_DAY).year
    number = 1
    earlier = start - 7 * ONE_DAY
    while (earlier + 3 * ONE_DAY).year == year:
        number += 1
        earlier -= 7 * ONE_DAY
    return f"{year}-W{number:02d}"


def weekend_start(day: date, weekend: tuple[int, ...]) -> date | None:
    """Walk back to the first day of the weekend; None outside it."""
    if day.weekday() not in weekend:
        return None
    while day.weekday() != weekend[0]:
        day -= ONE_DAY
    return day


def quarter_label(day: date) -> str:
    """January to March are Q1."""
    return f"{day.year}-Q{1 + (day.month - 1) // 3}"


def month_label(day: date) -> str:
    """Such as 2024-03."""
    return f"{day.year}-{day.month:02d}"


def windows_of(day: date, rules: Territory) -> list[tuple[str, int]]:
    """The windows that hold a day, each with the number of that day in it (the first is 1).

    Windows overlap (a festival inside a season), so one day may stand in several of them. Of
    several variants of one window only the one that the question would take is used.
    """
    found = []
    near = {(w.name, w.year) for w in rules.windows if w.first <= day <= w.last}
    for name, year in sorted(near):
        window = window_named(name, year, "", rules)
        if window is not None and window.first <= day <= window.last:
            found.append((f"{name}/{year}", (day - window.first).days + 1))
    return found


def window_named(name: str, year: int, variant: str, rules: Territory) -> Window | None:
    """A window by name; without a variant the official one, else the only one."""
    variants = {w.variant: w for w in rules.windows if w.name == name and w.year == year}
    if variant:
        return variants.get(variant)
    if "official" in variants:
        return variants["official"]
    return next(iter(variants.values())) if len(variants) == 1 else None


def period(text: str, rules: Territory) -> tuple[date, date]:
    """First and last business date of what people write as a period."""
    if match := re.fullmatch(r"window:([a-z0-9-]+)/(\d{4})(?:/([a-z0-9-]+))?", text):
        window = window_named(match[1], int(match[2]), match[3] or "", rules)
        if window is None:
            raise Refused(f"window {text} is not known in {rules.code}")
        return window.first, window.last
    if match := re.fullmatch(r"(\d{4})-W(\d\d)", text):
        return _week(text, int(match[1]), rules)
    if ".." in text:
        first, last = text.split("..")
        return date.fromisoformat(first), date.fromisoformat(last)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text), date.fromisoformat(text)
    for label in (month_label, quarter_label, lambda day: str(day.year)):
        # A month, a quarter or a year is the days that bear its label.
        days = [day for day in days_of_year(int(text[:4])) if label(day) == text]
        if days:
            return days[0], days[-1]
    raise Refused(f"{text} is no period")


def _week(text: str, year: int, rules: Territory) -> tuple[date, date]:
    if rules.week_first is None:
        raise Refused(f"territory {rules.code} has no week")
    for day in days_of_year(year):
        start = week_start(day, rules.week_first)
        if week_label(start) == text:
            return start, start + 6 * ONE_DAY
    raise Refused(f"{year} has no week {text}")


def days_of_year(year: int) -> list[date]:
    """All days of one year, in order."""
    day, days = date(year, 1, 1), []
    while day.year == year:
        days.append(day)
        day += ONE_DAY
    return days


def a_year_before(day: date) -> date:
    """The same date a year before; 29 February has none, so the last day of that February."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return date(day.year - 1, day.month, day.day)
