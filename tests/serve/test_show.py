"""What the terminal shows of changes and sums: rows as they were sent, money with its currency."""

from pathlib import Path

from tests.serve.terminal import TOTALS, pharos, written

BOTH = TOTALS | {"programme": [{"work": "X"}, {"work": "Y", "weight": 2}], "screening": "d1"}
BOTH = {name: said for name, said in BOTH.items() if name != "work"} | {"gross": "10.00"}


def test_a_double_feature_is_one_row(home: Path, tmp_path: Path) -> None:
    first = written(tmp_path / "a.jsonl", BOTH, TOTALS | {"screening": "s9"}, id="a")
    said = pharos(home, "submit", first)
    assert "  changes: 2 added, 0 changed, 0 withdrawn, 0 as before\n" in said.out
    # One cent more goes to one of the two works only; the row changed as a whole.
    row = BOTH | {"gross": "10.01", "admissions": 1}
    second = written(tmp_path / "b.jsonl", row, TOTALS | {"screening": "s9"}, id="b")
    shown = pharos(home, "submit", second, "--dry-run")
    assert "0 added, 1 changed, 0 withdrawn, 1 as before" in shown.out
    assert "changed row 2: 9 admissions, 10.00 USD -> 1 admission, 10.01 USD" in shown.out
    (pair,) = pharos(home, "submit", second, "--json").json["changes"]["changed"]
    assert pair["after"] == {"row": 2, "admissions": 1, "gross_minor": 1001, "currency": "USD"}
    assert pair["before"]["gross_minor"] == 1000


def test_of_a_row_that_loses_a_line_the_rest_is_withdrawn(home: Path, tmp_path: Path) -> None:
    adult = BOTH | {"ticket_type": "adult"}
    child = BOTH | {"ticket_type": "child", "gross": "3.33"}
    pharos(home, "submit", written(tmp_path / "a.jsonl", adult, child, id="a"))
    shown = pharos(home, "submit", written(tmp_path / "b.jsonl", adult, id="b"), "--dry-run")
    assert "0 added, 0 changed, 1 withdrawn, 1 as before" in shown.out
    assert "withdrawn (row 3 of before): 9 admissions, 3.33 USD" in shown.out


def test_a_report_of_facts_counts_facts(home: Path, tmp_path: Path) -> None:
    works = [{"kind": "register", "work": {"id": n, "names": []}} for n in "XY"]
    said = pharos(home, "submit", written(tmp_path / "works.jsonl", *works))
    assert "  facts:   2\n" in said.out + "\n"
    assert "rows:" not in said.out
    assert "rows:" not in pharos(home, "close", "2024-03-08").out


def test_sums_of_a_trace_are_money(home: Path) -> None:
    traced = pharos(home, "trace", "gross").out
    assert "gross = 162.00 USD, the sum of 1 report\n" in traced
    assert "        81.00  row 2, total, work:X, s1" in traced
    assert "admissions = 18, the sum of 1 report\n" in pharos(home, "trace", "admissions").out
