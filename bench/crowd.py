"""A crowd before a board: viewers of its stream, and people who ask for it again and again.

In: the address of a server, how many view, how many answers a second. Out: a file with the moment
at which each viewer had each edition, and one with how long answers took. A program of its own, so
that it has a processor of its own as far as there is one; it ends on SIGTERM or after its time.
Only loopback addresses.
"""

import argparse
import asyncio
import json
import re
import selectors
import signal
import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

_EDITION = re.compile(rb"(?:^|\n)id: (\d+)")
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_HEAD_END = b"\r\n\r\n"
#: Requests that one connection sends at once, as a proxy before many readers does.
_DEPTH, _CONNECTIONS = 4, 64


@dataclass(slots=True)
class Viewer:
    """One open stream: when it came to each edition (seconds since 1970)."""

    looks: list[tuple[int, float]] = field(default_factory=list)
    ended: str = ""

    async def watch(self, host: str, port: int, path: str) -> None:
        """Read until the stream ends."""
        try:
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(f"GET {path} HTTP/1.1\r\nhost: {host}:{port}\r\n\r\n".encode())
            rest = b""
            while said := await reader.read(1 << 18):
                at, rest = time.time(), rest + said
                found = list(_EDITION.finditer(rest))
                self.looks.extend((int(one[1]), at) for one in found)
                rest = rest[found[-1].end() :] if found else rest[-64:]
            self.ended = "the server ended the stream"
        except OSError as problem:
            self.ended = str(problem)


@dataclass(slots=True)
class _Line:
    """A connection of somebody who asks; ``due`` has when each open request should have begun."""

    socket: socket.socket
    due: list[float] = field(default_factory=list)
    rest: bytes = b""

    def answers(self, said: bytes) -> int:
        """How many answers are whole with what has just come. Raises AssertionError."""
        self.rest += said
        at, whole = 0, 0
        while (end := self.rest.find(_HEAD_END, at)) >= 0:
            assert self.rest.startswith(b"HTTP/1.1 200", at), self.rest[at : at + 200]
            length = _LENGTH.search(self.rest, at, end)
            assert length is not None
            end += len(_HEAD_END) + int(length[1])
            if end > len(self.rest):
                break
            at, whole = end, whole + 1
        self.rest = self.rest[at:]
        return whole


def ask(url: str, path: str, rate: int, ended: threading.Event) -> dict[str, float]:
    """Ask so many times a second until told to end; what was late waits its turn and counts."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    head = f"GET {path} HTTP/1.1\r\nhost: {host}:{port}\r\naccept-encoding: gzip\r\n\r\n".encode()
    with selectors.DefaultSelector() as waiting:
        lines = [_Line(socket.create_connection((host, port))) for _ in range(_CONNECTIONS)]
        for line in lines:
            line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            waiting.register(line.socket, selectors.EVENT_READ, line)
        begin, sent, took = time.perf_counter(), 0, list[float]()
        free = list(lines)
        while not ended.is_set():
            now = time.perf_counter()
            while free and (due := begin + sent / rate) <= now:
                line = free.pop()
                line.due = [due + nth / rate for nth in range(_DEPTH)]
                line.socket.sendall(head * _DEPTH)
                sent += _DEPTH
            pause = max(0.0, begin + sent / rate - now) if free else 1.0
            for key, _ in waiting.select(min(pause, 0.05)):
                line = key.data
                whole = line.answers(line.socket.recv(1 << 20))
                now = time.perf_counter()
                took.extend(max(0.0, now - due) for due in line.due[:whole])
                line.due = line.due[whole:]
                if whole and not line.due:
                    free.append(line)
        seconds = time.perf_counter() - begin
        for line in lines:
            line.socket.close()
    found = np.array(took) * 1000
    return {
        "answers": len(took),
        "answers a second": round(len(took) / seconds),
        "answers, p50 ms": round(float(np.percentile(found, 50)), 1),
        "answers, p99 ms": round(float(np.percentile(found, 99)), 1),
        "answers, largest ms": round(float(found.max()), 1),
    }


async def view(url: str, path: str, count: int, ended: threading.Event) -> list[Viewer]:
    """So many viewers until told to end."""
    parts = urlsplit(url)
    viewers = [Viewer() for _ in range(count)]
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    tasks = [asyncio.create_task(one.watch(host, port, path)) for one in viewers]
    await asyncio.to_thread(ended.wait)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return viewers


def main() -> None:
    """Be the crowd, and write down what it saw."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("into", type=Path)
    parser.add_argument("--viewers", type=int, default=0)
    parser.add_argument("--answers", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=3600.0)
    options = parser.parse_args()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    clock = threading.Timer(options.seconds, ended.set)
    clock.daemon = True
    clock.start()
    seen: dict[str, object] = {}
    if options.answers:
        seen |= ask(options.url, "/en/board.json", options.answers, ended)
    if options.viewers:
        viewers = asyncio.run(view(options.url, "/en/board/live", options.viewers, ended))
        seen["viewers"] = [one.looks for one in viewers]
        seen["viewers that were left"] = [one.ended for one in viewers if one.ended]
    options.into.write_text(json.dumps(seen))


if __name__ == "__main__":
    main()
