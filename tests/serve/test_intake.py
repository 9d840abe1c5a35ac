"""Reports over HTTP: receipts, verdicts, repeats, batches, and what is not even kept."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from pharos.arrive.administration import Closing, Judgement, administration_body
from pharos.errors import BadQuestion
from pharos.serve.home import Home
from pharos.serve.intake import split
from tests.fresh_homes import fresh_home
from tests.serve.served import Served, serving
from tests.serve.terminal import native

Row = dict[str, Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(fresh_home(tmp_path_factory.mktemp("intake") / "home")) as running:
        yield running


def day(cinema: str, gross: str, **more: Any) -> Row:  # noqa: ANN401
    row = {"kind": "day_totals", "cinema": cinema, "date": "2024-03-05", "work": "W"}
    return row | {"admissions": 10, "gross": gross} | more


def refusal(answer: httpx.Response, status: int, code: str) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert (said["status"], said["code"]) == (status, code)
    return str(said["detail"])


@pytest.mark.slow
def test_a_report_gets_a_receipt_and_its_verdict(server: Served) -> None:
    body = native(day("a1", "100.00"))
    answer = server.post("messages", body, sender="a", id="1", wait=30)
    assert answer.status_code == 201
    said = answer.json()
    assert said["verdict"] == "accepted_with_findings"
    assert (said["rows"], said["held"], said["exists"]) == (1, 0, False)
    assert answer.headers["location"] == f"/api/v1/messages/{said['receipt']['position']}"
    assert server.get(answer.headers["location"].removeprefix("/api/v1/")) == said
    assert server.get("messages", sender="a", id="1") == said
    (row,) = server.get("ask", measure="gross", where="cinema=a1")["rows"]
    assert row["gross"] == "100.00"


def test_without_waiting_the_receipt_comes_first(server: Served) -> None:
    answer = server.post("messages", native(day("a2", "1.00")), sender="a", id="2").json()
    assert answer["verdict"] is None
    position = answer["receipt"]["position"]
    assert server.get(f"messages/{position}", wait=30)["verdict"] == "accepted_with_findings"


def test_a_repeat_gets_the_same_receipt(server: Served) -> None:
    body = native(day("a3", "5.00"))
    first = server.send(body, "a", id="3")
    again = server.post("messages", body, sender="a", id="3", wait=30)
    assert again.status_code == 200
    assert again.json() == first | {"exists": True}


@pytest.mark.slow
def test_another_body_under_a_used_id_is_kept_and_refused(server: Served) -> None:
    first = server.send(native(day("a4", "5.00")), "a", id="4")
    answer = server.post("messages", native(day("a4", "6.00")), sender="a", id="4")
    assert "another report had arrived" in refusal(answer, 409, "conflict")
    assert answer.json()["first"] == first["receipt"]
    evidence = answer.json()["receipt"]["position"]
    assert server.get(f"messages/{evidence}", wait=30)["verdict"] == "refused"
    (row,) = server.get("ask", measure="gross", where="cinema=a4")["rows"]
    assert row["gross"] == "5.00"


def test_the_header_line_names_stream_and_id(server: Served) -> None:
    body = b'{"pharos": 1, "id": "77", "stream": "till"}\n' + native(day("a5", "1.00"))[14:]
    receipt = server.send(body, "a")["receipt"]
    assert (receipt["stream"], receipt["id"]) == ("till", "77")


def test_without_an_id_the_digest_is_the_id(server: Served) -> None:
    body = native(day("a6", "1.00"))
    receipt = server.send(body, "a")["receipt"]
    assert receipt["id"] == receipt["digest"]
    assert server.send(body, "a")["exists"]


@pytest.mark.slow
def test_a_batch_is_several_messages(server: Served) -> None:
    parts = [
        b'{"pharos": 1, "id": "%d"}\n' % n + native(day(f"b{n}", "2.00"))[14:] for n in range(3)
    ]
    answer = server.post("batches", b"".join(parts), sender="batch", wait=30)
    assert answer.status_code == 201
    told = answer.json()["messages"]
    assert [one["receipt"]["id"] for one in told] == ["0", "1", "2"]
    assert [one["verdict"] for one in told] == ["accepted_with_findings"] * 3
    alone = server.send(parts[1], "batch", id="1")
    assert alone["exists"]
    assert alone["receipt"] == told[1]["receipt"]


def test_a_batch_is_kept_whole_or_not_at_all(server: Served) -> None:
    good = b'{"pharos": 1, "id": "9"}\n' + native(day("b9", "2.00"))[14:]
    bad = b'{"pharos": 1, "id": "10"}\n{"kind": "day_totals", "buyer": "Jane"}\n'
    said = refusal(server.post("batches", good + bad, sender="batch"), 422, "not-kept")
    assert said.startswith("message 2 of the batch: row 2:")
    answer = httpx.get(f"{server.url}/api/v1/messages", params={"sender": "batch", "id": "9"})
    refusal(answer, 404, "no-such-message")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"hello", "no known format"),
        (b'{"pharos": 2}\n{}\n', "version"),
        (b'{"pharos": 1}\n', "no rows"),
        (native(day("x", "1.00", buyer="Jane")), "no field 'buyer'"),
        (b'{"pharos": 1}\n\xff\xfe\n', "UTF-8"),
    ],
)
def test_what_has_no_form_takes_no_position(server: Served, body: bytes, words: str) -> None:
    before = server.get("ask", measure="gross")["edition"]
    assert words in refusal(server.post("messages", body, sender="x"), 422, "not-kept")
    after = server.send(native(day("a7", "1.00")), "a", id=f"after {before}")
    assert after["receipt"]["position"] == before + 1


def test_a_row_that_cannot_be_read_is_held_and_can_be_seen(server: Served) -> None:
    told = server.send(native(day("h1", "7.00"), day("h1", "seven", work="V")), "h", id="1")
    assert (told["rows"], told["held"]) == (1, 1)
    assert [found["row"] for found in told["findings"] if found["severity"] == "hold"] == [3]
    (held,) = server.get("held", sender="h")["rows"]
    assert (held["position"], held["row"]) == (told["receipt"]["position"], 3)
    assert "seven" in str(held["said"])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "who sends"),
        ({"sender": ""}, "who sends"),
        ({"sender": "home"}, "the home itself"),
        ({"sender": "a", "wait": "soon"}, "expected seconds"),
        ({"sender": "a", "wait": "31"}, "at most 30"),
        ({"sender": "a", "steam": "x"}, "did you mean stream"),
    ],
)
def test_a_wrong_query_says_what_is_right(
    server: Served, query: dict[str, str], words: str
) -> None:
    answer = server.post("messages", native(day("a", "1.00")), **query)
    assert words in refusal(answer, 400, "bad-question")


@pytest.mark.slow
def test_a_sender_may_have_any_name(server: Served) -> None:
    for name in ("万达 北京", "a/b?c&d=e", "it's"):
        assert server.send(native(day("n", "1.00")), name)["receipt"]["sender"] == name
    answer = server.post("messages", native(day("n", "1.00")), sender="a\nb")
    assert "no text" in refusal(answer, 422, "bad-draft")


@pytest.mark.slow
def test_only_the_home_administers_itself(server: Served) -> None:
    body = administration_body(Closing(first=date(2024, 3, 1), last=date(2024, 3, 1)))
    answer = server.post("messages", body, sender="stranger", id="close")
    assert "/api/v1/administration" in refusal(answer, 422, "not-kept")
    refusal(server.post("batches", body, sender="stranger"), 422, "not-kept")
    answer = server.post("administration", body, id="close-1", wait=30)
    assert answer.status_code == 201
    assert answer.json()["receipt"]["sender"] == "home"
    refusal(server.post("administration", body), 400, "bad-question")
    refusal(server.post("administration", native(day("x", "1.00")), id="row"), 422, "not-kept")
    judged = Judgement(kind="cinema", one="j1", other="j2", same=True, why="test")
    said = server.post("administration", administration_body(judged), id="join-1", wait=30)
    assert said.json()["verdict"].startswith("accepted")


@pytest.mark.slow
def test_a_batch_begins_anew_at_every_header_however_it_is_written(server: Served) -> None:
    """A header that were taken for a row would give its rows to the message before it."""
    first = b'{"pharos": 1, "id": "o1", "defaults": {"cinema": "oA"}}\n'
    second = b'{"id": "o2", "defaults": {"cinema": "oB"}, "pharos": 1}\n'
    row = {name: value for name, value in day("", "5.00").items() if name != "cinema"}
    rows = native(row).split(b"\n", 1)[1]
    told = server.post("batches", first + rows + second + rows, sender="order", wait=30).json()
    assert [one["receipt"]["id"] for one in told["messages"]] == ["o1", "o2"]
    (counted,) = server.get("ask", measure="gross", where="cinema=oB")["rows"]
    assert counted["gross"] == "5.00"


def test_blank_lines_before_a_batch_are_in_none_of_its_messages() -> None:
    part = b'{"pharos": 1}\n' + native(day("x", "1.00")).split(b"\n", 1)[1] + b"\n"
    assert split(b"\xef\xbb\xbf\n \n" + part + part) == [part, part]
    with pytest.raises(BadQuestion, match="each beginning with its header line"):
        split(b"lines\n" + part)


def test_a_batch_has_an_end(server: Served) -> None:
    part = b'{"pharos": 1}\n' + native(day("x", "1.00")).split(b"\n", 1)[1]
    said = refusal(server.post("batches", part * 1_001, sender="many"), 413, "body-too-large")
    assert "at most 1,000" in said


@pytest.mark.slow
def test_a_header_may_have_a_mark_of_its_bytes_and_no_id(server: Served) -> None:
    rows = native(day("bom", "1.00")).split(b"\n", 1)[1]
    told = server.send(b'\xef\xbb\xbf{"pharos": 1, "id": "b1", "stream": "till"}\n' + rows, "bom")
    assert (told["receipt"]["stream"], told["receipt"]["id"]) == ("till", "b1")
    receipt = server.send(b'{"pharos": 1, "id": null, "stream": "till"}\n' + rows, "bom")["receipt"]
    assert (receipt["stream"], receipt["id"]) == ("till", receipt["digest"])


def test_a_row_without_a_kind_says_nothing_undeclared(server: Served) -> None:
    for kind in ({}, {"kind": 5}):
        body = native({"customer": "Jane Roe", **kind})
        assert "customer" in refusal(server.post("messages", body, sender="x"), 422, "not-kept")


@pytest.mark.slow
def test_stated_bytes_take_no_room_until_they_come(server: Served) -> None:
    url = httpx.URL(server.url)
    head = b"POST /api/v1/messages?sender=greedy HTTP/1.1\r\nHost: localhost\r\n"
    head += b"Content-Length: %d\r\n\r\n" % (8 << 20)
    greedy = [socket.create_connection((url.host, url.port)) for _ in range(16)]
    for connection in greedy:
        connection.sendall(head + b"x")
    time.sleep(0.3)
    assert server.send(native(day("room", "1.00")), "modest")["verdict"] is not None
    for connection in greedy:
        connection.close()


def test_other_methods_and_paths_are_told(server: Served) -> None:
    answer = httpx.delete(f"{server.url}/api/v1/messages")
    refusal(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, POST"
    refusal(httpx.get(f"{server.url}/api/v1/messages/0"), 404, "no-such-message")
    refusal(httpx.get(f"{server.url}/api/v1/messages/x"), 404, "no-such-message")
    refusal(httpx.get(f"{server.url}/nothing"), 404, "not-found")


def test_pages_of_other_sites_are_not_served(server: Served) -> None:
    """A page in somebody's browser can reach this machine's addresses, too."""
    address = f"{server.url}/api/v1/messages"
    for headers in (
        {"Host": "evil.example"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        answer = httpx.post(address, params={"sender": "a"}, content=b"x", headers=headers)
        refusal(answer, 403, "not-local")
    assert httpx.get(f"{server.url}/health", headers={"Host": "localhost:80"}).status_code == 200


@pytest.mark.slow
def test_many_senders_at_once(server: Served) -> None:
    def send(number: int) -> int:
        sender, which = f"crowd-{number % 8}", str(number // 8)
        told = server.post("messages", native(day(f"c{number}", "1.00")), sender=sender, id=which)
        return int(told.json()["receipt"]["position"])

    with ThreadPoolExecutor(16) as pool:
        positions = list(pool.map(send, range(160)))
    assert len(set(positions)) == 160
    server.get(f"messages/{max(positions)}", wait=30)
    rows = server.get("ask", measure="gross", by="cinema", limit=1000)["rows"]
    mine = [row["gross_minor"] for row in rows if row["cinema"].startswith("c")]
    assert sum(mine) == 160 * 100


@pytest.mark.slow
def test_what_was_taken_stays_when_the_server_ends(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "home")
    with serving(home) as running:
        receipts = [
            running.post("messages", native(day("c", f"{n}.00")), sender="s", id=str(n)).json()
            for n in range(1, 6)
        ]
    with serving(home) as running:
        for number, told in enumerate(receipts, 1):
            again = running.send(native(day("c", f"{number}.00")), "s", id=str(number))
            assert again["exists"]
            assert again["receipt"] == told["receipt"]
    with Home(home) as opened:
        assert opened.ask("gross").rows[0]["gross"] == "5.00"
