"""A home served by `pharos serve` in a process of its own, and requests to it.

In: a home. Out: an address that answers until the server is stopped or killed, its exit code, what
it complained of. Must not know what any answer should be.
"""

import atexit
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import httpx

from tests.serve.terminal import environment

#: Seconds after which a server that should have started, or ended, is taken to hang.
PATIENCE = 60.0
#: Seconds in which a launcher has imported what servers need, and in which it ends. Under libfiu
#: it hangs now and then, in the allocator of Arrow's library, and is then started once more.
_IMPORTED, _ENDED, _TRIES = 10.0, 5.0, 8
#: What a server says once it can be reached.
LISTENS = "is served at http"

_ROOT = Path(__file__).parents[2]


class Launcher:
    """A process from which servers are forked."""

    def __init__(self, prefix: Sequence[str] = ()) -> None:
        """``prefix`` are words before those that start it."""
        words = [*prefix, sys.executable, "-m", "tests.serve.launcher"]
        for _ in range(_TRIES):
            self._start(words)
            if select.select([self._lines], [], [], _IMPORTED)[0] and self._lines.recv(1):
                return
            self.close()
        raise AssertionError(f"{words} does not start")

    def _start(self, words: Sequence[str]) -> None:
        self._lines, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                words,
                stdin=theirs.fileno(),
                env=environment() | {"PYTHONPATH": f"{_ROOT / 'src'}:{_ROOT}"},
                cwd=_ROOT,
            )

    def launch(self, wanted: dict[str, Any]) -> Connection:
        """The line on which a new server's number and its exit code are told."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._lines, [b"."], [theirs.fileno()])
        line = Connection(ours.detach())
        line.send(wanted)
        return line

    def close(self) -> None:
        """No more servers."""
        self._lines.close()
        try:
            self._process.wait(_ENDED)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@cache
def _launcher() -> Launcher:
    """The one of this process; a start from nothing would cost each test a second."""
    made = Launcher()
    atexit.register(made.close)
    return made


class Served:
    """One home, served again and again on the same port."""

    def __init__(self, home: Path, *options: str, launcher: Launcher | None = None) -> None:
        """Nobody is served yet."""
        self.home = home
        self.options = options
        self.port = free_port()
        self.log = home.with_name(f"{home.name}.log")
        self.process = 0
        self._launcher = launcher or _launcher()
        self._line: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process:
            self.kill()

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def launch(self, plant: str = "", **wanted: Any) -> None:  # noqa: ANN401
        """Let it start, with what the module ``plant`` plants in it; it may die of that."""
        assert not self.process
        words = ["--home", str(self.home), "serve", "--port", str(self.port), *self.options]
        wanted |= {"plant": plant, "words": words, "log": str(self.log)}
        self._line = self._launcher.launch(wanted)
        self.process = self._told(PATIENCE) or 0
        assert self.process

    def start(self, plant: str = "", **wanted: Any) -> None:  # noqa: ANN401
        """Start it; returns once it can be reached."""
        before, end = self.said(whole=True).count(LISTENS), time.monotonic() + PATIENCE
        self.launch(plant, **wanted)
        while self.said(whole=True).count(LISTENS) == before:
            assert self.ended(0.01) is None, self.said()
            assert time.monotonic() < end, self.said()

    def ended(self, seconds: float = PATIENCE) -> int | None:
        """The exit code of the server; None: it has not ended within so many seconds."""
        code = self._told(seconds)
        if code is not None and self._line is not None:
            self._line.close()
            self._line, self.process = None, 0
        return code

    def stop(self, number: int = signal.SIGTERM) -> int | None:
        """Tell it to stop; its exit code."""
        assert self.process
        with suppress(ProcessLookupError):
            os.kill(self.process, number)
        return self.ended()

    def kill(self) -> None:
        """With signal 9, and wait for its end."""
        assert self.stop(signal.SIGKILL) is not None

    def said(self, *, whole: bool = False) -> str:
        """What all servers of this home have said, the newest last; the end of it."""
        text = self.log.read_text() if self.log.exists() else ""
        return text if whole else text[-4_000:]

    def complaints(self) -> list[str]:
        """What they have said, except where they are reached."""
        return [line for line in self.said(whole=True).splitlines() if LISTENS not in line]

    def post(self, path: str, body: bytes, **query: Any) -> httpx.Response:  # noqa: ANN401
        """Send a body; a minute is enough for anything."""
        address = f"{self.url}/api/v1/{path}"
        return httpx.post(address, params=query, content=body, timeout=PATIENCE)

    def send(self, body: bytes, sender: str = "north", wait: int = 30, **query: Any) -> Any:  # noqa: ANN401
        """Send a report and wait for its verdict."""
        answer = self.post("messages", body, sender=sender, wait=wait, **query)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def get(self, path: str, **query: Any) -> Any:  # noqa: ANN401
        """What an address under /api/v1 answers."""
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=query, timeout=PATIENCE)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def memory(self) -> int:
        """Bytes of memory that the process has."""
        status = Path(f"/proc/{self.process}/status").read_text(encoding="ascii")
        (line,) = [one for one in status.splitlines() if one.startswith("VmRSS")]
        return int(line.split()[1]) << 10

    def _told(self, seconds: float) -> int | None:
        if self._line is None or not self._line.poll(seconds):
            return None
        told = self._line.recv()
        assert isinstance(told, int)
        return told


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(home: Path, *options: str, plant: str = "") -> Iterator[Served]:
    """A home that is served until the end of the block, unless it ended before."""
    with Served(home, *options) as server:
        server.start(plant)
        yield server
        if server.process:
            assert server.stop() == 0, server.said()
