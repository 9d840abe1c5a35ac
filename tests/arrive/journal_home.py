"""Small journals for the tests of the journal: a clock that ticks, salts that repeat.

In: a folder. Out: journals with messages, decisions and segments of known content.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from pharos.arrive.journal import Decision, Draft, Journal

START = datetime(2022, 10, 1, 6, 0, tzinfo=UTC)


def ticking() -> Callable[[], datetime]:
    """A clock that goes on by a second and a microsecond at each look."""
    looks = count()
    return lambda: START + next(looks) * timedelta(seconds=1, microseconds=1)


def salts() -> Callable[[int], bytes]:
    """Salts that are all different and the same in every run."""
    numbers = count(1)
    return lambda length: (
        (b"salt" + next(numbers).to_bytes(8, "big")) * (length // 12) + b"salt" * 2
    )


def journal_in(home: Path, *, body_limit: int = 1 << 20) -> Journal:
    """The journal of a home, open for writing."""
    return Journal(home, ticking(), salts(), body_limit=body_limit)


def reader_in(home: Path) -> Journal:
    """The journal of a home, open for reading."""
    return Journal(home, ticking(), salts(), read_only=True)


def draft(number: int, body: bytes | None = None, sender: str = "yanjing") -> Draft:
    """A message of a size that overflows a page of SQLite."""
    filling = f"report {number} of {sender}, ".encode() * 300
    return Draft(sender, "till", str(number), filling if body is None else body)


def drafts(first: int, last: int) -> list[Draft]:
    """Messages with these ids."""
    return [draft(number) for number in range(first, last + 1)]


def decision(first: int, last: int) -> Decision:
    """A decision about these positions."""
    return Decision(first, last, "0.1.0", f"accepted {first} to {last}".encode() * 20)


def commit_book(journal: Journal) -> None:
    """Twenty messages in six commits, four decisions, a segment of eight messages."""
    for first, last in ((1, 3), (4, 4), (5, 8), (9, 12)):
        journal.append(drafts(first, last))
    journal.record([decision(1, 4), decision(5, 8)])
    journal.seal(keep_last=4)
    journal.append(drafts(13, 16))
    journal.record([decision(9, 12), decision(13, 16)])
    journal.append(drafts(17, 20))


def closed_book(home: Path) -> Path:
    """The journal of ``commit_book`` in a home that nobody has open."""
    with journal_in(home) as journal:
        commit_book(journal)
    return home


def copies(home: Path, folder: Path) -> Iterator[Path]:
    """One fresh copy of a home after the other, each gone when the next is asked for."""
    for number in count():
        copy = folder / f"copy-{number}"
        shutil.copytree(home, copy)
        yield copy
        shutil.rmtree(copy)
