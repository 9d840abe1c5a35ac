"""`make bench`: parts A to F in one run, written to docs/results/bench.md.

In: sizes. Out: the results as Markdown, with the goals beside them. Everything is made in
temporary folders that are removed; only loopback addresses are used.
"""

import argparse
import importlib.metadata
import os
import platform
import signal
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import answers, decade, ingest, intake, ranking, tally
from bench.lineup import ENGINES
from bench.market import Size
from bench.peers.postgres_server import binary, version
from bench.timing import say
from bench.workload import KINDS, Kind, Plan

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "results" / "bench.md"
_LIBRARIES = ("duckdb", "pyarrow", "numpy", "msgspec", "chdb", "polars", "psycopg")

_INTRODUCTION = """\
Written by `make bench`; each part is replaced by its last run. Each figure is a median over
repeats with the smallest and the largest beside it. Data are made up from a seed; nothing is a
verdict on any peer: all run on one small machine with the settings that stand in `bench/`.
"""
_PART_A = """\
Pharos' time goes from messages that are in the journal to a committed ledger: it reads them from
the journal, decodes them, applies the rules, drops repeats and holds conflicts exactly, records
its decision in the journal, posts, keeps its marks and checkpoints. Peers get the bytes in memory,
decode them with the same msgspec decoder into arrays, and give the events to their engine in the
form it likes best, which is counted; they check no rule and record no decision. Pharos decides a
batch while a second thread records and writes the one before; so do peers: the next batch is
decoded while the one before is committed. Every contestant has a process of its own and all work
in turn on the same batches: 5 % repeats, 1 % late by up to 5,000 events, 1.5 % refunds, 2 in
100,000 conflicts. "Primary key", "lookup" and "anti-join" recognise repeats with the engine's own
means; "marks" gives a peer the marks of Pharos (`pharos.keep.marks`) and leaves it only to append
the events, so it is no longer the engine that recognises a repeat. In the first column each event
names a screening for the first time (10,000 a batch, 200 a message); in the others 90 % of the
day's screenings are known before, and new ones appear at the day's own rate. "A cinema's hour" is
a message of all events of one cinema. Batches of 10,000 are those that Pharos makes by itself. An
engine's work in the background (merges, checkpoints) may fall into the time of the next
contestant: the repeats stand in turn, not side by side.
"""
_PART_D = """\
`pharos serve` on a home of 1,200 cinemas with their registers, 48,000 screenings of the day known;
64 connections send columnar messages of one cinema each, as fast as receipts come, from a process
on the same two cores. A receipt leaves once the message is on the disk; meanwhile the server
decides and counts what it has. One request in 200 waits for its verdict, on four connections of
its own; at this load the figures follow the receipts by seconds, as the last column says.
"""
_PART_F = """\
`pharos serve --show-port` on a part of the rehearsed record day. What was sent waits in the journal
and is applied while whole boards are asked for (JSON, packed), on 64 connections with four requests
under way on each, from a process on the same two cores. A board is at most a second old.
"""


def main() -> None:
    """Measure everything and write the results."""
    options = _options()
    # Asked to end, it still stops its server and removes its folders.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began, load = time.monotonic(), os.getloadavg()[0]
    parts = {name: PARTS[name](options) for name in options.parts}
    minutes = (time.monotonic() - began) / 60
    end = f"\n{_machine(load)} The run took {minutes:,.1f} minutes.\n"
    parts = {name: text + end for name, text in parts.items()}
    print("\n".join(parts.values()))
    if not options.quick:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(_page(parts))
        say("written to docs/results/bench.md")


def _page(parts: dict[str, str]) -> str:
    """The page with these parts, and those of earlier runs that did not run again."""
    said = RESULTS.read_text() if RESULTS.exists() else ""
    kept = {part[0].lower(): f"## {part}" for part in said.split("\n## ")[1:]}
    every = kept | parts
    whole = "\n".join(every[name].rstrip() + "\n" for name in sorted(every))
    return f"# Speed, measured\n\n{_INTRODUCTION}\n{whole}"


def _applying(options: argparse.Namespace) -> str:
    plan = Plan(_size(options), options.repeats, _kinds(options.quick))
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        result = ingest.measure(plan, Path(folder), ENGINES)
    heading = f"## A. Applying ticket events from {options.cinemas:,} cinemas"
    return f"{heading}\n\n{_PART_A}\n{ingest.text(result)}\n"


def _ranking(options: argparse.Namespace) -> str:
    day = Size(options.cinemas, options.screenings, options.board_tickets)
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        board = ranking.measure(day, Path(folder), ("duckdb", *ENGINES), 7)
    return f"## B. The ranking of a record day\n\n{ranking.text(board)}\n"


def _decade(options: argparse.Namespace) -> str:
    extent = decade.Extent(options.history_cinemas, options.history_days)
    return f"## C. {extent.text()}\n\n{decade.text(decade.run(extent))}\n"


def _intake(options: argparse.Namespace) -> str:
    found = intake.measure(100_000 if options.quick else 400_000, options.repeats)
    return f"## D. From HTTP to receipt\n\n{_PART_D}\n{intake.text(found)}\n"


def _tally(options: argparse.Namespace) -> str:
    day = Size(options.cinemas, options.screenings, options.board_tickets)
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        found = tally.measure(day, Path(folder), 100 if options.quick else 1_000, 7)
    return f"## E. The tally of a record day\n\n{tally.text(found)}\n"


def _answers(options: argparse.Namespace) -> str:
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        found = answers.measure(400 if options.quick else 3_600, Path(folder))
    heading = "## F. Boards from memory while reports are applied"
    return f"{heading}\n\n{_PART_F}\n{answers.text(found)}\n"


#: What can be measured, by the letter of its part.
PARTS = {"a": _applying, "b": _ranking, "c": _decade, "d": _intake, "e": _tally, "f": _answers}


def _size(options: argparse.Namespace) -> Size:
    return Size(options.cinemas, options.screenings, options.tickets)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="400 cinemas; writes no results page")
    parser.add_argument("--parts", default="abcdef", help="which of a to f to run")
    parser.add_argument("--cinemas", type=int)
    parser.add_argument("--screenings", type=int)
    parser.add_argument("--tickets", type=int)
    parser.add_argument("--board-tickets", type=int, help="tickets of part B; as --tickets")
    parser.add_argument("--repeats", type=int)
    parser.add_argument("--history-cinemas", type=int)
    parser.add_argument("--history-days", type=int)
    options = parser.parse_args()
    full = {"cinemas": 12_000, "screenings": 450_000, "tickets": 36_000_000, "repeats": 3,
            "history_cinemas": 80, "history_days": 3650}  # fmt: skip
    quick = {"cinemas": 400, "screenings": 15_000, "tickets": 1_200_000, "repeats": 2,
             "history_cinemas": 20, "history_days": 730}  # fmt: skip
    for name, value in (quick if options.quick else full).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    options.board_tickets = options.board_tickets or options.tickets
    return options


def _kinds(quick: bool) -> tuple[Kind, ...]:
    if not quick:
        return KINDS
    return tuple(Kind(k.name, k.batch, max(1, k.count // 5), k.message) for k in KINDS)


def _machine(load: float) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    said = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES if _has(name)]
    said.append(f"SQLite {sqlite3.sqlite_version}")
    said.append(f"PostgreSQL {version()}" if binary("postgres") else "PostgreSQL not installed")
    return (
        f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores ({platform.machine()}), "
        f"{memory:,.0f} GiB of memory, {platform.system()}, Python {platform.python_version()}; "
        f"load average at the start {load:.1f}. {', '.join(said)}."
    )


def _has(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    main()
