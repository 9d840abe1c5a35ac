"""The native format: what its rows become."""

import json
from datetime import date, time

import pytest

from pharos.arrive.native import read_native
from pharos.arrive.reading import NoScreenings, Nowhere, Place, Reading
from pharos.words.figures import ABSENT, Book, Event, Level
from pharos.words.report import Severity
from pharos.words.works import Programme
from tests.arrive.bodies import DAY, SALE, SCREENING, TOTAL, Fixed, Row, body, contents, rows_of


def read(*rows: Row | str, **header: object) -> Reading:
    return read_native(body(*rows, **header), Fixed())


def test_a_sale_is_one_line_about_one_screening() -> None:
    reading = read(SALE | {"fee": "3.00", "ticket_type": "adult", "channel": "online"})
    assert not reading.findings
    (row,) = rows_of(reading)
    assert row["level"] == Level.SCREENING
    assert (row["cinema"], row["screening"], row["currency"]) == ("A1", "s1", "CNY")
    assert row["start"] == 1_664_623_800_000_000
    assert (row["offset_minutes"], row["business_date"]) == (480, date(2022, 10, 1))
    assert row["programme"] == Programme.single("Wandering").text()
    assert (row["seats"], row["screen"], row["cancelled"]) == (ABSENT, "", False)
    assert (row["line_row"], row["line_book"], row["line_event"]) == (2, Book.TICKETS, Event.SALE)
    assert (row["line_number"], row["line_quantity"]) == (1, 1)
    assert (row["line_paid"], row["line_fee"]) == (4140, 300)
    assert (row["line_ticket_type"], row["line_channel"]) == ("adult", "online")
    assert row["line_stream"] == ("", 0)
    assert row["line_sold_at"] == 1_664_596_800_000_000
    assert row["line_content"] > 0
    assert "line_tax" not in row
    assert row["line_line"] == 0


@pytest.mark.parametrize(
    ("event", "number"),
    [("sale", 1), ("refund", 2), ("void", 3), ("exchange_out", 4), ("exchange_in", 5)],
)
def test_events_keep_their_amounts_positive(event: str, number: int) -> None:
    (row,) = rows_of(read(SALE | {"event": event, "quantity": 2}))
    assert (row["line_event"], row["line_quantity"], row["line_paid"]) == (number, 2, 4140)


def test_screenings_are_mentioned_once_each() -> None:
    later = SALE | {"number": 2, "screening": "s2"}
    same_in_utc = SALE | {"number": 3, "start": "2022-10-01T19:30+08:00"}
    reading = read(SALE, later, same_in_utc)
    assert reading.figures.mentions.column("screening") == ["s1", "s2"]
    assert reading.figures.lines["mention"].tolist() == [0, 1, 0]


def test_the_stream_is_the_rows_else_the_headers_else_the_envelopes() -> None:
    other = SALE | {"number": 2, "stream": "kiosk", "epoch": 3}
    assert read(SALE, other).figures.streams == [("", 0), ("kiosk", 3)]
    assert read(SALE, other, stream="till").figures.streams == [
        ("till", 0),
        ("kiosk", 3),
    ]


def test_events_without_numbers_have_ids() -> None:
    by_id = {k: v for k, v in SALE.items() if k != "number"} | {"event_id": "e-9"}
    reading = read(SALE, by_id)
    assert reading.figures.event_ids == ["", "e-9"]
    assert reading.figures.lines["number"].tolist() == [1, ABSENT]
    assert read(SALE).figures.event_ids == []


def test_the_same_event_has_the_same_content_whatever_stands_around_it() -> None:
    first = read(SALE, SALE | {"number": 2, "screening": "s2"})
    again = read(
        SALE | {"number": 9, "screen": "4", "seats": 90, "start": "2022-10-01T20:00+08:00"}
    )
    assert contents(first)[0] == contents(again)[0]


