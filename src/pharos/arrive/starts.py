"""When things happened: ISO 8601 texts become instants and business dates.

In: a time with its offset, the cinema's zone and day start. Out: microseconds since 1970 UTC, the
offset, the business date. Knows no report; every distinct text is read once.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pharos.arrive import limits
from pharos.errors import UnreadableRow
from pharos.words.calendar import business_date

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)

#: Sixteen thousand distinct starts are a month of a large chain, in some megabytes.
_REMEMBERED = 16_384


class Start(NamedTuple):
    """A screening's start; ``doubt`` is a sentence, or empty."""

    micros: int
    offset_minutes: int
    business_date: date
    doubt: str


@lru_cache(maxsize=_REMEMBERED)
def read_start(text: str, zone: str | None, day_start: time) -> Start:
    """A start as it counts in its cinema. Raises UnreadableRow.

    The wall clock said stands where its offset is one that the zone has at that time. Otherwise
    the instant stands, the zone gives the wall clock, and a doubt is noted.
    """
    said, doubt = _moment("start", text), ""
    if zone is not None and not _fits(said, ZoneInfo(zone)):
        local = said.astimezone(ZoneInfo(zone))
        doubt = (
            f"start {text} has another offset than its cinema's zone {zone}; it counts as "
            f"{local.isoformat()}: send local time with the offset of that place"
        )
        said = local
    offset = said.utcoffset() or timedelta(0)
    return Start(
        (said - _EPOCH) // _MICROSECOND,
        offset // _MINUTE,
        business_date(said.replace(tzinfo=None), day_start),
        doubt,
    )


@lru_cache(maxsize=_REMEMBERED)
def read_micros(field: str, text: str) -> int:
    """Microseconds since 1970 UTC of a time with offset. Raises UnreadableRow."""
    return (_moment(field, text) - _EPOCH) // _MICROSECOND


def _moment(field: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UnreadableRow(
            "bad_time",
            f"{field} is {text[:40]!r}; expected ISO 8601 with an offset, such as "
            "2022-10-01T19:30:00+08:00",
        )
    limits.year(field, moment.year)
    return moment


def _fits(said: datetime, zone: ZoneInfo) -> bool:
    wall = said.replace(tzinfo=zone)
    return said.utcoffset() in (
        wall.replace(fold=0).utcoffset(),
        wall.replace(fold=1).utcoffset(),
    )
