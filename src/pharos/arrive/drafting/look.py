"""A first look at a file: its letters, its delimiter, its sheets, and where its header stands.

In: the bytes of a file. Out: sheets as grids of texts, and the likeliest header. Knows no mapping.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from io import StringIO

from charset_normalizer import from_bytes

from pharos.arrive.code_pages import AUTO, marked
from pharos.arrive.drafting.dates import is_iso
from pharos.arrive.drafting.numbers import is_number
from pharos.arrive.drafting.words import HOMES, fields_of
from pharos.arrive.layout import heading
from pharos.arrive.sheets import SPREADSHEETS, Shape, Sheet, read_sheets
from pharos.errors import UnreadableTable

#: So far down a sheet a header is looked for, and so many sheets are looked at.
_DEEPEST, _MOST_SHEETS = 200, 60
_FIGURES = {"admissions", "gross", "screenings"}


@dataclass(frozen=True, slots=True)
class Header:
    """Where a header stands: its row from 0, over how many rows, the names it gives."""

    at: int
    height: int
    names: tuple[str, ...]
    fields: int

    @property
    def first(self) -> int:
        """The row after it, from 0."""
        return self.at + self.height


@dataclass(frozen=True, slots=True)
class Looked:
    """What is in a file; ``sure`` says whether its encoding is."""

    encoding: str
    delimiter: str
    sheets: tuple[Sheet, ...]
    sure: bool = True


def look(content: bytes, name: str, encoding: str = "") -> Looked:
    """The sheets of a file. Raises UnreadableTable."""
    if content.startswith(SPREADSHEETS):
        sheets = read_sheets(content, name, Shape(sheets=("*",)))
        found = [sheet for sheet in sheets if any(any(cells) for _, cells in sheet.rows)]
        if not found:
            raise UnreadableTable(f"{name} is empty; check whether the export is complete")
        return Looked("", "", tuple(found[:_MOST_SHEETS]))
    found_encoding, sure = (encoding, True) if encoding else _encoding(content, name)
    best = max((_looked(content, name, found_encoding, d) for d in (",", ";", "\t", "|")), key=_fit)
    return Looked(found_encoding, best.delimiter, best.sheets, sure)


def _looked(content: bytes, name: str, encoding: str, delimiter: str) -> Looked:
    shape = Shape(encodings=(encoding or "utf-8",), delimiter=delimiter)
    try:
        return Looked(encoding, delimiter, tuple(read_sheets(content, name, shape)))
    except UnreadableTable:
        # Another delimiter may make shorter cells; only if none does, the file is at fault.
        if delimiter == "|":
            raise
        return Looked(encoding, delimiter, ())


def _fit(looked: Looked) -> tuple[int, int]:
    """How well a delimiter fits: by the columns of its header, then by how even its rows are."""
    if not looked.sheets:
        return (-1, 0)
    header = find_header(looked.sheets[0])
    widths = Counter(len(cells) for _, cells in looked.sheets[0].rows[:500] if len(cells) > 1)
    return (header.fields if header else 0, max(widths.values(), default=0))


def _encoding(content: bytes, name: str) -> tuple[str, bool]:
    """The encoding of a text file; empty is UTF-8. Raises UnreadableTable."""
    if marked(content):
        return AUTO, True
    head = content[:4096]
    if head.count(0) * 3 > len(head):
        return ("utf-16-le" if head[1:2] == b"\0" else "utf-16-be"), True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _by_its_words(content, name)
    return "", True


def _by_its_words(content: bytes, name: str) -> tuple[str, bool]:
    """The encoding in which headings of its own language stand in a file."""
    scores: Counter[str] = Counter()
    for language, home in HOMES.items():
        try:
            text = content.decode(home.encoding)
        except UnicodeDecodeError:
            continue
        for delimiter in (",", ";", "\t"):
            cells = {c for row in _rows(text[:20_000], delimiter) for c in row if not c.isascii()}
            known = sum(any(language in langs for _, langs, _ in fields_of(c)) for c in cells)
            scores[home.encoding] = max(scores[home.encoding], known)
    first = scores.most_common(2)
    if first and first[0][1]:
        return first[0][0], len(first) < 2 or first[0][1] > first[1][1]
    guess = from_bytes(content[:100_000]).best()
    if guess is None:
        raise UnreadableTable(f"{name} is no text in any known encoding; export it anew as CSV")
    return guess.encoding.replace("cp125", "windows-125"), False


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(StringIO(text), delimiter=delimiter))[:60]
    except csv.Error:
        return []


def find_header(sheet: Sheet) -> Header | None:
    """The likeliest header of a sheet; None if no row has two words that are known."""
    best: Header | None = None
    for at in range(min(len(sheet.rows), _DEEPEST)):
        height = 2 if _goes_on(sheet, at) else 1
        found = [_header(sheet, at, one) for one in range(1, height + 1)]
        likeliest = max(found, key=lambda header: (header.fields, header.height))
        if likeliest.fields >= 2 and (best is None or likeliest.fields > best.fields):
            best = likeliest
    return best


def plain_header(sheet: Sheet) -> Header | None:
    """The first row of several texts above a row with a number, where no word is known."""
    for at in range(min(len(sheet.rows) - 1, _DEEPEST)):
        cells = [cell for cell in sheet.rows[at][1] if cell.strip()]
        below = [cell for cell in sheet.rows[at + 1][1] if cell.strip()]
        if len(cells) > 2 and not any(map(is_number, cells)) and any(map(is_number, below)):
            return _header(sheet, at, 1)
    return None


def _header(sheet: Sheet, at: int, height: int) -> Header:
    names = tuple(heading(sheet, at, height))
    found = {field for name in names for field, _, _ in fields_of(name)[:1]}
    full = len(found) if found & _FIGURES and not any(map(is_number, names)) else 0
    return Header(at, height, names, full)


def _goes_on(sheet: Sheet, at: int) -> bool:
    """Whether the row below a header belongs to it: texts alone, at least two."""
    if at + 2 >= len(sheet.rows):
        return False
    above = sum(bool(fields_of(cell)) for cell in sheet.rows[at][1])
    cells = [cell for cell in sheet.rows[at + 1][1] if cell.strip()]
    texts = len(cells) >= 2 and not any(is_number(c) or is_iso(c) for c in cells)
    return texts and above >= 2
