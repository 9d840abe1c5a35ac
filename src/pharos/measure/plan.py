"""A plan: what a question's SQL must sum, before any of it is written as text.

In: dimensions, conditions, dates. Out: frozen values that `measure.sql` spells. Knows no SQL.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pharos.keep.checkpoints import Span
from pharos.measure.catalogue import TIME
from pharos.measure.dimensions import Dimension

#: What is taken off the price paid on each basis, and the rows that do not say it.
BASIS_PARTS = {
    "paid": (),
    "without_fee": ("fee",),
    "without_tax": ("tax",),
    "without_fee_and_tax": ("fee", "tax"),
}


#: No frame is moved by more than a year.
LONGEST_SHIFT = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Condition:
    """One dimension's key must be one of the values of a small table, named after it."""

    dimension: Dimension
    null: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """One pass over the standing postings.

    ``first`` and ``last`` bound the business date; ``shift`` (a SQL interval) moves dates forward
    before they are grouped, so that an earlier span lines up with the one that is asked.
    ``works`` names a small table whose works alone are summed.
    """

    name: str
    title: str
    by: tuple[Dimension, ...]
    where: tuple[Condition, ...]
    quantities: tuple[str, ...]
    first: date | None = None
    last: date | None = None
    shift: str = ""
    extra: tuple[str, ...] = ()
    extra_needs: tuple[str, ...] = ()
    spoken_only: bool = False
    screenings_too: bool = False
    works: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a text is built for: an edition, what covers it, and the frames to sum.

    ``territory`` is that of all cinemas, if it is one, so that no posting is looked up for it.
    """

    edition: int
    spans: Sequence[Span]
    basis: str = "paid"
    by_currency: bool = False
    sold_until: str = ""
    joined_work: bool = False
    joined_cinema: bool = False
    double_features: bool = False
    traced: bool = False
    all_published: bool = False
    territory: str = ""
    silent: Mapping[str, int] = field(default_factory=dict)


def without(conditions: Iterable[Condition], families: Iterable[str]) -> tuple[Condition, ...]:
    """Conditions on other families of dimensions only."""
    left_out = set(families)
    return tuple(c for c in conditions if c.dimension.family not in left_out)


def untimed(dimensions: Iterable[Dimension]) -> tuple[Dimension, ...]:
    """The dimensions that are not of time."""
    return tuple(d for d in dimensions if d.family != TIME and d.name != "day_of_release")
