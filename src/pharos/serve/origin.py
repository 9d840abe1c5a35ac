"""Where ready pages come from: an application in this process, asked as if over HTTP.

In: an address. Out: a whole reply, and a reply on its way. Knows no page.
"""

from collections.abc import Callable, MutableMapping
from http import HTTPStatus
from typing import Any, NamedTuple, Protocol

from pharos.serve.asgi import App, Send
from pharos.serve.policy import READER_HEADER, Reader
from pharos.serve.shelf import Seen

Headers = tuple[tuple[bytes, bytes], ...]


class Reply(NamedTuple):
    """A whole answer; ``headers`` have names in lower case."""

    status: int
    headers: Headers
    body: bytes

    @property
    def tag(self) -> str:
        """The ETag as it stands in its header, empty if there is none."""
        return next((value.decode() for name, value in self.headers if name == b"etag"), "")


async def send_reply(send: Send, reply: Reply, *, head: bool = False) -> None:
    """Send a whole answer; who asks for its ``head`` learns how long the rest would be."""
    headers = [one for one in reply.headers if one[0] != b"content-length"]
    if reply.status != HTTPStatus.NOT_MODIFIED:
        headers.append((b"content-length", b"%d" % len(reply.body)))
    start = {"type": "http.response.start", "status": int(reply.status), "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": b"" if head else reply.body})


class Origin(Protocol):
    """What pages are made by."""

    def seen(self) -> Seen:
        """What every page depends on."""

    def silence(self) -> float:
        """Seconds for which it has not been heard of."""

    async def page(self, target: str, reader: Reader) -> Reply:
        """The page at a path with its query, as a reader sees it. Raises UnreachableError."""


class Within:
    """An application of this process."""

    def __init__(self, app: App, seen: Callable[[], Seen]) -> None:
        """``seen`` says what pages depend on now."""
        self._app = app
        self.seen = seen

    def silence(self) -> float:
        """It is always there."""
        return 0.0

    async def page(self, target: str, reader: Reader) -> Reply:
        """The page at a path with its query, as a reader sees it."""
        path, _, query = target.partition("?")
        lowered = [(READER_HEADER, reader.encode())] if reader is Reader.ANONYMOUS else []
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1"), *lowered],
            "client": None,
            "server": None,
            "state": {},
        }
        taken = _Taken()
        await self._app(scope, _nothing, taken.send)
        return Reply(taken.status, taken.headers, bytes(taken.body))


class _Taken:
    """What an application sends, put together."""

    def __init__(self) -> None:
        self.status: int = HTTPStatus.INTERNAL_SERVER_ERROR
        self.headers: Headers = ()
        self.body = bytearray()

    async def send(self, said: MutableMapping[str, Any]) -> None:
        """One message of the application."""
        if said["type"] == "http.response.start":
            self.status = said["status"]
            self.headers = tuple((name.lower(), value) for name, value in said["headers"])
        else:
            self.body += said.get("body", b"")


async def _nothing() -> MutableMapping[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}