@pytest.mark.parametrize(
    "change",
    [
        {"screening": "s2"},
        {"event": "refund"},
        {"sold_at": "2022-10-01T12:00:01+08:00"},
        {"ticket_type": "adult"},
        {"channel": "adult"},
        {"quantity": 2},
        {"paid": "41.41"},
        {"net": "0"},
        {"tax": "0"},
        {"levy": "0"},
        {"fee": "0"},
        {"declared_value": "0"},
        {"currency": "USD"},
    ],
)
def test_another_meaning_is_another_content(change: Row) -> None:
    said, changed = contents(read(SALE, SALE | change))
    assert said != changed


def test_the_recipe_of_the_content_never_changes() -> None:
    """Decisions in the journal hold these numbers: another recipe makes conflicts of repeats."""
    assert contents(read(SALE)) == [7_080_160_714_384_939_722]


def test_screening_totals_state_lines() -> None:
    adult = TOTAL | {"ticket_type": "adult", "price": "40.00", "refunds": 1}
    reading = read(TOTAL, adult, adult | {"price": "40"}, TOTAL | {"screening": "s2"})
    rows = rows_of(reading)
    assert {row["line_book"] for row in rows} == {Book.SCREENING_TOTALS}
    assert {row["line_event"] for row in rows} == {Event.TOTAL}
    assert [row["line_content"] for row in rows] == [0] * 4
    assert (rows[1]["line_quantity"], rows[1]["line_paid"], rows[1]["line_refunds"]) == (
        3,
        12000,
        1,
    )
    plain, first, second, elsewhere = (row["line_line"] for row in rows)
    assert len({plain, first, second}) == 3, "the same price twice is two lines"
    assert plain == elsewhere, "identities are those of a line inside its statement"
    assert "line_stream" not in rows[0]


def test_an_equal_statement_has_equal_lines() -> None:
    adult = TOTAL | {"ticket_type": "adult"}
    first = read(TOTAL, adult).figures.lines["line"].tolist()
    assert read(adult, TOTAL).figures.lines["line"].tolist() == first[::-1]


def test_a_price_that_does_not_make_the_gross_is_noticed() -> None:
    reading = read(TOTAL | {"price": "40.00"}, TOTAL | {"price": "41.00"})
    (finding,) = reading.findings
    assert (finding.rule, finding.severity, finding.row) == ("does_not_add_up", Severity.NOTICE, 3)
    assert "3 * 41.00 CNY is 123.00 CNY" in finding.sentence
    assert len(reading.figures) == 2


def test_day_totals_mention_the_works_day() -> None:
    (row,) = rows_of(read(DAY | {"admissions": 20, "screenings": 4, "seats": 400, "version": "3D"}))
    assert (row["level"], row["screening"], row["start"]) == (Level.DAY, "", ABSENT)
    assert row["business_date"] == date(2022, 10, 1)
    assert row["programme"] == Programme.single("Wandering", "3D").text()
    assert (row["line_book"], row["line_quantity"]) == (Book.DAY_TOTALS, 20)
    assert (row["line_screenings"], row["line_seats"]) == (4, 400)
    (bare,) = rows_of(read(DAY))
    assert "line_quantity" not in bare


def test_a_schedule_is_supply() -> None:
    planned = SCREENING | {"kind": "schedule", "screen": "4", "seats": 120}
    rows = rows_of(read(planned, planned | {"screening": "s2", "status": "cancelled"}))
    assert [row["cancelled"] for row in rows] == [False, True]
    assert [row["seats"] for row in rows] == [120, 120]
    assert {row["line_book"] for row in rows} == {Book.SUPPLY}
    assert [row["line_quantity"] for row in rows] == [0, 0]


def test_a_schedule_needs_no_currency() -> None:
    reading = read_native(body(SCREENING | {"kind": "schedule"}), Nowhere())
    assert reading.figures.mentions.column("currency") == [""]


