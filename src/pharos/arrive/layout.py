"""Where a table lies in its sheets: headers, blocks, lines above them, cells that stand for more.

In: the sheets of a file and the mapping that is to read them. Out: rows with the texts of the
named columns alone. Knows no field: what a column means is read elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pharos.arrive.documents import NumberedRow, Shown
from pharos.arrive.mapping import Mapping
from pharos.arrive.mapping_layout import BLOCK, Derived
from pharos.arrive.sheets import Sheet, read_sheets
from pharos.errors import MissingColumn, UnreadableTable, nearest
from pharos.words.works import tidy_name

#: In a file with several sheets, a row's number begins with the number of its sheet.
SHEET_STEP = 1_000_000
#: So many lines above a header are looked at for its title.
_TITLE_LINES = 12
#: "Tickets#2": the second of several columns of one name.
_NTH = re.compile(r"(.+)#([1-9]\d?)")

_tidy = lru_cache(maxsize=65_536)(tidy_name)


def lay_out(content: bytes, name: str, mapping: Mapping) -> Iterator[NumberedRow]:
    """The rows of a file with the texts of the named columns; empty rows are left out.

    Raises UnreadableTable, MissingColumn.
    """
    shape = mapping.shape
    found = False
    for sheet in read_sheets(content, name, shape, mapping.table_columns()):
        if shape.sheets and not any(any(map(str.strip, cells)) for _, cells in sheet.rows):
            continue
        found = True
        offset = sheet.number * SHEET_STEP if shape.sheets else 0
        for number, texts in _Layout(sheet, name, mapping).rows():
            yield offset + number, texts
    if not found:
        raise UnreadableTable(f"{name} is empty; check whether the export is complete")


@dataclass(frozen=True, slots=True)
class _Block:
    """One header and the rows below it: where they start and end, and where its columns stand."""

    number: int
    top: int
    first: int
    end: int
    width: int
    places: dict[str, int]


class _Layout:
    """Finds the blocks of one sheet and reads their rows."""

    def __init__(self, sheet: Sheet, file: str, mapping: Mapping) -> None:
        self._sheet = sheet
        self._rows = [cells for _, cells in sheet.rows]
        self._where = f"{file}, sheet {sheet.name!r}," if mapping.shape.sheets else file
        self._file = file
        self._mapping = mapping
        self._needed = mapping.table_columns()
        self._named = mapping.named_columns()
        self._numbers = mapping.number_columns()
        self._filled = mapping.filled_columns() - {one.name for one in mapping.derived}
        self._blocks = self._found() if mapping.shape.header == "find" else [self._only()]

    def rows(self) -> Iterator[NumberedRow]:
        """The rows of all blocks, in the order of the sheet."""
        taken: set[int] = set()
        above = [self._beside(block, taken) for block in self._blocks]
        for block, texts in zip(self._blocks, above, strict=True):
            yield from self._rows_of(block, texts, taken)

    # --- headers

    def _only(self) -> _Block:
        first = self._first_row()
        if self._mapping.shape.header == "none":
            width = max(map(len, self._rows[first:]), default=0)
            letters = [_letters(place) for place in range(width)]
            return _Block(1, first, first, len(self._rows), width, self._places(letters))
        below = first + self._mapping.shape.header_rows
        return self._block(1, first, below, len(self._rows))

    def _block(self, number: int, top: int, first: int, end: int) -> _Block:
        heading = self._heading(top)
        return _Block(number, top, first, end, len(heading), self._places(heading))

    def _first_row(self) -> int:
        wanted = self._mapping.shape.header_row
        for index, (number, _) in enumerate(self._sheet.rows):
            if number >= wanted:
                return index
        raise UnreadableTable(
            f"{self._where} has no row {wanted}, where its header should be; check header_row "
            "in the mapping and whether the file is complete"
        )

    def _found(self) -> list[_Block]:
        height = self._mapping.shape.header_rows
        headers = [at for at in range(len(self._rows)) if self._is_header(at)]
        if not headers:
            self._complain()
        ends = [*headers[1:], len(self._rows)]
        return [
            self._block(number, at, at + height, end)
            for number, (at, end) in enumerate(zip(headers, ends, strict=True), 1)
        ]

    def _is_header(self, at: int) -> bool:
        names = self._heading(at)
        return all(_place(name, names) is not None for name in self._needed)

    def _complain(self) -> None:
        """Say which column is missing where the header most likely is. Raises MissingColumn."""
        headings = [self._heading(at) for at in range(len(self._rows))]
        best = max(
            headings, key=lambda names: sum(_place(n, names) is not None for n in self._needed),
            default=[],
        )  # fmt: skip
        for name in self._needed:
            if _place(name, best) is None:
                raise self._missing(name, best)

    def _missing(self, name: str, header: list[str]) -> MissingColumn:
        return MissingColumn(
            f"{self._where} has no column {name!r}: "
            f"{nearest(name, [cell for cell in header if cell])}"
            " Correct the mapping, or header_row in its [table], or export the file with it"
        )

    def _heading(self, at: int) -> list[str]:
        return heading(self._sheet, at, self._mapping.shape.header_rows)

    def _cell(self, row: int, place: int) -> str:
        return _cell(self._sheet, row, place)

    def _places(self, header: list[str]) -> dict[str, int]:
        """Where the needed columns stand. Raises MissingColumn, UnreadableTable."""
        places = {}
        for name in self._needed:
            place = _place(name, header)
            if place is None:
                raise self._missing(name, header)
            if header.count(name) > 1:
                raise UnreadableTable(
                    f"{self._where} has {header.count(name)} columns named {name!r}; write "
                    f"{name + '#1'!r} or {name + '#2'!r} in the mapping, so that it is certain "
                    "which is meant"
                )
            places[name] = place
        return places

    # --- rows

    def _rows_of(
        self, block: _Block, above: dict[str, str], taken: set[int]
    ) -> Iterator[NumberedRow]:
        carried: dict[str, str] = {}
        merged = self._merged_in(block)
        for index in range(block.first, block.end):
            if index in taken:
                continue
            texts = self._texts(index, block) | above
            if self._mapping.shape.skips_notes and self._is_note(index):
                # A film's name that stands alone above its lines speaks for them.
                carried.update(self._own(texts))
                continue
            met = [rows for rows in self._mapping.no_figures() if rows.meets(texts[rows.column])]
            is_row = any(texts[name].strip() for name in block.places if name in self._named)
            if met:
                carried.update(dict.fromkeys(self._own(texts), ""))
            elif is_row:
                self._fill(index, texts, carried, merged)
            if is_row:
                # One text too many makes a row that is held: nobody knows which cell is which.
                more = [""] if self._overflows(index, block) and not met else []
                yield self._sheet.rows[index][0], [*(texts[name] for name in self._named), *more]
            if any(rows.ends for rows in met):
                return

    def _overflows(self, index: int, block: _Block) -> bool:
        """Whether a line of a CSV has cells beyond its header, such as an unquoted 1,50 makes."""
        return self._sheet.delimited and any(map(str.strip, self._rows[index][block.width :]))

    def _texts(self, index: int, block: _Block) -> dict[str, str]:
        texts = {name: self._text(index, place, name) for name, place in block.places.items()}
        for one in self._mapping.derived:
            if one.source == "column":
                texts[one.name] = _taken(one, texts[one.column])
        texts[BLOCK] = str(block.number)
        return texts

    def _text(self, index: int, place: int, name: str) -> str:
        cell = self._cell(index, place)
        if isinstance(cell, Shown) and name in self._numbers:
            # The mapping says how texts write numbers; a number of a spreadsheet has no sign.
            return cell.replace(".", self._mapping.notation.decimal)
        return str(cell)

    def _is_note(self, index: int) -> bool:
        return sum(bool(cell.strip()) for cell in self._rows[index]) == 1

    def _own(self, texts: dict[str, str]) -> dict[str, str]:
        """What a row itself says in the columns that are filled down."""
        return {name: texts[name] for name in self._filled if texts[name].strip()}

    def _fill(
        self,
        index: int,
        texts: dict[str, str],
        carried: dict[str, str],
        merged: dict[str, dict[int, str]],
    ) -> None:
        carried.update(self._own(texts))
        for name in self._filled:
            if not texts[name].strip():
                above = merged[name].get(index, "") if name in merged else carried.get(name, "")
                texts[name] = above

    def _merged_in(self, block: _Block) -> dict[str, dict[int, str]]:
        """What merged cells say in each of their rows, for the columns in which there are any."""
        found: dict[str, dict[int, str]] = {}
        for (top, left), (bottom, right) in self._sheet.merges:
            for name in self._filled:
                inside = left <= block.places.get(name, -1) <= right
                if inside and block.first <= top < bottom:
                    text = self._text(top, left, name)
                    found.setdefault(name, {}).update(dict.fromkeys(range(top, bottom + 1), text))
        return found

    # --- what stands beside the table

    def _beside(self, block: _Block, taken: set[int]) -> dict[str, str]:
        """The derived columns that are the same in a whole block; notes the lines they took."""
        texts = {}
        for one in self._mapping.derived:
            if one.source == "title":
                texts[one.name] = self._title(one, block, taken)
            elif one.source == "top":
                lines = (self._line(index) for index in range(self._blocks[0].top))
                texts[one.name] = next(filter(None, (_taken(one, line) for line in lines)), "")
            elif one.source != "column":
                name = self._sheet.name if one.source == "sheet" else self._file
                texts[one.name] = _taken(one, name)
        return texts

    def _title(self, one: Derived, block: _Block, taken: set[int]) -> str:
        before = [other for other in self._blocks if other.number == block.number - 1]
        lowest = max(before[0].first if before else 0, block.top - _TITLE_LINES)
        for index in range(block.top - 1, lowest - 1, -1):
            if before and self._is_full(index, before[0]):
                break
            if text := _taken(one, self._line(index)):
                taken.add(index)
                return text
        return ""

    def _is_full(self, index: int, block: _Block) -> bool:
        """Whether a row is one of the table's own, so that no title can stand above it."""
        filled = sum(bool(self._cell(index, place).strip()) for place in block.places.values())
        return filled * 2 > len(block.places)

    def _line(self, index: int) -> str:
        return " ".join(filter(None, map(_tidy, self._rows[index])))


