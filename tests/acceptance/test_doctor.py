"""Whatever byte of a home is damaged, `pharos doctor` names what and where.

In: a real home, damaged at random. Out: an exit code and sentences.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from random import Random

import pytest

from pharos.serve.home import Home
from tests.arrive.journal_damage import (
    Expected,
    Spoil,
    body_by_sql,
    body_in_file,
    by_sql,
    flipped,
    head,
    in_file,
    query,
    segment_cut,
    segment_flipped,
)
from tests.arrive.journal_home import copies
from tests.serve.terminal import made_home, native, pharos

LAST = 20
SEALED = 8


def fill(home: Home) -> None:
    """Nineteen reports behind the message that `init` wrote; the first eight messages sealed."""
    for n in range(2, LAST + 1):
        row = {
            "kind": "screening_totals", "cinema": f"C{n % 3}", "screening": f"s{n}",
            "start": f"2024-03-{n:02d}T19:00:00-05:00", "work": f"Work {n}",
            "admissions": n, "gross": f"{n}.50",
        }  # fmt: skip
        home.send("yanjing", "till", str(n), native(row))
        if n == SEALED + 2:
            home.journal.seal(keep_last=2)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that nobody has open."""
    home = made_home(tmp_path_factory.mktemp("book"))
    with Home(home) as opened:
        fill(opened)
    return home


@pytest.fixture(scope="module")
def dead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose process died: its last commits stand in the write-ahead log only."""
    folder = tmp_path_factory.mktemp("dead")
    home = made_home(folder)
    with Home(home) as opened:
        fill(opened)
        return Path(shutil.copytree(home, folder / "copy"))


def decision(column: str, words: str, cast: str = "blob") -> Spoil:
    """Flip a bit of a recorded decision that is not sealed; each is about one message."""

    def spoil(home: Path, random: Random) -> Expected:
        table = "decision_content" if column == "content" else "decision"
        kept = query(home, "select number from decision_content order by number")
        ((which,),) = [random.choice(kept)]
        ((value,),) = query(home, f"select {column} from {table} where number = ?", which)
        assert isinstance(value, bytes)
        text = f"update {table} set {column} = cast(? as {cast}) where number = ?"
        query(home, text, flipped(value, random), which)
        ((first,),) = query(home, "select first_position from decision where number = ?", which)
        assert isinstance(first, int)
        return Expected(first, f"decision {which!r}", words)

    return spoil


def log_cut(home: Path, random: Random) -> Expected:
    """Cut the write-ahead log; SQLite then forgets its tail without a word."""
    path = home / "journal.db-wal"
    whole = path.read_bytes()
    path.write_bytes(whole[: random.randrange(len(whole))])
    try:
        ((left,),) = query(home, "select count(*) from message")
    except sqlite3.OperationalError:
        left = 0
    assert isinstance(left, int)
    if left < LAST:
        return Expected(left + 1, "journal.db", f"ends at message {left}, but {LAST} were written")
    # The last message is there and what was decided about it is not.
    return Expected(None, "journal.db", "")


DAMAGES: tuple[Spoil, ...] = (
    body_by_sql,
    body_in_file,
    by_sql("sender", "its sender was changed", "text"),
    in_file("sender", "its sender was changed"),
    by_sql("arrived_at", "its arrival time was changed", "integer"),
    in_file("arrived_at", "its arrival time was changed"),
    by_sql("salt", "its salt was changed"),
    in_file("salt", "its salt was changed"),
    by_sql("envelope", "envelope"),
    by_sql("leaf", "its leaf was changed"),
    decision("content", "its content does not match its digest"),
    decision("code_version", "its row was changed", "text"),
    decision("digest", "its row was changed"),
    head,
    head,
    segment_flipped,
    segment_cut,
    log_cut,
    log_cut,
    log_cut,
)


def places(book: Path, dead: Path, folder: Path) -> Iterator[tuple[Path, Spoil]]:
    """Every kind of damage in turn, each on a fresh copy."""
    closed, log = copies(book, folder / "closed"), copies(dead, folder / "open")
    for spoil in cycle(DAMAGES):
        yield next(log if spoil is log_cut else closed), spoil


def missed_of(damages: int, random: Random, made: Iterator[tuple[Path, Spoil]]) -> list[str]:
    """What the doctor did not name, of so many damages."""
    missed = []
    for home, spoil in islice(made, damages):
        expected = spoil(home, random)
        said = pharos(home, "doctor", "--json")
        damages_said = said.json["damages"] if said.code == 5 else []
        if not any(_names(text, expected) for text in damages_said):
            missed.append(f"{expected} is not in {said}")
    return missed


def _names(text: str, expected: Expected) -> bool:
    return text.startswith(expected.where) and expected.words in text


@pytest.mark.slow
@pytest.mark.parametrize("count", [60, pytest.param(200, marks=pytest.mark.torture)])
def test_random_damages_are_named(book: Path, dead: Path, tmp_path: Path, count: int) -> None:
    assert missed_of(count, Random(2024), places(book, dead, tmp_path)) == []


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_random_damages_are_named(
    book: Path, dead: Path, tmp_path: Path, seed: int
) -> None:
    assert missed_of(1_000, Random(seed), places(book, dead, tmp_path)) == []


@pytest.mark.slow
def test_one_damage_of_each_kind_is_named(book: Path, dead: Path, tmp_path: Path) -> None:
    assert missed_of(len(DAMAGES), Random(7), places(book, dead, tmp_path)) == []


def test_a_whole_home_is_healthy(book: Path, dead: Path, tmp_path: Path) -> None:
    for home in (book, dead):
        copy = Path(shutil.copytree(home, tmp_path / home.parent.name / home.name))
        said = pharos(copy, "doctor")
        assert (said.code, said.out.strip()) == (0, "all is as it was written")


def test_a_healthy_journal_with_a_lost_ledger_is_a_remark(book: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(book, tmp_path / "home"))
    (home / "ledger.duckdb").unlink()
    said = pharos(home, "doctor")
    assert said.code == 0
    assert "pharos rebuild" in said.out


def test_a_damaged_home_still_says_so_when_asked_to_write(book: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(book, tmp_path / "home"))
    lines = (home / "head").read_bytes().splitlines(keepends=True)
    (home / "head").write_bytes(b"".join(lines[:-1]) + lines[-1].replace(b"2", b"3"))
    said = pharos(home, "submit", str(home / "head"))
    assert said.code == 5, said
    assert "head" in said.err
