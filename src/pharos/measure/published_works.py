"""Works' published figures over stretches of dates: sums of what adds up, and whether all is there.

In: an edition, a territory, a publisher, stretches. Out: one row for each stretch and work. What
a list that is only a beginning does not name is unknown, never zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pharos.measure.chart_periods import Stretch
from pharos.measure.edition import Edition

#: What is summed over the days of a stretch, and what is only read.
SUMMED = ("gross", "admissions", "screenings")
_WANTED = (*SUMMED, "theatres", "screens", "cumulative_gross")


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose figures are read: of one publisher, in one territory, on one basis."""

    territory: str
    publisher: str
    basis: str
    gap_days: int


def works_over(
    edition: Edition, whose: Whose, stretches: Iterable[Stretch]
) -> list[dict[str, Any]]:
    """One row for each stretch (``nth``, from 0) and work that somebody's figures name.

    ``gross``, ``admissions`` and ``screenings`` are sums of what is known, in whole numbers, None
    where nothing is; ``complete`` tells whether that is all of the stretch.
    """
    several = list(stretches)
    spans = pa.table(
        {
            "nth": pa.array(range(len(several)), pa.int32()),
            "a": pa.array([one.first for one in several], pa.date32()),
            "z": pa.array([one.last for one in several], pa.date32()),
        }
    )
    joined = edition.canonical("work")
    same = pa.table(
        {
            "said": pa.array(list(joined), pa.string()),
            "one": pa.array(list(joined.values()), pa.string()),
        }
    )
    cursor = edition.cursor
    cursor.register("spans", spans)
    cursor.register("same", same)
    try:
        found: list[dict[str, Any]] = (
            cursor.sql(
                _WORKS,
                params={
                    "edition": edition.position,
                    "territory": whose.territory,
                    "publisher": whose.publisher,
                    "basis": whose.basis,
                    "gap": whose.gap_days,
                },
            )
            .to_arrow_table()
            .to_pylist()
        )
    finally:
        cursor.unregister("spans")
        cursor.unregister("same")
    return found


def nation_over(
    edition: Edition, whose: Whose, stretches: Iterable[Stretch]
) -> list[dict[str, Any]]:
    """What the publisher states of the nation's gross in just these stretches, as a last word."""
    found = edition.dicts(_NATION, edition.position, whose.territory, whose.publisher, whose.basis)
    spans = {(one.first, one.last) for one in stretches}
    return [row for row in found if (row["first"], row["last"]) in spans]


_NATION = """
SELECT first, last, value, currency FROM published
WHERE position <= ? AND territory = ? AND publisher = ? AND basis = ? AND scope = 'nation'
  AND measure = 'gross'
QUALIFY row_number() OVER (
  PARTITION BY first, last ORDER BY stated_at DESC NULLS LAST, position DESC, row_number DESC) = 1
ORDER BY first, last
"""
_MEASURES = ", ".join(f"'{name}'" for name in _WANTED)
_PIVOT = ",\n    ".join(
    f"arg_max(value, position) FILTER (measure = '{name}') AS {name}" for name in _WANTED
)
_GRAIN = (
    "CASE WHEN {0} BETWEEN 28 AND 31 THEN 30 WHEN {0} BETWEEN 89 AND 92 THEN 91 "
    "WHEN {0} >= 365 THEN 365 ELSE {0} END"
)
_SUMS = ",\n    ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in SUMMED)

_WHOSE = f"""p.position <= $edition AND p.territory = $territory
    AND p.publisher = $publisher AND p.scope = 'work' AND p.measure IN ({_MEASURES})
    AND p.basis IN ($basis, CASE WHEN p.currency = '' THEN 'unknown' ELSE $basis END)"""

