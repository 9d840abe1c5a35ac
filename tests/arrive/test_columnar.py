"""Tickets by the column say exactly what the same tickets say as rows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharos.arrive.columnar import EVENT_NAMES, read_columnar
from pharos.arrive.native import read_native
from pharos.arrive.reading import Nowhere, Reading
from pharos.words.money import decimal_text
from pharos.words.report import Severity
from tests.arrive.bodies import Fixed, Row, body, held, rows_of

AMOUNTS = ("paid", "net", "tax", "levy", "fee", "declared_value")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def message(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Three events about two screenings."""
    screenings = {
        "screening": ["s1", "s2"],
        "start": ["2022-10-01T19:30:00+08:00", "2022-10-02T01:30:00+08:00"],
        "work": ["Wandering", "Other  one"],
        "screen": ["1", "2"],
        "seats": [120, None],
    }
    columns = {
        "screening": [0, 1, 0],
        "number": [1, 2, 3],
        "sold_at": [1_664_596_800, 1_664_596_801, 1_664_596_802],
        "paid": [4140, 0, 4140],
        "event": [0, 0, 1],
        "ticket_type": [0, 1, 0],
        "fee": [300, None, 300],
    }
    said = {"pharos": 1, "columnar": "tickets", "cinema": "A1", "ticket_types": ["adult", "free"]}
    columns |= changes.pop("columns", {})
    screenings |= changes.pop("screenings", {})
    return said | changes | {"screenings": screenings, "columns": columns}


def as_rows(said: dict[str, Any]) -> bytes:
    """The same message in the row form; its first row is line 2 there and 1 here."""
    told, columns = said["screenings"], said["columns"]
    rows = []
    for event in range(len(columns["number"])):
        place = columns["screening"][event]
        row: Row = {"kind": "tickets", "cinema": said.get("cinema")}
        row |= {name: told[name][place] for name in told}
        row |= {"number": columns["number"][event], "epoch": said.get("epoch", 0)}
        seconds = timedelta(seconds=columns["sold_at"][event])
        row["sold_at"] = (EPOCH + seconds).isoformat()
        row |= {
            name: None
            if columns[name][event] is None
            else decimal_text(columns[name][event], "CNY")
            for name in AMOUNTS
            if name in columns
        }
        if "event" in columns:
            row["event"] = EVENT_NAMES[columns["event"][event]]
        if "quantity" in columns:
            row["quantity"] = columns["quantity"][event]
        for name, texts in (("ticket_type", "ticket_types"), ("channel", "channels")):
            if name in columns:
                row[name] = said[texts][columns[name][event]]
        rows.append({"currency": said.get("currency"), **row})
    return body(*rows, **({"stream": said["stream"]} if "stream" in said else {}))


def read(said: dict[str, Any]) -> Reading:
    return read_columnar(json.dumps(said).encode(), Fixed())


def figures_of(reading: Reading, first_row: int) -> list[dict[str, Any]]:
    return [row | {"line_row": row["line_row"] - first_row} for row in rows_of(reading)]


def findings_of(reading: Reading, first_row: int) -> list[tuple[Any, ...]]:
    return [
        (f.rule, f.severity, f.sentence, (f.row or 0) - first_row, f.subject)
        for f in reading.findings
    ]


def assert_same(said: dict[str, Any]) -> None:
    by_column, by_row = read(said), read_native(as_rows(said), Fixed())
    assert findings_of(by_column, 1) == findings_of(by_row, 2)
    assert figures_of(by_column, 1) == figures_of(by_row, 2)
    assert len(by_column.figures.mentions) == len(by_row.figures.mentions)


def test_columns_say_what_rows_say() -> None:
    said = message()
    assert_same(said)
    rows = rows_of(read(said))
    assert [row["line_row"] for row in rows] == [1, 2, 3]
    assert [row["line_event"] for row in rows] == [1, 1, 2]
    assert [row.get("line_fee") for row in rows] == [300, None, 300]
    assert [row["line_ticket_type"] for row in rows] == ["adult", "free", "adult"]


