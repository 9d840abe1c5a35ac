"""What must hold between published figures: cumulatives, sums, shares, ratios; and what breaks.

In: an edition. Out: for each identity how many pairs were checked and those that break, with both
numbers. A break corrects nothing: it is what somebody should look at. A new identity is one entry
of IDENTITIES; see science: identities are hard, everything else is an expectation.

A figure that was printed in units larger than its own, such as 14.97 hundred million, is known only
to its last digit; what is printed in full must be equal to the last unit.
"""

from dataclasses import dataclass
from typing import Any

from pharos.errors import UnknownWord
from pharos.measure.edition import Edition
from pharos.measure.published_figures import grain, named, words
from pharos.words.money import exponent
from pharos.words.published import FINE_PLACES, STATED, Scope, Unit, shown


@dataclass(frozen=True, slots=True)
class Identity:
    """A law between figures: its name, what must hold, the measures it reads, its checks in SQL.

    The SQL reads ``word`` (the last words on those measures) and gives the columns of a statement,
    measure, currency, and ``stated``, ``low`` and ``high`` in the units of the measure: what was
    stated, and between what it should lie; ``low`` null where nothing could be right.
    """

    name: str
    sentence: str
    measures: tuple[str, ...]
    sql: str


def _of(alias: str) -> str:
    names = ("publisher", "territory", "scope", "subject", "first", "last")
    return ", ".join(f"{alias}.{name}" for name in names)


#: Another figure of the same thing, period and source: on the same basis, or on none.
_BESIDE = """{0}.place = {1}.place AND {0}.subject = {1}.subject AND {0}.first = {1}.first
    AND {0}.basis IN ({1}.basis, 'unknown') AND {0}.measure = '{2}'"""
_SAME = """WINDOW same AS (
    PARTITION BY {0}.publisher, {0}.territory, {0}.scope, {0}.subject, {0}.basis,
      grain({0}.last - {0}.first + 1)
    ORDER BY {0}.first) QUALIFY lag({0}.last) OVER same = {0}.first - 1"""


def _cumulative(name: str, flow: str, stock: str) -> Identity:
    expected = "lag(s.value) OVER same + f.value"
    return Identity(
        name,
        f"{stock} = {stock} of the period before + {flow}",
        (flow, stock),
        f"""
  SELECT {_of("s")}, s.measure, s.currency, s.value AS stated,
    {expected} - (s.half + lag(s.half) OVER same + f.half) AS low,
    {expected} + (s.half + lag(s.half) OVER same + f.half) AS high
  FROM word s JOIN word f ON {_BESIDE.format("f", "s", flow)}
  WHERE s.measure = '{stock}' {_SAME.format("s")}""",
    )


def _ratio(name: str, of: str, top: str, bottom: str, scale: int = 1) -> Identity:
    """A printed ratio beside its printed terms; it may have been rounded or cut."""
    return Identity(
        name,
        f"{of} = {top} / {bottom}",
        (of, top, bottom),
        f"""
  SELECT {_of("r")}, r.measure, r.currency, r.value AS stated,
    {scale}::DOUBLE * (t.value - t.half) / (b.value + 2 * b.half)
      - r.precision AS low,
    CASE WHEN r.relation = '<' THEN 'Infinity'::DOUBLE
      WHEN b.value > b.half THEN {scale}::DOUBLE * (t.value + 2 * t.half)
        / (b.value - b.half) + r.precision
      WHEN b.half > 0 THEN 'Infinity'::DOUBLE END AS high
  FROM word r JOIN word t ON {_BESIDE.format("t", "r", top)}
    JOIN word b ON {_BESIDE.format("b", "r", bottom)}
  WHERE r.measure = '{of}' AND r.relation IN ('=', '<')""",
    )


_SUMS = ("gross", "admissions", "screenings")

