"""Plays the messages of a rehearsal to a server, at the pace of a clock, as vendors would.

In: messages in the order of the rehearsal's clock, a connection, a pace. Out: how far it came.
Knows no scenario; what a server turns away for the moment is sent again until it is taken.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from queue import Queue
from typing import Any, Protocol

from pharos.serve.wire import Wire

#: Connections to the server, and messages that wait for one of them.
CONNECTIONS, WAITING = 32, 256
#: Seconds between two notes of how far it is.
NOTE_SECONDS = 1.0


class Said(Protocol):
    """One message of a rehearsal: what is sent, by whom, and when by the rehearsal's clock."""

    @property
    def moment(self) -> datetime:
        """When it is sent."""

    @property
    def sender(self) -> str:
        """Who sends it."""

    @property
    def stream(self) -> str:
        """The stream of its numbers."""

    @property
    def id(self) -> str:
        """Its id there."""

    @property
    def body(self) -> bytes:
        """A report in the native format."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the rehearsal's clock goes: ``speed`` times as fast as ours, 0 as fast as may be.

    What is said before ``begin`` is sent at once.
    """

    speed: float = 0.0
    begin: datetime | None = None

    def due(self, moment: datetime, began: datetime) -> float:
        """Seconds after the clock was started at which something is sent."""
        return (moment - began).total_seconds() / self.speed if self.speed else 0.0


@dataclass(frozen=True, slots=True)
class Reached:
    """How far it is: so many messages from the first on are kept by the server.

    ``moment`` is the rehearsal's clock, ``late`` by how many seconds the newest was sent later than
    meant, ``live`` whether the clock goes already.
    """

    messages: int = 0
    moment: datetime | None = None
    late: float = 0.0
    live: bool = False


@dataclass
class _Line:
    """Which messages are under way; all before the first of them are kept."""

    first: int
    under_way: set[int] = field(default_factory=set)
    next: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begun(self, number: int) -> None:
        with self.lock:
            self.under_way.add(number)
            self.next = number + 1

    def kept(self, number: int) -> None:
        with self.lock:
            self.under_way.remove(number)

    def reached(self) -> int:
        with self.lock:
            return min(self.under_way, default=max(self.next, self.first))


def _unheard(said: Said, answer: Mapping[str, Any]) -> None:
    """Nobody wants to know."""


class Player:
    """Sends messages over several connections, until the last one or until ``ended`` is set."""

    def __init__(
        self, wire: Wire, pace: Pace, note: Callable[[Reached], None], ended: threading.Event
    ) -> None:
        """``note`` is told about once a second how far it is, in the thread that plays."""
        #: Told each message with what the server answered, by the thread that has sent it.
        self.kept: Callable[[Said, Mapping[str, Any]], None] = _unheard
        self._wire = wire
        self._pace = pace
        self._note = note
        self._ended = ended
        self._failure: BaseException | None = None
        self._queue: Queue[tuple[int, Said] | None] = Queue(WAITING)

    def play(self, messages: Iterable[Said], first: int = 0) -> Reached:
        """Send all of them; returns how far it came. Raises what the server would not take.

        ``first`` is the number of the first message in the whole rehearsal.
        """
        line = _Line(first)
        threads = [
            threading.Thread(target=self._send, args=(line,), name=f"pharos-rehearse-{n}")
            for n in range(CONNECTIONS)
        ]
        for thread in threads:
            thread.start()
        try:
            reached = self._feed(messages, line)
        finally:
            for _ in threads:
                self._queue.put(None)
            for thread in threads:
                thread.join()
        reached = Reached(line.reached(), reached.moment, reached.late, reached.live)
        self._note(reached)
        if self._failure is not None:
            raise self._failure
        return reached

    def _feed(self, messages: Iterable[Said], line: _Line) -> Reached:
        clock: tuple[float, datetime] | None = None
        noted, reached = 0.0, Reached(line.first)
        for number, said in enumerate(messages, line.first):
            live = self._pace.begin is None or said.moment >= self._pace.begin
            if live and clock is None:
                # What was sent at once has to be there before the clock goes.
                self._queue.join()
                clock = (time.monotonic(), said.moment)
            late = self._wait(said.moment, clock)
            if self._ended.is_set():
                break
            line.begun(number)
            self._queue.put((number, said))
            reached = Reached(line.reached(), said.moment, late, live)
            if time.monotonic() - noted >= NOTE_SECONDS:
                noted = time.monotonic()
                self._note(reached)
        return reached

    def _wait(self, moment: datetime, clock: tuple[float, datetime] | None) -> float:
        """Until a message is due; how many seconds after that it is now."""
        if clock is None or not self._pace.speed:
            return 0.0
        late = time.monotonic() - clock[0] - self._pace.due(moment, clock[1])
        if late < 0:
            self._ended.wait(-late)
        return max(0.0, late)

    def _send(self, line: _Line) -> None:
        while (item := self._queue.get()) is not None:
            number, said = item
            try:
                if self._failure is None:
                    query = {"sender": said.sender, "stream": said.stream, "id": said.id}
                    answer = self._wire.post("/api/v1/messages", query, said.body)
                    line.kept(number)
                    self.kept(said, answer)
            except BaseException as failure:
                # It stays under way: whoever goes on later begins with it.
                self._failure = self._failure or failure
                self._ended.set()
            finally:
                self._queue.task_done()
        self._queue.task_done()
