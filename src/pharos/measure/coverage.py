"""What stands behind a period: how many cinemas reported, and whether its figures are final.

In: an edition and a span of business dates. Out: completeness and status. Knows no question.

Silence is not zero: a cinema has reported a day if a book of money speaks of it, or if it said
that nothing was shown.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from pharos.measure.edition import Edition
from pharos.words.calendar import business_date
from pharos.words.period import Period

_DAY = timedelta(days=1)
_SAME = pa.schema([("code", pa.int32()), ("one", pa.int32())])
_SPAN = pa.schema([("code", pa.int32()), ("first", pa.date32()), ("last", pa.date32())])

#: Dimensions that narrow which cinemas are expected, and the attribute that each looks at.
PLACES = {
    "cinema": "cinema",
    "city": "city",
    "province": "province",
    "city_tier": "tier",
    "chain": "chain",
    "territory": "territory",
}
#: First and last of a stretch of business dates.
Days = tuple[date, date]


def completeness(
    edition: Edition, span: Period | None, only: Mapping[str, set[str]]
) -> dict[str, Any]:
    """Cinema days that reported of those expected, and how many cinemas that are.

    ``only`` narrows it to cinemas that stand in these places (a dimension of PLACES and its
    values). Where a home declares no expected cinemas, it says so instead of claiming a whole.
    """
    if span is None:
        return {"cinemas_reported": 0, "cinemas_expected": None, "reason": "nothing was reported"}
    expected = _expected(edition, span, only)
    reported = _reported(edition, span, expected)
    if only:
        reported = {
            cinema: days
            for cinema, days in reported.items()
            if _stands(edition, cinema, edition.place_of(cinema, span.last), only)
        }
    if not expected:
        return {
            "cinemas_reported": len(reported),
            "cinemas_expected": None,
            "reason": "this home declares no expected cinemas",
        }
    days = {cinema: sum(_length(stay) for stay in stays) for cinema, stays in expected.items()}
    kept = {cinema: reported.get(cinema, 0) for cinema in expected}
    return {
        "cinemas_reported": sum(kept[cinema] == days[cinema] for cinema in expected),
        "cinemas_expected": len(expected),
        "cinema_days_reported": sum(kept.values()),
        "cinema_days_expected": sum(days.values()),
        "unexpected_cinemas": len(reported.keys() - expected.keys()),
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


def _reported(edition: Edition, span: Period, expected: dict[str, list[Days]]) -> dict[str, int]:
    """By cinema that reported at all, the number of its expected days that it reported."""
    terms, one = edition.terms["cinema"], edition.canonical("cinema")
    stays = [(terms.code(c), *days) for c, several in expected.items() for days in several]
    silent = [
        (terms.code(one.get(cinema, cinema)), max(first, span.first), min(last, span.last))
        for cinema, first, last in edition.rows(_SILENT, edition.position, span.last, span.first)
    ]
    edition.cursor.register("expected_stay", _spans(stays))
    edition.cursor.register("silent_span", _spans(silent))
    same = [(terms.code(said), terms.code(to)) for said, to in one.items()]
    edition.cursor.register("same_cinema", pa.Table.from_pylist(
        [{"code": said, "one": to} for said, to in same], schema=_SAME))  # fmt: skip
    edition.cursor.register("emptied", _emptied(edition, span))
    rows = edition.rows(_REPORTED, edition.position, span.first, span.last)
    return {terms.texts[code]: days for code, days in rows}


def _emptied(edition: Edition, span: Period) -> pa.Table:
    """Cinema days of which figures were taken back until none were left: mostly there are none."""
    taken_back = [edition.position, span.first, span.last]
    doubtful = edition.cursor.sql(_DOUBTFUL, params=taken_back).to_arrow_table()
    if not doubtful.num_rows:
        return doubtful
    edition.cursor.register("doubtful", doubtful)
    return edition.cursor.sql(_EMPTIED, params=[edition.position]).to_arrow_table()


def _spans(rows: list[tuple[int, date, date]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    arrays = [pa.array(list(c), f.type) for c, f in zip(columns, _SPAN, strict=True)]
    return pa.Table.from_arrays(arrays, schema=_SPAN)


def _stands(
    edition: Edition, cinema: str, attributes: Mapping[str, Any], only: Mapping[str, set[str]]
) -> bool:
    """Whether a cinema with these attributes stands in the places that are asked."""
    known = {PLACES[name]: attributes.get(PLACES[name]) or "" for name in PLACES}
    known["territory"] = known["territory"] or edition.default_territory
    known["cinema"] = cinema
    return all(known[PLACES[name]] in values for name, values in only.items())


def _expected(
    edition: Edition, span: Period, only: Mapping[str, set[str]]
) -> dict[str, list[Days]]:
    """The stretches of the span on which each expected cinema should report."""
    found: dict[str, list[Days]] = {}
    for cinema, stays in edition.stays.items():
        for stay in stays:
            first = max(stay.first, span.first)
            last = min(stay.last, span.last, stay.attributes.get("closed") or date.max)
            inside = not only or _stands(edition, cinema, stay.attributes, only)
            if inside and stay.attributes.get("expected") and first <= last:
                found.setdefault(cinema, []).append((first, last))
    return found


def _length(days: Days) -> int:
    return (days[1] - days[0]).days + 1


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


_DOUBTFUL = """
-- days from which figures were taken back
SELECT DISTINCT a.cinema, a.business_date FROM posting p JOIN account a USING (account)
WHERE p.event IN (6, 7) AND p.position <= ? AND a.business_date BETWEEN ? AND ?
"""
_EMPTIED = """
-- and of which none are left
SELECT a.cinema, a.business_date FROM posting p
JOIN account a USING (account) JOIN doubtful USING (cinema, business_date)
WHERE p.position <= ? AND p.book > 0 GROUP BY ALL HAVING sum(p.said) = 0
"""
_REPORTED = """
WITH
-- days of which a cinema gave figures, or said that it showed nothing
said AS (
  SELECT coalesce(same_cinema.one, s.cinema) AS cinema, s.business_date AS day
  FROM spoke s LEFT JOIN same_cinema ON same_cinema.code = s.cinema
  WHERE s.book > 0 AND s.position <= ? AND s.business_date BETWEEN ? AND ?
    AND (s.cinema, s.business_date) NOT IN (SELECT cinema, business_date FROM emptied)
  UNION
  SELECT code, CAST(unnest(generate_series(first, last, INTERVAL 1 DAY)) AS DATE)
  FROM silent_span)
SELECT said.cinema, count(e.code) FROM said
LEFT JOIN expected_stay e ON e.code = said.cinema AND said.day BETWEEN e.first AND e.last
GROUP BY said.cinema
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
