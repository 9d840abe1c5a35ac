"""At the sender: a file's table becomes a message with only the columns that its mapping names.

In: the bytes of a CSV file or spreadsheet, its name, the text of a mapping. Out: the body of a
message. Knows no home: nothing but the named columns leaves the sender.
"""

from hashlib import sha256
from pathlib import PurePath

import msgspec

from pharos.arrive.mapping import parse_mapping
from pharos.arrive.sheets import read_rows
from pharos.errors import MissingColumn, UnreadableTable, nearest
from pharos.words.works import tidy_name

VERSION = 1


class TableHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line of the message: which mapping, which file, which columns.

    ``table`` is the mapping's name, ``mapping`` the SHA-256 of its text, ``original`` that of the
    whole file, of which ``file`` is the name.
    """

    pharos: int = VERSION
    table: str
    mapping: str
    original: str
    file: str
    columns: tuple[str, ...]


def extract(content: bytes, name: str, mapping_text: str) -> bytes:
    """The body of the message that a file makes.

    A header line, then for each row of the file one JSON array: its number in the file and the
    cells of the named columns. Rows without any named cell are left out. Raises BadMapping,
    UnreadableTable, MissingColumn.
    """
    mapping = parse_mapping(mapping_text)
    rows = read_rows(content, name, mapping.shape)
    _, header = next(rows)
    named = mapping.named_columns()
    places = _places(name, [tidy_name(cell) for cell in header], named)
    said = TableHeader(
        table=mapping.name,
        mapping=mapping.digest,
        original=sha256(content).hexdigest(),
        file=PurePath(name).name,
        columns=named,
    )
    lines = [msgspec.json.encode(said)]
    for number, cells in rows:
        chosen = [cells[place] if place < len(cells) else "" for place in places]
        if any(cell.strip() for cell in chosen):
            lines.append(msgspec.json.encode([number, *chosen]))
    return b"\n".join(lines) + b"\n"


def _places(file: str, header: list[str], named: tuple[str, ...]) -> list[int]:
    """Where the named columns stand in the table."""
    for name in named:
        if name not in header:
            raise MissingColumn(
                f"{file} has no column {name!r}: {nearest(name, [cell for cell in header if cell])}"
                " Correct the mapping, or header_row in its [table], or export the file with it"
            )
        if header.count(name) > 1:
            raise UnreadableTable(
                f"{file} has {header.count(name)} columns named {name!r}; rename all but one, so "
                "that it is certain which is meant"
            )
    return [header.index(name) for name in named]
