"""Notes of a calendar: events, school holidays, closures, from a table of a user's own.

In: the text of a CSV. Out: frozen notes in the order of their dates, or all that is wrong with it.
Knows no figure: a note explains days and changes no number.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pharos.errors import BadNotes
from pharos.words.works import tidy_name

#: What a note may be of.
KINDS = ("event", "school-holiday", "closure", "other")
#: Of what places a note may speak: the words by which a question is narrowed down, too.
PLACES = ("territory", "province", "city", "city_tier", "chain", "cinema")
#: The columns of a file of notes, and those that it must have.
COLUMNS = ("first", "last", "name", "kind", "place")
_NEEDED = ("first", "name", "kind")

#: Notes of one file, letters of one name, and faults that are told at once.
MOST_NOTES, LONGEST_NAME, TOLD = 10_000, 200, 10
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Something that explains the days from ``first`` to ``last``.

    ``place`` is one of PLACES and its value, such as ``city=Linhai``; empty: everywhere.
    """

    first: date
    last: date
    name: str
    kind: str
    place: str = ""


@lru_cache(maxsize=32)
def parse_notes(text: str) -> tuple[Note, ...]:
    """The notes of a CSV with the COLUMNS. Raises BadNotes with every line that is wrong.

    A line without ``last`` speaks of one day. A head alone is a file without notes.
    """
    lines = _lines(text)
    number, head = next(lines, (1, []))
    columns = _columns(head)
    found: dict[Note, int] = {}
    faults: list[str] = []
    for number, cells in lines:
        if len(found) + len(faults) >= MOST_NOTES:
            raise BadNotes(f"it has over {MOST_NOTES:,} lines; keep those that explain something")
        try:
            note = _note(cells, columns)
        except ValueError as fault:
            faults.append(f"line {number}: {fault}")
            continue
        if note in found:
            faults.append(f"line {number}: the same as line {found[note]}; leave one out")
        found.setdefault(note, number)
    if faults:
        more = f"; and {len(faults) - TOLD:,} more" if len(faults) > TOLD else ""
        raise BadNotes("; ".join(faults[:TOLD]) + more)
    return tuple(sorted(found))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that say something, with the number at which each begins."""
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    head = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(_DELIMITERS, key=head.count))
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number, [tidy_name(cell) for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        raise BadNotes(f"line {number}: it is no CSV ({error})") from error


def _columns(head: Sequence[str]) -> list[str]:
    found = [name.lower() for name in head]
    wrong = [name for name in found if name not in COLUMNS]
    lacking = [name for name in _NEEDED if name not in found]
    if wrong or lacking or len(set(found)) < len(found):
        raise BadNotes(
            f"line 1: its columns are {', '.join(found)[:100] or 'none'}; write "
            f"{','.join(COLUMNS)} (last and place may be left out)"
        )
    return found


def _note(cells: Sequence[str], columns: Sequence[str]) -> Note:
    """The note of a line. Raises ValueError with what is wrong."""
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        raise ValueError(
            f"{len(cells)} cells under {len(columns)} columns; put a name with a comma into quotes"
        )
    said = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
    first = _day("first", said["first"])
    last = _day("last", said["last"]) if said["last"] else first
    if last < first:
        raise ValueError(f"it ends on {last}, before it begins on {first}")
    kind = said["kind"]
    if kind not in KINDS:
        raise ValueError(f"there is no kind {kind[:40]!r}; write {', '.join(KINDS)}")
    return Note(first, last, _named(said["name"]), kind, _place(said["place"]))


def _day(column: str, text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"{column} {text[:40]!r} is no date; write 2022-10-01")


def _named(name: str) -> str:
    if not name:
        raise ValueError("it has no name; say what the days are")
    if len(name) > LONGEST_NAME or any(unicodedata.category(one) == "Cc" for one in name):
        raise ValueError(f"its name is over {LONGEST_NAME} letters long, or holds what is none")
    return name


def _place(said: str) -> str:
    dimension, equals, value = (part.strip() for part in said.partition("="))
    if not said:
        return ""
    if dimension not in PLACES or not equals or not value or len(value) > LONGEST_NAME:
        raise ValueError(
            f"place {said[:40]!r} is none; write one of {', '.join(PLACES)} and its value, such "
            "as city=Linhai, or nothing for everywhere"
        )
    return f"{dimension}={value}"
