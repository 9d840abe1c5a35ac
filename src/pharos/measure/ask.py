"""From a question to an answer: plan, one SQL text, exact arithmetic, what stands behind it.

In: a question and a ledger to read. Out: an Answer. Never writes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from pharos.keep.checkpoints import all_spans, spans_for
from pharos.keep.ledger import Ledger, first_row
from pharos.measure import sql, tables
from pharos.measure.answer import Answer
from pharos.measure.catalogue import (
    GROSS,
    TIME,
    WORK,
    Change,
    Cumulative,
    Distinct,
    PerDistinct,
    Share,
)
from pharos.measure.compute import Cell, Row, Unknown, columns_of, number, sums_of
from pharos.measure.coverage import completeness, status
from pharos.measure.dimensions import BY_NAME
from pharos.measure.edition import Edition, edition_position
from pharos.measure.question import Question
from pharos.measure.runs import Runs
from pharos.measure.shown import columns, key_cells, ordered, unit_cells
from pharos.measure.since import Reached, Since
from pharos.measure.sql import Condition, Frame, Plan
from pharos.words.period import Period

#: Measures that are the same whatever the currency; every other splits rows by currency.
CURRENCY_FREE = frozenset(
    "admissions free_admissions paid_admissions tickets_issued refunds refund_rate screenings "
    "seats_offered theatres screens works screening_share seat_share occupancy "
    "admissions_per_screening online_share prime_time_share cumulative_admissions "
    "days_on_release".split()
)
#: Measures for which a screening without figures makes a row.
OF_SCREENINGS = frozenset(
    "screenings seats_offered theatres screens works screening_share seat_share occupancy "
    "admissions_per_screening per_theatre_average per_screen_average prime_time_share".split()
)
_EARLIER = {"day": "1 day", "week": "7 days", "year": "1 year"}


@dataclass(slots=True)
class Computed:
    """One row of an answer before it is shown: keys, currency, cells and named terms."""

    keys: tuple[Any, ...]
    currency: str
    cells: dict[str, Cell]
    terms: dict[str, Mapping[str, Any]]


def ask(ledger: Ledger, question: Question, now: datetime) -> Answer:
    """Answer a question from one edition of the ledger.

    ``now`` decides whether a day is still live when the newest edition is asked; an older one is
    judged by its own time, so that it always says the same.
    """
    cursor = ledger.cursor()
    try:
        cursor.execute("SET TimeZone = 'UTC'")
        position = edition_position(cursor, question.as_of)
        edition = Edition(cursor, ledger.terms, position)
        asker = Asker(ledger, edition, question)
        rows = asker.rows()
        moment = now if question.as_of is None else edition.at
        return asker.answer(rows, moment)
    finally:
        cursor.close()


class Asker:
    """One question on its way to an answer."""

    def __init__(self, ledger: Ledger, edition: Edition, question: Question) -> None:
        """Look up everything that the question's words mean at this edition."""
        self.edition = edition
        self.question = question
        self.cursor = edition.cursor
        self.period: Period | None = None
        used = [BY_NAME[name] for name in question.used]
        tables.needs_weeks(edition, used, question.territory)
        if any(m.name == "multiplier" for m in question.measures):
            tables.needs_weeks(edition, [BY_NAME["weekend"]], question.territory)
        if question.period:
            self.period = edition.period(question.period, question.territory)
        self.by_currency = any(m.name not in CURRENCY_FREE for m in question.measures)
        self._runs: Runs | None = None
        self.where = self._conditions()
        works, cinemas = edition.codes("work"), edition.codes("cinema")
        self._register("joined_work", works)
        self._register("joined_cinema", cinemas)
        until = question.sold_until
        self.plan = Plan(
            edition=edition.position,
            spans=spans_for(all_spans(ledger), edition.position),
            basis=question.basis,
            by_currency=self.by_currency,
            sold_until=until.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if until else "",
            joined_work=works is not None,
            joined_cinema=cinemas is not None,
            double_features=bool(
                first_row(self.cursor, "SELECT 1 FROM account WHERE NOT lead LIMIT 1")
            ),
        )
        self.text = ""

    def rows(self) -> list[Computed]:
        """Every row of the answer, unordered."""
        frames = self.frames()
        self._prepare(frames)
        found = self._run_main(frames)
        since = self._since() if self._looks_back() else None
        ranks = self._ranks() if self._asks("rank") else {}
        differences = self._differences() if self._asks("book_difference") else {}
        return [self._computed(row, since, ranks, differences) for row in found]

    def answer(self, rows: list[Computed], moment: datetime) -> Answer:
        """The answer with what stands behind its numbers."""
        question, edition = self.question, self.edition
        span = self.period or self._whole_span()
        shown = [self._shown(row) for row in ordered(rows, question)]
        limit = question.limit if question.limit is not None else len(shown)
        return Answer(
            columns=columns(question, by_currency=self.by_currency),
            rows=tuple(shown[:limit]),
            edition=edition.position,
            as_of=edition.at.isoformat(),
            territory=question.territory or ",".join(edition.home.territories),
            basis=question.basis,
            status=status(edition, span, moment),
            completeness=completeness(edition, span),
            source="postings",
            period={"first": str(span.first), "last": str(span.last)} if span else None,
            notes=tuple(self._notes()),
            sql=self.text,
        )

    def frames(self) -> list[Frame]:
        """The passes over the postings that the measures need; the first is the question itself."""
        question = self.question
        sums = tuple(s for measure in question.measures for s in sums_of(measure))
        needed = columns_of(sums, question.basis)
        first, last = (self.period.first, self.period.last) if self.period else (None, None)
        both = bool({m.name for m in question.measures} & OF_SCREENINGS)
        now = Frame(
            "now", "sums by what is asked", question.by, self.where, needed, first, last,
            screenings_too=both,
        )  # fmt: skip
        frames = [now]
        if any(isinstance(m.how, Share) for m in question.measures):
            others = tuple(d for d in question.by if d.family != WORK)
            where = sql.without(self.where, [WORK])
            title = "the same over all works, which shares divide by"
            frames.append(replace(now, name="whole", title=title, by=others, where=where))
        for measure in question.measures:
            if isinstance(measure.how, Change):
                frames.append(self._earlier(now, measure.how.earlier))
        return frames

    def _earlier(self, now: Frame, earlier: str) -> Frame:
        """The same span so much earlier, moved onto the dates that are asked."""
        title = f"the same a {earlier} before"
        frame = replace(now, name=f"before_{earlier}", title=title, shift=_EARLIER[earlier])
        if any(d.family == TIME for d in frame.by) or self.period is None:
            return frame
        first, last = self.period.first, self.period.last
        return replace(frame, shift="", first=_before(first, earlier), last=_before(last, earlier))

    def _run_main(self, frames: list[Frame]) -> list[dict[str, Any]]:
        """Run one text; each row holds the row of every frame under the frame's name."""
        steps = [sql.standing(self.plan, frames)]
        steps += [sql.frame_steps(self.plan, frame) for frame in frames]
        names = [frame.name for frame in frames]
        things = replace(frames[0], name="things")
        if any(isinstance(m.how, Distinct | PerDistinct) for m in self.question.measures):
            steps.append(sql.distinct_steps(self.plan, things))
            names.append("things")
            frames = [*frames, things]
        joins = [self._join(frame) for frame in frames[1:]]
        last = f"\n-- one row for each combination\nSELECT {', '.join(names)} FROM now"
        self.text = "".join(steps) + last + "".join(joins)
        return self.cursor.sql(self.text).to_arrow_table().to_pylist()

    def _join(self, frame: Frame) -> str:
        asked = list(self.question.by)
        same = [
            f"now.k{asked.index(d)} IS NOT DISTINCT FROM {frame.name}.k{n}"
            for n, d in enumerate(frame.by)
        ]
        if self.by_currency:
            same.append(f"now.currency = {frame.name}.currency")
        return f"\nLEFT JOIN {frame.name} ON {' AND '.join(same) or 'true'}"

    def _computed(
        self, row: dict[str, Any], since: "_Lookback | None", ranks: dict[Any, int],
        differences: dict[Any, int],
    ) -> Computed:  # fmt: skip
        now = row["now"]
        keys = tuple(now[f"k{n}"] for n in range(len(self.question.by)))
        code = now.get("currency")
        currency = "" if code is None else self.edition.terms["currency"].texts[code]
        cells: dict[str, Cell] = {}
        terms: dict[str, Mapping[str, Any]] = {}
        for measure in self.question.measures:
            try:
                if measure.name == "rank":
                    cells["rank"] = Cell(ranks[keys, code])
                elif measure.name == "book_difference":
                    cells[measure.name] = _difference(differences, (keys, code))
                elif since is not None and since.knows(measure):
                    found, named = since.number(measure, keys, code)
                    cells[measure.name], terms[measure.name] = Cell(found), named
                else:
                    cells[measure.name] = Cell(number(measure, now, row, self.question.basis))
            except Unknown as reason:
                cells[measure.name] = Cell(None, str(reason))
        return Computed(keys, currency, cells, terms)

    def _shown(self, row: Computed) -> dict[str, Any]:
        cells: dict[str, Any] = {}
        for dimension, key in zip(self.question.by, row.keys, strict=True):
            cells |= key_cells(self.edition, dimension, key)
        if self.by_currency:
            cells["currency"] = row.currency
        for measure in self.question.measures:
            cell, named = row.cells[measure.name], row.terms.get(measure.name, {})
            cells |= unit_cells(measure, cell, row.currency, named)
        return cells

    def _asks(self, name: str) -> bool:
        return any(measure.name == name for measure in self.question.measures)

    def _looks_back(self) -> bool:
        back = ("days_on_release", "multiplier")
        return any(isinstance(m.how, Cumulative) or m.name in back for m in self.question.measures)

    def _since(self) -> "_Lookback":
        return _Lookback(self)

    def _ranks(self) -> dict[Any, int]:
        """Places by gross among the values of the first dimension, all others alike."""
        first = self.question.by[0]
        where = tuple(c for c in self.where if c.dimension is not first)
        frame = replace(
            self.frames()[0], where=where, quantities=columns_of((GROSS,), self.plan.basis)
        )
        text = sql.standing(self.plan, [frame]) + sql.frame_steps(self.plan, frame)
        rows = self.cursor.sql(text + "\nSELECT * FROM now").to_arrow_table().to_pylist()
        keyed = [(tuple(r[f"k{n}"] for n in range(len(frame.by))), r) for r in rows]
        return {
            (keys, row.get("currency")): 1 + sum(
                other["gross"] > row["gross"]
                for rival, other in keyed
                if rival[1:] == keys[1:] and other.get("currency") == row.get("currency")
            )
            for keys, row in keyed
        }  # fmt: skip

    def _differences(self) -> dict[Any, int]:
        frame = self.frames()[0]
        text = sql.standing(self.plan, [frame]) + sql.difference_steps(self.plan, frame)
        rows = self.cursor.sql(text).to_arrow_table().to_pylist()
        count = len(self.question.by)
        return {
            (tuple(r[f"k{n}"] for n in range(count)), r.get("currency")): r["difference"]
            for r in rows
        }

    def _conditions(self) -> tuple[Condition, ...]:
        found = []
        for name, values in self.question.where.items():
            keys, null = tables.meant(self.edition, name, values)
            self._register(f"where_{name}", keys)
            found.append(Condition(BY_NAME[name], null))
        if self.question.territory and "territory" not in self.question.where:
            keys, null = tables.meant(self.edition, "territory", (self.question.territory,))
            self._register("where_territory", keys)
            found.append(Condition(BY_NAME["territory"], null))
        return tuple(found)

    def _prepare(self, frames: Iterable[Frame]) -> None:
        """Register the small tables that the text joins."""
        edition = self.edition
        self._register("place", edition.places())
        self._register("no_screen", tables.no_screens(edition))
        self._register("channel_name", tables.channel_names(edition))
        self._register("version", edition.versions())
        used = [BY_NAME[name] for name in self.question.used]
        needs = {need for dimension in used for need in dimension.needs}
        if "work_detail" in needs:
            self._register("work_detail", tables.work_details(edition))
        if "calendar" in needs and (span := self._known_dates()):
            table = tables.calendar(edition, span.first, span.last + timedelta(days=366))
            self._register("calendar", table)
        elif "calendar" in needs:
            self._register("calendar", tables.calendar(edition, date(2000, 1, 1), date(2000, 1, 1)))
        if "holiday" in needs:
            self._register("holiday", tables.holidays(edition))
        if "run" in needs or self._looks_back():
            self._register("run", tables.run_table(self.runs(), edition))

    def runs(self) -> Runs:
        """The runs of all works at this edition."""
        if self._runs is None:
            frame = Frame(
                "shown", "days on which works were shown", (), (), (),
                extra=("{work} AS work", "place.territory AS territory", "{date} AS day"),
                extra_needs=("joined_cinema", "place"), screenings_too=True,
            )  # fmt: skip
            self._register("place", self.edition.places())
            plan = replace(self.plan, by_currency=False, sold_until="")
            text = sql.standing(plan, []) + sql.shown_steps(plan, frame)
            rows = self.cursor.execute(text).fetchall()
            shown: dict[tuple[str, str], set[date]] = {}
            for work, territory, day in rows:
                key = (self.edition.terms["work"].texts[work], territory)
                shown.setdefault(key, set()).add(day)
            for key, balances in self.edition.balances().items():
                shown.setdefault(key, set()).update(row["through"] for row in balances)
            days = {key: sorted(found) for key, found in shown.items()}
            self._runs = Runs(days, self.edition.releases(), self.edition.territories)
        return self._runs

    def _known_dates(self) -> Period | None:
        found = first_row(
            self.cursor,
            "SELECT min(business_date), max(business_date) FROM account WHERE account >= 0",
        )
        return Period(found[0], found[1], "all") if found and found[0] else None

    def _whole_span(self) -> Period | None:
        found = first_row(
            self.cursor,
            "SELECT min(business_date), max(business_date) FROM spoke WHERE position <= ?",
            [self.edition.position],
        )
        return Period(found[0], found[1], "all") if found and found[0] else None

    def _notes(self) -> list[str]:
        notes = []
        if self.question.sold_until:
            notes.append("sold_until counts ticket events only: totals do not say when")
        return notes

    def _register(self, name: str, table: pa.Table | None) -> None:
        if table is not None:
            self.cursor.register(name, table)


