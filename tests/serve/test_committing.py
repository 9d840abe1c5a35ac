"""Groups of messages are committed together; after a failure, or at the end, nothing is taken."""

import asyncio
import errno
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import duckdb
import pytest

from pharos.arrive.journal import BODY_LIMIT, Draft
from pharos.errors import BodyTooLarge, JournalFailed, NoSpace, Stopping
from pharos.serve.committing import LASTING_SECONDS, PRESSED_SECONDS, GroupCommit, Limits
from pharos.serve.home import Home
from pharos.serve.writer import TRIES, WriterLoop
from pharos.words.report import Receipt
from tests.serve.terminal import TOTALS, made_home, native

NO_SPARE = Limits(spare_bytes=0)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(made_home(tmp_path)) as opened:
        yield opened


def draft(number: int) -> Draft:
    return Draft("x", "s", str(number), native(TOTALS | {"screening": f"s{number}"}))


def committing(home: Home, work: Callable[[GroupCommit], Awaitable[None]]) -> GroupCommit:
    """Work beside a running group commit; returns it ended."""

    async def both() -> GroupCommit:
        commits = GroupCommit(home, NO_SPARE)
        running = asyncio.create_task(commits.run())
        await work(commits)
        commits.close()
        await asyncio.wait_for(running, 10)
        return commits

    return asyncio.run(both())


