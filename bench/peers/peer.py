"""What a peer is, and the two ways in which peers recognise repeats.

In: batches of messages. Out: seconds, and the sums that must agree with what was generated.
Knows no engine.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np

from bench.market import Ints
from bench.messages import Sent
from bench.peers.decoding import Decoder, Parcel
from pharos.keep.marks import Heard, Marks


class Sums(NamedTuple):
    """What everything adds up to."""

    gross: int
    admissions: int
    conflicts: int


class Peer:
    """An engine in one design. ``rules`` says where it plays by weaker rules than Pharos."""

    name: ClassVar[str]
    design: ClassVar[str]
    rules: ClassVar[str]

    def __init__(self, folder: Path, server: str = "") -> None:
        self.folder, self.server = folder, server
        self.conflicts = 0
        self._decoder = Decoder()

    def apply(self, work: list[list[Sent]]) -> list[float]:
        """Seconds for each batch from bytes to a commit that survives a crash.

        As in Pharos, the next batch is decoded while a second thread commits the one before.
        """
        ends = [time.perf_counter()]
        with ThreadPoolExecutor(1) as thread:
            committing: Future[None] | None = None
            for messages in work:
                parcel = self._decoder.parcel(messages)
                if committing is not None:
                    committing.result()
                    ends.append(time.perf_counter())
                committing = thread.submit(self.commit, parcel)
            if committing is not None:
                committing.result()
                ends.append(time.perf_counter())
        return [end - begin for begin, end in pairwise(ends)]

    def commit(self, parcel: Parcel) -> None:
        """Store what is new, durably."""
        raise NotImplementedError

    def sums(self) -> Sums:
        """The sums over what is stored."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of everything."""


class Keyed(Peer):
    """The engine itself recognises repeats of earlier batches, by a key or a join."""

    def first_in_batch(self, parcel: Parcel) -> Parcel:
        """The first event under each number; others are repeats or conflicts."""
        columns = parcel.columns
        keys = (columns["stream"] << 40) | columns["number"]
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        content = columns["content"]
        self.conflicts += int((content != content[first][inverse]).sum())
        return parcel.take(np.sort(first))


class Marked(Peer):
    """Given Pharos' own marks and state in memory; the engine only keeps the events."""

    def __init__(self, folder: Path, server: str = "") -> None:
        super().__init__(folder, server)
        self._marks = Marks(self._older)
        self.admissions = np.zeros(0, dtype=np.int64)
        self.gross = np.zeros(0, dtype=np.int64)

    def commit(self, parcel: Parcel) -> None:
        """Store what is new, durably."""
        columns = parcel.columns
        heard = self._marks.ask(columns["stream"], columns["number"], columns["content"])
        self.conflicts += int((heard == Heard.CONFLICT).sum())
        fresh = parcel.take(np.flatnonzero(heard == Heard.NEW))
        columns = fresh.columns
        self.store(fresh)
        self._marks.remember(columns["stream"], columns["number"], columns["content"])
        self._add(columns["screening"], columns["admissions"], columns["gross"])

    def store(self, fresh: Parcel) -> None:
        """Keep new events, durably."""
        raise NotImplementedError

    def _add(self, screening: Ints, admissions: Ints, gross: Ints) -> None:
        missing = int(screening.max(initial=0)) + 1 - len(self.gross)
        if missing > 0:
            room = np.zeros(missing + len(self.gross) // 2, dtype=np.int64)
            self.admissions = np.append(self.admissions, room)
            self.gross = np.append(self.gross, room)
        np.add.at(self.admissions, screening, admissions)
        np.add.at(self.gross, screening, gross)

    def _older(self, keys: Ints) -> Ints:
        raise NotImplementedError("no event of the benchmark is more than 1,024 numbers late")
