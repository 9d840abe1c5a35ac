"""A process that only shows: ready boards for crowds, beside the server that counts.

In: the address of a server on this machine, a port of its own. Out: the same pages and answers;
boards and their changes from this process's memory, everything else passed on, a few at a time.
Takes no reports, and shows what the policy opens to anonymous readers: it says of every request
that it is from one. While the server is away it shows what it has, and says that it is stale. Ends
when whoever started it is gone.
"""

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx
import msgspec
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from pharos.errors import Busy, UnreachableError
from pharos.serve.asgi import Receive, Send, send_problem
from pharos.serve.front import UNREAD_SECONDS, Front
from pharos.serve.listeners import end_unread
from pharos.serve.loopback import stranger
from pharos.serve.origin import Reply, send_reply
from pharos.serve.policy import READER_HEADER, Reader
from pharos.serve.problems import Problem
from pharos.serve.shelf import Seen, seen

#: Seconds between two looks whether something has changed.
LOOK_SECONDS = 0.1
#: How old a board may be that somebody of a crowd is given at once. Streams have the newest.
GIVEN_SECONDS = 1.0
#: Seconds that it may take to begin.
BEGIN_SECONDS = 5.0
#: Requests passed on at once, and how many may wait.
AT_ONCE, WAITING = 16, 256
#: Connections that may be open at once.
CONNECTIONS = 8_192
#: Headers that belong to one connection and are not passed on.
_OF_ONE_HOP = (b"connection", b"transfer-encoding", b"content-length", b"keep-alive")
#: What of a client's headers is passed on; never what he says of himself.
_PASSED_ON = (b"if-none-match", b"accept", b"accept-language")
_ANONYMOUS = (READER_HEADER, Reader.ANONYMOUS.encode())


class Elsewhere:
    """The pages of another server; looks all the time whether something has changed there."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing is known yet."""
        # No proxy of the environment stands between two programs of one machine.
        self.client = httpx.AsyncClient(
            base_url=url,
            timeout=40.0,
            # What is packed is packed here, once for all who ask.
            headers={"accept-encoding": "identity"},
            limits=httpx.Limits(max_connections=AT_ONCE + 4),
            trust_env=False,
        )
        self._looking = httpx.AsyncClient(base_url=url, timeout=5.0, trust_env=False)
        self._clock = clock
        self._seen: Seen = (0, 0)
        self._answered = clock()

    def seen(self) -> Seen:
        """What every page depends on, as it was when somebody last answered."""
        return self._seen

    def silence(self) -> float:
        """Seconds for which nobody has answered."""
        return self._clock() - self._answered

    async def watch(self) -> None:
        """Look for ever."""
        while True:
            with suppress(httpx.HTTPError, msgspec.DecodeError, KeyError, TypeError):
                # This is the process's own look, and no reader's.
                state = msgspec.json.decode((await self._looking.get("/health")).content)
                self._seen = seen(state["applied"], datetime.now(UTC))
                self._answered = self._clock()
            await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        """End the connections."""
        await self.client.aclose()
        await self._looking.aclose()

    async def page(self, target: str, reader: Reader) -> Reply:
        """The page at a path with its query; here all readers are anonymous.

        Raises UnreachableError.
        """
        del reader
        return await self.fetch(target, [])

    async def fetch(self, target: str, headers: list[tuple[bytes, bytes]]) -> Reply:
        """A whole answer for an anonymous reader. Raises UnreachableError."""
        try:
            found = await self.client.get(_plain(target), headers=[*headers, _ANONYMOUS])
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            raise UnreachableError(
                f"the server that counts does not answer ({type(failure).__name__} {failure}); ask "
                "again in a moment"
            ) from failure
        kept = [(n.lower(), v) for n, v in found.headers.raw if n.lower() not in _OF_ONE_HOP]
        return Reply(found.status_code, tuple(kept), found.content)


def _plain(target: str) -> str:
    """An address of bytes (as Latin-1) in which each that is no plain letter is escaped."""
    return "".join(c if " " < c < "\x7f" else f"%{ord(c):02X}" for c in target)


class Passing:
    """Passes questions on, a few at a time."""

    def __init__(self, elsewhere: Elsewhere) -> None:
        """Nobody asks."""
        self._elsewhere = elsewhere
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request as the server does. Raises Busy and UnreachableError."""
        del receive
        if scope["method"] not in ("GET", "HEAD"):
            await send_problem(send, _shows_only(str(self._elsewhere.client.base_url)))
            return
        if self._waiting >= WAITING:
            raise Busy("too much is asked at once; ask again")
        self._waiting += 1
        try:
            async with self._turn:
                reply = await self._fetch(scope)
        finally:
            self._waiting -= 1
        await send_reply(send, reply, head=scope["method"] == "HEAD")

    async def _fetch(self, scope: MutableMapping[str, Any]) -> Reply:
        target = scope.get("raw_path") or scope["path"].encode()
        if query := scope["query_string"]:
            target += b"?" + query
        headers = [one for one in scope["headers"] if one[0] in _PASSED_ON]
        return await self._elsewhere.fetch(target.decode("latin-1"), headers)


def _shows_only(url: str) -> Problem:
    return Problem(
        HTTPStatus.METHOD_NOT_ALLOWED, "shows-only", f"this address only shows; send it to {url}"
    )


class Web:
    """The ASGI application: no strangers, ready boards, the rest passed on."""

    def __init__(self, url: str) -> None:
        """``url`` is the server that counts."""
        self.elsewhere = Elsewhere(url)
        passing = Passing(self.elsewhere)
        self.front = Front(
            self.elsewhere, passing, who=lambda _: Reader.ANONYMOUS, given=GIVEN_SECONDS
        )

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if (refusal := stranger(scope)) is not None:
            await send_problem(send, refusal)
        else:
            await self.front(scope, receive, send)


async def show(url: str, host: str, port: int) -> None:
    """Show until whoever holds the other end of the standard input is gone."""
    web = Web(url)
    server = Server(
        web, address=host, port=port, interface=Interfaces.ASGINL, http=HTTPModes.http1,
        backlog=1_024, backpressure=CONNECTIONS, websockets=False, log_enabled=False,
    )  # fmt: skip
    watching = asyncio.ensure_future(web.elsewhere.watch())
    serving = asyncio.ensure_future(server.serve())
    over = asyncio.ensure_future(_left_alone())
    await _begun(port)
    await asyncio.wait([serving, watching, over], return_when=asyncio.FIRST_COMPLETED)
    web.front.close()
    watching.cancel()
    if not serving.done():
        server.stop()  # type: ignore[no-untyped-call]
        await asyncio.wait([serving], timeout=5)
    await web.elsewhere.close()


async def _begun(port: int) -> None:
    """Wait until the port is listened on; it should soon be, and if not that is told elsewhere."""
    for _ in range(round(BEGIN_SECONDS / LOOK_SECONDS)):
        if end_unread(port, UNREAD_SECONDS):
            return
        await asyncio.sleep(LOOK_SECONDS)


async def _left_alone() -> None:
    """Until the other end of the standard input is closed; nothing waits for this thread."""
    loop, gone = asyncio.get_running_loop(), asyncio.Event()

    def read() -> None:
        while os.read(0, 1_024):
            pass
        loop.call_soon_threadsafe(gone.set)

    threading.Thread(target=read, daemon=True).start()
    await gone.wait()


def main() -> None:
    """``python -m pharos.serve.web URL HOST PORT``."""
    logging.getLogger("_granian").setLevel(logging.ERROR)
    url, host, port = sys.argv[1:]
    uvloop.run(show(url, host, int(port)))


if __name__ == "__main__":
    main()
