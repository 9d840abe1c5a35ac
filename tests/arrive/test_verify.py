"""Verification names what was changed and where, finds all of it, and raises on nothing."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from random import Random

import pytest

from pharos.arrive import journal_rows as rows
from pharos.arrive.envelope import encode
from pharos.arrive.head import NO_DIGEST, parse_line
from pharos.arrive.merkle import leaf_hash
from pharos.arrive.verify import Damage, verify_journal
from pharos.errors import HomeUnreadable, JournalDamaged
from tests.arrive.journal_damage import CLOSED, OPEN, Expected, Spoil, by_sql, query
from tests.arrive.journal_home import (
    closed_book,
    commit_book,
    copies,
    draft,
    drafts,
    journal_in,
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose writer has closed it."""
    return closed_book(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def dead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose writer died: all commits stand in the write-ahead log."""
    folder = tmp_path_factory.mktemp("dead")
    with journal_in(folder / "open") as journal:
        commit_book(journal)
        return Path(shutil.copytree(folder / "open", folder / "copy"))


@pytest.fixture
def home(book: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(book, tmp_path / "home"))


def says(found: list[Damage], expected: Expected) -> bool:
    return any(
        damage.position == expected.position
        and damage.where == expected.where
        and expected.words in damage.what
        for damage in found
    )


def spoiled(book: Path, dead: Path, folder: Path) -> Iterator[tuple[Path, Spoil]]:
    """Every kind of damage in turn, each on a fresh copy."""
    closed, log = copies(book, folder / "closed"), copies(dead, folder / "open")
    for spoil in cycle((*CLOSED, *OPEN)):
        yield next(log if spoil in OPEN else closed), spoil


def missed_of(damages: int, seed: int, places: Iterator[tuple[Path, Spoil]]) -> list[str]:
    """Do this many damages; what verification did not name as expected."""
    random = Random(seed)
    missed: list[str] = []
    for home, spoil in islice(places, damages):
        expected = spoil(home, random)
        found = verify_journal(home)
        if not says(found, expected):
            missed.append(f"{expected} is not in {found}")
    return missed


@pytest.mark.slow
def test_two_hundred_random_damages(book: Path, dead: Path, tmp_path: Path) -> None:
    assert missed_of(200, 2022, spoiled(book, dead, tmp_path)) == []


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(20))
def test_a_thousand_random_damages(book: Path, dead: Path, tmp_path: Path, seed: int) -> None:
    assert missed_of(1000, seed, spoiled(book, dead, tmp_path)) == []


def test_a_whole_journal_has_no_damage(book: Path, dead: Path) -> None:
    assert verify_journal(book) == []
    assert verify_journal(dead) == []


def test_verification_changes_nothing(home: Path) -> None:
    def contents() -> dict[str, bytes]:
        return {
            path.name: path.read_bytes()
            for path in home.rglob("*")
            if path.is_file() and path.name not in {"journal.db-shm", "journal.db-wal"}
        }

    before = contents()
    verify_journal(home)
    assert contents() == before


def test_a_single_damage_makes_a_single_report(home: Path) -> None:
    expected = by_sql("salt", "its salt was changed")(home, Random(1))
    (damage,) = verify_journal(home)
    assert str(damage).startswith(f"message {expected.position}: its salt was changed")


def test_the_words_name_both_values(home: Path) -> None:
    query(home, "update message set sender = 'yanping' where position = 17")
    (damage,) = verify_journal(home)
    assert damage == Damage(
        "message 17",
        "its sender was changed: the row says 'yanping', the envelope 'yanjing'",
        17,
    )
    query(home, "update message set sender = 'yanjing', arrived_at = 0 where position = 17")
    (damage,) = verify_journal(home)
    assert "the row says 1970-01-01T00:00:00+00:00, the envelope 2022-10-01T06:00:05" in str(damage)


def test_many_damages_are_all_named(home: Path) -> None:
    for text in (
        "update message set salt = zeroblob(32) where position in (1, 5, 6)",
        "update message set leaf = zeroblob(32) where position in (2, 7)",
        "update message set id = 'x' where position = 9",
        "update body set content = x'' where position = 14",
        "update message set salt = zeroblob(32), leaf = zeroblob(32) where position = 18",
    ):
        query(home, text)
    found = {damage.position: damage.what for damage in verify_journal(home)}
    assert {position for position, what in found.items() if "its salt was" in what} == {1, 5, 6}
    assert {position for position, what in found.items() if "its leaf was" in what} == {2, 7}
    assert "its id was changed" in found[9]
    assert "its body" in found[14]
    assert "do not fit together" in found[18]


def rewrite(home: Path, position: int) -> None:
    """Change a message as one who knows the format would: every digest of its row fits again."""
    with journal_in(home) as journal:
        envelope = replace(journal.message(position).envelope, sender="someone else")
    ((salt,),) = query(home, "select salt from message where position = ?", position)
    assert isinstance(salt, bytes)
    packed = encode(envelope)
    query(
        home,
        "update message set sender = ?, envelope = ?, leaf = ? where position = ?",
        envelope.sender,
        packed,
        leaf_hash(salt + packed),
        position,
    )


def test_a_message_rewritten_with_its_leaf_is_found_between_two_commits(home: Path) -> None:
    rewrite(home, 10)
    first, *_ = verify_journal(home)
    assert first.where == "messages 9 to 12"
    assert first.position == 9
    assert "their leaves do not give the root in head line 5" in first.what


def test_a_message_taken_out_of_the_middle(home: Path) -> None:
    query(home, "delete from message where position in (10, 11)")
    found = verify_journal(home)
    assert Damage("messages 10 to 11", "cannot be found", 10) in found
    assert any("table body has a row 10 that nobody sent" in damage.what for damage in found)


def test_a_body_taken_out(home: Path) -> None:
    query(home, "delete from body where position = 15")
    assert verify_journal(home) == [Damage("message 15", "its body is missing", 15)]


def test_a_message_put_in(home: Path) -> None:
    query(home, "insert into message select 21, 'x', stream, id, 0, arrived_at, digest, salt,"
        " envelope, leaf from message where position = 20")  # fmt: skip
    found = verify_journal(home)
    assert any("has message 21, which no commit put there" in damage.what for damage in found)
    query(home, "update message set position = -1 where position = 21")
    found = verify_journal(home)
    assert any(damage.where == "message -1" for damage in found)


def test_a_conflict_made_the_first(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        journal.append([draft(1), draft(1, b"other"), draft(2)])
    query(tmp_path, "update message set attempt = 2 where position = 1")
    query(tmp_path, "update message set attempt = 0 where position = 2")
    found = verify_journal(tmp_path)
    assert [damage.position for damage in found] == [1, 2]
    assert all("attempt" in damage.what for damage in found)


def head_lines(home: Path) -> list[bytes]:
    return (home / "head").read_bytes().splitlines(keepends=True)


def test_a_head_line_rewritten_with_its_check_value(home: Path) -> None:
    lines = head_lines(home)
    line = parse_line(lines[4][:-1])
    assert line is not None
    for changed in (
        replace(line, root=bytes(32)),
        replace(line, decision_digest=bytes(31) + b"x"),
        replace(line, segment_digest=bytes(31) + b"x"),
    ):
        (home / "head").write_bytes(b"".join([*lines[:4], changed.text(), *lines[5:]]))
        if changed != line:
            assert Damage("head line 5", "is not as it was written") in verify_journal(home)


def test_head_lines_taken_out_repeated_and_put_in(home: Path) -> None:
    lines = head_lines(home)
    (home / "head").write_bytes(b"".join([*lines[:3], *lines[5:]]))
    (damage,) = verify_journal(home)
    assert str(damage) == "head: lines 4 to 5 of it cannot be found"
    (home / "head").write_bytes(b"".join([*lines[:5], *lines[4:]]))
    (damage,) = verify_journal(home)
    assert str(damage) == "head: line 5 stands where line 6 should"
    (home / "head").write_bytes(b"".join([*lines[:5], b"anything\n", *lines[5:]]))
    (damage,) = verify_journal(home)
    assert damage.where == "head line 6"
    (home / "head").write_bytes(b"".join(lines[:-3]))
    (damage,) = verify_journal(home)
    assert str(damage) == "head: ends at line 7: lines 8 to 10 cannot be found"
    (home / "head").unlink()
    (damage,) = verify_journal(home)
    assert "lines 1 to 10 cannot be found" in damage.what


def test_decisions_taken_out(home: Path) -> None:
    query(home, "delete from decision where number = 4")
    found = verify_journal(home)
    assert found[0] == Damage(
        "journal.db",
        "ends at decision 3, but 4 were written: decision 4 is missing",
        13,
    )
    query(home, "delete from decision where number = 2")
    assert any(
        "decision 2, from message 5 on, cannot be found" in d.what for d in verify_journal(home)
    )


def test_decisions_rewritten_with_their_chain(home: Path) -> None:
    rechained = NO_DIGEST
    text = "select number, first_position, last_position, content_digest from decision"
    for number, first, last, content_digest in query(home, text):
        assert isinstance(first, int)
        assert isinstance(last, int)
        assert isinstance(content_digest, bytes)
        version = b"9.9.9" if number == 3 else b"0.1.0"
        rechained = rows.decision_link(rechained, (first, last), version, content_digest)
        query(
            home,
            "update decision set digest = ?, code_version = cast(? as text) where number = ?",
            rechained,
            version,
            number,
        )
    query(home, "update state set decision_digest = ?", rechained)
    found = verify_journal(home)
    assert found[0].where in {"decision 3", "decisions 3 to 4", "journal.db"}
    assert any(
        damage.where == "decisions 3 to 4" and damage.position == 9 and "chain" in damage.what
        for damage in found
    )


def remove(path: Path) -> None:
    path.unlink()


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [(remove, "is missing; it held messages 1 to 8"), (lengthen, "bytes; "), (put_folder, "")],
)
def test_a_segment_that_is_not_there(home: Path, spoil: Callable[[Path], None], words: str) -> None:
    (path,) = (home / "segments").iterdir()
    spoil(path)
    (damage,) = verify_journal(home)
    assert damage.where == "segments/000000000001-000000000008.seg"
    assert damage.position == 1
    assert words in damage.what


def test_a_changed_segment_says_what_it_no_longer_gives(home: Path) -> None:
    (path,) = (home / "segments").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    (damage,) = verify_journal(home)
    assert damage.what == "was changed; it no longer gives messages 1 to 8"


def test_the_list_of_segments_changed(home: Path) -> None:
    query(home, "update segment set sha256 = zeroblob(32)")
    found = verify_journal(home)
    assert any("its row in the list of segments was changed" in d.what for d in found)
    query(home, "delete from segment")
    found = verify_journal(home)
    assert any("ends at segment 0, but 1 were written" in damage.what for damage in found)


def test_tables_and_rules_that_are_not_ours(home: Path) -> None:
    query(home, "create trigger quiet after insert on body begin delete from body; end")
    query(home, "drop table decision_content")
    words = "\n".join(map(str, verify_journal(home)))
    assert "the table or rule 'quiet' is not as format 1 has it" in words
    assert "the table or rule 'decision_content' is not" in words


def test_files_that_are_missing_or_no_database(home: Path, tmp_path: Path) -> None:
    (home / "journal.db").write_bytes(b"this is no database " * 500)
    words = "\n".join(map(str, verify_journal(home)))
    assert "file is not a database" in words
    assert "messages 1 to 20 are missing" in words
    (home / "journal.db").unlink()
    assert verify_journal(home) == [
        Damage("journal.db", "is missing; the head file says 20 messages", 1)
    ]
    assert verify_journal(tmp_path / "nowhere") == [Damage("journal.db", "is missing", 1)]
    (home / "head").unlink()
    (home / "head").mkdir()
    assert verify_journal(home)
    (home / "journal.db").mkdir()
    assert verify_journal(home)


def test_wrong_types_are_damages_not_crashes(home: Path) -> None:
    for text in (
        "update message set arrived_at = -9223372036854775808 where position = 9",
        "update message set envelope = x'00', salt = x'', leaf = x'' where position = 10",
        "update decision set number = 4000000000000000000 where number = 4",
        "update segment set size_bytes = -1, last_position = 9223372036854775807",
        "update state set frontier = x'00', size = -5",
    ):
        query(home, text)
    words = "\n".join(map(str, verify_journal(home)))
    assert "message 9: its arrival time was changed" in words
    assert "message 10:" in words
    assert "does not say how far it goes" in words


@pytest.mark.parametrize("seed", range(60))
def test_random_bytes_anywhere_make_a_list_and_a_named_failure(home: Path, seed: int) -> None:
    """Whatever is overwritten, pages of SQLite included: nothing else is raised."""
    random = Random(seed)
    paths = [*sorted(path for path in home.rglob("*.*") if path.is_file()), home / "head"]
    for _ in range(random.randint(1, 20)):
        path = random.choice([*paths, home / "journal.db"])
        whole = bytearray(path.read_bytes())
        at = random.randrange(len(whole) + 1)
        whole[at : at + random.randint(1, 200)] = random.randbytes(random.randint(0, 200))
        path.write_bytes(whole)
    found = verify_journal(home)
    try:
        journal_in(home).close()
    except (JournalDamaged, HomeUnreadable):
        assert found


@pytest.mark.slow
def test_a_writer_at_work_is_no_damage(home: Path) -> None:
    with journal_in(home) as journal:
        for first in range(21, 60):
            journal.append(drafts(first, first))
            assert verify_journal(home) == []
