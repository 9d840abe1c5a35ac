"""What stands behind a period: how many cinemas reported, and whether its figures are final.

In: an edition and a span of business dates. Out: completeness and status. Knows no question.

Silence is not zero: a cinema has reported a day if a book of money speaks of it, or if it said
that nothing was shown.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pharos.measure.edition import Edition
from pharos.words.calendar import business_date
from pharos.words.period import Period

_DAY = timedelta(days=1)


def completeness(edition: Edition, span: Period | None) -> dict[str, Any]:
    """Cinema days that reported of those expected, and how many cinemas that are.

    Where a home declares no expected cinemas, it says so instead of claiming a whole.
    """
    if span is None:
        return {"cinemas_reported": 0, "cinemas_expected": None, "reason": "nothing was reported"}
    reported = _reported(edition, span)
    expected = _expected(edition, span)
    if not expected:
        return {
            "cinemas_reported": len({cinema for cinema, _ in reported}),
            "cinemas_expected": None,
            "reason": "this home declares no expected cinemas",
        }
    kept = reported & expected
    short = {cinema for cinema, _ in expected - kept}
    cinemas = {cinema for cinema, _ in expected}
    return {
        "cinemas_reported": len(cinemas - short),
        "cinemas_expected": len(cinemas),
        "cinema_days_reported": len(kept),
        "cinema_days_expected": len(expected),
        "unexpected_cinemas": len({cinema for cinema, _ in reported} - cinemas),
    }


def status(edition: Edition, span: Period | None, moment: datetime) -> str:
    """Whether a span is live, provisional, final or corrected.

    Live while one of its days is not over, provisional until all are closed, then final;
    corrected once a closed day's figures have changed.
    """
    if span is None:
        return "live"
    closed = _closed(edition, span)
    day = span.first
    while day <= span.last:
        if day not in closed:
            return "live" if span.last >= _today(edition, moment) else "provisional"
        day += _DAY
    return "corrected" if _changed(edition, closed) else "final"


def _today(edition: Edition, moment: datetime) -> date:
    """The business date that has begun last, anywhere in the home."""
    days = []
    for rules in edition.territories.values():
        zone = rules.zones[0]
        days.append(business_date(_wall(moment, zone), rules.day_start))
    return max(days, default=moment.astimezone(UTC).date())


def _wall(moment: datetime, zone: str) -> datetime:
    from_zone = moment.astimezone(ZoneInfo(zone))
    return from_zone.replace(tzinfo=None)


def _reported(edition: Edition, span: Period) -> set[tuple[str, date]]:
    texts, one = edition.terms["cinema"].texts, edition.canonical("cinema")
    found = set()
    for code, day in edition.rows(_SPOKEN, edition.position, span.first, span.last):
        found.add((one.get(texts[code], texts[code]), day))
    for cinema, first, last in edition.rows(_SILENT, edition.position, span.last, span.first):
        day = max(first, span.first)
        while day <= min(last, span.last):
            found.add((one.get(cinema, cinema), day))
            day += _DAY
    return found


def _expected(edition: Edition, span: Period) -> set[tuple[str, date]]:
    found = set()
    for cinema, stays in edition.stays.items():
        for stay in stays:
            if not stay.attributes.get("expected"):
                continue
            day = max(stay.first, span.first)
            last = min(stay.last, span.last, stay.attributes.get("closed") or date.max)
            while day <= last:
                found.add((cinema, day))
                day += _DAY
    return found


def _closed(edition: Edition, span: Period) -> dict[date, int]:
    """Closed days and the position of their first closing."""
    found: dict[date, int] = {}
    rows = edition.rows(_CLOSINGS, edition.position, span.last, span.first)
    for position, first, last in rows:
        day = max(first, span.first)
        while day <= min(last, span.last):
            found.setdefault(day, position)
            day += _DAY
    return found


def _changed(edition: Edition, closed: dict[date, int]) -> bool:
    """Whether any figure of a closed day has changed since it was closed."""
    first, last = min(closed), max(closed)
    since = min(closed.values())
    changes = edition.rows(_CHANGES, edition.position, edition.position, first, last, since)
    return any(day in closed and position > closed[day] for day, position in changes)


_SPOKEN = """
SELECT DISTINCT cinema, business_date FROM spoke
WHERE book > 0 AND position <= ? AND business_date BETWEEN ? AND ?
"""
_SILENT = """
SELECT cinema, first, last FROM silence_fact WHERE position <= ? AND first <= ? AND last >= ?
"""
_CLOSINGS = """
SELECT position, first, last FROM closing_fact
WHERE position <= ? AND first <= ? AND last >= ? ORDER BY position
"""
_CHANGES = """
-- reports that changed the published figures of a day
WITH dropped AS (
  SELECT account, book FROM unpublished WHERE position <= ?
  GROUP BY account, book HAVING sum(delta) > 0)
SELECT a.business_date, p.position FROM posting p JOIN account a USING (account)
ANTI JOIN dropped USING (account, book)
WHERE p.position <= ? AND a.business_date BETWEEN ? AND ? AND p.position > ?
GROUP BY a.business_date, a.cinema, a.work, p.position
HAVING sum(p.gross) <> 0 OR sum(p.admissions) <> 0
"""