_WORKS = f"""
WITH day AS (SELECT CAST(unnest(generate_series(a, z, INTERVAL 1 DAY)) AS DATE) AS day FROM spans),
-- the figures of works that touch a stretch, as the publisher stated them
near AS (
  SELECT p.* FROM published p
  WHERE {_WHOSE} AND p.first = p.last AND p.first IN (SELECT day FROM day)
  UNION ALL
  SELECT p.* FROM published p
  WHERE {_WHOSE} AND p.first < p.last
    AND EXISTS (SELECT 1 FROM spans WHERE p.first <= z AND p.last >= a)),
-- the last word on each; joined works are one
said AS (
  SELECT coalesce(same.one, near.subject) AS work, near.*, row_number() OVER (
    PARTITION BY near.subject, near.first, near.last, near.measure
    ORDER BY stated_at DESC NULLS LAST, position DESC, row_number DESC) AS nth_word
  FROM near LEFT JOIN same ON same.said = near.subject),
-- one row a work and period, with the figures that were said of it; its grain is its length
tile AS (
  SELECT work, first, last, last - first + 1 AS days, any_value(coverage) AS coverage,
    any_value(currency) FILTER (measure = 'gross') AS currency,
    {_PIVOT}
  FROM said WHERE nth_word = 1 GROUP BY work, first, last),
graded AS (
  SELECT *, {_GRAIN.format("days")} AS grain
  FROM tile WHERE gross IS NOT NULL OR admissions IS NOT NULL),
-- each stretch and work in each grain that lies inside it
inside AS (
  SELECT nth, a, z, work, grain, any_value(coverage) AS coverage, sum(days) AS known,
    any_value(currency) AS currency,
    {_SUMS},
    max(theatres) AS theatres, max(screens) AS screens,
    arg_max(cumulative_gross, last) FILTER (last = z) AS cumulative_gross
  FROM spans JOIN graded ON graded.first >= a AND graded.last <= z
  GROUP BY nth, a, z, work, grain),
-- a period that lies across the edge of a stretch says nothing about its parts
crossing AS (
  SELECT DISTINCT nth, work, grain FROM spans JOIN graded
  ON grain > 1 AND graded.first <= z AND graded.last >= a
    AND (graded.first < a OR graded.last > z)),
-- works of whole lists of which days are not there: inside their run, or after it?
doubted AS (SELECT * FROM inside WHERE known < z - a + 1 AND coverage = 'whole'),
heard AS (
  SELECT DISTINCT work, p.first, p.last, {_GRAIN.format("p.last - p.first + 1")} AS grain
  FROM published p LEFT JOIN same ON same.said = p.subject
    JOIN (SELECT work, min(a) AS a, max(z) AS z FROM doubted GROUP BY work) d
    ON d.work = coalesce(same.one, p.subject)
      AND p.last >= d.a - $gap - 1 AND p.first <= d.z + $gap + 1
  WHERE p.position <= $edition AND p.territory = $territory AND p.publisher = $publisher
    AND p.scope = 'work' AND p.measure IN ('gross', 'admissions')),
hole AS (
  SELECT work, grain, lag(last) OVER same_work + 1 AS first, first - 1 AS last FROM heard
  WINDOW same_work AS (PARTITION BY work, grain ORDER BY first)
  QUALIFY first - lag(last) OVER same_work - 1 BETWEEN 1 AND $gap),
-- nobody knows what comes after a publisher's last list
ends AS (
  SELECT {_GRAIN.format("last - first + 1")} AS grain, max(last) AS last FROM published
  WHERE position <= $edition AND territory = $territory AND publisher = $publisher
    AND scope = 'work' AND EXISTS (FROM doubted) GROUP BY ALL),
open_end AS (
  SELECT work, grain, max(last) + 1 AS first, DATE '9999-01-01' AS last
  FROM heard SEMI JOIN ends USING (grain, last) GROUP BY work, grain),
missing AS (
  SELECT DISTINCT nth, work, grain
  FROM doubted JOIN (SELECT * FROM hole UNION ALL SELECT * FROM open_end) h USING (work, grain)
  WHERE h.first <= z AND h.last >= a),
judged AS (
  SELECT i.*, CASE WHEN i.known >= i.z - i.a + 1 THEN true WHEN i.coverage = 'top' THEN false
    ELSE m.work IS NULL AND c.work IS NULL END AS complete
  FROM inside i LEFT JOIN missing m USING (nth, work, grain)
    LEFT JOIN crossing c USING (nth, work, grain))
-- the finest grain that is complete, else the one that knows most
SELECT nth, work, gross, admissions, screenings, theatres, screens, cumulative_gross, currency,
  CAST(known AS BIGINT) AS days_known, complete
FROM judged
QUALIFY row_number() OVER (
  PARTITION BY nth, work ORDER BY complete DESC, CASE WHEN complete THEN -grain ELSE known END DESC,
  grain) = 1
ORDER BY nth, gross DESC NULLS LAST, admissions DESC NULLS LAST, work
"""
