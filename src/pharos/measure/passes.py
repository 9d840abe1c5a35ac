"""The passes that a question makes over the postings: what to sum, and the tables joined to it.

In: a question and an edition. Out: rows of sums. Knows no measure's formula.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import cached_property
from typing import Any

import pyarrow as pa

from pharos.keep.checkpoints import all_spans, spans_for
from pharos.keep.ledger import first_row
from pharos.measure import sql, sql_books, sql_since, tables
from pharos.measure.catalogue import (
    GROSS,
    LOOKING_BACK,
    OF_OPENING,
    TIME,
    WORK,
    Change,
    Cumulative,
    Distinct,
    Measure,
    PerDistinct,
    Share,
)
from pharos.measure.compute import columns_of, sums_of
from pharos.measure.coverage import PLACES
from pharos.measure.dimensions import BY_NAME
from pharos.measure.edition import Edition
from pharos.measure.plan import Condition, Frame, Plan, without
from pharos.measure.question import Question
from pharos.measure.ranking import Ranking
from pharos.measure.runs import Runs
from pharos.words.calendar import year_before
from pharos.words.period import Period

#: Measures of one formula of their own that compare money.
_COMPARE_MONEY = ("rank", "multiplier")
_EARLIER = {"day": "1 day", "week": "7 days", "year": "1 year"}


Keys = tuple[Any, ...]
#: Sorted dates by work and territory.
WorkDays = dict[tuple[str, str], list[date]]


def of_money(measure: Measure) -> bool:
    """Whether a measure differs by currency, so that its rows are split by it."""
    quantities = {one.quantity for one in sums_of(measure)}
    money = bool(quantities & {"gross", *sql.OF_MONEY})
    return measure.unit == "money" or money or measure.name in _COMPARE_MONEY


def of_screenings(measure: Measure) -> bool:
    """Whether a screening without figures makes a row of a measure."""
    quantities = {one.quantity for one in sums_of(measure)}
    things = isinstance(measure.how, Distinct | PerDistinct)
    return things or bool(quantities & {"screenings", "seats", "prime"})


class Passes:
    """One question's way through the postings of one edition."""

    def __init__(self, edition: Edition, question: Question) -> None:
        """Look up everything that the question's words mean at this edition."""
        self.edition = edition
        self.question = question
        self.cursor = edition.cursor
        self.period: Period | None = None
        if question.territory:
            edition.rules(question.territory)
        used = [BY_NAME[name] for name in question.used]
        tables.needs_weeks(edition, used, question.territory)
        if any(m.name in OF_OPENING for m in question.measures):
            tables.needs_weeks(edition, [BY_NAME["weekend"]], question.territory)
        if question.period:
            self.period = edition.period(question.period, question.territory)
        self.by_currency = any(of_money(m) for m in question.measures)
        self.where = self._conditions()
        works, cinemas = edition.codes("work"), edition.codes("cinema")
        self.register("joined_work", works)
        self.register("joined_cinema", cinemas)
        until = question.sold_until
        self.plan = Plan(
            edition=edition.position,
            spans=spans_for(all_spans(edition.view), edition.position),
            basis=question.basis,
            by_currency=self.by_currency,
            sold_until=until.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if until else "",
            joined_work=works is not None,
            joined_cinema=cinemas is not None,
            double_features=self._any("FROM account WHERE NOT lead"),
            territory=edition.one_territory,
            silent=tables.silent_codes(edition),
            all_published=not self._any("FROM unpublished WHERE position <= ?", edition.position),
        )
        self.text = ""
        self._prepared: set[str] = set()

    def _any(self, where: str, *parameters: int) -> bool:
        """Whether there is any such row."""
        return first_row(self.cursor, f"SELECT 1 {where} LIMIT 1", parameters) is not None

    def rows(self, frame: Frame) -> list[dict[str, Any]]:
        """The rows of one frame alone."""
        text = sql.standing(self.plan, [frame]) + sql.frame_steps(self.plan, frame)
        return self.run(f"{text}\nSELECT * FROM {frame.name}")

    def run(self, text: str) -> list[dict[str, Any]]:
        """The rows of a text."""
        found: list[dict[str, Any]] = self.table(text).to_pylist()
        return found

    def table(self, text: str) -> pa.Table:
        """The rows of a text, as they come."""
        return self.cursor.sql(text).to_arrow_table()

    def looks_back(self) -> bool:
        """Whether a measure looks back over a run."""
        asked = self.question.measures
        return any(isinstance(m.how, Cumulative) or m.name in LOOKING_BACK for m in asked)

    def frames(self) -> list[Frame]:
        """The passes over the postings that the measures need; the first is the question itself."""
        question = self.question
        sums = tuple(s for measure in question.measures for s in sums_of(measure))
        sums += (GROSS,) if any(m.name == "rank" for m in question.measures) else ()
        needed = columns_of(sums, question.basis)
        first, last = (self.period.first, self.period.last) if self.period else (None, None)
        both = any(of_screenings(m) for m in question.measures)
        now = Frame(
            "now", "sums by what is asked", question.by, self.where, needed, first, last,
            screenings_too=both,
        )  # fmt: skip
        frames = [now]
        if any(isinstance(m.how, Share) for m in question.measures):
            others = tuple(d for d in question.by if d.family != WORK)
            where = without(self.where, [WORK])
            title = "the same over all works, which shares divide by"
            frames.append(replace(now, name="whole", title=title, by=others, where=where))
        spans = [m.how.earlier for m in question.measures if isinstance(m.how, Change)]
        return [*frames, *(self._earlier(now, earlier) for earlier in spans)]

    def _earlier(self, now: Frame, earlier: str) -> Frame:
        """The same span so much earlier, moved onto the dates that are asked."""
        title = f"the same a {earlier} before"
        frame = replace(now, name=f"before_{earlier}", title=title, shift=_EARLIER[earlier])
        if any(d.family == TIME for d in frame.by) or self.period is None:
            return frame
        first, last = self.period.first, self.period.last
        return replace(frame, shift="", first=_before(first, earlier), last=_before(last, earlier))

    def main(self) -> list[dict[str, Any]]:
        """Run one text over all frames; each row holds the row of every frame under its name."""
        frames = self.frames()
        self.prepare(frames)
        now, whole = frames[0], next((f for f in frames if f.name == "whole"), None)
        if whole is not None and not self._adds_up(whole):
            whole = None
        steps = [sql.standing(self.plan, frames), sql.frame_steps(self.plan, now, whole)]
        steps += [sql.frame_steps(self.plan, f) for f in frames[1:] if f is not whole]
        if things := self._things():
            frame = replace(now, name="things")
            steps.append(sql.distinct_steps(self.plan, frame, things))
            frames = [*frames, frame]
        names = ", ".join(frame.name for frame in frames)
        joins = "".join(self._join(frame) for frame in frames[1:])
        last = f"\n-- one row for each combination\nSELECT {names} FROM now"
        self.text = "".join(steps) + last + joins
        return self.run(self.text)

    def _adds_up(self, whole: Frame) -> bool:
        """Whether the sums over all works are those of the question's rows added up.

        Not where only some works are asked, nor by run: a work that was never shown has none.
        """
        return whole.where == self.where and not any("run" in d.needs for d in self.question.by)

    def _things(self) -> set[str]:
        """What must be counted as different things."""
        how = [measure.how for measure in self.question.measures]
        return {one.thing for one in how if isinstance(one, Distinct | PerDistinct)}

    def _join(self, frame: Frame) -> str:
        asked = list(self.question.by)
        same = [
            f"now.k{asked.index(d)} IS NOT DISTINCT FROM {frame.name}.k{n}"
            for n, d in enumerate(frame.by)
        ]
        if self.by_currency:
            same.append(f"now.currency = {frame.name}.currency")
        return f"\nLEFT JOIN {frame.name} ON {' AND '.join(same) or 'true'}"

    def ranking(self, found: list[dict[str, Any]]) -> Ranking:
        """Places by gross among the values of the first dimension, all others alike.

        ``found`` are the rows of `main`; where only some of those values are asked, the others
        are summed too.
        """
        first = self.question.by[0]
        where = tuple(c for c in self.where if c.dimension is not first)
        rows = [row["now"] for row in found]
        if where != self.where:
            quantities = columns_of((GROSS,), self.plan.basis)
            rows = self.rows(replace(self.frames()[0], where=where, quantities=quantities))
        # Whatever else is asked beside, only what has figures is in a ranking.
        rivals = (row for row in rows if row["said_rows"])
        return Ranking(
            ((self.keys(row), row.get("currency"), row) for row in rivals), self.plan.basis
        )

    def differences(self) -> dict[tuple[Keys, Any], dict[str, Any]]:
        """Published gross less that of other books, where there are others."""
        if self.plan.all_published:
            return {}
        frame = self.frames()[0]
        text = sql.standing(self.plan, [frame]) + sql_books.difference_steps(self.plan, frame)
        return {(self.keys(row), row.get("currency")): row for row in self.run(text)}

    def keys(self, row: Mapping[str, Any]) -> Keys:
        """The keys of a row, in the order of the question's dimensions."""
        return tuple(row[f"k{n}"] for n in range(len(self.question.by)))

    def _conditions(self) -> tuple[Condition, ...]:
        found = []
        for name, values in self.question.where.items():
            keys, null = tables.meant(self.edition, name, values)
            self.register(f"where_{name}", keys)
            found.append(Condition(BY_NAME[name], null))
        if self.question.territory and "territory" not in self.question.where:
            keys, null = tables.meant(self.edition, "territory", (self.question.territory,))
            self.register("where_territory", keys)
            found.append(Condition(BY_NAME["territory"], null))
        return tuple(found)

    def prepare(self, frames: Iterable[Frame]) -> None:
        """Register the small tables that the texts join, and no others: they take time."""
        edition, needs = self.edition, self._needs(frames)
        made: dict[str, Callable[[], pa.Table]] = {
            "place": edition.places,
            "version": edition.versions,
            "channel_name": lambda: tables.channel_names(edition),
            "work_detail": lambda: tables.work_details(edition),
            "calendar": lambda: tables.calendar(edition, self._known_dates()),
            "holiday": lambda: tables.holidays(edition, self._known_dates()),
            "no_screen": lambda: tables.no_screens(edition),
            "run": lambda: tables.run_table(self.runs(self._works_asked()), edition),
        }
        for name, make in made.items():
            if name in needs - self._prepared:
                self.register(name, make())
                self._prepared.add(name)

    def _needs(self, frames: Iterable[Frame]) -> set[str]:
        used = [BY_NAME[name] for name in self.question.used]
        used += [condition.dimension for condition in self.where]
        needs = {need for dimension in used for need in dimension.needs}
        for frame in frames:
            needs |= {n for q in frame.quantities for n in sql.NEEDED.get(q, ())}
        if needs & {"run", "work_detail"} or any(d.name == "sale_hour" for d in used):
            needs |= {"place"}
        if "screens" in self._things():
            needs |= {"no_screen"}
        return needs

    def _works_asked(self) -> str:
        """The small table of the works that are asked; empty where others matter, too."""
        asked = {measure.name for measure in self.question.measures}
        if "work" not in self.question.where or "rank" in asked:
            return ""
        keys, _ = tables.meant(self.edition, "work", self.question.where["work"])
        self.register("asked_work", keys.rename_columns(["work"]))
        return "asked_work"

    def runs(self, works: str = "") -> Runs:
        """The runs of all works at this edition, or of those in the small table ``works``."""
        days, sold = self.days_shown(works)
        for key, balances in self.edition.balances().items():
            through = {row["through"] for row in balances}
            days[key] = sorted(through.union(days.get(key, [])))
        # Tickets of cancelled screenings make no day, but what they took is in a run.
        return Runs(sold | days, self.edition.releases(), self.edition.territories)

    def days_shown(self, works: str = "", last: date | None = None) -> tuple[WorkDays, WorkDays]:
        """The days on which works were shown; of those never shown the days that sold tickets."""
        frame = Frame(
            "shown", "days on which works were shown", (), (), (), works=works, last=last,
            extra=sql_since.OF_WORK_DAYS, extra_needs=sql_since.work_needs(self.plan),
        )  # fmt: skip
        self.register("place", self.edition.places())
        plan = replace(self.plan, by_currency=False, sold_until="")
        days: WorkDays = {}
        sold: WorkDays = {}
        for row in self.run(sql.standing(plan, []) + sql_since.shown_steps(plan, frame)):
            key = (self.edition.terms["work"].texts[row["work"]], row["territory"])
            found = days if row["shown"] else sold
            found[key] = row["shown"] or row["sold"]
        return days, sold

    def _known_dates(self) -> tuple[date, date]:
        """First and last business date that may stand in a row, earlier spans moved forward."""
        found = first_row(
            self.cursor,
            "SELECT min(business_date), max(business_date) FROM account WHERE account >= 0",
        )
        if not found or found[0] is None:
            return date(2000, 1, 1), date(2000, 1, 1)
        return found[0], found[1] + timedelta(days=366)

    def only(self) -> dict[str, set[str]]:
        """Where cinemas must stand for their completeness to matter to this question."""
        asked = {
            name: {tables.plain(name, value) for value in values}
            for name, values in self.question.where.items()
        }
        if self.question.territory:
            asked["territory"] = {self.question.territory}
        if "cinema" in asked:
            keys, _ = tables.meant(self.edition, "cinema", tuple(asked["cinema"]))
            texts = self.edition.terms["cinema"].texts
            asked["cinema"] = {texts[code] for code in keys.column("key").to_pylist()}
        return {name: values for name, values in asked.items() if name in PLACES}

    @cached_property
    def span(self) -> Period | None:
        """The stretch of dates that is asked; all that anybody has spoken of, if none is."""
        return self.period or self.whole_span()

    def whole_span(self) -> Period | None:
        """From the first to the last business date of which anybody has spoken."""
        found = first_row(
            self.cursor,
            "SELECT min(business_date), max(business_date) FROM spoke WHERE position <= ?",
            [self.edition.position],
        )
        return Period(found[0], found[1], "all") if found and found[0] else None

    def register(self, name: str, table: pa.Table | None) -> None:
        """Let texts join a small table by its name."""
        if table is not None:
            self.cursor.register(name, table)


def _before(day: date, earlier: str) -> date:
    if earlier == "year":
        return year_before(day)
    return day - timedelta(days=1 if earlier == "day" else 7)
