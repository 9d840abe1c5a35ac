"""A shelf of bad files: cut short, misnamed, in the wrong letters, made to burst.

In: nothing. Out: files by their names. Must not know what is said of them.
"""

import io
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import xlwt

from tests.arrive.workbook import workbook

HEADER = "Day,Film,Sold,Total\n"
GOOD = HEADER + "2024-03-01,One,3,27.50\n"
SHEET = "xl/worksheets/sheet1.xml"
_MB = 1 << 20


def _book(sheet_xml: bytes | None = None, **parts: bytes) -> bytes:
    """A workbook of which parts are other than they should be."""
    content = io.BytesIO()
    with (
        ZipFile(io.BytesIO(workbook([["Day", "Film", "Sold", "Total"]]))) as good,
        ZipFile(content, "w", ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            own = sheet_xml if name == SHEET and sheet_xml is not None else good.read(name)
            bad.writestr(name, own)
        for name, part in parts.items():
            bad.writestr(name, part)
    return content.getvalue()


def _sheet(rows: str, before: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'{before}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return text.encode()


def _lying(content: bytes, size: int) -> bytes:
    """The same archive, which says of its largest part that it unpacks to ``size`` bytes."""
    with ZipFile(io.BytesIO(content)) as archive:
        largest = max(archive.infolist(), key=lambda part: part.file_size)
    true = struct.pack("<I", largest.file_size)
    return content.replace(true, struct.pack("<I", size))


def _overlapping() -> bytes:
    """An archive of which a thousand parts are the same bytes."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(b"0" * _MB) + packed.flush()
    crc, size = zlib.crc32(b"0" * _MB), len(body)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, crc, size, _MB, 1, 0) + b"a"
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, size, _MB, 1, 0, 0, 0, 0, 0, 0
    )
    entries = (entry + b"a") * 1000
    start = len(local) + size
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1000, 1000, len(entries), start, 0)
    return local + body + entries + end


def _ods(table: str) -> bytes:
    content = io.BytesIO()
    space = "urn:oasis:names:tc:opendocument:xmlns"
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{space}:office:1.0" '
            f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="A">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return content.getvalue()


def _xls() -> bytes:
    content = io.BytesIO()
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    for place, name in enumerate(["Day", "Film", "Sold", "Total"]):
        sheet.write(0, place, name)
    book.save(content)
    return content.getvalue()


_LAUGHS = "<!DOCTYPE a [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
)
_STRANGER = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
_TEXT = '<row r="1"><c t="inlineStr"><is><t>{}</t></is></c></row>'

#: Every file by its name: what it holds, or how that is made, where it is large.
SHELF: dict[str, bytes | str | Callable[[], bytes]] = {
    "empty.csv": b"",
    "blank.csv": b"\n \n\t\n",
    "only-a-mark.csv": b"\xef\xbb\xbf",
    "only-a-utf16-mark.csv": b"\xff\xfe",
    "nuls.csv": lambda: b"\0" * 4096,
    "nuls-between.csv": lambda: GOOD.replace(",", "\0").encode(),
    "a-nul-in-a-cell.csv": lambda: GOOD.replace("One", "O\0ne").encode(),
    "every-byte.csv": lambda: bytes(range(256)) * 64,
    "half-a-letter.csv": lambda: (GOOD + "2024-03-01,影").encode()[:-1],
    "utf16-without-mark.csv": lambda: GOOD.encode("utf-16-le"),
    "utf16-odd.csv": lambda: GOOD.encode("utf-16")[:-1],
    "utf16-half-pair.csv": lambda: b"\xff\xfe\x00\xd8" * 100,
    "utf16.csv": lambda: GOOD.encode("utf-16"),
    "utf32.csv": lambda: GOOD.encode("utf-32"),
    "utf7.csv": lambda: "日期,影片\n".encode("utf-7"),
    "gb18030.csv": lambda: "日期,影片,人次,票房\n2024-03-01,流浪地球,3,27.50\n".encode("gb18030"),
    "ebcdic.csv": lambda: GOOD.encode("cp500"),
    "a-million-columns.csv": HEADER + "," * 1_000_000 + "x\n",
    "a-million-headings.csv": "Day," * 1_000_000 + "\n",
    "one-long-line.csv": lambda: b"x" * (30 * _MB),
    "one-long-cell.csv": HEADER + '2024-03-01,"' + "x" * 100_000 + '",1,1\n',
    "quote-left-open.csv": HEADER + '"' + "2024-03-01,One,1,1\n" * 20_000,
    "a-million-rows.csv": HEADER + ",,,\n" * 1_000_001,
    "header-only.csv": HEADER,
    "other-columns.csv": b"a,b,c\n1,2,3\n",
    "semicolons.csv": lambda: GOOD.replace(",", ";").encode(),
    "twice-the-same-column.csv": b"Day,Film,Sold,Total,Total\n",
    "numbers-that-are-none.csv": HEADER + "".join(
        f"2024-03-01,One,{number},{number}\n"
        for number in ("1e999", "NaN", "inf", "0x10", "-", "१२", "9" * 400, "1,5", "--1", "½")
    ),
    "dates-that-are-none.csv": HEADER + "".join(
        f"{day},One,1,1\n" for day in ("2024-02-30", "0001-01-01", "9999-99-99", "x")
    ),
    "control-characters.csv": HEADER + "2024-03-01,O\x07\x1bne,1,1\n",
    "formulas.csv": HEADER + "2024-03-01,=cmd|' /C calc'!A0,1,=1+1\n",
    "page.xls": b"<html><table><tr><td>Day</td></tr></table></html>",
    "page-with-doctype.xls": b"\n<!DOCTYPE html><html></html>",
    "xml.xls": b'<?xml version="1.0"?><Workbook/>',
    "report.csv.pdf": b"%PDF-1.7\n%...",
    "picture.xlsx": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "native.csv": lambda: json.dumps({"pharos": 1}).encode() + b"\n",
    "packed.csv.gz": lambda: b"\x1f\x8b\x08\0" + b"\0" * 50,
    "only-pk.xlsx": b"PK\3\4",
    "cut-in-half.xlsx": lambda: _book()[: len(_book()) // 2],
    "without-its-end.xlsx": lambda: _book()[:-10],
    "no-workbook.xlsx": lambda: _ods("").replace(b"content.xml", b"another.xml"),
    "no-xml-in-it.xlsx": lambda: _book(b"\0\1\2" * 100),
    "cut-xml.xlsx": lambda: _book(_sheet(_TEXT.format("Day"))[:-30]),
    "a-gigabyte-of-zeros.xlsx": lambda: _book(**{"xl/media/zeros.bin": b"0" * (300 * _MB)}),
    "a-long-text.xlsx": lambda: _book(_sheet(_TEXT.format("x" * (200 * _MB)))),
    "many-empty-rows.xlsx": lambda: _book(_sheet("<row/>" * (10 * _MB))),
    "lies-about-its-size.xlsx": lambda: _lying(
        _book(_sheet(_TEXT.format("x" * (200 * _MB)))), 1000
    ),
    "many-parts.xlsx": lambda: _book(**{f"xl/media/{n}": b"" for n in range(3000)}),
    "parts-that-overlap.xlsx": _overlapping,
    "a-cell-far-away.xlsx": lambda: _book(
        _sheet('<row r="1"><c r="A1"><v>1</v></c></row>'
               '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    ),
    "a-cell-far-below.xlsx": lambda: _book(
        _sheet('<row r="1"><c r="A1"><v>1</v></c></row>'
               '<row r="1048576"><c r="D1048576"><v>1</v></c></row>')
    ),
    "laughs.xlsx": lambda: _book(_sheet(_TEXT.format("&a11;"), _LAUGHS + "]>")),
    "stranger.xlsx": lambda: _book(_sheet(_TEXT.format("&x;"), _STRANGER)),
    "zip-in-a-zip.xlsx": lambda: _book(**{f"{n}.zip": _book() * 100 for n in range(16)}),
    "old.xls": _xls,
    "old-cut.xls": lambda: _xls()[:3000],
    "old-damaged.xls": lambda: _xls()[:512] + b"\xff" * 4096,
    "old-empty.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
    "rows-repeated.ods": lambda: _ods(
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>"
    ),
    "cut.ods": lambda: _ods("<table:table-row/>")[:200],
}  # fmt: skip


def put(name: str, folder: Path) -> Path:
    """The file of this name in a folder."""
    path = folder / name
    held = SHELF[name]
    made = held() if callable(held) else held
    path.write_bytes(made.encode() if isinstance(made, str) else made)
    return path
