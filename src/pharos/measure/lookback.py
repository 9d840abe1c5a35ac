"""Measures that look back over a run, for the rows of one answer.

In: the passes of a question. Out: exact numbers with their named terms. Knows no formula of its
own: `measure.since` has them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pharos.measure.catalogue import GROSS, TIME, Cumulative, Measure
from pharos.measure.compute import Number, Row, columns_of, sums_of
from pharos.measure.dimensions import BY_NAME
from pharos.measure.passes import OF_WORK_DAYS, Keys, Passes
from pharos.measure.plan import Frame, untimed
from pharos.measure.since import Reached, Since


class Lookback:
    """What rows have reached, and the daily sums behind them."""

    def __init__(self, passes: Passes) -> None:
        """Read what the measures need, once for all rows."""
        self._passes = passes
        by = passes.question.by
        self._untimed = [n for n, d in enumerate(by) if d in untimed(by)]
        self._reached = self._read_reached()
        self._since = Since(passes.edition, passes.runs(), self._read_daily(), passes.plan.basis)

    def knows(self, measure: Measure) -> bool:
        """Whether a measure looks back over a run."""
        back = ("days_on_release", "multiplier")
        return isinstance(measure.how, Cumulative) or measure.name in back

    def number(
        self, measure: Measure, keys: Keys, currency: int | None
    ) -> tuple[Number, Mapping[str, Any]]:
        """A measure of one row and its named terms. Raises NoNumber."""
        untimed = (*(keys[n] for n in self._untimed), currency)
        used = self._passes.question.used
        split = {name for name in used if BY_NAME[name].family != TIME}
        return self._since.number(measure, untimed, self._reached.get((keys, currency), []), split)

    def _read_reached(self) -> dict[tuple[Keys, Any], list[Reached]]:
        """The last day of each work and territory in each row."""
        frame = replace(
            self._passes.frames()[0], name="reached", quantities=(),
            title="the last day of each work in each row",
            extra=OF_WORK_DAYS, extra_needs=("joined_cinema", "place"), spoken_only=True,
        )  # fmt: skip
        # A row with figures has come as far as they go, whatever else is asked beside them; only
        # a row of nothing but screenings is as far as those.
        held = self._last_days(frame) if frame.screenings_too else {}
        return held | self._last_days(replace(frame, screenings_too=False))

    def _last_days(self, frame: Frame) -> dict[tuple[Keys, Any], list[Reached]]:
        last: dict[tuple[Keys, Any, str, str], date] = {}
        found: dict[tuple[Keys, Any], list[Reached]] = {}
        for row in self._passes.rows(frame):
            at = (self._passes.keys(row), row.get("currency"), self._work(row), row["territory"])
            last[at] = max(row["day"], last.get(at, row["day"]))
        for (keys, currency, work, territory), day in last.items():
            found.setdefault((keys, currency), []).append(Reached(work, territory, day))
        return found

    def _read_daily(self) -> list[tuple[Keys, Row]]:
        passes = self._passes
        question, period = passes.question, passes.period
        sums = (*(s for m in question.measures for s in sums_of(m)), GROSS)
        by = untimed(question.by)
        frame = Frame(
            "daily", "every day of the works since they began", by,
            tuple(c for c in passes.where if untimed([c.dimension])),
            columns_of(sums, question.basis), last=period.last if period else None,
            extra=OF_WORK_DAYS, extra_needs=("joined_cinema", "place"),
        )  # fmt: skip
        found: list[tuple[Keys, Row]] = []
        for row in passes.rows(frame):
            key = (*(row[f"k{n}"] for n in range(len(by))), row.get("currency"))
            found.append((key, row | {"work": self._work(row)}))
        return found

    def _work(self, row: Row) -> str:
        return self._passes.edition.terms["work"].texts[row["work"]]
