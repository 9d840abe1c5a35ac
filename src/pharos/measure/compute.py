"""From sums to measures: exact integers and fractions, or the reason why there is no number.

In: one row of sums per frame. Out: a number for each measure. Knows no SQL and no rounding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pharos.errors import NoNumber
from pharos.measure.catalogue import (
    Change,
    Cumulative,
    Distinct,
    Measure,
    PerDistinct,
    Ratio,
    Share,
    Sum,
)
from pharos.measure.plan import BASIS_PARTS

Number = int | Fraction
Row = Mapping[str, Any]

#: Why a sum is not known, by the column that counts the rows which do not say it.
_LACKING = {
    "admissions_missing": "admissions were not stated",
    "free_missing": "totals of all ticket types do not say how many tickets were free",
    "fee_missing": "the service fee was not stated",
    "tax_missing": "the tax was not stated",
    "presold_fee_missing": "the service fee was not stated",
    "presold_tax_missing": "the tax was not stated",
    "refunded_missing": "refunded tickets, and with them tickets issued, were not stated",
    "screenings_missing": "day totals did not state their screenings",
    "seats_missing": "seats were not stated",
    "prime_missing": "day totals do not say when their screenings start",
    "channel_missing": "the channel was not stated",
    "sale_missing": "only ticket events say when tickets were sold",
    "screens_missing": "the screen was not stated",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A measure's number in one row, or None and the reason."""

    number: Number | None
    reason: str = ""


def sums_of(measure: Measure) -> tuple[Sum, ...]:
    """The sums that a measure is made of inside its own row."""
    match measure.how:
        case Sum() as one:
            return (one,)
        case Ratio(top, bottom):
            return (top, bottom)
        case Share(of) | Change(of, _) | PerDistinct(of, _) | Cumulative(of):
            return (of,)
        case _:
            return ()


def columns_of(sums: tuple[Sum, ...], basis: str) -> tuple[str, ...]:
    """Columns that a frame must sum for these sums."""
    found = dict.fromkeys(s.quantity for s in sums)
    for one in sums:
        found |= dict.fromkeys(lacks(one, basis))
    return tuple(found)


def lacks(one: Sum, basis: str) -> tuple[str, ...]:
    """The columns that must be zero for a sum to be known."""
    parts = {"gross": "{}_missing", "presold": "presold_{}_missing"}.get(one.quantity)
    return (*one.lacks, *(parts.format(part) for part in BASIS_PARTS[basis] if parts))


def unknown(lack: str) -> str:
    """Why a sum is not known of which some rows lack a part."""
    return _LACKING[lack]


def value(one: Sum, row: Row, basis: str) -> int:
    """A sum of one row. Raises NoNumber where rows do not say it."""
    for lack in lacks(one, basis):
        if row.get(lack):
            raise NoNumber(unknown(lack))
    return int(row.get(one.quantity) or 0)


def ratio(top: Number, bottom: Number, what: str) -> Fraction:
    """A ratio of sums. Raises NoNumber without a denominator."""
    if bottom == 0:
        raise NoNumber(f"nothing to divide by: {what} = 0")
    return Fraction(top) / Fraction(bottom)


def number(measure: Measure, row: Row, frames: Mapping[str, Row | None], basis: str) -> Number:
    """A measure of one row; ``frames`` holds the rows of other frames that belong to it.

    Raises NoNumber with the reason why there is none.
    """
    match measure.how:
        case Sum() as one:
            return value(one, row, basis)
        case Ratio(top, bottom):
            below = value(bottom, row, basis)
            return ratio(value(top, row, basis), below, bottom.quantity)
        case Share(of):
            whole = value(of, frames.get("whole") or {}, basis)
            return ratio(value(of, row, basis), whole, of.quantity)
        case Distinct(thing):
            return _distinct(thing, frames)
        case PerDistinct(top, thing):
            return ratio(value(top, row, basis), _distinct(thing, frames), thing)
        case Change(of, earlier):
            before = value(of, frames.get(f"before_{earlier}") or {}, basis)
            change = value(of, row, basis) - before
            return ratio(change, before, f"{of.quantity} a {earlier} before")
    raise AssertionError(measure.name)


def difference(row: Row, basis: str) -> int:
    """Published gross less that of other books. Raises NoNumber where the basis is not known."""
    lacks = tuple(f"{part}_missing" for part in BASIS_PARTS[basis])
    return value(Sum("difference", lacks), row, basis)


def _distinct(thing: str, frames: Mapping[str, Row | None]) -> int:
    row = frames.get("things") or {}
    if thing == "screens" and row.get("screens_missing"):
        raise NoNumber(unknown("screens_missing"))
    return int(row.get(thing) or 0)
