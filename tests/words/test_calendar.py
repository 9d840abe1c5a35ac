from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharos.words.calendar import (
    NEVER,
    TWICE,
    business_date,
    day_length,
    day_length_hours,
    month_label,
    quarter_label,
    resolve,
    week_from_number,
    week_label,
    week_start,
    weekend_start,
)

SIX = time(6)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
AZORES = ZoneInfo("Atlantic/Azores")
APIA = ZoneInfo("Pacific/Apia")
MONDAY, WEDNESDAY, THURSDAY, FRIDAY = 0, 2, 3, 4
WEEKDAYS = st.integers(0, 6)
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("start", "day"),
    [
        (datetime(2022, 10, 2, 0, 0), date(2022, 10, 1)),
        (datetime(2022, 10, 2, 5, 59), date(2022, 10, 1)),
        (datetime(2022, 10, 2, 5, 59, 59, 999999), date(2022, 10, 1)),
        (datetime(2022, 10, 2, 6, 0), date(2022, 10, 2)),
        (datetime(2022, 10, 2, 23, 59), date(2022, 10, 2)),
        (datetime(2023, 1, 1, 0, 30), date(2022, 12, 31)),
        (datetime(2024, 3, 1, 1, 0), date(2024, 2, 29)),
    ],
)
def test_a_start_before_six_belongs_to_the_day_before(start: datetime, day: date) -> None:
    assert business_date(start, SIX) == day


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)))
def test_a_day_that_starts_at_midnight_is_the_date(start: datetime) -> None:
    assert business_date(start, time(0)) == start.date()


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)),
    st.times(time(0), time(11, 59)),
)
def test_business_date_is_the_date_of_the_start_less_the_day_start(
    start: datetime, day_start: time
) -> None:
    shift = datetime.combine(date.min, day_start) - datetime.combine(date.min, time(0))
    assert business_date(start, day_start) == (start - shift).date()


def test_a_time_without_doubt() -> None:
    aware, doubt = resolve(datetime(2022, 10, 1, 19, 30), SHANGHAI)
    assert doubt == ""
    assert aware.isoformat() == "2022-10-01T19:30:00+08:00"


@pytest.mark.parametrize(
    ("zone", "local", "offset", "as_utc"),
    [
        # The first occurrence: still summer time.
        (NEW_YORK, datetime(2022, 11, 6, 1, 30), timedelta(hours=-4), "2022-11-06T05:30"),
        (BERLIN, datetime(2022, 10, 30, 2, 30), timedelta(hours=2), "2022-10-30T00:30"),
        (AZORES, datetime(2022, 10, 30, 0, 30), timedelta(0), "2022-10-30T00:30"),
        (LORD_HOWE, datetime(2022, 4, 3, 1, 45), timedelta(hours=11), "2022-04-02T14:45"),
    ],
)
def test_a_time_that_the_clock_showed_twice(
    zone: ZoneInfo, local: datetime, offset: timedelta, as_utc: str
) -> None:
    aware, doubt = resolve(local, zone)
    assert doubt == TWICE
    assert aware.utcoffset() == offset
    assert aware.astimezone(UTC).isoformat(timespec="minutes")[:16] == as_utc


@pytest.mark.parametrize(
    ("zone", "local", "offset", "as_utc"),
    [
        # Read with the offset before the gap: still winter time.
        (NEW_YORK, datetime(2022, 3, 13, 2, 30), timedelta(hours=-5), "2022-03-13T07:30"),
        (BERLIN, datetime(2022, 3, 27, 2, 30), timedelta(hours=1), "2022-03-27T01:30"),
        (
            LORD_HOWE,
            datetime(2022, 10, 2, 2, 15),
            timedelta(hours=10, minutes=30),
            "2022-10-01T15:45",
        ),
    ],
)
def test_a_time_that_the_clock_never_showed(
    zone: ZoneInfo, local: datetime, offset: timedelta, as_utc: str
) -> None:
    aware, doubt = resolve(local, zone)
    assert doubt == NEVER
    assert aware.replace(tzinfo=None) == local
    assert aware.utcoffset() == offset
    assert aware.astimezone(UTC).isoformat(timespec="minutes")[:16] == as_utc


