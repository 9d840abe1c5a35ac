"""What arrived and what did not: who is overdue, reports, what was found in them, rows held.

In: business dates and places, or a sender, a verdict, a rule. Out: a table of one of these. Knows
no rule: what was found is said in the words of the catalogue, or in those of the rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pharos.measure import arrived, reported
from pharos.measure.arrived import Arrived
from pharos.measure.lists import meant_id
from pharos.measure.paging import MOST, Listed, Page
from pharos.measure.reported import Due
from pharos.measure.standings import BOARD_PLACES
from pharos.serve.language import NO_LANGUAGE, NOTHING
from pharos.serve.names import in_language
from pharos.serve.views.asking import Asker
from pharos.serve.views.links import page_about
from pharos.serve.views.table import Cell, Head, Row, Table
from pharos.serve.views.view import Control, Tab, View
from pharos.serve.views.view import Page as ViewPage
from pharos.words.report import Verdict

_LOOKS = {
    "cinemas": "reports_page.cinemas", "reports": "reports_page.reports",
    "findings": "reports_page.findings", "held": "reports_page.held",
}  # fmt: skip
_SHOWS = tuple(_LOOKS)
_TITLES = {
    "reports": "reports_page.title_reports",
    "findings": "reports_page.title_findings",
    "held": "reports_page.title_held",
}
#: Words that only one, or all but one, of the ways to look at it understand.
_OF_DAYS = ("period", *BOARD_PLACES)
_OF_ARRIVALS = ("sender", "verdict", "arrived", "rule", "report", "after")

Said = Mapping[str, Any]
#: The name of a column, its kind, and the cell of a row in it.
Column = tuple[str, str, Callable[[Asker, Said], Cell]]


def _make(asker: Asker) -> View:
    show = asker.wanted.one_of("show", _SHOWS)
    return _cinemas(asker) if show == "cinemas" else _arrivals(asker, show)


def _cinemas(asker: Asker) -> View:
    """Each expected cinema, those who miss most first."""
    wanted, edition, language = asker.wanted, asker.edition, asker.language
    period = reported.yesterday(edition, asker.now)
    if wanted.get("period"):
        period = edition.period(wanted.get("period"))
    places = {name: {wanted.get(name)} for name in BOARD_PLACES if wanted.get(name)}
    if "cinema" in places:
        places["cinema"] = {meant_id(edition, "cinema", wanted.get("cinema"))}
    due = Due(period, places)
    whole = reported.of_the_expected(edition, due)
    lead = language.say("board.no_expected")
    if whole["cinemas_expected"] is not None:
        lead = language.say(
            "reports_page.whole",
            reported=language.exact(whole["cinemas_reported"]),
            expected=language.exact(whole["cinemas_expected"]),
        )
    table = _table(asker, "cinemas", reported.cinemas(edition, due, asker.now))
    span = wanted.get("period") or period.first.isoformat()
    title = language.say("reports_page.title_cinemas", period=span)
    controls = (Control("period", language.say("view.period"), span),)
    tabs = _tabs(asker, "cinemas")
    return View(title, (table,), None, lead, tabs, controls=controls)


def _arrivals(asker: Asker, show: str) -> View:
    """What arrived, the newest first."""
    wanted, language = asker.wanted, asker.language
    found = _LISTS[show](asker, Page(MOST, wanted.get("after")), _only(asker, show))
    table = _table(asker, show, found.rows)
    if found.following:
        turned = wanted.address(language, after=found.following, **{f"page.{show}": None})
        table = replace(table, more=(language.say("reports_page.earlier"), turned))
    title, tabs = language.say(_TITLES[show]), _tabs(asker, show)
    return View(title, (table,), tabs=tabs, controls=_controls(asker, show))


def _only(asker: Asker, show: str) -> Arrived:
    wanted, equal = asker.wanted, {}
    for name in ("sender", "report", *(("verdict",) if show == "reports" else ("rule",))):
        equal[name] = wanted.get(name)
    if equal.get("verdict"):
        wanted.one_of("verdict", list(Verdict))
    if not wanted.get("arrived"):
        return Arrived(equal, newest=True)
    days = asker.edition.period(wanted.get("arrived"))
    return Arrived(equal, days.first, days.last, newest=True)


_LISTS: Mapping[str, Callable[[Asker, Page, Arrived], Listed]] = {
    "reports": lambda asker, page, only: arrived.reports(asker.edition, page, only),
    "findings": lambda asker, page, only: arrived.findings(asker.edition, page, only),
    "held": lambda asker, page, only: arrived.held(asker.edition, page, only, asker.body_of),
}


def _controls(asker: Asker, show: str) -> tuple[Control, ...]:
    wanted, language = asker.wanted, asker.language
    every = ("", language.say("reports_page.every"))
    verdicts = (every, *((one.value, language.words["verdicts"][one]) for one in Verdict))
    rules = (every, *sorted(language.words["rules"].items(), key=lambda one: str(one[1])))
    name, options = ("verdict", verdicts) if show == "reports" else ("rule", rules)
    return (
        Control("show", "", show, "hidden"),
        Control("sender", language.say("trace.sender"), wanted.get("sender")),
        Control("arrived", language.say("reports_page.arrived"), wanted.get("arrived")),
        Control(name, language.words["report_heads"][name], wanted.get(name), "select", options),
    )


def _tabs(asker: Asker, show: str) -> tuple[Tab, ...]:
    """The ways to look at it, and what can be done beside looking."""
    wanted, language = asker.wanted, asker.language
    others = {name: None for name in wanted.said if name.startswith(("sort.", "page."))}
    looks = []
    for name in _SHOWS:
        left = _OF_ARRIVALS if name == "cinemas" else (*_OF_DAYS, "after")
        left = (*left, "rule") if name == "reports" else (*left, "verdict")
        address = wanted.address(language, **{**others, **dict.fromkeys(left), "show": name})
        looks.append(Tab(language.say(_LOOKS[name]), address, name == show))
    doors = (("upload", "upload_page.nav"), ("correct", "correct_page.nav"))
    return (*looks, *(Tab(language.say(w), f"/{language.code}/{door}") for door, w in doors))


def _table(asker: Asker, name: str, rows: Sequence[Said]) -> Table:
    columns, words = _COLUMNS[name], asker.language.words["report_heads"]
    heads = tuple(
        Head(said, words[said], kind, shown=said != "cinema_id") for said, kind, _ in columns
    )
    made = tuple(Row(tuple(cell(asker, row) for *_, cell in columns)) for row in rows)
    return Table(name, "", heads, made)


# --- cells


def _text(name: str) -> Callable[[Asker, Said], Cell]:
    """What somebody called something: a name, in no language."""

    def cell(_: Asker, row: Said) -> Cell:
        said = row[name]
        return Cell(said, said, lang=NO_LANGUAGE) if said else _nothing()

    return cell


def _number(name: str) -> Callable[[Asker, Said], Cell]:
    def cell(asker: Asker, row: Said) -> Cell:
        found = row[name]
        return _nothing() if found is None else Cell(found, asker.language.exact(found))

    return cell


def _nothing() -> Cell:
    return Cell(None, NOTHING)


def _listing(name: str, show: str, narrowed: str) -> Callable[[Asker, Said], Cell]:
    """A value that leads to what arrived of it."""

    def cell(asker: Asker, row: Said) -> Cell:
        found = row[name]
        if found in (None, ""):
            return _nothing()
        link = replace(asker.wanted, said={"show": show, narrowed: str(found)})
        kept = asker.wanted.get("as_of") or None
        shown = asker.language.exact(found) if isinstance(found, int) else found
        lang = "" if isinstance(found, int) else NO_LANGUAGE
        return Cell(found, shown, link=link.address(asker.language, as_of=kept), lang=lang)

    return cell


def _cinema(asker: Asker, row: Said) -> Cell:
    said = row["cinema_id"].removeprefix("cinema:")
    shown, _ = in_language(asker.edition, "cinema", said, asker.language.code)
    link = page_about(asker.language, asker.wanted, "cinema", said)
    return Cell(shown, shown, link=link, lang=NO_LANGUAGE)


def _cinema_id(_: Asker, row: Said) -> Cell:
    said = row["cinema_id"].removeprefix("cinema:")
    return Cell(said, said, lang=NO_LANGUAGE)


def _moment(asker: Asker, row: Said) -> Cell:
    said = row["arrived_at"]
    if said is None:
        return _nothing()
    moment = datetime.fromisoformat(said)
    return Cell(said, asker.language.moment(moment, asker.edition.zone))


def _word(name: str, section: str) -> Callable[[Asker, Said], Cell]:
    """A word that the catalogue knows."""

    def cell(asker: Asker, row: Said) -> Cell:
        known = asker.language.known(section, row[name])
        return Cell(row[name], known or row[name], lang="" if known else NO_LANGUAGE)

    return cell


def _sentence(name: str) -> Callable[[Asker, Said], Cell]:
    """What the program says, translated where the catalogue can."""

    def cell(asker: Asker, row: Said) -> Cell:
        text, lang = asker.language.sentence(row[name])
        return Cell(row[name], text, lang=lang)

    return cell


_DAYS = tuple(
    (name, "whole", _number(name))
    for name in ("days_missing", "days_awaited", "days_reported", "days_expected")
)
_POSITION: Column = ("position", "whole", _listing("position", "findings", "report"))
_SENDER: Column = ("sender", "text", _listing("sender", "reports", "sender"))
_FOUND: tuple[Column, ...] = (
    ("rule", "text", _word("rule", "rules")),
    ("sentence", "text", _sentence("sentence")),
    ("row", "whole", _number("row")),
)
_FROM: tuple[Column, ...] = (_SENDER, _POSITION, ("arrived_at", "text", _moment),
                             ("file", "text", _text("file")))  # fmt: skip
_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "cinemas": (
        ("cinema", "text", _cinema), ("cinema_id", "text", _cinema_id), *_DAYS,
        ("first_missing", "text", _text("first_missing")), ("last_day", "text", _text("last_day")),
        _SENDER, ("last_report", "whole", _listing("last_report", "findings", "report")),
        ("arrived_at", "text", _moment),
    ),
    "reports": (
        _POSITION, _SENDER, ("stream", "text", _text("stream")), ("id", "text", _text("id")),
        ("arrived_at", "text", _moment), ("verdict", "text", _word("verdict", "verdicts")),
        ("rows", "whole", _number("rows")), ("held_rows", "whole", _number("held")),
        ("repeats", "whole", _number("repeats")),
        ("findings_count", "whole", _number("findings")),
        ("file", "text", _text("file")), ("digest", "text", _text("digest")),
    ),
    "findings": (*_FOUND, ("severity", "text", _word("severity", "severities")), *_FROM),
    "held": (*_FOUND, ("said", "text", _text("said")), ("mend", "text", _sentence("mend")), *_FROM),
}  # fmt: skip

PAGE = ViewPage("reports", ("show", *_OF_DAYS, *_OF_ARRIVALS), _SHOWS, _make)