def test_a_double_feature_has_weights() -> None:
    parts = [{"work": "Ａ film"}, {"work": "B  film", "version": "3D", "weight": 2}]
    two = {k: v for k, v in SALE.items() if k != "work"} | {"programme": parts}
    (programme,) = read(two).figures.mentions.column("programme")
    assert [(p.work, p.version, p.weight) for p in Programme.parse(programme).parts] == [
        ("Ａ film", "", 1),
        ("B film", "3D", 2),
    ]


def test_defaults_of_figures_do_not_join_register_rows() -> None:
    named = {"kind": "register", "work": {"id": "w1", "names": [{"language": "en", "name": "X"}]}}
    placed = {"kind": "register", "cinema": {"id": "A1"}}
    reading = read(named, placed, SALE, defaults={"cinema": "A1", "work": "w1"})
    assert reading.findings == []
    assert len(reading.facts) == 2


def test_defaults_fill_what_rows_leave_out() -> None:
    short = {"screening": "s1", "start": SALE["start"], "number": 1, "paid": "41.40"}
    defaults = {
        "kind": "tickets",
        "cinema": "A1",
        "work": "Wandering",
        "currency": "CNY",
        "sold_at": SALE["sold_at"],
        "date": "2022-10-01",
    }
    several = {"programme": [{"work": "X"}, {"work": "Y"}]}
    closed = {"kind": "no_screenings", "cinema": "A2"}
    reading = read(
        short, short | {"number": 2, "work": "Other"}, short | several, closed, defaults=defaults
    )
    assert not reading.findings
    works = [
        Programme.parse(text).parts[0].work for text in reading.figures.mentions.column("programme")
    ]
    assert works == ["Wandering", "Other", "X"]
    assert isinstance(reading.facts[0], NoScreenings)


def test_the_night_belongs_to_the_day_before() -> None:
    night = SALE | {"start": "2022-10-02T05:59:00+08:00"}
    morning = SALE | {"number": 2, "screening": "s2", "start": "2022-10-02T06:00:00+08:00"}
    assert read(night, morning).figures.mentions.column("business_date") == [
        date(2022, 10, 1),
        date(2022, 10, 2),
    ]


def test_a_start_in_utc_is_taken_to_the_cinemas_clock() -> None:
    reading = read(SALE | {"start": "2022-10-01T21:30:00Z"})
    (row,) = rows_of(reading)
    assert (row["offset_minutes"], row["business_date"]) == (480, date(2022, 10, 1))
    (finding,) = reading.findings
    assert (finding.rule, finding.severity, finding.row) == ("start_offset", Severity.NOTICE, 2)
    assert "2022-10-02T05:30:00+08:00" in finding.sentence


def test_an_unknown_cinemas_clock_is_the_offset_it_says() -> None:
    places = Fixed(Place("CN", "Asia/Shanghai", "CNY", time(6), known=False))
    (row,) = rows_of(read_native(body(SALE | {"start": "2022-10-01T21:30:00+00:00"}), places))
    assert row["offset_minutes"] == 0


def test_both_offsets_of_a_doubled_hour_are_the_cinemas_own() -> None:
    places = Fixed(Place("US", "America/New_York", "USD", time(6), known=True))
    first = SALE | {"start": "2024-11-03T01:30:00-04:00"}
    second = SALE | {"number": 2, "screening": "s2", "start": "2024-11-03T01:30:00-05:00"}
    reading = read_native(body(first, second), places)
    assert not reading.findings
    starts = reading.figures.mentions.column("start")
    assert starts[1] - starts[0] == 3_600_000_000


def test_blank_lines_and_windows_lines_keep_row_numbers() -> None:
    said = b"\xef\xbb\xbf" + body(SALE, "", SALE | {"number": 2}).replace(b"\n", b"\r\n") + b"\r\n"
    reading = read_native(said, Fixed())
    assert [row["line_row"] for row in rows_of(reading)] == [2, 4]


def test_a_backslash_is_no_control_character() -> None:
    (row,) = rows_of(read(json.dumps(SALE | {"work": "AC\\not DC\\u001f"})))
    assert "AC\\not" in row["programme"]
