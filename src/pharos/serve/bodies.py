"""The body of a request, received within limits of size, time and room.

In: an ASGI `receive`. Out: the bytes, or a failure that says what was too much. Whoever sends
slowly loses the connection, not the others their service.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pharos.errors import BodyTooLarge, RequestGone, RequestTooSlow, Stopping
from pharos.serve.asgi import Receive
from pharos.serve.committing import STOPPING, GroupCommit


@dataclass(frozen=True, slots=True)
class Pace:
    """How large a body may be, and how fast it must come.

    After ``grace_seconds`` it must have arrived at ``bytes_per_second`` on the average.
    """

    body_bytes: int = 8 << 20
    grace_seconds: float = 10.0
    bytes_per_second: int = 16 << 10


class Bodies:
    """Receives bodies; the room that they take is counted with all that waits to be kept."""

    def __init__(self, pace: Pace, room: GroupCommit) -> None:
        self._pace = pace
        self._room = room
        self._closed = False
        self._reading: set[asyncio.Timeout] = set()

    def close(self) -> None:
        """Wait for no body any longer; who is still sending one is told so."""
        self._closed = True
        for limit in self._reading:
            if limit.expired():
                continue
            limit.reschedule(asyncio.get_running_loop().time())

    @contextmanager
    def room(self) -> Iterator["_Room"]:
        """Room for one body, given back at the end whatever happens."""
        taken = _Room(self._room)
        try:
            yield taken
        finally:
            taken.give_back()

    async def read(self, receive: Receive, stated: int | None, room: "_Room") -> bytes:
        """All of a body; ``stated`` is its Content-Length, if it has one.

        Raises BodyTooLarge, RequestTooSlow, RequestGone, Crowded, Stopping.
        """
        if self._closed:
            raise Stopping(STOPPING)
        if stated is not None:
            self._check(stated)
        loop = asyncio.get_running_loop()
        start = loop.time()
        parts: list[bytes] = []
        received = 0
        limit = asyncio.timeout_at(start + self._pace.grace_seconds)
        self._reading.add(limit)
        try:
            async with limit:
                more = True
                while more:
                    said = await receive()
                    if said["type"] != "http.request":
                        raise RequestGone(
                            "the body broke off before its end; nothing of it was kept"
                        )
                    part = said.get("body", b"")
                    received += len(part)
                    self._check(received)
                    room.take(received)
                    parts.append(part)
                    more = said.get("more_body", False)
                    if more and not self._closed:
                        allowed = self._pace.grace_seconds + received / self._pace.bytes_per_second
                        limit.reschedule(start + allowed)
        except TimeoutError:
            if self._closed:
                raise Stopping(STOPPING) from None
            raise RequestTooSlow(received) from None
        finally:
            self._reading.discard(limit)
        return b"".join(parts)

    def _check(self, size: int) -> None:
        if size > self._pace.body_bytes:
            raise BodyTooLarge(
                f"the body has {size:,} bytes or more; this server takes at most "
                f"{self._pace.body_bytes:,} at once: send it in several messages"
            )


class _Room:
    """What one body takes of the room for all."""

    def __init__(self, all_of_it: GroupCommit) -> None:
        self._all = all_of_it
        self._size = 0

    def take(self, size: int) -> None:
        """Have room for ``size`` bytes in all. Raises Crowded."""
        if size > self._size:
            self._all.reserve(size - self._size)
            self._size = size

    def give_back(self) -> None:
        """All of it."""
        self._all.release(self._size)
        self._size = 0
