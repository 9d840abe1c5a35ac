"""The server of a page: ``$ pharos serve`` starts it, the end of the page ends it.

In: the words of the command. Out: what it says first. It listens at a free port; the page and its
reader know it by the one that `pharos serve` takes by itself.
"""

import subprocess
import sys
from pathlib import Path

from tests.serve.served import free_port
from tests.serve.terminal import environment

#: Where a reader of the page reaches it.
PLACE = "127.0.0.1:8080"


class PageServer:
    """At most one server at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._real = PLACE

    def start(self, words: list[str]) -> str:
        """Start it; the line with which it says that it answers."""
        self.end()
        port = free_port()
        command = [sys.executable, "-m", "pharos.serve.cli", *words, "--port", str(port)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=environment(), cwd=self._folder
        )
        assert self._process.stdout is not None
        self._real = f"127.0.0.1:{port}"
        return self.as_read(self._process.stdout.readline())

    def end(self) -> None:
        """End it, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=60)
            self._process = None

    def as_typed(self, text: str) -> str:
        """What a reader types, for the port at which it listens."""
        return text.replace(PLACE, self._real)

    def as_read(self, text: str) -> str:
        """What is printed, as a reader sees it."""
        return text.replace(self._real, PLACE)
