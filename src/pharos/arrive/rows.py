"""One line of a message from a table: its row number and its cells.

In: a line of JSON, or the cells of a row. Out: texts by column, or the reason why the row is held.
"""

import msgspec

from pharos.arrive import limits
from pharos.arrive.mapping import Column
from pharos.errors import UnreadableRow
from pharos.words.works import tidy_name

_cells: msgspec.json.Decoder[list[int | str]] = msgspec.json.Decoder(list[int | str])


def numbered(line: bytes, columns: tuple[str, ...]) -> tuple[int, dict[str, str]]:
    """The number of a row in its file and its cells by column. Raises UnreadableRow."""
    try:
        number, *cells = _cells.decode(line)
    except (ValueError, RecursionError) as problem:
        raise UnreadableRow(
            "malformed_row", f"the line is no row of a table ({problem}); send the file again"
        ) from problem
    texts = [cell for cell in cells if isinstance(cell, str)]
    if not isinstance(number, int) or not 1 <= number <= limits.LARGEST_NUMBER:
        raise UnreadableRow("malformed_row", "the line has no row number; send the file again")
    if len(texts) > len(columns) == len(cells) - 1:
        raise UnreadableRow(
            "malformed_row",
            "the row has more cells than its header, so that nobody knows which is which: put "
            "cells that hold the delimiter in quotes, and send the file again",
        )
    if len(texts) != len(columns) or len(cells) != len(columns):
        raise UnreadableRow(
            "malformed_row",
            f"the row has not one text for each of the {len(columns)} columns; send the file again",
        )
    return number, dict(zip(columns, texts, strict=True))


def joined(cells: dict[str, str], column: Column) -> str:
    """What a row says of a field: its columns joined, other words put right."""
    said = [text for name in column.columns if (text := tidy_name(cells[name]))]
    text = column.join.join(said)
    return column.values.get(text, text) or column.default
