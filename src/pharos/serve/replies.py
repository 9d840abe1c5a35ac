"""From a request to an answer: an edition is read, its tag compared, its rows sent.

In: work on an edition. Out: a response, or 304 when the asker has it already. No arithmetic.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from pharos.measure.coverage import today
from pharos.measure.edition import Edition
from pharos.serve.encoded import as_bytes
from pharos.serve.policy import Policy, Sight, reader_of, shipped
from pharos.serve.problems import MEDIA_TYPE, Problem
from pharos.serve.readers import AsOf, Readers

Work = Callable[[Edition], Mapping[str, Any]]

#: May be kept, but must be asked for again: the newest edition is soon another.
_CACHING = {"Cache-Control": "no-cache"}


_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_TAG = {"ETag": {"schema": {"type": "string"}, "description": "Say it as If-None-Match."}}


def problems(**said: str) -> dict[int | str, dict[str, Any]]:
    """Statuses that a path may answer with, each with when it does."""
    return {
        int(status.removeprefix("_")): {"description": text, "content": _PROBLEM}
        for status, text in said.items()
    }


#: What may become of any question beside an answer.
READING: dict[int | str, dict[str, Any]] = {
    200: {"headers": _TAG},
    304: {"description": "What If-None-Match names has not changed.", "headers": _TAG},
    **problems(
        _400="A parameter or a word is not known, or cannot be read.",
        _403="It is not open to anonymous readers.",
        _404="There is no such edition.",
        _422="There is no honest answer to this; the detail is the reason.",
        _503="Too much is asked at once, or the home cannot be read now.",
    ),
}


@dataclass(frozen=True, slots=True)
class Replies:
    """Answers what is asked in requests; ``version`` is that of the program."""

    readers: Readers
    version: str
    #: What anonymous readers may see.
    policy: Policy = field(default_factory=shipped)

    def sight(self, request: Request) -> Sight:
        """Who asks, and what he may see."""
        return Sight(reader_of(request.scope), self.policy)

    async def of(self, request: Request, work: Work, as_of: AsOf = None) -> Response:
        """The answer to a request, or that it has not changed."""

        def read(edition: Edition) -> tuple[str, bytes | None]:
            tag = self._tag(request, edition, newest=as_of is None)
            if _knows(request.headers.get("if-none-match", ""), tag):
                return tag, None
            return tag, as_bytes(work(edition))

        tag, body = await self.readers.read(read, as_of)
        headers = {"ETag": tag, **_CACHING}
        if body is None:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    def moment(self, edition: Edition, as_of: AsOf) -> datetime:
        """What "now" means to an answer; see `Edition.moment`."""
        return edition.moment(self.readers.now(), newest=as_of is None)

    def _tag(self, request: Request, edition: Edition, *, newest: bool) -> str:
        """What an answer depends on: edition, question, program, reader, today for the newest."""
        asked = urlencode(sorted(request.query_params.multi_items()))
        moment = edition.moment(self.readers.now(), newest=True)
        day = today(edition, moment).isoformat() if newest else ""
        reader = reader_of(request.scope)
        text = f"{request.url.path}\n{asked}\n{self.version}\n{day}\n{reader}"
        digest = hashlib.sha256(text.encode()).hexdigest()
        return f'"{edition.position}-{digest[:16]}"'


def problem_response(problem: Problem) -> Response:
    """A failure as a response."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(problem.body(), problem.status, headers, MEDIA_TYPE)


def _knows(said: str, tag: str) -> bool:
    """Whether a request says that it has the answer with this tag."""
    tags = [one.strip().removeprefix("W/") for one in said.split(",")]
    return tag in tags or "*" in tags
