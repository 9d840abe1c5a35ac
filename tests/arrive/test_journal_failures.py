"""What a crash, a full disk or a lost file leaves behind, and what opening makes of it."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from pharos.arrive import journal_sealing, segments
from pharos.arrive.head import parse_line
from pharos.arrive.verify import verify_journal
from pharos.errors import (
    HomeUnreadable,
    JournalDamaged,
    JournalFailed,
    NoSpace,
    SegmentUnwritten,
)
from tests.arrive.journal_home import (
    closed_book,
    commit_book,
    decision,
    draft,
    drafts,
    journal_in,
    reader_in,
)


def refuse(*_: object) -> None:
    raise OSError(5, "Input/output error")


def head_lines(home: Path) -> list[bytes]:
    return (home / "head").read_bytes().splitlines(keepends=True)


def execute(home: Path, text: str) -> None:
    with closing(sqlite3.connect(home / "journal.db", isolation_level=None)) as connection:
        connection.execute(text)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return closed_book(tmp_path_factory.mktemp("book"))


@pytest.fixture
def home(book: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(book, tmp_path / "home"))


# --- failures while writing


def test_a_failed_head_line_gives_no_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with journal_in(tmp_path) as journal:
        journal.append(drafts(1, 2))
        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(JournalFailed, match="No receipt was given"):
            journal.append(drafts(3, 4))
        monkeypatch.undo()
        for write in (
            lambda: journal.append([draft(5)]),
            lambda: journal.record([decision(1, 2)]),
            lambda: journal.seal(0),
        ):
            with pytest.raises(JournalFailed, match="takes nothing more"):
                write()
        assert journal.message(1).body == draft(1).body
    assert verify_journal(tmp_path) == []
    with journal_in(tmp_path) as journal:
        assert [receipt.exists for receipt in journal.append(drafts(1, 5))] == [True] * 4 + [False]


def test_a_full_disk_gives_no_receipt(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        journal.append(drafts(1, 2))
        (pages,) = journal._connection.execute("pragma page_count").fetchone()
        journal._connection.execute(f"pragma max_page_count = {pages}")
        with pytest.raises(NoSpace, match="full"):
            journal.append(drafts(3, 4))
        assert [message.position for message in journal.read(1, 9)] == [1, 2]
        with pytest.raises(JournalFailed, match="takes nothing more"):
            journal.append(drafts(3, 4))
    assert verify_journal(tmp_path) == []
    with journal_in(tmp_path) as journal:
        assert [receipt.position for receipt in journal.append(drafts(3, 4))] == [3, 4]


def test_an_interruption_stops_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with journal_in(tmp_path) as journal:
        monkeypatch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            journal.append(drafts(1, 2))
        monkeypatch.undo()
        with pytest.raises(JournalFailed, match="interrupted"):
            journal.append(drafts(1, 2))


# --- what a crash leaves behind


def states_of_the_last_line(whole: bytes) -> Iterator[bytes]:
    yield b""
    yield whole[:1]
    yield whole[: len(whole) // 2]
    yield whole[:-1]


def test_a_missing_or_torn_head_line_is_completed(book: Path, tmp_path: Path) -> None:
    *lines, last = head_lines(book)
    for number, left in enumerate(states_of_the_last_line(last)):
        home = Path(shutil.copytree(book, tmp_path / str(number)))
        (home / "head").write_bytes(b"".join(lines) + left)
        assert verify_journal(home) == []
        with reader_in(home) as reader:
            assert reader.size == 20
        with journal_in(home) as journal:
            assert head_lines(home) == [*lines, last]
            journal.append(drafts(21, 21))
        assert verify_journal(home) == []


def test_every_commit_of_a_book_can_lose_its_head_line(tmp_path: Path) -> None:
    """Messages, decisions and segments alike: the copy is taken between commit and head line."""
    home = tmp_path / "home"
    taken: list[Path] = []
    with journal_in(home) as journal:
        write = journal._opened.head.append  # type: ignore[union-attr]

        def copy_first(text: bytes) -> None:
            taken.append(Path(shutil.copytree(home, tmp_path / f"copy-{len(taken)}")))
            write(text)

        journal._opened.head.append = copy_first  # type: ignore[method-assign, union-attr]
        commit_book(journal)
    assert len(taken) == 9
    for copy in taken:
        assert verify_journal(copy) == []
        with journal_in(copy) as journal:
            assert len(head_lines(copy)) == journal._state.line
        assert verify_journal(copy) == []


def test_a_crash_at_birth_is_no_damage(tmp_path: Path) -> None:
    journal_in(tmp_path).close()
    genesis = (tmp_path / "head").read_bytes()
    for left in (None, b"", genesis[:9]):
        (tmp_path / "head").unlink()
        if left is not None:
            (tmp_path / "head").write_bytes(left)
        assert verify_journal(tmp_path) == []
        journal_in(tmp_path).close()
        assert (tmp_path / "head").read_bytes() == genesis
    (tmp_path / "head").unlink()
    (tmp_path / "journal.db").write_bytes(b"")
    journal_in(tmp_path).close()
    assert verify_journal(tmp_path) == []


def test_a_crash_while_sealing_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with journal_in(tmp_path) as journal:
        journal.append(drafts(1, 6))
        journal.record([decision(1, 4), decision(5, 6)])
        before = journal.read(1, 9)
        steps: list[tuple[object, str]] = [
            (segments, "_block"),
            (os, "fsync"),
            (segments, "sync_folder"),
            (journal_sealing, "file_digest"),
        ]
        for number, (where, name) in enumerate(steps):
            monkeypatch.setattr(where, name, refuse)
            with pytest.raises(SegmentUnwritten, match="Nothing was lost"):
                journal.seal(keep_last=2 - number % 2)
            monkeypatch.undo()
            assert journal.read(1, 9) == before
            assert verify_journal(tmp_path) == []
        # A file of a longer seal that died lies there under another name.
        (tmp_path / "segments" / "000000000001-000000000006.seg").write_bytes(b"left over")
        (tmp_path / "segments" / "000000000001-000000000006.part").write_bytes(b"left over")
        journal.seal(keep_last=2)
        assert journal.read(1, 9) == before
    (sealed,) = (tmp_path / "segments").iterdir()
    assert sealed.name == "000000000001-000000000004.seg"
    assert verify_journal(tmp_path) == []


def test_a_damaged_body_is_not_sealed(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        journal.append(drafts(1, 6))
        journal.record([decision(1, 6)])
        journal._connection.execute("update body set content = x'00' where position = 4")
        with pytest.raises(JournalDamaged, match="message 4 does not match"):
            journal.seal(keep_last=0)
        with pytest.raises(JournalDamaged, match="message 4 does not match"):
            journal.read(1, 9)
        assert journal.message(5).body == draft(5).body


# --- what opening refuses


def drop_messages(home: Path) -> None:
    execute(home, "delete from message where position > 17")


def lose_last_commits(home: Path) -> None:
    """The journal as it was after message 16; the head file as it is now."""
    shutil.copy(home / "head", home / "kept")
    for path in home.glob("journal.db*"):
        path.unlink()
    (home / "head").unlink()
    shutil.rmtree(home / "segments")
    with journal_in(home) as journal:
        journal.append(drafts(1, 16))
    (home / "kept").replace(home / "head")


def drop_decision(home: Path) -> None:
    execute(home, "delete from decision where number = 4")


def drop_segment(home: Path) -> None:
    execute(home, "delete from segment")


def cut_head(home: Path) -> None:
    (home / "head").write_bytes(b"".join(head_lines(home)[:-2]))


def drop_head(home: Path) -> None:
    (home / "head").unlink()


def change_head(home: Path) -> None:
    whole = (home / "head").read_bytes()
    (home / "head").write_bytes(whole[:-30] + bytes([whole[-30] ^ 1]) + whole[-29:])


def replace_head(home: Path) -> None:
    *lines, last = head_lines(home)
    line = parse_line(last[:-1])
    assert line is not None
    changed = type(line)(line.number, 20, bytes(32), 4, line.decision_digest, 1, bytes(32))
    (home / "head").write_bytes(b"".join([*lines, changed.text()]))


def torn_by_another(home: Path) -> None:
    with (home / "head").open("ab") as file:
        file.write(b"v1 11 2")


def change_a_leaf_behind_the_head(home: Path) -> None:
    (home / "head").write_bytes(b"".join(head_lines(home)[:-1]))
    execute(home, "update message set leaf = zeroblob(32) where position = 18")


def lose_database(home: Path) -> None:
    (home / "journal.db").unlink()


def no_database(home: Path) -> None:
    (home / "journal.db").write_bytes(b"this is no database" * 100)


def empty_database(home: Path) -> None:
    (home / "journal.db").write_bytes(b"")


def lose_state(home: Path) -> None:
    execute(home, "delete from state")


def drop_table(home: Path) -> None:
    execute(home, "drop table state")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (drop_messages, "ends at 17, but 20 were written: messages 18 to 20 are missing"),
        (lose_last_commits, "ends at 16, but 20 were written: messages 17 to 20 are missing"),
        (drop_decision, "ends at decision 3, but 4 were recorded"),
        (drop_segment, "lists 0 sealed segments, but 1 were sealed"),
        (cut_head, "ends at line 8, but 10 were written"),
        (drop_head, "ends at line 0, but 10 were written"),
        (change_head, "last line of the head file is not as it was written"),
        (replace_head, "does not fit the journal of 20 messages"),
        (torn_by_another, "does not fit the journal of 20 messages"),
        (change_a_leaf_behind_the_head, "messages 17 to 20 were changed"),
        (lose_database, "journal.db is missing, but .* had 20 messages"),
        (no_database, "file is not a database"),
        (empty_database, "has format 0"),
        (lose_state, "does not say how far it goes"),
        (drop_table, "no such table"),
    ],
)
def test_opening_refuses_and_says_what_is_wrong(
    home: Path, spoil: Callable[[Path], None], named: str
) -> None:
    spoil(home)
    with pytest.raises(JournalDamaged, match=named):
        journal_in(home)
    found = verify_journal(home)
    assert found
    # The lock is free again, and nothing was repaired behind the user's back.
    with pytest.raises(JournalDamaged, match=named):
        journal_in(home)
    assert verify_journal(home) == found


def test_a_reader_refuses_a_journal_that_lost_its_tail(home: Path) -> None:
    lose_last_commits(home)
    with pytest.raises(JournalDamaged, match="messages 17 to 20 are missing"):
        reader_in(home)


def test_a_home_that_may_not_be_opened(home: Path) -> None:
    (home / "journal.lock").unlink()
    (home / "journal.lock").mkdir()
    with pytest.raises(HomeUnreadable):
        journal_in(home)


# --- kill -9


@pytest.mark.parametrize(
    "kills",
    [pytest.param(20, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.torture)],
)
def test_no_receipt_is_lost_by_kill_9(tmp_path: Path, kills: int) -> None:
    home = tmp_path / "home"
    random = Random(20221001)
    acknowledged: dict[str, str] = {}
    for number in range(kills):
        for line in killed_writer(home, number, random.uniform(0.0, 0.15)):
            key = line.split()[1]
            assert acknowledged.setdefault(key, line) == line
        assert verify_journal(home) == []
    assert len(acknowledged) > kills
    with journal_in(home) as journal:
        kept = {message.envelope.id: message for message in journal.read(1, journal.size)}
        assert len(kept) == journal.size
        for key, line in acknowledged.items():
            receipt = journal.receipt(kept[key].position)
            said = f"{receipt.position} {receipt.id} {receipt.digest} {receipt.leaf}"
            assert said == line
            assert kept[key].body == f"report {key} ".encode() * 500
    assert verify_journal(home) == []


def killed_writer(home: Path, seed: int, seconds: float) -> list[str]:
    """The receipts that a writer gave before it was killed, this long after the first."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.arrive.journal_writer", str(home), str(seed)],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": ":".join(sys.path)},
        stdout=subprocess.PIPE,
    )
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(seconds)
    writer.kill()
    rest = writer.stdout.read()
    writer.wait()
    writer.stdout.close()
    lines = (first + rest).decode().splitlines(keepends=True)
    return [line.strip() for line in lines if re.fullmatch(r"\d+ \d+ \w{64} \w{64}\n", line)]
