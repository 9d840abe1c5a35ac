"""Notes as a file that is submitted: kept, replaced, rebuilt, and told what is wrong."""

from pathlib import Path

import pytest

from pharos.arrive.administration import Setting
from pharos.check.parameters import packaged_rules
from pharos.measure.edition import edition_in
from pharos.serve.home import Home
from pharos.words.notes import Note
from tests.serve.terminal import complained, pharos

HEAD = "first,last,name,kind,place\n"


def file_of(home: Path, text: str, encoding: str = "utf-8") -> str:
    path = home.parent / "notes.csv"
    path.write_text(text, encoding=encoding)
    return str(path)


def noted(home: Path, as_of: int | None = None) -> list[str]:
    with Home(home) as opened:
        opened.catch_up()
        with opened.ledger.view() as view:
            found: tuple[Note, ...] = edition_in(view, as_of).notes
    return [note.name for note in found]


def test_a_file_of_notes_is_kept_and_replaced(home: Path) -> None:
    first = pharos(home, "submit", file_of(home, HEAD + "2024-03-08,,节日,event,\n"),
                   "--notes", "--json")  # fmt: skip
    assert (first.code, first.json["verdict"], first.json["facts"]) == (0, "accepted", 1)
    path = file_of(home, HEAD + "2024-03-09,,Fair,event,\n", "utf-16")
    assert pharos(home, "submit", path, "--notes").code == 0
    at = first.json["receipt"]["position"]
    assert (noted(home), noted(home, at), noted(home, at - 1)) == (["Fair"], ["节日"], [])
    (home / "ledger.duckdb").unlink()
    assert (noted(home), noted(home, at)) == (["Fair"], ["节日"])
    assert pharos(home, "submit", file_of(home, HEAD), "--notes").code == 0
    assert noted(home) == []


def test_every_wrong_line_is_told_and_nothing_is_kept(home: Path) -> None:
    text = HEAD + "2024-03-08,,Fair,party,\n2024-03-40,,Fair,event,\n"
    for words in (("--dry-run",), ()):
        said = pharos(home, "submit", file_of(home, text), "--notes", *words)
        complained(said, 2, "line 2: there is no kind 'party'", "line 3: first '2024-03-40'")
    said = pharos(home, "submit", file_of(home, HEAD + "2024-03-08,,节日,event,\n", "gb18030"),
                  "--notes")  # fmt: skip
    complained(said, 2, "UTF-8")
    assert noted(home) == []


def test_a_door_refuses_wrong_notes_before_they_are_kept(home: Path) -> None:
    with Home(home) as opened:
        size = opened.journal.size
        done = opened.administer(Setting(kind="notes", name="notes", text="first,name\n"))
        assert (done.receipt, opened.journal.size) == (None, size)
        assert "line 1: its columns are first, name" in done.findings[0].sentence


def test_notes_and_a_mapping_are_not_one_file(home: Path) -> None:
    path = file_of(home, HEAD)
    assert pharos(home, "submit", path, "--notes", "--map", "agile-showings").code == 2


@pytest.mark.parametrize("name", ["notes.csv", "rules.toml"])
def test_a_dry_run_of_a_setting_keeps_nothing(home: Path, name: str) -> None:
    path = home.parent / name
    is_notes = name.endswith("csv")
    path.write_text(HEAD + "2024-03-08,,Fair,event,\n" if is_notes else packaged_rules())
    words = ["--notes"] if is_notes else []
    with Home(home) as opened:
        size = opened.journal.size
    said = pharos(home, "submit", str(path), *words, "--dry-run", "--json")
    assert (said.code, said.json["dry_run"], said.json["receipt"]) == (0, True, None)
    assert (said.json["verdict"], said.json["facts"]) == ("accepted", 1)
    with Home(home) as opened:
        assert opened.journal.size == size