@pytest.mark.parametrize(
    ("local", "doubt"),
    [
        (datetime(2022, 3, 13, 1, 59, 59), ""),
        (datetime(2022, 3, 13, 2, 0), NEVER),
        (datetime(2022, 3, 13, 2, 59, 59), NEVER),
        (datetime(2022, 3, 13, 3, 0), ""),
        (datetime(2022, 11, 6, 0, 59, 59), ""),
        (datetime(2022, 11, 6, 1, 0), TWICE),
        (datetime(2022, 11, 6, 1, 59, 59), TWICE),
        (datetime(2022, 11, 6, 2, 0), ""),
    ],
)
def test_doubt_ends_where_the_clock_change_ends(local: datetime, doubt: str) -> None:
    assert resolve(local, NEW_YORK)[1] == doubt


@pytest.mark.parametrize("fold", [0, 1])
def test_a_fold_said_with_the_time_changes_nothing(fold: int) -> None:
    aware, doubt = resolve(datetime(2022, 11, 6, 1, 30, fold=fold), NEW_YORK)
    assert (aware.utcoffset(), doubt) == (timedelta(hours=-4), TWICE)


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        (SHANGHAI, date(2022, 10, 1), timedelta(hours=24)),
        (NEW_YORK, date(2022, 3, 12), timedelta(hours=23)),
        (NEW_YORK, date(2022, 3, 13), timedelta(hours=24)),
        (NEW_YORK, date(2022, 11, 5), timedelta(hours=25)),
        (NEW_YORK, date(2022, 11, 6), timedelta(hours=24)),
        (BERLIN, date(2022, 3, 26), timedelta(hours=23)),
        (BERLIN, date(2022, 10, 29), timedelta(hours=25)),
        (LORD_HOWE, date(2022, 10, 1), timedelta(hours=23, minutes=30)),
        (LORD_HOWE, date(2022, 4, 2), timedelta(hours=24, minutes=30)),
        # Samoa went from the end of 29 December 2011 to the beginning of the 31st, so that the
        # small hours of the 31st are all there is of the business day before it.
        (APIA, date(2011, 12, 29), timedelta(hours=18)),
        (APIA, date(2011, 12, 30), timedelta(hours=6)),
        (APIA, date(2011, 12, 31), timedelta(hours=24)),
    ],
)
def test_the_length_of_a_business_day(zone: ZoneInfo, day: date, length: timedelta) -> None:
    # The clock changes in the small hours, which belong to the business day before.
    assert day_length(day, zone, SIX) == length


def test_a_day_in_clock_hours_begun() -> None:
    assert day_length_hours(date(2022, 3, 12), NEW_YORK, SIX) == 23
    assert day_length_hours(date(2022, 3, 14), NEW_YORK, SIX) == 24
    assert day_length_hours(date(2022, 11, 5), NEW_YORK, SIX) == 25
    assert day_length_hours(date(2022, 11, 6), NEW_YORK, time(0)) == 25
    assert day_length_hours(date(2022, 10, 1), LORD_HOWE, SIX) == 24
    assert day_length_hours(date(2022, 4, 2), LORD_HOWE, SIX) == 25


CHANGES = [
    (NEW_YORK, date(2022, 3, 13)),
    (NEW_YORK, date(2022, 11, 6)),
    (BERLIN, date(2022, 3, 27)),
    (BERLIN, date(2022, 10, 30)),
    (AZORES, date(2022, 10, 30)),
    (LORD_HOWE, date(2022, 4, 3)),
    (LORD_HOWE, date(2022, 10, 2)),
    (ZoneInfo("America/Sao_Paulo"), date(2018, 11, 4)),  # Forward at midnight.
    (ZoneInfo("America/Sao_Paulo"), date(2018, 2, 18)),  # Back at midnight.
]


@pytest.mark.parametrize("day_start", [time(0), time(2, 30), SIX])
@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_each_instant_belongs_to_exactly_one_business_day(
    zone: ZoneInfo, change: date, day_start: time
) -> None:
    # Five business days around the change: every minute of them is counted once, in one day.
    days = [change + timedelta(days=n) for n in range(-2, 3)]
    begin = resolve(datetime.combine(days[0], day_start), zone)[0].astimezone(UTC)
    end = resolve(datetime.combine(change + timedelta(days=3), day_start), zone)[0].astimezone(UTC)
    minutes = (end - begin) // timedelta(minutes=1)
    instants = (begin + timedelta(minutes=n) for n in range(minutes))
    counted = Counter(business_date(i.astimezone(zone), day_start) for i in instants)
    assert sorted(counted) == days
    for day in days:
        assert timedelta(minutes=counted[day]) == day_length(day, zone, day_start)
    assert sum((day_length(day, zone, day_start) for day in days), timedelta()) == end - begin


