"""The oracle: what every question must answer, from what the senders meant to send.

In: sent messages in order of arrival, rows as in the native format. Out: exact answers.
Must not know the journal, the ledger or any SQL; it may be slow and must be obviously right.

    oracle_said        which messages were heard, and which holds where several speak
    oracle_registers   cinemas, works, versions; which ids are one
    oracle_lines       lines of the three books, descriptions of screenings, corrections
    oracle_counted     the one book that counts for each cinema and date
    oracle_runs        runs and releases
    oracle_view        dimensions and selections
    oracle_measures    sums and ratios; oracle_since those that look back over a run
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from pharos.words.territory import Territory
from tests.oracle_calendar import Refused, business_date, period
from tests.oracle_counted import Counted
from tests.oracle_lines import Lines
from tests.oracle_measures import BASES, Group, Unknown
from tests.oracle_said import Row, Sent, heard, numbered, tidy
from tests.oracle_since import MEASURES
from tests.oracle_view import (
    DIMENSIONS,
    SPANS,
    TIME_DIMENSIONS,
    View,
    conditions_of,
    with_key,
)
from tests.spec.refusals import CHANGES, OF_SCREENINGS, refused

#: Measures that are the same whatever the currency; all others are answered for each currency.
COUNTS = (
    *("admissions", "free_admissions", "paid_admissions", "tickets_issued", "refunds"),
    *("refund_rate", "screenings", "seats_offered", "theatres", "screens", "works"),
    *("screening_share", "seat_share", "occupancy", "admissions_per_screening"),
    *("online_share", "prime_time_share", "cumulative_admissions", "days_on_release"),
)


class _Asked(NamedTuple):
    measures: tuple[str, ...]
    by: tuple[str, ...]
    where: Mapping[str, Any]
    period: str | None
    basis: str


class Oracle:
    """Answers questions about everything that was sent."""

    def __init__(
        self,
        messages: Iterable[Sent],
        territories: Mapping[str, Territory],
        default_territory: str,
    ) -> None:
        """``territories`` are those of the home; cinemas nobody registered stand in the default."""
        self._messages = numbered(messages)
        self._territories = territories
        self._home = default_territory
        self._views: dict[int | None, View] = {}

    def ask(
        self,
        measures: Sequence[str],
        by: Sequence[str] = (),
        where: Mapping[str, Any] | None = None,
        period: str | None = None,
        *,
        basis: str = "paid",
        edition: int | None = None,
    ) -> list[dict[str, Any]]:
        """Rows of {dimension: value, measure: number or None}; money adds "currency".

        Money is in minor units, ratios are Fractions; ``row["why"]`` gives the reason of each None.
        Raises Refused.
        """
        asked = _Asked(tuple(measures), tuple(by), where or {}, period, basis)
        span = self._check(asked)
        view = self._view(edition)
        by_currency = any(measure not in COUNTS for measure in asked.measures)
        dimensions = (*asked.by, *(("currency",) if by_currency else ()))
        conditions = conditions_of(asked.where, view)
        members = view.select(conditions, span)
        if not set(asked.measures) & {*OF_SCREENINGS, "works"}:
            # A screening without figures is no row in a question about figures.
            members = [member for member in members if member.fact.line is not None]
        rows = []
        for key in view.keys(members, dimensions):
            selecting = with_key(conditions, dimensions, key)
            inside = view.select(selecting, span)
            group = Group(view, selecting, span, dimensions, basis, inside)
            rows.append(_row(asked.measures, dimensions, key, group))
        return rows

    def findings(self, edition: int | None = None) -> set[tuple[int, str]]:
        """(position, rule) for repeat, conflict, superseded, overlap and correction."""
        return self._view(edition).counted.lines.findings

    def exists(self, position: int) -> bool:
        """Whether a message had been sent before, under the same sender, stream and id."""
        return position not in {message.position for message in heard(self._messages, None)}

    def name(self, kind: str, canonical_id: str, edition: int | None = None) -> str:
        """The name of a work or cinema that is shown."""
        return self._view(edition).registers.name(kind, canonical_id)

    def completeness(self, text: str, edition: int | None = None) -> tuple[int, int]:
        """Cinema days that were reported, and that were expected, in a period.

        A schedule is no report of figures; a word that nothing was shown is.
        """
        view, (first, last) = self._view(edition), self._span(text, {})
        reported = {(f.cinema, f.day) for f in view.counted.facts if f.line is not None}
        for message in heard(self._messages, edition):
            for row in message.rows:
                if row["kind"] == "no_screenings":
                    cinema = view.registers.canonical("cinema", row["cinema"])
                    reported |= {(cinema, day) for day in _silent_days(row)}
        expected = {
            (cinema, day)
            for cinema in view.registers.cinemas()
            for day in _days(first, last)
            if view.registers.cinema(cinema, "expected", day)
        }
        return len(reported & expected), len(expected)

    def status(self, text: str, edition: int | None = None) -> str:
        """live, provisional, final or corrected, of a period.

        Live while the clock (the arrival of the last message) stands in or before the period;
        provisional until all its days are closed; corrected once a closed day has changed.
        """
        first, last = self._span(text, {})
        closed = self._closed(edition)
        if not all(day in closed for day in _days(first, last)):
            at = next(m.at for m in reversed(heard(self._messages, edition)) if m.at)
            today = business_date(at, self._territories[self._home].day_start)
            return "live" if last >= today else "provisional"
        for day in _days(first, last):
            if self._figures(day, closed[day]) != self._figures(day, edition):
                return "corrected"
        return "final"

    def _closed(self, edition: int | None) -> dict[date, int]:
        """Closed days, each with the position of its first closing."""
        closed: dict[date, int] = {}
        for message in heard(self._messages, edition):
            for row in message.rows:
                if row["kind"] == "close":
                    for day in _silent_days(row):
                        closed.setdefault(day, message.position)
        return closed

    def _figures(self, day: date, edition: int | None) -> list[dict[str, Any]]:
        by = ("cinema", "work", "business_date")
        return self.ask(("gross", "admissions"), by, period=day.isoformat(), edition=edition)

    def _view(self, edition: int | None) -> View:
        if edition not in self._views:
            messages = heard(self._messages, edition)
            counted = Counted(Lines(messages, self._territories, self._home))
            self._views[edition] = View(counted, self._balances(messages, counted))
        return self._views[edition]

    def _balances(self, messages: list[Sent], counted: Counted) -> dict[tuple[str, str], list[Row]]:
        """Balances brought forward by work and territory; the latest word for each date."""
        said: dict[tuple[str, str, str], Row] = {}
        for message in messages:
            for row in message.rows:
                if row["kind"] == "opening_balance":
                    work = counted.registers.canonical("work", tidy(row["work"]))
                    territory = row.get("territory", self._home)
                    currency = row.get("currency") or self._territories[territory].currency
                    said[work, territory, row["through"]] = {**row, "currency": currency}
        found: dict[tuple[str, str], list[Row]] = {}
        for (work, territory, _), row in said.items():
            found.setdefault((work, territory), []).append(row)
        return found

    def _check(self, asked: _Asked) -> tuple[date, date] | None:
        """Refuse what has no honest answer, else give the dates that were asked."""
        dimensions = (*asked.by, *asked.where)
        for measure in asked.measures:
            if measure not in MEASURES:
                raise Refused(f"there is no measure {measure}")
        for dimension in dimensions:
            if dimension not in DIMENSIONS:
                raise Refused(f"there is no dimension {dimension}")
        if asked.basis not in BASES:
            raise Refused(f"there is no basis {asked.basis}")
        reason = refused(asked.measures, dimensions)
        if reason is not None:
            raise Refused(f"{reason.word}: {reason.sentence}")
        if "rank" in asked.measures and not asked.by:
            raise Refused("a rank needs something to rank: name it with by")
        self._check_time(asked)
        return self._span(asked.period, asked.where) if asked.period else None

    def _check_time(self, asked: _Asked) -> None:
        dimensions = {*asked.by, *asked.where}
        for rules in self._asked_territories(asked.where):
            if "week" in dimensions and rules.week_first is None:
                raise Refused(f"territory {rules.code} has no rule for its week")
            opening = {"opening_weekend_gross", "multiplier"} & set(asked.measures)
            if ("weekend" in dimensions or opening) and rules.weekend is None:
                raise Refused(f"territory {rules.code} has no rule for its weekend")
        if set(CHANGES) & set(asked.measures):
            if set(asked.where) & set(TIME_DIMENSIONS):
                raise Refused("a change compares dates: give them as period, not as where")
            if not asked.period and not set(asked.by) & set(SPANS):
                raise Refused("a change needs a period to compare")

    def _asked_territories(self, where: Mapping[str, Any]) -> list[Territory]:
        wanted = where.get("territory", list(self._territories))
        codes = [wanted] if isinstance(wanted, str) else list(wanted)
        return [self._territories[code] for code in codes]

    def _span(self, text: str, where: Mapping[str, Any]) -> tuple[date, date]:
        territories = self._asked_territories(where)
        home = self._territories[self._home]
        return period(text, territories[0] if len(territories) == 1 else home)


def _row(
    measures: tuple[str, ...], by: tuple[str, ...], key: tuple[Any, ...], group: Group
) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(by, key, strict=True))
    row["why"] = {}
    for measure in measures:
        try:
            row[measure] = MEASURES[measure](group)
        except Unknown as reason:
            row[measure] = None
            row["why"][measure] = str(reason)
    return row


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _silent_days(row: Row) -> list[date]:
    first = date.fromisoformat(row.get("date") or row["from"])
    last = date.fromisoformat(row.get("date") or row["to"])
    return _days(first, last)
