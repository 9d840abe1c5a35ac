"""The lists of holiday windows in the territory files, computed rather than typed.

In: two packages that know holidays (no dependency of Pharos), and the rules of the trade below.
Out: the list `window = [...]` of CN.toml, KR.toml and US.toml, written again; `--check` compares.
To run it, for a further year or after a holiday was moved, set LAST and use an environment apart:

    python3 -m venv build/windows && build/windows/bin/pip install chinesecalendar holidays
    build/windows/bin/python tools/windows.py
"""

import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import holidays
from chinese_calendar import constants

FILES = Path(__file__).parents[1] / "src" / "pharos" / "words" / "territories"
#: The package of the Chinese holidays begins with 2004; rules need no package.
FIRST, FIRST_BY_RULE, LAST = 2004, 2000, 2026

_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 3, 4, 5, 6
_LIST = re.compile(r"^window = \[\n.*?^\]\n", re.DOTALL | re.MULTILINE)

#: Our names of the Chinese holidays, in the order of the file.
_CHINESE = {
    "New Year's Day": "new-year",
    "Spring Festival": "spring-festival",
    "Tomb-sweeping Day": "qingming",
    "Labour Day": "may-day",
    "Dragon Boat Festival": "dragon-boat",
    "Mid-autumn Festival": "mid-autumn",
    "National Day": "national-day",
    "Anti-Fascist 70th Day": "victory-day",
}
#: Where another text than the yearly notice says when the days off are.
_OTHER_NOTICES = {
    ("spring-festival", 2020): "State Council notices; extended to 2 February on 26 January 2020",
    ("victory-day", 2015): "State Council notice on the days off around 3 September 2015",
}
#: The notice of 16 December 2005 says that this Saturday is worked; the package has no such day.
_WORKED_TOO = {date(2005, 12, 31): "New Year's Day"}
#: The Mid-Autumn Festival is a day off since then.
_MID_AUTUMN_SINCE = 2008


@dataclass(frozen=True)
class Entry:
    """One window, as it is written."""

    name: str
    year: int
    first: date
    last: date
    source: str
    variant: str = "official"
    merged: tuple[str, ...] = ()
    workdays: tuple[date, ...] = ()

    def line(self) -> str:
        """The window as one line of the list; what is as usual is left out."""
        parts = [f'name = "{self.name}"', f"year = {self.year}"]
        parts += [f'variant = "{self.variant}"'] if self.variant != "official" else []
        parts += [f"first = {self.first}", f"last = {self.last}"]
        merged = ", ".join(f'"{name}"' for name in self.merged)
        parts += [f"merged = [{merged}]"] if merged else []
        parts += [f"workdays = [{', '.join(map(str, self.workdays))}]"] if self.workdays else []
        return f'    {{ {", ".join(parts)}, source = "{self.source}" }},'


def run_around(day: date, is_off: Callable[[date], bool]) -> tuple[date, date]:
    """The whole run of days off around one of them."""
    first = last = day
    while is_off(first - _DAY):
        first -= _DAY
    while is_off(last + _DAY):
        last += _DAY
    return first, last


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of a month, counted from 1; the last of all if nth is 0."""
    if nth == 0:
        beyond = date(year, month, 28) + 4 * _DAY
        return nth_weekday(beyond.year, beyond.month, weekday, 1) - 7 * _DAY
    first = date(year, month, 1)
    return first + _DAY * ((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def chinese() -> Iterator[Entry]:
    """The public holidays of China, and the trade's seasons beside them."""
    yield from sorted(_chinese_holidays(), key=_place_of_chinese)
    taiwan = _of("TW")
    for year, first in _first_days(taiwan.get_named("Chinese New Year", lookup="exact")).items():
        source = "lunar calendar: the first to the seventh day of its year"
        yield Entry("spring-festival", year, first, first + 6 * _DAY, source, "lunar")
    for year in range(FIRST, LAST + 1):
        source = "trade convention: 1 June to 31 August"
        yield Entry("summer", year, date(year, 6, 1), date(year, 8, 31), source, "trade")
    for year in range(FIRST + 1, LAST + 1):
        source = "convention of Pharos: 25 November to 5 March; no authority fixes it"
        first, last = date(year - 1, 11, 25), date(year, 3, 5)
        yield Entry("new-year-season", year, first, last, source, "trade")


def _chinese_holidays() -> Iterator[Entry]:
    names = {day: _CHINESE[name] for day, name in constants.holidays.items()}
    worked = {day: _CHINESE[name] for day, name in (constants.workdays | _WORKED_TOO).items()}

    def is_off(day: date) -> bool:
        return day in names or (day.weekday() >= _SATURDAY and day not in worked)

    runs: dict[tuple[date, date], set[str]] = {}
    for day, name in names.items():
        runs.setdefault(run_around(day, is_off), set()).add(name)
    festivals = _of("TW").get_named("Mid-Autumn Festival", lookup="exact")
    found = []
    for (first, last), of_run in runs.items():
        # In 2020 both fell on one day, which the package gives to National Day alone.
        if last.year >= _MID_AUTUMN_SINCE and any(first <= day <= last for day in festivals):
            of_run.add("mid-autumn")
        name = "national-day" if "national-day" in of_run else min(of_run)
        merged = tuple(sorted(of_run - {name}))
        assert merged in {(), ("mid-autumn",)}, (first, of_run)
        joins = any(first + n * _DAY not in names for n in range((last - first).days + 1))
        source = f"State Council notice on the public holidays of {last.year}"
        source += ", with the weekend it joins" if joins else ""
        source = _OTHER_NOTICES.get((name, last.year), source)
        found.append(Entry(name, last.year, first, last, source, merged=merged))
    return _with_workdays(found, worked)


