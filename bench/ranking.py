"""Part B: the ranking of all films over a record day, newest and as of noon.

In: a size. Out: milliseconds for Pharos and for each engine on equal data, one after another,
each in a process of its own. Runs alone with ``python bench/ranking.py``.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.asking import ENGINES, absent, asker
from bench.market import Size
from bench.peers.postgres_server import Server
from bench.record_day import Day, prepare
from bench.timing import Spread, say, spread, table

NEWEST, EVENTS, NOON = "newest", "newest, from raw events", "as of noon"
GOALS = {NEWEST: 80.0, NOON: 150.0}
#: A question that takes longer is asked fewer times.
SLOW = 5.0
MEASURES = ("gross admissions screenings seats_offered box_office_share screening_share seat_share "
            "occupancy average_ticket_price")  # fmt: skip

#: Gross, admissions, screenings and seats of each work.
Board = list[tuple[str, int, int, int, int]]


@dataclass(slots=True)
class Line:
    """What one engine did; ``agrees`` is false if a board differed from that of Pharos."""

    name: str
    load: float
    taken: dict[str, Spread] = field(default_factory=dict)
    agrees: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """Part B."""

    size: Size
    lines: list[Line]
    absent: list[str]


def measure(size: Size, folder: Path, engines: Sequence[str], repeats: int) -> Result:
    """Ask Pharos, then each engine."""
    boards, middle, own = _apart(_ask_pharos, size, folder, repeats)
    lines = [own]
    server = Server() if "postgres" in engines and not absent("postgres") else None
    try:
        for engine in engines:
            if not absent(engine):
                said = server.connection_text() if server else ""
                found, line = _apart(_ask_peer, engine, folder, said, middle, repeats)
                line.agrees = all(found[kind] == boards[kind] for kind in found)
                lines.append(line)
    finally:
        if server is not None:
            server.close()
    return Result(size, lines, [reason for engine in engines if (reason := absent(engine))])


def _ask_pharos(size: Size, folder: Path, repeats: int) -> Any:  # noqa: ANN401
    began = time.perf_counter()
    day = prepare(size, folder)
    line = Line("**Pharos** `ask`", time.perf_counter() - began)
    boards: dict[str, Board] = {}
    for kind, edition in ((NEWEST, None), (NOON, day.middle)):
        boards[kind], line.taken[kind] = _timed(partial(_asked, day, edition), repeats)
        say(f"{line.name}: {kind}: {line.taken[kind].text('.1f')} ms")
    boards[EVENTS] = boards[NEWEST]
    middle = day.middle
    day.pharos.close()
    return boards, middle, line


def _asked(day: Day, edition: int | None) -> Board:
    answer = day.home.ask(MEASURES, by="work", order="-gross", as_of=edition)
    names = ("work_id", "gross_minor", "admissions", "screenings", "seats_offered")
    return [tuple(_plain(row[name]) for name in names) for row in answer.rows]


def _plain(value: Any) -> Any:  # noqa: ANN401
    return value.removeprefix("work:") if isinstance(value, str) else int(value)


def _ask_peer(engine: str, folder: Path, server: str, middle: int, repeats: int) -> Any:  # noqa: ANN401
    there = folder / engine
    there.mkdir()
    began = time.perf_counter()
    peer = asker(engine, there, folder, server)
    line = Line(engine, time.perf_counter() - began)
    say(f"{engine}: loaded in {line.load:,.0f} s")
    boards: dict[str, Board] = {}
    kinds: dict[str, Callable[[], Board]] = {
        NEWEST: peer.newest, EVENTS: lambda: peer.events(None), NOON: lambda: peer.events(middle)
    }  # fmt: skip
    for kind, ask in kinds.items():
        boards[kind], line.taken[kind] = _timed(ask, repeats)
        say(f"{engine}: {kind}: {line.taken[kind].text('.1f')} ms")
    line.name = peer.name
    peer.close()
    return boards, line


def _timed(ask: Callable[[], Board], repeats: int) -> tuple[Board, Spread]:
    began = time.perf_counter()
    board = ask()
    first = time.perf_counter() - began
    taken = []
    for _ in range(repeats if first < SLOW else 1):
        began = time.perf_counter()
        board = ask()
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(board), spread(taken if first < SLOW else [first * 1000, *taken])


def _apart(work: Callable[..., Any], *given: Any) -> Any:  # noqa: ANN401
    """Do work in a process of its own and hand back what it returns."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_handed, args=(theirs, work, given))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    finally:
        process.join(60)
        if process.is_alive():
            process.terminate()
            process.join()


def _handed(pipe: Any, work: Callable[..., Any], given: tuple[Any, ...]) -> None:  # noqa: ANN401
    pipe.send(work(*given))
    pipe.close()
    # Some engines wait for threads of their own at the end.
    os._exit(0)


def text(result: Result) -> str:
    """The result as Markdown."""
    own = result.lines[0]
    kinds = (NEWEST, EVENTS, NOON)
    rows = [
        [one.name, *(one.taken[k].text(",.1f") if k in one.taken else "" for k in kinds),
         *(_ratio(one, own, k) for k in (NEWEST, NOON)), "yes" if one.agrees else "NO",
         f"{one.load:,.0f}"] for one in result.lines
    ]  # fmt: skip
    goals = [
        f"- {kind} in {goal:,.0f} ms: {own.taken[kind].median:,.1f} ms, "
        f"{'met' if own.taken[kind].median <= goal else '**not met**'}."
        for kind, goal in GOALS.items()
    ]
    head = ["engine", *(f"{kind}, ms" for kind in kinds), "newest: times Pharos",
            "as of noon: times Pharos", "same board", "prepared in s"]  # fmt: skip
    size = result.size
    introduction = (
        f"{size.tickets:,} tickets, {size.screenings:,} screenings, {size.cinemas:,} cinemas, one "
        "day. The question: gross, admissions, screenings, seats, the three shares, occupancy and "
        "average price by work. Pharos answers from postings and their checkpoints, and its time "
        "is that of `ask` to the finished rows. A peer's newest board comes from a table of sums "
        "by screening that was made before; as of noon it must read events."
    )
    absences = [f"\n{reason}" for reason in result.absent]
    return "\n".join([introduction, "", table(head, rows), "", *goals, *absences])


def _ratio(one: Line, own: Line, kind: str) -> str:
    return f"{one.taken[kind].median / own.taken[kind].median:.2f}" if one is not own else ""


def main() -> None:
    """Measure part B alone."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--cinemas", type=int, default=12_000)
    parser.add_argument("--screenings", type=int, default=450_000)
    parser.add_argument("--tickets", type=int, default=36_000_000)
    options = parser.parse_args()
    size = Size(options.cinemas, options.screenings, options.tickets)
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        print(text(measure(size, Path(folder), ENGINES, 7)))


if __name__ == "__main__":
    main()
