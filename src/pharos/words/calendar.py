"""Business dates, clock changes, weeks and weekends.

In: local times, zones, and a territory's day start and weekdays as plain values. Out: dates,
aware times, labels. Knows no territory, no cinema and no clock.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Doubts about a local time: the clock showed it two times, or never.
TWICE = "twice"
NEVER = "never"

_ONE_DAY = timedelta(days=1)
_SLOT = timedelta(minutes=15)  # Clocks change by multiples of this (Lord Howe Island by 30 min).
_HOUR = timedelta(hours=1)


def business_date(local: datetime, day_start: time) -> date:
    """The business date of a wall-clock start: before the day start it is the day before."""
    day = local.date()
    return day if local.time() >= day_start else day - _ONE_DAY


def resolve(local: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """A wall-clock time in its zone, and the doubt about it: "", TWICE or NEVER.

    TWICE: the clock went back; the first occurrence is taken. NEVER: the clock went forward over
    it; it keeps the wall clock said and is read with the offset before the gap.
    """
    aware = local.replace(tzinfo=zone, fold=0)
    before, after = aware.utcoffset(), aware.replace(fold=1).utcoffset()
    if before is None or after is None or before == after:
        return aware, ""
    return aware, TWICE if before > after else NEVER


def earlier_on_the_wall(moment: datetime, ago: timedelta, zone: ZoneInfo) -> datetime:
    """When the clock on a zone's wall showed the same time, so long ago; aware, in the zone."""
    return resolve(moment.astimezone(zone).replace(tzinfo=None) - ago, zone)[0]


def day_length(day: date, zone: ZoneInfo, day_start: time) -> timedelta:
    """How long a business day lasts in a zone: the time whose business date it is.

    Counted instant by instant (in quarter hours) with `business_date` itself, so that the lengths
    of consecutive days add up to the time that passed, wherever the clock changes.
    """
    # A clock change, the skipped day of Samoa in 2011 included, moves a day by no more than a day.
    start, _ = resolve(datetime.combine(day, day_start), zone)
    first = start.astimezone(UTC) - _ONE_DAY
    slots = (first + n * _SLOT for n in range(3 * _ONE_DAY // _SLOT))
    return sum(business_date(slot.astimezone(zone), day_start) == day for slot in slots) * _SLOT


def day_length_hours(day: date, zone: ZoneInfo, day_start: time) -> int:
    """Clock hours begun in a business day: 23, 24 or 25; a day of 23.5 hours begins 24."""
    return -(-day_length(day, zone, day_start) // _HOUR)


def week_start(day: date, first_weekday: int) -> date:
    """The first day of the week that holds a day; weekdays count from 0 = Monday."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def week_label(start: date) -> str:
    """The label of the week that starts on a day, such as "2018-W11".

    A week belongs to the year of its fourth day and is numbered from the first such week, which
    for weeks from Monday is ISO 8601.
    """
    fourth = start + timedelta(days=3)
    number = (fourth - date(fourth.year, 1, 1)).days // 7 + 1
    return f"{fourth.year:04d}-W{number:02d}"


def week_from_number(year: int, number: int, first_weekday: int) -> date | None:
    """The first day of a numbered week, the inverse of `week_label`; None if there is no such."""
    # The fourth of January always lies in week 1: four days of that week are in the year.
    start = week_start(date(year, 1, 4), first_weekday) + timedelta(weeks=number - 1)
    return start if week_label(start) == f"{year:04d}-W{number:02d}" else None


def weekend_start(day: date, weekdays: tuple[int, ...]) -> date | None:
    """The first day of the weekend that holds a day; None outside the weekend.

    ``weekdays`` are consecutive and in order, (4, 5, 6) is Friday to Sunday; they may pass Sunday.
    """
    if day.weekday() not in weekdays:
        return None
    return day - timedelta(days=weekdays.index(day.weekday()))


def year_before(day: date) -> date:
    """The same date a year before; 29 February has none, so the last day of that February."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - 1, day=last)


def month_label(day: date) -> str:
    """The month of a day, such as "2018-03"."""
    return f"{day.year:04d}-{day.month:02d}"


def quarter_label(day: date) -> str:
    """The quarter of a day, such as "2018-Q1"."""
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"