def _with_workdays(entries: list[Entry], worked: dict[date, str]) -> Iterator[Entry]:
    """Each window with the weekend days that are worked for it, before or after."""
    days: dict[Entry, list[date]] = {entry: [] for entry in entries}
    for day, name in sorted(worked.items()):
        own = [entry for entry in entries if name in {entry.name, *entry.merged}]
        # The nearest: the days for a New Year may lie in the year before.
        days[min(own, key=lambda entry: abs(entry.first - day))].append(day)
    for entry, own_days in days.items():
        said = (entry.name, entry.year, entry.first, entry.last, entry.source)
        yield Entry(*said, merged=entry.merged, workdays=tuple(own_days))


def _place_of_chinese(entry: Entry) -> tuple[int, int]:
    return [*_CHINESE.values()].index(entry.name), entry.year


def korean() -> Iterator[Entry]:
    """Seollal and Chuseok: three days by the lunar calendar, with all days off that they touch."""
    korea = _of("KR")
    for name, said in (("seollal", "Korean New Year"), ("chuseok", "Chuseok")):
        for year, day in _first_days(korea.get_named(said, lookup="exact")).items():
            first, last = run_around(day, lambda one: one in korea or one.weekday() >= _SATURDAY)
            title = name.capitalize()
            source = f"public holidays of Korea: the run of days off around {title}, {day}"
            yield Entry(name, year, first, last, source)


def american() -> Iterator[Entry]:
    """The holiday weekends of the United States, by the rules of the trade."""
    years = range(FIRST_BY_RULE, LAST + 1)
    for name, month, nth, rule in (
        ("presidents-day", 2, 3, "the third Monday of February"),
        ("memorial-day", 5, 0, "the last Monday of May"),
    ):
        yield from _to_monday(years, name, (month, nth), rule)
    yield from _around(years, "independence-day", 7, 4, "4 July")
    yield from _to_monday(years, "labor-day", (9, 1), "the first Monday of September")
    for year in years:
        thursday = nth_weekday(year, 11, _THURSDAY, 4)
        source = "trade: Wednesday to Sunday around the fourth Thursday of November"
        yield Entry("thanksgiving", year, thursday - _DAY, thursday + 3 * _DAY, source, "trade")
    yield from _around(years, "christmas", 12, 25, "25 December")


def _to_monday(
    years: Iterable[int], name: str, which: tuple[int, int], rule: str
) -> Iterator[Entry]:
    for year in years:
        monday = nth_weekday(year, which[0], _MONDAY, which[1])
        yield Entry(name, year, monday - 3 * _DAY, monday, f"trade: Friday to {rule}", "trade")


def _around(years: Iterable[int], name: str, month: int, day: int, said: str) -> Iterator[Entry]:
    source = f"trade: shortest run with Fri-Sun, {said} and the day it is observed"
    for year in years:
        fixed = date(year, month, day)
        # On a Saturday it is observed the day before, on a Sunday the day after.
        moved = {_SATURDAY: -_DAY, _SUNDAY: _DAY}.get(fixed.weekday(), 0 * _DAY)
        held = (fixed, fixed + moved)
        near = [fixed + n * _DAY for n in range(-7, 8)]
        fridays = [one for one in near if one.weekday() == _FRIDAY]
        runs = [(min(*held, one), max(*held, one + 2 * _DAY)) for one in fridays]
        first, last = min(runs, key=lambda run: run[1] - run[0])
        yield Entry(name, year, first, last, source, "trade")


def _of(country: str) -> holidays.HolidayBase:
    years = range(FIRST, LAST + 1)
    return holidays.country_holidays(country, years=years, language="en_US")


def _first_days(days: Collection[date]) -> dict[int, date]:
    """Of each year the first of some days."""
    ordered = sorted(days)
    return {year: next(of_year) for year, of_year in groupby(ordered, lambda day: day.year)}


LISTS = (("CN", chinese), ("KR", korean), ("US", american))


def listed(entries: Iterable[Entry]) -> str:
    """The list of a file, a blank line between windows of different names."""
    groups = groupby(entries, key=lambda entry: (entry.name, entry.variant))
    blocks = ("\n".join(entry.line() for entry in group) for _, group in groups)
    return "window = [\n" + "\n\n".join(blocks) + "\n]\n"


def main(words: list[str]) -> None:
    """Write the files again, or say which differ from what would be written."""
    for code, entries in LISTS:
        path = FILES / f"{code}.toml"
        text = path.read_text(encoding="utf-8")
        written = listed(entries())
        made, count = _LIST.subn(lambda _, said=written: said, text)
        if count != 1:
            raise SystemExit(f"{path.name} has no list of windows: window = [...]")
        if words != ["--check"]:
            path.write_text(made, encoding="utf-8")
        elif made != text:
            raise SystemExit(f"{path.name} is not what this script writes")


if __name__ == "__main__":
    main(sys.argv[1:])