def test_a_day_that_the_clock_skipped_lasts_no_time() -> None:
    assert day_length(date(2011, 12, 30), APIA, time(0)) == timedelta(0)


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_business_days_never_run_backwards_at_six(zone: ZoneInfo, change: date) -> None:
    begin = datetime.combine(change, time(0), UTC) - timedelta(days=2)
    dates = [
        business_date((begin + timedelta(minutes=10 * n)).astimezone(zone), SIX)
        for n in range(4 * 144)
    ]
    assert all(first <= second for first, second in pairwise(dates))


@given(DAYS, WEEKDAYS)
def test_a_week_starts_on_its_weekday_and_holds_the_day(day: date, first: int) -> None:
    start = week_start(day, first)
    assert start.weekday() == first
    assert start <= day < start + timedelta(days=7)


def test_a_cinema_week_from_friday_to_thursday() -> None:
    assert week_start(date(2018, 3, 15), FRIDAY) == date(2018, 3, 9)
    assert week_start(date(2018, 3, 16), FRIDAY) == date(2018, 3, 16)
    assert week_label(date(2018, 3, 9)) == "2018-W11"


def test_labels_of_weeks_from_monday_are_those_of_iso() -> None:
    start = date(2000, 1, 3)
    while start < date(2031, 1, 1):
        year, week, _ = start.isocalendar()
        assert week_label(start) == f"{year}-W{week:02d}"
        start += timedelta(weeks=1)


@pytest.mark.parametrize(
    ("start", "label"),
    [
        (date(2018, 12, 28), "2018-W53"),  # Friday; its Monday, the fourth day, is 31 December
        (date(2019, 1, 4), "2019-W01"),
        (date(2020, 12, 31), "2021-W01"),  # Thursday; its Sunday, the fourth day, is 3 January
        (date(2015, 12, 30), "2016-W01"),  # Wednesday; its Saturday, the fourth day, is 2 January
        (date(2016, 12, 28), "2016-W53"),
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_week_belongs_to_the_year_of_its_fourth_day(start: date, label: str) -> None:
    assert week_label(start) == label


@given(DAYS, WEEKDAYS)
def test_labels_run_on_without_gap_and_lead_back_to_their_week(day: date, first: int) -> None:
    start = week_start(day, first)
    year, number = (int(part) for part in week_label(start).split("-W"))
    assert week_from_number(year, number, first) == start
    following = week_label(start + timedelta(weeks=1))
    assert following in {f"{year}-W{number + 1:02d}", f"{year + 1}-W01"}


@pytest.mark.parametrize(("year", "number"), [(2022, 0), (2022, 53), (2020, 54), (2022, 99)])
def test_a_week_that_does_not_exist(year: int, number: int) -> None:
    assert week_from_number(year, number, MONDAY) is None


@pytest.mark.parametrize(
    ("day", "weekdays", "start"),
    [
        (date(2018, 3, 15), (4, 5, 6), None),
        (date(2018, 3, 16), (4, 5, 6), date(2018, 3, 16)),
        (date(2018, 3, 18), (4, 5, 6), date(2018, 3, 16)),
        (date(2018, 3, 19), (4, 5, 6), None),
        (date(2018, 3, 18), (3, 4, 5, 6), date(2018, 3, 15)),
        # Weekends that pass Sunday, and a year.
        (date(2018, 3, 19), (5, 6, 0), date(2018, 3, 17)),
        (date(2018, 3, 17), (5, 6, 0), date(2018, 3, 17)),
        (date(2018, 3, 20), (5, 6, 0), None),
        (date(2023, 1, 1), (4, 5, 6), date(2022, 12, 30)),
        (date(2023, 1, 2), (6, 0), date(2023, 1, 1)),
    ],
)
def test_the_weekend_of_a_day(day: date, weekdays: tuple[int, ...], start: date | None) -> None:
    assert weekend_start(day, weekdays) == start


@given(DAYS, WEEKDAYS, st.integers(1, 7))
def test_every_weekend_is_one_run_of_its_weekdays(day: date, first: int, length: int) -> None:
    weekdays = tuple((first + n) % 7 for n in range(length))
    start = weekend_start(day, weekdays)
    if start is None:
        assert day.weekday() not in weekdays
    else:
        assert start.weekday() == first
        assert 0 <= (day - start).days < length


def test_month_and_quarter_labels() -> None:
    assert month_label(date(2018, 3, 31)) == "2018-03"
    quarters = [quarter_label(date(2018, month, 1)) for month in range(1, 13)]
    assert quarters == [f"2018-Q{q}" for q in (1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4)]
