"""A server in a process of its own, as `pharos serve` starts it.

In: a home. Out: its address while it runs. Must not know what it should answer.
"""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.serve.terminal import command, environment


@dataclass
class Server:
    """A served home; it can be killed and started again at the same address."""

    home: Path
    words: tuple[str, ...] = ()
    port: int = 0
    process: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it; returns once it answers."""
        self.port = self.port or free_port()
        words = command(self.home, "serve", "--port", str(self.port), *self.words)
        self.process = subprocess.Popen(
            words, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout is not None
        assert "is served at" in self.process.stdout.readline()

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it by a signal."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(30)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(home: Path, *words: str) -> Iterator[Server]:
    """A home that is served until the end of the block."""
    server = Server(home, words)
    server.start()
    try:
        yield server
    finally:
        server.end()
