"""A home in trouble: rebuilt, busy, damaged, or left early by its reader.

In: commands as people type them. Out: what they print and leave behind.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pharos.serve.home import Home, reading
from tests.serve.terminal import (
    TOTALS,
    command,
    complained,
    environment,
    pharos,
    pharos_process,
    written,
)


def all_answers(home: Path) -> list[Any]:
    measures, by = ("gross", "admissions", "screenings"), "work,business_date"
    newest = pharos(home, "ask", *measures, "--by", by, "--json").json
    with reading(home) as opened:
        older = [opened.ask(*measures, by=by, as_of=n) for n in range(newest["edition"] + 1)]
    return [newest, *(answer.to_json() for answer in older)]


@pytest.mark.slow
def test_rebuild_changes_no_answer(home: Path) -> None:
    before = all_answers(home)
    for words in ((), ("--full",)):
        said = pharos(home, "rebuild", "--json", *words)
        assert (said.code, said.json) == (0, {"edition": 2})
        assert all_answers(home) == before


@pytest.mark.slow
@pytest.mark.parametrize("garbage", [None, b"", b"\0" * 9_000, b"DUCK" * 4_000, "cut"])
def test_a_home_makes_a_lost_ledger_again_by_itself(
    home: Path, garbage: bytes | str | None
) -> None:
    before, path = all_answers(home), home / "ledger.duckdb"
    if garbage is None:
        path.unlink()
    elif isinstance(garbage, str):
        path.write_bytes(path.read_bytes()[:5_000])
    else:
        path.write_bytes(garbage)
    assert all_answers(home) == before
    later = written(home.parent / "later.jsonl", TOTALS | {"screening": "s4"})
    assert pharos(home, "submit", later).code == 0


@pytest.mark.slow
def test_another_writer_waits_outside_and_is_told_so(home: Path) -> None:
    path = written(home.parent / "later.jsonl", TOTALS | {"screening": "s4"})
    with Home(home):
        for words in (("submit", path), ("rebuild",), ("close", "2024-03-08")):
            complained(pharos_process(home, *words), 6, str(home))
        asked = pharos_process(home, "ask", "gross", "--json")
        # DuckDB lets nobody in beside a writer: an answer, or a word that the home is busy.
        assert asked.code in (0, 6), asked.err
        assert "Traceback" not in asked.err
    assert pharos_process(home, "submit", path).code == 0


def test_a_damaged_journal_exits_with_5(home: Path) -> None:
    assert pharos(home, "doctor").code == 0
    assert pharos(home, "doctor", "--json").json["damages"] == []
    head = home / "head"
    head.write_bytes(head.read_bytes().replace(b"1", b"2", 1))
    found = pharos(home, "doctor", "--json")
    assert (found.code, len(found.json["damages"])) == (5, 1)
    complained(pharos(home, "rebuild", "--full"), 5, "head")


@pytest.mark.slow
def test_a_home_from_the_environment(home: Path) -> None:
    words = command(home, "ask", "gross", "--json")
    words = [word for word in words if word not in ("--home", str(home))]
    found = subprocess.run(
        words, capture_output=True, check=True, env=environment() | {"PHAROS_HOME": str(home)}
    )
    assert json.loads(found.stdout)["rows"][0]["gross"] == "162.00"


def test_what_nobody_foresaw_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Home, "send", full)
    path = written(home.parent / "later.jsonl", TOTALS | {"screening": "s4"})
    complained(pharos(home, "submit", path), 70, "No space left on device", "pharos doctor")
    told = pharos(home, "submit", path, "--json")
    assert (told.code, told.json["error"]) == (70, "unforeseen")
    assert told.json["message"] in told.err
    monkeypatch.setenv("PHAROS_DEBUG", "1")
    assert "Traceback" in pharos(home, "submit", path).err


def test_a_home_below_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    said = pharos(tmp_path / "file" / "home", "init", "--territory", "US")
    complained(said, 70, "NotADirectoryError", "pharos doctor")


@pytest.mark.slow
def test_a_reader_that_leaves_early_is_no_failure(home: Path) -> None:
    words = " ".join(command(home, "ask", "gross", "--by", "work", "--json"))
    done = subprocess.run(
        f"{words} | head -c 1", shell=True, capture_output=True, check=True, env=environment()
    )
    assert b"Traceback" not in done.stderr
    assert os.fspath(home).encode() not in done.stderr
