"""Cinemas, cities, provinces and chains of a period, ranked.

In: a kind of place, a period, perhaps one film. Out: a table of places, and one of their dayparts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pharos.measure.answer import Answer
from pharos.measure.board import latest_day
from pharos.measure.coverage_places import completeness_by
from pharos.measure.lists import meant_id
from pharos.measure.standings import BOARD_PLACES
from pharos.serve.language import NOTHING
from pharos.serve.sight import last_day_of_places
from pharos.serve.views.answered import About, Asked, answered, bars, dimension_name, titled
from pharos.serve.views.asking import Asker
from pharos.serve.views.choices import film_choice, periods_near, place_choice
from pharos.serve.views.table import Cell, Head, Table, beside, named
from pharos.serve.views.view import Control, Page, Tab, View
from pharos.words.period import Period

MEASURES = (
    "gross", "admissions", "average_ticket_price", "occupancy", "per_theatre_average",
    "per_screen_average", "per_seat_average", "screenings", "admissions_per_screening",
    "theatres", "screens",
)  # fmt: skip
_OF_DAYPARTS = (
    "gross", "admissions", "screenings", "seats_offered", "occupancy", "average_ticket_price",
    "per_seat_average",
)  # fmt: skip
#: What says nothing about a single cinema that its gross does not say.
_OF_MANY = ("theatres", "per_theatre_average")
#: What of completeness is told of places with several cinemas, and of one cinema.
_COUNTED = (
    {
        "cinemas_reported": "places_page.cinemas_reported",
        "cinemas_expected": "places_page.cinemas_expected",
    },
    {
        "cinema_days_reported": "places_page.days_reported",
        "cinema_days_expected": "places_page.days_expected",
    },
)
_KINDS = ("province", "city", "city_tier", "chain", "cinema")
#: Places among which a reader chooses; there are too many of the others for a list.
_CHOSEN = ("province", "city_tier", "chain")


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for: a kind of place, a period, and the conditions that narrow it."""

    asker: Asker
    by: str
    period: str
    places: tuple[str, ...]
    work: tuple[str, ...]

    def asked(self, measures: tuple[str, ...], *by: str) -> Asked:
        """A question of it."""
        return Asked(measures, by, (*self.work, *self.places), self.period)


def _make(asker: Asker) -> View:
    wanted, sight = asker.wanted, asker.sight
    by = wanted.one_of("by", (*_offered(asker), *_KINDS))
    latest = latest_day(asker.edition, asker.now)
    latest = min(latest, last_day_of_places(sight, asker.edition, asker.now))
    period = wanted.get("period") or latest.isoformat()
    places = wanted.conditions(BOARD_PLACES)
    wish = _Wish(asker, by, period, places, wanted.conditions(("work",)))
    asked = wish.asked(tuple(m for m in MEASURES if by != "cinema" or m not in _OF_MANY), by)
    answer, title = asked.answer(asker), _title(wish)
    about = About("places", "", "-gross", bars(asker, title, by, "gross"))
    table = _with_reported(wish, answered(asker, about, asked, answer), answer)
    # Of all cinemas of a nation nobody reads dayparts, and they are most of the work.
    many = by == "cinema" and not places
    made = (table,) if many else (table, _dayparts(wish))
    tables = tuple(named(one, wanted.get("name")) for one in made)

    def is_open(other: str) -> bool:
        return replace(asked, period=other).is_open(asker)

    return View(
        title, tables, answer, tabs=_kinds(wish), controls=_controls(wish),
        periods=periods_near(asker, asker.edition.period(period), is_open),
    )  # fmt: skip


def _title(wish: _Wish) -> str:
    language = wish.asker.language
    kind = dimension_name(wish.by, language)
    title = language.say("places_page.title", kind=kind, period=wish.period)
    return titled(wish.asker, title, ("work", *BOARD_PLACES))


def _dayparts(wish: _Wish) -> Table:
    """The same places, prime time and other hours apart."""
    say = wish.asker.language.say
    title, note = say("places_page.dayparts"), say("places_page.dayparts_note")
    about = About("dayparts", title, wish.by, note=note)
    return answered(wish.asker, about, wish.asked(_OF_DAYPARTS, wish.by, "daypart"))


def _with_reported(wish: _Wish, table: Table, answer: Answer) -> Table:
    """How many of the cinemas that should report have done so, in each place."""
    counted = _reported(wish, answer)
    if not counted:
        return table
    say, exact = wish.asker.language.say, wish.asker.language.exact
    names = _COUNTED[wish.by == "cinema"]
    reported, expected = names
    heads = (
        Head(reported, say(names[reported]), "whole"),
        Head(expected, say(names[expected]), "whole", shown=False),
    )
    nothing = (Cell(None, NOTHING, say("places_page.none_expected")), Cell(None, NOTHING))

    def counts(row: Mapping[str, Any]) -> tuple[Cell, Cell]:
        if not (place := counted.get(_key(wish.by, row))):
            return nothing
        text = f"{exact(place[reported])} / {exact(place[expected])}"
        return Cell(place[reported], text), Cell(place[expected], exact(place[expected]))

    at = sum(not head.measure for head in table.heads)
    return beside(table, heads, [counts(row) for row in answer.rows], at)


def _reported(wish: _Wish, answer: Answer) -> Mapping[str, Mapping[str, int]]:
    edition, wanted = wish.asker.edition, wish.asker.wanted
    if answer.period is None:
        return {}
    first, last = (date.fromisoformat(answer.period[name]) for name in ("first", "last"))
    only = {name: {wanted.get(name)} for name in BOARD_PLACES if wanted.get(name)}
    if cinema := wanted.get("cinema"):
        only["cinema"] = {meant_id(edition, "cinema", cinema)}
    return completeness_by(edition, Period(first, last, wish.period), wish.by, only)


def _key(by: str, row: Mapping[str, Any]) -> str:
    return str(row[f"{by}_id"] or "").removeprefix(f"{by}:")


def _offered(asker: Asker) -> Sequence[str]:
    """The kinds of places that a reader may ask for; all where the page is refused anyway."""
    return [kind for kind in _KINDS if asker.sight.splits(kind)] or _KINDS


def _kinds(wish: _Wish) -> tuple[Tab, ...]:
    wanted, language = wish.asker.wanted, wish.asker.language
    turned = ("sort.places", "page.places", "sort.dayparts", "page.dayparts", "name")
    unsorted: dict[str, str | None] = dict.fromkeys(turned)
    return tuple(
        Tab(
            dimension_name(kind, language),
            wanted.address(language, by=kind, **unsorted),
            kind == wish.by,
        )
        for kind in _offered(wish.asker)
    )


def _controls(wish: _Wish) -> tuple[Control, ...]:
    asker, language, wanted = wish.asker, wish.asker.language, wish.asker.wanted
    films = Asked(("gross",), ("work",), wish.places, wish.period).answer(asker)
    rest = (name for name in BOARD_PLACES if name not in _CHOSEN and wanted.get(name))
    return (
        Control("period", language.say("view.period"), wish.period),
        film_choice(asker, films.rows),
        *(place_choice(asker, name) for name in _CHOSEN),
        Control("name", language.say("view.search"), wanted.get("name"), "search"),
        Control("by", "", wish.by, "hidden"),
        *(Control(name, "", wanted.get(name), "hidden") for name in rest),
    )


PAGE = Page(
    "places", ("by", "period", "work", *BOARD_PLACES, "name"), ("places", "dayparts"), _make
)
