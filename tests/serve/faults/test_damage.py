"""A damaged ledger is made anew by the server itself; a damaged journal is named and not touched.

In: homes whose files were changed while nobody served them, or while somebody did. Out: the same
answers as before, or exit code 5 and a sentence.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from shutil import copytree
from typing import Any

import pytest

from pharos.arrive.journal import Draft
from pharos.serve.home import Home
from tests.serve.faults.intents import Meaning
from tests.serve.faults.served import Failing
from tests.serve.served import PATIENCE
from tests.serve.terminal import made_home

ASK = "/api/v1/ask?measure=gross&measure=admissions&by=cinema,work"
Spoil = Callable[[Path, Random], object]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of some hundred reports, which nobody serves."""
    path = made_home(tmp_path_factory.mktemp("full"))
    with Home(path) as home:
        meanings = [Meaning(number, 7) for number in range(4)]
        for _ in range(40):
            # Four arrive before the first is decided: to decide each alone takes seconds, now and
            # whenever the ledger is made anew.
            said = [meaning.next() for meaning in meanings]
            home.journal.append([Draft(one.sender, one.stream, one.id, one.body) for one in said])
            home.catch_up()
    return path


@pytest.fixture
def server(full: Path, tmp_path: Path) -> Iterator[Failing]:
    with Failing(Path(copytree(full, tmp_path / "home"))) as made:
        yield made


def rows(server: Failing) -> Any:  # noqa: ANN401
    """What is answered, once anything is; never less than all of it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not server.answers():
            time.sleep(0.01)
            continue
        status, said = server.answer(ASK)
        if status == 200:
            return said["rows"]
        assert (status, said["code"]) in {(503, "catching-up"), (503, "ledger-unusable")}, said
        assert server.answer("/ready")[0] == 503 or server.answer(ASK)[0] == 200
        time.sleep(0.01)
    raise AssertionError(server.said())


def flip(path: Path, *places: int) -> None:
    content = bytearray(path.read_bytes())
    for place in places:
        content[place] ^= 0x55
    path.write_bytes(content)


def flip_anywhere(ledger: Path, random: Random) -> None:
    flip(ledger, *(random.randrange(ledger.stat().st_size) for _ in range(20)))


def flip_in_header(ledger: Path, random: Random) -> None:
    flip(ledger, random.randrange(4096), random.randrange(4096, 12_288))


def cut(ledger: Path, random: Random) -> None:
    ledger.write_bytes(ledger.read_bytes()[: random.randrange(ledger.stat().st_size)])


def replace(ledger: Path, random: Random) -> None:
    ledger.write_bytes(random.randbytes(50_000))


def empty(ledger: Path, random: Random) -> None:
    ledger.write_bytes(b"")


def remove(ledger: Path, random: Random) -> None:
    ledger.unlink()


def wal_of_nobody(ledger: Path, random: Random) -> None:
    ledger.with_name("ledger.duckdb.wal").write_bytes(random.randbytes(5_000))


SPOILS = (flip_anywhere, flip_in_header, cut, replace, empty, remove, wal_of_nobody)


@pytest.mark.slow
def test_a_ledger_damaged_while_stopped_is_made_anew(server: Failing) -> None:
    server.fail()
    before = rows(server)
    assert server.stop() == 0
    for seed, spoil in enumerate(SPOILS):
        spoil(server.home / "ledger.duckdb", Random(seed))
        server.fail()
        assert rows(server) == before, spoil.__name__
        server.wait_until_ready(whole=True)
        assert server.answer("/health")[1]["problem"] is None
        assert server.stop() == 0, server.said()
    assert "the ledger is made anew from the journal (" in server.said()
    assert "Traceback" not in server.said()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["removed", "flipped", "cut"])
def test_a_damaged_log_of_the_ledger_costs_nothing(server: Failing, how: str) -> None:
    """The WAL that a kill leaves behind holds what was not yet written into the file."""
    server.fail()
    server.wait_until_ready()
    send(server, "60000.00", 1)
    server.wait_until_ready(whole=True)
    before = rows(server)
    server.kill()
    log = server.home / "ledger.duckdb.wal"
    content = log.read_bytes()
    if how == "removed":
        log.unlink()
    elif how == "flipped":
        flip(log, len(content) // 2)
    else:
        log.write_bytes(content[: len(content) * 2 // 3])
    server.fail()
    assert rows(server) == before
    assert server.stop() == 0


def send(server: Failing, gross: str, number: int) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    row = (
        '{"pharos":1}\n{"kind":"day_totals","cinema":"Z","date":"2024-03-05","work":"W",'
        f'"admissions":1,"gross":"{gross}"}}\n'
    )
    connection.request("POST", f"/api/v1/messages?sender=z&id={number}&wait=5", row)
    assert connection.getresponse().status == 201
    connection.close()


def look_everywhere(server: Failing) -> None:
    """Ask for every table: what is looked at beside the board at the start is in memory already."""
    for name in ("reports", "findings", "held", "works", "cinemas", "identities", "restated"):
        if server.answers():
            assert server.answer(f"/api/v1/{name}")[0] in (200, 503)


@pytest.mark.slow
def test_a_ledger_damaged_while_served_is_made_anew(server: Failing) -> None:
    server.fail()
    before = rows(server)
    assert server.stop() == 0
    server.fail()
    server.wait_until_ready()
    ledger = server.home / "ledger.duckdb"
    with ledger.open("r+b") as file:
        # One byte of each block that nobody has looked at since the start.
        for block in range(12_288, ledger.stat().st_size, 4_096):
            file.seek(block + 100)
            byte = file.read(1)
            file.seek(block + 100)
            file.write(bytes([byte[0] ^ 0x55]))
    assert rows(server) == before
    look_everywhere(server)
    assert rows(server) == before
    server.wait_until_ready(whole=True)
    assert "the ledger is made anew from the journal (" in server.said()
    send(server, "1.00", 2)
    assert server.stop() == 0
    with Home(server.home) as home:
        assert home.ledger.position == home.journal.size


def drop_last_line(home: Path, random: Random) -> None:
    lines = (home / "head").read_bytes().splitlines(keepends=True)
    (home / "head").write_bytes(b"".join(lines[:-2]))


def flip_head(home: Path, random: Random) -> None:
    flip(home / "head", (home / "head").stat().st_size - 40)


def no_journal(home: Path, random: Random) -> None:
    (home / "journal.db").unlink()
    (home / "journal.db-wal").unlink(missing_ok=True)


def no_database(home: Path, random: Random) -> None:
    (home / "journal.db").write_bytes(random.randbytes(20_000))


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [drop_last_line, flip_head, no_journal, no_database])
def test_a_damaged_journal_is_named_and_not_touched(server: Failing, spoil: Spoil) -> None:
    spoil(server.home, Random(3))
    before = digests(server.home)
    server.fail()
    assert server.ended() == 5
    (line,) = server.said().splitlines()
    assert line.startswith("pharos: ")
    assert "head" in line or "journal" in line
    assert digests(server.home) == before


def digests(home: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.iterdir()
        if path.name != "journal.lock" and path.is_file()
    }
