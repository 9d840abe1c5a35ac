"""Who has reported which business date, and who is overdue.

In: an edition, business dates, places. Out: one row for each expected cinema and day. Counts as
completeness counts: a cinema has reported a day if a book of money speaks of it, or if it said
that nothing was shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from pharos.measure.coverage import SAID_DAYS, completeness, expected_in, register_said, today
from pharos.measure.edition import Edition
from pharos.measure.paging import Key, Listed, Page, listed
from pharos.words.period import Period

#: What a cinema may have said of a day, from good to bad.
STATES = ("reported", "no_screenings", "awaited", "overdue")


@dataclass(frozen=True, slots=True)
class Due:
    """Filters: business dates, places (as `coverage.PLACES`), one of STATES or all."""

    period: Period
    only: Mapping[str, set[str]] = field(default_factory=dict)
    state: str = ""


def due(edition: Edition, page: Page, asked: Due, now: datetime) -> Listed:
    """Expected cinemas and days with what became of them; a day is awaited until it is over."""
    register_said(edition, asked.period, expected_in(edition, asked.period, asked.only))
    cinemas = edition.terms["cinema"].texts
    texts = pa.table({"code": pa.array(range(len(cinemas)), pa.int32()), "text": list(cinemas)})
    edition.cursor.register("cinema_text", texts)
    after = page.key(("", ""))
    span = [edition.position, asked.period.first, asked.period.last]
    rows = edition.dicts(
        _DUE, *span, today(edition, now), asked.state, asked.state, *after, page.limit + 1
    )
    return listed(edition, page, (_row(edition, row) for row in rows))


def of_the_expected(edition: Edition, asked: Due) -> dict[str, Any]:
    """The same days counted, as answers about them say."""
    return completeness(edition, asked.period, asked.only)


def yesterday(edition: Edition, now: datetime) -> Period:
    """The last business date that is over everywhere."""
    day = date.fromordinal(today(edition, now).toordinal() - 1)
    return Period(day, day, "yesterday")


def _row(edition: Edition, row: Mapping[str, Any]) -> tuple[Key, dict[str, Any]]:
    return (row["day"], row["text"]), {
        "business_date": row["day"],
        "cinema_id": f"cinema:{row['text']}",
        "cinema": edition.name("cinema", row["text"]),
        "state": row["state"],
    }


_DUE = f"""
WITH {SAID_DAYS},
due AS (
  SELECT code, CAST(unnest(generate_series(first, last, INTERVAL 1 DAY)) AS DATE) AS day
  FROM expected_stay),
told AS (
  SELECT CAST(due.day AS VARCHAR) AS day, cinema_text.text,
    CASE WHEN bool_or(said.figures) THEN 'reported'
         WHEN bool_or(NOT said.figures) THEN 'no_screenings'
         WHEN due.day >= ? THEN 'awaited' ELSE 'overdue' END AS state
  FROM due JOIN cinema_text USING (code)
  LEFT JOIN said ON said.cinema = due.code AND said.day = due.day
  GROUP BY due.day, cinema_text.text)
SELECT * FROM told WHERE (? = '' OR state = ?) AND (day, text) > (?, ?)
ORDER BY day, text LIMIT ?
"""
