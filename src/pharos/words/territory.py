"""A territory's rules as data: currency, zones, day, week, weekend and holiday windows.

In: the text of a territory file (TOML). Out: a frozen Territory.
Knows no question and no country by name: what differs between countries stands in the files.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from pharos.errors import BadTerritory, UnknownTerritory, nearest
from pharos.words.money import exponent
from pharos.words.toml import toml

_Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEKDAYS: tuple[str, ...] = get_args(_Weekday)

_Code = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
_Slug = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
_Year = Annotated[int, msgspec.Meta(ge=1000, le=2999)]
_Days = Annotated[int, msgspec.Meta(ge=1)]

#: Where a territory has no rule of its own. 06:00 is law in Spain and the convention in China;
#: no authority fixes prime time or the gap between runs, so each answer states them.
_DAY_START = time(6)
_PRIME_TIME = (time(18), time(21))
_RUN_GAP_DAYS = 120


@dataclass(frozen=True, slots=True)
class Window:
    """A holiday window of one year in one variant: official, trade, or a publisher's own.

    ``year`` is the year it is named after; a New Year window may begin in the year before.
    ``merged`` names the other windows that these days are as well. ``workdays`` are adjusted
    working days: days of a weekend, outside the window, that are worked in exchange for it.
    """

    name: str
    year: int
    variant: str
    first: date
    last: date
    source: str
    merged: tuple[str, ...] = ()
    workdays: tuple[date, ...] = ()

    @property
    def length(self) -> int:
        """How many days it has, both ends included."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Territory:
    """A country's rules; weekdays count from 0 = Monday, None where it has no such rule.

    ``prime_time`` holds starts from its first time up to, not including, its second.
    ``run_gap_days`` without a screening, and more, begin a new run of a work.
    """

    code: str
    names: Mapping[str, str] = field(hash=False)
    currency: str
    zones: tuple[str, ...]
    day_start: time
    week_first: int | None
    weekend: tuple[int, ...] | None
    prime_time: tuple[time, time]
    run_gap_days: int
    windows: tuple[Window, ...]
    notes: str

    @property
    def zone(self) -> str | None:
        """The territory's only zone; None where a cinema must state its own."""
        return self.zones[0] if len(self.zones) == 1 else None


class _WindowEntry(msgspec.Struct, forbid_unknown_fields=True):
    """One window of a territory file, as written: an entry of a list, or a [[window]]."""

    name: _Slug
    year: _Year
    first: date
    last: date
    source: str
    variant: _Slug = "official"
    merged: tuple[_Slug, ...] = ()
    workdays: tuple[date, ...] = ()


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """A territory file, as written."""

    code: _Code
    names: dict[str, str]
    currency: str
    zones: Annotated[list[str], msgspec.Meta(min_length=1)]
    day_start: time = _DAY_START
    week_first: _Weekday | None = None
    weekend: Annotated[list[_Weekday], msgspec.Meta(min_length=1)] | None = None
    prime_time: tuple[time, time] = _PRIME_TIME
    run_gap_days: _Days = _RUN_GAP_DAYS
    notes: str = ""
    window: list[_WindowEntry] = []


@lru_cache(maxsize=256)
def parse_territory(text: str) -> Territory:
    """The territory that a file describes. Raises BadTerritory, UnknownCurrency.

    Whoever opens, writes to or asks a home needs the same few texts again and again.
    """
    try:
        entry = msgspec.convert(toml(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadTerritory(f"the territory file cannot be read: {error}; correct it") from error
    exponent(entry.currency)
    fault = next(_faults(entry), None)
    if fault is not None:
        raise BadTerritory(f"territory {entry.code}: {fault}")
    weekend = entry.weekend
    return Territory(
        code=entry.code,
        names=entry.names,
        currency=entry.currency,
        zones=tuple(entry.zones),
        day_start=entry.day_start,
        week_first=None if entry.week_first is None else _WEEKDAYS.index(entry.week_first),
        weekend=None if weekend is None else tuple(_WEEKDAYS.index(day) for day in weekend),
        prime_time=entry.prime_time,
        run_gap_days=entry.run_gap_days,
        windows=tuple(_window(one) for one in entry.window),
        notes=entry.notes,
    )


def _window(entry: _WindowEntry) -> Window:
    return Window(
        entry.name, entry.year, entry.variant, entry.first, entry.last, entry.source,
        entry.merged, entry.workdays,
    )  # fmt: skip


def packaged_codes() -> tuple[str, ...]:
    """The codes of the territories that come with Pharos, in order."""
    names = (file.name for file in _folder().iterdir())
    return tuple(sorted(name[:2] for name in names if re.fullmatch(r"[A-Z]{2}\.toml", name)))


def packaged_territory(code: str) -> str:
    """The text of a territory file that comes with Pharos. Raises UnknownTerritory."""
    codes = packaged_codes()
    if code not in codes:
        raise UnknownTerritory(
            f"no territory {code!r} comes with Pharos; write a territory file for it and give its "
            "path (.toml), or " + nearest(code.upper(), codes)
        )
    return (_folder() / f"{code}.toml").read_text(encoding="utf-8")


def _folder() -> Traversable:
    return resources.files("pharos.words") / "territories"


def _faults(entry: _File) -> Iterator[str]:
    if "en" not in entry.names:
        yield "it has no English name; add en = ... under [names]"
    for zone in entry.zones:
        if not _is_zone(zone):
            yield f"{zone!r} is no time zone; give IANA names such as Asia/Shanghai"
    if entry.day_start >= time(12):
        yield f"its day starts at {entry.day_start:%H:%M}; give a time before 12:00"
    if entry.prime_time[0] >= entry.prime_time[1]:
        yield "its prime time ends before it begins; give two times in order"
    days = [_WEEKDAYS.index(day) for day in entry.weekend or []]
    if len(days) > 7 or any((b - a) % 7 != 1 for a, b in pairwise(days)):
        yield "its weekend is no run of consecutive weekdays; list them in order"
    yield from _window_faults(entry.window)


def _window_faults(windows: list[_WindowEntry]) -> Iterator[str]:
    known = Counter((window.name, window.year, window.variant) for window in windows)
    for window in windows:
        key = (window.name, window.year, window.variant)
        label = "/".join(map(str, key))
        if known[key] > 1:
            yield f"window {label} is there twice; keep one, or name a variant"
        if window.last < window.first:
            yield f"window {label} ends before it begins; correct its dates"
        for day in window.workdays:
            if window.first <= day <= window.last:
                yield f"window {label} holds its own adjusted working day {day}; correct one"
        for name in window.merged:
            if (name, window.year, window.variant) in known:
                yield f"window {label} is merged with {name}, which is there as well; keep one"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
