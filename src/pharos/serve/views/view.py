"""A whole page of tables: what it is called, its tables, what stands behind them, its forms.

In: tables as a page made them. Out: the same as JSON, and as sheets to take away. Asks nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pharos.errors import NotPublic
from pharos.measure.answer import Answer
from pharos.serve.exports import KINDS, Column, Sheet
from pharos.serve.language import Language
from pharos.serve.sight import is_cut
from pharos.serve.views.asking import Asker
from pharos.serve.views.links import kept
from pharos.serve.views.months import Calendar, plain_calendar
from pharos.serve.views.noted import noted
from pharos.serve.views.table import MOST_ROWS, Cut, Table, as_rows, cut


@dataclass(frozen=True, slots=True)
class Control:
    """A field of a page's form. ``kind`` is ``select``, or a type of HTML's input."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    #: Values with their texts, of a ``select``.
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several ways to look at the same page."""

    text: str
    address: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What a page says. ``stands`` is the answer by which its numbers are judged, if it has any."""

    title: str
    tables: tuple[Table, ...]
    stands: Answer | None = None
    lead: str = ""
    tabs: tuple[Tab, ...] = ()
    #: Other dates of the same.
    periods: tuple[Tab, ...] = ()
    controls: tuple[Control, ...] = ()
    #: What is said where there are no rows.
    empty: str = ""
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of tables: its name in addresses, the words of its own, and how it is made.

    ``tables`` are the names of all tables that it may have, the first that of its files.
    """

    name: str
    words: tuple[str, ...]
    tables: tuple[str, ...]
    make: Callable[[Asker], View]


def said(page: Page, asker: Asker, view: View) -> dict[str, Any]:
    """The page as a value: for its template and as its JSON."""
    language, edition, wanted = asker.language, asker.edition, asker.wanted
    sight = asker.sight
    title = f"{view.title} · Pharos"
    rehearsed = edition.home.rehearsed
    return {
        "language": language.code,
        "page": page.name,
        "rehearsed": rehearsed,
        "title": view.title,
        "window_title": language.say("site.rehearsed_title", title=title) if rehearsed else title,
        "lead": view.lead,
        "edition": edition.position,
        "as_of": edition.at.isoformat(),
        "pinned": bool(wanted.get("as_of")),
        "basis": wanted.basis,
        "stand": _stand(asker, view.stands),
        "tabs": [_tab(tab) for tab in view.tabs if sight.offers(tab.address)],
        "periods": [_tab(tab) for tab in view.periods if sight.offers(tab.address)],
        "controls": [_control(control) for control in view.controls if sight.asks(control.name)],
        "kept": kept(wanted),
        "tables": [_table(asker, one) for one in view.tables if not one.withheld],
        "withheld": language.say("view.withheld") if view.stands and is_cut(view.stands) else "",
        "notes": noted(asker, view.tables),
        "calendar": plain_calendar(view.calendar, sight),
        "empty": view.empty,
        "links": {
            "json": wanted.file(language, "json"),
            "all": wanted.file(language, "json", **_all_rows(page)),
            "this": sight.link(wanted.address(language, as_of=str(edition.position))),
            "newest": wanted.address(language, as_of=None),
        },
    }


def _tab(tab: Tab) -> dict[str, Any]:
    return {"text": tab.text, "address": tab.address, "current": tab.current}


def _all_rows(page: Page) -> dict[str, str | None]:
    """What an address says for all rows of all tables: a line is drawn through all its days."""
    turned: dict[str, str | None] = {f"page.{name}": None for name in page.tables}
    return turned | {"rows": str(MOST_ROWS)}


def _control(control: Control) -> dict[str, Any]:
    return {
        "name": control.name,
        "label": control.label,
        "value": control.value,
        "kind": control.kind,
        "options": [{"value": value, "text": text} for value, text in control.options],
    }


def _stand(asker: Asker, answer: Answer | None) -> dict[str, str]:
    """How final and how complete the numbers are, of which version and moment."""
    language, edition = asker.language, asker.edition
    moment = language.moment(edition.at, edition.zone)
    stand = {
        "version": language.say("board.version", edition=language.exact(edition.position)),
        "as_of": language.say("board.as_of", moment=moment),
    }
    if answer is not None:
        stand |= {
            "code": answer.status,
            "status": language.words["statuses"][answer.status],
            "status_sentence": language.words["status_sentences"][answer.status],
            "completeness": _completeness(answer.completeness, language),
            "basis": language.words["bases"][answer.basis],
        }
    return stand


def _completeness(counted: Mapping[str, Any], language: Language) -> str:
    reported, expected = counted["cinemas_reported"], counted["cinemas_expected"]
    if expected is None:
        return language.say("board.total", reported=language.exact(reported))
    return language.say(
        "board.total_of", reported=language.exact(reported), expected=language.exact(expected)
    )


def cut_of(asker: Asker, table: Table) -> Cut:
    """The part of a table that is shown."""
    wanted = asker.wanted
    page = wanted.number(f"page.{table.name}", 1, 1_000_000)
    return cut(table, wanted.get(f"sort.{table.name}"), page, wanted.rows)


def _table(asker: Asker, table: Table) -> dict[str, Any]:
    language, wanted, shown = asker.language, asker.wanted, cut_of(asker, table)

    def turned(page: int) -> str:
        return wanted.address(language, **{f"page.{table.name}": str(page)})

    return {
        "name": table.name,
        "title": table.title,
        "note": table.note,
        "order": shown.order,
        "count": shown.count,
        "pages": shown.pages,
        "page": shown.page,
        "heads": [_head(asker, table, at, shown.order) for at in range(len(table.heads))],
        "rows": as_rows(shown.table),
        "cells": [
            {
                "trace": asker.sight.link(row.trace),
                "cells": [(c.text, c.title, asker.sight.link(c.link), c.lang) for c in row.cells],
            }
            for row in shown.table.rows
        ],
        "chart": _chart(table),
        "more": {"text": table.more[0], "address": asker.sight.link(table.more[1])},
        "links": {
            "files": {kind: wanted.file(language, kind, table=table.name) for kind in KINDS},
            "before": turned(shown.page - 1) if shown.page > 1 else "",
            "after": turned(shown.page + 1) if shown.page < shown.pages else "",
        },
        "counted": language.say(
            "view.pages",
            count=language.exact(shown.count),
            page=language.exact(shown.page),
            pages=language.exact(shown.pages),
        ),
    }


def _head(asker: Asker, table: Table, at: int, order: str) -> dict[str, Any]:
    head = table.heads[at]
    name = head.name
    sorts = {name: "ascending", f"-{name}": "descending"}.get(order, "")
    # A number is wanted from the largest first, a word from the first letter.
    rising, falling = name, f"-{name}"
    first, other = (falling, rising) if head.is_number else (rising, falling)
    following = other if order == first else first
    other_words: dict[str, str | None] = {
        f"sort.{table.name}": following,
        f"page.{table.name}": None,
    }
    address = asker.wanted.address(asker.language, **other_words)
    return {
        "name": name,
        "at": at,
        "text": head.text,
        "kind": head.kind,
        "decimals": head.decimals,
        "measure": head.measure,
        "shown": head.shown,
        "number": head.is_number,
        "sorted": sorts,
        "sort": address,
    }


def _chart(table: Table) -> dict[str, Any] | None:
    chart = table.chart
    if chart is None:
        return None
    return {
        "kind": chart.kind,
        "x": chart.x,
        "y": list(chart.y),
        "split": chart.split,
        "most": chart.most,
        "title": chart.title,
        "description": chart.description,
    }


def sheet_of(page: Page, asker: Asker, view: View) -> tuple[Sheet, str]:
    """The rows of the table that is asked as a sheet, and what its file is called."""
    language, edition = asker.language, asker.edition
    first = next((one.name for one in view.tables if not one.withheld), page.tables[0])
    name = asker.wanted.get("table") or first
    table = next((one for one in view.tables if one.name == name), None)
    if table is not None and table.withheld:
        raise NotPublic(f"table {name} is not open to anonymous readers")
    rows: Sequence[Any] = ()
    columns: list[Column] = []
    if table is not None:
        rows = [tuple(cell.value for cell in row.cells) for row in cut_of(asker, table).table.rows]
        columns = [Column(h.name, h.text, h.kind, h.decimals) for h in table.heads]
    if edition.home.rehearsed:
        columns.append(Column("rehearsed", language.say("board.made_up"), "yes_no"))
        rows = [(*row, True) for row in rows]
    title = f"{view.title}: {table.title}" if table and table.title else view.title
    about = dict(_about(asker, view, title))
    parts = [page.name, *([name] if len(page.tables) > 1 else []), f"version-{edition.position}"]
    parts = ["rehearsed", *parts] if edition.home.rehearsed else parts
    made = edition.at.replace(tzinfo=None)
    return Sheet(title, tuple(columns), tuple(rows), about, made), "-".join(parts)


def _about(asker: Asker, view: View, title: str) -> Iterator[tuple[str, str]]:
    """What the rows are of, in words."""
    say, stand = asker.language.say, _stand(asker, view.stands)
    if asker.edition.home.rehearsed:
        yield say("about.rehearsed"), say("site.rehearsed")
    yield say("about.what"), title
    for name in ("status", "completeness", "version", "as_of", "basis"):
        if name in stand:
            yield say(f"about.{name}"), stand[name]
    address = asker.wanted.address(asker.language, as_of=str(asker.edition.position))
    if asker.sight.offers(address):
        yield say("about.address"), address
