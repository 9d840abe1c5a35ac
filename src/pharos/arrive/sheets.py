"""Files with tables become rows of text: CSV, and spreadsheets (XLSX, XLS, XLSB, ODS).

In: the bytes of a file and how its table lies in it. Out: rows of cells with their numbers as the
sender's program shows them. Knows no column and no meaning.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineWorkbook

from pharos.errors import UnreadableTable, nearest

#: How zip archives (XLSX, XLSB, ODS) and old Excel files (XLS) begin.
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

#: Digits that a spreadsheet shows of a number; further ones are an artefact of its binary form.
_SHOWN_DIGITS = 15

NumberedRow = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table lies in its file: ``sheet`` empty is the first; the header's row is from 1."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    sheet: str = ""
    header_row: int = 1


def read_rows(content: bytes, name: str, shape: Shape) -> Iterator[NumberedRow]:
    """The rows of a file's table, its header first; a row's number is its line or its row.

    Raises UnreadableTable.
    """
    rows = _spreadsheet if content.startswith(_SPREADSHEETS) else _delimited
    started = False
    for number, cells in rows(content, name, shape):
        if number >= shape.header_row:
            started = True
            yield number, cells
    if not started:
        raise UnreadableTable(
            f"{name} has no row {shape.header_row}, where its header should be; check header_row "
            "in the mapping and whether the file is complete"
        )


def _delimited(content: bytes, name: str, shape: Shape) -> Iterator[NumberedRow]:
    # A byte order mark is no part of the first column's name.
    encoding = "utf-8-sig" if shape.encoding.lower() in {"utf-8", "utf8"} else shape.encoding
    try:
        text = content.decode(encoding)
    except UnicodeError as problem:
        raise UnreadableTable(
            f"{name} is not written in {shape.encoding} ({problem}); set encoding in the mapping's "
            "[table], such as gb18030, cp949 or windows-1252"
        ) from problem
    reader = csv.reader(StringIO(text), delimiter=shape.delimiter, quotechar=shape.quote)
    first = 1
    try:
        for cells in reader:
            yield first, cells
            first = reader.line_num + 1
    except csv.Error as problem:
        raise UnreadableTable(
            f"line {first} of {name} cannot be read ({problem}); export the file anew as CSV"
        ) from problem


def _spreadsheet(content: bytes, name: str, shape: Shape) -> Iterator[NumberedRow]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            sheet = shape.sheet or next(iter(workbook.sheet_names), "")
            if sheet not in workbook.sheet_names:
                raise UnreadableTable(
                    f"{name} has no sheet {sheet!r} ({nearest(sheet, workbook.sheet_names)}); "
                    "correct sheet in the mapping's [table]"
                )
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as problem:
        raise UnreadableTable(
            f"{name} cannot be read as a spreadsheet ({problem}); save it anew as .xlsx, or as CSV"
        ) from problem
    for number, cells in enumerate(rows, 1):
        yield number, [_cell_text(cell) for cell in cells]


def _cell_text(cell: object) -> str:
    """A cell as text: numbers in plain digits, dates and times in ISO 8601."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _plain_digits(f"{cell:.{_SHOWN_DIGITS}g}")
    if isinstance(cell, datetime):
        # A cell that shows only a date holds its midnight.
        return cell.isoformat(" ") if cell.time() != time(0) else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _plain_digits(shown: str) -> str:
    number = Decimal(shown)
    if not number.is_finite():
        return shown
    return f"{number.to_integral_value() if number == number.to_integral_value() else number:f}"
