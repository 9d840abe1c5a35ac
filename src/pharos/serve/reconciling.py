"""Whether a rehearsed home's figures are those that were sent, cut by cut, to the last cent.

In: the home or a client of it, and the truth of the rehearsal. Out: how many figures were
compared, and those that differ. No arithmetic: both sides come as sums.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pharos.measure.answer import Answer

#: What is compared, and the column of the truth.
FIGURES = {
    "gross": "gross",
    "admissions": "admissions",
    "screenings": "screenings",
    "seats_offered": "seats",
    "refunds": "refunds",
    "presales": "presales",
}
_PLACES = ("province", "city", "city_tier", "chain", "cinema")
#: By what: the whole, each day, each film, place and hour, and each of them day by day.
CUTS: tuple[tuple[str, ...], ...] = (
    (),
    *((name,) for name in ("business_date", "work", *_PLACES, "screening_hour")),
    *(("business_date", name) for name in ("work", *_PLACES, "screening_hour")),
    ("city", "work"),
    ("chain", "work"),
)
#: Differences that are told; the rest is only counted.
TOLD = 20


class Asks(Protocol):
    """A home, or a client of one."""

    def ask(self, *measures: str, by: Sequence[str] = (), period: str = "") -> Answer:
        """Answer a question."""


class Sums(Protocol):
    """The truth: rows of sums by columns."""

    def sums(self, *by: str) -> list[dict[str, Any]]:
        """Sums by any columns."""


@dataclass
class Reconciled:
    """How many figures are equal, and where some differ; ``unknown`` ones a grain does not give."""

    equal: int = 0
    unknown: int = 0
    different: int = 0
    told: list[str] = field(default_factory=list)

    def differ(self, sentence: str) -> None:
        """Take note of a difference."""
        self.different += 1
        if len(self.told) < TOLD:
            self.told.append(sentence)


def reconcile(home: Asks, truth: Sums, cuts: Iterable[tuple[str, ...]] = CUTS) -> Reconciled:
    """Compare every figure of every cut."""
    found = Reconciled()
    for by in cuts:
        said = {_key(row, by): row for row in _said(home, truth, by)}
        sent = _sent(truth, by)
        for key in sorted(said.keys() | sent.keys()):
            _compare(found, f"{', '.join(by)} {', '.join(key)}", said.get(key), sent.get(key))
    return found


def _said(home: Asks, truth: Sums, by: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    """What the home says; day by day where days are asked, since a country has many cinemas."""
    if len(by) < 2 or by[0] != "business_date":
        yield from home.ask(*FIGURES, by=by)
        return
    for day in truth.sums(by[0]):
        yield from home.ask(*FIGURES, by=by, period=str(day[by[0]]))


def _key(row: Mapping[str, Any], by: tuple[str, ...]) -> tuple[str, ...]:
    keys = (str(row.get(f"{name}_id", row.get(name))) for name in by)
    return tuple(key.removeprefix("work:").removeprefix("cinema:") for key in keys)


def _sent(truth: Sums, by: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, Any]]:
    """The sums of the truth; totals of days do not say at which hour a screening began."""
    if "screening_hour" not in by:
        return {_key(row, by): row for row in truth.sums(*by)}
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in truth.sums(*by, "book"):
        if row["book"] == "day_totals":
            row["screening_hour"] = None
        before = found.setdefault(_key(row, by), dict.fromkeys(FIGURES.values(), 0))
        for column in FIGURES.values():
            before[column] += row[column]
    return found


def _compare(
    found: Reconciled, where: str, said: Mapping[str, Any] | None, sent: Mapping[str, Any] | None
) -> None:
    if said is None or sent is None:
        found.differ(f"{where}: {'nothing is shown' if said is None else 'nothing was sent'}")
        return
    for name, column in FIGURES.items():
        shown = said.get(f"{name}_minor", said[name])
        if shown is None:
            found.unknown += 1
        elif shown == sent[column]:
            found.equal += 1
        else:
            found.differ(f"{where}: {name} is {shown} and should be {sent[column]}")
