"""A spreadsheet made by hand, so that its every byte is known.

In: rows of cells. Out: the bytes of an XLSX file with one sheet.
"""

from datetime import date, datetime, time
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZipFile

Cell = str | int | datetime | date | time | None

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

#: Number formats of cells: 0 as it is, 1 date, 2 date and time, 3 time.
_STYLES = f"""<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>
<fills count="1"><fill/></fills><borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/>
<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/>
<xf numFmtId="21" applyNumberFormat="1"/></cellXfs></styleSheet>"""


def workbook(rows: list[list[Cell]], sheet: str = "Sales") -> bytes:
    """The file. A text that starts with "=" becomes the stored number of a formula's result."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", _types())
        archive.writestr("_rels/.rels", _relations(f"{_OFFICE}/officeDocument", "xl/workbook.xml"))
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _relations(f"{_OFFICE}/worksheet", "worksheets/sheet1.xml", f"{_OFFICE}/styles"),
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{escape(sheet)}" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr("xl/styles.xml", _STYLES)
        lines = "".join(
            f'<row r="{number}">{"".join(map(_cell, row))}</row>'
            for number, row in enumerate(rows, 1)
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>',
        )
    return content.getvalue()


def _cell(cell: Cell) -> str:
    if cell is None:
        return "<c/>"
    style = _STYLED.get(type(cell), 0)
    if isinstance(cell, str) and not cell.startswith("="):
        return f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c s="{style}"><v>{_number(cell)}</v></c>'


_STYLED = {date: 1, datetime: 2, time: 3}


def _number(cell: str | int | datetime | date | time) -> str:
    if isinstance(cell, datetime):
        return f"{_days(cell.date())}{_fraction(cell.time())}"
    if isinstance(cell, date):
        return str(_days(cell))
    return f"0{_fraction(cell)}" if isinstance(cell, time) else str(cell).removeprefix("=")


def _days(day: date) -> int:
    return (day - date(1899, 12, 30)).days


def _fraction(clock: time) -> str:
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    return f"{seconds / 86_400:.15f}"[1:]


def _types() -> str:
    parts = {"workbook": "sheet.main", "worksheets/sheet1": "worksheet", "styles": "styles"}
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_WORKSHEET}.{kind}+xml"/>'
        for part, kind in parts.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>"
    )


def _relations(kind: str, target: str, styles: str = "") -> str:
    also = f'<Relationship Id="r2" Type="{styles}" Target="styles.xml"/>' if styles else ""
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{kind}" Target="{target}"/>{also}</Relationships>'
    )
