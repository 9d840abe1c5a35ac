"""The holiday windows that come with Pharos, against rules, known days and a list of notices.

In: the packaged territory files; a list of the official Chinese holidays beside the repository.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from pharos.words.territory import Window, packaged_codes, packaged_territory, parse_territory

ALL = {code: parse_territory(packaged_territory(code)).windows for code in packaged_codes()}
NOTICES = Path(__file__).parents[2].parent / "shared/data/cn-windows/official_windows.csv"
DAY = timedelta(days=1)
CHINESE = range(2004, 2027)
RUNS = ("new-year", "spring-festival", "may-day", "national-day")
NAMES = {
    "New Year's Day": "new-year",
    "Spring Festival": "spring-festival",
    "Tomb-sweeping Day": "qingming",
    "Labour Day": "may-day",
    "Dragon Boat Festival": "dragon-boat",
    "Mid-autumn Festival": "mid-autumn",
    "National Day": "national-day",
    "Mid-autumn Festival+National Day": "national-day",
    "Anti-Fascist 70th Day": "victory-day",
}


def named(code: str, name: str, variant: str) -> dict[int, Window]:
    return {w.year: w for w in ALL[code] if (w.name, w.variant) == (name, variant)}


def dates(code: str, name: str, variant: str) -> dict[int, tuple[date, date]]:
    return {year: (w.first, w.last) for year, w in named(code, name, variant).items()}


def days_of(window: Window) -> list[date]:
    return [window.first + n * DAY for n in range(window.length)]


@pytest.mark.parametrize("code", [code for code, windows in ALL.items() if windows])
def test_every_window_is_a_run_near_its_year_with_a_source(code: str) -> None:
    longest = {"summer": 92, "new-year-season": 102}
    for window in ALL[code]:
        assert 1 <= window.length <= longest.get(window.name, 10), window
        assert window.last.year == window.year
        assert len(window.source) > 20
        near = (window.first - 16 * DAY, window.last + 16 * DAY)
        assert all(near[0] <= day <= near[1] for day in window.workdays), window
        assert all(day.weekday() >= 5 for day in window.workdays), window


def test_windows_of_china() -> None:
    since = {"qingming": 2008, "dragon-boat": 2008, "mid-autumn": 2008}
    for name in (*RUNS, "qingming", "dragon-boat"):
        years = range(since.get(name, 2004), 2027)
        assert sorted(named("CN", name, "official")) == list(years), name
    assert sorted(named("CN", "summer", "trade")) == list(CHINESE)
    assert sorted(named("CN", "new-year-season", "trade")) == list(range(2005, 2027))
    assert {w.name for w in ALL["CN"]} == {*NAMES.values(), "summer", "new-year-season"}
    spring = dates("CN", "spring-festival", "official")
    assert spring[2016] == (date(2016, 2, 7), date(2016, 2, 13))
    assert spring[2024] == (date(2024, 2, 10), date(2024, 2, 17))


def test_national_day_has_eight_days_where_it_is_merged_with_mid_autumn() -> None:
    national = named("CN", "national-day", "official")
    eight = {2009, 2012, 2017, 2020, 2023, 2025}
    assert {y: w.length for y, w in national.items()} == {y: 7 + (y in eight) for y in CHINESE}
    assert {year for year, window in national.items() if window.merged} == eight
    assert {window.merged for window in ALL["CN"]} == {(), ("mid-autumn",)}
    alone = set(named("CN", "mid-autumn", "official"))
    assert alone == set(range(2008, 2027)) - eight
    assert dates("CN", "national-day", "official")[2023] == (date(2023, 9, 29), date(2023, 10, 6))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("new-year", date(2006, 1, 1), date(2006, 1, 3)),
        ("new-year", date(2007, 12, 30), date(2008, 1, 1)),
        ("dragon-boat", date(2011, 6, 4), date(2011, 6, 6)),
        ("may-day", date(2015, 5, 1), date(2015, 5, 3)),
        ("qingming", date(2015, 4, 4), date(2015, 4, 6)),
        ("new-year", date(2016, 1, 1), date(2016, 1, 3)),
        ("may-day", date(2016, 4, 30), date(2016, 5, 2)),
        ("new-year", date(2016, 12, 31), date(2017, 1, 2)),
        ("may-day", date(2017, 4, 29), date(2017, 5, 1)),
        ("new-year", date(2017, 12, 30), date(2018, 1, 1)),
        ("new-year", date(2020, 1, 1), date(2020, 1, 1)),
    ],
)
def test_a_day_off_beside_a_weekend_takes_it_in(name: str, first: date, last: date) -> None:
    assert dates("CN", name, "official")[last.year] == (first, last)


@pytest.mark.parametrize(
    ("name", "year", "days"),
    [
        ("new-year", 2006, ["2005-12-31"]),
        ("new-year", 2008, ["2007-12-29"]),
        ("spring-festival", 2020, ["2020-01-19"]),
        ("national-day", 2022, ["2022-10-08", "2022-10-09"]),
        ("national-day", 2020, ["2020-09-27", "2020-10-10"]),
        ("may-day", 2011, []),
    ],
)
def test_adjusted_working_days_stand_with_their_window(
    name: str, year: int, days: list[str]
) -> None:
    assert [str(day) for day in named("CN", name, "official")[year].workdays] == days


def test_a_weekend_beside_an_official_window_is_worked_or_in_it() -> None:
    """A run ends where a day is worked: else it would be longer."""
    official = [window for window in ALL["CN"] if window.variant == "official"]
    worked = [day for window in official for day in window.workdays]
    assert len(set(worked)) == len(worked)
    for window in official:
        for beside in (window.first - DAY, window.last + DAY):
            assert beside.weekday() < 5 or beside in worked, window


@pytest.mark.skipif(not NOTICES.is_file(), reason=f"the list of notices is not here: {NOTICES}")
def test_official_windows_of_china_are_those_of_the_notices() -> None:
    """Each run of the list lies in its window, and what a window has beside them are weekends."""
    left = {(w.name, w.year): set(days_of(w)) for w in ALL["CN"] if w.variant == "official"}
    with NOTICES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            first, last = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
            name = NAMES[row["holiday"]]
            # Days off in December are the next New Year's.
            year = int(row["year"]) + (name == "new-year" and first.month == 12)
            own = {first + n * DAY for n in range((last - first).days + 1)}
            assert len(own) == int(row["days"])
            assert own <= left[name, year], row
            left[name, year] -= own
            assert len(left[name, year]) < 3
    assert all(day.weekday() >= 5 for days in left.values() for day in days)


#: First days of the first lunar month, as almanacs have them.
LUNAR = ("2004-01-22", "2008-02-07", "2012-01-23", "2016-02-08", "2020-01-25", "2023-01-22",
         "2024-02-10", "2025-01-29", "2026-02-17")  # fmt: skip


def test_spring_festival_by_the_lunar_calendar_is_its_first_week() -> None:
    lunar = named("CN", "spring-festival", "lunar")
    official = named("CN", "spring-festival", "official")
    assert sorted(lunar) == list(CHINESE)
    assert {str(w.first) for w in lunar.values()} > set(LUNAR)
    for year, window in lunar.items():
        assert window.length == 7
        assert date(year, 1, 21) <= window.first <= date(year, 2, 20)
        assert window.first in days_of(official[year])


def monday(year: int, month: int, nth: int) -> date:
    """The nth Monday of a month, or from the end if it is negative, by looking at every day."""
    days = [date(year, 1, 1) + n * DAY for n in range(365)]
    mondays = [day for day in days if day.month == month and day.weekday() == 0]
    return mondays[nth - 1 if nth > 0 else nth]


@pytest.mark.parametrize("year", range(2000, 2027))
def test_windows_of_the_united_states_follow_their_rules(year: int) -> None:
    for name, month, nth in (
        ("presidents-day", 2, 3),
        ("memorial-day", 5, -1),
        ("labor-day", 9, 1),
    ):
        last = monday(year, month, nth)
        assert dates("US", name, "trade")[year] == (last - 3 * DAY, last)
    november = [date(year, 11, 1) + n * DAY for n in range(30)]
    thursday = [day for day in november if day.weekday() == 3][3]
    expected = (thursday - DAY, thursday + 3 * DAY)
    assert dates("US", "thanksgiving", "trade")[year] == expected
    assert (expected[0].weekday(), expected[1].weekday()) == (2, 6)
    for name, month, day in (("independence-day", 7, 4), ("christmas", 12, 25)):
        days = days_of(named("US", name, "trade")[year])
        held = date(year, month, day)
        observed = held + {5: -DAY, 6: DAY}.get(held.weekday(), 0 * DAY)
        assert {held, observed} <= set(days)
        assert {4, 5, 6} <= {d.weekday() for d in days}
        assert 3 <= len(days) <= 5


@pytest.mark.parametrize("name", ["seollal", "chuseok"])
def test_windows_of_korea_hold_their_day(name: str) -> None:
    # First day of the first, fifteenth of the eighth month of the Korean lunar calendar.
    days = {
        "seollal": "2004-01-22 2008-02-07 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 "
        "2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17",
        "chuseok": "2004-09-28 2008-09-14 2014-09-08 2016-09-15 2017-10-04 2018-09-24 2019-09-13 "
        "2020-10-01 2021-09-21 2022-09-10 2023-09-29 2024-09-17 2025-10-06 2026-09-25",
    }
    windows = named("KR", name, "official")
    assert sorted(windows) == list(range(2004, 2027))
    for day in map(date.fromisoformat, days[name].split()):
        window = windows[day.year]
        assert window.first < day < window.last
        assert window.source.endswith(str(day))
    for window in windows.values():
        # Whoever has the weekend off has it off in one piece.
        assert (window.first.weekday(), window.last.weekday()) not in {(6, 6), (5, 5)}
        assert window.first.weekday() != 6
        assert window.last.weekday() != 5


def test_a_temporary_holiday_joins_the_run_of_korea() -> None:
    assert dates("KR", "chuseok", "official")[2017] == (date(2017, 9, 30), date(2017, 10, 9))
    assert dates("KR", "seollal", "official")[2025] == (date(2025, 1, 25), date(2025, 1, 30))
