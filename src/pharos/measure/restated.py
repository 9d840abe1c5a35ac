"""What publishers said again, otherwise: the log of revisions of published figures.

In: an edition and whose figures. Out: one row for each change of a figure, with both values and
when each was stated. First-reported and revised values are both kept; who repeats himself changes
nothing.
"""

from dataclasses import dataclass
from typing import Any

from pharos.errors import BadQuestion
from pharos.measure.edition import Edition
from pharos.measure.published_figures import named
from pharos.words.published import STATED, shown


@dataclass(frozen=True, slots=True)
class RestatedAsked:
    """Whose revisions are asked; empty takes all. ``limit`` rows, the latest first."""

    territory: str = ""
    publisher: str = ""
    limit: int = 100


def restated(edition: Edition, asked: RestatedAsked) -> dict[str, Any]:
    """The revisions as one value for JSON, and how many there are. Raises BadQuestion."""
    if asked.limit < 1:
        raise BadQuestion("give a limit of 1 or more")
    where = (
        *(edition.position, asked.territory, asked.territory),
        *(asked.publisher, asked.publisher),
    )
    found = edition.dicts(_RESTATED, *where)
    return {
        "rows": [_row(edition, row) for row in found[: asked.limit]],
        "count": len(found),
        "edition": edition.position,
        "as_of": edition.at.isoformat(),
    }


def _row(edition: Edition, row: dict[str, Any]) -> dict[str, Any]:
    unit, currency = STATED[row["measure"]].unit, row["currency"]
    return {
        **named(edition, row),
        "basis": row["basis"],
        "before": shown(row["before"], unit, currency),
        "after": shown(row["value"], unit, currency),
        "difference": shown(row["value"] - row["before"], unit, currency),
        "stated_before": row["said_before"] or None,
        "stated_at": row["stated_as"] or None,
        "version": row["position"],
    }


_RESTATED = """
-- each statement of a figure that was stated more than once, and the one before it
WITH said AS (
  SELECT *, hash(publisher, territory, scope, subject, first, last, measure, basis) AS figure
  FROM published
  WHERE position <= ? AND (? = '' OR territory = ?) AND (? = '' OR publisher = ?)),
again AS (SELECT figure FROM said GROUP BY figure HAVING count(DISTINCT value) > 1)
SELECT publisher, territory, scope, subject, first, last, measure, basis, currency, value,
  stated_as, position, lag(value) OVER one AS before, lag(stated_as) OVER one AS said_before
FROM said SEMI JOIN again USING (figure)
WINDOW one AS (
  PARTITION BY publisher, territory, scope, subject, first, last, measure, basis
  ORDER BY stated_at NULLS FIRST, position, row_number)
QUALIFY value <> lag(value) OVER one
ORDER BY stated_at DESC NULLS LAST, position DESC, publisher, subject, first, measure
"""
