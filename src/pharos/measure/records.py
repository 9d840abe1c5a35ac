"""Records: works by what they made in all, on a day, on a weekend, how they opened and held.

In: an edition, a territory, one publisher's daily figures. Out: ranked rows. Definitions, after the
trade's: the opening weekend is the first on which a work is listed; multiplier = total / opening
weekend; opening share = its inverse; the second weekend's change is against the opening weekend. A
work that was listed before its publisher's lists begin has no opening, and no multiplier.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pharos.errors import BadQuestion, NoWeek, UnknownWord
from pharos.measure.edition import Edition
from pharos.measure.precedence import Source, source_between
from pharos.measure.published_figures import joined_works, words
from pharos.words.money import decimal_text, to_minor
from pharos.words.territory import Territory

#: Multipliers and shares are shown with so many decimals, rounded half up.
_PLACES = Decimal("0.01")
_ALWAYS = (date(1895, 1, 1), date(2999, 12, 31))
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordsAsked:
    """Which record is asked; ``nth`` weekend of ``weekends``, ``threshold`` of ``fastest``."""

    name: str
    territory: str = ""
    publisher: str = ""
    basis: str = ""
    nth: int = 1
    threshold: str = ""
    limit: int = 20


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a record reads."""

    edition: Edition
    rules: Territory
    source: Source
    asked: RecordsAsked


def records(edition: Edition, asked: RecordsAsked) -> dict[str, Any]:
    """A list of records as one value for JSON.

    Raises UnknownWord, UnknownTerritory, NoWeek, BadQuestion, BadAmount.
    """
    if asked.name not in RECORDS:
        raise UnknownWord("record", asked.name, RECORDS)
    rules = edition.rules(asked.territory)
    if asked.nth < 1 or asked.limit < 1:
        raise BadQuestion("weekends and places are counted from 1")
    source = source_between(edition, rules.code, (asked.publisher, asked.basis), _ALWAYS)
    rows: list[Row] = []
    if source is not None:
        scene = _Scene(edition, rules, source, asked)
        rows = RECORDS[asked.name](scene)
    return {
        "rows": [{"rank": place} | row for place, row in _ranked(rows[: asked.limit])],
        "record": asked.name,
        "territory": rules.code,
        "source": source.publisher if source else "",
        "basis": source.basis if source else "",
        "edition": edition.position,
        "as_of": edition.at.isoformat(),
        "notes": [] if rows else ["nobody's daily figures of works are known here"],
    }


def _ranked(rows: list[Row]) -> list[tuple[int, Row]]:
    """Rows with their places; equal values share one."""
    values = [row.pop("_value") for row in rows]
    return [(1 + values.index(value), row) for value, row in zip(values, rows, strict=True)]


# --- the records


def _all_time(scene: _Scene) -> list[Row]:
    return _best(scene, _careers(scene), lambda row: row["total"])


def _multipliers(scene: _Scene) -> list[Row]:
    known = [row for row in _careers(scene) if row["opening"]]
    return _best(scene, known, lambda row: Decimal(row["total"]) / row["opening"])


def _holds(scene: _Scene) -> list[Row]:
    known = [row for row in _careers(scene) if row["opening"] and row["second"] is not None]
    return _best(scene, known, lambda row: Decimal(row["second"]) / row["opening"])


def _fastest(scene: _Scene) -> list[Row]:
    """By days from the first listed day until the cumulative reaches the threshold."""
    if not scene.asked.threshold:
        raise BadQuestion("say what is to be reached, such as --threshold 100000000")
    minor = to_minor(scene.asked.threshold, scene.rules.currency)
    reached = {row["work"]: row["day"] for row in _asked(scene, _REACHED, reached=minor)}
    careers = [row for row in _careers(scene) if row["opening"] and row["work"] in reached]
    found = _best(scene, careers, lambda row: -((reached[row["work"]] - row["first_day"]).days + 1))
    return [row | {"days": -row["_value"]} for row in found]


def _days(scene: _Scene) -> list[Row]:
    return [
        _shown(scene, row) | {"date": str(row["day"]), **_money(scene, "gross", row["gross"])}
        | {"_value": row["gross"]}
        for row in _asked(scene, _DAYS)
    ]  # fmt: skip


def _weekends(scene: _Scene) -> list[Row]:
    return [
        _shown(scene, row)
        | {"start": str(row["start"]), "nth": row["nth"], **_money(scene, "gross", row["gross"])}
        | {"_value": row["gross"]}
        for row in _asked(scene, _WEEKENDS, weekend=scene.asked.nth)
    ]


#: Each record and what makes it.
RECORDS: dict[str, Callable[[_Scene], list[Row]]] = {
    "all-time": _all_time,
    "days": _days,
    "weekends": _weekends,
    "multipliers": _multipliers,
    "holds": _holds,
    "fastest": _fastest,
}


def _best(scene: _Scene, rows: list[Row], key: Callable[[Row], Any]) -> list[Row]:
    """The rows with the largest values, shown."""
    ordered = sorted(rows, key=lambda row: (-key(row), row["work"]))[: scene.asked.limit]
    return [_career(scene, row) | {"_value": key(row)} for row in ordered]


def _careers(scene: _Scene) -> list[Row]:
    return _asked(scene, _CAREERS)


