"""Where a cinema stood, by stretches of business dates.

In: what registers say of one cinema. Out: its stays, one after another, from the first date on.
Knows no SQL.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

#: Attributes of a cinema that hold from a date on.
PLACE_ATTRIBUTES = ("territory", "zone", "city", "province", "tier", "chain", "expected")
ALWAYS = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Stay:
    """One cinema's attributes over a stretch of business dates, both ends included."""

    first: date
    last: date
    attributes: dict[str, Any]


def stays_of(rows: list[dict[str, Any]]) -> list[Stay]:
    """Register rows as stretches of dates.

    Each row says what holds from its first date on; what it leaves open stays as it was.
    Provisional rows fill only what no registered row says, and rows about joined cinemas only
    what none about the one that stands for all says.
    """
    facts = [
        (
            row["first"] or ALWAYS,
            {name: row[name] for name in PLACE_ATTRIBUTES if row[name] not in (None, "")},
            row["last"],
        )
        for row in sorted(rows, key=_trusted_last)
    ]
    starts = sorted({ALWAYS, *(first for first, _, _ in facts)})
    stays = []
    for nth, start in enumerate(starts):
        last = starts[nth + 1] if nth + 1 < len(starts) else None
        attributes: dict[str, Any] = {}
        closed: date | None = None
        for first, said, told_closed in facts:
            if first <= start:
                attributes |= said
                closed = told_closed or closed
        end = date.max if last is None else date.fromordinal(last.toordinal() - 1)
        stays.append(Stay(start, end, attributes | {"closed": closed}))
    return stays


def _trusted_last(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["registered"], row["own"], row["first"] or ALWAYS, row["position"]
