"""How dates and times are written in the cells of a column.

In: cells. Out: the formats that read all of them, and whether another would as well. Knows no
column.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

#: Formats of dates; where day and month may be taken for each other, the day first.
_DATES = (
    *("%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%Y"),
    *("%Y/%m/%d", "%Y.%m.%d", "%Y. %m. %d", "%Y. %m. %d.", "%Y%m%d", "%Y年%m月%d日"),
    *("%Y년 %m월 %d일", "%Y년%m월%d일", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y"),
    *("%d-%b-%y", "%d-%b-%Y", "%a %d %b %Y", "%A %d %B %Y", "%a %d/%m/%Y", "%Y-%m-%d"),
)
_TIMES = (
    *("%H:%M", "%H:%M:%S", "%H.%M", "%Hh%M", "%H h %M", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p"),
    *("%H:%M Uhr", "%H.%M Uhr", "%H时%M分", "%H時%M分", "%H시%M분", "%H시 %M분", "%H%M"),
)
#: Formats that each read what the other one writes, on the first twelve days of a month.
_TWINS = {
    "%d/%m/%Y": "%m/%d/%Y", "%m/%d/%Y": "%d/%m/%Y", "%d/%m/%y": "%m/%d/%y", "%m/%d/%y": "%d/%m/%y"
}  # fmt: skip

#: Dates inside a longer text: how they look, as one group, and the format of that group.
_INSIDE = (
    (r"(\d{4}-\d{1,2}-\d{1,2})", "%Y-%m-%d"),
    (r"(\d{4}년 ?\d{1,2}월 ?\d{1,2}일)", "%Y년 %m월 %d일"),
    (r"(\d{4}年\d{1,2}月\d{1,2}日)", "%Y年%m月%d日"),
    (r"(\d{4}/\d{1,2}/\d{1,2})", "%Y/%m/%d"),
    (r"(\d{4}\.\d{1,2}\.\d{1,2})", "%Y.%m.%d"),
    (r"(\d{1,2}\.\d{1,2}\.\d{4})", "%d.%m.%Y"),
    (r"(\d{1,2}\.\d{1,2}\.\d{2})(?!\d)", "%d.%m.%y"),
    (r"(\d{1,2}/\d{1,2}/\d{4})", "%d/%m/%Y"),
    (r"(\d{1,2}/\d{1,2}/\d{2})(?!\d)", "%d/%m/%y"),
    (r"(\d{1,2}-\d{1,2}-\d{4})", "%d-%m-%Y"),
    (r"(\d{1,2} [A-Z][a-z]{2} \d{4})", "%d %b %Y"),
    (r"(\d{1,2} [A-Z][a-z]{3,8} \d{4})", "%d %B %Y"),
    (r"(?<!\d)(20\d{6})(?!\d)", "%Y%m%d"),
    (r"(20\d\d_\d\d_\d\d)", "%Y_%m_%d"),
)


#: Dates without a year, which stands elsewhere: how they look, and the format with the year behind.
_SHORT = (
    (r"(\d{1,2}月\d{1,2}日)", "%m月%d日 %Y"),
    (r"(\d{1,2}월 ?\d{1,2}일)", "%m월 %d일 %Y"),
    (r"(\d{1,2}\.\d{1,2}\.)(?!\d)", "%d.%m. %Y"),
    (r"(\d{1,2}\.\d{1,2})(?![.\d])", "%d.%m %Y"),
)
#: A year in the line above a table, or in the name of a file.
YEAR = r"(?<!\d)(20\d\d)(?!\d\d)"

#: So many of the cells must be read, as a part of one.
_MOST = Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Written:
    """How a date is written: ``formats`` empty is ISO 8601.

    ``pattern`` takes it out of a longer text; ``twin`` is the format that would read it as well.
    """

    formats: tuple[str, ...]
    pattern: str = ""
    twin: str = ""


def is_iso(cell: str) -> bool:
    """Whether a cell is a date, or a date and time, as ISO 8601 writes them."""
    return bool(re.match(r"\d{4}-\d\d-\d\d", cell)) and _parsed_iso(cell)


def has_clock(cell: str) -> bool:
    """Whether a cell bears a time of day."""
    return bool(re.search(r"\d\s?[:h時时시]\s?\d\d|\d ?[ap]m\b", cell, re.IGNORECASE))


def date_written(cells: Iterable[str]) -> Written | None:
    """How the cells write a date, or a date and time; None if they do not."""
    said = list(dict.fromkeys(cells))[:500]
    if not said:
        return None
    if sum(map(is_iso, said)) >= _MOST * len(said):
        return Written(())
    clocks = [f" {form}" for form in _TIMES[:-1]] if any(map(has_clock, said)) else [""]
    forms = [f"{day}{clock}" for day in _DATES for clock in clocks]
    if form := _best(forms, said):
        return Written((form,), twin=_twin(form, [cell for cell in said if _fits(cell, form)]))
    return date_inside(said)


def date_inside(texts: Iterable[str]) -> Written | None:
    """How all of the texts write a date among other words; None if they do not."""
    said = list(texts)
    for pattern, form in _INSIDE:
        found = [re.search(pattern, text) for text in said]
        dates = [match[1] for match in found if match]
        if not said or len(dates) < len(said):
            continue
        for one in filter(None, (form, _TWINS.get(form, ""))):
            if all(_fits(day, one) for day in dates):
                return Written((one,), pattern, _twin(one, dates))
    return None


def short_date(texts: Iterable[str]) -> Written | None:
    """How all of the texts write a day and a month alone, and the format with a year behind."""
    said = list(texts)
    for pattern, form in _SHORT:
        found = [match for text in said if (match := re.search(pattern, text))]
        # In a leap year every day exists.
        fitting = all(_fits(f"{match[1]} 2024", form) for match in found)
        if said and len(found) == len(said) and fitting:
            return Written((form,), pattern)
    return None


def time_written(cells: Iterable[str]) -> str | None:
    """How the cells write a time of day; None if they do not."""
    said = list(dict.fromkeys(cells))[:500]
    return _best(_TIMES, said) or None


def _best(forms: Sequence[str], said: list[str]) -> str:
    """The format that reads most cells, if it reads nearly all; one slip must not hide it."""
    fitting = {form: sum(_fits(cell, form) for cell in said) for form in forms}
    best = max(forms, key=lambda form: fitting[form])
    return best if said and fitting[best] >= _MOST * len(said) else ""


def _twin(form: str, said: list[str]) -> str:
    for one, other in _TWINS.items():
        twin = form.replace(one, other)
        if one in form and all(_fits(cell, twin) for cell in said):
            # On the eleventh of November both mean the same.
            same = all(_said(cell, form) == _said(cell, twin) for cell in said)
            return "" if same else twin
    return ""


def _said(cell: str, form: str) -> datetime:
    return datetime.strptime(cell, form)


def _fits(cell: str, form: str) -> bool:
    try:
        return datetime.strptime(cell, form).year > 1900 or "%Y" not in form.replace("%y", "%Y")
    except ValueError:
        return False


def _parsed_iso(cell: str) -> bool:
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True
