"""Files with tables become rows of text: CSV, and spreadsheets (XLSX, XLS, XLSB, ODS).

In: the bytes of a file and how its table lies in it. Out: its sheets, each with rows of cells and
their numbers as the sender's program shows them. Knows no column and no meaning.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fnmatch import fnmatchcase
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from pharos.arrive.archives import check_archive
from pharos.arrive.code_pages import decoded
from pharos.arrive.documents import NumberedRow, Shown, document_rows
from pharos.errors import UnreadableTable, nearest

#: How zip archives (XLSX, XLSB, ODS) and old Excel files (XLS) begin.
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: No table of figures is wider, or has more rows in one sheet.
MOST_COLUMNS = 2_000
MOST_ROWS = 999_999

#: Digits that a spreadsheet shows of a number; further ones are an artefact of its binary form.
_SHOWN_DIGITS = 15

#: First row, last row and column of cells that are merged downwards, from 0.
Merge = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table lies in its file: ``sheet`` empty is the first; the header's row is from 1.

    ``sheets`` are patterns of the names of several sheets. ``header`` is ``row`` (where
    ``header_row`` says), ``find`` (wherever the named columns stand) or ``none``. ``json`` is where
    in a JSON document its rows are, as names with points between.
    """

    encodings: tuple[str, ...] = ("utf-8",)
    delimiter: str = ","
    quote: str = '"'
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    except_sheets: tuple[str, ...] = ()
    header: str = "row"
    header_row: int = 1
    header_rows: int = 1
    skips_notes: bool = False
    json: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its place in the workbook from 1, its name, its rows, what is merged in it."""

    number: int
    name: str
    rows: list[NumberedRow]
    merges: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    delimited: bool = False


def read_sheets(
    content: bytes, name: str, shape: Shape, known: tuple[str, ...] = ()
) -> Iterator[Sheet]:
    """The sheets that a shape chooses; a row's number is its line or its row.

    ``known`` are words of the text, by which one of several encodings is told. Raises
    UnreadableTable.
    """
    if shape.json:
        yield Sheet(1, "", list(_checked(iter(document_rows(content, name, shape.json)), name)))
        return
    _check_kind(content, name)
    if content.startswith(SPREADSHEETS):
        yield from _workbook(content, name, shape)
    else:
        text = decoded(content, name, shape.encodings, known)
        yield Sheet(1, "", list(_checked(_delimited(text, name, shape), name)), delimited=True)


_NOT_MAPPED = (
    "send rows of the native format without a mapping, say in the mapping's [table] where its rows "
    "are (json), or export it as CSV"
)
#: What is often sent under the name of a table: how it begins, what it is, what to do.
_NO_TABLES = (
    (b"%PDF", "a PDF", "ask for the table that it was printed from"),
    (b"<!doctype html", "a web page", "open it in a spreadsheet program and save it as .xlsx"),
    (b"<html", "a web page", "open it in a spreadsheet program and save it as .xlsx"),
    (b"<?xml", "an XML file", "open it in a spreadsheet program and save it as .xlsx"),
    (b"{", "a JSON file", _NOT_MAPPED),
    (b"\x89PNG", "a picture", "send the table that it shows"),
    (b"\xff\xd8\xff", "a picture", "send the table that it shows"),
    (b"\x1f\x8b", "compressed", "unpack it first"),
    (b"Rar!", "compressed", "unpack it first"),
    (b"7z\xbc\xaf", "compressed", "unpack it first"),
)


def _check_kind(content: bytes, name: str) -> None:
    head = content[:32].lstrip().lower()
    for beginning, kind, advice in _NO_TABLES:
        if head.startswith(beginning.lower()):
            raise UnreadableTable(f"{name} is {kind}, whatever its name says; {advice}")


def _delimited(text: str, name: str, shape: Shape) -> Iterator[NumberedRow]:
    if "\r" in text and "\n" not in text:
        # Programs of old Macs end their lines so.
        text = text.replace("\r", "\n")
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


def _checked(rows: Iterator[NumberedRow], name: str) -> Iterator[NumberedRow]:
    for number, cells in rows:
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise UnreadableTable(
                f"row {number} of {name} has {len(cells)} cells; at most {MOST_COLUMNS} are read: "
                "check the delimiter in the mapping's [table], and export only the table"
            )
        if number > MOST_ROWS:
            raise UnreadableTable(
                f"{name} has more than {MOST_ROWS} rows; send it in parts, such as one a month"
            )
        yield number, cells


def _workbook(content: bytes, name: str, shape: Shape) -> Iterator[Sheet]:
    check_archive(content, name)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            for place in _chosen(workbook, name, shape):
                sheet = workbook.get_sheet_by_index(place)
                rows = _checked(_texts(sheet), name)
                merges = tuple(sheet.merged_cell_ranges or ())
                yield Sheet(place + 1, sheet.name, list(rows), merges)
    except (CalamineError, OSError, ValueError) as problem:
        raise UnreadableTable(
            f"{name} cannot be read as a spreadsheet ({problem}); save it anew as .xlsx, or as CSV"
        ) from problem


def _chosen(workbook: CalamineWorkbook, name: str, shape: Shape) -> list[int]:
    names = workbook.sheet_names
    if not shape.sheets:
        if shape.sheet and shape.sheet not in names:
            raise UnreadableTable(
                f"{name} has no sheet {shape.sheet!r} ({nearest(shape.sheet, names)}); "
                "correct sheet in the mapping's [table]"
            )
        return [names.index(shape.sheet) if shape.sheet else 0][: len(names)]
    chosen = [
        place
        for place, sheet in enumerate(workbook.sheets_metadata)
        if sheet.visible is SheetVisibleEnum.Visible
        and _matches(sheet.name, shape.sheets)
        and not _matches(sheet.name, shape.except_sheets)
    ]
    if not chosen:
        raise UnreadableTable(
            f"{name} has no sheet that is named like {' or '.join(shape.sheets)}; there are: "
            f"{', '.join(names)}. Correct sheets in the mapping's [table]"
        )
    return chosen


def _matches(sheet: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(sheet, pattern) for pattern in patterns)


def _texts(sheet: CalamineSheet) -> Iterator[NumberedRow]:
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), 1):
        yield number, [_cell_text(cell) for cell in cells]


def _cell_text(cell: object) -> str:
    """A cell as text: numbers in plain digits, dates and times in ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return Shown(_plain_digits(f"{cell:.{_SHOWN_DIGITS}g}"))
    if isinstance(cell, int):
        return Shown(cell)
    if isinstance(cell, datetime):
        # A cell that shows only a date holds its midnight.
        return cell.isoformat(" ") if cell.time() != time(0) else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _plain_digits(shown: str) -> str:
    number = Decimal(shown)
    if not number.is_finite():
        return shown
    return f"{number.to_integral_value() if number == number.to_integral_value() else number:f}"
