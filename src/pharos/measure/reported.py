"""Who has reported which business date, and who is overdue.

In: an edition, business dates, places. Out: one row for each expected cinema and day. Counts as
completeness counts: a cinema has reported a day if a book of money speaks of it, or if it said
that nothing was shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
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
    _register(edition, asked)
    after = page.key(("", ""))
    span = [edition.position, asked.period.first, asked.period.last]
    rows = edition.dicts(
        _DUE, *span, today(edition, now), asked.state, asked.state, *after, page.limit + 1
    )
    return listed(edition, page, (_row(edition, row) for row in rows))


def cinemas(edition: Edition, asked: Due, now: datetime) -> list[dict[str, Any]]:
    """Each expected cinema once: days expected, reported, awaited, missing, and who spoke for it.

    ``last_day`` is the last business date that it was spoken of, and ``sender`` who spoke last;
    ``last_report`` is that sender's last report of anything, which came at ``arrived_at``. Those
    who miss most come first.
    """
    _register(edition, asked)
    at = edition.position
    span = [at, asked.period.first, asked.period.last]
    rows = edition.dicts(_CINEMAS, *span, today(edition, now), at, at, at)
    return [_cinema(edition, row) for row in rows]


def _register(edition: Edition, asked: Due) -> None:
    """Register what `_TOLD` joins."""
    register_said(edition, asked.period, expected_in(edition, asked.period, asked.only))
    cinemas = edition.terms["cinema"].texts
    texts = pa.table({"code": pa.array(range(len(cinemas)), pa.int32()), "text": list(cinemas)})
    edition.cursor.register("cinema_text", texts)


def _cinema(edition: Edition, row: Mapping[str, Any]) -> dict[str, Any]:
    arrived = row["arrived_at"]
    return {
        "cinema_id": f"cinema:{row['text']}",
        "cinema": edition.name("cinema", row["text"]),
        **{name: row[name] for name in _COUNTED},
        "arrived_at": arrived and arrived.replace(tzinfo=UTC).isoformat(),
    }


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


#: What is said of an expected cinema, in the order in which it is told.
_COUNTED = ("days_expected", "days_reported", "days_awaited", "days_missing", "first_missing",
            "last_day", "sender", "last_report")  # fmt: skip
#: Expected days with what became of them; after `_register`. Its parameters: those of SAID_DAYS,
#: and the business date that is running.
_TOLD = f"""
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
  GROUP BY due.day, cinema_text.text)"""
_DUE = f"""
{_TOLD}
SELECT * FROM told WHERE (? = '' OR state = ?) AND (day, text) > (?, ?)
ORDER BY day, text LIMIT ?
"""
_CINEMAS = f"""
{_TOLD},
-- who spoke of a cinema, of figures or of their absence
heard AS (
  SELECT c.text AS cinema, t.text AS sender, s.business_date AS day, s.position
  FROM spoke s JOIN cinema_text c ON c.code = s.cinema
  JOIN term t ON t.kind = 'sender' AND t.code = s.sender
  WHERE s.book > 0 AND s.position <= ?
  UNION ALL
  SELECT cinema, sender, last, position FROM silence_fact WHERE position <= ?),
-- the same of the cinema that stands for those that are one
spoken AS (
  SELECT coalesce(one.text, heard.cinema) AS text, max(day) AS last_day,
    arg_max(sender, position) AS sender
  FROM heard JOIN cinema_text c ON c.text = heard.cinema
  LEFT JOIN same_cinema same ON same.code = c.code
  LEFT JOIN cinema_text one ON one.code = same.one GROUP BY 1),
arrived AS (
  SELECT sender, max(position) AS last_report, max(arrived_at) AS arrived_at
  FROM report WHERE position <= ? GROUP BY sender)
SELECT text, count(*) AS days_expected,
  count(*) FILTER (state IN ('reported', 'no_screenings')) AS days_reported,
  count(*) FILTER (state = 'awaited') AS days_awaited,
  count(*) FILTER (state = 'overdue') AS days_missing,
  min(day) FILTER (state = 'overdue') AS first_missing,
  CAST(any_value(last_day) AS VARCHAR) AS last_day, any_value(spoken.sender) AS sender,
  any_value(last_report) AS last_report, any_value(arrived_at) AS arrived_at
FROM told LEFT JOIN spoken USING (text) LEFT JOIN arrived ON arrived.sender = spoken.sender
GROUP BY text ORDER BY days_missing DESC, text
"""
