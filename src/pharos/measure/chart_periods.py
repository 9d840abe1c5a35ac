"""The periods of a chart: days, weekends, weeks, months, quarters, years, holiday windows.

In: a kind of chart, a territory, a period as somebody wrote it. Out: the stretches of business
dates that the chart ranks, in order, and the one before each. Knows no figure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pharos.errors import BadQuestion, NoWeek, UnknownWindow, UnknownWord, nearest
from pharos.words.calendar import week_start, weekend_start
from pharos.words.period import Period, parse_period
from pharos.words.territory import Territory, Window

_DAY = timedelta(days=1)
_WINDOW = "window:"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Business dates that a chart ranks, and those just before it of the same kind, if any."""

    first: date
    last: date
    label: str
    before: tuple[date, date] | None = None


#: The first day of the period of a kind that holds a day, None where it lies in none; and its end.
_Start = Callable[[date, Territory], date | None]
_End = Callable[[date, Territory], date]


def _month(day: date, months: int) -> date:
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _month_end(first: date, months: int) -> date:
    beyond = first.year * 12 + first.month - 1 + months
    return date(beyond // 12, beyond % 12 + 1, 1) - _DAY


def _week(day: date, territory: Territory) -> date:
    if territory.week_first is None:
        raise NoWeek(
            f"territory {territory.code} has no rule for its week; set week_first in its file"
        )
    return week_start(day, territory.week_first)


def _weekdays(territory: Territory) -> tuple[int, ...]:
    if territory.weekend is None:
        raise NoWeek(
            f"territory {territory.code} has no rule for its weekend; set weekend in its file"
        )
    return territory.weekend


_KINDS: dict[str, tuple[_Start, _End]] = {
    "daily": (lambda day, _: day, lambda first, _: first),
    "weekend": (
        lambda day, at: weekend_start(day, _weekdays(at)),
        lambda first, at: first + (len(_weekdays(at)) - 1) * _DAY,
    ),
    "week": (_week, lambda first, _: first + 6 * _DAY),
    "month": (lambda day, _: _month(day, 1), lambda first, _: _month_end(first, 1)),
    "quarter": (lambda day, _: _month(day, 3), lambda first, _: _month_end(first, 3)),
    "year": (lambda day, _: _month(day, 12), lambda first, _: _month_end(first, 12)),
}
#: The kinds of charts.
CHARTS = (*_KINDS, "window")


def stretches(kind: str, text: str, territory: Territory) -> tuple[Stretch, ...]:
    """What a chart ranks: what begins within the period asked, else what overlaps it.

    Raises UnknownWord, BadPeriod and its kin, BadQuestion.
    """
    if kind not in CHARTS:
        raise UnknownWord("chart", kind, CHARTS)
    if not text:
        raise BadQuestion("say for which period, such as --period 2022-10 or 2022")
    if kind == "window":
        return _windows(text, territory)
    period = parse_period(text, territory)
    found = list(_beginning(kind, period, territory))
    return tuple(found) or tuple(_overlapping(kind, period, territory))


def _beginning(kind: str, period: Period, territory: Territory) -> Iterator[Stretch]:
    start, _ = _KINDS[kind]
    day = period.first
    while day <= period.last:
        first = start(day, territory)
        stretch = None if first is None else _stretch(kind, first, territory)
        if stretch is not None and stretch.first >= period.first:
            yield stretch
        day = day + _DAY if stretch is None else stretch.last + _DAY


def _overlapping(kind: str, period: Period, territory: Territory) -> Iterator[Stretch]:
    first = _KINDS[kind][0](period.first, territory)
    if first is not None:
        yield _stretch(kind, first, territory)


def _stretch(kind: str, first: date, territory: Territory) -> Stretch:
    start, end = _KINDS[kind]
    day = first - _DAY
    while (before := start(day, territory)) is None:
        day -= _DAY
    last = end(first, territory)
    return Stretch(first, last, _label(first, last), (before, end(before, territory)))


def _label(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first}..{last}"


def neighbours(
    kind: str, several: tuple[Stretch, ...], territory: Territory
) -> tuple[Stretch | None, Stretch | None]:
    """The periods of a kind just before and just after some of them.

    Of windows those that end before and begin after: one may lie within another.
    """
    if not several:
        return None, None
    if kind == "window":
        return _windows_near(several, territory)
    before = several[0].before
    start, day = _KINDS[kind][0], several[-1].last + _DAY
    while (first := start(day, territory)) is None:
        day += _DAY
    earlier = Stretch(*before, _label(*before)) if before else None
    return earlier, _stretch(kind, first, territory)


def _windows_near(
    several: tuple[Stretch, ...], territory: Territory
) -> tuple[Stretch | None, Stretch | None]:
    *_, variant = ("official", *several[0].label.split("/")[2:])
    known = [_of_window(w) for w in territory.windows if w.variant == variant]
    earlier = [one for one in known if one.last < several[0].first]
    later = [one for one in known if one.first > several[-1].last]
    return (
        max(earlier, key=lambda one: (one.last, one.first), default=None),
        min(later, key=lambda one: (one.first, one.last), default=None),
    )


def _of_window(window: Window) -> Stretch:
    label = f"{_WINDOW}{window.name}/{window.year}/{window.variant}"
    return Stretch(window.first, window.last, label)


def _windows(text: str, territory: Territory) -> tuple[Stretch, ...]:
    if text.startswith(_WINDOW) and "/" not in text:
        return tuple(_of_all_years(text.removeprefix(_WINDOW), territory))
    if text.startswith(_WINDOW):
        period = parse_period(text, territory)
        return (Stretch(period.first, period.last, text),)
    period = parse_period(text, territory)
    return tuple(
        _of_window(window)
        for window in sorted(territory.windows, key=_by_date)
        if period.first <= window.first <= period.last
    )


def _of_all_years(name: str, territory: Territory) -> Iterator[Stretch]:
    """A window in every year in which it is known, in one variant each."""
    named = sorted((one for one in territory.windows if one.name == name), key=_by_date)
    if not named:
        known = {window.name for window in territory.windows}
        raise UnknownWindow(
            f"territory {territory.code} has no window {name[:60]!r}; {nearest(name, known)}"
        )
    for year in dict.fromkeys(window.year for window in named):
        text = f"{_WINDOW}{name}/{year}"
        period = parse_period(text, territory)
        yield Stretch(period.first, period.last, text)


def _by_date(window: Window) -> tuple[date, date, str, str]:
    return window.first, window.last, window.name, window.variant
