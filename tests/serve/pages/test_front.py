"""The door of those who look: ready boards and streams of what changes.

In: viewers that come, go, come back, or do not read. Out: what each is sent, and when its stream
ends.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from pharos.errors import UnreachableError
from pharos.serve import front as fronts
from pharos.serve.changes import changed
from pharos.serve.feed import events
from pharos.serve.front import Front
from pharos.serve.origin import Reply
from pharos.serve.policy import Reader
from tests.serve.pages.week import tickets, today
from tests.serve.served import serving
from tests.serve.terminal import native

Message = MutableMapping[str, Any]
Work = Callable[[Front, "Board"], Awaitable[None]]


class Board:
    """Where pages come from: one page, which says what it is told to say."""

    def __init__(self) -> None:
        self.version, self.made = 1, 0
        #: By how many versions it is behind, as a page is that rests.
        self.behind_by = 0
        self.status = 200

    def seen(self) -> tuple[int, int]:
        return self.version, 0

    def silence(self) -> float:
        return 0.0

    async def page(self, target: str, reader: Reader) -> Reply:
        await asyncio.sleep(0)
        self.made += 1
        if self.status == 0:
            raise UnreachableError("it does not answer")
        if self.status == -1:
            raise RuntimeError("nobody foresaw it")
        version = self.version - self.behind_by
        said = {"date": "d", "edition": version, "sections": [], "target": target}
        # What changes is less than the page, as on a real board.
        said |= {"reader": reader.value, "steady": "x" * 2_000}
        headers = ((b"etag", b'"%d"' % version), (b"content-type", b"application/json"))
        return Reply(self.status, headers, json.dumps(said).encode())

    async def behind(self, scope: Message, receive: object, send: Callable[..., Any]) -> None:
        """Whatever is no board."""
        del scope, receive
        await send({"type": "http.response.start", "status": 418, "headers": []})
        await send({"type": "http.response.body", "body": b"behind"})


class Viewer:
    """One connection."""

    def __init__(self, path: str, *, reads: bool = True, **headers: str) -> None:
        self.scope: Message = {
            "type": "http",
            "method": "GET",
            "path": path.partition("?")[0],
            "query_string": path.partition("?")[2].encode(),
            "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
        }
        self.status = 0
        self.body = b""
        self.ended = False
        self.headers: dict[bytes, bytes] = {}
        self._reads = reads
        self._leaves = asyncio.Event()

    def leave(self) -> None:
        self._leaves.set()

    async def receive(self) -> Message:
        await self._leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, said: Message) -> None:
        if said["type"] == "http.response.start":
            self.status, self.headers = said["status"], dict(said["headers"])
            return
        if not self._reads:
            await asyncio.Event().wait()
        self.body += said.get("body", b"")
        self.ended = not said.get("more_body", False)

    def kinds(self) -> list[str]:
        lines = self.body.decode().split("\n")
        return [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("PUSH", 0.01), ("BEAT", 0.1), ("STALE", 0.25), ("WRITE", 0.1)):
        monkeypatch.setattr(fronts, f"{name}_SECONDS", seconds)
    monkeypatch.setattr(fronts, "LINGER_SECONDS", 0.05)


def looking(work: Work) -> None:
    async def run() -> None:
        board = Board()
        front = Front(board, board.behind)
        await work(front, board)
        front.close()

    asyncio.run(asyncio.wait_for(run(), 20))


async def until(true: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError


def come(front: Front, viewer: Viewer) -> "asyncio.Task[None]":
    return asyncio.ensure_future(front(viewer.scope, viewer.receive, viewer.send))


def test_readers_of_different_kinds_are_never_given_the_same_page() -> None:
    async def work(front: Front, board: Board) -> None:
        for _ in range(2):
            viewers = (Viewer("/en/board.json"), Viewer("/en/board.json", pharos_reader="x"))
            for viewer, reader in zip(viewers, ("operator", "anonymous"), strict=True):
                await come(front, viewer)
                assert json.loads(viewer.body)["reader"] == reader
        assert board.made == 2
        lowered = Viewer("/en/board/live", pharos_reader="anonymous")
        own = Viewer("/en/board/live")
        watching = [come(front, one) for one in (lowered, own)]
        await until(lambda: bool(lowered.kinds() and own.kinds()))
        board.version += 1
        await until(lambda: len(lowered.kinds()) > 1 and len(own.kinds()) > 1)
        assert b'"anonymous"' in lowered.body
        assert b'"operator"' not in lowered.body
        for viewer in (lowered, own):
            viewer.leave()
        await asyncio.gather(*watching)

    looking(work)


def test_a_page_is_made_once_for_all_until_something_has_changed() -> None:
    async def work(front: Front, board: Board) -> None:
        viewers = [Viewer("/en/board.json") for _ in range(50)]
        await asyncio.gather(*(come(front, viewer) for viewer in viewers))
        assert (board.made, {viewer.status for viewer in viewers}) == (1, {200})
        again = Viewer("/en/board.json", if_none_match='"1"')
        await come(front, again)
        assert (again.status, again.body, again.headers[b"etag"]) == (304, b"", b'"1"')
        board.version = 2
        await come(front, again)
        assert (again.status, json.loads(again.body)["edition"], board.made) == (200, 2, 2)

    looking(work)


def test_an_older_page_is_never_kept_as_the_newest() -> None:
    async def work(front: Front, board: Board) -> None:
        board.version, board.behind_by = 5, 1
        first, second = Viewer("/en/board.json"), Viewer("/en/board.json")
        await come(front, first)
        board.behind_by = 0
        await come(front, second)
        assert [json.loads(one.body)["edition"] for one in (first, second)] == [4, 5]

    looking(work)


def test_a_board_that_does_not_change_and_too_many_boards_have_no_stream(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fronts, "FEEDS", 1)

    async def work(front: Front, board: Board) -> None:
        del board
        pinned = Viewer("/en/board/live?as_of=3")
        await come(front, pinned)
        assert pinned.status == HTTPStatus.BAD_REQUEST
        one = Viewer("/en/board/live?city=a&date=2022-10-01")
        come(front, one)
        await until(lambda: one.kinds() == ["whole"])
        other, same = Viewer("/en/board/live?city=b"), Viewer(
            "/en/board/live?date=2022-10-01&city=a")  # fmt: skip
        await come(front, other)
        assert other.status == HTTPStatus.SERVICE_UNAVAILABLE
        come(front, same)
        await until(lambda: same.kinds() == ["whole"])

    looking(work)


def test_what_is_no_board_and_what_is_wrong_are_passed_on() -> None:
    async def work(front: Front, board: Board) -> None:
        other = Viewer("/en/definitions")
        await come(front, other)
        assert other.status == HTTPStatus.IM_A_TEAPOT
        board.status = 400
        for path in ("/en/board.json?date=never", "/en/board/live?date=never"):
            wrong = Viewer(path)
            await come(front, wrong)
            assert (wrong.status, wrong.ended) == (400, True)
            assert json.loads(wrong.body)["target"] == "/en/board.json?date=never"
        board.status = 0
        gone = Viewer("/en/board.json?date=other")
        await come(front, gone)
        assert (gone.status, json.loads(gone.body)["code"]) == (503, "unreachable")
        board.status = 200
        again = Viewer("/en/board.json?date=other")
        await come(front, again)
        assert again.status == HTTPStatus.OK

    looking(work)


def test_viewers_hear_what_changes_and_that_all_is_well() -> None:
    async def work(front: Front, board: Board) -> None:
        viewers = [Viewer("/en/board/live") for _ in range(20)]
        tasks = [come(front, viewer) for viewer in viewers]
        await until(lambda: all("whole" in viewer.kinds() for viewer in viewers))
        board.version = 2
        await until(lambda: all("beat" in viewer.kinds() for viewer in viewers))
        assert board.made == 2
        for viewer, task in zip(viewers, tasks, strict=True):
            assert viewer.headers[b"content-type"].startswith(b"text/event-stream")
            assert viewer.kinds()[:3] == ["whole", "change", "beat"]
            viewer.leave()
            await task
        back = Viewer("/en/board/live", last_event_id="1")
        come(front, back)
        await until(lambda: back.kinds() != [])
        # Nobody was there any more, or the feed still knew: either leads to the newest version.
        assert back.kinds()[0] in ("whole", "change")
        assert b'"edition":2' in back.body.replace(b" ", b"")

    looking(work)


@pytest.mark.parametrize("failure", [503, 0, -1], ids=["refused", "gone", "unforeseen"])
def test_silence_is_told_as_stale_and_heals(failure: int) -> None:
    async def work(front: Front, board: Board) -> None:
        viewer = Viewer("/en/board/live")
        come(front, viewer)
        await until(lambda: viewer.kinds() == ["whole"])
        board.status, board.version = failure, 2
        await until(lambda: "stale" in viewer.kinds())
        board.status = 200
        await until(lambda: viewer.kinds()[-1] == "change")

    looking(work)


@pytest.mark.slow
def test_who_does_not_read_loses_the_stream_and_only_he(monkeypatch: pytest.MonkeyPatch) -> None:
    # Longer than a busy machine pauses: else he who reads is taken for one who does not.
    monkeypatch.setattr(fronts, "WRITE_SECONDS", 2.0)

    async def work(front: Front, board: Board) -> None:
        good = Viewer("/en/board/live")
        come(front, good)
        deaf = [come(front, Viewer("/en/board/live", reads=False)) for _ in range(300)]
        await until(lambda: all(task.done() for task in deaf))
        board.version = 2
        await until(lambda: "change" in good.kinds())
        assert not good.ended

    looking(work)


def test_too_many_are_sent_to_ask_for_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fronts, "VIEWERS", 2)

    async def work(front: Front, board: Board) -> None:
        del board
        viewers = [Viewer("/en/board/live") for _ in range(2)]
        for viewer in viewers:
            come(front, viewer)
        await until(lambda: all(viewer.kinds() for viewer in viewers))
        late = Viewer("/en/board/live")
        await come(front, late)
        assert late.status == HTTPStatus.SERVICE_UNAVAILABLE
        viewers[0].leave()
        await asyncio.sleep(0.05)
        late = Viewer("/en/board/live")
        come(front, late)
        await until(lambda: late.kinds() == ["whole"])

    looking(work)


def test_a_server_that_stops_ends_its_streams() -> None:
    async def work(front: Front, board: Board) -> None:
        del board
        viewer = Viewer("/en/board/live")
        task = come(front, viewer)
        await until(lambda: viewer.kinds() == ["whole"])
        front.close()
        await asyncio.wait_for(task, 1)
        assert viewer.ended

    looking(work)


Event = tuple[str, str, dict[str, Any]]


@contextmanager
def heard(url: str, **headers: str) -> Iterator[Iterator[Event]]:
    """The events of a server's board over a real connection: (kind, id, data)."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx.stream("GET", f"{url}/en/board/live", headers=sent, timeout=20) as stream:
        assert stream.status_code == HTTPStatus.OK
        yield ((kind, tag, data) for kind, data, tag in events(stream.iter_lines()))


@pytest.mark.slow
def test_a_stream_leads_to_the_board_that_the_interface_gives(own_week: Path) -> None:
    with serving(own_week) as server, heard(server.url) as events:
        kind, first, view = next(events)
        assert (kind, view) == ("whole", httpx.get(f"{server.url}/en/board.json").json())
        late = {"work": "rice", "screening": "late", "paid": "500.00", "stream": "late"}
        body = native(*(row | late for row in tickets("meadow", today(), 1, 40)))
        post = f"{server.url}/api/v1/messages"
        httpx.post(post, params={"sender": "meadow", "wait": 10}, content=body).raise_for_status()
        kind, tag, change = next(event for event in events if event[0] != "beat")
        plain = {"accept-encoding": "identity"}
        now = httpx.get(f"{server.url}/en/board.json", headers=plain)
        assert (kind, f'"{tag}"') == ("change", now.headers["etag"])
        assert changed(view, change) == now.json()
        with heard(server.url, last_event_id=first) as again:
            assert next(again) == ("change", tag, change)
