"""Two to eight things beside each other: a row for each date or day of release, and a summary.

In: films or places, a measure, how they are aligned. Out: two tables. One question for each kind of
thing; turning it on its side is layout.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pharos.measure.answer import Answer
from pharos.measure.catalogue import BY_NAME, OF_OPENING
from pharos.serve.definitions import measure_name
from pharos.serve.language import NOTHING
from pharos.serve.views.answered import (
    About,
    Asked,
    dimension_name,
    key_cell,
    measured,
    number_cell,
    row_trace,
)
from pharos.serve.views.asking import Asker
from pharos.serve.views.compared_things import Thing
from pharos.serve.views.film_run import has_weeks
from pharos.serve.views.table import Cell, Chart, Head, Row, Table
from pharos.serve.views.wide import Key, Series, traced_cell, wide
from pharos.words.money import exponent

_OF_FILMS = (
    "cumulative_gross", "cumulative_admissions", "opening_weekend_gross", "multiplier",
    "days_on_release",
)  # fmt: skip
_OF_PLACES = (
    "gross", "admissions", "screenings", "theatres", "average_ticket_price", "occupancy",
)  # fmt: skip
_TITLES = {"date": "compare_page.title_date", "day": "compare_page.title_day"}

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Things to compare, by a measure, by date or by day of release; ``work`` is that of places."""

    things: tuple[Thing, ...]
    measure: str
    align: str
    period: str
    work: str = ""

    @property
    def of_films(self) -> bool:
        """Whether rows have a day of release."""
        return self.things[0].kind == "work" or bool(self.work)

    def asked(
        self, measures: tuple[str, ...], by: tuple[str, ...], period: str
    ) -> list[tuple[Asked, list[Thing]]]:
        """A question for each kind of thing."""
        kinds: dict[str, list[Thing]] = {}
        for thing in self.things:
            kinds.setdefault(thing.kind, []).append(thing)
        found = []
        for kind, things in kinds.items():
            where = [f"{kind}={value}" for value in dict.fromkeys(one.value for one in things)]
            where += [f"work={self.work}"] if self.work else []
            of_run = ("run",) if self.of_films else ()
            found.append((Asked(measures, (kind, *of_run, *by), tuple(where), period), things))
        return found


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows of one thing, and the question that they answer."""

    thing: Thing
    asked: Asked
    rows: tuple[Said, ...]


def compared(asker: Asker, made: Comparison) -> tuple[tuple[Table, ...], Answer | None]:
    """The tables of a comparison, and the answer by which they stand."""
    beside = ("days_on_release",) if made.of_films else ()
    found = [
        one
        for asked, things in made.asked((made.measure, *beside), ("business_date",), made.period)
        for one in _of_things(asked, things, asked.answer(asker))
    ]
    found.sort(key=lambda one: made.things.index(one.thing))
    dates = [row["business_date"] for one in found for row in one.rows]
    if not dates:
        return (Table("compare", "", (), ()),), None
    summary, answer = _summary(asker, made, found, f"{min(dates)}..{max(dates)}")
    return (summary, _beside(asker, made, found)), answer


def _of_things(asked: Asked, things: Sequence[Thing], answer: Answer) -> Iterator[_Found]:
    """The rows of each thing: of a film those of its latest run, unless another is named."""
    kind = asked.by[0]
    for thing in things:
        own = [row for row in answer.rows if _id(row, kind) == thing.value]
        if "run" in asked.by and own:
            newest = max(own, key=lambda row: str(row["business_date"]))["run"]
            run = thing.run if thing.run is not None else newest
            own = [row for row in own if row["run"] == run]
        yield _Found(thing, asked, tuple(own))


def _id(row: Said, kind: str) -> str:
    return str(row[f"{kind}_id"] or "").removeprefix(f"{kind}:")


def _beside(asker: Asker, made: Comparison, found: Sequence[_Found]) -> Table:
    """The table with a column for each thing."""
    say, language = asker.language.say, asker.language
    missing = Cell(None, NOTHING, say("compare_page.nothing"))
    keyed: dict[Key, tuple[Cell, ...]] = {}
    series = []
    for one in found:
        cells: dict[Key, Cell] = {}
        for row in one.rows:
            first = _first(asker, made, row)
            if first.value is None:
                continue
            key = (_ordered(first), row.get("currency", ""))
            cells[key] = traced_cell(asker, one.asked, row, made.measure)
            keyed[key] = first, Cell(key[1] or None, key[1])
        name = f"{made.measure}:{one.thing.name}"
        series.append(Series(name, one.thing.text, cells, missing))
    rows = {key: keyed[key] for key in sorted(keyed)}
    heads = (_first_head(asker, made), _currency_head(asker, {key[1] for key in rows}))
    head = measured(made.measure, language, _places(rows))
    title = say(_TITLES[made.align], measure=measure_name(BY_NAME[made.measure], language))
    drawn = say("compare_page.described", things=_listed(asker, made))
    chart = Chart("line", heads[0].name, tuple(one.name for one in series), title, drawn)
    return wide(About("compare", title, heads[0].name, chart), (heads, rows), series, head)


def _first(asker: Asker, made: Comparison, row: Said) -> Cell:
    """The date of a row, or its day of release; a preview has none."""
    if made.align == "day":
        return number_cell("days_on_release", row, asker.language)
    return key_cell(asker, "business_date", row)


def _ordered(cell: Cell) -> str | int:
    return cell.value if isinstance(cell.value, int) else str(cell.value)


def _first_head(asker: Asker, made: Comparison) -> Head:
    if made.align == "day":
        head = measured("days_on_release", asker.language, 0)
        # The numbers of a row belong to several days: none of them is this one's trace.
        return replace(head, text=dimension_name("day_of_release", asker.language))
    return Head("business_date", dimension_name("business_date", asker.language))


def _currency_head(asker: Asker, currencies: set[str]) -> Head:
    return Head("currency", asker.language.say("board.currency"), shown=len(currencies) > 1)


def _places(rows: Mapping[Key, Any]) -> int:
    return max((exponent(code) for _, code in rows if code), default=0)


def _listed(asker: Asker, made: Comparison) -> str:
    return asker.language.say("compare_page.and").join(one.text for one in made.things)


def _summary(
    asker: Asker, made: Comparison, found: Sequence[_Found], period: str
) -> tuple[Table, Answer | None]:
    """What each thing has come to within the dates that are compared."""
    measures: tuple[str, ...] = _OF_FILMS if made.of_films else _OF_PLACES
    if not has_weeks(asker.edition):
        measures = tuple(name for name in measures if name not in OF_OPENING)
    runs = {one.thing: {row.get("run") for row in one.rows} for one in found}
    rows: dict[tuple[Thing, str], Row] = {}
    answer = None
    for asked, things in made.asked(measures, (), period):
        answer = asked.answer(asker)
        for thing in things:
            for row in answer.rows:
                if _id(row, thing.kind) == thing.value and row.get("run") in runs[thing]:
                    rows[thing, row["currency"]] = _sum_row(asker, thing, asked, row)
    order = sorted(rows, key=lambda key: (made.things.index(key[0]), key[1]))
    places = max((exponent(code) for _, code in rows if code), default=0)
    heads = (
        Head("compared", asker.language.say("compare_page.compared")),
        _currency_head(asker, {code for _, code in rows}),
        *(measured(name, asker.language, places) for name in measures),
    )
    title = asker.language.say("compare_page.summary")
    return Table("summary", title, heads, tuple(rows[key] for key in order)), answer


def _sum_row(asker: Asker, thing: Thing, asked: Asked, row: Said) -> Row:
    numbers = (number_cell(name, row, asker.language) for name in asked.measures)
    currency = Cell(row["currency"] or None, row["currency"])
    name = Cell(thing.text, thing.text, link=thing.link(asker))
    return Row((name, currency, *numbers), row_trace(asker, asked, row))
