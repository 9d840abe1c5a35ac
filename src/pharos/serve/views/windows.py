"""A holiday window over its years: every published version of the nation's gross.

In: the name of a window, perhaps years. Out: all versions, the newest year first, and one version
of each year in order. Nothing is averaged: versions differ in basis, length and time, and say so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pharos.errors import BadQuestion
from pharos.measure.window_years import (
    WindowsAsked,
    WindowYears,
    label_of,
    latest_window,
    window_years,
)
from pharos.serve.language import NOTHING, Language
from pharos.serve.views import published
from pharos.serve.views.asking import Asker
from pharos.serve.views.links import published_page
from pharos.serve.views.table import Cell, Chart, Head, Row, Table
from pharos.serve.views.view import Control, Page, Tab, View
from pharos.serve.views.year import window_name, window_title
from pharos.words.territory import Territory

#: A year as addresses say it.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class _Shown:
    """The years of a window as a page shows them."""

    asker: Asker
    found: WindowYears

    @property
    def language(self) -> Language:
        """That of the page."""
        return self.asker.language

    @property
    def years(self) -> Mapping[str, int]:
        """The year of each window by its label."""
        return {label_of(one): one.year for one in self.found.windows}

    @property
    def currencies(self) -> set[str]:
        """Those of all figures."""
        return {row["currency"] for row in self.found.comparison.rows}


def _make(asker: Asker) -> View:
    wanted, say, edition = asker.wanted, asker.language.say, asker.edition
    territory = wanted.get("territory")
    if not (territory or edition.default_territory):
        return _nothing(
            View(say("windows_page.nav"), ()), say("windows_page.empty", territory=NOTHING)
        )
    rules = edition.rules(territory)
    name = wanted.get("name") or latest_window(edition, territory, wanted.basis)
    view = View(say("windows_page.nav"), (), controls=tuple(_controls(asker, rules, name)))
    if not name:
        where = published.territory_name(asker, rules.code)
        return _nothing(view, say("windows_page.empty", territory=where))
    asked = WindowsAsked(name, territory, wanted.basis, _years(asker))
    shown = _Shown(asker, window_years(edition, asked))
    view = View(
        say("windows_page.title", window=window_name(name, asker.language)), (),
        periods=tuple(_elsewhere(shown)), controls=view.controls,
    )  # fmt: skip
    if not shown.found.windows:
        return _nothing(view, " ".join([say("windows_page.no_figures"), *_about_days(shown)]))
    return View(
        view.title, (_versions(shown), _ranked(shown)), lead=_lead(shown), periods=view.periods,
        controls=view.controls,
    )  # fmt: skip


def _nothing(view: View, why: str) -> View:
    """A page without rows that says what to do."""
    nothing = Table("windows", "", (), ())
    return View(
        view.title, (nothing,), periods=view.periods, controls=view.controls, empty=why
    )  # fmt: skip


def _years(asker: Asker) -> tuple[int, ...]:
    """The years that an address asks for. Raises BadQuestion."""
    found = []
    for text in asker.wanted.several("years"):
        if not (text.isascii() and text.isdecimal() and len(text) == _DIGITS):
            raise BadQuestion(f"years={text[:20]!r} is no year; write 2014,2022")
        found.append(int(text))
    return tuple(found)


def _controls(asker: Asker, rules: Territory, name: str) -> Iterator[Control]:
    language = asker.language
    names = dict.fromkeys([*([name] if name else []), *sorted({w.name for w in rules.windows})])
    options = tuple((one, window_name(one, language)) for one in names)
    label = language.say("windows_page.name")
    yield Control("name", label, name, "select", options)
    yield Control("years", language.say("windows_page.choose_years"), asker.wanted.get("years"))
    yield from published.choices(asker)


def _elsewhere(shown: _Shown) -> Iterator[Tab]:
    """The windows of another name that were these days, too."""
    asker = shown.asker
    for name in dict.fromkeys(window.name for window in shown.found.inside):
        said = {"name": name, "territory": asker.wanted.get("territory")}
        address = published_page(asker.language, asker.wanted, "windows", **said)
        yield Tab(window_name(name, asker.language), address)


def _lead(shown: _Shown) -> str:
    basis, words = shown.asker.wanted.basis, shown.language.words["published_bases"]
    return shown.language.say(
        "windows_page.lead",
        territory=published.territory_name(shown.asker, shown.found.territory.code),
        basis=words[basis] if basis else shown.language.say("windows_page.every_basis"),
    )


def _notes(shown: _Shown) -> Iterator[str]:
    """What a reader of the differences must know."""
    say, rows = shown.language.say, shown.found.comparison.rows
    reference = next((row["reference"] for row in rows if row["reference"]), None)
    if reference is not None:
        code = next(iter(row["currency"] for row in rows if row["reference"]))
        yield say(
            "windows_page.reference",
            gross=shown.language.money(shown.language.amount(reference["gross"]), code),
            publisher=reference["publisher"],
            stated=reference["stated_at"] or say("windows_page.no_date"),
            year=shown.found.windows[0].year,
        )
    lengths = sorted({row["days"] for row in rows})
    if len(lengths) > 1:
        yield say("windows_page.lengths", days=published.listed(map(str, lengths), shown.language))
    if len({row["basis"] for row in rows}) > 1:
        yield say("windows_page.several_bases")
    yield from _about_days(shown)


def _about_days(shown: _Shown) -> Iterator[str]:
    """Merged windows, and years of which nothing is known."""
    language, found = shown.language, shown.found
    for window in found.windows:
        if window.merged:
            title = window_title(window, language)
            yield language.say("windows_page.merged", year=window.year, windows=title)
    if found.inside:
        years = published.years_text((window.year for window in found.inside), language)
        titles = published.listed((window_title(w, language) for w in found.inside), language)
        yield language.say("windows_page.inside", years=years, windows=titles)
    if found.unknown:
        yield language.say(
            "windows_page.unknown", years=published.years_text(found.unknown, language)
        )


def _versions(shown: _Shown) -> Table:
    say, rows = shown.language.say, shown.found.comparison.rows
    money = partial(published.money_head, currencies=shown.currencies)
    stated = any(row["sum_of_days"] for row in rows)
    heads = (
        *_first_heads(shown),
        Head("relation", say("windows_page.relation"), shown=False),
        money("gross", published.heads_text("gross", shown.language)),
        money("per_day", say("windows_page.per_day")),
        money("difference_from_first", say("windows_page.difference")),
        Head("publisher", say("published.publisher")),
        Head("basis", say("published.basis")),
        Head("status", say("windows_page.status")),
        Head("stated_at", say("windows_page.stated")),
        Head("source", say("windows_page.source")),
        replace(money("days_gross", say("windows_page.days_gross")), shown=stated),
        Head("days_equal", say("windows_page.days_equal"), "yes_no", shown=stated),
    )
    cells = tuple(Row((*_first_cells(shown, row), *_version(shown, row))) for row in rows)
    note = " ".join(_notes(shown))
    return Table("windows", say("windows_page.versions"), heads, cells, note=note)


def _first_heads(shown: _Shown) -> tuple[Head, ...]:
    say = shown.language.say
    return (
        Head("window", say("windows_page.name"), shown=False),
        Head("year", say("windows_page.year"), "whole"),
        Head("start", say("windows_page.start")),
        Head("end", say("windows_page.end")),
        Head("days", say("windows_page.days"), "whole"),
        Head("currency", say("board.currency"), shown=len(shown.currencies) > 1),
    )


def _first_cells(shown: _Shown, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    year = shown.years[row["window"]]
    return (
        Cell(row["window"], row["window"]),
        Cell(year, str(year)),
        Cell(row["start"], row["start"]),
        Cell(row["end"], row["end"]),
        published.amount(row["days"], shown.language),
        Cell(row["currency"], row["currency"]),
    )


def _version(shown: _Shown, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    """What one publisher stated once."""
    language, words, days = shown.language, shown.language.words, row["sum_of_days"] or {}
    gross = published.amount(row["gross"], language)
    # "Over 1.5 billion" is none: its sign stands before the number.
    sign = "" if row["relation"] == "=" else f"{row['relation']} "
    agree = language.say("windows_page.equal"), language.say("windows_page.unequal")
    return (
        Cell(row["relation"], row["relation"]),
        Cell(gross.value, sign + gross.text, gross.title),
        published.amount(row["per_day"], language),
        published.difference(row["difference_from_first"], language),
        Cell(row["publisher"], row["publisher"]),
        Cell(row["basis"], words["published_bases"][row["basis"]]),
        Cell(row["status"], words["published_statuses"][row["status"]]),
        published.word(row["stated_at"]),
        published.word(row["source"]),
        published.amount(days.get("gross"), language),
        published.yes_no(days.get("equal"), agree),
    )


def _ranked(shown: _Shown) -> Table:
    """One version of each year, the oldest first, and where it stands among all years."""
    language, say = shown.language, shown.language.say
    rows = shown.found.references
    money = partial(published.money_head, currencies=shown.currencies)
    heads = (
        *_first_heads(shown),
        money("gross", published.heads_text("gross", language)),
        Head("rank", say("windows_page.rank_total"), "whole"),
        money("per_day", say("windows_page.per_day")),
        Head("rank_per_day", say("windows_page.rank_day"), "whole"),
        Head("publisher", say("published.publisher")),
        Head("basis", say("published.basis")),
    )
    window = window_name(shown.found.name, language)
    drawn, more = say("windows_page.drawn", window=window), say("windows_page.drawn_more")
    note = say("windows_page.ranked_note", count=rows[0]["of"]) if rows else ""
    cells = tuple(Row((*_first_cells(shown, row), *_reference(shown, row))) for row in rows)
    chart = Chart("bar", "year", ("per_day",), drawn, more)
    return Table("years", say("windows_page.ranked"), heads, cells, chart=chart, note=note)


def _reference(shown: _Shown, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    language = shown.language
    basis = language.words["published_bases"][row["basis"]]
    return (
        published.amount(row["gross"], language),
        published.amount(row["rank"], language),
        published.amount(row["per_day"], language),
        published.amount(row["rank_per_day"], language),
        Cell(row["publisher"], row["publisher"]),
        Cell(row["basis"], basis),
    )


PAGE = Page("windows", ("name", "years", "territory"), ("windows", "years"), _make)
