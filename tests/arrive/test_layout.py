"""Where tables lie in their files: headers, blocks, titles, sheets, merged cells, footers."""

import json
from typing import Any

import pytest

from pharos.arrive.extract import extract
from pharos.arrive.formats import read
from pharos.arrive.mapping import parse_mapping
from pharos.arrive.reading import Nowhere
from pharos.errors import BadMapping, MissingColumn, UnreadableTable
from tests.arrive.bodies import held
from tests.arrive.workbooks import Lines, book, saved

MAPPING = """
name = "days"
kind = "day_totals"
[constants]
cinema = "rex"
[columns]
date = "Day"
work = "Film"
gross = "Total"
"""
FIND = '\n[table]\nheader = "find"\n'


def rows(content: str | bytes, mapping: str, name: str = "t.csv") -> list[list[Any]]:
    """The rows of the message that a file makes: number, then a text for each named column."""
    body = extract(content.encode() if isinstance(content, str) else content, name, mapping)
    return [json.loads(line) for line in body.splitlines()[1:]]


def test_a_header_is_found_wherever_it_stands() -> None:
    table = "Cinema Rex\n\nFilm,Total,Day\nOne,9.50,2024-03-01\n"
    assert rows(table, MAPPING + FIND) == [[4, "2024-03-01", "One", "9.50"]]


def test_columns_may_stand_elsewhere_in_each_block() -> None:
    table = "Day,Film,Total\n2024-03-01,One,1\nTotal,Day,Film\n2,2024-03-02,Two\n"
    found = rows(table, MAPPING + FIND)
    assert found == [[2, "2024-03-01", "One", "1"], [4, "2024-03-02", "Two", "2"]]


def test_a_header_that_is_nowhere_names_the_column_that_its_likeliest_row_lacks() -> None:
    with pytest.raises(MissingColumn, match="no column 'Total': did you mean Totals"):
        rows("Rex\nDay,Film,Totals\n2024-03-01,One,1\n", MAPPING + FIND)


def test_a_header_of_two_rows_is_joined_and_what_is_merged_counts_for_each_column() -> None:
    two = MAPPING.replace('"Total"', '"Adults Amount"') + FIND + "header_rows = 2\n"
    lines: Lines = [
        ["Rex"],
        ["Day", "Film", "Adults", None, "Children", None],
        [None, None, "Number", "Amount", "Number", "Amount"],
        ["2024-03-01", "One", 3, 27.5, 1, 6],
    ]
    workbook = book(Sales=lines)
    for cells in ("A2:A3", "B2:B3", "C2:D2", "E2:F2"):
        workbook["Sales"].merge_cells(cells)
    assert rows(saved(workbook), two, "t.xlsx") == [[4, "2024-03-01", "One", "27.5"]]
    plain = "Rex\nDay,Film,Adults,,Children,\n,,Number,Amount,Number,Amount\nd,One,3,27.5,1,6\n"
    assert rows(plain, two) == [[4, "d", "One", "27.5"]]


def test_a_table_without_a_header_has_letters_for_names() -> None:
    bare = MAPPING.replace("Day", "A").replace("Film", "C").replace('"Total"', '"B"')
    bare += '\n[table]\nheader = "none"\nheader_row = 2\n'
    assert rows("made by hand\nd,9,One\n", bare) == [[2, "d", "One", "9"]]


def test_columns_of_one_name_are_told_apart_by_their_number() -> None:
    table = "Day,Film,Total,Total\nd,One,3,27.5\n"
    with pytest.raises(UnreadableTable, match="'Total#1' or 'Total#2'"):
        rows(table, MAPPING)
    assert rows(table, MAPPING.replace('"Total"', '"Total#2"')) == [[2, "d", "One", "27.5"]]


TITLED = MAPPING + FIND + "notes = \"skip\"\n[derived]\nDay = { title = 'Day of (\\S+)' }\n"
BLOCKS = """Weekly sheet, printed on 2024-03-09
Day of 2024-03-01
Film,Total
One,1
Two,2

Day of 2024-03-02
Film,Total
One,3
"""


