"""What looks back over a run, for live days: sums before them from SQL, the rest from the tally.

In: rows of a board, live days, and what was summed over earlier days. Out: exact numbers with
their named terms. Knows no formula of its own: `measure.since` has them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from pharos.measure import sql_since
from pharos.measure.catalogue import GROSS, Cumulative, Measure
from pharos.measure.compute import Number, columns_of
from pharos.measure.passes import Keys, Passes
from pharos.measure.plan import BASIS_PARTS, Frame, untimed
from pharos.measure.runs import Key, Runs
from pharos.measure.since import Days, Reached, Since
from pharos.measure.tally_running import AT
from pharos.words.figures import Ints

#: A work in a territory, in money of a currency (a code).
Purse = tuple[str, str, int]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Everything before the first live day that a look back over runs needs.

    ``shown`` and ``sold`` are the dates of each work, as `Passes.runs` tells them apart; ``sums``
    those of a cut.
    """

    works: frozenset[str] = frozenset()
    shown: Mapping[Key, list[date]] = field(default_factory=dict)
    sold: Mapping[Key, list[date]] = field(default_factory=dict)
    sums: Mapping[Purse, list[tuple[date, Mapping[str, int]]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What a live day says of each work: whether it was shown or only sold, and sums of a cut."""

    date: date
    shown: Mapping[Key, bool]
    sums: Mapping[Purse, Mapping[str, int]]


def told_of(when: date, everywhere: Any, cut: Any, basis: str) -> Told:  # noqa: ANN401
    """A day from its lines and sums, of the nation and of a cut."""
    shown: dict[Key, bool] = {}
    for key, sums in _by(everywhere, lambda line: (line.work, line.territory)).items():
        there = sums[AT["held"]] > 0 or sums[AT["day_rows"]] != 0
        if there or sums[AT["said_rows"]] != 0:
            shown[key] = there
    of_cut = _by(cut, lambda line: (line.work, line.territory, line.currency))
    # A day without a figure is no day of a run's sums.
    said = {key: _gross(sums, basis) for key, sums in of_cut.items() if sums[AT["said_rows"]] != 0}
    return Told(when, shown, said)


def _by(lines_and_sums: tuple[Sequence[Any], Ints], key_of: Any) -> dict[Any, Ints]:  # noqa: ANN401
    lines, sums = lines_and_sums
    found: dict[Any, Ints] = {}
    for nth, line in enumerate(lines):
        key = key_of(line)
        found[key] = found[key] + sums[:, nth] if key in found else sums[:, nth]
    return found


def _gross(sums: Ints, basis: str) -> dict[str, int]:
    parts = BASIS_PARTS[basis]
    gross = int(sums[AT["gross"]]) - sum(int(sums[AT[part]]) for part in parts)
    return {"gross": gross} | {
        f"{part}_missing": int(sums[AT[f"{part}_missing"]]) for part in parts
    }


def reached_in(day: date, cut: tuple[Sequence[Any], Ints]) -> list[tuple[Purse, date]]:
    """The works in territories that a board's rows have reached.

    A row with figures has come as far as they go; only a row of nothing but screenings is as far
    as those.
    """
    sums = _by(cut, lambda line: (line.work, line.territory, line.currency))
    told = {purse: bool(found[AT["said_rows"]] != 0) for purse, found in sums.items()}
    row_told: dict[tuple[str, int], bool] = {}
    for (work, _, currency), said in told.items():
        row_told[work, currency] = row_told.get((work, currency), False) or said
    return [
        (purse, day)
        for purse, found in sums.items()
        if told[purse] == row_told[purse[0], purse[2]] and (told[purse] or found[AT["held"]] != 0)
    ]


class TallyLookback:
    """What rows have reached, with the sums of the days behind them."""

    def __init__(
        self, passes: Passes, reached: list[tuple[Purse, date]], days: list[Told], earlier: Earlier
    ) -> None:
        """``days`` are all live days, in order."""
        edition, basis = passes.edition, passes.question.basis
        self._days, self._earlier = days, earlier
        split = {d.name for d in untimed(passes.question.by)} | passes.question.where.keys()
        self._since = Since(edition, self._runs(passes), basis, set(split))
        works, currencies = edition.terms["work"], edition.terms["currency"].texts
        self._of_row: dict[tuple[Keys, int], list[Reached]] = {}
        for (work, territory, currency), day in reached:
            one = Reached(work, territory, day, currencies[currency])
            if (span := self._since.days(one)) is not None:
                one.counted = self._sum((work, territory, currency), span)
            self._of_row.setdefault(((works.code(work),), currency), []).append(one)

    def knows(self, measure: Measure) -> bool:
        """Whether a measure looks back over a run."""
        return isinstance(measure.how, Cumulative) or measure.name == "days_on_release"

    def number(
        self, measure: Measure, keys: Keys, currency: int | None
    ) -> tuple[Number, Mapping[str, Any]]:
        """A measure of one row and its named terms. Raises NoNumber."""
        return self._since.number(measure, self._of_row.get((keys, currency or 0), []))

    def _runs(self, passes: Passes) -> Runs:
        """The runs of all works, as `Passes.runs` finds them."""
        edition = passes.edition
        shown = {key: list(days) for key, days in self._earlier.shown.items()}
        sold = {key: list(days) for key, days in self._earlier.sold.items()}
        for day in self._days:
            for key, there in day.shown.items():
                (shown if there else sold).setdefault(key, []).append(day.date)
        for key, balances in edition.balances().items():
            through = {row["through"] for row in balances}
            shown[key] = sorted(through.union(shown.get(key, [])))
        return Runs(sold | shown, edition.releases(), edition.territories)

    def _sum(self, purse: Purse, span: Days) -> dict[str, int]:
        """The sums of a work's days over a span."""
        total: dict[str, int] = {}
        days = [*self._earlier.sums.get(purse, ())]
        days += [(day.date, day.sums[purse]) for day in self._days if purse in day.sums]
        for when, sums in days:
            if span[0] <= when <= span[1]:
                for name, value in sums.items():
                    total[name] = total.get(name, 0) + value
        return total


def earlier_of(passes: Passes, works: frozenset[str], first: date) -> Earlier:
    """What the ledger says of works before a date, for a board's cut."""
    edition = passes.edition
    terms = edition.terms["work"]
    codes = pa.array([terms.code(work) for work in sorted(works)], pa.int64())
    passes.register("reached_work", pa.table({"work": codes}))
    frame = Frame(
        "daily", "every day of these works before the live ones", untimed(passes.question.by),
        tuple(c for c in passes.where if untimed([c.dimension])),
        columns_of((GROSS,), passes.question.basis), last=first - _DAY,
        extra=sql_since.OF_WORK_DAYS, extra_needs=sql_since.work_needs(passes.plan),
        works="reached_work",
    )  # fmt: skip
    shown, sold = passes.days_shown("reached_work", first - _DAY)
    passes.prepare([frame])
    sums: dict[Purse, list[tuple[date, Mapping[str, int]]]] = {}
    for row in passes.rows(frame):
        purse = (terms.texts[row["work"]], row["territory"], row["currency"])
        sums.setdefault(purse, []).append(
            (row["day"], {name: row[name] for name in frame.quantities})
        )
    return Earlier(works, shown, sold, sums)
