"""The SQL of the difference between books of one sender that speak of the same.

In: a plan and a frame. Out: a step that follows `sql.standing`. Knows no register and no formula.
"""

from dataclasses import replace

from pharos.measure.plan import BASIS_PARTS, Frame, Plan
from pharos.measure.sql import Speller, quantity


def difference_steps(plan: Plan, frame: Frame) -> str:
    """Published gross less that of other books of the same sender, where both speak."""
    spell = Speller(plan, frame)
    keys = spell.keys()
    things = [
        "p.account",
        "p.level",
        f"{spell('{cinema}')} AS cinema",
        f"{spell('{work}')} AS work",
    ]
    names = [key.rpartition(" AS ")[2] for key in keys]
    group = ", ".join(names)
    same = " AND ".join(f"b.{n} IS NOT DISTINCT FROM p.{n}" for n in ("cinema", "work", "day"))
    same = f"CASE WHEN b.level = 0 THEN p.account = b.account ELSE {same} END"
    lacks = [f"{part}_missing" for part in BASIS_PARTS[plan.basis]]
    sums = f"sum({quantity('gross', plan.basis)}) AS gross"
    sums += "".join(f", sum(p.{lack}) AS {lack}" for lack in lacks)
    published = "".join(
        f", (SELECT coalesce(sum(p.{n}), 0) FROM counted p WHERE {same}) AS published_{n}"
        for n in ("gross", *lacks)
    )
    lacking = "".join(f", CAST(sum({n} + published_{n}) AS BIGINT) AS {n}" for n in lacks)
    return f""",
-- figures in books that are not published, of senders that are
published AS (
  SELECT p.cinema, p.business_date, p.sender FROM standing p
  GROUP BY ALL HAVING sum(p.said) <> 0),
beside AS (
  SELECT {", ".join([*keys, *things])}, p.business_date AS day, {sums}
  FROM postings p SEMI JOIN dropped USING (account, book)
  SEMI JOIN published USING (cinema, business_date, sender)
  {spell.joins()}
  WHERE p.book > 0 AND {" AND ".join(spell.conditions()) or "true"}
  GROUP BY ALL HAVING sum(p.said) <> 0),
-- the published figures of the same screenings, or the same works' days
counted AS (
  SELECT p.account, {spell("{cinema}")} AS cinema, {spell("{work}")} AS work,
         p.business_date AS day, {sums}
  FROM standing p
  {Speller(plan, replace(frame, by=(), where=())).joins()}
  WHERE p.book > 0 GROUP BY ALL),
both_books AS (
  SELECT b.*{published} FROM beside b)
-- one day total may stand in several accounts (versions): compare it once
SELECT {group}{"," if group else ""}
  CAST(sum(published_gross) FILTER (nth = 1) - sum(gross) AS BIGINT) AS difference{lacking}
FROM (SELECT *, row_number() OVER (PARTITION BY {group}{"," if group else ""}
    CASE WHEN level = 0 THEN account END, cinema, work, day) AS nth FROM both_books)
{"GROUP BY ALL" if group else ""} HAVING count(*) > 0"""
