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
from pharos.measure.published_figures import grain, joined_works, registered, words

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
    said = {
        "edition": edition.position,
        "territory": whose.territory,
        "publisher": whose.publisher,
        "basis": whose.basis,
        "gap": whose.gap_days,
    }
    with joined_works(edition), registered(edition, "spans", spans):
        found = edition.cursor.sql(_WORKS, params=said).to_arrow_table()
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def nation_over(
    edition: Edition, whose: Whose, stretches: Iterable[Stretch]
) -> list[dict[str, Any]]:
    """What the publisher states of the nation's gross in just these stretches, as a last word."""
    found = edition.dicts(_NATION, edition.position, whose.territory, whose.publisher, whose.basis)
    spans = {(one.first, one.last) for one in stretches}
    return [row for row in found if (row["first"], row["last"]) in spans]


_NATION = f"""
SELECT first, last, value, currency FROM published
WHERE position <= ? AND territory = ? AND publisher = ? AND basis = ? AND scope = 'nation'
  AND measure = 'gross'
QUALIFY {words("first, last")} = 1
ORDER BY first, last
"""
_MEASURES = ", ".join(f"'{name}'" for name in _WANTED)
_PIVOT = ",\n    ".join(
    f"arg_max(value, position) FILTER (measure = '{name}') AS {name}" for name in _WANTED
)
_LAST_WORD = words("coalesce(same.one, near.subject), near.first, near.last, near.measure")
_SUMS = ",\n    ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in SUMMED)

_WHOSE = f"""p.position <= $edition AND p.territory = $territory
    AND p.publisher = $publisher AND p.scope = 'work' AND p.measure IN ({_MEASURES})
    AND p.basis IN ($basis, CASE WHEN p.currency = '' THEN 'unknown' ELSE $basis END)"""

_LISTED = """p.position <= $edition AND p.territory = $territory AND p.publisher = $publisher
    AND p.scope = 'work' AND p.measure IN ('gross', 'admissions')"""

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
  SELECT coalesce(same.one, near.subject) AS work, near.*, {_LAST_WORD} AS nth_word
  FROM near LEFT JOIN same ON same.said = near.subject),
-- one row a work and period, with the figures that were said of it; its grain is its length
tile AS (
  SELECT work, first, last, last - first + 1 AS days,
    any_value(currency) FILTER (measure = 'gross') AS currency,
    {_PIVOT}
  FROM said WHERE nth_word = 1 GROUP BY work, first, last),
graded AS (
  SELECT *, {grain("days")} AS grain
  FROM tile WHERE gross IS NOT NULL OR admissions IS NOT NULL),
-- each stretch and work in each grain that lies inside it
inside AS (
  SELECT nth, a, z, work, grain, sum(days) AS known,
    any_value(currency) AS currency,
    {_SUMS},
    count(*) AS parts, count(gross) AS of_gross, count(admissions) AS of_admissions,
    count(screenings) AS of_screenings, max(theatres) AS theatres, max(screens) AS screens,
    arg_max(cumulative_gross, last) FILTER (last = z) AS cumulative_gross
  FROM spans JOIN graded ON graded.first >= a AND graded.last <= z
  GROUP BY nth, a, z, work, grain),
-- works of which days are not there
doubted AS (SELECT * FROM inside WHERE known < z - a + 1),
-- every list of the publisher that touches a stretch, on whatever basis, and whom it names
touching AS (
  SELECT coalesce(same.one, p.subject) AS work, p.first, p.last, p.coverage,
    {grain("p.last - p.first + 1")} AS grain
  FROM published p LEFT JOIN same ON same.said = p.subject
  WHERE {_LISTED} AND EXISTS (FROM doubted)
    AND (p.first = p.last AND p.first IN (SELECT day FROM day)
      OR p.first < p.last AND EXISTS (SELECT 1 FROM spans WHERE p.first <= z AND p.last >= a))),
whole AS (
  SELECT first, last, grain FROM touching GROUP BY ALL HAVING bool_and(coverage = 'whole')),
-- the holes inside the runs of those works
heard AS (
  SELECT DISTINCT work, p.first, p.last, {grain("p.last - p.first + 1")} AS grain
  FROM published p LEFT JOIN same ON same.said = p.subject
    JOIN (SELECT work, min(a) AS a, max(z) AS z FROM doubted GROUP BY work) d
    ON d.work = coalesce(same.one, p.subject)
      AND p.last >= d.a - $gap - 1 AND p.first <= d.z + $gap + 1
  WHERE {_LISTED}),
hole AS (
  SELECT work, grain, lag(last) OVER same_work + 1 AS first, first - 1 AS last FROM heard
  WINDOW same_work AS (PARTITION BY work, grain ORDER BY first)
  QUALIFY first - lag(last) OVER same_work - 1 BETWEEN 1 AND $gap),
-- days of whole lists that do not name a work, outside its holes: it made nothing
quiet AS (
  SELECT d.nth, d.work, d.grain, sum(least(w.last, d.z) - greatest(w.first, d.a) + 1) AS days
  FROM doubted d JOIN whole w ON w.grain = d.grain AND w.first <= d.z AND w.last >= d.a
    ANTI JOIN touching t ON t.work = d.work AND t.first = w.first AND t.last = w.last
  WHERE NOT EXISTS (
    FROM hole h WHERE h.work = d.work AND h.grain = d.grain
      AND h.first <= w.last AND h.last >= w.first)
  GROUP BY ALL),
judged AS (
  SELECT i.* REPLACE (
      CASE WHEN of_admissions = parts THEN admissions END AS admissions,
      CASE WHEN of_screenings = parts THEN screenings END AS screenings),
    i.known + coalesce(q.days, 0) >= i.z - i.a + 1 AND of_gross IN (0, parts) AS complete
  FROM inside i LEFT JOIN quiet q USING (nth, work, grain))
-- the finest grain that is complete, else the one that knows most
SELECT nth, work, gross, admissions, screenings, theatres, screens, cumulative_gross, currency,
  CAST(known AS BIGINT) AS days_known, complete
FROM judged
QUALIFY row_number() OVER (
  PARTITION BY nth, work ORDER BY complete DESC, CASE WHEN complete THEN -grain ELSE known END DESC,
  grain) = 1
ORDER BY nth, gross DESC NULLS LAST, admissions DESC NULLS LAST, work
"""
