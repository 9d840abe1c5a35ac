"""Every failure over HTTP in one shape: application/problem+json (RFC 9457).

In: failures. Out: a status and a body {type, title, status, detail, code}; ``detail`` says what to
do. The one place that knows which failure has which status.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec

from pharos.errors import (
    AskedTooMuch,
    BodyTooLarge,
    Conflicting,
    Crowded,
    NoSpace,
    NoSuchEdition,
    NoSuchMessage,
    NotPublic,
    PharosError,
    RefusedError,
    RequestTooSlow,
    UnreachableError,
    UsageError,
    VerificationError,
)

MEDIA_TYPE = "application/problem+json"
#: Seconds after which it is worth trying again, by status.
RETRY_SECONDS: Mapping[int, int] = {
    HTTPStatus.TOO_MANY_REQUESTS: 1,
    HTTPStatus.SERVICE_UNAVAILABLE: 1,
    # Somebody has to make room first.
    HTTPStatus.INSUFFICIENT_STORAGE: 30,
}

#: The status of each class of failures, and of those below it that are not named themselves.
STATUSES: Mapping[type[PharosError], HTTPStatus] = {
    NoSuchEdition: HTTPStatus.NOT_FOUND,
    NoSuchMessage: HTTPStatus.NOT_FOUND,
    BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    RequestTooSlow: HTTPStatus.REQUEST_TIMEOUT,
    NoSpace: HTTPStatus.INSUFFICIENT_STORAGE,
    Conflicting: HTTPStatus.CONFLICT,
    NotPublic: HTTPStatus.FORBIDDEN,
    UsageError: HTTPStatus.BAD_REQUEST,
    RefusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    # Nothing that the asker did is wrong, and nothing he can do helps until somebody repairs it.
    VerificationError: HTTPStatus.SERVICE_UNAVAILABLE,
    UnreachableError: HTTPStatus.SERVICE_UNAVAILABLE,
    PharosError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
#: Failures that come again however often one asks.
_LASTING = (AskedTooMuch, VerificationError)


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure as it is told; ``more`` are further members of its body."""

    status: int
    code: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> bytes:
        """The bytes that travel."""
        title = HTTPStatus(self.status).phrase
        return msgspec.json.encode(
            {
                "type": "about:blank",
                "title": title,
                "status": self.status,
                "detail": self.detail,
                "code": self.code,
                **self.more,
            }
        )


def problem_of(error: PharosError, **more: Any) -> Problem:  # noqa: ANN401
    """How a failure of ours is told; ``more`` are further members of its body."""
    status = next(STATUSES[one] for one in type(error).__mro__ if one in STATUSES)
    if isinstance(error, Crowded) and error.sender:
        status = HTTPStatus.TOO_MANY_REQUESTS
    again = status in RETRY_SECONDS and not isinstance(error, _LASTING)
    headers = {"Retry-After": str(RETRY_SECONDS[status])} if again else {}
    return Problem(status, error.code, str(error), headers, more)


def problem_of_status(status: int, detail: str = "", headers: Mapping[str, str] = {}) -> Problem:
    """How a plain status is told, such as a path that is not there or a wrong method."""
    phrase = HTTPStatus(status).phrase
    known = {
        HTTPStatus.NOT_FOUND: "there is nothing at this path; /openapi.json lists what there is",
        HTTPStatus.METHOD_NOT_ALLOWED: "this path takes another method; /openapi.json lists them",
    }
    said = known.get(HTTPStatus(status), detail or phrase)
    return Problem(status, phrase.lower().replace(" ", "-"), said, headers)


def unforeseen(error: Exception) -> Problem:
    """How a failure is told that nobody foresaw."""
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "unforeseen",
        f"something failed that Pharos did not foresee ({type(error).__name__}); what was "
        "acknowledged is kept. Its log says where it failed",
    )


def misread(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """How parameters are told that are no numbers, out of bounds or missing."""
    said = "; ".join(f"{one['loc'][1]}: {one['msg']}" for one in errors)
    return Problem(HTTPStatus.BAD_REQUEST, "bad-parameter", f"{said} (see /openapi.json)")
