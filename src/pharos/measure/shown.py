"""How keys and numbers are shown: ids with their prefix, names, labels, units.

In: keys and exact numbers. Out: the cells of a row, and the columns of an answer. Knows no SQL.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, Protocol

from pharos.errors import BadQuestion, nearest
from pharos.measure.answer import Column, money_cells, ratio_cell
from pharos.measure.catalogue import Cumulative, Measure
from pharos.measure.compute import Cell
from pharos.measure.dimensions import Dimension
from pharos.measure.edition import Edition
from pharos.measure.question import Question
from pharos.words.calendar import month_label, quarter_label, week_label
from pharos.words.figures import Book
from pharos.words.money import decimal_text

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_BOOK_LABELS = {
    Book.SUPPLY: "schedule",
    Book.TICKETS: "ticket events",
    Book.SCREENING_TOTALS: "screening totals",
    Book.DAY_TOTALS: "day totals",
}


#: Dimensions whose ids may be unknown to the registers, and where the known ones stand.
_REGISTERED = {"work": "registered_works", "cinema": "registered_cinemas"}


class Keyed(Protocol):
    """What a row must have to be put in order."""

    keys: tuple[Any, ...]
    currency: str
    cells: dict[str, Cell]


def key_cells(edition: Edition, dimension: Dimension, key: Any) -> dict[str, Any]:  # noqa: ANN401
    """The id and the label of a key, under ``D_id`` and ``D``; None where it is not known."""
    name = dimension.name
    said, label = (None, None) if key is None else _id_and_label(edition, dimension, key)
    cells = {f"{name}_id": said, name: label}
    if name in _REGISTERED:
        # Whoever reads the row must see that nobody has registered what it is about.
        registered = getattr(edition, _REGISTERED[name])
        cells[f"{name}_provisional"] = edition.terms[name].texts[key] not in registered
    return cells


Shown = tuple[Any, Any]


def _id_and_label(edition: Edition, dimension: Dimension, key: Any) -> Shown:  # noqa: ANN401
    show = _SHOW.get(dimension.shape)
    return show(edition, dimension, key) if show else (key, key)


def _said(edition: Edition, dimension: Dimension, key: int) -> Shown:
    kind = dimension.shape
    said = edition.terms[kind].texts[key]
    return f"{kind}:{said}", edition.name(kind, said)


def _plain_said(edition: Edition, dimension: Dimension, key: int) -> Shown:
    said = edition.terms[dimension.shape].texts[key]
    return (f"{dimension.shape}:{said}", said) if said else (None, None)


def _term(edition: Edition, dimension: Dimension, key: int) -> Shown:
    said = edition.terms[dimension.of].texts[key]
    return (said, said) if said else (None, None)


def _screen(edition: Edition, _: Dimension, key: int) -> Shown:
    cinema = edition.terms["cinema"].texts[key >> 32]
    screen = edition.terms["screen"].texts[key & 0xFFFFFFFF]
    if not screen:
        return None, None
    return f"screen:{cinema}/{screen}", f"{edition.name('cinema', cinema)}, {screen}"


def _dated(label: Callable[[date], str]) -> Callable[[Edition, Dimension, date], Shown]:
    return lambda _, __, key: (key.isoformat(), label(key))


#: Shapes whose keys are codes of the ledger: they stand for nothing but an id.
_CODED = frozenset({"work", "cinema", "screen", "version", "sender", "term"})
#: How keys of each shape are shown; others are shown as they are.
_SHOW: dict[str, Callable[[Edition, Dimension, Any], Shown]] = {
    "work": _said,
    "cinema": _said,
    "screen": _screen,
    "version": _plain_said,
    "sender": _plain_said,
    "term": _term,
    "book": lambda _, __, key: (Book(key).name.lower(), _BOOK_LABELS[Book(key)]),
    "weekday": lambda _, __, key: (key, _WEEKDAYS[key - 1]),
    "hour": lambda _, __, key: (key, f"{key:02d}:00"),
    "date": _dated(date.isoformat),
    "week": _dated(week_label),
    "month": _dated(month_label),
    "quarter": _dated(quarter_label),
    "year": lambda _, __, key: (str(key), str(key)),
}


def unit_cells(
    measure: Measure, cell: Cell, currency: str, terms: Mapping[str, Any]
) -> dict[str, Any]:
    """The cells of one measure: its value, minor units of money, a reason where there is none."""
    name, number = measure.name, cell.number
    if number is None:
        empty = {name: None, f"{name}_reason": cell.reason}
        return empty | ({f"{name}_minor": None} if measure.unit == "money" else {})
    if measure.unit == "money":
        cells = money_cells(name, number, currency)
    elif isinstance(number, Fraction) or measure.unit == "ratio":
        cells = {name: ratio_cell(number)}
    else:
        cells = {name: number}
    return cells | _terms(measure, terms, currency)


def _terms(measure: Measure, terms: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The named terms of a cumulative figure: brought forward, counted, since when."""
    if not isinstance(measure.how, Cumulative):
        return {}
    cells: dict[str, Any] = {}
    for term in ("brought_forward", "counted"):
        amount = terms[term]
        money = measure.unit == "money"
        cells[f"{measure.name}_{term}"] = decimal_text(amount, currency) if money else amount
    since = terms["since"]
    return cells | {f"{measure.name}_since": since.isoformat() if since else None}


