"""`make bench`: parts A, B and C in one run, written to docs/results/bench.md.

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

from bench import decade, ingest, ranking
from bench.lineup import ENGINES
from bench.market import Size
from bench.peers.postgres_server import binary, version
from bench.timing import say
from bench.workload import KINDS, Kind, Plan

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "results" / "bench.md"
_LIBRARIES = ("duckdb", "pyarrow", "numpy", "msgspec", "chdb", "polars", "psycopg")

_INTRODUCTION = """\
Written by `make bench`; the last run replaces this page. Each figure is a median over repeats with
the smallest and the largest beside it. Data are made up from a seed; nothing is a verdict on any
peer: all run on one small machine with the settings that stand in `bench/`.
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


def main() -> None:
    """Measure everything and write the results."""
    options = _options()
    # Asked to end, it still stops its server and removes its folders.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()
    size = Size(options.cinemas, options.screenings, options.tickets)
    parts = ["# Speed, measured", "", _INTRODUCTION, _machine(), ""]
    if "a" in options.parts:
        plan = Plan(size, options.repeats, _kinds(options.quick))
        with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
            result = ingest.measure(plan, Path(folder), ENGINES)
        heading = f"## A. Applying ticket events from {size.cinemas:,} cinemas"
        parts += [heading, "", _PART_A, ingest.text(result), ""]
    if "b" in options.parts:
        with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
            day = Size(options.cinemas, options.screenings, options.board_tickets)
            board = ranking.measure(day, Path(folder), ("duckdb", *ENGINES), 7)
        parts += ["## B. The ranking of a record day", "", ranking.text(board), ""]
    if "c" in options.parts:
        extent = decade.Extent(options.history_cinemas, options.history_days)
        parts += [f"## C. {extent.text()}", "", decade.text(decade.run(extent)), ""]
    minutes = (time.monotonic() - began) / 60
    parts += [f"The run took {minutes:,.1f} minutes."]
    text = "\n".join(parts) + "\n"
    print(text)
    if not options.quick:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(text)
        say("written to docs/results/bench.md")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="400 cinemas; writes no results page")
    parser.add_argument("--parts", default="abc", help="which of a, b and c to run")
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


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    said = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES if _has(name)]
    said.append(f"SQLite {sqlite3.sqlite_version}")
    said.append(f"PostgreSQL {version()}" if binary("postgres") else "PostgreSQL not installed")
    load = os.getloadavg()[0]
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
