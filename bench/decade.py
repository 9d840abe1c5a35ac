"""Part C: 80 cinemas and ten years of day totals, in one small process.

In: sizes. Out: how long the loading took, the most memory the process had, and how long each
yearly question takes. Runs alone with ``python bench/decade.py``; always in a process of its own.
"""

import argparse
import itertools
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bench.timing import Spread, say, spread, table
from pharos.arrive.journal import Draft
from pharos.keep.receive import catch_up
from pharos.serve.home import Home, init
from pharos.words.home import HomeSettings

FIRST_YEAR, WORKS_A_YEAR = 2016, 160
MEMORY, QUESTION = 512 * 2**20, 300.0
_NOW = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
_YEAR = "the middle year"

#: Every yearly question: its name, and how it is asked.
QUESTIONS: dict[str, dict[str, Any]] = {
    "gross, admissions, screenings, average price by year": {
        "measures": "gross admissions screenings average_ticket_price", "by": "year"},
    "by work in one year": {
        "measures": "gross admissions screenings average_ticket_price", "by": "work",
        "period": _YEAR},
    "by cinema in one year": {
        "measures": "gross admissions screenings average_ticket_price", "by": "cinema",
        "period": _YEAR},
    "by month": {"measures": "gross admissions screenings average_ticket_price", "by": "month"},
    "by month in one year": {
        "measures": "gross admissions screenings average_ticket_price", "by": "month",
        "period": _YEAR},
    "top 10 works of one year": {
        "measures": "gross admissions", "by": "work", "period": _YEAR, "order": "-gross",
        "limit": 10},
    "works by year": {"measures": "gross admissions", "by": "year,work", "order": "-gross"},
    "cumulative by work in one year": {
        "measures": "cumulative_gross", "by": "work", "period": _YEAR},
    "whole ten years": {"measures": "gross admissions screenings average_ticket_price"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Extent:
    """How much history: cinemas, days, works a cinema shows in a day."""

    cinemas: int = 80
    days: int = 3650
    works: int = 8

    @property
    def rows(self) -> int:
        """Rows of day totals."""
        return self.cinemas * self.days * self.works

    def text(self) -> str:
        """The extent in words."""
        return f"{self.cinemas} cinemas and {self.days / 365:,.1f} years of day totals"


@dataclass(frozen=True, slots=True)
class Result:
    """What one process did."""

    rows: int
    load_seconds: float
    loaded_memory: int
    peak_memory: int
    questions: dict[str, Spread]
    agrees: bool
    bytes_on_disk: int


def run(extent: Extent, repeats: int = 5) -> Result:
    """Measure in a process of its own, so that the peak of its memory is its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        process = context.Process(target=_work, args=(theirs, Path(folder), extent, repeats))
        process.start()
        theirs.close()
        try:
            result: Result = ours.recv()
        finally:
            process.join(30)
            if process.is_alive():
                process.terminate()
                process.join()
    return result


def text(result: Result) -> str:
    """The result as Markdown."""
    rows = [
        [name, taken.text(",.0f"), "met" if taken.median < QUESTION else "**not met**"]
        for name, taken in result.questions.items()
    ]
    met = "met" if result.peak_memory < MEMORY else "**not met**"
    speed = result.rows / result.load_seconds
    loading = (
        f"{result.rows:,} rows of day totals loaded from journal bytes in "
        f"{result.load_seconds:,.1f} s ({speed:,.0f} rows/s); sums agree with what was generated: "
        f"{'yes' if result.agrees else 'NO'}; journal and ledger take "
        f"{result.bytes_on_disk / 2**20:,.0f} MiB."
    )
    memory = (
        f"Peak memory of the process: {result.loaded_memory / 2**20:,.0f} MiB after loading, "
        f"{result.peak_memory / 2**20:,.0f} MiB after all questions; goal under 512 MiB: {met}."
    )
    head = ["question", "ms: median (smallest to largest)", "goal: under 300 ms"]
    return "\n".join([loading, "", memory, "", table(head, rows)])


def _work(pipe: Any, folder: Path, extent: Extent, repeats: int) -> None:  # noqa: ANN401
    path = folder / "home"
    settings = HomeSettings(scope="chain", territories=("US",), currency="USD")
    init(path, settings, lambda: _NOW)
    with Home(path, lambda: _NOW) as home:
        pipe.send(_measured(home, extent, repeats))
    pipe.close()


def _measured(home: Home, extent: Extent, repeats: int) -> Result:
    home.send("office", "register", "1", _registers(extent))
    seconds, gross = 0.0, 0
    for drafts, sum_of_month in _months(extent):
        home.journal.append(drafts)
        gross += sum_of_month
        began = time.perf_counter()
        catch_up(home.journal, home.writer)
        seconds += time.perf_counter() - began
        if drafts[0].id.endswith("12"):
            say(f"{drafts[0].id}: loaded after {seconds:,.0f} s, peak {_peak() / 2**20:,.0f} MiB")
    loaded = _peak()
    middle = str(FIRST_YEAR + extent.days // 365 // 2)
    taken = {}
    for name, asked in QUESTIONS.items():
        meant = {key: middle if value == _YEAR else value for key, value in asked.items()}
        taken[name] = spread(_asked(home, meant, repeats))
    agrees = int(home.ask("gross").rows[0]["gross_minor"]) == gross
    size = sum(file.stat().st_size for file in home.path.rglob("*") if file.is_file())
    return Result(extent.rows, seconds, loaded, _peak(), taken, agrees, size)


def _asked(home: Home, asked: dict[str, Any], repeats: int) -> list[float]:
    rest = {name: value for name, value in asked.items() if name != "measures"}
    taken = []
    for _ in range(repeats + 1):
        began = time.perf_counter()
        answer = home.ask(asked["measures"], **rest)
        taken.append((time.perf_counter() - began) * 1000)
        if not answer.rows:
            raise RuntimeError(f"no answer to {asked}")
    return taken[1:]


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _months(extent: Extent) -> Iterator[tuple[list[Draft], int]]:
    """Messages of one cinema's month each, a month at a time; and their gross in minor units."""
    draw = np.random.default_rng(11)
    first = date(FIRST_YEAR, 1, 1)
    days = [first + timedelta(days=n) for n in range(extent.days)]
    for _, month in itertools.groupby(days, lambda day: (day.year, day.month)):
        mine = list(month)
        drafts, gross = [], 0
        for cinema in range(extent.cinemas):
            body, paid = _month(cinema, mine, extent.works, draw)
            drafts.append(Draft(f"sender-{cinema}", "days", f"{mine[0]:%Y%m}", body))
            gross += paid
        yield drafts, gross


def _month(
    cinema: int, days: list[date], works: int, draw: np.random.Generator
) -> tuple[bytes, int]:
    admissions = draw.integers(5, 400, (len(days), works))
    gross = admissions * draw.integers(900, 1500, (len(days), works))
    number = f"{days[0]:%Y%m}"
    rows: list[dict[str, object]] = [{"pharos": 1, "id": number, "stream": "days"}]
    for n, day in enumerate(days):
        week = (day - date(FIRST_YEAR, 1, 1)).days // 7
        for work in range(works):
            paid = int(gross[n, work])
            rows.append({
                "kind": "day_totals", "cinema": f"c{cinema}", "date": day.isoformat(),
                "work": f"w{week * WORKS_A_YEAR // 52 + work}",
                "admissions": int(admissions[n, work]),
                "gross": f"{paid // 100}.{paid % 100:02}", "screenings": 4, "seats": 480,
            })  # fmt: skip
    return b"\n".join(msgspec.json.encode(row) for row in rows) + b"\n", int(gross.sum())


def _registers(extent: Extent) -> bytes:
    rows: list[dict[str, object]] = [{"pharos": 1}]
    zone = "America/New_York"
    rows += [{"kind": "register", "cinema": {"id": f"c{n}", "name": f"Cinema {n}", "zone": zone}}
             for n in range(extent.cinemas)]  # fmt: skip
    count = (extent.days // 7 + 1) * WORKS_A_YEAR // 52 + extent.works
    rows += [{"kind": "register", "work": {"id": f"w{n}", "names": [
             {"language": "en", "name": f"Work {n}"}]}} for n in range(count)]  # fmt: skip
    return b"\n".join(msgspec.json.encode(row) for row in rows) + b"\n"


def main() -> None:
    """Measure part C alone."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--cinemas", type=int, default=80)
    parser.add_argument("--days", type=int, default=3650)
    options = parser.parse_args()
    print(text(run(Extent(options.cinemas, options.days))))


if __name__ == "__main__":
    main()
