"""Tables, mappings and cells of any content: a typed refusal or a reading, never anything else.

In: good texts with random damage. Out: whatever was raised that is no failure of ours.
"""

import contextlib
from collections.abc import Callable
from functools import partial
from random import Random

import pytest

from pharos.arrive.cells import Notation, plain_number, read_time, whole_number
from pharos.arrive.drafting.draft import draft
from pharos.arrive.extract import extract
from pharos.arrive.formats import read
from pharos.arrive.mapping import packaged_mapping, parse_mapping
from pharos.arrive.reading import Nowhere
from pharos.errors import BadMapping, MissingColumn, UnreadableRow, UnreadableTable
from tests.acceptance.ugly import chinese_export, kinokasse, taiwanese, unicode_text
from tests.arrive import damaging
from tests.arrive.damaging import fuzz

MAPPING = """
name = "till"
kind = "screening_totals"
screening_key = ["day", "Time", "Film"]
checks = ["admissions * price = gross"]
[table]
encoding = ["utf-8", "windows-1252"]
delimiter = ";"
header = "find"
notes = "skip"
[derived]
day = { title = '(\\d+\\.\\d+\\.\\d+)' }
[constants]
cinema = "rex"
zone = "Europe/Berlin"
currency = "EUR"
[columns]
work = { column = "Film", fill = true }
start = { columns = ["day", "Time"], format = ["%d.%m.%Y %H:%M", "%d.%m.%y %H:%M"] }
admissions = { column = "Sold", values = { "-" = "0" } }
price = "Price"
gross = "Total"
[numbers]
decimal = ","
thousands = "."
signs = ["€"]
[scope]
kind = "span"
[[skip]]
column = "Film"
starts_with = ["Break"]
[[total]]
column = "Film"
equals = ["Sum"]
over = "block"
tolerance = "0.05"
[[total]]
column = "Film"
starts_with = ["All"]
over = "file"
ends = true
"""
HEADER = "Film;Time;Sold;Price;Total\n"
TABLE = (
    f"Rex\nDay 01.03.2024\n{HEADER}One;17:30;3;9,50 €;28,50\n;20:00;-;9,50;0\nSum;;3;;28,50\n"
    f"Break;;;;\nDay 02.03.24\n{HEADER}Two;17:30;1.000;9,50;9.500,00\nSum;;1000;;9500\n"
    "All;;1003;;9528,50\nMade by Jane\n"
).encode("windows-1252")
PIECES = (
    *(b";", b"\n", b"\r", b'"', b"\0", b",", b".", b"-", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe"),
    *(b"[", b"]", b"{", b"=", b"'", b"[[total]]\n", b"true", b"9" * 40, b"1e9", b"NaN", b"%", b"("),
    *(HEADER.encode(), b"Sum;;1;;1\n", "é影\u2028".encode(), "١٢".encode(), b"\\", b"#2"),
)


damaged = partial(damaging.damaged, pieces=PIECES)


def table(chance: Random) -> None:
    """A table through a good mapping, and the message that it makes through the reader."""
    try:
        body = extract(damaged(TABLE, chance), "t.csv", MAPPING)
    except (UnreadableTable, MissingColumn):
        return
    read(body, Nowhere(), {parse_mapping(MAPPING).digest: MAPPING}.get)


BODY = extract(TABLE, "t.csv", MAPPING)


def message(chance: Random) -> None:
    """A damaged message of a table: its reader never raises."""
    reading = read(damaged(BODY, chance), Nowhere(), {parse_mapping(MAPPING).digest: MAPPING}.get)
    assert all(finding.sentence for finding in reading.findings)


TOML = (MAPPING.encode(), packaged_mapping("agile-showings").encode())


def mapping(chance: Random) -> None:
    """A damaged mapping: what is taken reads a table."""
    text = damaged(chance.choice(TOML), chance).decode(errors="replace")
    try:
        parse_mapping(text)
    except BadMapping:
        return
    try:
        body = extract(TABLE, "t.csv", text)
    except (UnreadableTable, MissingColumn):
        return
    read(body, Nowhere(), {parse_mapping(text).digest: text}.get)


CELLS = ("1.257,75 €", "19:30", "2024-03-01 19:30", "01.03.2024", "-3", "1 000", "12,5", "0")
FORMATS = ("%d.%m.%Y", "%H:%M", "%Y-%m-%d %H:%M", "%b %d, %Y %I:%M %p", "%j %y", "%z")
NOTATIONS = (Notation(), Notation(",", ".", ("€",)), Notation(".", ","), Notation(",", " "))


def cells(chance: Random) -> None:
    """One damaged cell as a number, a whole number, a time."""
    cell = damaged(chance.choice(CELLS).encode(), chance).decode(errors="replace")
    notation = chance.choice(NOTATIONS)
    for one in (
        partial(plain_number, "gross", cell, notation),
        partial(whole_number, "admissions", cell, notation),
        partial(read_time, "start", cell, (chance.choice(FORMATS),)),
    ):
        with contextlib.suppress(UnreadableRow):
            one()


UGLY = tuple(make().content for make in (kinokasse, chinese_export, unicode_text, taiwanese))


def drafts(chance: Random) -> None:
    """The draft of a mapping for a damaged table."""
    try:
        drafted = draft(damaged(chance.choice(UGLY), chance), "t.csv", {})
    except UnreadableTable:
        return
    if not any(question.key not in ANSWERED for question in drafted.questions):
        parse_mapping(drafted.trial)


#: Questions that the trial of a draft answers itself.
ANSWERED = {"cinema", "territory", "zone", "currency", "dates", "encoding"}
FUZZED: tuple[Callable[[Random], None], ...] = (table, message, mapping, cells, drafts)


@pytest.mark.slow
@pytest.mark.parametrize("one", FUZZED, ids=lambda one: one.__name__)
def test_nothing_but_typed_refusals(one: Callable[[Random], None]) -> None:
    fuzz(one, 60 if one is drafts else 1500, seed=1)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("one", FUZZED, ids=lambda one: one.__name__)
def test_a_million_inputs_each(one: Callable[[Random], None], seed: int) -> None:
    fuzz(one, 5_000 if one is drafts else 100_000, seed)