class _Lookback:
    """Cumulative measures for the rows of one answer."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._names = asker.question.used
        by = asker.question.by
        self._untimed = [n for n, d in enumerate(by) if d in sql.untimed(by)]
        self._reached = self._read_reached()
        self._since = Since(asker.edition, asker.runs(), self._read_daily(), asker.plan.basis)

    def knows(self, measure: Any) -> bool:  # noqa: ANN401
        """Whether a measure looks back over a run."""
        return isinstance(measure.how, Cumulative) or measure.name in (
            "days_on_release",
            "multiplier",
        )

    def number(self, measure: Any, keys: tuple[Any, ...], currency: Any) -> Any:  # noqa: ANN401
        """A measure of one row and its named terms."""
        untimed = (*(keys[n] for n in self._untimed), currency)
        split = {BY_NAME[n].name for n in self._names if BY_NAME[n].family != TIME}
        return self._since.number(measure, untimed, self._reached[keys, currency], split)

    def _read_reached(self) -> dict[Any, list[Reached]]:
        now = self._asker.frames()[0]
        frame = replace(
            now, name="reached", title="the last day of each work in each row", quantities=(),
            extra=("{work} AS work", "place.territory AS territory", "max({date}) AS day"),
            extra_needs=("joined_cinema", "place"),
        )  # fmt: skip
        found: dict[Any, list[Reached]] = {}
        for row in self._rows(frame):
            keys = tuple(row[f"k{n}"] for n in range(len(now.by)))
            work = self._work(row)
            one = Reached(work, row["territory"], row["day"])
            found.setdefault((keys, row.get("currency")), []).append(one)
        return found

    def _read_daily(self) -> list[tuple[tuple[Any, ...], Row]]:
        question = self._asker.question
        sums = (*(s for m in question.measures for s in sums_of(m)), GROSS)
        by = sql.untimed(question.by)
        where = tuple(c for c in self._asker.where if c.dimension in sql.untimed([c.dimension]))
        frame = Frame(
            "daily", "every day of the works since they began", by, where,
            columns_of(sums, question.basis),
            last=self._asker.period.last if self._asker.period else None,
            extra=("{work} AS work", "place.territory AS territory", "{date} AS day"),
            extra_needs=("joined_cinema", "place"),
        )  # fmt: skip
        found = []
        for row in self._rows(frame):
            key = (*(row[f"k{n}"] for n in range(len(by))), row.get("currency"))
            found.append((key, row | {"work": self._work(row)}))
        return found

    def _work(self, row: Row) -> str:
        return self._asker.edition.terms["work"].texts[row["work"]]

    def _rows(self, frame: Frame) -> list[dict[str, Any]]:
        asker = self._asker
        text = sql.standing(asker.plan, [frame]) + sql.frame_steps(asker.plan, frame)
        result = asker.cursor.sql(f"{text}\nSELECT * FROM {frame.name}")
        return result.to_arrow_table().to_pylist()


def _difference(differences: dict[Any, int], key: Any) -> Cell:  # noqa: ANN401
    if key not in differences:
        return Cell(None, "no other book speaks of this")
    return Cell(differences[key])


def _before(day: date, earlier: str) -> date:
    if earlier == "year":
        try:
            return day.replace(year=day.year - 1)
        except ValueError:
            return day.replace(year=day.year - 1, day=28)
    return day - timedelta(days=1 if earlier == "day" else 7)
