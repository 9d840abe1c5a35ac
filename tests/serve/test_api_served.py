"""The reading interface under a real server, while the home takes reports."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from pharos.serve.encoded import as_bytes
from tests.serve.asking_home import Asking, asking, filled_home, totals
from tests.serve.terminal import native

QUERIES = (
    "ask?measure=gross&measure=admissions&by=work",
    "ask?measure=gross&by=cinema&where=work=w1",
    "trace?measure=gross&where=work=w2",
    "screenings?period=2024-03-08&limit=1000",
    "reports?limit=1000",
    "overdue?period=2024-03-08&state=all",
)


@contextmanager
def served(home: Asking) -> Iterator[str]:
    """The address of the interface under a server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(
        home.app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()))
    thread.start()
    address = f"http://127.0.0.1:{port}"
    _wait_for(address)
    try:
        yield address
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(30)
        assert not thread.is_alive()
        loop.close()


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            assert httpx.get(f"{address}/health").status_code == 200
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server does not answer")


@pytest.mark.slow
def test_every_answer_beside_the_writer_is_that_of_its_edition(tmp_path: Path) -> None:
    with asking(filled_home(tmp_path / "home")) as home, served(home) as address:
        over = threading.Event()

        def keep_asking(client: httpx.Client, query: str) -> list[httpx.Response]:
            found = []
            while not over.is_set():
                found.append(client.get(f"{address}/api/v1/{query}"))
            return found

        with httpx.Client(timeout=60) as client, ThreadPoolExecutor(len(QUERIES)) as pool:
            asked = [pool.submit(keep_asking, client, query) for query in QUERIES]
            for number in range(12):
                row = totals("astor", f"n{number}", 10 + number, work=f"work {number}")
                home.home.send("astor", "more", str(number), native(row))
            over.set()
            for query, answers in zip(QUERIES, asked, strict=True):
                first_of_edition = {r.json()["edition"]: r for r in answers.result(60)}
                assert all(r.status_code == 200 for r in answers.result())
                for edition, got in first_of_edition.items():
                    again = client.get(f"{address}/api/v1/{query}&as_of={edition}").json()
                    assert again | {"status": ""} == got.json() | {"status": ""}, (query, edition)


@pytest.mark.slow
def test_any_id_passes_the_server(tmp_path: Path) -> None:
    with asking(filled_home(tmp_path / "home")) as home, served(home) as address:
        query = {"measure": "gross", "where": ["cinema=影院", "work=片名 one"], "by": "cinema"}
        got = httpx.get(f"{address}/api/v1/ask", params=query)
        answer = home.home.ask("gross", where=query["where"], by="cinema")
        assert got.content == as_bytes(answer.to_json())
        tag = {"If-None-Match": got.headers["etag"]}
        again = httpx.get(f"{address}/api/v1/ask", params=query, headers=tag)
        assert (again.status_code, again.content) == (304, b"")
        assert httpx.post(f"{address}/api/v1/ask").status_code == 405