IDENTITIES: tuple[Identity, ...] = (
    _cumulative("cumulative-gross", "gross", "cumulative_gross"),
    _cumulative("cumulative-admissions", "admissions", "cumulative_admissions"),
    Identity(
        "days-make-period",
        "the days of a period, all published by the same publisher, make its figure",
        _SUMS,
        f"""
  SELECT {_of("w")}, w.measure, w.currency, any_value(w.value) AS stated,
    sum(d.value) - (any_value(w.half) + sum(d.half)) AS low,
    sum(d.value) + (any_value(w.half) + sum(d.half)) AS high
  FROM word w JOIN (
      SELECT publisher, territory, scope, subject, measure, basis, first,
        arg_max(value, position) AS value, arg_max(half, position) AS half
      FROM word WHERE first = last GROUP BY ALL) d
    ON d.publisher = w.publisher AND d.territory = w.territory AND d.scope = w.scope
      AND d.subject = w.subject AND d.measure = w.measure AND d.basis = w.basis
      AND d.first BETWEEN w.first AND w.last
  WHERE w.last > w.first
  GROUP BY {_of("w")}, w.measure, w.currency, w.basis, w.position, w.row_number
  HAVING count(*) = w.last - w.first + 1""",
    ),
    Identity(
        "works-make-nation",
        "the works of a whole list make the nation's figure",
        _SUMS,
        f"""
  SELECT {_of("n")}, n.measure, n.currency, any_value(n.value) AS stated,
    sum(w.value) - (any_value(n.half) + sum(w.half)) AS low,
    sum(w.value) + (any_value(n.half) + sum(w.half)) AS high
  FROM word n JOIN word w ON w.publisher = n.publisher AND w.territory = n.territory
    AND w.scope = 'work' AND w.measure = n.measure AND w.basis = n.basis AND w.first = n.first
    AND w.last = n.last AND w.source = n.source AND w.coverage = 'whole'
  WHERE n.scope = 'nation'
  GROUP BY {_of("n")}, n.measure, n.currency, n.basis, n.position, n.row_number""",
    ),
    Identity(
        "share-of-nation",
        "box_office_share = gross of the work / gross of the nation",
        ("box_office_share", "gross"),
        f"""
  SELECT {_of("r")}, r.measure, '' AS currency, r.value AS stated,
    1e6 * (g.value - g.half) / (n.value + 2 * n.half) - r.precision AS low,
    CASE WHEN r.relation = '<' THEN 'Infinity'::DOUBLE ELSE 1e6 * (g.value + 2 * g.half)
      / (n.value - n.half) + r.precision END AS high
  FROM word r JOIN word g ON {_BESIDE.format("g", "r", "gross")}
    JOIN word n ON n.publisher = r.publisher AND n.territory = r.territory
      AND n.scope = 'nation' AND n.measure = 'gross' AND n.basis = g.basis
      AND n.first = r.first AND n.last = r.last AND n.source = r.source
  WHERE r.scope = 'work' AND r.measure = 'box_office_share' AND r.relation IN ('=', '<')
    AND n.value > n.half""",
    ),
    _ratio("average-price", "average_ticket_price", "gross", "admissions"),
    _ratio("per-screening", "admissions_per_screening", "admissions", "screenings", 10_000),
    _ratio("per-theatre", "per_theatre_average", "gross", "theatres"),
    _ratio("views", "views", "hours_viewed", "runtime"),
    Identity(
        "periods-make-total",
        "the listed periods of a work make its total, which is stated once, to a twentieth",
        ("gross", "cumulative_gross"),
        f"""
  SELECT {_of("s")}, s.measure, s.currency, s.value AS stated,
    0.95 * sum(p.value) AS low, 1.05 * sum(p.value) AS high
  FROM (SELECT * FROM word WHERE measure = 'cumulative_gross' QUALIFY count(*) OVER (
      PARTITION BY publisher, territory, scope, subject, basis) = 1) s
    JOIN (SELECT * FROM word WHERE measure = 'gross' QUALIFY grain(last - first + 1) = min(
      grain(last - first + 1)) OVER (PARTITION BY publisher, territory, scope, subject, basis)) p
    ON p.publisher = s.publisher AND p.territory = s.territory AND p.scope = s.scope
      AND p.subject = s.subject AND p.basis = s.basis AND p.last <= s.last
  GROUP BY {_of("s")}, s.measure, s.currency, s.value
  HAVING count(*) > 1""",
    ),
    Identity(
        "repeated",
        "no two periods that follow one another have the same gross of many digits",
        ("gross",),
        f"""
  SELECT {_of("s")}, s.measure, s.currency, s.value AS stated,
    CASE WHEN s.value <> lag(s.value) OVER same THEN s.value END AS low, s.value AS high
  FROM word s WHERE s.value >= 1000 * s.precision
  {_SAME.format("s")}""",
    ),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """An identity over an edition: how many pairs were checked of whom, and what breaks.

    ``groups`` count by publisher, territory and length of the periods in days.
    """

    identity: Identity
    groups: tuple[dict[str, Any], ...]
    breaks: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """As a value for JSON."""
        return {
            "identity": self.identity.name,
            "sentence": self.identity.sentence,
            "pairs": sum(group["pairs"] for group in self.groups),
            "broken": sum(group["broken"] for group in self.groups),
            "groups": list(self.groups),
            "breaks": list(self.breaks),
        }


@dataclass(frozen=True, slots=True)
class CheckAsked:
    """Which figures are checked: ``identity``, ``territory``, ``publisher`` empty take all.

    ``scopes`` are what figures may be about; empty takes all.
    """

    identity: str = ""
    territory: str = ""
    publisher: str = ""
    limit: int = 20
    scopes: tuple[str, ...] = ()


def checked(edition: Edition, asked: CheckAsked) -> tuple[Checked, ...]:
    """Every identity that has something to check. Raises UnknownWord."""
    known = [one.name for one in IDENTITIES]
    if asked.identity and asked.identity not in known:
        raise UnknownWord("identity", asked.identity, known)
    edition.cursor.execute(_GRAIN)
    edition.cursor.execute(_half(edition))
    wanted = [one for one in IDENTITIES if asked.identity in ("", one.name)]
    return tuple(filter(None, (_checked(edition, asked, one) for one in wanted)))


def identities_said(edition: Edition, asked: CheckAsked) -> dict[str, Any]:
    """The same as one value for JSON, with the edition that it speaks of."""
    return {
        "rows": [one.to_json() for one in checked(edition, asked)],
        "edition": edition.position,
        "as_of": edition.at.isoformat(),
    }


def _half(edition: Edition) -> str:
    """A macro: how far a number may lie from its print, half of its last digit.

    Nothing where it is printed in full: in its own unit, or finer.
    """
    currencies = (code for (code,) in edition.rows(_CURRENCIES, edition.position))
    own = "".join(f" WHEN c = '{code}' THEN {10 ** exponent(code)}" for code in currencies)
    counts = ", ".join(f"'{one.name}'" for one in STATED.values() if one.unit is Unit.COUNT)
    unit = f"CASE{own} WHEN m IN ({counts}) THEN 1 ELSE {10**FINE_PLACES} END"
    return (
        "CREATE OR REPLACE TEMP MACRO half(p, m, c) AS "
        f"CASE WHEN p > {unit} THEN p / 2.0 ELSE 0 END"
    )


def _checked(edition: Edition, asked: CheckAsked, one: Identity) -> Checked | None:
    where = (
        *(edition.position, list(one.measures)),
        *(asked.territory, asked.territory, asked.publisher, asked.publisher),
        [str(one) for one in asked.scopes or Scope],
    )
    groups = edition.dicts(_COUNTED.format(word=_WORD, pairs=one.sql), *where)
    if not groups:
        return None
    rows = edition.dicts(_BROKEN.format(word=_WORD, pairs=one.sql), *where, asked.limit)
    return Checked(one, tuple(groups), tuple(_break(edition, row) for row in rows))


def _break(edition: Edition, row: dict[str, Any]) -> dict[str, Any]:
    currency = row["currency"] or ""
    unit = STATED[row["measure"]].unit
    if unit is Unit.MONEY and not currency:
        unit = Unit.NUMBER
    expected = row["expected"]
    difference = None if expected is None else row["stated"] - expected
    return {
        **named(edition, row),
        "stated": shown(row["stated"], unit, currency),
        "expected": None if expected is None else shown(expected, unit, currency),
        "difference": None if difference is None else shown(difference, unit, currency),
        "undone_next": row["undone"],
        "looks_like": looks_like(row["stated"], expected, currency),
    }


def looks_like(stated: int, expected: int | None, currency: str) -> str | None:
    """What may have gone wrong where one number is a telling multiple of the other.

    ``doubled``: twice; ``unit``: 10, 100, 1,000, 10,000 or 100,000,000 times; ``currency``: yuan
    beside dollars. None where no multiple is met to a twentieth. A guess that somebody looks at.
    """
    if not (stated and expected) or (stated < 0) != (expected < 0):
        return None
    ratio = max(stated / expected, expected / stated)
    for name, times in _SLIPS:
        if 0.95 * times <= ratio <= 1.05 * times:
            return name
    low, high = _YUAN_TO_A_DOLLAR
    return "currency" if currency in ("CNY", "USD") and low <= ratio <= high else None


_SLIPS = (
    *(("doubled", 2), ("unit", 10), ("unit", 100), ("unit", 1_000), ("unit", 10_000)),
    ("unit", 100_000_000),
)
#: Between these one dollar has been bought since 1994.
_YUAN_TO_A_DOLLAR = (6.0, 8.8)


_GRAIN = f"CREATE OR REPLACE TEMP MACRO grain(days) AS {grain('days')}"
_FIGURE = "publisher, territory, scope, subject, first, last, measure, basis, source"
_CURRENCIES = "SELECT DISTINCT currency FROM published WHERE position <= ? AND currency <> ''"
_WORD = f"""
said AS (
  SELECT *, half(precision, measure, currency) AS half,
    hash(publisher, territory, scope, subject, first, last, source) AS place,
    hash({_FIGURE}) AS k
  FROM published
  WHERE position <= ? AND list_contains(?, measure) AND (? = '' OR territory = ?)
    AND (? = '' OR publisher = ?) AND list_contains(?, scope)),
-- few figures are ever stated again: only those are put in order
again AS (SELECT k FROM said GROUP BY k HAVING count(*) > 1),
-- the last word of each publisher, in each of his sources, on each figure
word AS (
  SELECT * FROM said ANTI JOIN again USING (k)
  UNION ALL BY NAME
  (SELECT * FROM said SEMI JOIN again USING (k)
  QUALIFY {words(_FIGURE)} = 1))"""
_COUNTED = """
WITH {word},
pair AS ({pairs})
SELECT publisher, territory, CAST(grain(last - first + 1) AS INTEGER) AS days, count(*) AS pairs,
  count(*) FILTER ((stated BETWEEN low AND high) IS NOT TRUE) AS broken
FROM pair GROUP BY ALL ORDER BY ALL
"""
_BROKEN = """
-- the breaks, those first that are furthest off; what the next pair undoes is most likely a slip
WITH {word},
pair AS ({pairs}),
judged AS (
  SELECT *, CASE WHEN isfinite(high) THEN CAST(round((low + high) / 2) AS BIGINT) END AS expected
  FROM pair),
broken AS (
  SELECT *, coalesce(stated - expected = -lead(stated - expected) OVER (
    PARTITION BY publisher, territory, scope, subject, measure ORDER BY first), false) AS undone
  FROM judged)
SELECT * FROM broken WHERE (stated BETWEEN low AND high) IS NOT TRUE
ORDER BY abs(stated - expected) DESC NULLS LAST, publisher, subject, first LIMIT ?
"""
