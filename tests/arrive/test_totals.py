"""Total rows are never counted, and are checked against the lines that they are the sum of."""

from decimal import Decimal

import pytest

from pharos.arrive.extract import extract
from pharos.arrive.formats import read
from pharos.arrive.mapping import parse_mapping
from pharos.arrive.reading import Nowhere, Reading
from pharos.words.report import Severity
from tests.arrive.bodies import held

MAPPING = """
name = "days"
kind = "day_totals"
[constants]
cinema = "rex"
currency = "EUR"
[table]
header = "find"
[columns]
date = "Day"
work = "Film"
admissions = "Sold"
gross = "Total"
"""


def said(table: str, *rules: str, mapping: str = MAPPING) -> Reading:
    text = mapping + "".join(f'\n[[total]]\ncolumn = "Film"\n{rule}\n' for rule in rules)
    body = extract(("Day,Film,Sold,Total\n" + table).encode(), "t.csv", text)
    return read(body, Nowhere(), {parse_mapping(text).digest: text}.get)


def checked(reading: Reading) -> list[tuple[int, str, str, str]]:
    return [(t.row, t.field, str(t.stated), str(t.summed)) for t in reading.totals]


LINES = "2024-03-01,One,3,27.50\n2024-03-01,Two,2,19.00\n"
SUM = 'equals = ["Sum"]'


def test_a_total_that_its_lines_make_says_nothing_and_is_not_counted() -> None:
    reading = said(LINES + ",Sum,5,46.50\n", SUM)
    assert not reading.findings
    assert reading.figures.lines["paid"].tolist() == [2750, 1900]
    assert checked(reading) == [(4, "admissions", "5", "5"), (4, "gross", "46.50", "46.50")]


def test_a_total_that_its_lines_do_not_make_is_a_finding_with_the_difference() -> None:
    reading = said(LINES + ",Sum,5,50.00\n", SUM)
    (finding,) = reading.findings
    assert (finding.rule, finding.severity, finding.row) == ("total_differs", Severity.NOTICE, 4)
    for part in ("gross 50.00 EUR", "2 lines make 46.50 EUR", "3.50 more"):
        assert part in finding.sentence
    assert len(reading.figures) == 2


def test_a_held_line_explains_what_is_missing() -> None:
    reading = said(LINES.replace("2024-03-01,Two", "1 March,Two") + ",Sum,5,46.50\n", SUM)
    assert held(reading) == {3: "bad_time"}
    differs = [f.sentence for f in reading.findings if f.rule == "total_differs"]
    assert len(differs) == 2
    assert all(
        "which is what the held lines among them say (1)" in sentence for sentence in differs
    )


def test_a_held_line_without_a_figure_is_named_as_well() -> None:
    reading = said(LINES.replace("Two,2", "Two,x") + ",Sum,5,46.50\n", SUM)
    sentences = {f.sentence for f in reading.findings if f.rule == "total_differs"}
    assert len(sentences) == 2
    (unknown,) = [one for one in sentences if "admissions" in one]
    assert "2 more is stated; some of the lines are held (1): correct those first" in unknown


def test_rounding_is_tolerated_as_far_as_the_mapping_says() -> None:
    rounded = LINES + ",Sum,5,46\n"
    assert not said(rounded, SUM + '\ntolerance = "0.50"').findings
    assert said(rounded, SUM + '\ntolerance = "0.49"').findings


def test_only_the_fields_that_are_named_are_checked() -> None:
    assert checked(said(LINES + ",Sum,5,1\n", SUM + '\nfields = ["admissions"]')) == [
        (4, "admissions", "5", "5")
    ]


def test_a_total_that_is_no_number_is_a_finding() -> None:
    reading = said(LINES + ",Sum,5,many\n", SUM)
    (finding,) = reading.findings
    assert (finding.rule, finding.row) == ("total_unreadable", 4)
    assert "'many'" in finding.sentence


NESTED = """2024-03-01,One,1,10
2024-03-01,Two,2,20
,Sum,3,30
2024-03-02,One,4,40
,Sum,4,40
,All,7,70
"""


def test_sums_of_parts_and_of_all_stand_side_by_side() -> None:
    reading = said(NESTED, SUM, 'equals = ["All"]\nover = "block"')
    assert not reading.findings
    assert [one.row for one in reading.totals] == [4, 4, 6, 6, 7, 7]


def test_a_total_above_its_lines() -> None:
    above = ",Sum,3,30\n2024-03-01,One,1,10\n2024-03-01,Two,2,20\n,Sum,4,40\n2024-03-02,One,4,40\n"
    assert not said(above, SUM + '\nover = "below"').findings
    assert said(above, SUM).findings


def test_each_block_has_its_own_total_and_the_file_one_more() -> None:
    header = "Day,Film,Sold,Total\n"
    table = f"2024-03-01,One,1,10\n,Sum,1,10\n{header}2024-03-02,One,4,40\n,Sum,4,40\n,All,5,50\n"
    for over in ("lines", "block"):
        assert not said(table, f'{SUM}\nover = "{over}"', 'equals=["All"]\nover = "file"').findings
    assert said(table, SUM + '\nover = "file"').findings


@pytest.mark.parametrize("over", ["lines", "below", "block", "sheet", "file"])
def test_a_total_of_nothing_says_so(over: str) -> None:
    reading = said(",Sum,1,10\n", f'{SUM}\nover = "{over}"')
    differs = [f.sentence for f in reading.findings if f.rule == "total_differs"]
    assert len(differs) == 2
    assert "no lines belong to it" in differs[0]
    assert reading.totals[0].summed == Decimal(0)


@pytest.mark.slow
def test_many_totals_take_no_longer_than_as_many_rows() -> None:
    reading = said(",Sum,0,0\n" * 50_000 + LINES, SUM)
    assert len(reading.totals) == 100_000
