"""The board in the terminal says what the page says, once or as it changes."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.serve.pages.week import tickets, today
from tests.serve.served import free_port, serving
from tests.serve.terminal import complained, native, pharos

pytestmark = pytest.mark.slow

YESTERDAY = (today() - timedelta(1)).isoformat()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_shows_the_board_of_a_home(week: Path, language: str) -> None:
    words = ("board", "--lang", language, "--province", "Haidong", "--date", YESTERDAY)
    view = pharos(week, *words, "--json").json
    said = pharos(week, *words).out
    assert view["shown"]["headline"] in said
    assert view["shown"]["version"] in said
    for section in view["sections"]:
        assert section["total"]["shown"]["gross"] in said
        for film in section["films"]:
            (line,) = [line for line in said.split("\n") if f" {film['shown']['name']} " in line]
            assert film["shown"]["gross"] in line
            assert film["shown"]["occupancy"] in line


def test_it_says_what_is_wrong(week: Path, tmp_path: Path) -> None:
    complained(pharos(week, "board", "--date", "never"), 2, "2022-10-01")
    complained(pharos(week, "board", "--city", "Linhay"), 2, "Linhai")
    complained(pharos(week, "board", "--watch"), 2, "pharos serve")
    complained(pharos(tmp_path / "none", "board"), 2, "make one with")


@pytest.mark.slow
def test_it_says_what_a_server_says(own_week: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    complained(pharos(None, "--url", nobody, "board", "--watch"), 6, "no server answers")
    with serving(own_week) as server:
        words = ("--url", server.url, "board", "--watch", "--city", "Linhay")
        complained(pharos(None, *words), 2, "Linhai")


@contextmanager
def watching(url: str, *, terminal: bool) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A command that watches, and the end from which its text is read."""
    reading, writing = pty.openpty() if terminal else os.pipe()
    words = [sys.executable, "-m", "pharos.serve.cli", "--url", url, "board", "--watch"]
    with subprocess.Popen(words, stdout=writing, stderr=subprocess.PIPE) as process:
        os.close(writing)
        try:
            yield process, reading
        finally:
            process.kill()
            os.close(reading)


def read_until(end: int, wanted: str) -> str:
    """What is written until a text comes."""
    said, late = "", time.monotonic() + 20
    while wanted not in said:
        assert time.monotonic() < late, said
        if select.select([end], [], [], 0.1)[0]:
            said += os.read(end, 65_536).decode(errors="replace")
    return said


@pytest.mark.slow
@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
def test_it_follows_what_is_sent(own_week: Path, terminal: bool) -> None:
    with serving(own_week) as server, watching(server.url, terminal=terminal) as (process, end):
        before = httpx.get(f"{server.url}/en/board.json").json()["sections"][0]["total"]
        first = read_until(end, before["shown"]["gross"])
        # A line that is longer than the terminal is wide must not push the others down.
        assert ("\x1b[?7l" in first) == terminal
        late = {"work": "rice", "screening": "late", "paid": "500.00", "stream": "late"}
        server.send(native(*(row | late for row in tickets("meadow", today(), 1, 40))), "meadow")
        after = httpx.get(f"{server.url}/en/board.json").json()["sections"][0]["total"]
        assert after["shown"]["gross"] != before["shown"]["gross"]
        read_until(end, after["shown"]["gross"])
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
