"""At the sender: a file's table becomes a message with only the columns that its mapping names.

In: the bytes of a CSV file or spreadsheet, its name, the text of a mapping. Out: the body of a
message. Knows no home: nothing but the named columns leaves the sender.
"""

from hashlib import sha256
from pathlib import PurePath

import msgspec

from pharos.arrive.layout import lay_out
from pharos.arrive.mapping import parse_mapping
from pharos.arrive.packed import unpacked

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
    table = unpacked(content, PurePath(name).name)
    said = TableHeader(
        table=mapping.name,
        mapping=mapping.digest,
        original=sha256(content).hexdigest(),
        file=PurePath(name).name,
        columns=mapping.named_columns(),
    )
    lines = [msgspec.json.encode(said)]
    for number, texts in lay_out(table, PurePath(name).name, mapping):
        lines.append(msgspec.json.encode([number, *texts]))
    return b"\n".join(lines) + b"\n"


def in_parts(body: bytes, rows: int) -> list[bytes]:
    """A message in messages of so many rows at most, where its rows do not need one another."""
    header, *lines = body.rstrip(b"\n").split(b"\n")
    if len(lines) <= rows:
        return [body]
    return [
        b"\n".join([header, *lines[first : first + rows], b""])
        for first in range(0, len(lines), rows)
    ]
