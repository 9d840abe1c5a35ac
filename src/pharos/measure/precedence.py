"""Whose published figures answer a question: by the precedence that a territory declares.

In: an edition, a territory, the dates asked. Out: one publisher and one basis. Precedence is data
in the journal: [sources] of the home's sources setting; where none is declared, the publisher with
most figures there comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pharos.errors import UnknownWord
from pharos.measure.chart_periods import Stretch
from pharos.measure.edition import Edition


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher, and the basis on which their amounts are read."""

    publisher: str
    basis: str


def source_of(
    edition: Edition, territory: str, publisher: str, basis: str, stretches: Sequence[Stretch]
) -> Source | None:
    """Whose figures of works answer for some stretches of dates; None where nobody has any.

    Raises UnknownWord for a publisher or a basis that has none there.
    """
    if not stretches:
        return None
    span = min(one.first for one in stretches), max(one.last for one in stretches)
    return source_between(edition, territory, (publisher, basis), span)


def source_between(
    edition: Edition, territory: str, wanted: tuple[str, str], span: tuple[date, date]
) -> Source | None:
    """The same between two dates; ``wanted`` are publisher and basis, empty where any will do."""
    publisher, basis = wanted
    first, last = span
    found = edition.rows(_SOURCES, edition.position, territory, first, last)
    if publisher:
        known = sorted({row[0] for row in edition.rows(_PUBLISHERS, edition.position, territory)})
        if publisher not in known:
            raise UnknownWord("publisher", publisher, known)
        found = [row for row in found if row[0] == publisher]
    if basis and found:
        bases = [row[1] for row in found]
        if basis not in bases:
            raise UnknownWord("basis", basis, bases)
        found = [row for row in found if row[1] == basis]
    declared = edition.sources.get(territory, ())
    order = {name: place for place, name in enumerate(declared)}
    # What was paid comes before what is left of it; otherwise those who cover most.
    found.sort(key=lambda row: (order.get(row[0], len(order)), -row[2], row[0], _BASES[row[1]]))
    return Source(found[0][0], found[0][1]) if found else None


_BASES = {"with_fee": 0, "unknown": 1, "without_fee": 2, "without_tax": 3}

_PUBLISHERS = "SELECT DISTINCT publisher FROM published WHERE position <= ? AND territory = ?"
_SOURCES = """
SELECT publisher, basis, count(*) AS figures FROM published
WHERE position <= ? AND territory = ? AND scope = 'work' AND measure = 'gross'
  AND last >= ? AND first <= ?
GROUP BY publisher, basis
"""