def refuse_fsync(monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    def refused(_: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "fsync", refused)


def refuse_write(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", refused)


def test_what_comes_after_the_end_is_refused_and_not_left_waiting(home: Home) -> None:
    async def work(commits: GroupCommit) -> None:
        (receipt,) = await commits.keep([draft(1)])
        assert receipt.position == home.journal.size
        commits.close()
        with pytest.raises(Stopping, match="send it again"):
            await commits.keep([draft(2)])

    committing(home, work)


def test_after_a_failed_fsync_no_journal_is_opened_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer's record may fail first: what it failed of must not be forgotten by mending."""
    journal = home.journal

    async def work(commits: GroupCommit) -> None:
        refuse_fsync(monkeypatch, errno.EIO)
        with pytest.raises(JournalFailed):
            journal.append([draft(1)])
        monkeypatch.undo()
        with pytest.raises(JournalFailed, match="Restart"):
            await commits.keep([draft(2)])

    failure = committing(home, work).failure
    assert isinstance(failure, JournalFailed)
    assert home.journal is journal
    assert not journal.full


def test_a_disk_that_was_full_for_another_thread_is_taken_from_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(commits: GroupCommit) -> None:
        refuse_write(monkeypatch)
        with pytest.raises(NoSpace):
            home.journal.append([draft(1)])
        assert home.journal.full
        with pytest.raises(NoSpace):
            await commits.keep([draft(2)])
        monkeypatch.undo()
        receipts = await commits.keep([draft(1), draft(2), draft(3)])
        assert [receipt.exists for receipt in receipts] == [True, False, False]

    assert committing(home, work).failure is None


def test_what_was_kept_before_its_commit_failed_is_counted_once_it_is_sent_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal may find on opening that the commit that a full disk stopped is whole."""
    keep, told = home.keep, []

    def kept_and_failed(drafts: Sequence[Draft]) -> list[Receipt]:
        monkeypatch.setattr(home, "keep", keep)
        keep(drafts)
        raise NoSpace("the disk is full")

    async def work(commits: GroupCommit) -> None:
        commits.kept = lambda: told.append(commits.received)
        monkeypatch.setattr(home, "keep", kept_and_failed)
        with pytest.raises(NoSpace):
            await commits.keep([draft(1)])
        (receipt,) = await commits.keep([draft(1)])
        assert receipt.exists
        assert commits.received == receipt.position == home.journal.size
        assert commits.waiting_since(receipt.position - 1) == receipt.arrived_at
        await commits.keep([draft(1)])

    committing(home, work)
    assert told == [home.journal.size]


@pytest.mark.slow
def test_the_writers_loop_outlives_a_disk_that_is_full_for_a_while(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    loop = WriterLoop(home, [], lambda: None, said.append)
    home.keep([draft(1)])
    refuse_write(monkeypatch)
    loop.start()
    wait_for(lambda: bool(loop.problem))
    monkeypatch.undo()
    wait_for(lambda: loop.progress.applied == home.journal.size)
    loop.stop()
    assert loop.failure is None
    assert loop.problem == ""
    assert "tried again" in said[0]


def test_the_writers_loop_ends_after_a_failed_fsync(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = WriterLoop(home, [], lambda: None, lambda _: None)
    home.keep([draft(1)])
    refuse_fsync(monkeypatch, errno.EIO)
    loop.start()
    wait_for(lambda: loop.failure is not None)
    monkeypatch.undo()
    assert isinstance(loop.failure, JournalFailed)
    loop.stop()


def test_old_messages_that_cannot_be_sealed_stop_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pharos.serve.home.SEALED_AFTER", 1)
    monkeypatch.setattr("pharos.serve.home.KEPT_OPEN", 0)
    # A file where the folder of the segments belongs.
    (home.path / "segments").write_bytes(b"")
    loop = WriterLoop(home, [], lambda: None, lambda _: None)
    home.keep([draft(1), draft(2)])
    loop.start()
    wait_for(lambda: "segment" in loop.problem)
    assert loop.progress.applied == home.journal.size
    loop.stop()
    assert loop.failure is None
    (home.path / "segments").unlink()


def test_a_sealing_that_a_mended_journal_overtook_is_no_failure(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It rests between two files; meanwhile a full disk may have had the journal opened anew."""
    tried: list[int] = []

    def seal(go_on: Callable[[], bool]) -> None:
        del go_on
        tried.append(1)
        if len(tried) == 1:
            raise JournalFailed("the journal takes nothing more since a commit failed")

    said: list[str] = []
    monkeypatch.setattr(home, "seal_what_is_old", seal)
    loop = WriterLoop(home, [], lambda: None, said.append)
    loop.start()
    wait_for(lambda: len(tried) == 1)
    home.keep([draft(1)])
    loop.grown()
    wait_for(lambda: len(tried) > 1)
    loop.stop()
    assert (loop.failure, said) == (None, [])
    assert loop.progress.applied == home.journal.size


def wait_for(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.slow
def test_a_crowd_that_lasts_is_felt(home: Home) -> None:
    """Whoever else works in this process gives way while many wait, one group after another."""
    numbers = count(1)

    async def crowd(commits: GroupCommit) -> None:
        await asyncio.gather(*(commits.keep([draft(next(numbers))]) for _ in range(20)))

    async def work(commits: GroupCommit) -> None:
        await commits.keep([draft(next(numbers))])
        await crowd(commits)
        assert not commits.is_pressed()
        end = time.monotonic() + LASTING_SECONDS + 0.1
        while time.monotonic() < end:
            await crowd(commits)
        assert commits.is_pressed()
        await asyncio.sleep(PRESSED_SECONDS + 0.1)
        assert not commits.is_pressed()

    committing(home, work)


def test_a_message_that_is_too_large_harms_nobody_else(home: Home) -> None:
    async def work(commits: GroupCommit) -> None:
        large = Draft("x", "s", "large", b" " * (BODY_LIMIT + 1))
        with pytest.raises(BodyTooLarge):
            await commits.keep([large])
        assert [one.exists for one in await commits.keep([draft(1)])] == [False]

    assert committing(home, work).failure is None


@pytest.mark.slow
def test_memory_that_questions_take_costs_no_ledger(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer waits until they are done, however often it has to try."""
    left = iter(range(TRIES + 3))

    def crowded(*_: object) -> None:
        if next(left, None) is not None:
            raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate")

    said: list[str] = []
    monkeypatch.setattr("pharos.serve.writer.PAUSE_SECONDS", 0.01)
    monkeypatch.setattr("pharos.serve.writer.TURN_SECONDS", 0.01)
    loop = WriterLoop(home, [], lambda: None, said.append)
    monkeypatch.setattr(loop, "_must_be_well", crowded)
    home.keep([draft(1)])
    loop.start()
    wait_for(lambda: loop.progress.applied == home.journal.size)
    loop.stop()
    assert loop.failure is None
    assert len(said) == 1
    assert "made anew" not in said[0]
