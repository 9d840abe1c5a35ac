"""Ugly tables: drafted by `pharos map`, at most five lines edited, read to the last cent.

In: tables in the manner of real ones, and two real ones beside the repository. Out: what a home
answers beside the plain sums of their lines.
"""

import difflib
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from pharos.words.money import exponent
from tests.acceptance.ugly import UGLY, Ugly
from tests.serve.terminal import made_home, pharos

pytestmark = pytest.mark.slow

SHARED = Path(__file__).parents[2].parent / "shared/data"
KOBIS = SHARED / "kr-kobis/kobis_daily_export_2023-01-10_16.xlsx"
BFI = SHARED / "uk-bfi/bfi_weekend_2022-11-13.xls"
MOST_EDITS = 5


def mapped(file: Path, edits: tuple[tuple[str, str], ...]) -> tuple[Path, dict[str, Any]]:
    """A mapping as drafted and edited by hand, and what the draft said."""
    made = file.with_suffix(".toml")
    drafted = pharos(file.parent, "map", str(file), "--json", "-o", str(made))
    assert drafted.code == 0, drafted.err
    lines = made.read_text(encoding="utf-8").splitlines()
    edited = [*lines]
    for beginning, line in edits:
        (place,) = [n for n, old in enumerate(lines) if old.startswith(beginning)]
        edited[place] = line
    changed = [one for one in difflib.ndiff(lines, edited) if one.startswith("+ ")]
    assert len(changed) == len(edits) <= MOST_EDITS
    made.write_text("\n".join(edited) + "\n", encoding="utf-8")
    return made, drafted.json


def sent(home: Path, file: Path, mapping: Path) -> dict[str, Any]:
    said = pharos(home, "submit", str(file), "--map", str(mapping), "--json")
    assert said.code == 0, said.err + said.out
    found: dict[str, Any] = said.json
    return found


def answered(home: Path) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Gross in minor units and admissions, by cinema, day and work."""
    words = ("--by", "cinema,business_date,work", "--json")
    said = pharos(home, "ask", "gross", "admissions", *words)
    assert said.code == 0, said.err
    return {
        (row["cinema"], row["business_date"], row["work"]): (
            row["gross_minor"],
            row["admissions"],
        )
        for row in said.json["rows"]
    }


@pytest.mark.parametrize("make", UGLY, ids=lambda make: make.__name__)
def test_an_ugly_table_is_read_to_the_last_cent(make: Callable[[], Ugly], tmp_path: Path) -> None:
    ugly = make()
    file = tmp_path / ugly.file
    file.write_bytes(ugly.content)
    mapping, drafted = mapped(file, ugly.edits)
    assert drafted["trial"]["totals"] == ugly.totals
    home = made_home(tmp_path, ugly.territory)
    done = sent(home, file, mapping)
    expected: dict[tuple[str, str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for said in ugly.lines:
        gross, admissions = expected[said.cinema, str(said.day), said.work]
        key = (said.cinema, str(said.day), said.work)
        expected[key] = (gross + said.gross, admissions + said.admissions)
    assert answered(home) == dict(expected)
    held = {f["row"] for f in done["findings"] if f["severity"] == "hold"}
    assert held == ugly.held
    differing = [f for f in done["findings"] if f["rule"] == "total_differs"]
    assert bool(differing) == (make.__name__ in {"american", "sheet_a_day"})
    explained = " ".join(finding["sentence"] for finding in differing)
    if held:
        assert "140: 16 more is stated; some of the lines are held" in explained
        assert "which is what the held lines among them say (1)" in explained
    elif differing:
        assert "10.00 more is stated; the lines count, the total does not" in explained


def test_a_mapping_reads_the_next_file_of_its_source(tmp_path: Path) -> None:
    """The week after has other films, other sums, and more lines."""
    ugly = UGLY[0]()
    file = tmp_path / ugly.file
    file.write_bytes(ugly.content)
    mapping, _ = mapped(file, ugly.edits)
    home = made_home(tmp_path, ugly.territory)
    sent(home, file, mapping)
    later = ugly.content.replace(b".03.2024;", b".04.2024;").replace(b"Smilla", b"Else")
    file.write_bytes(later)
    sent(home, file, mapping)
    months = pharos(home, "ask", "gross", "--by", "month", "--json").json["rows"]
    assert len({row["gross_minor"] for row in months}) == 1
    assert [row["month"] for row in months] == ["2024-03", "2024-04"]


def plain(path: Path) -> list[list[Any]]:
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return [[*row] for row in sheet.to_python(skip_empty_area=False)]


@pytest.mark.skipif(not KOBIS.exists(), reason=f"the export is not here ({KOBIS})")
def test_the_korean_office_makes_its_own_national_totals(tmp_path: Path) -> None:
    file = tmp_path / KOBIS.name
    file.write_bytes(KOBIS.read_bytes())
    mapping, drafted = mapped(file, (("# ASK: cinema", 'cinema = "korea"'),))
    trial = drafted["trial"]
    assert (trial["rows"], trial["held"]) == (702, 0)
    assert (trial["totals"], trial["totals_agree"]) == (21, 21)
    home = made_home(tmp_path, "KR")
    done = sent(home, file, mapping)
    assert not [f for f in done["findings"] if f["rule"].startswith("total_")]
    days = pharos(home, "ask", "gross", "admissions", "screenings", "--by", "business_date",
                  "--json").json["rows"]  # fmt: skip
    stated = [
        (int(row[3]) * 10 ** exponent("KRW"), int(row[8]), int(row[13]))
        for row in plain(KOBIS)
        if row[0] == "합계"
    ]
    found = [(row["gross_minor"], row["admissions"], row["screenings"]) for row in days]
    assert found == stated[::-1]
    assert (6_328_689_622, 558_815, 17_711) in found


@pytest.mark.skipif(not BFI.exists(), reason=f"the workbook is not here ({BFI})")
def test_the_british_weekend_is_read_and_its_top_fifteen_add_up(tmp_path: Path) -> None:
    file = tmp_path / BFI.name
    file.write_bytes(BFI.read_bytes())
    mapping, drafted = mapped(file, (("# ASK: cinema", 'cinema = "uk-and-ireland"'),))
    assert (drafted["trial"]["totals"], drafted["trial"]["totals_agree"]) == (1, 1)
    home = made_home(tmp_path, "GB")
    done = sent(home, file, mapping)
    held = {f["row"]: f["sentence"] for f in done["findings"] if f["severity"] == "hold"}
    films = [
        row for row in plain(BFI) if isinstance(row[0], float) and isinstance(row[3], float | int)
    ]
    assert len(films) == 56
    (row,) = pharos(home, "ask", "gross", "--json").json["rows"]
    assert Decimal(row["gross_minor"]) == sum(Decimal(str(film[3])) for film in films) * 100
    assert all("gross" in sentence for sentence in held.values())
    assert {*range(88, 106)} <= held.keys(), "what opens next week has no figures yet"