def columns(question: Question, *, by_currency: bool) -> tuple[Column, ...]:
    """The columns of an answer, in order."""
    found = []
    for dimension in question.by:
        found.append(Column(f"{dimension.name}_id", "id", f"identifier of {dimension.name}"))
        found.append(Column(dimension.name, "text", f"{dimension.name} ({dimension.chinese})"))
    if by_currency:
        found.append(Column("currency", "currency", "ISO 4217 code of the money in this row"))
    for measure in question.measures:
        sentence = f"{measure.sentence} Formula: {measure.formula}. Definition {measure.version}."
        found.append(Column(measure.name, measure.unit, sentence))
        if measure.unit == "money":
            found.append(Column(f"{measure.name}_minor", "minor units", sentence))
    return tuple(found)


def ordered(edition: Edition, rows: Iterable[Any], question: Question) -> list[Any]:
    """Rows in the order asked: by a measure or a dimension, "-" in front for the largest first.

    Without an order: by the first measure, largest first, if a dimension is no time; else by key.
    Equals stand in the order of their ids, which a rebuild does not change as it may codes, and
    then of their currencies.
    """
    comparable = partial(_comparable, edition, question.by)
    placed = sorted(rows, key=lambda row: (*(_plain(key) for key in comparable(row)), row.currency))
    order = question.order or _default_order(question)
    for name in reversed([part for part in order.split(",") if part]):
        falling, plain = name.startswith("-"), name.lstrip("-+")
        placed.sort(key=_place_by(question, comparable, plain, falling=falling))
    return placed


def _comparable(edition: Edition, by: Sequence[Dimension], row: Any) -> list[Any]:  # noqa: ANN401
    """The keys of a row: ids in place of codes, dates and numbers as they are."""
    return [
        _id_and_label(edition, dimension, key)[0]
        if key is not None and dimension.shape in _CODED
        else key
        for dimension, key in zip(by, row.keys, strict=True)
    ]


def _place_by(
    question: Question, comparable: Callable[[Any], list[Any]], name: str, *, falling: bool
) -> Callable[[Any], Any]:
    """What rows are put in order by; what is not known comes last either way."""
    by = [dimension.name for dimension in question.by]
    asked = [measure.name for measure in question.measures]
    if name in by:
        return partial(_key_place, comparable, by.index(name), falling=falling)
    if name in asked:
        return partial(_cell_place, name, falling=falling)
    raise BadQuestion(f"cannot order by {name!r}; {nearest(name, [*by, *asked])}")


def _key_place(
    comparable: Callable[[Any], list[Any]],
    at: int,
    row: Any,  # noqa: ANN401
    *,
    falling: bool,
) -> Any:  # noqa: ANN401
    unknown, key = _plain(comparable(row)[at])
    return (unknown, _Falling(key)) if falling else (unknown, key)


def _cell_place(name: str, row: Any, *, falling: bool) -> Any:  # noqa: ANN401
    found = row.cells[name].number
    number = found or 0
    return (found is None, -number if falling else number)


class _Falling:
    """A key that is sorted from the last to the first."""

    def __init__(self, key: Any) -> None:  # noqa: ANN401
        self.key = key

    def __lt__(self, other: "_Falling") -> bool:
        return bool(other.key < self.key)


def _default_order(question: Question) -> str:
    if any(d.family == "time" for d in question.by) or not question.by:
        return ""
    return f"-{question.measures[0].name}"


def _plain(key: Any) -> tuple[bool, Any]:  # noqa: ANN401
    """Keys that can be compared; what is not known comes last."""
    return (
        (key is None, "" if key is None else key)
        if not isinstance(key, date)
        else (
            False,
            key.toordinal(),
        )
    )
