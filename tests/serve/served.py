"""A home served by `pharos serve` in a process of its own, and requests to it.

In: a home. Out: an address that answers until the block ends. Must not know what any answer
should be.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.serve.terminal import environment


@dataclass
class Served:
    """A running server."""

    url: str
    process: "subprocess.Popen[str]"
    log: list[str] = field(default_factory=list)

    def post(self, path: str, body: bytes, **query: Any) -> httpx.Response:  # noqa: ANN401
        """Send a body; a minute is enough for anything."""
        address = f"{self.url}/api/v1/{path}"
        return httpx.post(address, params=query, content=body, timeout=60)

    def send(self, body: bytes, sender: str = "north", wait: int = 30, **query: Any) -> Any:  # noqa: ANN401
        """Send a report and wait for its verdict."""
        answer = self.post("messages", body, sender=sender, wait=wait, **query)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def get(self, path: str, **query: Any) -> Any:  # noqa: ANN401
        """What an address under /api/v1 answers."""
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=query, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def memory(self) -> int:
        """Bytes of memory that the process has."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        (line,) = [one for one in status.splitlines() if one.startswith("VmRSS")]
        return int(line.split()[1]) << 10


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Served]:
    """Serve a home; at the end the server is told to stop, and must."""
    words = ["--home", str(home), "serve", "--port", str(free_port()), *options]
    with subprocess.Popen(
        [sys.executable, "-m", "pharos.serve.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert "is served at http" in said, process.stderr and process.stderr.read()
        served = Served(next(word for word in said.split() if word.startswith("http")), process)
        try:
            yield served
        finally:
            process.terminate()
            _, complaints = process.communicate(timeout=60)
            served.log += complaints.splitlines()
    assert process.returncode == 0, served.log
