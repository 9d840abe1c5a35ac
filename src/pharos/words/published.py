"""Published figures: what somebody stated about a scope and a period, as it was stated.

In: nothing. Out: the words of a statement, and the measures that publishers state, each with its
unit and whether it adds up over days. A published figure is never added to postings.
"""

import enum
from dataclasses import dataclass

from pharos.words.money import exponent


class Scope(enum.StrEnum):
    """What a figure speaks of; a work's figure is the work's in the whole territory."""

    NATION = "nation"
    WORK = "work"
    CINEMA = "cinema"
    CHAIN = "chain"
    CITY = "city"
    PROVINCE = "province"


class Relation(enum.StrEnum):
    """How the figure stands to the truth, as its publisher said: "<0.1%", "over 1.5 billion"."""

    EQUAL = "="
    BELOW = "<"
    ABOVE = ">"
    ABOUT = "~"


class Basis(enum.StrEnum):
    """Whether service fee and tax are inside an amount, as far as anybody said."""

    WITH_FEE = "with_fee"
    WITHOUT_FEE = "without_fee"
    WITHOUT_TAX = "without_tax"
    UNKNOWN = "unknown"


class Status(enum.StrEnum):
    """How final a statement claims to be."""

    ESTIMATE = "estimate"
    ACTUAL = "actual"
    RESTATED = "restated"


class Coverage(enum.StrEnum):
    """Whether a publisher's list of a day is all there is, or only its first places.

    What is missing in a ``whole`` list made nothing; what is missing in a ``top`` list is unknown.
    """

    WHOLE = "whole"
    TOP = "top"


class Unit(enum.StrEnum):
    """What a figure counts.

    Values are whole numbers: minor units of a currency, counts, ten-thousandths of the others.
    """

    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    HOURS = "hours"
    NUMBER = "number"


#: Decimal places kept of what is neither money nor a count.
FINE_PLACES = 4


@dataclass(frozen=True, slots=True)
class StatedMeasure:
    """A measure that publishers state; ``adds`` over days, works and cinemas, or is a check."""

    name: str
    unit: Unit
    adds: bool = False


#: All measures that can be stated, in the order in which they are shown.
STATED: dict[str, StatedMeasure] = {
    one.name: one
    for one in (
        StatedMeasure("gross", Unit.MONEY, adds=True),
        StatedMeasure("admissions", Unit.COUNT, adds=True),
        StatedMeasure("screenings", Unit.COUNT, adds=True),
        StatedMeasure("service_fee", Unit.MONEY, adds=True),
        StatedMeasure("theatres", Unit.COUNT),
        StatedMeasure("screens", Unit.COUNT),
        StatedMeasure("cumulative_gross", Unit.MONEY),
        StatedMeasure("cumulative_admissions", Unit.COUNT),
        StatedMeasure("average_ticket_price", Unit.MONEY),
        StatedMeasure("box_office_share", Unit.PERCENT),
        StatedMeasure("screening_share", Unit.PERCENT),
        StatedMeasure("seat_share", Unit.PERCENT),
        StatedMeasure("occupancy", Unit.PERCENT),
        StatedMeasure("admissions_per_screening", Unit.NUMBER),
        StatedMeasure("per_theatre_average", Unit.MONEY),
        StatedMeasure("hours_viewed", Unit.NUMBER, adds=True),
        StatedMeasure("views", Unit.COUNT),
        StatedMeasure("runtime", Unit.HOURS),
        StatedMeasure("rank", Unit.COUNT),
        StatedMeasure("weeks", Unit.COUNT),
    )
}


def places(unit: Unit, currency: str) -> int:
    """How many decimal places a value of a unit keeps. Raises UnknownCurrency."""
    if unit is Unit.MONEY:
        return exponent(currency)
    return 0 if unit is Unit.COUNT else FINE_PLACES


def shown(value: int, unit: Unit, currency: str) -> str:
    """A value as exact decimal text: 3070000 of percent is "307", 4140 of CNY is "41.40"."""
    kept = places(unit, currency)
    if not kept:
        return str(value)
    sign, digits = "-" if value < 0 else "", str(abs(value)).rjust(kept + 1, "0")
    text = f"{sign}{digits[:-kept]}.{digits[-kept:]}"
    return text if unit is Unit.MONEY else text.rstrip("0").rstrip(".")
