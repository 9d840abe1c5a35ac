"""Part F: boards from memory, asked for while reports are applied from the journal.

In: the size of a country, how often it is asked. Out: answers a second and how long they took,
beside events applied a second. Runs alone with ``python bench/answers.py``.
"""

import argparse
import itertools
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peak_day import EVENTS, Crowd, Server, Watch, settled, tell
from bench.timing import table
from pharos.rehearse.rehearsal import Choices, play
from pharos.serve import home as homes
from pharos.serve.playing import Pace, Player
from pharos.serve.wire import Timing, Wire

#: Answers asked for in a second, one measurement each.
RATES = (10_000, 20_000, 30_000)
#: Seconds of a measurement at most: what waits in the journal is applied within them.
SECONDS = 20.0
GOAL, APPLIED = 30_000, 50_000
#: Messages for each cinema, of the 15 that a record day has.
MESSAGES = 14
_PORT = 8_105


@dataclass(frozen=True, slots=True)
class Found:
    """One measurement; ``p50`` and ``p99`` in milliseconds, the others a second."""

    asked: int
    answers: int
    p50: float
    p99: float
    applied: int
    seconds: float


def measure(cinemas: int, folder: Path, rates: Sequence[int] = RATES) -> list[Found]:
    """Send a part of a record day, then ask while it is applied; once for each rate."""
    home = folder / "home"
    played = play("peak-day", 1, cinemas, Choices(events_per_message=EVENTS))
    homes.init(home, played.settings, lambda: played.first)
    messages, part = iter(played), cinemas * MESSAGES // len(rates)
    server = Server(home, _PORT, _PORT + 1)
    server.start()
    found = []
    try:
        for rate in rates:
            wire = Wire(server.url, Timing(patience=300))
            Player(wire, Pace(), tell, threading.Event()).play(itertools.islice(messages, part))
            found.append(_measured(server, wire, rate))
            wire.close()
            settled(server)
    finally:
        server.end()
    return found


def _measured(server: Server, wire: Wire, rate: int) -> Found:
    crowd = Crowd(server, viewers=0, answers=rate)
    crowd.come()
    time.sleep(1)
    begin, first = time.perf_counter(), wire.get("/health")
    last = first
    while last["behind"] and time.perf_counter() - begin < SECONDS:
        time.sleep(0.2)
        last = wire.get("/health")
    seconds = time.perf_counter() - begin
    said = crowd.go(Watch(server.url))
    applied = (first["behind"] - last["behind"]) * EVENTS / seconds
    p50, p99 = said["answers, p50 ms"], said["answers, p99 ms"]
    return Found(rate, said["answers a second"], p50, p99, round(applied), seconds)


def text(found: Sequence[Found]) -> str:
    """The results as Markdown."""
    head = ("asked for in a second", "answers a second", "p50 / p99, ms", "events applied a second",
            "seconds")  # fmt: skip
    rows = [
        (f"{one.asked:,}", f"{one.answers:,}", f"{one.p50:,} / {one.p99:,}", f"{one.applied:,}",
         f"{one.seconds:.0f}")
        for one in found
    ]  # fmt: skip
    best = max((one.answers for one in found if one.applied >= APPLIED), default=0)
    met = "met" if best >= GOAL else "**not met**"
    goal = f"- {GOAL:,} answers beside {APPLIED:,} events a second: {best:,}, {met}."
    return f"{table(head, rows)}\n\n{goal}"


def main() -> None:
    """Run this part alone."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--cinemas", type=int, default=3_600)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as folder:
        print(text(measure(options.cinemas, Path(folder))))


if __name__ == "__main__":
    main()
