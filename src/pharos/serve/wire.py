"""Requests to a server: time limits, trying again, and its failures as our own.

In: a method, a path, a query, a body. Out: what the server answers, as a value, or a PharosError
with the server's own code and sentence. Knows no route.
"""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx

from pharos.errors import BadQuestion, NotServed, PharosError, RefusedError, UnreachableError
from pharos.serve.loopback import is_local

Query = Mapping[str, str | int | list[str]]

#: Statuses that say: the same again, later.
_AGAIN = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.INSUFFICIENT_STORAGE,
    }
)
#: The first pause between two tries; each is twice as long as the one before, up to the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: to connect, for one answer, for all tries together, and while nobody is there."""

    connect: float = 5.0
    answer: float = 90.0
    patience: float = 60.0
    absent: float = 60.0


class Wire:
    """A connection to one server; threads may share it."""

    def __init__(self, url: str, timing: Timing) -> None:
        """Nothing is sent yet. Raises BadQuestion for a server that is not on this machine."""
        self.url = checked(url)
        self._timing = timing
        # No proxy of the environment stands between two programs of one machine.
        self._client = httpx.Client(
            base_url=self.url,
            timeout=httpx.Timeout(timing.answer, connect=timing.connect),
            trust_env=False,
        )

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def get(self, path: str, query: Query | None = None) -> Any:  # noqa: ANN401
        """What is answered, numbers with a point as exact decimals. Raises PharosError."""
        request = self._client.build_request("GET", path, params=query)
        return _value(self._answer(request))

    def post(self, path: str, query: Query, body: bytes) -> Any:  # noqa: ANN401
        """The same for something that bears an id, so that it can be sent again."""
        request = self._client.build_request("POST", path, params=query, content=body)
        return _value(self._answer(request))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        began, patience = time.monotonic(), self._timing.patience
        for pause in _pauses():
            told: PharosError
            try:
                found = self._client.send(request)
            except httpx.TransportError as broken:
                wait, told = pause, self._unreached(broken)
                if isinstance(broken, httpx.ConnectError):
                    patience = min(patience, self._timing.absent)
            else:
                if found.is_success:
                    return found
                told = failure_of(found.status_code, found.content)
                again = found.headers.get("retry-after", "")
                if found.status_code not in _AGAIN or not (again or request.method == "POST"):
                    raise told
                wait = max(pause, float(again)) if again.isdigit() else pause
            if time.monotonic() + wait > began + patience:
                raise told
            time.sleep(wait)
        raise AssertionError  # the pauses have no end

    def _unreached(self, broken: httpx.TransportError) -> NotServed:
        return NotServed(
            f"no server answers at {self.url} ({str(broken) or type(broken).__name__}); is it "
            "started? `pharos serve`"
        )


def checked(url: str) -> str:
    """The address of a server on this machine. Raises BadQuestion."""
    try:
        parts = urlsplit(url)
        known = parts.scheme == "http" and is_local(parts.netloc)
    except ValueError:
        known = False
    if not known:
        raise BadQuestion(
            f"{url!r} is no server on this machine; until there are keys a server is reached as "
            "http://127.0.0.1:PORT only, from elsewhere through a tunnel such as ssh -L"
        )
    return url.rstrip("/")


def failure_of(status: int, body: bytes) -> PharosError:
    """A problem as the failure that it is here, with its own sentence."""
    try:
        problem = json.loads(body)
        code, sentence = str(problem["code"]), str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        return UnreachableError(
            f"the server answered {status}, which says nothing of what is wrong"
        )
    kind = _kinds().get(code)
    if kind is None:
        kind = UnreachableError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else RefusedError
    # Their own makers build sentences of other things; this one is made already.
    found = kind.__new__(kind, sentence)
    for name in ("rule", "receipt", "first"):
        if name in problem:
            setattr(found, name, problem[name])
    return found


def _kinds() -> dict[str, type[PharosError]]:
    found: dict[str, type[PharosError]] = {}
    left: list[type[PharosError]] = [PharosError]
    while left:
        kind = left.pop()
        found[kind.code] = kind
        left += kind.__subclasses__()
    return found


def _pauses() -> Iterator[float]:
    """Longer and longer, and never in step with others who were sent away at the same moment."""
    pause = _FIRST_PAUSE
    while True:
        yield pause * (0.5 + secrets.randbelow(1000) / 1000)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _value(found: httpx.Response) -> Any:  # noqa: ANN401
    try:
        return json.loads(found.content, parse_float=Decimal)
    except ValueError:
        raise UnreachableError(
            f"what answers at {found.url} is no Pharos; check the port"
        ) from None
