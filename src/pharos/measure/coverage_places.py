"""How complete each place is: of its cinemas that should report, how many did.

In: an edition, a span of business dates, a kind of place. Out: for each place what `completeness`
says of it alone, found with one question. Knows no figure.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from pharos.measure.coverage import (
    PLACES,
    SAID_DAYS,
    Expected,
    expected_stays,
    register_said,
    spans_table,
)
from pharos.measure.edition import Edition
from pharos.words.figures import Ints
from pharos.words.period import Period


@dataclass(slots=True)
class _Place:
    """Days by cinema: those expected, and those of them that were reported."""

    expected: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    reported: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def completeness_by(
    edition: Edition, span: Period, name: str, only: Mapping[str, set[str]]
) -> dict[str, dict[str, int]]:
    """What is complete by place: ``name`` and ``only`` are as PLACES has them.

    A cinema that moved counts in each place for its days there. Who stands nowhere is under "".
    """
    code = edition.terms["cinema"].code
    stays = [
        (cinema, code(cinema), first, last, str(attributes.get(PLACES[name]) or ""))
        for cinema, first, last, attributes in expected_stays(edition, span, only)
    ]
    days = _days(edition, span, spans_table([stay[1:4] for stay in stays]))
    places: dict[str, _Place] = defaultdict(_Place)
    for cinema, number, first, last, value in stays:
        where = cinema if name == "cinema" else value
        places[where].expected[cinema] += (last - first).days + 1
        places[where].reported[cinema] += days.get((number, first), 0)
    return {where: _counted(place) for where, place in places.items()}


def _days(edition: Edition, span: Period, stays: pa.Table) -> dict[tuple[int, object], int]:
    """How many days were reported of each stay, by its cinema and first day."""
    none: Ints = stays.column("code").to_numpy()
    register_said(edition, span, Expected(none, none, stays))
    rows = edition.rows(_REPORTED, edition.position, span.first, span.last)
    return {(number, first): days for number, first, days in rows}


def _counted(place: _Place) -> dict[str, int]:
    whole = [cinema for cinema, days in place.expected.items() if place.reported[cinema] == days]
    return {
        "cinemas_reported": len(whole),
        "cinemas_expected": len(place.expected),
        "cinema_days_reported": sum(place.reported.values()),
        "cinema_days_expected": sum(place.expected.values()),
    }


_REPORTED = f"""
WITH {SAID_DAYS}
SELECT e.code, e.first, count(*) AS days FROM (SELECT DISTINCT cinema, day FROM said) said
JOIN expected_stay e ON e.code = said.cinema AND said.day BETWEEN e.first AND e.last
GROUP BY e.code, e.first
"""
