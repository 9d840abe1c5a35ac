"""At the sender: what leaves with a table, and what is said of a file that is none."""

import json
from hashlib import sha256

import pytest

from pharos.arrive.extract import extract
from pharos.errors import MissingColumn, UnreadableTable
from tests.arrive.test_tables import DAYS, HEADER, MAPPING, SHEET
from tests.arrive.workbook import workbook


def test_only_the_named_columns_leave_the_sender() -> None:
    table = HEADER + "7,One,03/16/2018 17:00,ADT,2,8.00,16.00,Jane\n"
    message = extract(table.encode(), "/home/jane/t.csv", MAPPING)
    header, row = map(json.loads, message.decode().splitlines())
    assert header == {
        "pharos": 1,
        "table": "house-totals",
        "mapping": sha256(MAPPING.encode()).hexdigest(),
        "original": sha256(table.encode()).hexdigest(),
        "file": "t.csv",
        "columns": ["Title", "Start", "Type", "Tickets", "Price", "Gross"],
    }
    assert row == [2, "One", "03/16/2018 17:00", "ADT", "2", "8.00", "16.00"]
    assert b"Jane" not in message
    assert b"jane" not in message


@pytest.mark.parametrize(
    ("content", "mapping", "says"),
    [
        (b"PK\x03\x04 but nothing else", SHEET, "save it anew"),
        (workbook([["Date"]], "Other"), SHEET, "did you mean|known are: Other"),
        (workbook([["Date"]]), SHEET, "no row 2"),
        (b"", MAPPING, "no row 1"),
        ("날짜;영화명".encode(), DAYS, "cp949|no row 3"),
        (b"\xff\xfe", MAPPING, "utf-8"),
        (HEADER.encode() + b"7,One\x00,b\n" + b'"' + b"x" * 200_000, MAPPING, "line"),
        (b"Title,Title,Start,Type,Tickets,Price,Gross\n", MAPPING, "2 columns named 'Title'"),
    ],
)
def test_what_is_no_table_is_refused_at_the_sender(content: bytes, mapping: str, says: str) -> None:
    with pytest.raises(UnreadableTable, match=says):
        extract(content, "t.csv", mapping)


def test_a_missing_column_is_named_with_what_was_meant() -> None:
    with pytest.raises(MissingColumn, match="'Gross': did you mean gross"):
        extract(b"Title,Start,Type,Tickets,Price,gross\n", "t.csv", MAPPING)
