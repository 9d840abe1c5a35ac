"""Workbooks with several sheets and merged cells, as people make them.

In: lines of cells. Out: workbooks, and their bytes.
"""

import io
from typing import Any

import openpyxl

Lines = list[list[Any]]


def book(**sheets: Lines) -> Any:  # noqa: ANN401
    """A workbook with these sheets."""
    made = openpyxl.Workbook()
    del made["Sheet"]
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    return made


def saved(workbook: Any) -> bytes:  # noqa: ANN401
    """The bytes of a workbook."""
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()
