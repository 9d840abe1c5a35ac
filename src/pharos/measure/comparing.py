"""Windows beside one another: every published version of each, and what it is compared with.

In: an edition and periods, the first of which the others are compared with. Out: a row for each
version of a nation's total, with its own dates, and how far it is from the reference of the first.
Nothing is averaged: versions differ in basis, length and time of statement, and say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from pharos.measure.answer import rounded
from pharos.measure.edition import Edition
from pharos.words.money import decimal_text
from pharos.words.period import Period


@dataclass(frozen=True, slots=True)
class CompareAsked:
    """Periods that somebody compares; ``basis`` empty takes every version."""

    period: Sequence[str]
    territory: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The versions of each period, and what a reader must know."""

    rows: tuple[dict[str, Any], ...]
    territory: str
    edition: int
    as_of: str
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Everything as one value for JSON."""
        names = ("territory", "edition", "as_of")
        said = {name: getattr(self, name) for name in names}
        return {"rows": list(self.rows), **said, "notes": list(self.notes)}


def compare(edition: Edition, asked: CompareAsked) -> Comparison:
    """Every published version of each period. Raises BadPeriod and its kin, UnknownTerritory."""
    code = edition.rules(asked.territory).code
    periods = [edition.period(text, code) for text in asked.period]
    versions = [_versions(edition, code, asked.basis, period) for period in periods]
    reference = _reference(versions[0]) if versions else None
    rows = tuple(
        _row(period, version, reference)
        for period, several in zip(periods, versions, strict=True)
        for version in several
    )
    return Comparison(
        rows=rows,
        territory=code,
        edition=edition.position,
        as_of=edition.at.isoformat(),
        notes=tuple(_notes(periods, versions, reference)),
    )


def _versions(edition: Edition, code: str, basis: str, period: Period) -> list[dict[str, Any]]:
    """What publishers stated of the nation in a period, in the order of their statements."""
    found = edition.dicts(
        _VERSIONS, edition.position, code, basis, basis, period.last, period.first
    )
    return [row for row in found if is_meant(row, period)]


def is_meant(row: dict[str, Any], period: Period) -> bool:
    """Whether a figure is of the period: of the same dates, or of a publisher's own cut of them."""
    if (row["first"], row["last"]) == (period.first, period.last):
        return True
    common = (min(row["last"], period.last) - max(row["first"], period.first)).days + 1
    longest = max(_days(row["first"], row["last"]), period.days)
    return bool(common * 2 > longest)


def _days(first: date, last: date) -> int:
    return (last - first).days + 1


def _reference(versions: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The version of the first period that others are compared with: the one stated last."""
    exact = [row for row in versions if row["relation"] == "="]
    return exact[-1] if exact else None


def _row(
    period: Period, version: dict[str, Any], reference: dict[str, Any] | None
) -> dict[str, Any]:
    days, value, currency = (
        _days(version["first"], version["last"]),
        version["value"],
        version["currency"],
    )
    comparable = reference is not None and reference["currency"] == currency
    difference = value - reference["value"] if comparable and reference is not None else None
    return {
        "window": period.text,
        "start": str(version["first"]),
        "end": str(version["last"]),
        "days": days,
        "gross": decimal_text(value, currency),
        "gross_minor": value,
        "currency": currency,
        "relation": version["relation"],
        "precision": decimal_text(version["precision"], currency),
        "publisher": version["publisher"],
        "basis": version["basis"],
        "status": version["status"],
        "stated_at": version["stated_as"] or None,
        "source": version["source"] or None,
        "per_day": decimal_text(rounded(Fraction(value, days)), currency),
        "difference_from_first": None if difference is None else decimal_text(difference, currency),
        "difference_from_first_minor": difference,
        "reference": _said(reference) if comparable else None,
        "window_days": period.days,
        "sum_of_days": _sum_of_days(version),
    }


def _said(reference: dict[str, Any] | None) -> dict[str, Any] | None:
    if reference is None:
        return None
    return {
        "publisher": reference["publisher"],
        "stated_at": reference["stated_as"] or None,
        "gross": decimal_text(reference["value"], reference["currency"]),
        "gross_minor": reference["value"],
        "start": str(reference["first"]),
        "end": str(reference["last"]),
    }


def _sum_of_days(version: dict[str, Any]) -> dict[str, Any] | None:
    """What the same publisher's days make, where each day of the period was published."""
    if version["days_known"] != _days(version["first"], version["last"]):
        return None
    return {
        "gross": decimal_text(version["days_sum"], version["currency"]),
        "gross_minor": version["days_sum"],
        "equal": version["days_sum"] == version["value"],
    }


def _notes(
    periods: Sequence[Period],
    versions: Sequence[Sequence[dict[str, Any]]],
    reference: dict[str, Any] | None,
) -> list[str]:
    notes = []
    if reference is not None:
        notes.append(
            f"differences are from {decimal_text(reference['value'], reference['currency'])} "
            f"{reference['currency']}, which {reference['publisher']} stated "
            f"{reference['stated_as'] or 'without a date'}: the last word on {periods[0].text}"
        )
    notes += [
        f"{period.text} has {period.days} days, {period.first} to {period.last}"
        for period in periods
        if period.days != periods[0].days
    ]
    lengths = {_days(row["first"], row["last"]) for several in versions for row in several}
    if len(lengths) > 1:
        longest = ", ".join(str(one) for one in sorted(lengths))
        notes.append(f"the figures are of {longest} days: compare per day")
    if len({row["basis"] for several in versions for row in several}) > 1:
        notes.append(
            "the figures are on several bases (with or without service fee, or not said): a "
            "difference may be one of basis"
        )
    notes += [
        f"nobody's figure of the nation is known for {period.text}"
        for period, several in zip(periods, versions, strict=True)
        if not several
    ]
    return notes


_VERSIONS = """
-- what was stated of the nation over several days, and what each publisher's own days make
WITH said AS (
  SELECT * FROM published
  WHERE position <= ? AND territory = ? AND scope = 'nation' AND measure = 'gross'
    AND (? = '' OR basis = ?)),
day AS (
  SELECT publisher, basis, first, arg_max(value, (coalesce(stated_at, TIMESTAMP '1900-01-01'),
    position, row_number)) AS value
  FROM said WHERE first = last GROUP BY publisher, basis, first),
whole AS (SELECT * FROM said WHERE last > first AND first <= ? AND last >= ?)
SELECT w.publisher, w.first, w.last, w.status, w.stated_as, w.source, w.value, w.precision,
  w.relation, w.basis, w.currency,
  (SELECT count(*) FROM day d WHERE d.publisher = w.publisher AND d.basis = w.basis
    AND d.first BETWEEN w.first AND w.last) AS days_known,
  (SELECT CAST(sum(d.value) AS BIGINT) FROM day d WHERE d.publisher = w.publisher
    AND d.basis = w.basis AND d.first BETWEEN w.first AND w.last) AS days_sum
FROM whole w
ORDER BY w.stated_at NULLS FIRST, w.position, w.row_number
"""
