"""What journal.db holds, read as it is for verification.

In: the folder of a home, in any condition. Out: rows as found, and notes of what SQLite refused.
Judges nothing, changes nothing, and never raises because a file is damaged.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pharos.arrive.journal_schema import (
    FORMAT,
    JOURNAL_NAME,
    SQLITE_FAILURES,
    TABLES,
    connect_reader,
    format_of,
)

Row = Sequence[object]

_ROW_NUMBER = re.compile(r"\brow (\d+)\b")
_COMPLAINTS = 100

#: Where SQLite says which versions may write and read the file; 2 is the write-ahead log.
_HEADER_BYTES = 20
_VERSIONS = slice(18, 20)
_WAL_VERSIONS = b"\x02\x02"


@dataclass(frozen=True, slots=True)
class Note:
    """What SQLite said, and the position it speaks of where it names one."""

    what: str
    position: int | None = None


class Evidence:
    """One unchanging view of journal.db; texts come as bytes, since they may be none any more."""

    def __init__(self, home: Path) -> None:
        self.notes: list[Note] = []
        self._path = home / JOURNAL_NAME
        self._connection: sqlite3.Connection | None = None
        with self._noted("cannot be opened"):
            self._connection = connect_reader(self._path)
            self._connection.text_factory = bytes
            self._connection.execute("begin")
            # The view begins with the first read, not with the transaction.
            self._connection.execute("select count(*) from sqlite_master").fetchone()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            with suppress(*SQLITE_FAILURES):
                self._connection.close()

    def check_file(self) -> None:
        """Note what SQLite finds wrong with its own file, and tables that are not ours."""
        with suppress(OSError), self._path.open("rb") as file:
            if file.read(_HEADER_BYTES)[_VERSIONS] not in {_WAL_VERSIONS, b""}:
                self._note("the header of its file was changed")
        complaints = self._rows(f"pragma integrity_check({_COMPLAINTS})", "cannot be checked")
        for (complaint,) in complaints:
            if complaint != b"ok":
                self._note(_plain(complaint))
        with self._noted("cannot be read"):
            if self._connection is not None and format_of(self._connection) != FORMAT:
                self._note(f"its format is {format_of(self._connection)}, not {FORMAT}")
        made = self._rows(
            "select name, sql from sqlite_master where sql is not null", "cannot be read"
        )
        found = {_plain(name): _plain(sql) for name, sql in made}
        for name in sorted(found.keys() | TABLES.keys()):
            if found.get(name) != TABLES.get(name):
                self._note(f"the table or rule {name!r} is not as format {FORMAT} has it")

    def states(self) -> list[Row]:
        """The last two states, newest first."""
        return list(
            self._rows(
                "select line, size, frontier, decisions, decision_digest, segments, segment_digest"
                " from state order by line desc limit 2",
                "does not say how far it goes",
            )
        )

    def messages(self) -> Iterator[Row]:
        """Position, the other columns, and the body (None: not in SQLite), in order."""
        return self._rows(
            "select message.*, content from message left join body using (position)"
            " order by position",
            "cannot be read to the end of its messages",
        )

    def wrong_attempts(self) -> list[int]:
        """Positions whose attempt is not their place among the messages under their id."""
        found = self._rows(
            "select position from (select position, attempt, row_number() over"
            " (partition by sender, stream, id order by position) - 1 as place from message)"
            " where attempt is not place order by position",
            "cannot be read by its ids",
        )
        return [position for (position,) in found if isinstance(position, int)]

    def strays(self) -> list[tuple[str, int]]:
        """Bodies without a message and contents without a decision: table and number."""
        found: list[tuple[str, int]] = []
        for table, text in (
            ("body", "select position from body except select position from message"),
            (
                "decision_content",
                "select number from decision_content except select number from decision",
            ),
        ):
            for (number,) in self._rows(text, f"cannot be read in its table {table}"):
                if isinstance(number, int):
                    found.append((table, number))
        return found

    def decisions(self) -> Iterator[Row]:
        """The columns of each decision and its content (None: not in SQLite), in order."""
        return self._rows(
            "select decision.*, content from decision left join decision_content using (number)"
            " order by number",
            "cannot be read to the end of its decisions",
        )

    def segments(self) -> list[Row]:
        """The columns of each segment, in order."""
        return list(self._rows("select * from segment order by number", "cannot list its segments"))

    def _rows(self, text: str, failed: str) -> Iterator[Row]:
        if self._connection is None:
            return
        with self._noted(failed):
            yield from self._connection.execute(text)

    @contextmanager
    def _noted(self, failed: str) -> Iterator[None]:
        try:
            yield
        except SQLITE_FAILURES as failure:
            self._note(f"{failed}: SQLite says {failure}")

    def _note(self, what: str) -> None:
        named = _ROW_NUMBER.search(what) if "message" in what else None
        self.notes.append(Note(what, int(named.group(1)) if named else None))


def _plain(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
