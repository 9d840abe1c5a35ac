"""The Python client against a server of its own: answers, retries, crashes, refusals."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

import pharos
from pharos.errors import (
    BadDraft,
    BadJudgement,
    BadQuestion,
    Conflicting,
    Crowded,
    NoSuchMessage,
    NotKept,
    NotServed,
    PharosError,
    RefusedCombination,
    UnknownWord,
)
from pharos.measure.standing import Thing
from pharos.serve.correcting import Wish
from pharos.serve.outbox import Outbox, uuid7
from pharos.serve.wire import Timing, failure_of
from pharos.words.report import Verdict
from tests.serve.asking_home import filled_home, totals
from tests.serve.served import Served, free_port, serving
from tests.serve.terminal import environment, native

QUICK = Timing(patience=0.5)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled_home(tmp_path_factory.mktemp("filled") / "home")


@pytest.fixture
def server(filled: Path, tmp_path: Path) -> Iterator[Served]:
    with serving(Path(copytree(filled, tmp_path / "home"))) as made:
        yield made


@pytest.fixture
def client(server: Served, tmp_path: Path) -> Iterator[pharos.Client]:
    with pharos.Client(server.url, sender="astor", outbox=tmp_path / "outbox") as made:
        yield made


def outbox_files(path: Path) -> list[str]:
    return sorted(one.name for one in path.rglob("*.report"))


@pytest.mark.slow
def test_answers_are_those_of_an_open_home(server: Served, client: pharos.Client) -> None:
    questions: list[dict[str, Any]] = [
        {"by": "work", "order": "-gross", "limit": 2},
        {"by": ["cinema", "business_date"], "where": {"cinema": "astor"}, "period": "2024-03"},
        {"where": ["work=片名 one"], "as_of": 3},
        {},
    ]
    measures = ("gross admissions", "average_ticket_price")
    over_http = [client.ask(*measures, **question) for question in questions]
    explained = client.trace("gross", where="work=w1")
    listed = list(client.works())
    assert server.stop() == 0
    with pharos.open(server.home) as home:
        for question, answer in zip(questions, over_http, strict=True):
            own = home.ask(*measures, **question)
            # Whether days are over depends on the moment at which one asks.
            assert answer.to_json() | {"status": ""} == own.to_json() | {"status": ""}
            assert answer.arrow().equals(own.arrow())
            assert [type(v) for r in answer for v in r.values()] == [
                type(v) for r in own for v in r.values()
            ]
        assert explained.to_json() == home.trace("gross", where="work=w1").to_json()
    assert "<table>" in over_http[0]._repr_html_()
    assert [row["work_id"] for row in listed] == ["work:w1", "work:w2", "work:片名 one"]


@pytest.mark.slow
def test_lists_go_on_page_after_page(
    client: pharos.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pharos.serve.client._PAGE", 1)
    assert len(list(client.reports())) == 6
    assert [row["position"] for row in client.reports(limit=2)] == [1, 2]
    assert [row["rule"] for row in client.held(sender="astor")] == ["missing_field"]
    assert list(client.findings(rule="missing_field"))
    assert {row["screening"] for row in client.screenings("2024-03-08", cinema="astor")} == {
        "s1", "s2", "s/4?&=%"}  # fmt: skip
    assert [row["cinema_id"] for row in client.cinemas(name="boo")] == []
    assert list(client.overdue(period="2024-03-08", state="all"))
    assert client.health()["status"] == "alive"


@pytest.mark.slow
def test_a_report_is_sent_once_and_has_a_verdict(client: pharos.Client, tmp_path: Path) -> None:
    row = totals("astor", "n1", 12, work="w1")
    sent = client.send([row], stream="till", wait=20)
    assert (sent.verdict, sent.rows, sent.exists) == (Verdict.ACCEPTED, 1, False)
    assert sent.receipt.id[14] == "7"
    again = client.send([row], stream="till", id=sent.receipt.id, wait=20)
    assert (again.position, again.exists) == (sent.position, True)
    with pytest.raises(Conflicting, match="another report had arrived"):
        client.send([row | {"admissions": 3}], stream="till", id=sent.receipt.id)
    assert client.verdict(sent.position).verdict is Verdict.ACCEPTED
    assert client.waiting() == 0
    # The one that can never be taken stands apart, with the reason.
    (reason,) = (tmp_path / "outbox" / "refused").glob("*.reason.txt")
    assert reason.read_text().startswith("conflict: another report")


@pytest.mark.slow
def test_a_file_has_its_digest_as_its_id(client: pharos.Client, tmp_path: Path) -> None:
    mapping = tmp_path / "days.toml"
    mapping.write_text(
        'name = "days"\nkind = "day_totals"\n[constants]\ncinema = "bijou"\n[columns]\n'
        'date = "Day"\nwork = "Film"\nadmissions = "Sold"\ngross = "Takings"\n'
    )
    table = tmp_path / "days.csv"
    table.write_text("Day,Film,Sold,Takings,Clerk\n2024-03-08,w1,12,120.00,Secret\n")
    first = client.send_file(table, str(mapping), wait=20)
    assert (first.verdict, first.rows) == (Verdict.ACCEPTED, 1)
    assert client.send_file(table, str(mapping)).position == first.position
    answer = client.ask("gross", where={"cinema": "bijou"}, period="2024-03-08")
    assert answer.to_dicts()[0]["gross"] == "120.00"
    native_file = tmp_path / "one.jsonl"
    native_file.write_bytes(native(totals("astor", "n2", 13, work="w1")))
    sent = client.send(native_file, wait=20)
    assert (sent.receipt.stream, sent.receipt.id) == ("", sent.receipt.digest)


@pytest.mark.slow
def test_refusals_are_the_failures_of_a_home(client: pharos.Client, server: Served) -> None:
    with pytest.raises(UnknownWord, match="did you mean gross"):
        client.ask("gros")
    with pytest.raises(RefusedCombination, match="do not split by ticket type"):
        client.ask("screenings", by="ticket_type")
    with pytest.raises(NoSuchMessage):
        client.verdict(99)
    with pytest.raises(NotKept) as caught:
        client.send(b'{"some": "thing"}')
    assert caught.value.rule == "unknown_format"
    with pytest.raises(BadQuestion, match="money is text"):
        client.send([{"kind": "tickets", "paid": {1, 2}}])
    with pytest.raises(BadJudgement, match="did you mean w1"):
        client.join("work:w11", "work:w2", "seen")
    assert server.stop() == 0
    with pytest.raises(NotServed, match="pharos serve") as unreached:
        pharos.Client(server.url, timing=QUICK).health()
    assert unreached.value.exit_code == 6


def test_nobody_waits_long_for_a_server_that_is_not_there() -> None:
    began = time.monotonic()
    with pytest.raises(NotServed):
        pharos.Client(f"http://127.0.0.1:{free_port()}", timing=Timing(absent=0.3)).health()
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "url", ["http://192.168.1.4:8080", "https://127.0.0.1:8080", "127.0.0.1:8080", "http://[", ""]
)
def test_only_servers_of_this_machine_are_spoken_to(url: str) -> None:
    with pytest.raises(BadQuestion, match="until there are keys"):
        pharos.Client(url)


@pytest.mark.slow
def test_what_is_not_delivered_waits_under_its_id(server: Served, tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    assert server.stop() == 0
    with pharos.Client(server.url, "astor", outbox, QUICK) as client:
        for number in range(3):
            with pytest.raises(NotServed):
                client.send([totals("astor", f"n{number}", 12, work="w1")], stream="till")
        assert client.waiting() == 3
        ids = sorted(json.loads(f.read_bytes().split(b"\n")[0])["query"]["id"]
                     for f in outbox.glob("*.report"))  # fmt: skip
        # Somebody has one: it is left to him. What was never written whole was never sent.
        (outbox / "half.part").write_bytes(b"half")
        server.start()
        first = Outbox(outbox).waiting()[0]
        with Outbox(outbox).take(first):
            assert len(client.flush()) == 2
        assert [sent.receipt.id for sent in client.flush(wait=20)] == [ids[0]]
        assert client.flush() == []
        assert not list(outbox.glob("*.part"))
        assert sorted(r["id"] for r in client.reports(stream="till", sender="astor")) == ids


CRASHING = """
import os, sys
import pharos
from pharos.serve import client, outbox
url, folder, moment = sys.argv[1:]
if moment == "before":
    client.Wire.post = lambda *_: os.kill(os.getpid(), 9)
