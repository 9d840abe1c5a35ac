"""Films, runs of films or places beside each other, by date or by day of release.

In: two to eight of them, a measure. Out: a wide table with a curve for each, and a summary; with
fewer or more of them a form that says what to do, and films to begin with.
"""

from dataclasses import replace
from datetime import timedelta

from pharos.measure.board import latest_day
from pharos.measure.catalogue import BY_NAME
from pharos.serve.definitions import measure_name
from pharos.serve.sight import last_day_of_places
from pharos.serve.views.answered import About, Asked, answered
from pharos.serve.views.asking import Asker
from pharos.serve.views.compared import Comparison, compared
from pharos.serve.views.compared_things import FEWEST, MOST, Thing, films, places
from pharos.serve.views.table import Row, Table
from pharos.serve.views.view import Control, Page, View

MEASURES = (
    "gross", "cumulative_gross", "admissions", "cumulative_admissions", "screenings",
    "screening_share", "box_office_share", "average_ticket_price", "admissions_per_screening",
    "occupancy",
)  # fmt: skip
_ALIGNED = {"date": "compare_page.by_date", "day": "compare_page.by_day"}
#: Measures that are none without a film.
_OF_FILMS = ("cumulative_gross", "cumulative_admissions", "screening_share", "box_office_share")
#: Films to begin with.
_CHOICE = 20
#: Days of places that are compared unless a period is asked.
_DAYS = 28


def _make(asker: Asker) -> View:
    say, wanted = asker.language.say, asker.wanted
    measure, align = wanted.one_of("measure", MEASURES), wanted.one_of("align", tuple(_ALIGNED))
    shown, where = films(asker), places(asker)
    things = shown or where
    view = View(say("compare_page.nav"), (), controls=_controls(asker, measure, align))
    if shown and where:
        return replace(view, lead=say("compare_page.not_both"))
    if len(things) < FEWEST:
        lead = say("compare_page.too_few", fewest=FEWEST, most=MOST)
        table = _choice(asker, shown) if not where else ()
        return replace(view, lead=lead, tables=table)
    if len(things) > MOST:
        return replace(view, lead=say("compare_page.too_many", count=len(things), most=MOST))
    work = wanted.get("work") if where else ""
    if where and not work and (align == "day" or measure in _OF_FILMS):
        return replace(view, lead=say("compare_page.needs_film"))
    period = wanted.get("period") or (_newest(asker) if where and not work else "")
    made = Comparison(things, measure, align, period, work)
    tables, answer = compared(asker, made)
    title = say("compare_page.title", things=say("compare_page.and").join(t.text for t in things))
    empty = say("compare_page.no_figures")
    return replace(view, title=title, tables=tables, stands=answer, empty=empty)


def _newest(asker: Asker) -> str:
    """The last weeks with figures: places have been there for longer than anybody looks back."""
    last = latest_day(asker.edition, asker.now)
    last = min(last, last_day_of_places(asker.sight, asker.edition, asker.now))
    return f"{last - timedelta(days=_DAYS - 1)}..{last}"


def _choice(asker: Asker, chosen: tuple[Thing, ...]) -> tuple[Table, ...]:
    """The films of the latest day; each leads to this page with it added."""
    wanted = asker.wanted
    period = latest_day(asker.edition, asker.now).isoformat()
    asked = Asked(("gross", "days_on_release"), ("work",), (), period)
    title = asker.language.say("compare_page.choose", day=period)
    table = answered(asker, About("choose", title, "-gross"), asked)
    named = [one.name for one in chosen if one.run is None]
    rows: list[Row] = []
    for row in table.rows:
        said = str(row.cells[0].value)
        if said not in named and len(rows) < _CHOICE:
            works = ",".join([*named, said])
            film = replace(row.cells[1], link=wanted.address(asker.language, works=works))
            rows.append(replace(row, cells=(row.cells[0], film, *row.cells[2:])))
    return (replace(table, rows=tuple(rows)),)


def _controls(asker: Asker, measure: str, align: str) -> tuple[Control, ...]:
    say, wanted = asker.language.say, asker.wanted
    measures = tuple((name, measure_name(BY_NAME[name], asker.language)) for name in MEASURES)
    aligned = tuple((way, say(word)) for way, word in _ALIGNED.items())
    named = [Control("works", say("compare_page.works"), wanted.get("works"))]
    if wanted.get("runs"):
        named.append(Control("runs", say("compare_page.runs"), wanted.get("runs")))
    named.append(Control("places", say("compare_page.places"), wanted.get("places")))
    # Runs of a film are not told by place to everybody.
    if wanted.get("places") and not asker.sight.is_anonymous:
        named.append(Control("work", say("board.work_id"), wanted.get("work")))
    return (
        *named,
        Control("measure", say("compare_page.measure"), measure, "select", measures),
        Control("align", say("compare_page.align"), align, "select", aligned),
        Control("period", say("view.period"), wanted.get("period")),
    )


PAGE = Page(
    "compare",
    ("works", "runs", "places", "work", "measure", "align", "period"),
    ("compare", "summary", "choose"),
    _make,
)
