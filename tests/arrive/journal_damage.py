"""One flipped bit or one cut in a copy of a home, and what verification must say about it.

In: a copy of the home of ``commit_book`` and a seeded generator. Out: the damage done.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pharos.arrive.envelope import number

UNSEALED = range(9, 21)
UNSEALED_DECISIONS = {3: 9, 4: 13}


@dataclass(frozen=True)
class Expected:
    """A damage must be reported at this position and place, in these words."""

    position: int | None
    where: str
    words: str


Spoil = Callable[[Path, Random], Expected]


def message(position: int, words: str) -> Expected:
    return Expected(position, f"message {position}", words)


def flipped(value: bytes, random: Random) -> bytes:
    """The same bytes but for one bit."""
    at = random.randrange(len(value))
    return value[:at] + bytes([value[at] ^ 1 << random.randrange(8)]) + value[at + 1 :]


def query(home: Path, text: str, *values: object) -> list[tuple[bytes | int, ...]]:
    with closing(sqlite3.connect(home / "journal.db", isolation_level=None)) as connection:
        connection.text_factory = bytes
        return connection.execute(text, values).fetchall()


def by_sql(column: str, words: str, cast: str = "blob") -> Spoil:
    """Flip a bit of a column of a message by an update."""

    def spoil(home: Path, random: Random) -> Expected:
        position = random.randint(1, 20)
        ((value,),) = query(home, f"select {column} from message where position = ?", position)
        if isinstance(value, int):
            changed: bytes | int = value ^ 1 << random.randrange(63)
        else:
            changed = flipped(value, random)
        text = f"update message set {column} = cast(? as {cast}) where position = ?"
        try:
            query(home, text, changed, position)
        except sqlite3.IntegrityError:
            # Another message has this id: SQLite itself refuses. Flip another bit.
            return spoil(home, random)
        return message(position, words)

    return spoil


def body_by_sql(home: Path, random: Random) -> Expected:
    position = random.choice(UNSEALED)
    ((body,),) = query(home, "select content from body where position = ?", position)
    assert isinstance(body, bytes)
    query(home, "update body set content = ? where position = ?", flipped(body, random), position)
    return message(position, "its body does not match its digest")


def flip_in_file(
    home: Path, random: Random, places: list[range], changed: Callable[[], bool]
) -> None:
    """Flip one bit of journal.db inside a value; an old copy in unused bytes does not count."""
    path = home / "journal.db"
    whole = path.read_bytes()
    random.shuffle(places)
    for place in places:
        at = random.choice(place)
        path.write_bytes(
            whole[:at] + bytes([whole[at] ^ 1 << random.randrange(8)]) + whole[at + 1 :]
        )
        if changed():
            return
    raise AssertionError("the value was not found in the file")


def occurrences(home: Path, wanted: bytes) -> list[int]:
    whole = (home / "journal.db").read_bytes()
    found = []
    at = whole.find(wanted)
    while at >= 0:
        found.append(at)
        at = whole.find(wanted, at + 1)
    return found


def in_file(column: str, words: str) -> Spoil:
    """Flip a bit of a column of a message in the bytes of the file."""

    def spoil(home: Path, random: Random) -> Expected:
        position = random.randint(1, 20)
        columns = ("sender", "stream", "id", "arrived_at", "digest", "salt", "envelope", "leaf")
        text = f"select {', '.join(columns)} from message where position = ?"
        (row,) = query(home, text, position)
        # As SQLite lays a row out: the values one behind the other (attempt 0 takes no byte).
        values = [number(value) if isinstance(value, int) else value for value in row]
        index = columns.index(column)
        before = sum(map(len, values[:index]))
        places = [
            range(at + before, at + before + len(values[index]))
            for at in occurrences(home, b"".join(values))
        ]
        flip_in_file(home, random, places, lambda: query(home, text, position) != [row])
        return message(position, words)

    return spoil


def body_in_file(home: Path, random: Random) -> Expected:
    position = random.choice(UNSEALED)
    text = "select content from body where position = ?"
    ((body,),) = before = query(home, text, position)
    assert isinstance(body, bytes)
    # A long body goes on in other pages.
    wanted = body[:200]
    places = [range(at, at + len(wanted)) for at in occurrences(home, wanted)]
    flip_in_file(home, random, places, lambda: query(home, text, position) != before)
    return message(position, "its body does not match its digest")


def decision_by_sql(column: str, words: str, cast: str = "blob") -> Spoil:
    """Flip a bit of a decision by an update."""

    def spoil(home: Path, random: Random) -> Expected:
        table = "decision_content" if column == "content" else "decision"
        which = random.choice(list(UNSEALED_DECISIONS))
        ((value,),) = query(home, f"select {column} from {table} where number = ?", which)
        assert isinstance(value, bytes)
        text = f"update {table} set {column} = cast(? as {cast}) where number = ?"
        query(home, text, flipped(value, random), which)
        first = UNSEALED_DECISIONS[which]
        return Expected(first, f"decision {which} about messages {first} to {first + 3}", words)

    return spoil


def content_in_file(home: Path, random: Random) -> Expected:
    text = "select content from decision_content where number = 4"
    before = query(home, text)
    wanted = b"accepted 13 to 16"
    places = [range(at, at + len(wanted)) for at in occurrences(home, wanted)]
    flip_in_file(home, random, places, lambda: query(home, text) != before)
    where = "decision 4 about messages 13 to 16"
    return Expected(13, where, "its content does not match its digest")


def head(home: Path, random: Random) -> Expected:
    whole = (home / "head").read_bytes()
    at = random.randrange(len(whole))
    (home / "head").write_bytes(
        whole[:at] + bytes([whole[at] ^ 1 << random.randrange(8)]) + whole[at + 1 :]
    )
    line = whole[:at].count(b"\n") + 1
    return Expected(None, f"head line {line}", "is not as it was written")


def segment_flipped(home: Path, random: Random) -> Expected:
    (path,) = (home / "segments").iterdir()
    path.write_bytes(flipped(path.read_bytes(), random))
    return Expected(1, f"segments/{path.name}", "was changed")


def segment_cut(home: Path, random: Random) -> Expected:
    (path,) = (home / "segments").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: random.randrange(len(whole))])
    return Expected(1, f"segments/{path.name}", "is cut")


def log_cut(home: Path, random: Random) -> Expected:
    """Cut the write-ahead log of a process that died; SQLite then forgets without a word."""
    path = home / "journal.db-wal"
    whole = path.read_bytes()
    path.write_bytes(whole[: random.randrange(len(whole))])
    try:
        ((left,),) = query(home, "select count(*) from message")
        ((decided,),) = query(home, "select count(*) from decision")
    except sqlite3.OperationalError:
        left, decided = 0, 0
    assert isinstance(left, int)
    if left < 20:
        missing = "message 20 is" if left == 19 else f"messages {left + 1} to 20 are"
        words = f"ends at message {left}, but 20 were written: {missing} missing"
        return Expected(left + 1, "journal.db", words)
    raise AssertionError(decided)


CLOSED: tuple[Spoil, ...] = (
    body_by_sql,
    by_sql("sender", "its sender was changed", "text"),
    by_sql("stream", "its stream was changed", "text"),
    by_sql("id", "its id was changed", "text"),
    by_sql("arrived_at", "its arrival time was changed", "integer"),
    by_sql("digest", "its body digest was changed"),
    by_sql("salt", "its salt was changed"),
    by_sql("envelope", "envelope"),
    by_sql("leaf", "its leaf was changed"),
    body_in_file,
    in_file("sender", "its sender was changed"),
    in_file("stream", "its stream was changed"),
    in_file("id", "its id was changed"),
    in_file("digest", "its body digest was changed"),
    in_file("envelope", "envelope"),
    in_file("arrived_at", "its arrival time was changed"),
    in_file("salt", "its salt was changed"),
    in_file("leaf", "its leaf was changed"),
    decision_by_sql("content", "its content does not match its digest"),
    decision_by_sql("code_version", "its row was changed", "text"),
    decision_by_sql("digest", "its row was changed"),
    content_in_file,
    head,
    head,
    segment_flipped,
    segment_cut,
)
OPEN: tuple[Spoil, ...] = (log_cut, log_cut, log_cut)
