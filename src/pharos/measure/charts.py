"""Charts: the works of a stretch of dates in their order, with move, change and what is known.

In: an edition and what is asked. Out: rows that name their source. A chart is made of postings or
of one publisher's figures, never of both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pharos.errors import BadQuestion
from pharos.measure.chart_periods import Stretch, stretches
from pharos.measure.edition import Edition
from pharos.measure.precedence import Source, source_of
from pharos.measure.published_figures import percent
from pharos.measure.published_works import Whose, nation_over, works_over
from pharos.words.money import decimal_text

#: Periods whose nation is written out below a chart.
_NATIONS = 10
_INCOMPLETE = (
    "where complete is false, days of the period are not known: gross is null and known_gross is "
    "what the known days make"
)


@dataclass(frozen=True, slots=True)
class ChartAsked:
    """A chart as somebody asks for it; ``publisher`` and ``basis`` empty take what comes first."""

    kind: str
    period: str
    territory: str = ""
    publisher: str = ""
    basis: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows, and whose figures they are."""

    rows: tuple[dict[str, Any], ...]
    kind: str
    territory: str
    source: str
    basis: str
    edition: int
    as_of: str
    notes: tuple[str, ...] = ()
    #: For each period of which the same publisher states the nation: what the works are of it.
    nation: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Everything as one value for JSON."""
        names = ("kind", "territory", "source", "basis", "edition", "as_of")
        said = {name: getattr(self, name) for name in names}
        return {
            "rows": list(self.rows),
            **said,
            "nation": list(self.nation),
            "notes": list(self.notes),
        }


def chart(edition: Edition, asked: ChartAsked) -> Chart:
    """The chart that is asked for.

    Raises UnknownWord, UnknownTerritory, BadPeriod and its kin, BadQuestion.
    """
    rules = edition.rules(asked.territory)
    several = stretches(asked.kind, asked.period, rules)
    if asked.limit is not None and asked.limit < 1:
        raise BadQuestion("a chart has at least one place; give a limit of 1 or more")
    source = source_of(edition, rules.code, asked.publisher, asked.basis, several)
    rows: tuple[dict[str, Any], ...] = ()
    nation: tuple[dict[str, Any], ...] = ()
    if source is not None:
        whose = Whose(rules.code, source.publisher, source.basis, rules.run_gap_days)
        rows = tuple(_rows(edition, works_over(edition, whose, _with_before(several)), several))
        nation = tuple(_of_nation(nation_over(edition, whose, several), rows))
    if asked.limit is not None:
        rows = tuple(row for row in rows if (row["place"] or 0) <= asked.limit)
    return Chart(
        rows=tuple({name: row[name] for name in row if name != "place"} for row in rows),
        kind=asked.kind,
        territory=rules.code,
        source=source.publisher if source else "",
        basis=source.basis if source else "",
        edition=edition.position,
        as_of=edition.at.isoformat(),
        notes=_notes(source, rows, nation),
        nation=nation,
    )


def _of_nation(
    stated: list[dict[str, Any]], rows: tuple[dict[str, Any], ...]
) -> Iterator[dict[str, Any]]:
    """What the known figures of the works of a period are of the nation's, in percent."""
    for one in stated:
        span = str(one["first"]), str(one["last"])
        inside = [row for row in rows if (row["period_start"], row["period_end"]) == span]
        known = sum(row["known_gross_minor"] or 0 for row in inside)
        yield {
            "period_start": span[0],
            "period_end": span[1],
            "currency": one["currency"],
            "gross": decimal_text(one["value"], one["currency"]),
            "gross_minor": one["value"],
            "works": len(inside),
            "works_gross": decimal_text(known, one["currency"]),
            "works_gross_minor": known,
            "works_share_pct": percent(known, one["value"]),
        }


