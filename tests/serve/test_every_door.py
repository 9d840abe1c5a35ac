"""Every door takes one report as the same report, and keeps nothing that is not declared."""

from datetime import date
from pathlib import Path

import pytest

import pharos
from pharos.arrive.administration import Closing, administration_body
from pharos.errors import BadQuestion, NotKept
from pharos.serve.addressed import Keeps
from pharos.serve.clock import HomeClock
from pharos.serve.dropped import dropped, parcel_of
from pharos.serve.home import Home, utc_now
from tests.fresh_homes import fresh_home
from tests.serve.served import serving
from tests.serve.terminal import native
from tests.serve.terminal import pharos as command

TICKET = {
    "kind": "tickets", "cinema": "c", "number": 1, "screening": "s", "work": "W",
    "start": "2024-03-05T19:00:00-05:00", "sold_at": "2024-03-05T18:00:00-05:00", "paid": "10.00",
}  # fmt: skip
PRIVATE = native(TICKET | {"customer": "Jane Roe"})


@pytest.mark.slow
def test_a_report_that_comes_through_every_door_counts_once(tmp_path: Path) -> None:
    home, body, file = fresh_home(tmp_path / "home"), native(TICKET), tmp_path / "report.jsonl"
    file.write_bytes(body)
    with serving(home) as server:
        assert not server.send(body, "till")["exists"]
        with pharos.Client(server.url, sender="till", outbox=tmp_path / "outbox") as client:
            # Under an id of its own; its events are known by their numbers in the same stream.
            assert client.send(body, wait=10).verdict is not None
            assert client.send(file, wait=10).exists
    assert (
        command(home, "submit", str(file), "--sender", "till", "--json").json["verdict"] == "exists"
    )
    with Home(home) as opened:
        assert opened.send("till", "", "", body).verdict == "exists"
        assert opened.ask("gross admissions").rows[0]["gross"] == "10.00"


@pytest.mark.slow
def test_no_door_keeps_what_is_not_declared(tmp_path: Path) -> None:
    home, file = fresh_home(tmp_path / "home"), tmp_path / "private.jsonl"
    file.write_bytes(PRIVATE)
    assert "customer" in command(home, "submit", str(file)).out
    with Home(home) as opened:
        done = opened.send("x", "", "1", PRIVATE)
        assert (done.verdict, done.receipt) == ("refused", None)
        size = opened.journal.size
    with serving(home) as server:
        assert server.post("messages", PRIVATE, sender="x").status_code == 422
        assert server.post("batches", PRIVATE, sender="x").status_code == 422
        assert server.get("ask", measure="gross")["edition"] == size
    assert b"Jane" not in b"".join(one.read_bytes() for one in home.iterdir() if one.is_file())


def test_no_door_lets_a_stranger_speak_as_the_home(tmp_path: Path) -> None:
    act = administration_body(Closing(first=date(2024, 3, 1), last=date(2024, 3, 1)))
    for sender, content, words in (("home", native(TICKET), "home itself"), ("x", act, "only the")):
        file = tmp_path / "inbox" / sender / "report.jsonl"
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
        (found,) = dropped(tmp_path / "inbox")
        with pytest.raises((BadQuestion, NotKept), match=words):
            parcel_of(found, Keeps(lambda _: None, HomeClock(utc_now)))
        file.unlink()
    with Home(fresh_home(tmp_path / "home")) as home:
        size = home.journal.size
        assert home.send("x", "", "1", act).receipt is None
        assert home.journal.size == size
    with (
        pytest.raises(BadQuestion, match="home itself"),
        pharos.Client("http://127.0.0.1:1", sender="home", outbox=tmp_path / "out") as client,
    ):
        client.send(native(TICKET))
    assert not (tmp_path / "out").exists()