def test_a_tab_in_a_programme_holds_its_events() -> None:
    programme = [[{"work": "X", "version": "a\tb"}, {"work": "Y"}], [{"work": "Z"}]]
    said = message(screenings={"programme": programme})
    del said["screenings"]["work"]
    assert_same(said)
    assert held(read(said)) == {1: "control_character", 3: "control_character"}


def test_a_small_message_needs_few_columns() -> None:
    columns = {"screening": [0], "number": [1], "sold_at": [1_664_596_800], "paid": [1]}
    said = message(stream="till", epoch=2) | {"columns": columns}
    assert_same(said)
    assert read(said).figures.streams == [("till", 2)]


def test_a_double_feature_by_the_column() -> None:
    programme = [[{"work": "X", "weight": 2}, {"work": "Y"}], [{"work": "Z"}]]
    said = message(screenings={"programme": programme})
    del said["screenings"]["work"]
    assert_same(said)


def test_each_screening_may_have_its_cinema() -> None:
    said = message(screenings={"cinema": ["A1", "B2"]})
    del said["cinema"]
    assert_same(said)
    assert read(said).figures.streams == [("", 0)]


BROKEN: tuple[dict[str, Any], ...] = (
    {"columns": {"paid": [4140, -1, 4140]}},
    {"columns": {"paid": [4140, 10**15 + 1, 4140]}},
    {"columns": {"fee": [300, 10**17, None]}},
    {"columns": {"quantity": [1, 1_000_001, -1]}},
    {"columns": {"quantity": [1, 10**30, 1]}},
    {"columns": {"quantity": [1, -(2**63), 1]}},
    {"columns": {"number": [1, 0, -5]}},
    {"columns": {"number": [1, 2**62 + 1, 3]}},
    {"columns": {"number": [2**40 - 1, 2**40, 2**63]}},
    {"columns": {"sold_at": [-2_400_000_000, 0, 7_289_654_400]}},
    {"columns": {"sold_at": [-2_366_755_200, 0, 7_289_654_399]}},
    {"screenings": {"start": ["2022-10-01T19:30:00+08:00", "later"]}},
    {"screenings": {"start": ["1890-10-01T19:30:00+08:00", "2022-10-01T19:30:00+08:00"]}},
    {"screenings": {"work": ["x" * 501, "Other"]}},
    {"screenings": {"work": ["a\tb", "Other"]}},
    {"screenings": {"work": ["", "Other"]}},
    {"screenings": {"seats": [10**7, 1]}},
    {"screenings": {"screen": ["", "y" * 501]}},
    {"screenings": {"version": ["", "3D\x00"]}},
    {"ticket_types": ["adult", "z" * 501]},
    {"ticket_types": ["adult", "back\\slash"]},
    {"currency": "XYZ"},
    {"currency": "USD"},
)


@pytest.mark.parametrize("changes", BROKEN)
def test_bad_values_are_held_for_the_reasons_that_rows_are(changes: dict[str, Any]) -> None:
    assert_same(message(**changes))


@pytest.mark.parametrize("column", ["screening", "event", "ticket_type"])
@pytest.mark.parametrize("place", [-1, 5, 10**30, -(10**30)])
def test_a_place_outside_of_its_list_holds_its_event(column: str, place: int) -> None:
    reading = read(message(columns={column: [0, place, 0]}))
    assert held(reading) == {2: "bad_index"}
    assert [row["line_row"] for row in rows_of(reading)] == [1, 3]


def test_sale_times_beyond_all_calendars_are_held() -> None:
    reading = read(message(columns={"sold_at": [1_664_596_800, 10**15, -(10**30)]}))
    assert held(reading) == {2: "bad_time", 3: "bad_time"}


def test_money_needs_a_currency() -> None:
    reading = read_columnar(json.dumps(message()).encode(), Nowhere())
    assert held(reading) == {1: "no_currency", 2: "no_currency", 3: "no_currency"}
    assert not len(reading.figures.mentions)


