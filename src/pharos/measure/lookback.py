"""Measures that look back over a run, for the rows of one answer.

In: the passes of a question. Out: exact numbers with their named terms. Knows no formula of its
own: `measure.since` has them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from pharos.measure import sql, sql_since
from pharos.measure.catalogue import (
    GROSS,
    LOOKING_BACK,
    OF_OPENING,
    TIME,
    Cumulative,
    Measure,
)
from pharos.measure.compute import Number, Row, columns_of, sums_of
from pharos.measure.dimensions import BY_NAME
from pharos.measure.passes import Keys, Passes
from pharos.measure.plan import Frame, untimed
from pharos.measure.since import Days, Reached, Since


class Lookback:
    """What rows have reached, and the sums of the days behind them."""

    def __init__(self, passes: Passes) -> None:
        """Read what the measures need, once for all rows."""
        self._passes = passes
        #: One line for each work and territory of each row, in the order of `_all`.
        self._lines = self._read_lines()
        works = pa.table({"work": self._lines.column("work").unique()})
        passes.register("reached_work", works)
        used = passes.question.used
        split = {name for name in used if BY_NAME[name].family != TIME}
        runs = passes.runs("reached_work")
        self._since = Since(passes.edition, runs, passes.plan.basis, split)
        self._all: list[Reached] = []
        self._of_row: dict[tuple[Keys, Any], list[Reached]] = {}
        self._gather()
        self._sum()

    def knows(self, measure: Measure) -> bool:
        """Whether a measure looks back over a run."""
        return isinstance(measure.how, Cumulative) or measure.name in LOOKING_BACK

    def number(
        self, measure: Measure, keys: Keys, currency: int | None
    ) -> tuple[Number, Mapping[str, Any]]:
        """A measure of one row and its named terms. Raises NoNumber."""
        return self._since.number(measure, self._of_row.get((keys, currency), []))

    def _read_lines(self) -> pa.Table:
        passes = self._passes
        frame = replace(
            passes.frames()[0], name="reached", quantities=(), spoken_only=True,
            title="the days of each work in each row",
            extra=sql_since.OF_WORK_DAYS, extra_needs=sql_since.work_needs(passes.plan),
        )  # fmt: skip
        passes.register("place", passes.edition.places())
        common = sql.standing(passes.plan, [frame])
        return passes.table(common + sql_since.reached_steps(passes.plan, frame))

    def _gather(self) -> None:
        terms = self._passes.edition.terms
        works, currencies = terms["work"].texts, terms["currency"].texts
        for row in self._lines.to_pylist():
            code = row.get("currency")
            currency = "" if code is None else currencies[code]
            reached = Reached(works[row["work"]], row["territory"], row["day"], currency)
            self._all.append(reached)
            self._of_row.setdefault((self._passes.keys(row), code), []).append(reached)

    def _sum(self) -> None:
        """Give everything that was reached the sums of its days."""
        measures = self._passes.question.measures
        if any(isinstance(m.how, Cumulative) or m.name == "multiplier" for m in measures):
            for nth, sums in self._sums([self._since.days(one) for one in self._all]):
                self._all[nth].counted = sums
        if any(m.name in OF_OPENING for m in measures):
            for nth, sums in self._sums([self._since.opening_days(one) for one in self._all]):
                self._all[nth].opened = sums

    def _sums(self, spans: Sequence[Days | None]) -> list[tuple[int, Row]]:
        """Sums over a span of days for each line that has one."""
        passes, question = self._passes, self._passes.question
        asked = [nth for nth, days in enumerate(spans) if days]
        found = [days for days in spans if days]
        if not found:
            return []
        lines = self._lines.take(pa.array(asked, pa.int64())).append_column(
            "nth", pa.array(asked, pa.int64())
        )
        for name, at in (("first", 0), ("last", 1)):
            column = pa.array([days[at] for days in found], pa.date32())
            lines = lines.append_column(name, column)
        by = untimed(question.by)
        sums = (*(s for m in question.measures for s in sums_of(m)), GROSS)
        frame = Frame(
            "daily", "every day of the works that rows have reached", by,
            tuple(c for c in passes.where if untimed([c.dimension])),
            columns_of(sums, question.basis), last=max(days[1] for days in found),
            extra=sql_since.OF_WORK_DAYS, extra_needs=sql_since.work_needs(passes.plan),
            works="reached_work",
        )  # fmt: skip
        passes.register("asked_span", lines)
        keys = [f"k{n}" for n, d in enumerate(question.by) if d in by]
        text = sql.standing(passes.plan, [frame]) + sql_since.since_steps(passes.plan, frame, keys)
        return [(row["nth"], row) for row in passes.run(text)]
