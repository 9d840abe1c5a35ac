"""A server that is made to fail, and may die of it before it answers.

In: a home, and what is to go wrong. Out: what it answers, once it does. Knows no report.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.serve.served import PATIENCE, Launcher, Served

#: The module that plants what goes wrong.
_PLANT = "tests.serve.faults.planting"


class Failing(Served):
    """One home, served again and again on the same port, each time with a fault of its own."""

    def __init__(self, home: Path, launcher: Launcher | None = None) -> None:
        """Small seals and checkpoints are all that is planted unless a start wants more."""
        super().__init__(home, launcher=launcher)

    def fail(self, spare: int = 1, **wanted: Any) -> None:  # noqa: ANN401
        """Start the server; it may die before it answers, if that is what is wanted."""
        self.options = ("--spare", str(spare))
        self.launch(_PLANT, **wanted)

    def answer(self, path: str) -> tuple[int, Any]:
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
            return self.answer("/health")[0] == 200
        return False

    def wait_until_ready(self, *, whole: bool = False) -> None:
        """Until it takes reports and answers; ``whole``: and everything counts."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError, HTTPException):
                ready = self.answer("/ready")[0] == 200
                if ready and not (whole and self.answer("/health")[1]["behind"]):
                    return
            time.sleep(0.02)
        raise AssertionError(f"the server is not ready: {self.said()}")


@contextmanager
def failing(home: Path, **wanted: Any) -> Iterator[Failing]:  # noqa: ANN401
    """A server that is ready, and fails as wanted."""
    with Failing(home) as server:
        server.fail(**wanted)
        server.wait_until_ready()
        yield server
