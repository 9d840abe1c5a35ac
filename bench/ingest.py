"""Part A: how fast ticket events are applied from journal bytes, beside other engines.

In: sizes. Out: events a second for each engine, design and batch size. Runs alone with
``python bench/ingest.py [--profile]``.
"""

import argparse
import cProfile
import io
import pstats
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.contest import contestants
from bench.lineup import ENGINES, absent
from bench.market import Market, Size
from bench.messages import Mail, batches
from bench.path import Pharos, close_batches_at
from bench.timing import Spread, percentile, say, spread, table
from bench.workload import MAIN, Plan, Slice, write


@dataclass(frozen=True, slots=True)
class Line:
    """What one contestant did: seconds of its batches by kind and repeat."""

    name: str
    design: str
    rules: str
    taken: dict[str, list[list[float]]]
    agrees: bool
    memory: int

    def speed(self, work: list[Slice], kind: str) -> Spread:
        """Events a second, one value for each repeat."""
        events = [one.events for one in work if one.kind == kind]
        seconds = [sum(each) for each in self.taken[kind]]
        return spread([n / s for n, s in zip(events, seconds, strict=True)])


@dataclass(frozen=True, slots=True)
class Result:
    """Part A: what was applied, by whom, and who was absent."""

    work: list[Slice]
    lines: list[Line]
    absent: list[str]


def profile(options: argparse.Namespace) -> str:
    """Where the time of Pharos goes: the calls that take most of it."""
    market = Market(Size(options.cinemas, options.screenings, options.tickets))
    mail = Mail(market)
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        pharos = Pharos(Path(folder), market)
        opened = round(options.screenings * 0.9)
        close_batches_at(100_000)
        seconds = sum(pharos.apply([list(mail.messages(market.opening(opened), 2000))]))
        said = [f"preload, screenings never seen: {opened / seconds:,.0f} events/s"]
        close_batches_at(10_000)
        for run in range(3):
            work = list(
                batches(mail.messages(market.slice(options.events), options.message), 10_000)
            )
            took = pharos.apply(work)
            count = sum(m.events for one in work for m in one)
            said.append(f"run {run}: {count} events: {count / sum(took):,.0f} events/s")
        work = list(batches(mail.messages(market.slice(options.events), options.message), 10_000))
        profiler = cProfile.Profile()
        for one in work:
            pharos.keep(one)
        profiler.enable()
        pharos.receive()
        profiler.disable()
        for order in ("cumulative", "tottime"):
            out = io.StringIO()
            pstats.Stats(profiler, stream=out).strip_dirs().sort_stats(order).print_stats(40)
            said.append(out.getvalue())
        pharos.close()
    return "\n".join(said)


def measure(plan: Plan, folder: Path, engines: Sequence[str]) -> Result:
    """Every contestant applies every slice, in turn."""
    slices = folder / "slices"
    slices.mkdir()
    work, expected = write(plan, slices)
    taken: dict[tuple[str, str], dict[str, list[list[float]]]] = {}
    with contestants(folder, slices, plan.size, engines) as lineup:
        for one in work:
            for contestant in lineup:
                seconds = contestant.apply(one)
                key = contestant.name, contestant.design
                taken.setdefault(key, {}).setdefault(one.kind, []).append(seconds)
                say(f"{one.kind}: {' '.join(key)}: {one.events / sum(seconds):,.0f} events/s")
        lines = [
            Line(c.name, c.design, c.rules, taken[c.name, c.design], c.sums() == expected,
                 c.memory())
            for c in lineup
        ]  # fmt: skip
    return Result(work, lines, [reason for engine in engines if (reason := absent(engine))])


def text(result: Result) -> str:
    """The result as Markdown: speeds, ratios, goals, latencies, what was sent."""
    kinds = list(dict.fromkeys(one.kind for one in result.work))
    speeds = [
        [f"**{one.name}** {one.design}", *(one.speed(result.work, k).text() for k in kinds)]
        for one in result.lines
    ]
    head = ["contestant", *kinds[1:4], "weaker than Pharos in", "sums agree", "peak memory"]
    parts = [
        ("Events a second: median (smallest to largest)", table(["contestant", *kinds], speeds)),
        ("Pharos is so many times as fast", table(["peer", *kinds], _ratios(result, kinds))),
        ("Goals", _goals(result)),
        ("Each batch in ms: p50 / p99", table(head, _latencies(result, kinds[1:4]))),
        ("What was sent", _sent(result)),
    ]
    said = [f"### {title}\n\n{body}\n" for title, body in parts]
    return "\n".join([*said, *result.absent])


def _ratios(result: Result, kinds: list[str]) -> list[list[str]]:
    own = {k: result.lines[0].speed(result.work, k).median for k in kinds}
    return [
        [f"{one.name} {one.design}",
         *(f"{own[k] / one.speed(result.work, k).median:.2f}" for k in kinds)]
        for one in result.lines[1:]
    ]  # fmt: skip


def _goals(result: Result) -> str:
    speeds = {(one.name, one.design): one.speed(result.work, MAIN.name).median
              for one in result.lines}  # fmt: skip
    own = speeds["Pharos", result.lines[0].design]
    said = [f"- 400,000 events/s at 10,000 a batch: {own:,.0f}, {_met(own / 400_000)}."]
    for name, goal in (("SQLite", 3), ("PostgreSQL", 5)):
        for (engine, design), speed in speeds.items():
            if engine == name:
                said.append(f"- {goal} times {name}, {design}: {own / speed:.2f} times, "
                            f"{_met(own / speed / goal)}.")  # fmt: skip
    return "\n".join(said)


def _met(share: float) -> str:
    return "met" if share >= 1 else "**not met**"


def _latencies(result: Result, kinds: list[str]) -> list[list[str]]:
    rows = []
    for one in result.lines:
        cells = []
        for kind in kinds:
            each = [1000 * s for seconds in one.taken[kind] for s in seconds]
            cells.append(f"{percentile(each, 0.5):.1f} / {percentile(each, 0.99):.1f}")
        rows.append([f"{one.name} {one.design}", *cells, one.rules, "yes" if one.agrees else "NO",
                     f"{one.memory / 2**20:,.0f} MiB"])  # fmt: skip
    return rows


def _sent(result: Result) -> str:
    rows = []
    for kind in dict.fromkeys(one.kind for one in result.work):
        mine = [one for one in result.work if one.kind == kind]
        messages = sum(one.messages for one in mine)
        events = sum(one.events for one in mine)
        each = sum(one.mentions for one in mine) / messages
        rows.append([kind, f"{events:,}", f"{events / messages:,.1f}", f"{each:,.1f}"])
    return table(["", "events", "events a message", "different screenings a message"], rows)


def main() -> None:
    """Measure part A alone."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--cinemas", type=int, default=12_000)
    parser.add_argument("--screenings", type=int, default=450_000)
    parser.add_argument("--tickets", type=int, default=36_000_000)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--message", type=int, default=200)
    options = parser.parse_args()
    if options.profile:
        print(profile(options))
        return
    plan = Plan(Size(options.cinemas, options.screenings, options.tickets), 3)
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        print(text(measure(plan, Path(folder), ENGINES)))


if __name__ == "__main__":
    main()
