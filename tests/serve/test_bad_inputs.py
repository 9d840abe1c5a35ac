"""Bad bodies: each is told in words that help, soon; the server lives and stays as small."""

import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.fresh_homes import fresh_home
from tests.serve.bad_shelf import HELD, LARGEST, NOT_KEPT, REFUSED, SHELF, TOO_LARGE, Bad
from tests.serve.served import Served, serving
from tests.serve.terminal import native

#: What the whole shelf may add to the memory of the server.
GROWTH = 50 << 20
_STATUSES = {NOT_KEPT: 422, TOO_LARGE: 413}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(fresh_home(tmp_path_factory.mktemp("bad") / "home")) as running:
        running.send(native({"kind": "no_screenings", "cinema": "c", "date": "2024-01-01"}), "warm")
        running.get("ask", measure="gross")
        yield running
    assert not running.complaints()


def told(server: Served, bad: Bad) -> str:
    """What the sender of a bad body is told; checks what became of it."""
    answer = server.post("messages", bad.body, sender=f"bad {bad.name}", id="1", wait=30)
    if bad.end in _STATUSES:
        assert answer.status_code == _STATUSES[bad.end], answer.text
        assert answer.json()["code"] == bad.end
        return str(answer.json()["detail"])
    assert answer.status_code == 201, answer.text
    said = answer.json()
    severities = {found["severity"] for found in said["findings"]}
    if bad.end == REFUSED:
        assert said["verdict"] == "refused"
    else:
        assert bad.end == HELD
        assert said["held"] >= 1
        assert "hold" in severities
    return " ".join(found["sentence"] for found in said["findings"])


def test_the_shelf_is_long_and_without_doubles() -> None:
    assert len(SHELF) >= 40
    assert len({bad.name for bad in SHELF}) == len(SHELF)
    assert len({bad.body for bad in SHELF}) == len(SHELF)


@pytest.mark.slow
@pytest.mark.parametrize("bad", SHELF, ids=lambda bad: bad.name)
def test_a_bad_body_is_told_in_words(server: Served, bad: Bad) -> None:
    start = time.monotonic()
    said = told(server, bad)
    taken = time.monotonic() - start
    assert bad.word in said, said
    assert len(said) < 5_000
    # A promise (P11), and not a measurement: it takes a small part of that.
    assert taken < 2


@pytest.mark.slow
def test_the_whole_shelf_leaves_the_server_as_small_as_it_was(server: Served) -> None:
    before = server.memory()
    for turn in range(3):
        for bad in SHELF:
            server.post("messages", bad.body, sender=f"{turn} {bad.name}", id="1", wait=30)
        assert server.memory() - before < GROWTH
    body = native({"kind": "day_totals", "cinema": "ok", "date": "2024-03-05", "work": "W",
                   "admissions": 1, "gross": "1.00"})  # fmt: skip
    assert server.send(body, "good")["held"] == 0
    (row,) = server.get("ask", measure="gross", where="cinema=ok")["rows"]
    assert row["gross"] == "1.00"


def exchange(server: Served, request: bytes, more: bytes = b"", times: int = 0) -> bytes:
    """Send raw bytes until the server has had enough; what it answered."""
    url = httpx.URL(server.url)
    with socket.create_connection((url.host, url.port), timeout=30) as connection:
        try:
            connection.sendall(request)
            for _ in range(times):
                connection.sendall(more)
        except ConnectionError:
            pass
        parts = []
        try:
            while part := connection.recv(1 << 16):
                parts.append(part)
        except ConnectionError:
            pass
        return b"".join(parts)


HEAD = b"POST /api/v1/messages?sender=raw HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.slow
def test_a_gigabyte_without_a_length_is_cut_off(server: Served) -> None:
    before = server.memory()
    chunk = b"100000\r\n" + b"x" * (1 << 20) + b"\r\n"
    start = time.monotonic()
    answer = exchange(server, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk, 1024)
    assert time.monotonic() - start < 10
    # Whoever goes on sending may lose the answer with the connection, never the server.
    assert answer.startswith(b"HTTP/1.1 413") or not answer
    assert server.memory() - before < GROWTH


def test_a_stated_terabyte_is_refused_at_once(server: Served) -> None:
    answer = exchange(server, HEAD + b"Content-Length: 1099511627776\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")
    assert f"{LARGEST:,}".encode() in answer


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /" + b"a" * (1 << 20) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        HEAD + b"X-Long: " + b"a" * (2 << 20) + b"\r\n\r\n",
        HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(5_000)) + b"\r\n",
        b"\0" * 4096,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
        HEAD.replace(b"raw", b"%FF%FE") + b"Content-Length: 0\r\n\r\n",
        HEAD.replace(b"sender=raw", b"a=1&" * 5_000) + b"Content-Length: 0\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_request_ends_its_connection_only(server: Served, request_bytes: bytes) -> None:
    start = time.monotonic()
    answer = exchange(server, request_bytes + b"", b"", 0)
    assert time.monotonic() - start < 12
    assert not answer or answer[9:10] == b"4", answer[:200]
    assert httpx.get(f"{server.url}/ready").status_code == 200


def test_a_client_that_goes_away_leaves_nothing(server: Served) -> None:
    url = httpx.URL(server.url)
    for _ in range(20):
        with socket.create_connection((url.host, url.port)) as connection:
            connection.sendall(HEAD + b"Content-Length: 100000\r\n\r\n" + b"x" * 500)
    assert httpx.get(f"{server.url}/ready").status_code == 200