else:
    client.done = lambda _: os.kill(os.getpid(), 9)
pharos.Client(url, "astor", folder).send([
    {"kind": "day_totals", "cinema": "astor", "date": "2024-03-20", "work": "w1", "gross": "5.00",
     "admissions": 1}], stream="till")
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_sender_that_dies_makes_no_second_report(
    client: pharos.Client, server: Served, tmp_path: Path, moment: str
) -> None:
    words = [sys.executable, "-c", CRASHING, server.url, str(tmp_path / "outbox"), moment]
    died = subprocess.run(words, env=environment(), check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert client.waiting() == 1
    (sent,) = client.flush(wait=20)
    assert sent.exists == (moment == "after")
    assert client.flush() == []
    answer = client.ask("gross", period="2024-03-20")
    assert [row["gross"] for row in answer] == ["5.00"]


@pytest.mark.slow
def test_several_processes_use_one_outbox(server: Served, tmp_path: Path) -> None:
    script = """
import sys, pharos
url, folder, name = sys.argv[1:]
client = pharos.Client(url, "astor", folder)
for n in range(15):
    client.send([{"kind": "no_screenings", "cinema": name, "date": "2024-04-01"}], stream=name)
    client.flush()
"""
    words = [sys.executable, "-c", script, server.url, str(tmp_path / "outbox")]
    several = [subprocess.Popen([*words, name], env=environment()) for name in ("a", "b", "c")]
    assert [one.wait(60) for one in several] == [0, 0, 0]
    assert outbox_files(tmp_path / "outbox") == []
    with pharos.Client(server.url, outbox=None) as client:
        time.sleep(0.2)
        found = [r for r in client.reports(sender="astor") if r["stream"] in ("a", "b", "c")]
    assert len(found) == 45
    assert len({row["id"] for row in found}) == 45


class Moody(BaseHTTPRequestHandler):
    """Answers what it was told, one after the other; None breaks the line."""

    told: list[tuple[int, dict[str, str], dict[str, Any]] | None] = []  # noqa: RUF012
    asked: list[tuple[float, str]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        Moody.asked.append((time.monotonic(), self.path))
        answer = Moody.told.pop(0)
        if answer is None:
            self.close_connection = True
            return
        status, headers, body = answer
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers | {"content-length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:  # noqa: ANN401
        """Say nothing."""


@pytest.fixture
def moody() -> Iterator[str]:
    Moody.told, Moody.asked = [], []
    server = HTTPServer(("127.0.0.1", free_port()), Moody)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def problem(code: str) -> dict[str, Any]:
    return {"code": code, "detail": f"{code} it is"}


@pytest.mark.slow
def test_it_tries_again_when_it_is_told_to(moody: str, tmp_path: Path) -> None:
    body = native(totals("astor", "n1", 12, work="w1"))
    digest = "f" * 64
    receipt = {"position": 1, "sender": "a", "stream": "", "id": "1", "digest": digest,
               "leaf": "0", "arrived_at": "2024-03-08T00:00:00+00:00"}  # fmt: skip
    taken = {"receipt": receipt, "exists": False, "verdict": None}
    Moody.told = [
        (503, {"Retry-After": "1"}, problem("crowded")),
        None,
        (408, {}, problem("request-too-slow")),
        (201, {}, taken),
    ]
    with pharos.Client(moody, "astor", tmp_path, Timing(patience=10)) as client:
        # The receipt of another report is none: it stays in the outbox.
        with pytest.raises(PharosError, match="another report"):
            client.send(body, id="1")
        assert client.waiting() == 1
        assert len(Moody.asked) == 4
        assert len({path for _, path in Moody.asked}) == 1
        assert Moody.asked[1][0] - Moody.asked[0][0] >= 1
        Moody.told = [(429, {"Retry-After": "60"}, problem("crowded"))]
        with pytest.raises(Crowded, match="crowded it is"):
            client.flush()
        Moody.told = [(413, {}, problem("body-too-large"))]
        assert client.flush() == []
        assert client.waiting() == 0


def test_what_a_server_says_is_said_again() -> None:
    failure = failure_of(422, json.dumps(problem("not-kept") | {"rule": "empty"}).encode())
    assert isinstance(failure, NotKept)
    assert (failure.rule, str(failure)) == ("empty", "not-kept it is")
    assert failure_of(500, json.dumps(problem("unforeseen")).encode()).exit_code == 6
    assert failure_of(418, json.dumps(problem("teapot")).encode()).exit_code == 3
    assert "502" in str(failure_of(502, b"<html>"))


def test_ids_rise_even_when_the_clock_is_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_000_000_000)
    box = Outbox(tmp_path / "box")
    ids = [box.next_id() for _ in range(5)]
    monkeypatch.setattr(time, "time_ns", lambda: 1_600_000_000_000_000_000)
    ids += [box.next_id() for _ in range(5)]
    assert ids == sorted(set(ids))
    assert uuid7(0x0123456789AB, b"\xff" * 10) == "01234567-89ab-7fff-bfff-ffffffffffff"


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes where nobody may")
def test_without_an_outbox_nothing_is_sent(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PharosError, match="nothing was sent"):
        pharos.Client("http://127.0.0.1:9", outbox=tmp_path / "box").send(b"x", id="1")


def test_hands(client: pharos.Client) -> None:
    wish = Wish(Thing("astor", "s1"), "auditor", "miscounted", {"gross": "90.00"})
    first, second = client.correction(wish), client.correction(wish)
    assert (first.before["gross"], first.gross, first.admissions) == ("81.00", "90.00", 9)
    assert client.correct(first, wait=20).verdict is Verdict.ACCEPTED
    (row,) = client.ask("gross", where=["cinema=astor", "screening_hour=18"], by="screening_hour")
    assert row["gross"] == "90.00"
    # The figures have changed since the second was drafted.
    late = client.correct(second, wait=20)
    assert late.verdict is Verdict.HELD
    assert "look at the present figures" in late.findings[0].sentence
    assert client.join("work:w1", "work:w2", "seen", wait=20).verdict is Verdict.ACCEPTED
    with pytest.raises(BadJudgement, match="one already"):
        client.join("work:w1", "work:w2", "seen")
    client.join("work:w1", "work:w2", "not so", same=False, wait=20)
    client.close_days("2024-03-01..2024-03-10", "settled", wait=20)
    assert client.ask("gross", period="2024-03-08").status == "final"


def test_what_no_server_can_take_does_not_lie_before_the_rest(tmp_path: Path) -> None:
    with pharos.Client("http://127.0.0.1:9", sender="x", outbox=tmp_path / "outbox") as client:
        with pytest.raises(BadDraft):
            client.send(b'{"pharos": 1}\n', stream="s" * 100_000)
        assert client.waiting() == 0


@pytest.mark.slow
def test_a_damaged_report_keeps_up_no_other(server: Served, tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    for name, content in (("0", b""), ("1", b"\xff\n"), ("2", b'{"url": 1}\nx')):
        (outbox / f"{name}.report").write_bytes(content)
    nowhere = pharos.Client(f"http://127.0.0.1:{free_port()}", "north", outbox, QUICK)
    with nowhere, pytest.raises(NotServed):
        nowhere.send([totals("astor", "n9", 12, work="w1")], id="late")
    with pharos.Client(server.url, "north", outbox) as client:
        (sent,) = client.flush(moved_from=waiting_for(outbox))
    assert sent.receipt.id == "late"
    assert sorted(one.name for one in (outbox / "refused").glob("*.report")) == [
        "0.report", "1.report", "2.report",
    ]  # fmt: skip
    assert "where it goes" in (outbox / "refused" / "1.reason.txt").read_text()


def waiting_for(outbox: Path) -> str:
    (file,) = (one for one in outbox.glob("*.report") if len(one.name) > len("0.report"))
    return str(json.loads(file.read_bytes().split(b"\n")[0])["url"])
