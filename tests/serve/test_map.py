"""`pharos map`: what it prints, what it writes, what it asks, what it refuses."""

import builtins
from pathlib import Path

import pytest

from pharos.arrive.mapping import parse_mapping
from pharos.serve import mapping_draft
from tests.serve.shelf import SHELF, put
from tests.serve.terminal import complained, pharos

TABLE = """Rex;;;
Datum;Film;Besucher;Umsatz
01.03.2024;Eins;3;28,50
02.03.2024;Zwei;viele;19,00
Summe;;5;47,50
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "rex.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.mark.slow
def test_it_shows_the_sheet_what_it_would_read_and_what_it_cannot_know(table: Path) -> None:
    said = pharos(table.parent, "map", str(table))
    assert said.code == 0
    for part in (
        "<work>", "<admissions>", "header", "total",
        "it would read 1 rows and hold 1",
        "row 4: admissions is 'viele'",
        "total rows: 0 of 2 figures are what their lines make",
        "row 5: the total row states admissions 5, its 2 lines make 3: 2 more is stated; some of",
        "cinema: what is the id of the cinema?",
        "territory: in which territory is it? (perhaps DE)",
        '# ASK: cinema = ""',
        '[[total]]\ncolumn = "Datum"\nequals = ["Summe"]',
    ):  # fmt: skip
        assert part in said.out, part


@pytest.mark.slow
def test_it_writes_a_mapping_that_works_once_the_questions_are_answered(table: Path) -> None:
    made = table.with_suffix(".toml")
    said = pharos(table.parent, "map", str(table), "--cinema", "rex", "-o", str(made))
    assert f"written: {made}" in said.out
    assert "[columns]" not in said.out
    mapping = parse_mapping(made.read_text(encoding="utf-8"))
    assert mapping.constants == {"cinema": "rex"}
    again = pharos(table.parent, "map", str(table), "-o", str(made))
    complained(again, 2, "there already")


@pytest.mark.slow
def test_the_same_as_json(table: Path) -> None:
    said = pharos(table.parent, "map", str(table), "--json", "--answer", "zone=Europe/Berlin").json
    assert 'zone = "Europe/Berlin"' in said["mapping"]
    assert [question["key"] for question in said["questions"]] == [
        "cinema", "territory", "currency"]  # fmt: skip
    assert said["fields"] == ["date", "work", "admissions", "gross"]
    assert (said["trial"]["rows"], said["trial"]["held"], said["trial"]["totals"]) == (1, 1, 2)


@pytest.mark.slow
def test_on_a_terminal_it_asks(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"cinema": "rex", "territory": "-", "zone": "", "currency": ""}
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return answers[prompt.partition(":")[0]]

    monkeypatch.setattr(builtins, "input", answer)
    monkeypatch.setattr(mapping_draft, "_asks", lambda _: True)
    said = pharos(table.parent, "map", str(table))
    assert len(asked) == 4
    assert "[Europe/Berlin], - to leave it out" in asked[2]
    for line in ('cinema = "rex"', 'zone = "Europe/Berlin"', 'currency = "EUR"'):
        assert f"\n{line}\n" in said.out
    assert '# ASK: territory = "DE"' in said.out


@pytest.mark.slow
def test_a_draft_that_lacks_a_column_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("When,What,Money\n2024-03-01,One,27.50\n")
    said = pharos(tmp_path, "map", str(path))
    assert said.code == 0
    assert "it cannot be tried yet: day_totals rows need" in said.out
    assert "work: which column is the work?" in said.out
    said = pharos(tmp_path, "map", str(path), "--json").json
    assert "need" in said["trial"]["problem"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--answer", "zone"), "no answer"),
        (("-o", "/nowhere/at/all.toml"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(table: Path, words: tuple[str, ...], says: str) -> None:
    complained(pharos(table.parent, "map", str(table), *words), 2, says)


SHELVED = [name for name in SHELF if not name.startswith("a-")]


@pytest.mark.slow
# The same files are tried at other doors; this one takes every third in `make test`.
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.torture] if nth % 3 else [])
        for nth, name in enumerate(SHELVED)
    ],
)
def test_bad_files_are_refused_or_drafted(name: str, tmp_path: Path) -> None:
    said = pharos(tmp_path, "map", str(put(name, tmp_path)))
    assert said.code in {0, 3}, said.err
    if said.code:
        complained(said, 3, name)
