"""An answer becomes a table: heads from the catalogue, cells with their texts, reasons and links.

In: what was asked and answered. Out: a `Table`. No arithmetic: every number is one of the answer.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pharos.errors import NotPublic
from pharos.measure.answer import Answer
from pharos.measure.catalogue import BY_NAME, TIME
from pharos.measure.dimensions import BY_NAME as DIMENSIONS
from pharos.measure.question import BASES
from pharos.serve.asking import moment
from pharos.serve.definitions import measure_name
from pharos.serve.language import NOTHING, Language
from pharos.serve.names import in_language
from pharos.serve.views.asking import Asker
from pharos.serve.views.links import page_about, trace_of
from pharos.serve.views.table import Cell, Chart, Head, Row, Table
from pharos.words.money import exponent
from pharos.words.period import Period

#: Decimals of a ratio in an answer.
RATIO_DECIMALS = 6
#: What is answered to those who may not ask.
NOTHING_ANSWERED = Answer((), (), 0, "", "", BASES[0], "", {}, "")
#: Dimensions whose labels are periods.
_OF_DATES = ("business_date", "week", "month", "quarter", "year")
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a table asks: measures by dimensions, of a part and of a period."""

    measures: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    period: str = ""
    #: A moment with its offset; empty: whatever was sold.
    sold_until: str = ""

    def answer(self, asker: Asker) -> Answer:
        """The answer in an edition."""
        return asker.ask(self.measures, self.by, self.where, **self._rest)

    def is_open(self, asker: Asker) -> bool:
        """Whether the reader may ask it."""
        return asker.may_ask(self.measures, self.by, self.where, **self._rest)

    @property
    def _rest(self) -> dict[str, Any]:
        sold = {"sold_until": moment(self.sold_until)} if self.sold_until else {}
        return {"period": self.period, **sold}


@dataclass(frozen=True, slots=True)
class About:
    """What a table is called, how it is sorted unless a reader says otherwise, and its drawing."""

    name: str
    title: str
    order: str = ""
    chart: Chart | None = None
    note: str = ""


def answered(asker: Asker, about: About, asked: Asked, answer: Answer | None = None) -> Table:
    """The table of a question; ``answer`` if it was asked already.

    What a reader may not ask is withheld, and the rest of the page stands. A page asks what it
    cannot be without by itself, and is refused with it.
    """
    try:
        found = asked.answer(asker) if answer is None else answer
    except NotPublic:
        heads = heads_of(asker, asked, NOTHING_ANSWERED)
        return Table(about.name, about.title, heads, (), withheld=True)
    heads = heads_of(asker, asked, found)
    rows = tuple(_row(asker, asked, heads, row) for row in found.rows)
    return Table(about.name, about.title, heads, rows, about.order, about.chart, about.note)


def unless_closed(name: str, make: Callable[[], Table]) -> Table:
    """A table that needs its answer to be made; withheld where its reader may not ask it."""
    try:
        return make()
    except NotPublic:
        return Table(name, "", (), (), withheld=True)


def titled(asker: Asker, title: str, names: Iterable[str]) -> str:
    """A title with what the address narrows the page down to, by some of its words."""
    language, edition = asker.language, asker.edition
    of = []
    for name in names:
        if said := asker.wanted.get(name):
            has_name = name in ("work", "cinema")
            of.append(in_language(edition, name, said, language.code)[0] if has_name else said)
    return language.say("view.of", of=" · ".join(of), title=title) if of else title


def bars(asker: Asker, title: str, x: str, *y: str) -> Chart:
    """A drawing of the first rows of a table as bars, one below the other."""
    language = asker.language
    named = language.say("chart.of", measure=measured(y[0], language, 0).text, title=title)
    return Chart("bar", x, y, named, language.say("chart.first"))


def heads_of(asker: Asker, asked: Asked, answer: Answer) -> tuple[Head, ...]:
    """The heads of an answer: its dimensions, the currency if there is money, its measures."""
    language = asker.language
    by = [head for name in asked.by for head in _of_dimension(name, language)]
    currencies = {row["currency"] for row in answer.rows if "currency" in row}
    if any(column.name == "currency" for column in answer.columns):
        text = language.say("board.currency")
        by.append(Head("currency", text, shown=len(currencies) > 1))
    places = max((exponent(code) for code in currencies if code), default=0)
    return (*by, *(measured(name, language, places) for name in asked.measures))


def _of_dimension(name: str, language: Language) -> Iterable[Head]:
    text = dimension_name(name, language)
    if name in ("work", "cinema"):
        yield Head(f"{name}_id", language.say("view.id", name=text), shown=False)
    whole = DIMENSIONS[name].shape in ("number", "run")
    yield Head(name, text, "whole" if whole else "text")


def dimension_name(name: str, language: Language) -> str:
    """What a dimension is called."""
    if language.code == "zh":
        return DIMENSIONS[name].chinese
    words = name.replace("_", " ")
    return language.known("dimensions", name) or words[:1].upper() + words[1:]


