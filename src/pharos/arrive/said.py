"""One row of a report as its sender said it, found again in the message.

In: the body of a message and the number of a row. Out: text, or None where there is no such row.
Judges nothing: a row that could not be read is found too.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

#: Longer rows are shown in part.
MOST = 4000
#: What a row of each kind of list is called by in the message of columns.
_LOOKED_UP = {"ticket_type": "ticket_types", "channel": "channels"}


def row_said(body: bytes, row: int) -> str | None:
    """What a row says: its line, or its named cells as JSON; numbered as findings number it."""
    head, _, _ = body.partition(b"\n")
    header = _value(head)
    if not isinstance(header, dict):
        header = _value(body)
    if not isinstance(header, dict):
        return None
    if "columnar" in header:
        return _shown(_of_columns(header, row))
    if "table" in header:
        return _shown(_of_table(header, body, row))
    lines = body.split(b"\n")
    line = lines[row - 1] if 0 < row <= len(lines) else b""
    return line.decode("utf-8", "replace").strip()[:MOST] or None


def _value(text: bytes) -> Any:  # noqa: ANN401
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return None


def _shown(fields: dict[str, Any] | None) -> str | None:
    return msgspec.json.encode(fields).decode()[:MOST] if fields else None


def _of_table(header: dict[str, Any], body: bytes, row: int) -> dict[str, Any] | None:
    """The cells of a row of the sender's file, by the names of their columns."""
    names = header.get("columns")
    for line in body.split(b"\n")[1:]:
        # Only the line that begins with the number is read.
        if line.lstrip(b"[ ").startswith(str(row).encode()):
            cells = _value(line)
            if isinstance(cells, list) and cells[:1] == [row] and isinstance(names, list):
                return dict(zip(map(str, names), cells[1:], strict=False))
    return None


def _of_columns(message: dict[str, Any], row: int) -> dict[str, Any] | None:
    """One event and the screening that it speaks of."""
    columns, screenings = message.get("columns"), message.get("screenings")
    if not isinstance(columns, dict) or row < 1:
        return None
    event = dict(_item(columns, row - 1))
    of = event.get("screening")
    if isinstance(screenings, dict) and isinstance(of, int) and of >= 0:
        event |= dict(_item(screenings, of))
    for name, texts in _LOOKED_UP.items():
        known, code = message.get(texts), event.get(name)
        if isinstance(known, list) and isinstance(code, int) and 0 <= code < len(known):
            event[name] = known[code]
    return event


def _item(lists: dict[str, Any], place: int) -> Iterator[tuple[str, Any]]:
    for name, items in lists.items():
        if isinstance(items, list) and place < len(items):
            yield name, items[place]
