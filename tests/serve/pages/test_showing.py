"""Processes that only show, beside the server that counts.

In: a served week with a port for crowds. Out: the same pages there, whatever dies.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from tests.serve.pages.test_front import heard
from tests.serve.pages.week import tickets, today
from tests.serve.served import Served, free_port, serving
from tests.serve.terminal import native

pytestmark = pytest.mark.slow


class Shown:
    """A served home, and where it is shown."""

    def __init__(self, server: Served, port: int) -> None:
        self.server = server
        self.url = f"http://127.0.0.1:{port}"

    def process(self) -> int:
        """The number of the process that shows."""
        children = Path(f"/proc/{self.server.process}/task/{self.server.process}/children")
        for child in children.read_text(encoding="ascii").split():
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if b"pharos.serve.web" in words:
                return int(child)
        return 0


@contextmanager
def showing(home: Path) -> Iterator[Shown]:
    port = free_port()
    with serving(home, "--show-port", str(port)) as server:
        shown = Shown(server, port)
        until(lambda: answers(shown))
        yield shown


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def answers(shown: Shown) -> bool:
    try:
        return httpx.get(f"{shown.url}/ready", timeout=5).status_code == HTTPStatus.OK
    except httpx.TransportError:
        return False


def send(server: Served, screening: str) -> None:
    row = {"work": "rice", "screening": screening, "paid": "500.00", "stream": screening}
    body = native(*(one | row for one in tickets("meadow", today(), 1, 40)))
    post = f"{server.url}/api/v1/messages"
    answer = httpx.post(post, params={"sender": "meadow", "wait": 10}, content=body)
    assert answer.json()["verdict"] == "accepted", answer.text


def test_the_same_pages_are_shown_and_no_reports_are_taken(own_week: Path) -> None:
    """The same that an anonymous reader sees of the server itself."""
    lowered = {"pharos-reader": "anonymous"}
    with showing(own_week) as shown:
        for path in (
            "/en/board.json",
            "/zh/board",
            "/zh/board?date=2001-01-01",
            "/en/definitions",
            f"/en/trace?measure=gross&where=work%3Dferry&period={today()}",
            "/en/nowhere",
            "/api/v1/ask?measure=gross",
            "/api/v1/ask?measures=gross",
            "/openapi.json",
        ):
            # Who shows is anonymous.
            plain = {"accept-encoding": "identity", **lowered}
            urls = (shown.server.url, shown.url)
            here, there = (httpx.get(url + path, headers=plain) for url in urls)
            assert (here.status_code, here.content) == (there.status_code, there.content), path
            assert here.headers.get("etag") == there.headers.get("etag")
            assert here.headers.get("content-type") == there.headers.get("content-type")
        for path in ("/zh/board", "/en/definitions"):
            whole, head = httpx.get(shown.url + path), httpx.head(shown.url + path)
            assert (head.status_code, head.content) == (HTTPStatus.OK, b"")
            assert head.headers["content-length"] == whole.headers["content-length"]
        refused = httpx.post(f"{shown.url}/api/v1/messages?sender=meadow", content=b"{}")
        assert refused.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        assert shown.server.url in refused.json()["detail"]
        stranger = httpx.get(f"{shown.url}/en/board", headers={"Host": "elsewhere.example"})
        assert stranger.status_code == HTTPStatus.FORBIDDEN


def test_what_arrives_is_shown_a_moment_later(own_week: Path) -> None:
    with showing(own_week) as shown, heard(shown.url) as events:
        assert next(events)[0] == "whole"
        send(shown.server, "late")
        began = time.monotonic()
        assert next(event for event in events if event[0] != "beat")[0] == "change"
        assert time.monotonic() - began < 2
        lowered = {"pharos-reader": "anonymous"}
        here = httpx.get(f"{shown.server.url}/en/board.json", headers=lowered).json()
        assert httpx.get(f"{shown.url}/en/board.json").json() == here


def test_a_process_that_dies_is_begun_again_and_none_outlives_its_server(own_week: Path) -> None:
    with showing(own_week) as shown:
        first = shown.process()
        os.kill(first, signal.SIGKILL)
        until(lambda: shown.process() not in (0, first))
        until(lambda: answers(shown))
        last = shown.process()
        shown.server.kill()
        until(lambda: _is_dead(last))


def _is_dead(process: int) -> bool:
    try:
        return ") Z" in Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return True