def _career(scene: _Scene, row: Row) -> Row:
    total, opening, second = row["total"], row["opening"], row["second"]
    return _shown(scene, row) | {
        "first_day": str(row["first_day"]),
        **_money(scene, "total", total),
        **_money(scene, "opening_weekend", opening),
        "multiplier": _ratio(total, opening),
        "opening_share_pct": _ratio(100 * opening if opening else None, total),
        "second_weekend_change_pct": None
        if second is None or not opening
        else _ratio(100 * (second - opening), opening),
        "theatres": row["theatres"],
    }


def _shown(scene: _Scene, row: Row) -> Row:
    return {"work": scene.edition.name("work", row["work"]), "work_id": row["work"]}


def _money(scene: _Scene, name: str, minor: int | None) -> Row:
    currency = scene.rules.currency
    text = None if minor is None else decimal_text(minor, currency)
    return {name: text, f"{name}_minor": minor, "currency": currency}


def _ratio(part: int | None, whole: int | None) -> Decimal | None:
    if part is None or not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(_PLACES, ROUND_HALF_UP)


def _asked(scene: _Scene, sql: str, **more: int) -> list[Row]:
    weekend = scene.rules.weekend
    if weekend is None:
        raise NoWeek(f"territory {scene.rules.code} has no rule for its weekend")
    said = {
        "edition": scene.edition.position,
        "territory": scene.rules.code,
        "publisher": scene.source.publisher,
        "basis": scene.source.basis,
        "first_weekday": weekend[0],
        "weekend_days": len(weekend),
    }
    used = {name: value for name, value in said.items() if f"${name}" in sql} | more
    if "$most" in sql:
        used["most"] = scene.asked.limit
    with joined_works(scene.edition):
        found = scene.edition.cursor.sql(sql, params=used).to_arrow_table()
    rows: list[Row] = found.to_pylist()
    return rows


_DAY = f"""
WITH said AS (
  SELECT coalesce(same.one, p.subject) AS work, p.first AS day, p.measure, p.value, p.position,
    {words("coalesce(same.one, p.subject), p.first, p.measure")} AS nth_word
  FROM published p LEFT JOIN same ON same.said = p.subject
  WHERE p.position <= $edition AND p.territory = $territory AND p.publisher = $publisher
    AND p.scope = 'work' AND p.first = p.last
    AND p.measure IN ('gross', 'cumulative_gross', 'theatres')
    AND p.basis IN ($basis, CASE WHEN p.currency = '' THEN 'unknown' ELSE $basis END)),
-- one row a work and day
day AS (
  SELECT work, day, arg_max(value, position) FILTER (measure = 'gross') AS gross,
    arg_max(value, position) FILTER (measure = 'cumulative_gross') AS cumulative,
    arg_max(value, position) FILTER (measure = 'theatres') AS theatres
  FROM said WHERE nth_word = 1 GROUP BY work, day)"""
_WEEKEND = f"""{_DAY},
lists AS (SELECT min(day) AS first, max(day) AS last FROM day),
run AS (
  SELECT work, min(day) AS first_day, arg_min(gross, day) AS first_gross,
    arg_min(cumulative, day) AS first_cumulative
  FROM day GROUP BY work),
-- a work that had made something before it was first listed opened before the lists began
opened AS (
  SELECT work, first_day,
    first_cumulative IS NULL OR first_cumulative = first_gross AS known
  FROM run),
weekend AS (
  SELECT work, day - CAST((isodow(day) - 1 - $first_weekday + 7) % 7 AS INTEGER) AS start,
    CAST(sum(gross) AS BIGINT) AS gross, count(gross) AS days
  FROM day WHERE (isodow(day) - 1 - $first_weekday + 7) % 7 < $weekend_days
  GROUP BY ALL),
-- weekends of which every day since the opening is listed, counted from the opening
counted AS (
  SELECT w.work, w.start, w.gross, o.known, CAST((w.start - min(w.start) OVER (PARTITION BY w.work))
      / 7 + 1 AS INTEGER) AS nth,
    w.days = $weekend_days - greatest(0, o.first_day - w.start) AS whole
  FROM weekend w JOIN opened o USING (work))"""
_CAREERS = f"""{_WEEKEND}
SELECT work, any_value(o.first_day) AS first_day, max(theatres) AS theatres,
  coalesce(arg_max(cumulative, day) FILTER (cumulative IS NOT NULL),
    CAST(sum(day.gross) AS BIGINT)) AS total,
  any_value(c.gross) FILTER (c.nth = 1) AS opening,
  any_value(s.gross) AS second
FROM day JOIN opened o USING (work)
  LEFT JOIN counted c ON c.work = day.work AND c.nth = 1 AND c.whole AND c.known
  LEFT JOIN counted s ON s.work = day.work AND s.nth = 2 AND s.whole AND s.known
GROUP BY work ORDER BY work
"""
_REACHED = f"""{_DAY}
SELECT work, min(day) AS day FROM day WHERE cumulative >= $reached GROUP BY work
"""
_DAYS = f"""{_DAY}
SELECT work, day, gross FROM day WHERE gross IS NOT NULL
ORDER BY gross DESC, day, work LIMIT $most
"""
_WEEKENDS = f"""{_WEEKEND}
SELECT work, start, gross, nth FROM counted WHERE whole AND known AND nth = $weekend
ORDER BY gross DESC, start, work LIMIT $most
"""
