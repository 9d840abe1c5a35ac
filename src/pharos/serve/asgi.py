"""What the raw doors send back: JSON, and failures in the one shape of RFC 9457.

In: values and failures. Out: ASGI messages. Knows no route.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec

from pharos import errors
from pharos.errors import PharosError

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

JSON, PROBLEM = b"application/json", b"application/problem+json"

#: The status of each class of failure; the first class that fits holds.
STATUSES: tuple[tuple[type[PharosError], HTTPStatus], ...] = (
    (errors.NoSuchMessage, HTTPStatus.NOT_FOUND),
    (errors.RequestTooSlow, HTTPStatus.REQUEST_TIMEOUT),
    (errors.BodyTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (errors.NoSpace, HTTPStatus.INSUFFICIENT_STORAGE),
    (errors.UsageError, HTTPStatus.BAD_REQUEST),
    (errors.RefusedError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.UnreachableError, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.VerificationError, HTTPStatus.SERVICE_UNAVAILABLE),
)

#: Seconds after which to try again, by status.
_AGAIN = {
    HTTPStatus.TOO_MANY_REQUESTS: 1,
    HTTPStatus.SERVICE_UNAVAILABLE: 1,
    HTTPStatus.INSUFFICIENT_STORAGE: 30,
}


def status_of(failure: PharosError) -> HTTPStatus:
    """The HTTP status that says what kind of failure it is."""
    if isinstance(failure, errors.Crowded) and failure.sender:
        return HTTPStatus.TOO_MANY_REQUESTS
    return next(status for kind, status in STATUSES if isinstance(failure, kind))


def problem(status: HTTPStatus, code: str, detail: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """The shape of every failure: RFC 9457 with ``code``, the stable name of the failure."""
    return {
        "type": f"urn:pharos:problem:{code}",
        "title": status.phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        **more,
    }


async def send_json(
    send: Send, status: int, value: object, headers: Headers | None = None, kind: bytes = JSON
) -> None:
    """One whole response."""
    content = msgspec.json.encode(value)
    said = [(b"content-type", kind), (b"content-length", b"%d" % len(content)), *(headers or [])]
    await send({"type": "http.response.start", "status": int(status), "headers": said})
    await send({"type": "http.response.body", "body": content})


async def send_problem(send: Send, said: Mapping[str, Any], headers: Headers | None = None) -> None:
    """A failure, with when to try again where that may help.

    The connection ends with it: what is left of the body is not read.
    """
    told = [(b"connection", b"close"), *(headers or [])]
    if (seconds := _AGAIN.get(HTTPStatus(said["status"]))) is not None:
        told.append((b"retry-after", b"%d" % seconds))
    await send_json(send, said["status"], said, told, PROBLEM)


async def send_failure(send: Send, failure: PharosError) -> None:
    """A failure as its class says."""
    await send_problem(send, problem(status_of(failure), failure.code, str(failure)))
