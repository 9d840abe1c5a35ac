"""Processes beside the server that only show: started with it, begun again when they die.

In: the server's address, a port for those who look. Out: processes, until `stop`. Each ends by
itself when this one is gone, however that happened.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

#: Seconds before one that died is begun again, and that all have for their end.
AGAIN_SECONDS, END_SECONDS = 1.0, 5.0


@dataclass(frozen=True, slots=True)
class Shown:
    """Where it is shown, and by how many processes; they share the port."""

    port: int
    processes: int = 1


class Showing:
    """The processes of one server."""

    def __init__(self, shown: Shown, host: str, say: Callable[[str], None]) -> None:
        """None has begun; ``say`` is told of each that died."""
        self.shown = shown
        self._host = host
        self._say = say
        self._tasks: list[asyncio.Task[None]] = []
        self._running: set[Process] = set()

    def start(self, url: str) -> None:
        """Begin to show what the server at an address counts."""
        self._tasks = [asyncio.ensure_future(self._keep(url)) for _ in range(self.shown.processes)]

    async def stop(self) -> None:
        """End all."""
        for task in self._tasks:
            task.cancel()
        running = list(self._running)
        for process in running:
            # Whose input ends, ends.
            if process.stdin is not None:
                process.stdin.close()
        ends = [asyncio.ensure_future(process.wait()) for process in running]
        if ends:
            await asyncio.wait(ends, timeout=END_SECONDS)
        for process in running:
            with suppress(ProcessLookupError):
                process.kill()

    async def _keep(self, url: str) -> None:
        words = ["-m", "pharos.serve.web", url, self._host, str(self.shown.port)]
        while True:
            try:
                process = await asyncio.create_subprocess_exec(sys.executable, *words, stdin=PIPE)
            except OSError as failure:
                self._say(f"a process that shows could not be begun ({failure}); it is tried again")
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            self._running.add(process)
            code = await process.wait()
            self._running.discard(process)
            self._say(f"a process that shows ended with {code}; it is begun again")
            await asyncio.sleep(AGAIN_SECONDS)
