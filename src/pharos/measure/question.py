"""A question, parsed and checked: measures, dimensions, conditions, period, basis.

In: words of a command line, a URL or a Python call. Out: a frozen Question, or an error that
names what is known. Knows no SQL.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from pharos.errors import BadQuestion, RefusedCombination, UnknownWord, nearest
from pharos.measure import catalogue, dimensions
from pharos.measure.catalogue import Change, Cumulative, Measure, Share, Special
from pharos.measure.dimensions import Dimension

T = TypeVar("T")

#: What of the price paid a gross is.
BASES = ("paid", "without_fee", "without_tax", "without_fee_and_tax")
#: Dimensions that make a share of works meaningful.
OF_WORKS = ("work", "version", "distributor", "run", "format", "language")


@dataclass(frozen=True, slots=True)
class Question:
    """One question; conditions are texts as said, several values of one dimension are "or"."""

    measures: tuple[Measure, ...]
    by: tuple[Dimension, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    period: str = ""
    territory: str = ""
    basis: str = "paid"
    source: str = "postings"
    as_of: int | datetime | None = None
    sold_until: datetime | None = None
    order: str = ""
    limit: int | None = None

    @property
    def used(self) -> tuple[str, ...]:
        """Names of all dimensions that split or select."""
        return tuple(dict.fromkeys([*(d.name for d in self.by), *self.where]))


def question(
    measures: Iterable[str], by: Iterable[str] = (), where: Iterable[str] = (), **rest: object
) -> Question:
    """Check the words of a question. Raises UnknownWord, BadQuestion or RefusedCombination.

    A measure or a dimension that is named twice is answered once, where it was named first.
    """
    known = catalogue.BY_NAME
    asked = tuple(_named("measure", name, known) for name in dict.fromkeys(measures))
    if not asked:
        raise BadQuestion(f"name at least one measure; {nearest('', known)}")
    split = tuple(_named("dimension", name, dimensions.BY_NAME) for name in dict.fromkeys(by))
    conditions: dict[str, tuple[str, ...]] = {}
    for condition in where:
        name, equals, value = condition.partition("=")
        if not equals:
            raise BadQuestion(f"{condition!r} is no condition; write dimension=value")
        _named("dimension", name, dimensions.BY_NAME)
        conditions[name] = (*conditions.get(name, ()), value)
    made = Question(asked, split, conditions, **rest)  # type: ignore[arg-type]
    check(made)
    return made


def check(made: Question) -> None:
    """Refuse what has no honest answer, with the reason."""
    if made.basis not in BASES:
        raise UnknownWord("basis", made.basis, BASES)
    if made.limit is not None and made.limit < 1:
        raise BadQuestion(f"a limit of {made.limit} rows shows nothing; write 1 or more")
    if made.source != "postings":
        raise RefusedCombination(
            f"source {made.source!r} is not held; this home answers from postings"
        )
    for measure in made.measures:
        for name in made.used:
            reason = refusal(measure, dimensions.BY_NAME[name])
            if reason:
                raise RefusedCombination(f"{measure.name} by {name} is refused: {reason}")
        reason = _missing_split(measure, made)
        if reason:
            raise RefusedCombination(f"{measure.name} is refused here: {reason}")


def refusal(measure: Measure, dimension: Dimension) -> str:
    """Why a measure cannot be asked by a dimension; empty if it can."""
    for key in (dimension.name, dimension.family):
        if key in measure.refuses:
            return measure.refuses[key]
    return ""


def _missing_split(measure: Measure, made: Question) -> str:
    used = set(made.used)
    how = measure.how
    if isinstance(how, Share) and not used & set(OF_WORKS):
        return (
            "a share is of all works in the same place and time; without a work (or version, "
            "distributor, run, format, language) its denominator is itself"
        )
    since = isinstance(how, Cumulative) or measure.name in catalogue.LOOKING_BACK
    if since and "work" not in used:
        return "it is counted over the run of one work; ask by work, or where work=..."
    spans = {"business_date", "week", "weekend", "month", "quarter", "year"}
    if isinstance(how, Change) and (spans | {"weekday", "window"}) & set(made.where):
        return "a change compares dates: give them as a period, not as a condition"
    if isinstance(how, Change) and not made.period and not spans & used:
        return "a change needs dates to compare: give a period"
    if isinstance(how, Special) and how.name == "rank" and not made.by:
        return "a rank needs something to rank: ask by work, cinema, city ..."
    return ""


def _named(kind: str, name: str, known: Mapping[str, T]) -> T:
    if name not in known:
        raise UnknownWord(kind, name, known)
    return known[name]
