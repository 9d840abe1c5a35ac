"""Workbooks with several sheets and merged cells, as people make them.

In: lines of cells. Out: workbooks, and their bytes.
"""

import io
from typing import Any
from zipfile import ZipFile

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


def open_document_of(rows: Lines) -> bytes:
    """The bytes of an ODS file with one sheet."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    lines = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{space}:office:1.0" '
            f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="Folha1">{lines}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return content.getvalue()


def _ods_cell(cell: Any) -> str:  # noqa: ANN401
    if cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return (
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
        )
    return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
