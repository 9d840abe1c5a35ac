"""Questions beside the writer: each sees one moment, none waits, none is let run for ever."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pharos.errors import AskedTooMuch, BadPeriod, Busy, LedgerUnusable, NoSuchEdition
from pharos.measure.ask import ask_in
from pharos.measure.edition import Edition
from pharos.measure.trace import trace_in
from pharos.serve.asking import asked
from pharos.serve.home import Home
from pharos.serve.readers import Limits, Readers
from tests.fresh_homes import fresh_home
from tests.serve.terminal import native

NOW = datetime(2024, 3, 20, 12, tzinfo=UTC)
#: One question of every kind of small table and pass; each has an honest answer on any home.
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"measures": ["gross", "admissions"], "by": "work"},
    {"measures": ["gross"], "by": "cinema,business_date", "period": "2024-03"},
    {"measures": ["admissions", "theatres"], "by": "chain"},
    {"measures": ["online_share"], "by": "sender,work", "where": "weekday=Friday"},
    {"measures": ["gross", "rank"], "by": "city"},
    {"measures": ["cumulative_gross", "days_on_release"], "by": "work"},
    {"measures": ["screening_share", "screens"], "by": "work,week"},
    {"measures": ["book_difference"], "by": "cinema,work"},
)
#: More than one thing at once in a query that never ends by itself.
ENDLESS = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range = 7"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(fresh_home(tmp_path / "home"), lambda: NOW) as opened:
        yield opened


def readers_of(home: Home, at_once: int = 2, waiting: int = 64, seconds: float = 30.0) -> Readers:
    return Readers(lambda: home.ledger, lambda: NOW, Limits(at_once, waiting, seconds))


def world(number: int) -> bytes:
    """A report that brings new words of every kind, and changes what earlier ones said."""
    cinema, day = f"c{number % 7}", 1 + number % 28
    place: dict[str, Any] = {"cinema": cinema, "start": f"2024-03-{day:02}T19:00:00-05:00"}
    register = {"id": f"r{number}", "expected": True, "from": "2024-03-01", "chain": f"K{number}"}
    shown = place | {"screening": f"s{number % 40}", "work": f"W{number % 11}"}
    ticket = {"number": number, "paid": "9.00", "sold_at": place["start"], "channel": "online"}
    totals = {"screening": f"t{number % 30}", "work": f"V{number}", "gross": f"{number}.00"}
    return native(
        {"kind": "register", "cinema": register | {"city": f"C{number % 3}"}},
        {"kind": "register", "work": {"id": f"W{number % 11}", "names": [
            {"language": "en", "name": f"Name {number}"}]}},
        {"kind": "tickets", **shown, **ticket, "screen": f"h{number % 5}"},
        {"kind": "screening_totals", **place, **totals, "admissions": number},
        {"kind": "day_totals", "cinema": f"d{number % 4}", "date": f"2024-03-{day:02}",
         "work": f"W{number % 3}", "admissions": 3, "gross": "27.00"},
    )  # fmt: skip


def told(edition: Edition, nth: int) -> dict[str, Any]:
    question = asked(**{"by": (), "where": (), **QUESTIONS[nth % len(QUESTIONS)]})
    if nth % 9 == 8:
        return trace_in(edition, asked(["gross"], (), "work=W1"), NOW).to_json()
    return ask_in(edition, question, NOW).to_json()


def settled(found: dict[str, Any]) -> dict[str, Any]:
    """An answer without what "now" decides: the newest edition is judged by the clock."""
    return {key: value for key, value in found.items() if key != "status"}


def held_against_their_editions(home: Home, answers: list[tuple[int, dict[str, Any]]]) -> None:
    with home.ledger.view() as view:
        for nth, found in answers:
            edition = Edition(view, found["edition"])
            assert settled(told(edition, nth)) == settled(found), (nth, found["edition"])


@pytest.mark.slow
def test_answers_beside_the_writer_are_those_of_their_editions(home: Home) -> None:
    home.send("a", "s", "0", world(1))
    readers, over = readers_of(home, at_once=3), threading.Event()
    answers: list[tuple[int, dict[str, Any]]] = []

    def go_on_asking(first: int) -> None:
        nth = first
        while not over.is_set():
            answers.append((nth, readers.submit(partial(told, nth=nth)).result()))
            nth += 1

    failures: list[BaseException] = []

    def asking(first: int) -> None:
        try:
            go_on_asking(first)
        except BaseException as failure:  # noqa: BLE001  (shown by the assertion)
            failures.append(failure)

    threads = [threading.Thread(target=asking, args=(first,)) for first in (0, 3, 5)]
    for thread in threads:
        thread.start()
    for number in range(2, 40):
        home.send(f"s{number % 5}", "s", str(number), world(number))
    over.set()
    for thread in threads:
        thread.join()
    readers.close()
    assert not failures, failures
    assert len({found["edition"] for _, found in answers}) > 8
    # As many as there is time for, from the first to the last.
    held_against_their_editions(home, answers[:: max(1, len(answers) // 120)])


def test_a_question_sees_one_moment(home: Home) -> None:
    readers, begun, go_on = readers_of(home), threading.Event(), threading.Event()
    home.send("a", "s", "1", world(1))

    def twice(edition: Edition) -> tuple[Any, Any]:
        first = told(edition, 0)
        begun.set()
        assert go_on.wait(30)
        return first, told(edition, 0)

    asked_twice = readers.submit(twice)
    assert begun.wait(30)
    home.send("a", "s", "2", world(2))
    go_on.set()
    first, second = asked_twice.result(30)
    assert first == second
    assert readers.submit(lambda edition: edition.position).result() == first["edition"] + 1
    readers.close()


def test_a_reader_neither_waits_for_the_pen_nor_is_told_its_failure(home: Home) -> None:
    readers, may_commit = readers_of(home), threading.Event()
    home.send("a", "s", "1", world(1))

    def fails() -> None:
        assert may_commit.wait(30)
        raise OSError("the disk is full")

    with home.ledger.transaction(99, NOW.replace(tzinfo=None), fails):
        pass
    assert readers.submit(lambda edition: edition.position).result(5) == 2
    may_commit.set()
    with pytest.raises(OSError, match="disk is full"):
        home.ledger.wait()
    assert readers.submit(lambda edition: told(edition, 0)).result(5)["edition"] == 2
    home.ledger.renew()
    readers.close()


@pytest.mark.slow
def test_a_reader_gives_no_code_to_the_writer(home: Home) -> None:
    home.send("a", "s", "1", world(1))
    before = {kind: list(terms.texts) for kind, terms in home.ledger.terms.items()}
    readers = readers_of(home)
    for nth in range(len(QUESTIONS)):
        readers.submit(partial(told, nth=nth)).result()
    with home.ledger.view() as view:
        assert view.terms["cinema"].known("r1") is not None
    assert {kind: terms.texts for kind, terms in home.ledger.terms.items()} == before
    readers.close()


def test_too_many_questions_are_told_so(home: Home) -> None:
    readers, go_on = readers_of(home, at_once=1, waiting=1), threading.Event()
    taken: list[Future[bool]] = [readers.submit(lambda _: go_on.wait(30)) for _ in range(2)]
    with pytest.raises(Busy, match="ask again"):
        readers.submit(lambda _: True)
    go_on.set()
    wait(taken, 30)
    assert readers.submit(lambda _: True).result(30)
    readers.close()


def test_it_is_known_whether_anything_is_asked(home: Home) -> None:
    readers, let = readers_of(home), threading.Event()
    assert not readers.are_asked()
    asked_for = readers.submit(lambda _: let.wait(30))
    assert readers.are_asked()
    let.set()
    assert asked_for.result(30)
    readers.close()
    assert not readers.are_asked()


def test_a_question_over_its_time_is_broken_off(home: Home) -> None:
    readers, since = readers_of(home, at_once=1, seconds=0.2), time.monotonic()
    with pytest.raises(AskedTooMuch, match="ask for less"):
        readers.submit(lambda edition: edition.rows(ENDLESS)).result(30)
    assert time.monotonic() - since < 5
    assert readers.submit(lambda edition: edition.position).result(30) == 1
    readers.close()


def test_a_question_that_waited_for_too_long_is_told_so(home: Home) -> None:
    readers = readers_of(home, at_once=1, seconds=0.1)
    slow = readers.submit(lambda _: time.sleep(0.3))
    late = readers.submit(lambda _: True)
    slow.result(30)
    with pytest.raises(Busy, match="waited"):
        late.result(30)
    readers.close()


def test_closing_breaks_off_what_is_asked(home: Home) -> None:
    readers, since = readers_of(home, at_once=1), time.monotonic()
    running = readers.submit(lambda edition: edition.rows(ENDLESS))
    waiting = readers.submit(lambda edition: edition.position)
    time.sleep(0.1)
    readers.close()
    assert time.monotonic() - since < 5
    assert isinstance(running.exception(0), AskedTooMuch)
    assert waiting.cancelled()


def test_a_question_broken_off_by_a_rebuild_is_not_told_that_it_was_too_long(home: Home) -> None:
    """It was broken off because the ledger is made anew, and can be asked again as it was."""
    readers = readers_of(home, at_once=1)
    running = readers.submit(lambda edition: edition.rows(ENDLESS))
    time.sleep(0.1)
    home.ledger.close()
    failure = running.exception(30)
    assert isinstance(failure, LedgerUnusable)
    assert failure.in_use
    assert "again in a moment" in str(failure)
    readers.close()


def test_the_ledger_may_be_exchanged(home: Home, tmp_path: Path) -> None:
    with Home(fresh_home(tmp_path / "other"), lambda: NOW) as other:
        other.send("a", "s", "1", world(1))
        current = [home.ledger]
        readers = Readers(lambda: current[0], lambda: NOW)
        assert readers.submit(lambda edition: edition.position).result() == 1
        current[0] = other.ledger
        assert readers.submit(lambda edition: edition.position).result() == 2
        readers.close()


def test_a_closed_ledger_cannot_be_asked(tmp_path: Path) -> None:
    with Home(fresh_home(tmp_path / "home"), lambda: NOW) as home:
        readers = readers_of(home)
    with pytest.raises(LedgerUnusable):
        readers.submit(lambda edition: edition.position).result()
    readers.close()


def test_what_is_wrong_with_a_question_is_told_as_it_is(home: Home) -> None:
    readers = readers_of(home)

    async def asked_wrongly() -> None:
        with pytest.raises(NoSuchEdition):
            await readers.read(lambda edition: edition.position, 99)
        with pytest.raises(BadPeriod):
            await readers.read(lambda edition: edition.period("never"))

    asyncio.run(asked_wrongly())
    readers.close()
