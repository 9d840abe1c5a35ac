"""The SQL of what is told over runs: when works were shown, what rows reached, sums since a day.

In: a plan and a frame. Out: steps that follow `sql.standing`, each with what it does. Knows no
register and no formula.
"""

from collections.abc import Iterable

from pharos.measure.plan import Frame, Plan
from pharos.measure.sql import Speller, frame_steps

#: The work, territory and business date behind postings, for what is told over runs.
OF_WORK_DAYS = ("{work} AS work", "{territory} AS territory", "{date} AS day")


def work_needs(plan: Plan) -> tuple[str, ...]:
    """The tables that OF_WORK_DAYS need."""
    return () if plan.territory else ("joined_cinema", "place")


def shown_steps(plan: Plan, frame: Frame) -> str:
    """The days of each work in each territory: on a screen, or with a day total (``shown``).

    On the others (``sold``) it has nothing but tickets of screenings that were cancelled.
    """
    spell = Speller(plan, frame)
    return f"""
-- {frame.title}
SELECT work, territory, list(day ORDER BY day) FILTER (held) AS shown,
  list(day ORDER BY day) FILTER (NOT held) AS sold
FROM (
  SELECT {", ".join(spell(text) for text in frame.extra)},
    coalesce(sum(p.screenings) FILTER (p.book = 0) > 0
      OR sum(p.said) FILTER (p.book > 0 AND p.level = 1) <> 0, false) AS held
  FROM standing p
  {spell.joins()}
  WHERE {" AND ".join(spell.conditions()) or "true"}
  GROUP BY ALL
  HAVING held OR sum(p.said) FILTER (p.book > 0) <> 0)
GROUP BY ALL"""


def reached_steps(plan: Plan, frame: Frame) -> str:
    """The last day of each work and territory in each row.

    A row with figures has come as far as they go, whatever else is asked beside them; only a row
    of nothing but screenings is as far as those.
    """
    row = _keys(plan, frame)
    of_row = f"PARTITION BY {', '.join(row)}" if row else ""
    return f"""{frame_steps(plan, frame)}
-- and the last of them: of those with figures where a row has any
SELECT {", ".join([*row, "work", "territory", "max(day) AS day"])}
FROM (
  SELECT *, coalesce(said_rows <> 0, false) AS told, bool_or(told) OVER ({of_row}) AS any_told
  FROM {frame.name})
WHERE told = any_told GROUP BY ALL"""


def since_steps(plan: Plan, frame: Frame, keys: Iterable[str]) -> str:
    """The sums of a frame's days over the span of each row of the table ``asked_span``.

    ``keys`` are that table's names for the keys of the frame.
    """
    pairs = [*zip(keys, (f"k{n}" for n in range(len(frame.by))), strict=True)]
    pairs += [(name, name) for name in _keys(plan, frame)[len(frame.by) :]]
    same = [f"s.{there} IS NOT DISTINCT FROM d.{here}" for there, here in pairs]
    same += ["s.work = d.work", "s.territory = d.territory", "d.day BETWEEN s.first AND s.last"]
    sums = [f"CAST(sum(d.{name}) AS BIGINT) AS {name}" for name in frame.quantities]
    return f"""{frame_steps(plan, frame)}
-- of each row the days from its first to its last
SELECT {", ".join(["s.nth", *sums])}
FROM asked_span s JOIN {frame.name} d ON {" AND ".join(same)}
GROUP BY s.nth"""


def _keys(plan: Plan, frame: Frame) -> list[str]:
    keys = [f"k{n}" for n in range(len(frame.by))]
    return keys + (["currency"] if plan.by_currency else [])
