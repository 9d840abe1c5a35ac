"""A server in a process of its own that is started, killed and started again.

In: a home. Out: its address, its exit codes, what it complained of. Knows no report.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Self

#: Seconds after which a server that should have started, or ended, is taken to hang.
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Served:
    """One home, served again and again on the same port."""

    def __init__(self, home: Path, prefix: Sequence[str] = ()) -> None:
        """Nobody is served yet; ``prefix`` are the words before those of the launcher."""
        self.home = home
        self.port = free_port()
        self.log = home.parent / "server.log"
        self.process = 0
        words = [*prefix, sys.executable, "-m", "tests.serve.faults.launcher"]
        root = Path(__file__).parents[3]
        self._launcher = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": f"{root / 'src'}:{root}"},
            cwd=root,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process:
            self.kill()
        self._launcher.communicate(timeout=PATIENCE)

    def start(self, **wanted: Any) -> None:  # noqa: ANN401
        """Start the server; it may die before it answers, if that is what is wanted."""
        assert not self.process
        wanted |= {"home": str(self.home), "port": self.port, "log": str(self.log)}
        assert self._launcher.stdin is not None
        self._launcher.stdin.write(json.dumps(wanted).encode() + b"\n")
        self._launcher.stdin.flush()
        said = self._said(PATIENCE)
        assert said is not None
        self.process = said

    def ended(self, seconds: float = PATIENCE) -> int | None:
        """The exit code of the server; None: it has not ended within so many seconds."""
        code = self._said(seconds)
        if code is not None:
            self.process = 0
        return code

    def kill(self) -> None:
        """With signal 9, and wait for its end."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        assert self.ended() is not None

    def stop(self, number: int = signal.SIGTERM) -> int | None:
        """Tell it to stop; its exit code."""
        with suppress(ProcessLookupError):
            os.kill(self.process, number)
        return self.ended()

    def get(self, path: str) -> tuple[int, Any]:
        """Status and value of a path."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def answers(self) -> bool:
        """Whether it answers at all."""
        with suppress(OSError, HTTPException):
            return self.get("/health")[0] == 200
        return False

    def wait_until_ready(self, *, whole: bool = False) -> None:
        """Until it takes reports and answers; ``whole``: and everything counts."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError, HTTPException):
                ready = self.get("/ready")[0] == 200
                if ready and not (whole and self.get("/health")[1]["behind"]):
                    return
            time.sleep(0.02)
        raise AssertionError(f"the server is not ready: {self.said()}")

    def said(self, *, whole: bool = False) -> str:
        """What all servers of this home have said, the newest last; the end of it."""
        text = self.log.read_text() if self.log.exists() else ""
        return text if whole else text[-4_000:]

    def _said(self, seconds: float) -> int | None:
        out = self._launcher.stdout
        assert out is not None
        if not select.select([out], [], [], seconds)[0]:
            return None
        # The pipe is unbuffered for us: the launcher writes a line at once, and one at a time.
        line = b""
        while not line.endswith(b"\n"):
            part = os.read(out.fileno(), 1)
            assert part, f"the launcher has ended: {self.said()}"
            line += part
        return int(line)


@contextmanager
def served(home: Path, **wanted: Any) -> Iterator[Served]:  # noqa: ANN401
    """A server that is ready."""
    with Served(home) as server:
        server.start(**wanted)
        server.wait_until_ready()
        yield server
