"""Clients that send a byte a second lose their connection; others notice nothing."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import cycle
from pathlib import Path
from statistics import quantiles

import httpx
import pytest

from tests.fresh_homes import fresh_home
from tests.serve.served import Served, serving
from tests.serve.terminal import native

DEADLINE = 4
HEAD = b"POST /api/v1/messages?sender=slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
HEALTHY = native({"kind": "day_totals", "cinema": "c", "date": "2024-03-05", "work": "W",
                  "admissions": 1, "gross": "1.00"})  # fmt: skip


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with serving(fresh_home(tmp_path / "home"), "--deadline", str(DEADLINE)) as running:
        yield running
    assert not running.complaints()


async def slow_headers(url: httpx.URL) -> float:
    """Seconds until the server cuts off somebody who never comes to the end of the headers."""
    return await _dribble(url, HEAD, b"X-Slow: 0123456789")


async def slow_body(url: httpx.URL) -> float:
    """Seconds until the server cuts off somebody who sends a body a byte a second."""
    return await _dribble(url, b"", HEAD + b"\r\n")


async def _dribble(url: httpx.URL, slowly: bytes, at_once: bytes) -> float:
    start = time.monotonic()
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(at_once if not slowly else slowly[:40])
    ended = asyncio.ensure_future(reader.read())
    rest = cycle(slowly[40:] or b"x")
    while not ended.done() and time.monotonic() - start < 3 * DEADLINE:
        await asyncio.wait([ended], timeout=1)
        try:
            writer.write(bytes([next(rest)]))
            await writer.drain()
        except ConnectionError:
            break
    writer.close()
    ended.cancel()
    return time.monotonic() - start


async def healthy(url: httpx.URL, seconds: float) -> list[float]:
    """How long others wait for a receipt and for an answer meanwhile."""
    found, number = [], 0
    async with httpx.AsyncClient(base_url=url, timeout=10) as client:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            number += 1
            query = {"sender": "healthy", "id": str(number)}
            for request in (
                client.post("/api/v1/messages", params=query, content=HEALTHY),
                client.get("/health"),
            ):
                start = time.monotonic()
                answer = await request
                assert answer.is_success
                found.append(time.monotonic() - start)
    return found


async def crowd(
    url: httpx.URL, kind: Callable[[httpx.URL], Awaitable[float]], many: int
) -> tuple[list[float], list[float]]:
    slow = [asyncio.ensure_future(kind(url)) for _ in range(many)]
    await asyncio.sleep(0.5)
    waits = await healthy(url, DEADLINE - 1)
    return await asyncio.gather(*slow), waits


@pytest.mark.slow
@pytest.mark.parametrize("kind", [slow_headers, slow_body])
def test_slow_clients_are_cut_off(
    server: Served, kind: Callable[[httpx.URL], Awaitable[float]]
) -> None:
    cut, waits = asyncio.run(crowd(httpx.URL(server.url), kind, 300))
    assert len(cut) == 300
    assert max(cut) < DEADLINE + 2
    assert min(cut) > DEADLINE - 1
    assert len(waits) > 20
    # Nobody starved; how fast it was stands in docs/results.
    assert quantiles(waits, n=100)[98] < DEADLINE
    assert httpx.get(f"{server.url}/ready").status_code == 200
