"""One process for each contestant, so that none pays for the memory of another.

In: a slice of messages. Out: seconds for each of its batches. The processes live side by side and
work in turn.
"""

import multiprocessing
import os
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench.lineup import absent, peer
from bench.market import Market, Size
from bench.path import Pharos, close_batches_at
from bench.peers.peer import Peer, Sums
from bench.peers.postgres_server import Server
from bench.workload import Slice

_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contestant works, and with what."""

    engine: str
    design: str
    folder: Path
    slices: Path
    size: Size
    server: str = ""


class Contestant:
    """A process that applies slices when it is told."""

    def __init__(self, place: Place) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_work, args=(theirs, place), daemon=True)
        self._process.start()
        theirs.close()
        self.name, self.design, self.rules = self._pipe.recv()

    def apply(self, one: Slice) -> list[float]:
        """Seconds for each batch."""
        self._pipe.send(("apply", one))
        seconds: list[float] = self._pipe.recv()
        return seconds

    def sums(self) -> Sums:
        """What it holds adds up to."""
        self._pipe.send(("sums", None))
        found: Sums = self._pipe.recv()
        return found

    def memory(self) -> int:
        """The most memory that the process has had, in bytes."""
        self._pipe.send(("memory", None))
        return int(self._pipe.recv())

    def close(self) -> None:
        """End the process."""
        try:
            self._pipe.send(("close", None))
            self._process.join(60)
        except OSError:
            pass
        if self._process.is_alive():
            self._process.terminate()
        self._pipe.close()


def _work(pipe: "Connection[Any, Any]", place: Place) -> None:
    place.folder.mkdir()
    if place.engine == "pharos":
        contestant: Peer | Pharos = Pharos(place.folder, Market(place.size))
    else:
        contestant = peer(place.engine, place.design, place.folder, place.server)
    pipe.send((contestant.name, contestant.design, contestant.rules))
    while True:
        order, given = pipe.recv()
        if order == "apply":
            if isinstance(contestant, Pharos):
                close_batches_at(given.batch)
            pipe.send(contestant.apply(given.load(place.slices)))
        elif order == "sums":
            pipe.send(contestant.sums())
        elif order == "memory":
            pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
        else:
            contestant.close()
            # Some engines wait for threads of their own at the end; everything is stored.
            os._exit(0)


@contextmanager
def contestants(
    folder: Path, slices: Path, size: Size, engines: Sequence[str]
) -> Iterator[list[Contestant]]:
    """Pharos and every peer that this machine has, in each of its designs."""
    opened: list[Contestant] = []
    server = Server() if "postgres" in engines and not absent("postgres") else None
    said = server.connection_text() if server else ""
    try:
        opened.append(Contestant(Place("pharos", "", folder / "pharos", slices, size)))
        for engine in engines:
            if not absent(engine):
                for design in ("keyed", "marked"):
                    there = folder / f"{engine}-{design}"
                    opened.append(Contestant(Place(engine, design, there, slices, size, said)))
        yield opened
    finally:
        for one in opened:
            one.close()
        if server is not None:
            server.close()
