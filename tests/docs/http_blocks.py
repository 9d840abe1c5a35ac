"""Blocks ``http`` of a page: a request, an empty line, and what the home of the page answers.

In: the text of a block, a home. Out: the block as it should read. Must not know any page.
"""

import asyncio
import json
from http import HTTPStatus
from pathlib import Path

import httpx

from tests.serve.asking_home import asking

#: Headers that a page may show.
_SHOWN = ("etag", "retry-after")


def answered(body: str, home: Path) -> str:
    """The request of a block and the answer to it."""
    request = body.partition("\n\n")[0].rstrip("\n")
    first, *headers = request.split("\n")
    _, path = first.split(" ", 1)
    said = dict(line.split(": ", 1) for line in headers)
    return f"{request}\n\n{_shown(asyncio.run(_asked(home, path, said)))}"


async def _asked(home: Path, path: str, headers: dict[str, str]) -> httpx.Response:
    with asking(home) as opened:
        transport = httpx.ASGITransport(opened.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://home") as client:
            return await client.get(path, headers=headers)


def _shown(got: httpx.Response) -> str:
    lines = [f"{got.status_code} {HTTPStatus(got.status_code).phrase}"]
    lines += [f"{name}: {got.headers[name]}" for name in _SHOWN if name in got.headers]
    if got.content:
        lines.append(json.dumps(got.json(), indent=2, ensure_ascii=False))
    return "\n".join(lines) + "\n"
