"""What stands behind a period: how many cinemas reported, and whether its figures are final.

In: an edition and a span of business dates. Out: completeness and status. Knows no question.

Silence is not zero: a cinema has reported a day if a book of money speaks of it, or if it said
that nothing was shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from pharos.keep.postings import MOVED, WITHDRAWN
from pharos.measure.edition import Edition
from pharos.words.calendar import business_date
from pharos.words.figures import Chosen, Ints
from pharos.words.period import Period

_DAY = timedelta(days=1)
_SAME = pa.schema([("code", pa.int32()), ("one", pa.int32())])
_SPAN = pa.schema([("code", pa.int32()), ("first", pa.date32()), ("last", pa.date32())])
_NOTHING = pa.table(
    {"cinema": pa.array([], pa.int32()), "business_date": pa.array([], pa.date32())}
)

#: Dimensions that narrow which cinemas are expected, and the attribute that each looks at.
PLACES = {
    "cinema": "cinema",
    "city": "city",
    "province": "province",
    "city_tier": "tier",
    "chain": "chain",
    "territory": "territory",
}
#: Spans of dates of which the expected cinemas are kept worked out, for one edition's registers.
SPANS_KNOWN = 16


@dataclass(frozen=True, slots=True)
class Expected:
    """Cinemas (codes) that should report, on how many days each, and on which."""

    cinemas: Ints
    days: Ints
    stays: pa.Table


def completeness(
    edition: Edition, span: Period | None, only: Mapping[str, set[str]]
) -> dict[str, Any]:
    """Cinema days that reported of those expected, and how many cinemas that are.

    ``only`` narrows it to cinemas that stand in these places (a dimension of PLACES and its
    values). Where a home declares no expected cinemas, it says so instead of claiming a whole.
    """
    if span is None:
        return {"cinemas_reported": 0, "cinemas_expected": None, "reason": "nothing was reported"}
    expected = expected_in(edition, span, only)
    cinemas, days = _reported(edition, span, expected)
    if only:
        stands = _standing(edition, span, only, cinemas)
        cinemas, days = cinemas[stands], days[stands]
    return _completed(expected, cinemas, days)


def completeness_of(
    edition: Edition, span: Period, only: Mapping[str, set[str]], spoken: Ints
) -> dict[str, Any]:
    """The same of one day, if it is known which cinemas of these places have spoken.

    ``spoken`` are the codes of those that stand for them.
    """
    terms, one = edition.terms["cinema"], edition.canonical("cinema")
    silent = edition.rows(_SILENT, edition.position, span.last, span.first)
    quiet = np.array([terms.code(one.get(said, said)) for said, _, _ in silent], dtype=np.int64)
    cinemas = np.union1d(spoken, quiet[_standing(edition, span, only, quiet)])
    expected = expected_in(edition, span, only)
    days = np.isin(cinemas, expected.cinemas).astype(np.int64)
    return _completed(expected, cinemas, days)


def _standing(
    edition: Edition, span: Period, only: Mapping[str, set[str]], cinemas: Ints
) -> Chosen:
    """Which of some cinemas stand in the places that are asked."""
    texts = edition.terms["cinema"].texts
    places = ((texts[code], edition.place_of(texts[code], span.last)) for code in cinemas)
    found = [not only or _stands(edition, *place, only) for place in places]
    return np.array(found, dtype=np.bool_)


def _completed(expected: Expected, cinemas: Ints, days: Ints) -> dict[str, Any]:
    if not len(expected.cinemas):
        return {
            "cinemas_reported": len(cinemas),
            "cinemas_expected": None,
            "reason": "this home declares no expected cinemas",
        }
    of_code = np.zeros(1 + max(expected.cinemas.max(), cinemas.max(initial=0)), dtype=np.int64)
    of_code[cinemas] = days
    kept = of_code[expected.cinemas]
    return {
        "cinemas_reported": int((kept == expected.days).sum()),
        "cinemas_expected": len(expected.cinemas),
        "cinema_days_reported": int(kept.sum()),
        "cinema_days_expected": int(expected.days.sum()),
        "unexpected_cinemas": int((~np.isin(cinemas, expected.cinemas)).sum()),
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
            return "live" if span.last >= today(edition, moment) else "provisional"
        day += _DAY
    return "corrected" if _changed_days(edition, closed) else "final"


def statuses(edition: Edition, span: Period, moment: datetime) -> dict[date, str]:
    """The status of each day of a span, as `status` has it."""
    closed, begun = _closed(edition, span), today(edition, moment)
    changed = _changed_days(edition, closed) if closed else set()
    found, day = {}, span.first
    while day <= span.last:
        if day in closed:
            found[day] = "corrected" if day in changed else "final"
        else:
            found[day] = "live" if day >= begun else "provisional"
        day += _DAY
    return found


def today(edition: Edition, moment: datetime) -> date:
    """The business date that has begun last, anywhere in the home."""
    days = []
    for rules in edition.territories.values():
        zone = rules.zones[0]
        days.append(business_date(_wall(moment, zone), rules.day_start))
    return max(days, default=moment.astimezone(UTC).date())


def _wall(moment: datetime, zone: str) -> datetime:
    from_zone = moment.astimezone(ZoneInfo(zone))
    return from_zone.replace(tzinfo=None)


def _reported(edition: Edition, span: Period, expected: Expected) -> tuple[Ints, Ints]:
    """Cinemas that reported at all, and of how many of their expected days each did."""
    register_said(edition, span, expected)
    at = [edition.position, span.first, span.last]
    found = edition.cursor.sql(_REPORTED, params=at).to_arrow_table()
    return found.column("cinema").to_numpy(), found.column("days").to_numpy()


def register_said(edition: Edition, span: Period, expected: Expected) -> None:
    """Register the small tables that SAID_DAYS joins, and ``expected_stay``."""
    terms, one = edition.terms["cinema"], edition.canonical("cinema")
    silent = [
        (terms.code(one.get(cinema, cinema)), max(first, span.first), min(last, span.last))
        for cinema, first, last in edition.rows(_SILENT, edition.position, span.last, span.first)
    ]
    edition.cursor.register("expected_stay", expected.stays)
    edition.cursor.register("silent_span", spans_table(silent))
    same = [(terms.code(said), terms.code(to)) for said, to in one.items()]
    edition.cursor.register("same_cinema", pa.Table.from_pylist(
        [{"code": said, "one": to} for said, to in same], schema=_SAME))  # fmt: skip
    edition.cursor.register("emptied", _emptied(edition, span))


def _emptied(edition: Edition, span: Period) -> pa.Table:
    """Cinema days of which figures were taken back until none were left: mostly there are none."""
    cursor, at = edition.cursor, edition.position
    # Two steps, since the accounts of most editions need not be read at all.
    taken_back = cursor.sql(_TAKEN_BACK, params=[at]).to_arrow_table()
    if not taken_back.num_rows:
        return _NOTHING
    cursor.register("taken_back", taken_back)
    return cursor.sql(_EMPTIED, params=[span.first, span.last, at]).to_arrow_table()


def spans_table(rows: list[tuple[int, date, date]]) -> pa.Table:
    """Codes of cinemas with first and last days, to be joined."""
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


def expected_in(edition: Edition, span: Period, only: Mapping[str, set[str]]) -> Expected:
    """What should be reported, kept for the questions that come again and again."""
    places = tuple(sorted((name, tuple(sorted(values))) for name, values in only.items()))
    # Codes hold among the readers of the same terms; several threads may work this out at once.
    key = (edition.terms["cinema"], span.first, span.last, places)
    known: dict[Any, Expected] = edition.memo.setdefault("expected", {})
    if (found := known.get(key)) is None:
        if len(known) >= SPANS_KNOWN:
            known.clear()
        found = known[key] = _expect(edition, span, only)
    return found


def _expect(edition: Edition, span: Period, only: Mapping[str, set[str]]) -> Expected:
    code = edition.terms["cinema"].code
    found = [
        (code(one), first, last) for one, first, last, _ in expected_stays(edition, span, only)
    ]
    lengths: dict[int, int] = {}
    for cinema_code, first, last in found:
        lengths[cinema_code] = lengths.get(cinema_code, 0) + (last - first).days + 1
    return Expected(
        np.array(list(lengths), dtype=np.int64),
        np.array(list(lengths.values()), dtype=np.int64),
        spans_table(found),
    )


def expected_stays(
    edition: Edition, span: Period, only: Mapping[str, set[str]]
) -> Iterator[tuple[str, date, date, Mapping[str, Any]]]:
    """Cinemas that should report, from when until when inside a span, and where they stood."""
    for cinema, stays in edition.stays.items():
        for stay in stays:
            first = max(stay.first, span.first)
            last = min(stay.last, span.last, stay.attributes.get("closed") or date.max)
            if not stay.attributes.get("expected") or first > last:
                continue
            if not only or _stands(edition, cinema, stay.attributes, only):
                yield cinema, first, last, stay.attributes


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


def _changed_days(edition: Edition, closed: dict[date, int]) -> set[date]:
    """The closed days of which any figure has changed since they were closed."""
    first, last = min(closed), max(closed)
    since = min(closed.values())
    changes = edition.rows(_CHANGES, edition.position, edition.position, first, last, since)
    return {day for day, position in changes if day in closed and position > closed[day]}


_TAKEN_BACK = f"""
SELECT DISTINCT account FROM posting WHERE event IN ({WITHDRAWN}, {MOVED}) AND position <= ?
"""
_EMPTIED = """
-- days from which figures were taken back, and of which none are left
WITH doubtful AS (
  SELECT DISTINCT cinema, business_date FROM account
  WHERE account IN (SELECT account FROM taken_back) AND business_date BETWEEN ? AND ?)
SELECT a.cinema, a.business_date FROM posting p
JOIN account a USING (account) JOIN doubtful USING (cinema, business_date)
WHERE p.position <= ? AND p.book > 0 GROUP BY ALL HAVING sum(p.said) = 0
"""
#: A step of SQL after `register_said`; its parameters: edition, first and last business date.
SAID_DAYS = """
-- days of which a cinema gave figures, or said that it showed nothing
said AS (
  SELECT coalesce(same_cinema.one, s.cinema) AS cinema, s.business_date AS day, true AS figures
  FROM spoke s LEFT JOIN same_cinema ON same_cinema.code = s.cinema
  WHERE s.book > 0 AND s.position <= ? AND s.business_date BETWEEN ? AND ?
    AND (s.cinema, s.business_date) NOT IN (SELECT cinema, business_date FROM emptied)
  UNION
  SELECT code, CAST(unnest(generate_series(first, last, INTERVAL 1 DAY)) AS DATE), false
  FROM silent_span)"""
_REPORTED = f"""
WITH {SAID_DAYS}
SELECT said.cinema, count(e.code) AS days FROM (SELECT DISTINCT cinema, day FROM said) said
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
