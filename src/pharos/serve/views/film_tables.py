"""The tables of one film: what it has reached, its dates, hours, places, versions, prices, runs.

In: a film and a way to look at it. Out: tables, each of one question. No arithmetic.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from pharos.measure.answer import Answer
from pharos.measure.board import latest_day
from pharos.measure.catalogue import OF_OPENING
from pharos.serve.exports import Value
from pharos.serve.views.answered import About, Asked, answered, dimension_name
from pharos.serve.views.asking import Asker
from pharos.serve.views.film_run import Film, has_weeks
from pharos.serve.views.table import Cell, Chart, Head, Table, beside
from pharos.words.calendar import week_start

Tables = tuple[Table, ...]

#: What of a film's places is told.
PLACES = ("province", "city", "city_tier", "chain")
_REACHED = ("cumulative_gross", "cumulative_admissions", "days_on_release")
_OF_A_SPAN = (
    "gross", "change_week", "box_office_share", "screenings", "screening_share", "admissions",
    "admissions_per_screening", "occupancy", "average_ticket_price", "cumulative_gross",
    "days_on_release",
)  # fmt: skip
_OF_A_DAY = ("gross", "change_day", *_OF_A_SPAN[1:])
_OF_AN_HOUR = (
    "gross", "box_office_share", "screenings", "screening_share", "admissions",
    "admissions_per_screening", "occupancy", "average_ticket_price",
)  # fmt: skip
_OF_PLACES = (*_OF_AN_HOUR, "theatres", "per_theatre_average")
_OF_VERSIONS = (
    "gross", "screenings", "admissions", "admissions_per_screening", "occupancy",
    "average_ticket_price",
)  # fmt: skip
_OF_PRICES = ("average_ticket_price", "admissions", "gross")


def to_date(asker: Asker, film: Film) -> tuple[Table, Answer]:
    """What the film has reached at the end of the period, and the answer by which it stands."""
    opening = OF_OPENING if has_weeks(asker.edition) else ()
    asked = film.asked((*_REACHED, *opening))
    answer = asked.answer(asker)
    title = asker.language.say("film_page.so_far")
    return answered(asker, About("so_far", title), asked, answer), answer


def tables_of(asker: Asker, film: Film, by: str) -> Tables:
    """The tables of a way to look at a film."""
    if by in PLACES:
        asked = film.asked(_OF_PLACES, (by,))
        about = About("film", dimension_name(by, asker.language), "-gross")
        # It is the page's own question: who may not ask it is told why.
        return (answered(asker, about, asked, asked.answer(asker)),)
    return WAYS[by](asker, film)


def _by_day(asker: Asker, film: Film) -> Tables:
    """The days, and the curve of what had been reached on each: one question."""
    curve = ("days_on_release", "cumulative_gross", "cumulative_admissions")
    days = ("business_date",)
    answer = film.asked((*_OF_A_DAY, "cumulative_admissions"), days).answer(asker)
    daily = _spans(asker, film, film.asked(_OF_A_DAY, days), answer)
    title = asker.language.say("film_page.curve")
    chart = _chart(asker, film, "line", ("business_date", "cumulative_gross", title))
    reached = About("more", title, "business_date", chart)
    return daily, answered(asker, reached, film.asked(curve, days), answer)


def _by_span(asker: Asker, film: Film, by: str) -> Tables:
    asked = replace(film.asked(_OF_A_SPAN, (by,)), period=_whole_weeks(asker, film))
    answer = asked.answer(asker)
    # The days between two weekends are in none.
    known = tuple(row for row in answer.rows if row[by] is not None)
    return (_spans(asker, film, asked, replace(answer, rows=known)),)


def _whole_weeks(asker: Asker, film: Film) -> str:
    """The run up to the end of its last week, as far as that has come.

    A week that ends a run is compared with the whole week before it, one that runs with the same
    days of the week before.
    """
    rules = asker.edition.territories[asker.edition.default_territory]
    if film.run is None or asker.wanted.get("period") or rules.week_first is None:
        return film.period
    last = date.fromisoformat(film.run.last)
    ends = week_start(last, rules.week_first) + timedelta(days=6)
    reached = max(last, min(ends, latest_day(asker.edition, asker.now)))
    return f"{film.run.first}..{reached}"


def _spans(asker: Asker, film: Film, asked: Asked, answer: Answer) -> Table:
    (by,) = asked.by
    title = asker.language.say(_TITLES[by])
    chart = _chart(asker, film, "bar", (by, "gross", title))
    return answered(asker, About("film", title, by, chart), asked, answer)


def _by_hour(asker: Asker, film: Film) -> Tables:
    title = asker.language.say("film_page.gross_by_hour")
    chart = _chart(asker, film, "bar", ("screening_hour", "gross", title))
    asked = film.asked(_OF_AN_HOUR, ("screening_hour",))
    return (answered(asker, About("film", title, "screening_hour", chart), asked),)


def _by_version(asker: Asker, film: Film) -> Tables:
    say = asker.language.say
    kinds = film.asked(_OF_VERSIONS, ("format", "language"))
    each = film.asked(_OF_VERSIONS, ("version", "format", "language"))
    return (
        answered(asker, About("film", say("film_page.formats"), "-gross"), kinds),
        answered(asker, About("more", say("film_page.versions"), "-gross"), each),
    )


def _by_price(asker: Asker, film: Film) -> Tables:
    say = asker.language.say
    tiers, types = (film.asked(_OF_PRICES, (by,)) for by in ("city_tier", "ticket_type"))
    return (
        answered(asker, About("film", say("film_page.by_tier"), "city_tier"), tiers),
        answered(asker, About("more", say("film_page.by_ticket"), "-admissions"), types),
    )


def _by_run(asker: Asker, film: Film) -> Tables:
    """All runs of the film, whatever period is looked at: each with its first and last date."""
    opening = OF_OPENING if has_weeks(asker.edition) else ()
    measures = ("gross", "admissions", "screenings", "cumulative_gross", "days_on_release")
    asked = Asked((*measures, *opening), ("run",), (f"work={film.work}",))
    table = answered(asker, About("film", asker.language.say("film_page.by_run"), "run"), asked)
    say = asker.language.say
    dates = Head("first", say("film_page.first")), Head("last", say("film_page.last"))
    spans = {run.number: (run.first, run.last) for run in film.runs}

    def own(number: Value) -> str:
        return asker.wanted.address(asker.language, run=str(number), by=None, period=None)

    rows, cells = [], []
    for row in table.rows:
        number = row.cells[0].value
        span = spans.get(number, ()) if isinstance(number, int) else ()
        first = replace(row.cells[0], link=own(number) if span else "")
        rows.append(replace(row, cells=(first, *row.cells[1:])))
        cells.append([Cell(day, day) for day in span] or [Cell(None, "")] * 2)
    return (beside(replace(table, rows=tuple(rows)), dates, cells, at=1),)


def _chart(asker: Asker, film: Film, kind: str, drawn: tuple[str, str, str]) -> Chart:
    x, y, title = drawn
    say = asker.language.say
    first, _, last = film.period.partition("..")
    period = say("film_page.dates", first=first, last=last) if last else first
    described = say("film_page.described", film=film.name, period=period)
    return Chart("line" if kind == "line" else "bar", x, (y,), title, described)


_TITLES = {
    "business_date": "film_page.gross_by_day",
    "weekend": "film_page.gross_by_weekend",
    "week": "film_page.gross_by_week",
}
#: By what the tables of a way split, where it is called otherwise.
SPLITS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "day": (("business_date",),),
    "hour": (("screening_hour",),),
    "version": (("format", "language"), ("version", "format", "language")),
    "price": (("city_tier",), ("ticket_type",)),
}
#: Ways to look at a film, places apart.
WAYS: Mapping[str, Callable[[Asker, Film], Tables]] = {
    "day": _by_day,
    "weekend": lambda asker, film: _by_span(asker, film, "weekend"),
    "week": lambda asker, film: _by_span(asker, film, "week"),
    "hour": _by_hour,
    "version": _by_version,
    "price": _by_price,
    "run": _by_run,
}
