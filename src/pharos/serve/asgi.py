"""What the raw doors send: whole JSON responses and problems, as ASGI messages.

In: values and failures. Out: what `send` is given. Knows no route.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from pharos.serve import encoded, problems
from pharos.serve.problems import Problem

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Headers = dict[str, str]


async def send_json(send: Send, status: int, value: object, headers: Headers | None = None) -> None:
    """One whole response."""
    content = msgspec.json.encode(value)
    await _send(send, status, content, {"content-type": encoded.MEDIA_TYPE} | (headers or {}))


async def send_page(send: Send, status: int, content: bytes, headers: Headers) -> None:
    """A whole page; ``headers`` have its media type."""
    await _send(send, status, content, headers)


async def send_problem(send: Send, problem: Problem) -> None:
    """A failure. The connection ends with it: what is left of a body is not read."""
    headers = {"content-type": problems.MEDIA_TYPE, "connection": "close", **problem.headers}
    await _send(send, problem.status, problem.body(), headers)


async def _send(send: Send, status: int, content: bytes, headers: Headers) -> None:
    said = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    said.append((b"content-length", b"%d" % len(content)))
    await send({"type": "http.response.start", "status": int(status), "headers": said})
    await send({"type": "http.response.body", "body": content})
