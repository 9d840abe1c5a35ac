"""A rehearsal's messages reach a server at the pace of its clock, all of them."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from pharos.errors import Conflicting
from pharos.serve.playing import CONNECTIONS, Pace, Player, Reached
from pharos.serve.wire import Timing, Wire
from tests.fresh_homes import fresh_home
from tests.serve.served import Served, serving
from tests.serve.terminal import native

BEGIN = datetime(2024, 3, 5, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Message:
    """One message of a rehearsal that a test made up."""

    moment: datetime
    sender: str
    stream: str
    id: str
    body: bytes


def said(number: int, seconds: float = 0.0, *, by: str, admissions: int = 1) -> Message:
    row = {"kind": "day_totals", "cinema": f"{by} {number}", "date": "2024-03-05",
           "work": by, "admissions": admissions, "gross": f"{2 * admissions}.00"}  # fmt: skip
    moment = BEGIN + timedelta(seconds=seconds)
    return Message(moment, by, "", str(number + 1), native(row))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(fresh_home(tmp_path_factory.mktemp("playing") / "home")) as running:
        yield running


@pytest.fixture
def wire(server: Served) -> Iterator[Wire]:
    wire = Wire(server.url, Timing(patience=5))
    yield wire
    wire.close()


def quiet(reached: Reached) -> None:
    del reached


def player(wire: Wire, pace: Pace | None = None, note: Callable[[Reached], None] = quiet) -> Player:
    return Player(wire, pace or Pace(), note, threading.Event())


@pytest.mark.slow
def test_everything_is_sent_and_counted_once(server: Served, wire: Wire) -> None:
    notes: list[Reached] = []
    played = player(wire, note=notes.append).play([said(n, by="all") for n in range(200)])
    assert played.messages == 200
    assert notes[-1] == played
    (row,) = asked(server)
    assert (row["gross"], row["admissions"]) == ("400.00", 200)


def asked(server: Served) -> list[dict[str, object]]:
    """The totals once everything counts."""
    end = time.monotonic() + 20
    while httpx.get(f"{server.url}/health").json()["behind"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    rows: list[dict[str, object]] = server.get(
        "ask", measure=["gross", "admissions"], where="work=all"
    )["rows"]
    return rows


@pytest.mark.slow
def test_the_clock_goes_so_many_times_as_fast(wire: Wire) -> None:
    messages = [said(n, seconds=30.0 * n, by="clock") for n in range(5)]
    start = time.monotonic()
    played = player(wire, Pace(speed=100.0)).play(messages)
    assert 1.2 <= time.monotonic() - start < 4
    assert played.moment == messages[-1].moment


@pytest.mark.slow
def test_what_lies_before_the_beginning_is_sent_at_once(wire: Wire) -> None:
    messages = [said(n, seconds=-3600.0, by="early") for n in range(20)]
    messages += [said(100, seconds=0.0, by="early"), said(101, seconds=1.0, by="early")]
    start = time.monotonic()
    played = player(wire, Pace(speed=1.0, begin=BEGIN)).play(messages)
    assert 1.0 <= time.monotonic() - start < 3
    assert played.messages == 22
    assert played.live


@pytest.mark.slow
def test_who_stops_can_go_on_where_it_was(wire: Wire) -> None:
    messages = [said(n, seconds=float(n), by="stopped") for n in range(100)]
    ended = threading.Event()
    threading.Timer(1.0, ended.set).start()
    before = Player(wire, Pace(speed=20.0), quiet, ended).play(messages)
    assert 5 < before.messages < 50
    after = player(wire).play(messages[before.messages :], before.messages)
    assert after.messages == 100


def test_what_is_refused_ends_it_and_is_told(wire: Wire) -> None:
    same = [said(1, by="refused"), said(1, by="refused", admissions=2)]
    with pytest.raises(Conflicting, match="another report had arrived"):
        player(wire).play([said(0, by="refused"), *same])
    assert threading.active_count() < 3 + CONNECTIONS


@pytest.mark.slow
def test_a_server_that_is_away_is_waited_for(tmp_path: Path) -> None:
    server = Served(fresh_home(tmp_path / "home"))
    two = [said(0, by="away"), said(1, by="away")]
    wire = Wire(server.url, Timing(patience=20))
    played: list[Reached] = []
    thread = threading.Thread(target=lambda: played.append(player(wire).play(two)))
    thread.start()
    time.sleep(0.5)
    assert not played
    with server:
        server.start()
        thread.join(20)
    assert played[0].messages == 2
    wire.close()
