"""A record day through the door: most of it as fast as it goes, then ten measured minutes.

In: the size of the country, how fast, for how long, and before whom: if somebody looks, it is
measured twice, at first without them. Out: how long after its receipt each message was on the
board, what the server took for it, whether every figure is what was sent. A program of its own
(not a part of `make bench`): at full size it takes the better part of an hour.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from pharos.rehearse.post import Message
from pharos.rehearse.rehearsal import Choices, Rehearsal, play
from pharos.serve import home as homes
from pharos.serve.client import Client
from pharos.serve.playing import Pace, Player, Reached, Said
from pharos.serve.reconciling import reconcile
from pharos.serve.wire import Timing, Wire

EVENTS = 200
#: How often it is looked whether the board has moved on.
LOOK_SECONDS = 0.02


@dataclass
class Server:
    """`pharos serve` in a process of its own, which can be killed and started again."""

    home: Path
    port: int
    #: The port of those who only look; 0 without them.
    show_port: int = 0
    process: "subprocess.Popen[str] | None" = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start it; seconds until it listens."""
        begin = time.perf_counter()
        words = [sys.executable, "-m", "pharos.serve.cli", "--home", str(self.home), "serve"]
        shown = ["--show-port", str(self.show_port)] if self.show_port else []
        self.process = subprocess.Popen(
            [*words, "--port", str(self.port), *shown], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        assert "is served at" in self.process.stdout.readline()
        return time.perf_counter() - begin

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it by a signal."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(120)

    def peak_memory(self) -> int:
        """Bytes that it had at most."""
        assert self.process is not None
        return sum(_peak_memory(pid) for pid in (self.process.pid, *_children(self.process.pid)))


def _children(pid: int) -> list[int]:
    """The processes that one has begun, and those of theirs."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        own = [int(one) for one in (task / "children").read_text(encoding="ascii").split()]
        found += own + [further for one in own for further in _children(one)]
    return found


def _peak_memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) << 10


@dataclass
class Watch:
    """When each position had its receipt, and when the board had come to it."""

    url: str
    receipts: list[tuple[int, float]] = field(default_factory=list)
    looks: list[tuple[int, float]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def kept(self, said: Said, answer: Mapping[str, Any]) -> None:
        """A receipt has come."""
        del said
        self.receipts.append((int(answer["receipt"]["position"]), time.time()))

    def look(self) -> None:
        """Look until told to end how far the board is."""
        wire = Wire(self.url, Timing())
        while not self.ended.wait(LOOK_SECONDS):
            self.looks.append((int(wire.get("/health")["board"]), time.time()))
        wire.close()

    def seconds(self) -> "np.ndarray[Any, np.dtype[np.float64]]":
        """From each receipt to the first look that found it on the board, at most LOOK more."""
        return self.until(self.looks)

    def until(self, looks: Sequence[Sequence[float]]) -> "np.ndarray[Any, np.dtype[np.float64]]":
        """From each receipt to the first of somebody's looks that has it."""
        boards = np.maximum.accumulate(np.array([int(board) for board, _ in looks]))
        times = np.array([at for _, at in looks])
        receipts = [one for one in self.receipts if one[0] <= boards[-1]]
        positions = np.array([position for position, _ in receipts])
        found = times[np.searchsorted(boards, positions)] - np.array([at for _, at in receipts])
        return np.maximum(found, 0.0)


def main() -> None:
    """Play the day and say what was seen."""
    options = _options()
    home = Path(options.home)
    played = play("peak-day", options.seed, options.cinemas, Choices(events_per_message=EVENTS))
    homes.init(home, played.settings, lambda: played.first)
    is_shown = options.viewers or options.answers
    server = Server(home, options.port, options.port + 1 if is_shown else 0)
    # Nobody looks the first time, whoever does the second.
    crowds = [Crowd(server, 0, 0)]
    if is_shown:
        crowds.append(Crowd(server, options.viewers, options.answers))
    server.start()
    measured = round(options.rate * options.minutes * 60)
    messages = iter(played)
    total = round(sum(day.admissions for day in played.scenario.day) * played.world.part / EVENTS)
    seen = Seen(cinemas=options.cinemas)
    half = (total - len(crowds) * measured // EVENTS) // 2
    seen.add(_fast(server, messages, half, "first half"))
    seen.add(_killed(server))
    seen.add(_fast(server, messages, half, "second half"))
    settled(server)
    for crowd in crowds:
        found = _measured(server, messages, measured, options.rate, crowd)
        before = "before a crowd: " if crowd.viewers or crowd.answers else ""
        seen.add({f"{before}{name}": said for name, said in found.items()})
        settled(server)
    seen.add(_fast(server, messages, 0, "rest"))
    settled(server)
    seen.add({"peak memory, MiB": server.peak_memory() >> 20})
    seen.add(_right(server, played))
    server.end()
    json.dump(seen, sys.stdout, indent=1)
    print()


class Seen(dict[str, Any]):
    """What was seen; told at once as well, for whatever comes after it may fail."""

    def add(self, more: dict[str, Any]) -> None:
        """Note and tell."""
        print(json.dumps(more), file=sys.stderr, flush=True)
        self.update(more)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("home")
    parser.add_argument("--cinemas", type=int, default=12_000)
    parser.add_argument("--rate", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--viewers", type=int, default=0, help="who read the board's stream")
    parser.add_argument("--answers", type=int, default=0, help="boards asked for in a second")
    return parser.parse_args()


def _some(messages: Iterator[Message], count: int) -> Iterator[Message]:
    """So many of the messages; all that are left if 0."""
    for nth, message in enumerate(messages, 1):
        yield message
        if nth == count:
            return


def tell(reached: Reached) -> None:
    """How far the player has come."""
    print(f"  {reached.messages:,} messages", reached.moment, file=sys.stderr, flush=True)


def _fast(server: Server, messages: Iterator[Message], count: int, name: str) -> dict[str, Any]:
    """Send so many as fast as it goes."""
    wire = Wire(server.url, Timing(patience=300))
    begin = time.perf_counter()
    reached = Player(wire, Pace(), tell, threading.Event()).play(_some(messages, count))
    wire.close()
    took = time.perf_counter() - begin
    settled(server)
    return {
        f"{name}, messages": reached.messages,
        f"{name}, seconds to the last receipt": round(took),
        f"{name}, seconds until all counts": round(time.perf_counter() - begin),
    }


def settled(server: Server) -> None:
    """Wait until everything counts."""
    wire = Wire(server.url, Timing())
    while (state := wire.get("/health"))["behind"] or state["board"] < state["received"]:
        time.sleep(0.5)
    wire.close()


def _killed(server: Server) -> dict[str, Any]:
    """Kill it in the middle, start it again, and look how soon its board is there and right."""
    settled(server)
    begin = time.perf_counter()
    server.end(signal.SIGKILL)
    server.start()
    wire = Wire(server.url, Timing())
    shown = wire.get("/en/board.json")["edition"]
    back = time.perf_counter() - begin
    while not wire.get("/health")["board"]:
        time.sleep(LOOK_SECONDS)
    tally = time.perf_counter() - begin
    settled(server)
    board = wire.get("/en/board.json")
    (total,) = (section["total"] for section in board["sections"])
    client = Client(server.url, outbox=None)
    (sums,) = client.ask("gross", period=board["date"], as_of=board["edition"]).rows
    wire.close()
    client.close()
    return {
        "kill -9: seconds until the board is back": round(back, 2),
        "kill -9: until it comes from the tally": round(tally, 2),
        "kill -9: versions behind": board["edition"] - shown,
        "kill -9: right": total["gross_minor"] == sums["gross_minor"],
    }


def _paced(messages: Iterator[Message], events: int, rate: int) -> Iterator[Message]:
    """So many events at so many a second, whatever the rehearsal's clock says."""
    sent, first = 0, None
    for message in messages:
        first = first or message.moment
        yield replace(message, moment=first + timedelta(seconds=sent / rate))
        sent += message.events
        if sent >= events:
            return


@dataclass
class Crowd:
    """Viewers and people who ask, each kind in a process of its own (`crowd.py`)."""

    server: Server
    viewers: int
    answers: int
    processes: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def come(self) -> None:
        """Begin to look."""
        for kind, count in (("viewers", self.viewers), ("answers", self.answers)):
            if count:
                url = f"http://127.0.0.1:{self.server.show_port}"
                words = [sys.executable, str(Path(__file__).with_name("crowd.py")), url]
                words += [str(self._file(kind)), f"--{kind}", str(count)]
                self.processes.append(subprocess.Popen(words))

    def go(self, watch: Watch) -> dict[str, Any]:
        """End, and say what was seen."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            assert process.wait(60) == 0
        seen: dict[str, Any] = {}
        for kind in ("viewers", "answers"):
            if (file := self._file(kind)).exists():
                seen |= json.loads(file.read_text())
        if looks := seen.pop("viewers", None):
            each = [watch.until(one) for one in looks]
            seen["receipt to a viewer, ms"] = _parts(np.concatenate(each))
            seen["viewers"] = len(looks)
            seen["receipts seen by the worst viewer"] = min(len(one) for one in each)
        return seen

    def _file(self, kind: str) -> Path:
        return self.server.home.with_name(f"{self.server.home.name}-{kind}.json")


def _parts(seconds: "np.ndarray[Any, np.dtype[np.float64]]") -> dict[str, int]:
    """Milliseconds."""
    named = (("p50", 50), ("p90", 90), ("p99", 99), ("largest", 100))
    return {name: round(float(np.percentile(seconds, part)) * 1000) for name, part in named}


def _measured(
    server: Server, messages: Iterator[Message], events: int, rate: int, crowd: Crowd
) -> dict[str, Any]:
    watch = Watch(server.url)
    looking = threading.Thread(target=watch.look, daemon=True)
    looking.start()
    crowd.come()
    time.sleep(5 if crowd.processes else 1)
    wire = Wire(server.url, Timing())
    player = Player(wire, Pace(speed=1.0), tell, threading.Event())
    player.kept = watch.kept
    begin = time.perf_counter()
    reached = player.play(_paced(messages, events, rate))
    took = time.perf_counter() - begin
    settled(server)
    time.sleep(1)
    watch.ended.set()
    looking.join()
    seconds, more = watch.seconds(), crowd.go(watch)
    return more | {
        "measured seconds": round(took, 1),
        "events a second": round(events / took),
        "sent late, seconds": round(reached.late, 2),
        "receipt to board, ms": _parts(seconds),
        "receipts measured": len(seconds),
    }


def _right(server: Server, played: Rehearsal) -> dict[str, Any]:
    client = Client(server.url, outbox=None)
    found = reconcile(client, played.truth)
    client.close()
    return {
        "figures equal to what was sent": found.equal,
        "figures that differ": found.different,
        "figures that a grain does not give": found.unknown,
        "differences": found.told,
        "journal and ledger, MiB": sum(
            file.stat().st_size for file in Path(server.home).rglob("*") if file.is_file()
        )
        >> 20,
        "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    main()