def test_without_a_cinema_every_event_is_held() -> None:
    said = message()
    del said["cinema"]
    assert set(held(read(said)).values()) == {"bad_field"}


def test_a_screening_without_events_is_not_mentioned() -> None:
    reading = read(message(columns={"screening": [1, 1, 1]}))
    assert reading.figures.mentions.column("screening") == ["s2"]
    assert reading.figures.lines["mention"].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"pharos": 2}, "unknown_version"),
        ({"pharos": 2, "further": 1}, "unknown_version"),
        ({"columnar": "day_totals"}, "bad_header"),
        ({"customer": ["Jane"]}, "undeclared_field"),
        ({"columns": {"customer": ["Jane"]}}, "undeclared_field"),
        ({"columns": {"paid": ["41.40", "0", "1"]}}, "bad_columns"),
        ({"columns": {"paid": [1.5, 2, 3]}}, "bad_columns"),
        ({"columns": {"paid": [1, 2]}}, "uneven_columns"),
        ({"screenings": {"work": ["one"]}}, "uneven_columns"),
        ({"epoch": -1}, "bad_columns"),
        ({"columns": {name: [] for name in message()["columns"]}}, "empty"),
    ],
)
def test_what_refuses_the_whole_message(changes: dict[str, Any], rule: str) -> None:
    (finding,) = read(message(**changes)).findings
    assert (finding.rule, finding.severity) == (rule, Severity.REFUSE)


@pytest.mark.parametrize("said", [b"", b"{", b"\xff", b'{"columnar": "tickets"}', b"[" * 100_000])
def test_what_is_no_message_is_refused(said: bytes) -> None:
    assert read_columnar(said, Fixed()).refused


EDGES = {
    "number": [1, 0, 2**40 - 1, 2**40, -(2**63)],
    "sold_at": [0, -2_366_755_200, -2_366_755_201, 7_289_654_399, 7_289_654_400],
    "paid": [0, -1, 10**15, 10**15 + 1, 10**17],
    "quantity": [0, -1, 10**6, 10**6 + 1, 10**25],
}


@st.composite
def messages(draw: st.DrawFn) -> dict[str, Any]:
    """Messages of a few events with some values at and beyond the edges of their ranges."""
    count = draw(st.integers(1, 6))

    def column(usual: st.SearchStrategy[Any], edges: list[int]) -> list[Any]:
        rare = st.sampled_from(edges) if draw(st.booleans()) else usual
        return draw(st.lists(st.one_of(usual, usual, rare), min_size=count, max_size=count))

    amounts = st.integers(0, 10_000)
    columns = {
        "screening": column(st.integers(0, 1), [0]),
        "number": column(st.integers(1, 1000), EDGES["number"]),
        "sold_at": column(st.integers(1_600_000_000, 1_700_000_000), EDGES["sold_at"]),
        "paid": column(amounts, EDGES["paid"]),
        "event": column(st.integers(0, 4), [0]),
        "ticket_type": column(st.integers(0, 1), [0]),
        "quantity": column(st.integers(0, 9), EDGES["quantity"]),
        "tax": column(st.one_of(amounts, st.none()), EDGES["paid"]),
        "declared_value": column(st.one_of(amounts, st.none()), EDGES["paid"]),
    }
    left_out = draw(st.sets(st.sampled_from(["event", "ticket_type", "quantity", "tax"])))
    said = message()
    said["columns"] = {k: v for k, v in columns.items() if k not in left_out}
    start = draw(st.sampled_from(["2022-10-01T19:30:00+08:00", "2022-10-01T19:30:00Z", "now", ""]))
    said["screenings"]["start"][1] = start
    said["screenings"]["work"][0] = draw(st.sampled_from(["X", " X", "Other one", " ", "x\n"]))
    return said


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(messages())
def test_any_message_says_what_its_rows_say(said: dict[str, Any]) -> None:
    assert_same(said)
