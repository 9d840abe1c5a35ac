"""Formats: which reader a body gets, and that none of them ever raises."""

import json
import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pharos.arrive.columnar_wire import ColumnarTickets, Columns
from pharos.arrive.extract import extract
from pharos.arrive.formats import FORMATS, read
from pharos.arrive.mapping import packaged_mapping, parse_mapping
from pharos.arrive.mapping_wire import (
    ColumnWritten,
    DerivedWritten,
    FileWritten,
    NumbersWritten,
    SkipWritten,
    TableWritten,
    TotalWritten,
)
from pharos.arrive.native_rows import FIELDS, CinemaSaid
from pharos.arrive.reading import Nowhere, Reading
from pharos.words.figures import LINE_COLUMNS
from pharos.words.report import Severity
from tests.arrive.bodies import DAY, SALE, TOTAL, Fixed, body
from tests.arrive.test_columnar import message

AGILE = packaged_mapping("agile-showings")
TEXTS = {parse_mapping(AGILE).digest: AGILE}
EXPORT = (
    b"EventName,EventDate,TicketType,Quantity,ItemPrice,Price\n"
    b'One,"Mar 16, 2018 5:00:00 PM",Adult,2,8,16\n'
)
TABLE = extract(EXPORT, "t.csv", AGILE)
ROWS = body(SALE, TOTAL, DAY, {"kind": "no_screenings", "cinema": "A1", "date": "2022-10-01"})
COLUMNS = json.dumps(message()).encode()


def read_all(said: bytes) -> Reading:
    return read(said, Fixed(), TEXTS.get)


@pytest.mark.parametrize("said", [TABLE, ROWS, COLUMNS])
def test_every_format_is_recognised(said: bytes) -> None:
    reading = read_all(said)
    assert not reading.findings
    assert len(reading.figures)


def test_columns_may_be_written_over_several_lines() -> None:
    assert len(read_all(json.dumps(message(), indent=2).encode()).figures) == 3


def test_words_inside_texts_choose_no_format() -> None:
    assert len(read_all(body(SALE, stream='"columnar": "table":')).figures) == 1


@pytest.mark.parametrize(
    "said", [b"Title,Gross\nOne,5\n", b"PK\x03\x04", b"<report/>", b"\x00", b"[1]"]
)
def test_an_unknown_format_is_refused_with_those_that_are_known(said: bytes) -> None:
    (finding,) = read_all(said).findings
    assert (finding.rule, finding.severity) == ("unknown_format", Severity.REFUSE)
    assert all(one.looks_like in finding.sentence for one in FORMATS)
    assert "--map NAME" in finding.sentence


@pytest.mark.parametrize("said", [b"", b"\n", b"  \n\n"])
def test_an_empty_message_is_refused(said: bytes) -> None:
    (finding,) = read_all(said).findings
    assert finding.rule == "empty"


def check(reading: Reading) -> None:
    """A reading is whole, whatever was read."""
    figures = reading.figures
    assert set(figures.lines) == set(LINE_COLUMNS)
    lengths = {len(figures.lines[name]) for name in LINE_COLUMNS}
    assert len(lengths) == 1
    assert len(figures) == 0 or not reading.refused
    if len(figures):
        assert set(figures.lines["mention"].tolist()) == set(range(len(figures.mentions)))
        assert int(figures.lines["paid"][figures.lines["book"] > 0].min(initial=0)) >= 0
    assert figures.event_ids == [] or len(figures.event_ids) == len(figures)
    assert all(finding.sentence for finding in reading.findings)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
@example(b'{"pharos":1}\n' + b'{"kind":' * 50_000)
@example(b'{"pharos":1,"columnar":"tickets","x":' + b"[" * 200_000)
@example(b'{"pharos":1,"table":"x","columns":' + b"[" * 200_000)
@example(b'{"pharos":1,"administration":' + b"[" * 200_000)
@example(b'{"pharos":1e400}\n{}')
@example(b'{"pharos":1}\n{"kind":"\\ud800"}')
def test_any_bytes_are_read_without_raising(said: bytes) -> None:
    check(read(said, Nowhere(), TEXTS.get))
    check(read(b'{"pharos":1}\n' + said, Nowhere(), TEXTS.get))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good message with a piece replaced by another."""
    said = draw(st.sampled_from([TABLE, ROWS, COLUMNS]))
    first = draw(st.integers(0, len(said)))
    last = draw(st.integers(first, min(len(said), first + 20)))
    piece = st.one_of(
        st.binary(max_size=12),
        st.text(max_size=12).map(str.encode),
        st.sampled_from(
            [b"-1", b"null", b"1e9", b"9" * 400, b'""', b"[]", b"{}", b"\\u0000", b"\n"]
        ),
    )
    return said[:first] + draw(piece) + said[last:]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(damaged())
def test_damaged_messages_are_read_without_raising(said: bytes) -> None:
    check(read(said, Fixed(), TEXTS.get))


DOCS = Path(__file__).parents[2] / "docs/formats"


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a page in one language, also those inside lists."""
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```", page, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for block in found]


def test_the_manual_of_the_native_format_is_true() -> None:
    page = (DOCS / "native.md").read_text(encoding="utf-8")
    examples = blocks(page, "json")
    assert len(examples) == 5
    for text in examples:
        assert not read_all(text.encode()).findings
    named = set(re.findall(r"[\"`](\w+)[\"`]", page))
    fields = set().union(*FIELDS.values(), FIELDS, CinemaSaid.__struct_encode_fields__)
    assert fields <= named
    assert {*Columns.__struct_fields__, *ColumnarTickets.__struct_fields__} <= named


def test_the_manual_of_mappings_is_true() -> None:
    page = (DOCS / "mappings.md").read_text(encoding="utf-8")
    (text,) = blocks(page, "toml")
    (table,) = blocks(page, "csv")
    message = extract(table.encode("windows-1252"), "t.csv", text)
    assert b"Jane" not in message
    reading = read(message, Nowhere(), {parse_mapping(text).digest: text}.get)
    assert not reading.findings
    assert reading.figures.lines["paid"].tolist() == [11_400]
    named = set(re.findall(r"`\[*(\w+)\]*`", page))
    sections = (FileWritten, TableWritten, ColumnWritten, DerivedWritten, NumbersWritten)
    rows = (SkipWritten, TotalWritten)
    assert set().union(*(one.__struct_fields__ for one in (*sections, *rows))) <= named


def test_every_finding_of_the_readers_stands_in_the_manual() -> None:
    arrive = Path(__file__).parents[2] / "src/pharos/arrive"
    others = ("tables", "totals", "formats", "gathering", "describing", "limits", "starts", "cells")
    code = "".join(
        path.read_text(encoding="utf-8")
        for reader in ("native*", "columnar*", *others)
        for path in sorted(arrive.glob(f"{reader}.py"))
    )
    rules = set(re.findall(r'(?:UnreadableRow|refusal|notice)\(\s*(?:row,\s*)?"(\w+)"', code))
    manual = "".join(path.read_text(encoding="utf-8") for path in DOCS.glob("*.md"))
    assert len(rules) > 20
    assert not {rule for rule in rules if f"`{rule}`" not in manual}