def _notes(
    source: Source | None, rows: tuple[dict[str, Any], ...], nation: tuple[dict[str, Any], ...]
) -> tuple[str, ...]:
    if source is None:
        return ("nobody's figures of works are known for this territory and period",)
    notes = [
        f"{one['period_start']} to {one['period_end']}: {one['works']} works make "
        f"{one['works_share_pct']} % of the nation's {one['gross']} {one['currency']}, as "
        f"{source.publisher} states it"
        for one in nation[:_NATIONS]
    ]
    if any(not row["complete"] for row in rows):
        notes.append(_INCOMPLETE)
    return tuple(notes)


def _with_before(several: tuple[Stretch, ...]) -> list[Stretch]:
    """The stretches, and those just before them that are not among them."""
    spans = {(one.first, one.last): one for one in several}
    for one in several:
        if one.before is not None:
            spans.setdefault(one.before, Stretch(*one.before, ""))
    return list(spans.values())


def _rows(
    edition: Edition, found: list[dict[str, Any]], several: tuple[Stretch, ...]
) -> Iterator[dict[str, Any]]:
    spans = [(one.first, one.last) for one in _with_before(several)]
    by_span: dict[tuple[date, date], dict[str, dict[str, Any]]] = {span: {} for span in spans}
    for row in found:
        by_span[spans[row["nth"]]][row["work"]] = row
    for one in several:
        before = by_span.get(one.before, {}) if one.before else {}
        ranked = _ranked(by_span[one.first, one.last])
        ranked_before = {row["work"]: rank for _, rank, row in _ranked(before)}
        for place, rank, row in ranked:
            shown = _row(edition, one, row)
            previous = before.get(row["work"])
            yield shown | {
                "place": place,
                "rank": rank,
                "rank_before": ranked_before.get(row["work"]),
                "change_pct": _change(row, previous),
            }


def _ranked(rows: Mapping[str, dict[str, Any]]) -> Iterator[tuple[int, int | None, dict[str, Any]]]:
    """Place, rank and row, by what is known: what is not complete has a place and no rank.

    So a rank is what it would be if nothing but the known days had been.
    """
    order = sorted(rows.values(), key=_order)
    for place, row in enumerate(order, 1):
        rank = 1 + sum(_value(other) > _value(row) for other in order[: place - 1])
        yield place, rank if row["complete"] else None, row


def _order(row: dict[str, Any]) -> tuple[int, int, str]:
    return -_value(row), -(row["admissions"] or 0), row["work"]


def _value(row: dict[str, Any]) -> int:
    """What works are ranked by: gross, else admissions."""
    return int(row["gross"] if row["gross"] is not None else row["admissions"] or 0)


def _row(edition: Edition, stretch: Stretch, row: dict[str, Any]) -> dict[str, Any]:
    whole, currency = row["complete"], row["currency"] or ""
    gross = row["gross"] if whole else None
    return {
        "period_start": str(stretch.first),
        "period_end": str(stretch.last),
        "rank": None,
        "work": edition.name("work", row["work"]),
        "work_id": row["work"],
        "gross": _text(gross, currency),
        "gross_minor": gross,
        "currency": currency or None,
        "admissions": row["admissions"] if whole else None,
        "screenings": row["screenings"] if whole else None,
        "theatres": row["theatres"],
        "screens": row["screens"],
        "cumulative_gross": _text(row["cumulative_gross"], currency),
        "cumulative_gross_minor": row["cumulative_gross"],
        "complete": whole,
        "days_known": row["days_known"],
        "known_gross": _text(row["gross"], currency),
        "known_gross_minor": row["gross"],
    }


def _text(minor: int | None, currency: str) -> str | None:
    return None if minor is None or not currency else decimal_text(minor, currency)


def _change(now: dict[str, Any], before: dict[str, Any] | None) -> Decimal | None:
    """By how many percent gross changed on the stretch before; None where either is not known."""
    if before is None or not (now["complete"] and before["complete"]):
        return None
    if not before["gross"] or now["gross"] is None:
        return None
    return percent(now["gross"] - before["gross"], before["gross"])
