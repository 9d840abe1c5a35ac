"""Where ready pages come from: an application in this process, asked as if over HTTP.

In: an address and the tag that one has. Out: a whole reply. Knows no page.
"""

from collections.abc import Callable, MutableMapping
from http import HTTPStatus
from typing import Any, NamedTuple, Protocol

from pharos.serve.asgi import App

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


class Origin(Protocol):
    """What pages are made by."""

    def seen(self) -> tuple[int, int]:
        """What every page depends on: the position that counts, and the minute."""

    def silence(self) -> float:
        """Seconds for which it has not been heard of."""

    async def page(self, target: str) -> Reply:
        """The page at a path with its query. Raises UnreachableError."""


class Within:
    """An application of this process."""

    def __init__(self, app: App, seen: Callable[[], tuple[int, int]]) -> None:
        """``seen`` says what pages depend on now."""
        self._app = app
        self.seen = seen

    def silence(self) -> float:
        """It is always there."""
        return 0.0

    async def page(self, target: str) -> Reply:
        """The page at a path with its query."""
        path, _, query = target.partition("?")
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
            "headers": [(b"host", b"127.0.0.1")],
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