def heading(sheet: Sheet, at: int, height: int) -> list[str]:
    """The names of the columns if a header began in a row, joined over its rows."""
    if height == 1:
        return [_tidy(cell) for cell in sheet.rows[at][1]]
    lines = [_header_line(sheet, row, at + height - 1) for row in range(at, at + height)]
    width = max(map(len, lines), default=0)
    padded = [[*line, *[""] * (width - len(line))] for line in lines]
    return [" ".join(dict.fromkeys(filter(None, parts))) for parts in zip(*padded, strict=True)]


def _header_line(sheet: Sheet, at: int, last: int) -> list[str]:
    """One row of a header; what is merged, or stands over several columns, is in each."""
    if at >= len(sheet.rows):
        return []
    line = [_tidy(cell) for cell in sheet.rows[at][1]]
    for (top, left), (bottom, right) in sheet.merges:
        if top <= at <= bottom:
            line[left : right + 1] = [_tidy(_cell(sheet, top, left))] * len(line[left : right + 1])
    if at < last and not sheet.merges:
        for place in range(1, len(line)):
            if not line[place] and _cell(sheet, last, place).strip():
                line[place] = line[place - 1]
    return line


def _cell(sheet: Sheet, row: int, place: int) -> str:
    cells = sheet.rows[row][1] if row < len(sheet.rows) else []
    return cells[place] if place < len(cells) else ""


def _taken(one: Derived, text: str) -> str:
    match = one.pattern.search(text)
    return tidy_name(match[1] or "") if match else ""


def _place(name: str, header: list[str]) -> int | None:
    """Where a column stands; "Tickets#2" is the second that is named Tickets."""
    if name in header:
        return header.index(name)
    if (match := _NTH.fullmatch(name)) is None:
        return None
    places = [place for place, cell in enumerate(header) if cell == match[1]]
    nth = int(match[2])
    return places[nth - 1] if nth <= len(places) else None


def _letters(place: int) -> str:
    """The letters of a column, as spreadsheets show them: A to Z, AA and so on."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
