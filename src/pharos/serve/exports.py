"""The rows of a page as files to take away: CSV, XLSX, Parquet.

In: a sheet of exact values, and what it is of. Out: bytes of a file that says the same numbers to
the last digit and is safe to open: no cell of it is ever a formula. Knows no page.

CSV (RFC 4180) is UTF-8 with a byte order mark, by which spreadsheets know it as such; a text that
a spreadsheet would take for a formula has an apostrophe before it. A number of XLSX is a float; one
that no float holds is written as text.
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

#: What a cell may hold; None is a number that is not known.
Value = str | int | Decimal | bool | None

#: What makes spreadsheets take a text for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Digits that a float holds whatever they are (IEEE 754 binary64).
_DIGITS = 15
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in files, what it is called in the page's language, its decimals.

    ``kind`` is ``text``, ``whole``, ``decimal`` (with so many ``decimals``) or ``yes_no``.
    """

    name: str
    head: str
    kind: str = "text"
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows with their columns, and what they are of, in words."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    about: Mapping[str, str] = field(default_factory=dict)
    #: When it was counted; stands in the files as the time of their making.
    made: datetime = datetime(2000, 1, 1)


def as_csv(sheet: Sheet) -> bytes:
    """One line of names, one for each row; what is not known is empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.name for column in sheet.columns])
    writer.writerows([_plain(value) for value in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook: the rows under a head that stays, and a sheet that says what they are."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": sheet.title, "created": sheet.made})
        _write_rows(book, sheet)
        about = book.add_worksheet("About")
        about.set_column(0, 0, 24)
        about.set_column(1, 1, _WIDEST)
        for row, (name, text) in enumerate(sheet.about.items()):
            about.write_string(row, 0, name)
            about.write_string(row, 1, text)
    return content.getvalue()


def _write_rows(book: Any, sheet: Sheet) -> None:  # noqa: ANN401  (the library has no types)
    page = book.add_worksheet("Rows")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        digits = f".{'0' * column.decimals}" if column.decimals else ""
        shape = book.add_format({"num_format": f"#,##0{digits}"})
        texts = [len(str(row[place])) for row in sheet.rows]
        page.set_column(place, place, min(max([8, *texts]) + 2, _WIDEST))
        page.write_string(0, place, column.head, bold)
        for nth, row in enumerate(sheet.rows, 1):
            _write_cell(page, (nth, place), row[place], shape)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)


def _write_cell(page: Any, at: tuple[int, int], value: Value, shape: Any) -> None:  # noqa: ANN401
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(*at, value)
    elif isinstance(value, str):
        page.write_string(*at, value)
    elif len(Decimal(value).as_tuple().digits) > _DIGITS:
        page.write_string(*at, _plain(value))
    else:
        page.write_number(*at, value, shape)


def as_parquet(sheet: Sheet) -> bytes:
    """Columns with exact types; what the rows are of stands in the file's metadata."""
    arrays = [
        pa.array([row[place] for row in sheet.rows], _type(column))
        for place, column in enumerate(sheet.columns)
    ]
    table = pa.table(dict(zip([c.name for c in sheet.columns], arrays, strict=True)))
    content = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(dict(sheet.about)), content, compression="zstd")
    return content.getvalue()


def _type(column: Column) -> pa.DataType:
    if column.kind == "decimal":
        return pa.decimal128(38, column.decimals)
    return {"text": pa.string(), "whole": pa.int64(), "yes_no": pa.bool_()}[column.kind]


#: How a page's rows leave, by the end of its address: the writer and the media type.
KINDS: Mapping[str, tuple[Callable[[Sheet], bytes], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "parquet": (as_parquet, "application/vnd.apache.parquet"),
}
