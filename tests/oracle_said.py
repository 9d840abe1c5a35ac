"""What the senders said up to an edition, and which message holds where several speak.

In: sent messages in order of arrival, rows in the native format. Out: the rows that were heard.
Must not know what a row means for any total.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

Row = dict[str, Any]

#: Kinds that stand in a book; a file replaces what earlier files said in the same book.
STATEMENTS = ("screening_totals", "day_totals")

_COUNTER = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True)
class Sent:
    """One message as its sender meant it; administration (join, close) is a message too.

    ``position`` 0 stands for its place in the list, the first is 1. ``file``: the rows came from
    a table through a mapping. A file without an id has the digest of its rows as its id.
    """

    sender: str
    stream: str
    id: str
    rows: tuple[Row, ...]
    position: int = 0
    at: datetime | None = None
    file: bool = False


@dataclass(frozen=True)
class Said:
    """One row of one message."""

    message: Sent
    row: Row

    @property
    def kind(self) -> str:
        """What the row is about, such as ``tickets``."""
        return str(self.row["kind"])


def tidy(text: str) -> str:
    """Names differ by what one reads, not by how white space or accents are encoded."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def numbered(messages: Iterable[Sent]) -> list[Sent]:
    """The messages with their positions, and files with their ids."""
    found = []
    for place, message in enumerate(messages, start=1):
        said = replace(message, position=message.position or place)
        if not said.id:
            said = replace(said, id="rows " + json.dumps(said.rows, sort_keys=True, default=str))
        found.append(said)
    return found


def heard(messages: Iterable[Sent], edition: int | None) -> list[Sent]:
    """The messages that count at an edition.

    The same (sender, stream, id) again is either the same message, which has its receipt already,
    or another body under a used id, which is refused; neither changes a figure. This also means
    that a file sent again after a newer one does not bring its old figures back.
    """
    found: dict[tuple[str, str, str], Sent] = {}
    for message in messages:
        if edition is None or message.position <= edition:
            found.setdefault((message.sender, message.stream, message.id), message)
    return list(found.values())


def latest(said: Iterable[Said]) -> list[Said]:
    """The rows of the one message that holds, of many that speak of the same thing.

    Inside a stream whose ids have an order, the highest id was said last, however it arrived.
    Between streams only the order of arrival is known.
    """
    rows = list(said)
    streams: dict[tuple[str, str], list[Sent]] = {}
    for one in rows:
        streams.setdefault((one.message.sender, one.message.stream), []).append(one.message)
    newest = [_newest_of_stream(messages) for messages in streams.values()]
    holder = max(newest, key=lambda message: message.position, default=None)
    return [one for one in rows if one.message is holder]


def _newest_of_stream(messages: list[Sent]) -> Sent:
    if all(_COUNTER.fullmatch(m.id) for m in messages):
        return max(messages, key=lambda m: (int(m.id), m.position))
    if all(_UUID7.fullmatch(m.id.lower()) for m in messages):
        # The first 48 bits of a UUID of version 7 are its time, so its text sorts by time.
        return max(messages, key=lambda m: (m.id.lower(), m.position))
    return max(messages, key=lambda m: m.position)


def without_replaced_files(
    said: list[Said], date_of: Callable[[Row], date]
) -> tuple[list[Said], list[Said]]:
    """Rows that stand and rows that a newer file of the same sender has replaced.

    A file covers, for each cinema in it, its first to its last business date. What earlier files
    of that sender said there in the same book is replaced, rows that are gone included.
    """
    standing: list[Said] = []
    replaced: list[Said] = []
    spans = _spans([s for s in said if s.message.file and s.kind in STATEMENTS], date_of)
    for one in said:
        newer = (
            s
            for s in spans
            if one.message.file
            and one.kind in STATEMENTS
            and s.message.position > one.message.position
            and (s.message.sender, s.kind) == (one.message.sender, one.kind)
            and s.cinema == one.row["cinema"]
            and s.first <= date_of(one.row) <= s.last
        )
        (standing if next(newer, None) is None else replaced).append(one)
    return standing, replaced


@dataclass(frozen=True)
class _Span:
    message: Sent
    kind: str
    cinema: str
    first: date
    last: date


def _spans(said: list[Said], date_of: Callable[[Row], date]) -> list[_Span]:
    days: dict[tuple[int, str, str], list[date]] = {}
    messages: dict[int, Sent] = {}
    for one in said:
        messages[one.message.position] = one.message
        key = (one.message.position, one.kind, one.row["cinema"])
        days.setdefault(key, []).append(date_of(one.row))
    return [
        _Span(messages[position], kind, cinema, min(dates), max(dates))
        for (position, kind, cinema), dates in days.items()
    ]
