"""From the aligned text tables of the specs to rows of the native format.

In: a table as people read it. Out: rows, each with its sender, stream and message id.
Must not know what the rows mean.
"""

import re
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tests.oracle_said import Row

_WHOLE = {"admissions", "quantity", "number", "epoch", "seats", "screenings", "refunds", "run"}
_WHOLE |= {"year", "expect_admissions", "set_admissions"}
_TIMES = {"start", "sold_at"}
_NESTED = re.compile(r"(expect|set)_(gross|admissions)")


class Placed(NamedTuple):
    """A row and the message that it belongs to; an empty id is given by the harness."""

    sender: str
    stream: str
    id: str
    row: Row


def rows_of(kind: str, table: str, each: dict[str, str], zone: ZoneInfo) -> list[Placed]:
    """The rows of a table, with the cells of ``each`` in all of them.

    Times without an offset are wall-clock times in ``zone``.
    """
    header, *lines = cells_of(table)
    placed = []
    for line in lines:
        if len(line) != len(header):
            raise ValueError(f"the row {line} does not fit its header {header}")
        said = each | {name: text for name, text in zip(header, line, strict=True) if text}
        sender, said_id = said.pop("sender", "A"), said.pop("id", "")
        stream = said.pop("stream", "")
        subject = kind.removeprefix("register ")
        if kind.startswith("register ") and subject != "release":
            # Tables call a thing's own id by what it is; "id" is the message, as everywhere.
            said["id"] = said.pop(subject)
        row = {name: _value(name, text, zone) for name, text in said.items()}
        placed.append(Placed(sender, stream, said_id, _native(kind, subject, row)))
    return placed


def cells_of(table: str) -> list[list[str]]:
    """The cells of a text table, its header first."""
    lines = [line.strip() for line in table.strip().splitlines() if line.strip()]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def _value(name: str, text: str, zone: ZoneInfo) -> Any:  # noqa: ANN401
    if name in _WHOLE:
        return int(text)
    if name in _TIMES:
        return local_time(text, zone)
    if name == "expected":
        return text == "yes"
    if name == "names":
        names = (one.split(":", 1) for one in text.split(";"))
        return [{"language": lang.strip(), "name": name.strip()} for lang, name in names]
    return text


def local_time(text: str, zone: ZoneInfo) -> str:
    """ "2024-03-01 19:00" in a zone, or with its own offset, as ISO 8601 with offset."""
    time = datetime.fromisoformat(text)
    return (time if time.tzinfo else time.replace(tzinfo=zone)).isoformat(timespec="minutes")


def _native(kind: str, subject: str, row: Row) -> Row:
    if "work" in row and "+" in row["work"]:
        row["programme"] = [_part(text) for text in row.pop("work").split("+")]
    for name in list(row):
        if match := _NESTED.fullmatch(name):
            row.setdefault(match[1], {})[match[2]] = row.pop(name)
    if subject != kind:
        return {"kind": "register", subject: row}
    return {"kind": kind, **row}


def _part(text: str) -> dict[str, Any]:
    """One part of a programme: "X", or "X:2" with its weight."""
    work, _, weight = text.strip().partition(":")
    return {"work": work} | ({"weight": int(weight)} if weight else {})
