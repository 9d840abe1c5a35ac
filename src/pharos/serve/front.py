"""The door of those who look: ready boards from memory, and their changes as they come.

In: requests for boards. Out: bytes that were made once for all who ask, and streams of
server-sent events. Everything else goes to the application behind it.

A board is made again only when what it depends on has changed. Of each board that somebody
watches one task makes the events, at most every PUSH_SECONDS; a viewer who does not read them is
left behind, and after WRITE_SECONDS alone. Who comes back says what it has (Last-Event-ID).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple

from pharos.errors import BadQuestion, Crowded, PharosError
from pharos.serve.asgi import App, Receive, Send, send_problem
from pharos.serve.feed import Feed
from pharos.serve.language import LANGUAGES
from pharos.serve.origin import Headers, Origin, Reply, send_reply
from pharos.serve.policy import Reader, reader_of
from pharos.serve.problems import problem_of
from pharos.serve.shelf import Give, Ready, Seen, Shelf, can_unpack, edition_of

BOARDS = frozenset(f"/{code}/board{kind}" for code in LANGUAGES for kind in ("", ".json"))
LIVE = {f"/{code}/board/live": f"/{code}/board.json" for code in LANGUAGES}

#: Seconds between two events of one page: an eye takes in no more, and 200 viewers cost little.
PUSH_SECONDS = 0.5
#: Seconds after which a viewer is told that nothing has changed, so that he knows that all is well.
BEAT_SECONDS = 5.0
#: Seconds without an answer after which figures are stale.
STALE_SECONDS = 10.0
#: Bytes that are handed over at once: what is under way is copied for each viewer, and 300 that
#: read nothing of a page of three megabytes would hold two gigabytes.
PIECE = 8 << 10
#: Seconds that one event may take to be read by its viewer.
WRITE_SECONDS = 10.0
#: Seconds after which the system ends a connection whose viewer takes nothing of what was sent.
UNREAD_SECONDS = 20.0
#: Seconds that the end of a stream may take.
END_SECONDS = 1.0
#: Seconds that a page is kept current after its last viewer went.
LINGER_SECONDS = 10.0
#: Viewers of streams at once; above it they are sent to ask for the page from time to time.
VIEWERS = 1_000
#: Different boards that are watched at once: each is made anew whenever something has changed.
FEEDS = 64

_STREAM: Headers = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)
#: What a browser waits before it comes back, in milliseconds.
_RETRY = b"retry: 2000\n\n"

#: Tells who a request is from.
WhoAsks = Callable[[MutableMapping[str, Any]], Reader]


class _Page(NamedTuple):
    """A page as one kind of readers sees it: no other is ever given in its place."""

    reader: Reader
    target: str


@dataclass(slots=True)
class _Watched:
    """A feed with those who watch it."""

    feed: Feed
    viewers: int = 0
    left_at: float = 0.0
    task: "asyncio.Task[None] | None" = None


class Front:
    """The ASGI application before another; used from one event loop."""

    def __init__(
        self,
        origin: Origin,
        behind: App,
        clock: Callable[[], float] = time.monotonic,
        who: WhoAsks = reader_of,
        given: float = 0.0,
    ) -> None:
        """Nobody watches; ``who`` tells who asks, ``given`` how old a page may be (`Shelf`)."""
        self._origin = origin
        self._behind = behind
        self._clock = clock
        self._who = who
        self._shelf = Shelf(clock, given)
        self._watched: dict[_Page, _Watched] = {}
        self._viewers = 0
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Let every stream end."""
        self._closing.set()
        for watched in self._watched.values():
            if watched.task is not None:
                watched.task.cancel()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        path, method = scope["path"], scope["method"]
        try:
            if path in BOARDS and method in ("GET", "HEAD"):
                await self._board(scope, receive, send)
            elif path in LIVE and method == "GET":
                await self._live(scope, receive, send)
            else:
                await self._behind(scope, receive, send)
        except PharosError as failure:
            # Raised only while nothing has been sent.
            await send_problem(send, problem_of(failure))

    async def _board(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if b"place=" in scope["query_string"]:
            # What a form says is told anew by the application, under its own address.
            await self._behind(scope, receive, send)
            return
        packed = can_unpack(_header(scope, b"accept-encoding"))
        give = self._shelf.packed if packed else self._shelf.page
        ready = await self._ready(self._page(scope, scope["path"]), give)
        if ready.tag and ready.tag in _header(scope, b"if-none-match"):
            await send_reply(send, Reply(HTTPStatus.NOT_MODIFIED, ready.headers, b""))
        else:
            reply = Reply(ready.status, ready.headers, ready.body)
            await send_reply(send, reply, head=scope["method"] == "HEAD")

    def _page(self, scope: MutableMapping[str, Any], path: str) -> _Page:
        """A page that a request wants, the same however its query is ordered."""
        said = "&".join(sorted(scope["query_string"].decode("latin-1").split("&")))
        return _Page(self._who(scope), f"{path}?{said}" if said else path)

    async def _ready(self, page: _Page, give: Give) -> Ready:
        """A page, from memory while nothing has changed. Raises PharosError."""
        seen = self._origin.seen()
        key = f"{page.reader} {page.target}"
        return await give(key, seen, lambda: self._made(page, seen))

    async def _made(self, page: _Page, seen: Seen) -> Ready:
        reply = await self._origin.page(page.target, page.reader)
        headers = tuple(one for one in reply.headers if one[0] != b"content-length")
        kind = next((value for name, value in headers if name == b"content-type"), b"")
        # Who makes it may rest meanwhile and give an older one, which must not be taken for new.
        is_new = edition_of(reply.tag) >= seen[0]
        return Ready(reply.body, kind.decode(), reply.tag, reply.status, headers, is_new)

    async def _live(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if b"as_of=" in scope["query_string"]:
            raise BadQuestion("a board of a given version does not change; ask for it once")
        page = self._page(scope, LIVE[scope["path"]])
        many = page not in self._watched and len(self._watched) >= FEEDS
        if many or self._viewers >= VIEWERS:
            raise Crowded("as many watch as can; ask for the page every few seconds instead")
        self._viewers += 1
        try:
            ready = await self._ready(page, self._shelf.newest)
            if ready.status != HTTPStatus.OK:
                await send_reply(send, Reply(ready.status, ready.headers, ready.body))
                return
            watched = self._watching(page, ready)
            watched.viewers += 1
            try:
                await self._stream(watched.feed, _header(scope, b"last-event-id"), receive, send)
            finally:
                watched.viewers -= 1
                watched.left_at = self._clock()
        finally:
            self._viewers -= 1

    def _watching(self, page: _Page, ready: Ready) -> _Watched:
        """The feed of a page, begun with its newest version if nobody watches it yet."""
        if (watched := self._watched.get(page)) is None:
            watched = self._watched[page] = _Watched(Feed(), left_at=self._clock())
            watched.feed.tell(ready.tag.strip('"'), ready.body)
            watched.task = asyncio.ensure_future(self._feed(page, watched))
        return watched

    async def _feed(self, page: _Page, watched: _Watched) -> None:
        """Tell what changes for as long as somebody watches, and a little longer."""
        feed, answered, told = watched.feed, self._clock(), self._clock()
        try:
            while watched.viewers or self._clock() - watched.left_at < LINGER_SECONDS:
                await asyncio.sleep(PUSH_SECONDS)
                changed = await self._renew(page, feed)
                now = self._clock()
                # What is shown may be kept while nobody says that it still holds.
                answered = answered if changed is None else now - self._origin.silence()
                if changed:
                    told = now
                elif now - told >= BEAT_SECONDS:
                    told = now
                    kind = "stale" if now - answered >= STALE_SECONDS else "beat"
                    feed.signal(kind, {"seconds": round(now - answered)})
        finally:
            self._watched.pop(page, None)

    async def _renew(self, page: _Page, feed: Feed) -> bool | None:
        """Tell a page's newest version; whether it is another, None if nobody answers."""
        try:
            ready = await self._ready(page, self._shelf.newest)
        except Exception:
            # Whatever it is, those who watch must be told that nobody answers, and go on.
            return None
        if ready.status != HTTPStatus.OK:
            return None
        tag = ready.tag.strip('"')
        if tag == feed.tag:
            return False
        feed.tell(tag, ready.body)
        return True

    async def _stream(self, feed: Feed, last: str, receive: Receive, send: Send) -> None:
        """Send events until the viewer goes, does not read, or the server stops."""
        await send({"type": "http.response.start", "status": 200, "headers": list(_STREAM)})
        over = [asyncio.ensure_future(self._closing.wait()), asyncio.ensure_future(_gone(receive))]
        try:
            is_open = await _sent(send, _RETRY, over)
            # Not one with what was sent before it: what is told to all is there once for all.
            content, number = feed.after(last), feed.number
            while is_open and await _sent(send, content, over):
                if not await _before(feed.news(number), over):
                    break
                content, number = feed.since(number), feed.number
        finally:
            for one in over:
                one.cancel()
        with suppress(TimeoutError, OSError):
            end = send({"type": "http.response.body", "body": b"", "more_body": False})
            await asyncio.wait_for(end, END_SECONDS)


async def _sent(send: Send, content: bytes, over: Sequence["asyncio.Future[Any]"]) -> bool:
    """Whether a viewer has taken it in time, piece by piece."""
    try:
        async with asyncio.timeout(WRITE_SECONDS):
            for at in range(0, len(content), PIECE):
                piece = content[at : at + PIECE]
                body = {"type": "http.response.body", "body": piece, "more_body": True}
                if not await _before(send(body), over):
                    return False
            return True
    except (TimeoutError, OSError):
        return False


async def _before(what: Awaitable[Any], over: Sequence["asyncio.Future[Any]"]) -> bool:
    """Whether something happened before all is over."""
    task = asyncio.ensure_future(what)
    try:
        await asyncio.wait([task, *over], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        return task.done() and not any(one.done() for one in over)
    finally:
        task.cancel()


async def _gone(receive: Receive) -> None:
    """Until the other side has closed."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _header(scope: MutableMapping[str, Any], wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")
