"""Part D: from HTTP to receipt and to verdict, the sender on the same two cores.

In: sizes. Out: ticket events a second that have a receipt, how long a receipt and a verdict take.
Runs alone with ``PYTHONPATH=src:. python bench/intake.py``.
"""

import argparse
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np

from bench.intake_load import ASKED_FOR_VERDICT
from bench.market import Events, Market, Size
from bench.messages import STREAM, Mail, Sent, registers
from bench.timing import Spread, percentile, say, spread, table
from pharos.serve.home import Home, init
from pharos.words.home import HomeSettings

#: Events in one request; and the goal in events a second.
GOALS = {20: 50_000, 200: 100_000}
CONNECTIONS = 64
_HEAD = "POST /api/v1/messages?sender={sender}&stream={stream}&id={id}{wait} HTTP/1.1\r\n"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: events, seconds until the last receipt and until all counts, waits in seconds."""

    events: int
    seconds: float
    applied: float
    receipts: list[float]
    verdicts: list[float]


def measure(events: int, repeats: int, cinemas: int = 1_200) -> dict[int, list[Run]]:
    """All sizes of requests, one after another, as often as asked."""
    found: dict[int, list[Run]] = {size: [] for size in GOALS}
    for repeat in range(repeats):
        for size in GOALS:
            say(f"part D: {size} events a request, run {repeat + 1} of {repeats}")
            found[size].append(_run(events, size, cinemas))
    return found


def text(found: dict[int, list[Run]]) -> str:
    """The results as a table."""
    head = ["events a request", "events/s to the receipt", "goal", "receipt p50 / p99, ms",
            "verdict p50 / p99, ms", "events/s until all counts"]  # fmt: skip
    return table(head, [_row(size, runs) for size, runs in found.items()])


def _row(size: int, runs: list[Run]) -> list[str]:
    return [
        str(size),
        spread([run.events / run.seconds for run in runs]).text(),
        f"{GOALS[size]:,}",
        _waits([run.receipts for run in runs]),
        _waits([run.verdicts for run in runs]),
        spread([run.events / run.applied for run in runs]).text(),
    ]


def _waits(runs: list[list[float]]) -> str:
    def at(share: float) -> Spread:
        return spread([1000 * percentile(run, share) for run in runs])

    return f"{at(0.5).median:,.0f} / {at(0.99).median:,.0f}"


def _run(events: int, size: int, cinemas: int) -> Run:
    market = Market(Size(cinemas, 45 * cinemas, 4_000 * cinemas))
    mail = Mail(market)
    with tempfile.TemporaryDirectory(prefix="pharos-bench-") as name:
        home = Path(name) / "home"
        settings = HomeSettings(scope="nation", territories=("CN",), currency="CNY")
        init(home, settings)
        with Home(home) as opened:
            opened.send("office", "register", "1", registers(market))
            for one in mail.messages(market.opening(40 * cinemas), 2_000):
                opened.send(one.sender, STREAM, one.id, one.body)
        sent = list(_tills(mail, market.slice(events), size))
        plain = [_request(one) for number, one in enumerate(sent) if number % ASKED_FOR_VERDICT]
        asking = [_request(one, "&wait=30") for one in sent[::ASKED_FOR_VERDICT]]
        (Path(name) / "requests").write_bytes(pickle.dumps((plain, asking)))
        counted = [one.events for number, one in enumerate(sent) if number % ASKED_FOR_VERDICT]
        with _served(home) as port:
            return _send(Path(name) / "requests", port, sum(counted))


def _tills(mail: Mail, events: Events, size: int) -> Iterator[Sent]:
    """Events as tills send them: those of one cinema together, so many a request."""
    order = np.argsort(events.cinema, kind="stable")
    starts = np.flatnonzero(np.diff(events.cinema[order], prepend=-1))
    parts = [part[at : at + size] for part in np.split(order, starts[1:])
             for at in range(0, len(part), size)]  # fmt: skip
    # Cinemas in turn, each in its own order.
    parts.sort(key=lambda part: int(part[0]))
    for part in parts:
        yield mail.message(events.take(part))


def _request(one: Sent, wait: str = "") -> bytes:
    head = _HEAD.format(sender=one.sender, stream=STREAM, id=one.id, wait=wait)
    return f"{head}Host: localhost\r\nContent-Length: {len(one.body)}\r\n\r\n".encode() + one.body


@contextmanager
def _served(home: Path) -> Iterator[int]:
    port = 18_080
    words = ["--home", str(home), "serve", "--port", str(port)]
    with subprocess.Popen(
        [sys.executable, "-m", "pharos.serve.cli", *words], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield port
        finally:
            process.terminate()


def _send(requests: Path, port: int, events: int) -> Run:
    start = time.perf_counter()
    words = [sys.executable, "bench/intake_load.py", str(requests), str(port), str(CONNECTIONS)]
    done = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    while httpx.get(f"http://127.0.0.1:{port}/health").json()["behind"]:
        time.sleep(0.05)
    applied = time.perf_counter() - start
    if done["refused"]:
        say(f"{done['refused']} requests were put off and sent again")
    return Run(events, done["seconds"], applied, done["receipts"], done["verdicts"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--events", type=int, default=400_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    print(text(measure(options.events, options.repeats)))


if __name__ == "__main__":
    main()