def test_a_title_above_each_block_is_a_column_of_its_rows() -> None:
    assert rows(BLOCKS, TITLED) == [
        [4, "2024-03-01", "One", "1"],
        [5, "2024-03-01", "Two", "2"],
        [9, "2024-03-02", "One", "3"],
    ]


def test_a_block_without_its_title_takes_none_from_another() -> None:
    lost = BLOCKS.replace("Day of 2024-03-02", "")
    assert rows(lost, TITLED)[-1] == [9, "", "One", "3"]


def test_a_title_is_no_row() -> None:
    reading_notes = TITLED.replace('notes = "skip"', 'notes = "read"')
    assert [row[0] for row in rows(BLOCKS, reading_notes)] == [4, 5, 9]


def test_what_stands_above_the_first_header_counts_for_all_blocks() -> None:
    top = TITLED.replace("title = 'Day of", "top = 'printed on")
    assert {row[1] for row in rows(BLOCKS, top)} == {"2024-03-09"}


def test_lines_of_text_between_and_below_the_rows_never_leave() -> None:
    table = "Day,Film,Total\nd,One,1\n,page 2,\nd,Two,2\nMade by Jane,,\n"
    skip = MAPPING + '\n[table]\nnotes = "skip"\n'
    assert [row[0] for row in rows(table, skip)] == [2, 4]
    assert [row[0] for row in rows(table, MAPPING)] == [2, 3, 4, 5]


def test_nothing_after_a_row_that_ends_a_block_belongs_to_it() -> None:
    table = "Day,Film,Total\nd,One,1\n,Sum,1\nd,Made by Jane,9\nDay,Film,Total\nd,Two,2\n"
    ends = MAPPING + FIND + '[[total]]\ncolumn = "Film"\nequals = ["Sum"]\nends = true\n'
    assert [row[0] for row in rows(table, ends)] == [2, 3, 6]


def test_one_sheet_a_day_names_the_day() -> None:
    days = MAPPING + "\n[table]\nsheets = \"*.03.\"\n[derived]\nDay = { sheet = '(.*)' }\n"
    header = ["Film", "Total"]
    sheets: dict[str, Lines] = {
        "01.03.": [header, ["One", 1]], "Notes": [["by hand"]], "02.03.": [header, ["One", 2]],
        "03.03.": [], "04.03.": [header, ["One", 3]],
    }  # fmt: skip
    workbook = book(**sheets)
    workbook["04.03."].sheet_state = "hidden"
    assert rows(saved(workbook), days, "t.xlsx") == [
        [1_000_002, "01.03.", "One", "1"],
        [3_000_002, "02.03.", "One", "2"],
    ]
    with pytest.raises(MissingColumn, match=r"sheet 'Notes', has no column"):
        rows(saved(workbook), days.replace("*.03.", "*"), "t.xlsx")
    every = days.replace('"*.03."', '"*"\nexcept_sheets = ["N*"]')
    assert len(rows(saved(workbook), every, "t.xlsx")) == 2
    with pytest.raises(UnreadableTable, match=r"there are: 01\.03\., Notes"):
        rows(saved(workbook), days.replace("*.03.", "*.04."), "t.xlsx")


def test_the_name_of_the_file_can_be_a_column() -> None:
    named = MAPPING + "\n[derived]\nDay = { file = '(\\d{4}-\\d\\d-\\d\\d)' }\n"
    assert rows("Film,Total\nOne,1\n", named, "/x/rex_2024-03-01.csv")[0][1] == "2024-03-01"


def test_a_part_of_a_cell_can_be_a_column_and_the_rest_stays() -> None:
    part = MAPPING.replace('"Day"', '"date"')
    part += "\n[derived]\ndate = { column = 'Day', match = '(\\d\\S+)' }\n"
    assert rows("Day,Film,Total\nFr 01.03.2024 JD,One,1\n", part)[0][1] == "01.03.2024"
    assert b"JD" not in extract(b"Day,Film,Total\nFr 01.03.2024 JD,One,1\n", "t.csv", part)


FILLED = MAPPING.replace('work = "Film"', 'work = { column = "Film", fill = true }')


