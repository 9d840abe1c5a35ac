"""Published figures of one report become columns: what was stated, of what, for when, by whom.

In: statements and their figures as texts. Out: an Arrow table with one row a figure (`SCHEMA`).
Checks only what one row can show; whether figures agree is asked of the ledger later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

import pyarrow as pa

from pharos.arrive import limits
from pharos.errors import UnreadableRow, nearest
from pharos.words.published import STATED, Basis, Coverage, Relation, Scope, Status, Unit, places

#: The columns of published figures. ``value`` and ``precision`` (the unit of the last digit shown)
#: are whole numbers as `published.Unit` says; ``stated_as`` is the time of statement as it was
#: said.
SCHEMA = pa.schema(
    [
        ("row_number", pa.int64()),
        ("publisher", pa.string()),
        ("territory", pa.string()),
        ("scope", pa.string()),
        ("subject", pa.string()),
        ("first", pa.date32()),
        ("last", pa.date32()),
        ("status", pa.string()),
        ("coverage", pa.string()),
        ("stated_at", pa.timestamp("us")),
        ("stated_as", pa.string()),
        ("source", pa.string()),
        ("measure", pa.string()),
        ("value", pa.int64()),
        ("precision", pa.int64()),
        ("relation", pa.string()),
        ("basis", pa.string()),
        ("currency", pa.string()),
    ]
)
_OF_STATEMENT = 12

#: Words of which a statement uses one of a few.
Word = TypeVar("Word", Scope, Relation, Basis, Status, Coverage)

#: The largest value that a figure may have, so that sums of many fit into 64 bits.
_LARGEST = 10**16
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Statement:
    """What the figures of one row share; ``subject`` is the id within its scope, empty: a nation.

    ``stated_as`` is a date or a time in ISO 8601, down to a month or a year alone; ``zone`` is
    where it is a local time.
    """

    publisher: str
    territory: str
    scope: Scope
    subject: str
    first: date
    last: date
    status: Status = Status.ACTUAL
    coverage: Coverage = Coverage.WHOLE
    stated_as: str = ""
    zone: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """One figure as text: ``number`` times ``factor``, and the digits that were shown.

    ``rounded_to`` is what the publisher rounds to, in the unit of ``number``, where more is shown.
    """

    measure: str
    number: Decimal
    factor: Decimal = Decimal(1)
    relation: Relation = Relation.EQUAL
    basis: Basis = Basis.UNKNOWN
    currency: str = ""
    rounded_to: Decimal = Decimal(0)


#: Measure, value, precision, relation, basis and currency of a figure.
FigureColumns = tuple[str, int, int, str, str, str]


class Stating:
    """Collects the published figures of one report."""

    def __init__(self) -> None:
        """Nothing is stated yet."""
        self._statements: list[tuple[object, ...]] = []
        self._figures: list[FigureColumns] = []
        self._of: list[int] = []

    def __len__(self) -> int:
        """How many figures were stated."""
        return len(self._of)

    def add(self, row: int, said: Statement, figures: list[FigureColumns]) -> None:
        """Take in what a row states: all its figures or none. Raises UnreadableRow."""
        _check_span(said)
        moment = moment_of(said.stated_as, said.zone) if said.stated_as else None
        self._of += [len(self._statements)] * len(figures)
        self._figures += figures
        self._statements.append(
            (
                *(row, said.publisher, said.territory, said.scope.value, said.subject),
                *(said.first, said.last, said.status.value, said.coverage.value),
                *(moment, said.stated_as, said.source),
            )
        )

    def table(self) -> pa.Table | None:
        """Everything stated, one row a figure; None if there is nothing."""
        if not self._of:
            return None
        fields = list(SCHEMA)
        shared = pa.table(
            _columns(self._statements, fields[:_OF_STATEMENT]),
            schema=pa.schema(fields[:_OF_STATEMENT]),
        ).take(pa.array(self._of))
        own = _columns(self._figures, fields[_OF_STATEMENT:])
        return pa.table([*shared.columns, *own], schema=SCHEMA)


def _columns(rows: Sequence[tuple[object, ...]], fields: list[pa.Field]) -> list[pa.Array]:
    return [
        pa.array(column, type=field.type)
        for column, field in zip(zip(*rows, strict=True), fields, strict=True)
    ]


def columns_of(said: StatedFigure) -> FigureColumns:
    """The columns of one figure; the same text makes the same. Raises UnreadableRow."""
    measure = STATED.get(said.measure)
    if measure is None:
        raise UnreadableRow(
            "unknown_measure",
            f"{said.measure[:40]!r} is no measure that is stated; {nearest(said.measure, STATED)}",
        )
    if measure.unit is Unit.MONEY and not said.currency:
        raise UnreadableRow(
            "no_currency", f"nobody said the currency of {said.measure}; add currency"
        )
    value, precision = _scaled(measure.unit, said)
    currency = said.currency if measure.unit is Unit.MONEY else ""
    return said.measure, value, precision, said.relation.value, said.basis.value, currency


def _scaled(unit: Unit, said: StatedFigure) -> tuple[int, int]:
    """The value and the unit of its last digit, as whole numbers. Raises UnreadableRow."""
    kept = places(unit, said.currency)
    value = (said.number * said.factor).scaleb(kept)
    if value != value.to_integral_value():
        raise UnreadableRow(
            "bad_amount",
            f"{said.measure} is {said.number * said.factor}; at most {kept} decimal places are "
            "kept: state it as it was published, in its own unit",
        )
    if abs(value) > _LARGEST:
        raise UnreadableRow(
            "out_of_range", f"{said.measure} is {said.number}; it is too large: check its unit"
        )
    power = said.number.as_tuple().exponent
    printed = Decimal(1).scaleb(power if isinstance(power, int) else 0)
    digit = max(printed, said.rounded_to) * said.factor
    return int(value), max(int(digit.scaleb(kept)), 1)


def _check_span(said: Statement) -> None:
    limits.year("from", said.first.year)
    limits.year("to", said.last.year)
    if said.last < said.first:
        raise UnreadableRow(
            "bad_field",
            f"the figure is for {said.first} to {said.last}, which ends before it begins: turn "
            "them round",
        )


@lru_cache(maxsize=4_096)
def moment_of(said: str, zone: str = "") -> datetime:
    """The moment in UTC that a time of statement means, without a zone.

    A date, a month or a year alone mean their beginning; 24:00 is the end of its day. Raises
    UnreadableRow.
    """
    text, days = said.strip(), 0
    if text[10:] in ("T24:00", " 24:00", "T24:00:00", " 24:00:00"):
        text, days = text[:10], 1
    try:
        moment = _moment(text) + timedelta(days=days)
    except (ValueError, OverflowError) as problem:
        raise UnreadableRow(
            "bad_time",
            f"stated_at is {said[:40]!r}; expected ISO 8601 such as 2022-10-08, "
            "2022-10-07T21:00 or 2022-10: correct it",
        ) from problem
    limits.year("stated_at", moment.year)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone or "UTC"))
    return moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def _moment(text: str) -> datetime:
    if len(text) == 4:
        return datetime.combine(date(int(text), 1, 1), _MIDNIGHT)
    if len(text) == 7:
        return datetime.combine(date(int(text[:4]), int(text[5:]), 1), _MIDNIGHT)
    return datetime.fromisoformat(text)


@lru_cache(maxsize=65_536)
def number_of(field: str, text: str) -> Decimal:
    """A plain decimal text as a number. Raises UnreadableRow."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or "e" in text.lower():
        raise UnreadableRow(
            "bad_number", f"{field} is {text[:40]!r}; expected plain digits with a point"
        )
    return number


def unit_of(text: str) -> tuple[Decimal, str]:
    """The factor and the currency of a unit: "1e8 CNY" is (100000000, "CNY"), "count" (1, "").

    Raises UnreadableRow.
    """
    factor, _, rest = text.strip().rpartition(" ")
    base = rest if rest not in _PLAIN_UNITS else ""
    try:
        return Decimal(factor or 1), base
    except InvalidOperation as problem:
        raise UnreadableRow(
            "bad_field", f"unit is {text[:40]!r}; expected such as CNY, 10000 CNY, 1e8 CNY or count"
        ) from problem


_PLAIN_UNITS = ("count", "percent", "hours", "number", "")


def choice(kind: type[Word], field: str, text: str) -> Word:
    """One of a few words. Raises UnreadableRow."""
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(one.value for one in kind)
        raise UnreadableRow(
            "bad_field", f"{field} is {text[:40]!r}; expected one of {known}"
        ) from None
