"""A cinema's own export becomes numbers that can be asked again, through the real command line.

In: the export beside the repository. Out: every sum of the ledger beside the plain sum of rows.
"""

from pathlib import Path
from random import Random
from shutil import copytree
from typing import Any

import pytest

from tests.acceptance import arttheater as art
from tests.acceptance.arttheater import Row, Sums
from tests.serve.terminal import made_home, pharos, pharos_process

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not art.SOURCE.exists(), reason=art.WHY_NOT),
]

MEASURES = ("gross", "admissions", "free_admissions", "screenings", "works")


def submit(home: Path, path: str, *words: str) -> dict[str, Any]:
    done = pharos(home, "submit", path, "--map", "agile-showings", "--json", *words)
    assert done.code == 0, done.err + done.out
    found: dict[str, Any] = done.json
    return found


def answers(home: Path, *words: str) -> list[dict[str, Any]]:
    done = pharos(home, "ask", *MEASURES, "--json", *words)
    assert done.code == 0, done.err
    rows: list[dict[str, Any]] = done.json["rows"]
    return rows


def as_sums(row: dict[str, Any]) -> Sums:
    assert row["currency"] == "USD"
    assert round(float(row["gross"]) * 100) == row["gross_minor"]
    return Sums(*(row[f"{name}_minor" if name == "gross" else name] for name in MEASURES))


def total(home: Path, *words: str) -> Sums:
    (row,) = answers(home, *words)
    return as_sums(row)


def by(home: Path, dimension: str, *words: str) -> dict[str, Sums]:
    rows = answers(home, "--by", dimension, *words)
    return {row[dimension]: as_sums(row) for row in rows}