def measured(name: str, language: Language, places: int) -> Head:
    """The head of a measure; money has so many decimal ``places``."""
    unit = BY_NAME[name].unit
    kind = "decimal" if unit in ("money", "ratio") else "whole"
    decimals = {"money": places, "ratio": RATIO_DECIMALS}.get(unit, 0)
    return Head(name, measure_text(name, language), kind, decimals, measure=name)


def measure_text(name: str, language: Language) -> str:
    """What a measure is called above a column."""
    return language.known("heads", name) or measure_name(BY_NAME[name], language)


def _row(asker: Asker, asked: Asked, heads: Sequence[Head], row: Mapping[str, Any]) -> Row:
    cells = []
    for head in heads:
        if head.measure:
            cells.append(number_cell(head.measure, row, asker.language))
        elif head.name in ("work_id", "cinema_id"):
            plain = (row[head.name] or "").partition(":")[2]
            cells.append(Cell(plain or None, plain))
        elif head.name == "currency":
            cells.append(Cell(row["currency"] or None, row["currency"]))
        else:
            cells.append(key_cell(asker, head.name, row, _one_day(asked.period)))
    return Row(tuple(cells), row_trace(asker, asked, row))


def number_cell(measure: str, row: Mapping[str, Any], language: Language) -> Cell:
    """A number of an answer, exactly and as a reader sees it, or why there is none."""
    value = row[measure]
    text = language.number(measure, value)
    if value is None:
        return Cell(None, text, language.reason(row[f"{measure}_reason"]))
    exact = language.exact(value)
    title = "" if exact == text else language.say("board.exactly", exact=exact)
    return Cell(Decimal(value) if isinstance(value, str) else value, text, title)


def _one_day(period: str) -> str:
    """The period if it is a single business date, else nothing."""
    return period if _DAY.fullmatch(period) else ""


def key_cell(asker: Asker, name: str, row: Mapping[str, Any], day: str = "") -> Cell:
    """A value of a dimension in the page's language, with the page about it, of a ``day``."""
    said, label = row[f"{name}_id"], row[name]
    if said is None:
        return Cell(None, NOTHING, asker.language.say("view.not_known"))
    text = key_text(asker, name, said, label)
    link = page_about(asker.language, asker.wanted, name, str(said), day)
    return Cell(label if isinstance(label, int) else text, text, link=link)


def key_text(asker: Asker, name: str, said: Any, label: Any) -> str:  # noqa: ANN401
    """What a value of a dimension is called in the page's language."""
    language = asker.language
    if name in ("work", "cinema"):
        return in_language(asker.edition, name, said, language.code)[0]
    if name == "weekday":
        return language.weekday(int(said))
    if name == "grain":
        return str(language.words["books"][said])
    if name == "daypart":
        return str(language.words["dayparts"][said])
    return str(label)


def row_trace(asker: Asker, asked: Asked, row: Mapping[str, Any]) -> str:
    """Where the numbers of a row lead: what the table is of, narrowed down to the row."""
    # Several values of a dimension are "or": what the row says of it stands alone.
    where = [one for one in asked.where if one.partition("=")[0] not in asked.by]
    spans = [asker.edition.period(asked.period)] if asked.period else []
    for name in asked.by:
        said, label = row[f"{name}_id"], row[name]
        if (span := _span(asker, name, row)) is not None:
            spans.append(span)
        elif said is None:
            where.append(f"{name}=")
        else:
            is_time = DIMENSIONS[name].family == TIME
            where.append(f"{name}={label if is_time else str(said).removeprefix(f'{name}:')}")
    basis = "" if asker.wanted.basis == BASES[0] else asker.wanted.basis
    period = _inside(spans) if len(spans) > bool(asked.period) else asked.period
    of = {"where": where, "period": period, "basis": basis, "sold_until": asked.sold_until}
    return trace_of(of, asker.language, asker.edition.position)


def _span(asker: Asker, name: str, row: Mapping[str, Any]) -> Period | None:
    """The dates that a row is of, where its dimension is one of dates.

    A change compares dates, so that a week must be traced as its dates. Territories whose weeks may
    differ are asked for the week instead.
    """
    said, rules = row[f"{name}_id"], asker.edition.territories.get(asker.edition.one_territory)
    if said is None or (rules is None and name != "business_date"):
        return None
    if name == "weekend" and rules is not None:
        first = date.fromisoformat(said)
        return Period(first, first + timedelta(days=len(rules.weekend or ()) - 1), said)
    return asker.edition.period(str(row[name])) if name in _OF_DATES else None


def _inside(spans: Sequence[Period]) -> str:
    """The dates that are in all of some spans."""
    first, last = max(one.first for one in spans), min(one.last for one in spans)
    return first.isoformat() if first == last else f"{first}..{last}"
