"""A year day by day: which days were strong, weekdays, the years before, windows, users' notes.

In: a year, a measure, perhaps a film or a place. Out: a calendar and tables. Holiday windows are
those of one territory; a year that is running goes up to today.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from pharos.measure import days as of_days
from pharos.measure.answer import Answer
from pharos.measure.standings import BOARD_PLACES
from pharos.serve.language import NOTHING
from pharos.serve.views import year as years
from pharos.serve.views.answered import (
    About,
    Asked,
    answered,
    dimension_name,
    measure_text,
    titled,
    unless_closed,
)
from pharos.serve.views.asking import Asker
from pharos.serve.views.links import page_about, period_page, published_page
from pharos.serve.views.months import month_name
from pharos.serve.views.table import Cell, Chart, Head, Row, Table, beside
from pharos.serve.views.view import Control, Page, Tab, View
from pharos.serve.views.year import MEASURES, Year, window_title
from pharos.words.notes import PLACES
from pharos.words.territory import Window

#: Years that stand beside one another by month.
YEARS_BESIDE = 3


def _make(asker: Asker) -> View:
    year, language = years.year_of(asker), asker.language
    asked = Asked(MEASURES, ("business_date",), year.where, year.span())
    answer = asked.answer(asker)
    tables = [
        _total(year),
        unless_closed("months", partial(_months, year)),
        _weekdays(year),
        unless_closed("windows", partial(_windows, year)),
    ]
    if year.notes:
        tables.append(_notes(year))
    return View(
        _title(year),
        (*tables, _days(year, asked, answer)),
        answer,
        tabs=tuple(_tabs(year)),
        controls=tuple(_controls(year)),
        calendar=years.calendar_of(year, _shaded(year, asked, answer)),
        empty=language.say("calendar_page.empty"),
    )


def _shaded(year: Year, asked: Asked, answer: Answer) -> Answer:
    """The numbers by which days are shaded.

    Where money is of several currencies, other numbers are whole only if they are asked alone.
    """
    if len({row["currency"] for row in answer.rows}) <= 1:
        return answer
    return replace(asked, measures=(year.measure,)).answer(year.asker)


def _title(year: Year) -> str:
    title = year.asker.language.say("calendar_page.title", year=year.number)
    return titled(year.asker, title, ("work", *PLACES))


def _tabs(year: Year) -> Iterable[Tab]:
    """The same year by each measure."""
    asker = year.asker
    for measure in MEASURES:
        address = asker.wanted.address(asker.language, measure=measure)
        yield Tab(measure_text(measure, asker.language), address, measure == year.measure)


def _controls(year: Year) -> Iterable[Control]:
    asker, say = year.asker, year.asker.language.say
    known = sorted({*of_days.years(asker.edition), year.number}, reverse=True)
    options = tuple((str(one), str(one)) for one in known)
    yield Control("year", say("calendar_page.year"), str(year.number), "select", options)
    yield Control("work", say("board.work_id"), asker.wanted.get("work"))
    if len(asker.edition.home.territories) > 1:
        of_home = tuple((code, code) for code in asker.edition.home.territories)
        every = (("", say("calendar_page.every_territory")), *of_home)
        name = dimension_name("territory", asker.language)
        yield Control("territory", name, asker.wanted.get("territory"), "select", every)
    for name in ("measure", *BOARD_PLACES):
        if said := asker.wanted.get(name):
            yield Control(name, "", said, "hidden")


def _days(year: Year, asked: Asked, answer: Answer) -> Table:
    say = year.asker.language.say
    name = measure_text(year.measure, year.asker.language)
    chart = Chart(
        "calendar", "business_date", (year.measure,),
        say("calendar_page.days_drawn", measure=name, year=year.number),
        say("calendar_page.days_read"),
    )  # fmt: skip
    about = About("days", say("calendar_page.days"), "business_date", chart)
    return years.with_days(year, answered(year.asker, about, asked, answer), answer)


def _total(year: Year) -> Table:
    """The year so far, and how it compares with the same dates a year before."""
    say = year.asker.language.say
    asked = Asked((*MEASURES, "change_year"), (), year.where, year.span())
    runs = year.last.month < 12 or year.last.day < 31
    title = say("calendar_page.so_far" if runs else "calendar_page.whole")
    about = About("year", title, note=say("calendar_page.total_note", last=year.last))
    return answered(year.asker, about, asked)


def _months(year: Year) -> Table:
    """Every month of three years, the same month of each beside one another."""
    asker, language = year.asker, year.asker.language
    asked = Asked(MEASURES, ("year", "month"), year.where, year.span(YEARS_BESIDE))
    found = asked.answer(asker)
    placed = sorted(found.rows, key=lambda row: (row["month"][5:], -int(row["year"])))
    name = measure_text(year.measure, language)
    title = language.say("calendar_page.months")
    drawn = language.say("calendar_page.months_drawn", measure=name, year=year.number)
    read = language.say("calendar_page.months_read")
    chart = Chart("line", "month_of_year", (year.measure,), drawn, read, split="year")
    answer = replace(found, rows=tuple(placed))
    table = answered(asker, About("months", title, "", chart), asked, answer)
    head = Head("month_of_year", language.say("calendar_page.month"), "whole")
    cells = []
    for row in answer.rows:
        nth = int(row["month"][5:])
        link = _by_place(year, row["month"])
        cells.append((Cell(nth, month_name(nth, language), link=link),))
    wider = beside(table, (head,), cells, 0)
    heads = (replace(one, shown=one.shown and one.name != "month") for one in wider.heads)
    return replace(wider, heads=tuple(heads))


def _weekdays(year: Year) -> Table:
    language = year.asker.language
    asked = Asked(MEASURES, ("weekday",), year.where, year.span())
    title = language.say("calendar_page.weekdays")
    name = measure_text(year.measure, language)
    drawn = language.say("calendar_page.weekdays_drawn", measure=name, year=year.number)
    chart = Chart("bar", "weekday", (year.measure,), drawn, "")
    note = language.say("calendar_page.weekdays_note")
    return answered(year.asker, About("weekdays", title, "", chart, note), asked)


def _by_place(year: Year, period: str) -> str:
    """Where a period is split by place, if its reader may see that."""
    asker = year.asker
    if asker.sight.is_anonymous:
        place = asker.sight.policy.place
        if not (place and Asked(("gross",), (place,), year.where, period).is_open(asker)):
            return ""
    return period_page(asker.language, asker.wanted, period)


def _windows(year: Year) -> Table:
    """The windows that are named after the year, in the order of their dates."""
    asker, language = year.asker, year.asker.language
    named = [window for window in year.windows if window.year == year.number]
    title = language.say("calendar_page.windows")
    note = language.say("calendar_page.windows_note", territory=_territory(year))
    if not named:
        return Table("windows", title, (Head("window", title),), (), note=note)
    labels = [f"window={window.name}/{window.year}" for window in named]
    several = len(asker.edition.home.territories) > 1 and not asker.wanted.get("territory")
    here = (f"territory={year.territory}",) if several else ()
    first, last = min(w.first for w in named), max(w.last for w in named)
    asked = Asked(MEASURES, ("window",), (*year.where, *here, *labels), f"{first}..{last}")
    answer = asked.answer(asker)
    name = measure_text(year.measure, language)
    drawn = language.say("calendar_page.windows_drawn", measure=name, year=year.number)
    chart = Chart("bar", "window", (year.measure,), drawn, "")
    table = answered(asker, About("windows", title, "", chart, note), asked, answer)
    found = [row["window"] for row in answer.rows]
    rows = []
    for window in named:
        label = f"{window.name}/{window.year}"
        own = [row for said, row in zip(found, table.rows, strict=True) if said == label]
        rows += [_window(year, window, row) for row in own or [_no_figures(year, table.heads)]]
    return replace(table, heads=_window_heads(year, table.heads), rows=tuple(rows))


def _window_heads(year: Year, heads: Sequence[Head]) -> tuple[Head, ...]:
    say = year.asker.language.say
    named, *rest = heads
    return (
        Head("window_id", say("view.id", name=named.text), shown=False),
        named,
        Head("over_years", say("windows_page.published")),
        Head("first", say("calendar_page.first")),
        Head("last", say("calendar_page.last")),
        Head("days", say("calendar_page.length"), "whole"),
        *rest,
    )


def _window(year: Year, window: Window, row: Row) -> Row:
    """The row of a window: its name, dates and length before what was answered."""
    language = year.asker.language
    label, name = f"{window.name}/{window.year}", window_title(window, language)
    cells = (
        Cell(label, label),
        Cell(name, name, link=_by_place(year, f"window:{label}")),
        Cell(window.name, language.say("windows_page.years"), link=_over_years(year, window)),
        _dated(year, str(window.first)),
        _dated(year, str(window.last)),
        Cell(window.length, language.exact(window.length)),
        *row.cells[1:],
    )
    return replace(row, cells=cells)


def _over_years(year: Year, window: Window) -> str:
    """The same window over all its years, by what was published."""
    asker = year.asker
    here = {} if year.territory == asker.edition.default_territory else {
        "territory": year.territory
    }  # fmt: skip
    return published_page(asker.language, asker.wanted, "windows", name=window.name, **here)


def _no_figures(year: Year, heads: Sequence[Head]) -> Row:
    title = year.asker.language.say("calendar_page.nothing")
    return Row(tuple(Cell(None, NOTHING, title) for _ in heads))


def _dated(year: Year, day: str) -> Cell:
    link = page_about(year.asker.language, year.asker.wanted, "business_date", day)
    return Cell(day, day, link=link)


def _territory(year: Year) -> str:
    rules, language = year.asker.edition.territories.get(year.territory), year.asker.language
    return rules.names.get(language.code, year.territory) if rules else year.territory


def _notes(year: Year) -> Table:
    """What users noted about the year's days."""
    language = year.asker.language
    heads = (
        Head("first", language.say("calendar_page.first")),
        Head("last", language.say("calendar_page.last")),
        Head("name", language.say("calendar_page.name")),
        Head("kind", language.say("calendar_page.kind")),
        Head("place", language.say("calendar_page.place")),
    )
    kinds = language.words["note_kinds"]
    rows = tuple(
        Row((
            _dated(year, str(note.first)), _dated(year, str(note.last)), Cell(note.name, note.name),
            Cell(kinds[note.kind], kinds[note.kind]), _place(year, note.place),
        ))
        for note in year.notes
    )  # fmt: skip
    return Table("notes", language.say("calendar_page.notes"), heads, rows, "first")


def _place(year: Year, place: str) -> Cell:
    dimension, _, value = place.partition("=")
    if not dimension:
        return Cell(None, year.asker.language.say("calendar_page.everywhere"))
    name = dimension_name(dimension, year.asker.language)
    text = year.asker.language.say("board.in_place", dimension=name, value=value)
    return Cell(text, text)


PAGE = Page(
    "calendar",
    ("year", "measure", "work", "territory", *BOARD_PLACES),
    ("days", "year", "months", "weekdays", "windows", "notes"),
    _make,
)
