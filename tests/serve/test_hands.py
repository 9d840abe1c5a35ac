"""Commands do the same at a home and through the server that has it; and corrections by hand."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tests.serve.served import Served, serving
from tests.serve.terminal import (
    OTHER,
    SCREENING,
    TOTALS,
    Said,
    complained,
    pharos,
    verdict,
    written,
)

CORRECT = ("correct", "--cinema", "A1", "--screening", "s1", "--by", "auditor", "--why", "typing")


@pytest.fixture
def served(home: Path, tmp_path: Path) -> Iterator[Served]:
    with serving(Path(copytree(home, tmp_path / "served"))) as server:
        yield server


def corrected(home: Path, *words: str) -> Said:
    return pharos(home, *CORRECT, *words)


# correct


@pytest.mark.slow
def test_a_correction_shows_before_and_after_and_counts(home: Path) -> None:
    said = corrected(home, "--set", "gross=90.00,admissions=10", "--yes")
    assert said.code == 0, said.err
    assert said.out.startswith(
        "screening s1 of cinema A1, screening_totals of local, USD\n\n"
        "            before  after\n"
        "──────────  ──────  ─────\n"
        "gross        81.00  90.00\n"
        "admissions       9     10\n\n"
        "accepted\n"
    )
    (row,) = pharos(home, "ask", "gross", "admissions", "--where", "work=X", "--json").json["rows"]
    assert (row["gross"], row["admissions"]) == ("90.00", 10)
    traced = pharos(home, "trace", "gross", "--where", "work=X").out
    assert "corrected" in traced
    # The way back is to correct again.
    assert corrected(home, "--set", "gross=81.00", "--set", "admissions=9", "--yes").code == 0
    (row,) = pharos(home, "ask", "gross", "admissions", "--where", "work=X", "--json").json["rows"]
    assert (row["gross"], row["admissions"]) == ("81.00", 9)


@pytest.mark.slow
def test_a_day_is_corrected_by_date_and_work(home: Path, tmp_path: Path) -> None:
    day = {"kind": "day_totals", "cinema": "A2", "date": "2024-03-08", "work": "X",
           "gross": "12.00", "admissions": 3}  # fmt: skip
    pharos(home, "submit", written(tmp_path / "day.jsonl", day))
    words = ("correct", "--cinema", "A2", "--date", "2024-03-08", "--work", "X")
    why = ("--by", "auditor", "--why", "late", "--set", "admissions=2", "--yes", "--json")
    assert verdict(pharos(home, *words, *why)) == "accepted"
    (row,) = pharos(home, "ask", "gross", "admissions", "--where", "cinema=A2", "--json").json[
        "rows"
    ]
    assert (row["gross"], row["admissions"]) == ("12.00", 2)


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("--set", "gross=81.00"), 2, "stand already"),
        (("--set", "gros=90.00"), 2, "--set gross="),
        (("--set", "gross=90.005"), 2, "90.005"),
        (("--set", "admissions=-1"), 2, "whole number"),
        (("--set", "gross=90.00", "--book", "tickets"), 2, "figures in screening_totals"),
        (("--set", "gross=90.00", "--screening", "s9"), 2, "nothing is said of screening s9"),
        (("--set", "gross=90.00", "--cinema", "A9"), 2, "known are: A1"),
        (("--set", "gross=90.00", "--work", "X"), 2, "a screening, or a date and a work"),
        (("--set", "gross=90.00", "--why", " "), 2, "say why"),
        (("--set", "gross=90.00", "--sender", "home"), 2, "the home itself"),
    ],
)
def test_what_cannot_be_corrected_says_why(
    home: Path, words: tuple[str, ...], code: int, reason: str
) -> None:
    complained(corrected(home, *words, "--yes"), code, reason)


@pytest.mark.slow
def test_nobody_is_asked_where_nobody_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complained(corrected(home, "--set", "gross=90.00"), 2, "--yes")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert corrected(home, "--set", "gross=90.00").out.endswith("nothing was changed\n")
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert corrected(home, "--set", "gross=90.00").out.splitlines()[-1].startswith("  facts:")


@pytest.mark.slow
def test_two_senders_are_not_corrected_as_one(home: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "other.jsonl", TOTALS | {"gross": "70.00"})
    pharos(home, "submit", path, "--sender", "vendor")
    complained(corrected(home, "--set", "gross=90.00", "--yes"), 2, "said by local, vendor")
    tickets = {"kind": "tickets", **SCREENING, "screening": "s7", "number": 1,
               "sold_at": "2024-03-08T12:00:00-05:00", "paid": "9.00"}  # fmt: skip
    totals = TOTALS | {"screening": "s7"}
    pharos(home, "submit", written(tmp_path / "two.jsonl", tickets, totals))
    said = corrected(home, "--screening", "s7", "--set", "gross=1.00", "--yes")
    complained(said, 2, "screening_totals and tickets", "--book")
    said = corrected(home, "--screening", "s7", "--set", "gross=1.00", "--yes", "--book", "tickets")
    assert said.code == 0, said.err


@pytest.mark.slow
def test_money_that_is_no_minor_unit_needs_its_currency(tmp_path: Path) -> None:
    home = tmp_path / "h"
    pharos(home, "init", "--territory", "KR")
    pharos(home, "submit", written(tmp_path / "kr.jsonl", TOTALS | {"gross": "81000"}))
    said = corrected(home, "--set", "gross=90000", "--yes", "--json")
    assert verdict(said) == "accepted"
    assert pharos(home, "ask", "gross", "--json").json["rows"][0]["gross"] == "90000"


# lists


@pytest.mark.slow
def test_held_rows_say_how_to_mend_them(home: Path, tmp_path: Path) -> None:
    assert pharos(home, "held").out == "no rows are held\n"
    path = written(tmp_path / "bad.jsonl", TOTALS | {"gross": "8.1.0"}, OTHER | {"screening": "s5"})
    pharos(home, "submit", path, "--sender", "vendor")
    said = pharos(home, "held", "--sender", "vendor").out
    assert said.startswith("report 3 from vendor, row 2\n  gross: '8.1.0' is not"), said
    assert "it said: {" in said
    assert "send row 2 again" in said
    assert pharos(home, "held", "--json").json["rows"][0]["rule"] == "bad_amount"
    assert "hold: gross: " in pharos(home, "findings", "--severity", "hold").out
    complained(pharos(home, "held", "--sender", "nobody"), 2, "there is no sender 'nobody'")
    complained(pharos(home, "held", "--limit", "0"), 2, "--limit: Input should be")
    complained(pharos(home, "findings", "--severity", "bad"), 2, "severity", "'hold'")


@pytest.mark.slow
def test_lists_are_tables(home: Path) -> None:
    assert "work:X" in pharos(home, "works").out
    assert "cinema:A1" in pharos(home, "cinemas").out
    assert "accepted" in pharos(home, "reports").out
    assert "s1" in pharos(home, "screenings", "--period", "2024-03").out
    assert "--after" in pharos(home, "works", "--limit", "1").out


# through a server


def scrubbed(text: str) -> str:
    """Without what differs from one home to another."""
    text = re.sub(r"[0-9a-f]{64}|[0-9a-f]{16}", "…", text)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", "…", text)


@pytest.mark.slow
def test_commands_say_the_same_through_a_server(home: Path, served: Served, tmp_path: Path) -> None:
    bad = written(tmp_path / "bad.jsonl", TOTALS | {"gross": "8.1.0"}, OTHER | {"screening": "s5"})
    commands: list[tuple[str, ...]] = [
        ("submit", bad, "--sender", "vendor"),
        ("submit", bad, "--sender", "vendor"),
        ("ask", "gross", "admissions", "--by", "work", "--order", "-gross"),
        ("ask", "gross", "--json", "--as-of", "2"),
        ("ask", "gros"),
        ("trace", "gross", "--where", "work=X"),
        ("trace", "gross", "--where", "work=X", "--json"),
        (*CORRECT, "--set", "gross=90.00", "--yes"),
        (*CORRECT, "--set", "gross=90.00", "--yes"),
        ("join", "work:X", "work:Y", "--why", "one"),
        ("join", "work:X", "work:Y", "--why", "one"),
        ("unjoin", "work:X", "work:Y", "--why", "two"),
        ("close", "2024-03", "--why", "settled"),
        ("close", "soon"),
        ("works",),
        ("held", "--json"),
        ("findings", "--sender", "nobody"),
        ("held",),
        ("screenings", "--period", "2024-03"),
    ]
    for words in commands:
        here, there = pharos(home, *words), pharos(home, "--url", served.url, *words)
        assert there.code == here.code, (words, there.err)
        assert scrubbed(there.err) == scrubbed(here.err), words
        # Which rows a report has changed is seen where it is posted only.
        here_out = re.sub(r"  changes: .*\n", "", here.out)
        assert scrubbed(there.out) == scrubbed(here_out), words


@pytest.mark.slow
def test_a_served_home_is_reached_through_its_server(served: Served, tmp_path: Path) -> None:
    path = written(tmp_path / "more.jsonl", OTHER | {"screening": "s8"})
    sent = pharos(served.home, "submit", path)
    assert sent.code == 0, sent.err
    assert sent.err == f"pharos: {served.home} is served; asking {served.url}\n"
    assert pharos(served.home, "ask", "gross", "--json").json["edition"] == 3
    complained(pharos(served.home, "submit", path, "--dry-run"), 2, "stop the server")
    complained(pharos(served.home, "ask", "gross", "--url", served.url, "--sql"), 2, "--sql")
    complained(pharos(served.home, "rebuild"), 6)
    complained(pharos(served.home, "--url", served.url, "doctor"), 2, "leave --url out")
    # What a killed server leaves behind misleads nobody.
    served.kill()
    assert (served.home / "served-at.json").exists()
    said = pharos(served.home, "ask", "gross", "--json")
    assert (said.json["edition"], said.err) == (3, "")


@pytest.mark.slow
def test_the_environment_names_a_server(
    served: Served, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAROS_URL", served.url)
    monkeypatch.setenv("PHAROS_HOME", "nowhere")
    assert served.process is not None
    # A home that is named counts before the environment.
    assert pharos(home, "works").err == ""
    monkeypatch.chdir(home.parent)
    os.environ.pop("PHAROS_HOME")
    assert pharos(None, "works").code == 0
    assert served.stop() == 0
    said = pharos(None, "works", "--json")
    assert (said.code, said.json["error"]) == (6, "not-served")
