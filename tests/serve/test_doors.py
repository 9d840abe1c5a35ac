"""What the doors hold while somebody waits, and what they say when something fails."""

import asyncio
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, cast

import pytest

from pharos.serve.bodies import Bodies, Pace
from pharos.serve.committing import GroupCommit, Limits
from pharos.serve.home import Home
from pharos.serve.intake import Desk, Intake
from pharos.serve.mappings import KnownMappings
from pharos.serve.policy import shipped
from pharos.serve.said import Told
from pharos.serve.server import Doors
from pharos.serve.verdicts import Verdicts
from tests.serve.terminal import TOTALS, made_home, native

Message = MutableMapping[str, Any]


def scope(path: str, query: bytes = b"", method: str = "POST") -> dict[str, Any]:
    headers = [(b"host", b"localhost")]
    return {"method": method, "path": path, "query_string": query, "headers": headers}


async def nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def test_whoever_waits_for_a_verdict_holds_no_body(tmp_path: Path) -> None:
    body = native(TOTALS)
    held: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(said: Message) -> None:
        """Nobody reads it."""

    async def run(home: Home) -> None:
        commits = GroupCommit(home, Limits(spare_bytes=0))
        committing = asyncio.create_task(commits.run())
        verdicts = Verdicts(asyncio.get_running_loop(), 0)

        async def wait(position: int, seconds: float) -> Told | None:
            # The thread that commits lets go of it a moment later.
            await asyncio.sleep(0.1)
            held.append(sys.getrefcount(body))
            return None

        verdicts.wait = wait  # type: ignore[method-assign]

        async def unknown(position: int) -> Told | None:
            return None

        none = KnownMappings({}, 0, 0)
        desk = Desk(home, commits, Bodies(Pace(), commits), verdicts, unknown, none)
        held.append(sys.getrefcount(body))
        for path in ("messages", "batches"):
            query = b"sender=x&wait=1"
            await Intake(desk)(scope(f"/api/v1/{path}", query), receive, send)
        commits.close()
        await committing

    with Home(made_home(tmp_path)) as home:
        asyncio.run(run(home))
    assert held == [held[0]] * 3


def test_an_answer_that_has_begun_is_followed_by_no_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sent: list[Message] = []

    async def send(said: Message) -> None:
        sent.append(said)

    async def breaks_off(_: Message, __: object, say: Any) -> None:  # noqa: ANN401
        await say({"type": "http.response.start", "status": 200, "headers": []})
        raise OSError("gone")

    async def fails(_: Message, __: object, ___: object) -> None:
        raise OSError("gone")

    none = cast("Intake", None)
    asyncio.run(Doors(none, breaks_off, shipped())(scope("/health", method="GET"), nothing, send))
    assert [said["type"] for said in sent] == ["http.response.start"]
    asyncio.run(Doors(none, fails, shipped())(scope("/health", method="GET"), nothing, send))
    assert [said.get("status") for said in sent[1:]] == [500, None]
    assert capsys.readouterr().err.count("\n") == 2
