"""Part E: the tally of a record day, beside SQL on the same ledger.

In: a size. Out: milliseconds of the ranking, of boards and of updates, seconds to be made again
from the ledger. Runs alone with ``python bench/tally.py``.
"""

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from bench.market import Size
from bench.record_day import Day, go_on, prepare
from bench.timing import Spread, percentile, say, spread, table
from pharos.measure.board import Board, Cut, board
from pharos.measure.edition import edition_in
from pharos.measure.tally import Tally
from pharos.measure.tally_day import DIMENSIONS
from pharos.measure.tally_load import load
from pharos.measure.tally_ranking import measures_of
from pharos.serve.home import Home

BATCH, BATCHES = 10_000, 40
DATE, NOW = date(2026, 10, 1), datetime(2026, 10, 1, 15, tzinfo=UTC)
GOALS = {"ranking": 1.0, "update": 2.0, "made again": 2_000.0}
BASES = ("paid", "without_fee", "without_tax", "without_fee_and_tax")


@dataclass(frozen=True, slots=True)
class Result:
    """Part E; times in milliseconds."""

    size: Size
    times: Mapping[str, Spread]
    slowest: float
    cuts: int
    boards: int
    differences: int


def measure(size: Size, folder: Path, cuts: int, repeats: int) -> Result:
    """Make the day and ask both."""
    day = prepare(size, folder)
    home = day.home
    times: dict[str, Spread] = {}
    times["made again"] = _timed(lambda: Tally(home.ledger, DATE).close(), 3)
    tally = Tally(home.ledger, DATE)
    times["ranking"] = _timed(lambda: tally.ranking(Cut(DATE)), 200)
    times["ranking by SQL"] = _timed(lambda: _asked(home, Cut(DATE)), repeats)
    times["board"] = _timed(lambda: tally.board(Cut(DATE), NOW), 20)
    times["board by SQL"] = _timed(lambda: _by_sql(home, Cut(DATE)), repeats)
    for name, taken in times.items():
        say(f"tally: {name} {taken.text('.2f')} ms")
    seeded = random.Random(11)
    drawn = [_drawn(seeded, tally) for _ in range(cuts)]
    taken = [_timed(lambda cut=cut: tally.ranking(cut), 3).median for cut in drawn]
    boards = drawn[: max(1, cuts // 10)]
    differences = sum(not _equal(home, tally, cut) for cut in boards)
    say(f"tally: {len(boards):,} boards compared, {differences} differences")
    times["update"] = _updates(day)
    say(f"tally: update {times['update'].text('.2f')} ms")
    tally.close()
    day.pharos.close()
    return Result(size, times, percentile(taken, 0.99), cuts, len(boards), differences)


def _timed(work: Callable[[], Any], repeats: int) -> Spread:
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return spread(taken)


def _drawn(seeded: random.Random, tally: Tally) -> Cut:
    """Any cut: the nation, or any place that there is, on any basis."""
    name = seeded.choice((*DIMENSIONS, ""))
    found = tally.ranking(Cut(DATE), name) if name else None
    keys = [key for key in found.keys if key] if found else []
    place = (name, seeded.choice(keys)) if keys else None
    return Cut(DATE, place, seeded.choice(BASES))


def _asked(home: Home, cut: Cut) -> Any:  # noqa: ANN401
    names = [*(one.name for one in measures_of("work")), "rank"]
    where = [f"{cut.place[0]}={cut.place[1]}"] if cut.place else []
    return home.ask(*names, by="work", where=where, period=str(cut.day), basis=cut.basis)


def _by_sql(home: Home, cut: Cut) -> Board:
    with home.ledger.view() as view:
        return board(edition_in(view, None), cut, NOW)


def _equal(home: Home, tally: Tally, cut: Cut) -> bool:
    """Whether board and ranking of a cut are those of SQL, to the last cent."""
    got, expected = tally.board(cut, NOW), _by_sql(home, cut)
    ranking, rows = tally.ranking(cut), list(_asked(home, cut))
    if got is None or ranking is None:
        return False
    numbers = {
        name: [None if why else number for number, why in zip(
            cells.shown().tolist(), cells.why.tolist(), strict=True)]
        for name, cells in ranking.measures.items()
    }  # fmt: skip
    same = all(
        {key: numbers[name][n] for n, key in enumerate(ranking.keys)}
        == {row["work_id"].removeprefix("work:"): _minor(row, name) for row in rows}
        for name in numbers
    )
    return same and all(
        replace(getattr(got, one), sql="") == replace(getattr(expected, one), sql="")
        for one in ("total", "films")
    )


def _minor(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(f"{name}_minor", row[name])
    return value if value is None or isinstance(value, int) else int(value * 1_000_000)


def _updates(day: Day) -> Spread:
    """What it costs to follow a batch, told by the ledger that wrote it."""
    told: list[Mapping[str, pa.Table]] = []
    ledger = day.home.ledger
    with ledger.view() as view:
        live = load(view, DATE, threading.Lock())
    ledger.watch(told.append)
    go_on(day, BATCH, BATCHES)
    ledger.wait()
    ledger.unwatch(told.append)
    taken = []
    for rows in told:
        began = time.perf_counter()
        live.take(rows)
        taken.append((time.perf_counter() - began) * 1000)
    return spread(taken)


def text(result: Result) -> str:
    """The result as Markdown."""
    size, times = result.size, result.times
    rows = [
        ["the full ranking", times["ranking"].text(",.2f"), times["ranking by SQL"].text(",.1f")],
        ["a board (two answers, complete)", times["board"].text(",.1f"),
         times["board by SQL"].text(",.1f")],
        [f"a batch of {BATCH:,} postings", times["update"].text(",.2f"), ""],
        ["made again from the ledger", times["made again"].text(",.0f"), ""],
    ]  # fmt: skip
    goals = [
        f"- {name} in {goal:,.0f} ms: {times[name].median:,.2f} ms, "
        f"{'met' if times[name].median <= goal else '**not met**'}."
        for name, goal in GOALS.items()
    ]
    introduction = (
        f"{size.tickets:,} tickets, {size.screenings:,} screenings, {size.cinemas:,} cinemas, one "
        "day. The ranking has every measure that running totals can give, of every work. Of "
        f"{result.cuts:,} random cuts (any place, any basis) 99 in 100 took at most "
        f"{result.slowest:.2f} ms; of {result.boards:,} of them board and ranking were compared "
        f"with SQL to the last cent: {result.differences} differences."
    )
    head = ["", "tally, ms", "SQL, ms"]
    return "\n".join([introduction, "", table(head, rows), "", *goals])


def main() -> None:
    """Measure part E alone."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--cinemas", type=int, default=12_000)
    parser.add_argument("--screenings", type=int, default=450_000)
    parser.add_argument("--tickets", type=int, default=36_000_000)
    parser.add_argument("--cuts", type=int, default=1_000)
    options = parser.parse_args()
    size = Size(options.cinemas, options.screenings, options.tickets)
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        print(text(measure(size, Path(folder), options.cuts, 7)))


if __name__ == "__main__":
    main()
