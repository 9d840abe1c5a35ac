"""Viewers that never read their stream lose it, over real connections, and nobody else does.

In: connections that ask for a stream and take nothing of it, beside some that read. Out: a stream
of a reader that breaks or falls silent, memory that grows, or an idle one that is still served.
"""

import contextlib
import selectors
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.serve.pages.week import today
from tests.serve.served import Served, serving
from tests.serve.terminal import native

pytestmark = pytest.mark.torture

REQUEST = b"GET /en/board/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
FILMS, READERS, FIRST = 1_500, 5, 20
#: Seconds after which the server may give a viewer up, and after which a page calls itself stale.
GIVEN_UP, SILENT = 40.0, 15.0


class Reader(threading.Thread):
    """A viewer that reads all it gets, and notes the longest silence."""

    def __init__(self, server: Served) -> None:
        super().__init__(daemon=True)
        self.socket = connected(server, idle=False)
        self.bytes, self.longest, self.ended = 0, 0.0, False
        self.over = threading.Event()

    def run(self) -> None:
        self.socket.settimeout(GIVEN_UP)
        last = time.monotonic()
        while not self.over.is_set():
            got = self.socket.recv(1 << 20)
            self.ended = not got
            if self.ended:
                return
            self.bytes += len(got)
            self.longest = max(self.longest, time.monotonic() - last)
            last = time.monotonic()


def connected(server: Served, *, idle: bool) -> socket.socket:
    """A connection that has asked for the stream."""
    found = socket.socket()
    if idle:
        # What the system takes in the place of a viewer is little.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    found.connect(("127.0.0.1", int(server.url.rpartition(":")[2])))
    found.sendall(REQUEST)
    return found


def send(server: Served, version: int) -> None:
    """Every film has another gross."""
    rows = [
        {"kind": "day_totals", "cinema": "quiet", "date": today().isoformat(), "work": f"film {n}",
         "gross": f"{version * 1000 + n}.50", "admissions": 9}
        for n in range(FILMS)
    ]  # fmt: skip
    post = f"{server.url}/api/v1/messages"
    said = {"sender": "quiet", "id": str(version), "wait": "20"}
    answer = httpx.post(post, params=said, content=native(*rows), timeout=60)
    assert answer.json()["verdict"] in ("accepted", "accepted_with_findings"), answer.text


def resident(process: int) -> int:
    """Bytes of memory of a process."""
    return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * 4_096


def given_up(idle: list[socket.socket]) -> int:
    """How many connections the server has ended, found without reading what is there."""
    ended = 0
    with selectors.DefaultSelector() as selector:
        for one in idle:
            selector.register(one, selectors.EVENT_WRITE)
    for one in idle:
        with contextlib.suppress(BlockingIOError):
            one.setblocking(False)
            try:
                # Whoever is still served may say something more; a connection that is gone not.
                one.send(b"\r\n")
                one.send(b"\r\n")
            except (BrokenPipeError, ConnectionResetError):
                ended += 1
    return ended


@pytest.mark.parametrize("count", [20, 300])
def test_who_never_reads_loses_the_stream_and_only_he(own_week: Path, count: int) -> None:
    with serving(own_week) as server:
        # A server that has just begun grows with its first reports, whoever watches.
        for version in range(1, FIRST + 1):
            send(server, version)
        readers = [Reader(server) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        time.sleep(1)
        sizes = [resident(server.process)]
        idle = [connected(server, idle=True) for _ in range(count)]
        end, version = time.monotonic() + GIVEN_UP * 3, FIRST
        while given_up(idle) < count:
            assert time.monotonic() < end, f"{given_up(idle)} of {count} were given up"
            version += 1
            send(server, version)
            sizes.append(resident(server.process))
        for reader in readers:
            reader.over.set()
            reader.join(GIVEN_UP)
        assert not any(reader.ended for reader in readers)
        assert max(reader.longest for reader in readers) < SILENT
        grown = [(size - sizes[0]) >> 20 for size in sizes]
        assert max(grown) < 200, f"so many MiB more with each version: {grown}"
        assert httpx.get(f"{server.url}/health").json()["problem"] is None
        for one in [*idle, *(reader.socket for reader in readers)]:
            one.close()