def counts(done: dict[str, Any]) -> tuple[int, int, int]:
    return done["changed"], done["withdrawn"], done["added"]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return art.rows_of()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the whole export; tests that write take a copy."""
    home = made_home(tmp_path_factory.mktemp("art"))
    submit(home, str(art.SOURCE))
    return home


@pytest.fixture
def home(first: Path, tmp_path: Path) -> Path:
    return Path(copytree(first, tmp_path / "home"))


@pytest.mark.slow
def test_the_commands_of_the_issue_in_processes_of_their_own(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert pharos_process(home, "init", "--territory", "US").code == 0
    sent = pharos_process(home, "submit", str(art.SOURCE), "--map", "agile-showings")
    assert sent.code == 0, sent.err
    asked = pharos_process(home, "ask", "gross", "admissions", "screenings", "--json")
    assert asked.code == 0, asked.err
    (row,) = asked.json["rows"]
    assert (row["gross"], row["gross_minor"], row["currency"]) == ("846008.25", 84600825, "USD")
    assert (row["admissions"], row["screenings"]) == (103419, 3262)


@pytest.mark.slow
def test_totals_are_those_that_the_issue_names(first: Path, rows: list[Row]) -> None:
    assert total(first) == Sums(84_600_825, 103_419, 5_966, 3_262, 503) == art.sums(rows)


@pytest.mark.slow
def test_years_are_those_that_the_issue_names(first: Path, rows: list[Row]) -> None:
    years = {"2016": 12_886_800, "2017": 30_398_500, "2018": 29_131_550, "2019": 12_183_975}
    found = by(first, "year")
    assert {year: sums.gross for year, sums in found.items()} == years
    assert found == art.grouped(rows, lambda row: art.day(row)[:4])


def test_every_work_is_the_plain_sum_of_its_rows(first: Path, rows: list[Row]) -> None:
    found = by(first, "work")
    assert len(found) == 503
    assert found == art.grouped(rows, lambda row: art.tidy(row["EventName"]))


@pytest.mark.slow
@pytest.mark.parametrize(("dimension", "length"), [("business_date", 10), ("month", 7)])
def test_every_day_and_month_is_the_plain_sum_of_its_rows(
    first: Path, rows: list[Row], dimension: str, length: int
) -> None:
    assert by(first, dimension) == art.grouped(rows, lambda row: art.day(row)[:length])


def test_every_ticket_type_is_the_plain_sum_of_its_rows(first: Path, rows: list[Row]) -> None:
    asked = pharos(first, "ask", "gross", "admissions", "--by", "ticket_type", "--json")
    found = {
        row["ticket_type"]: (row["gross_minor"], row["admissions"]) for row in asked.json["rows"]
    }
    expected = art.grouped(rows, lambda row: art.tidy(row["TicketType"]))
    assert found == {name: (sums.gross, sums.admissions) for name, sums in expected.items()}


@pytest.mark.slow
def test_three_slots_hold_two_events_and_are_findings(home: Path, rows: list[Row]) -> None:
    done = submit(home, str(art.SOURCE))
    shared = [found for found in done["findings"] if found["rule"] == "shared_slot"]
    assert len(shared) == 3
    assert len({row["EventDate"] for row in rows}) == 3_262 - 3


@pytest.mark.slow
def test_the_same_file_again_exists_and_changes_nothing(home: Path) -> None:
    before = pharos(home, "ask", *MEASURES, "--by", "work", "--json").json
    done = submit(home, str(art.SOURCE))
    assert done["verdict"] == "exists"
    assert done["receipt"]["position"] == before["edition"]
    assert pharos(home, "ask", *MEASURES, "--by", "work", "--json").json == before


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_an_edited_file_is_shown_first_and_then_counted_exactly(
    home: Path, rows: list[Row], tmp_path: Path, seed: int
) -> None:
    made = art.edited(rows, Random(seed))
    path = art.write(tmp_path / "edited.csv", made.rows)
    before = pharos(home, "ask", *MEASURES, "--by", "work", "--json").json
    shown = submit(home, path, "--dry-run")
    assert counts(shown) == (20, 5, 5)
    assert (shown["verdict"], shown["receipt"]) == ("accepted_with_findings", None)
    assert pharos(home, "ask", *MEASURES, "--by", "work", "--json").json == before

    done = submit(home, path)
    assert counts(done) == (20, 5, 5)
    assert done["unchanged"] == len(rows) - 25
    assert total(home) == art.sums(made.rows)
    assert by(home, "work") == art.grouped(made.rows, lambda row: art.tidy(row["EventName"]))
    assert by(home, "year") == art.grouped(made.rows, lambda row: art.day(row)[:4])

    old = pharos(
        home, "ask", *MEASURES, "--by", "work", "--as-of", str(before["edition"]), "--json"
    )
    assert old.json["rows"] == before["rows"]
    assert total(home, "--as-of", str(before["edition"])) == art.sums(rows)


@pytest.mark.slow
def test_files_one_after_the_other_leave_the_last_and_every_earlier_one_can_be_asked(
    home: Path, rows: list[Row], tmp_path: Path
) -> None:
    random, versions = Random("row after row"), [rows]
    editions = [pharos(home, "ask", "gross", "--json").json["edition"]]
    for nth in range(3):
        versions.append(art.edited(versions[-1], random).rows)
        done = submit(home, art.write(tmp_path / f"{nth}.csv", versions[-1]))
        assert counts(done) == (20, 5, 5)
        editions.append(done["receipt"]["position"])
    for edition, sent in zip(editions, versions, strict=True):
        assert total(home, "--as-of", str(edition)) == art.sums(sent)


@pytest.mark.slow
def test_a_file_of_one_month_replaces_that_month_only(
    home: Path, rows: list[Row], tmp_path: Path
) -> None:
    mine = [row for row in rows if art.day(row).startswith("2017-10")]
    other = [row for row in rows if not art.day(row).startswith("2017-10")]
    made = art.edited(mine, Random(7), changed=6, gone=3)
    path = art.write(tmp_path / "october.csv", made.rows)
    assert counts(submit(home, path, "--dry-run")) == (6, 3, 3)
    done = submit(home, path)
    assert counts(done) == (6, 3, 3)
    assert done["scope"] == {
        "cinema": "us-arttheater", "from": min(map(art.day, mine)), "to": max(map(art.day, mine))
    }  # fmt: skip
    assert by(home, "month") == art.grouped([*other, *made.rows], lambda row: art.day(row)[:7])
    assert total(home) == art.sums([*other, *made.rows])


@pytest.mark.slow
def test_rows_that_are_gone_and_empty_a_screening_withdraw_it(
    home: Path, rows: list[Row], tmp_path: Path
) -> None:
    showings = art.grouped(rows, lambda row: " | ".join(art.place(row)))
    ends = {min(map(art.day, rows)), max(map(art.day, rows))}
    inside = sorted({art.place(row) for row in rows if art.day(row) not in ends})
    taken = set(Random(11).sample(inside, 12))
    left = [row for row in rows if art.place(row) not in taken]
    done = submit(home, art.write(tmp_path / "fewer.csv", left))
    assert counts(done) == (0, len(rows) - len(left), 0)
    assert total(home) == art.sums(left)
    assert total(home).screenings == len(showings) - 12
    assert by(home, "business_date") == art.grouped(left, art.day)
    # They come back as they were.
    again = submit(home, art.write(tmp_path / "back.csv", [*left, *_rows_at(rows, taken)]))
    assert counts(again) == (0, 0, len(rows) - len(left))
    assert total(home) == art.sums(rows)


def _rows_at(rows: list[Row], places: set[tuple[str, str]]) -> list[Row]:
    return [row for row in rows if art.place(row) in places]


@pytest.mark.slow
def test_overlapping_files_of_two_senders_do_not_add_up_to_double(
    home: Path, rows: list[Row], tmp_path: Path
) -> None:
    half = [row for row in rows if art.day(row) >= "2018-01-01"]
    path = art.write(tmp_path / "half.csv", half)
    shown = submit(home, path, "--sender", "distributor", "--dry-run")
    done = submit(home, path, "--sender", "distributor")
    assert done["verdict"] == "accepted_with_findings"
    for one in (shown, done):
        (overlap,) = [found for found in one["findings"] if found["rule"] == "overlap"]
        assert "local" in overlap["sentence"]
        assert str(len({art.day(row) for row in half})) in overlap["sentence"]
    assert total(home) == art.sums(rows)
    assert by(home, "work") == art.grouped(rows, lambda row: art.tidy(row["EventName"]))


@pytest.mark.slow
def test_a_second_sender_counts_where_the_first_said_nothing(
    rows: list[Row], tmp_path: Path
) -> None:
    home = made_home(tmp_path)
    early = [row for row in rows if art.day(row) < "2018-07-01"]
    late = [row for row in rows if art.day(row) >= "2018-01-01"]
    submit(home, art.write(tmp_path / "early.csv", early), "--sender", "cinema")
    submit(home, art.write(tmp_path / "late.csv", late), "--sender", "distributor")
    assert total(home) == art.sums(rows)
    senders = pharos(home, "ask", "gross", "--by", "sender", "--json").json["rows"]
    assert {row["sender"]: row["gross_minor"] for row in senders} == {
        "cinema": art.sums(early).gross,
        "distributor": art.sums([row for row in late if art.day(row) >= "2018-07-01"]).gross,
    }


SPOILS = (
    ({"EventDate": "Feb 30, 2018 7:00:00 PM"}, "Feb 30"),
    ({"EventDate": "soon"}, "soon"),
    ({"EventDate": ""}, "start"),
    ({"Quantity": "many"}, "many"),
    ({"Quantity": "1.5"}, "1.5"),
    ({"Price": "12.345"}, "12.345"),
    ({"Price": "free"}, "free"),
    ({"Price": ""}, "gross"),
    ({"EventName": " "}, "work"),
)


@pytest.mark.slow
def test_rows_that_cannot_be_read_are_held_with_a_reason_and_the_rest_counts(
    rows: list[Row], tmp_path: Path
) -> None:
    home, places = made_home(tmp_path), Random(3).sample(range(100, len(rows) - 100), len(SPOILS))
    made = [dict(row) for row in rows]
    for place, (spoiled, _) in zip(places, SPOILS, strict=True):
        made[place] |= spoiled
    path = art.write(tmp_path / "spoiled.csv", made)
    shown, done = submit(home, path, "--dry-run"), submit(home, path)
    for one in (shown, done):
        held = {f["row"]: f["sentence"] for f in one["findings"] if f["severity"] == "hold"}
        # The header is row 1 of the file.
        assert sorted(held) == sorted(place + 2 for place in places)
        for place, (_, word) in zip(places, SPOILS, strict=True):
            assert word in held[place + 2], held[place + 2]
        assert one["held"] == len(SPOILS)
    left = [row for n, row in enumerate(rows) if n not in set(places)]
    assert total(home) == art.sums(left)


QUESTIONS: tuple[tuple[str, ...], ...] = (
    (),
    ("--period", "2017-10-01..2017-10-31"),
    ("--where", "work=The Room", "--period", "2017"),
    ("--where", "weekday=Friday"),
)


@pytest.mark.slow
@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
@pytest.mark.parametrize(
    "measure", ["gross", "admissions", "free_admissions", "screenings", "average_ticket_price"]
)
def test_the_parts_of_a_trace_add_up_to_the_number(
    first: Path, measure: str, words: tuple[str, ...]
) -> None:
    (row,) = answers(first, *words)
    traced = pharos(first, "trace", measure, "--json", *words)
    assert traced.code == 0, traced.err
    found = traced.json
    terms = {term["name"]: term for term in found["terms"]}
    for term in terms.values():
        assert term["value"] == sum(report["value"] for report in term["reports"])
    if measure == "average_ticket_price":
        gross, admissions = terms["gross"]["value"], terms["admissions"]["value"]
        assert (gross, admissions) == (row["gross_minor"], row["admissions"])
        (value,) = found["values"]
        assert abs(value["average_ticket_price_minor"] * admissions - gross) * 2 <= admissions
    else:
        (term,) = terms.values()
        assert term["value"] == row["gross_minor" if measure == "gross" else measure]


@pytest.mark.slow
def test_a_trace_shows_the_rows_of_the_file_and_their_sum(
    home: Path, rows: list[Row], tmp_path: Path
) -> None:
    """After an edited file: rows of both files, what was withdrawn included."""
    made = art.edited(rows, Random(5))
    submit(home, art.write(tmp_path / "edited.csv", made.rows))
    words = ("--rows", "100000", "--json")
    (term,) = pharos(home, "trace", "gross", *words).json["terms"]
    reports = term["reports"]
    assert [report["file"] for report in reports] == ["ticket_sales_by_showing.csv", "edited.csv"]
    shown = [line for report in reports for line in report["rows"]]
    assert sum(line["value"] for line in shown) == term["value"] == art.sums(made.rows).gross
    for line in reports[0]["rows"]:
        row = rows[line["row"] - 2]
        assert line["value"] == art.cents(row["Price"])
        assert line["work"] == f"work:{art.tidy(row['EventName'])}"
    taken_back = [line for line in reports[1]["rows"] if line["row"] is None]
    assert len(taken_back) == 25
    for line in taken_back:
        assert line["from_position"] == reports[0]["position"]
        assert -line["value"] == art.cents(rows[line["from_row"] - 2]["Price"])