def test_an_empty_cell_says_what_stands_above_it() -> None:
    total = '\n[[total]]\ncolumn = "Film"\nequals = ["Sum"]\n'
    table = "Day,Film,Total\nd,,9\nd,One,1\ne,,2\n,Sum,3\nd,,4\nd,Two,5\ne,,6\n"
    found = [(row[0], row[2]) for row in rows(table, FILLED + total)]
    # Above the first name and below a total nobody knows; those rows are held.
    assert found == [(2, ""), (3, "One"), (4, "One"), (5, "Sum"), (6, ""), (7, "Two"), (8, "Two")]


def test_a_name_alone_above_its_lines_speaks_for_them() -> None:
    skip = FILLED + '\n[table]\nnotes = "skip"\n'
    found = rows("Day,Film,Total\n,One,\nd,,1\ne,,2\n,Two,\nd,,3\n", skip)
    assert [(row[0], row[2]) for row in found] == [(3, "One"), (4, "One"), (6, "Two")]


def test_merged_cells_are_filled_as_far_as_they_are_merged() -> None:
    lines: Lines = [["Day", "Film", "Total"], ["d", "One", 1], ["e", None, 2], ["f", None, 3]]
    workbook = book(Sales=lines)
    workbook["Sales"].merge_cells("B2:B3")
    found = rows(saved(workbook), FILLED, "t.xlsx")
    assert [row[2] for row in found] == ["One", "One", ""]


def test_numbers_of_a_spreadsheet_are_never_taken_for_another_notation() -> None:
    comma = MAPPING + '\n[numbers]\ndecimal = ","\nthousands = "."\n'
    workbook = book(Sales=[["Day", "Film", "Total"], ["d", 8.5, 1.125], ["d", "One", "1.125"]])
    found = rows(saved(workbook), comma, "t.xlsx")
    assert [row[2:] for row in found] == [["8.5", "1,125"], ["One", "1.125"]]


def test_a_file_that_is_too_wide_is_refused() -> None:
    with pytest.raises(UnreadableTable, match=r"row 2 .* has 999999 cells"):
        rows("Day,Film,Total\n" + "," * 999_998 + "x\n", MAPPING)


def test_a_line_with_more_cells_than_its_header_is_held() -> None:
    text = MAPPING.replace('"rex"', '"rex"\ncurrency = "EUR"')
    text += '\n[[total]]\ncolumn = "Film"\nequals = ["Sum"]\n'
    table = "Day,Film,Total\n2024-03-01,One,9,50\n2024-03-01,Two,8,,\n,Sum,17,50\n"
    reading = read(extract(table.encode(), "t.csv", text), Nowhere(), {
        parse_mapping(text).digest: text}.get)  # fmt: skip
    assert held(reading) == {2: "malformed_row"}
    assert reading.figures.lines["row"].tolist() == [3]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('[table]\nsheet = "A"\nsheets = "*"', "keep one"),
        ('[table]\nheader = "find"\nheader_row = 2', "header_row"),
        ('[table]\nencoding = ["utf-8", "klingon"]', "klingon"),
        ('[derived]\nDay = { title = "(a)", sheet = "(b)" }', "exactly one"),
        ('[derived]\nDay = { column = "A" }', "match"),
        ('[derived]\nDay = { title = "(a" }', "no pattern"),
        ('[derived]\nDay = { title = "a" }', "one group"),
        ('[derived]\nDay = { titel = "a" }', "titel"),
        ('[derived]\nOther = { title = "(a)" }', "not used"),
        ('[[total]]\ncolumn = "Film"', "equals"),
        ('[[total]]\ncolumn = "Film"\nequals = ["x"]\nfields = ["price"]', "gross"),
        ('[[total]]\ncolumn = "Film"\nequals = ["x"]\nover = "all"', "over"),
        ('[[total]]\ncolumn = "Film"\nequals = ["x"]\ntolerance = "1e9"', "tolerance"),
    ],
)
def test_a_layout_that_means_nothing_is_refused(written: str, says: str) -> None:
    with pytest.raises(BadMapping, match=says):
        parse_mapping(f"{MAPPING}\n{written}\n")
