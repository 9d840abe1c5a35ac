"""Tables: what leaves the sender, and what a home reads from it."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path

import pytest

from pharos.arrive.extract import extract
from pharos.arrive.formats import read
from pharos.arrive.mapping import packaged_mapping, parse_mapping
from pharos.arrive.reading import Nowhere, Place, Places, Reading, RegisterCinema
from pharos.words.figures import ABSENT, Book, Level
from pharos.words.report import Scope, Severity
from pharos.words.works import Name
from tests.arrive.bodies import Fixed, held, rows_of
from tests.arrive.workbook import workbook

MAPPING = """
name = "house-totals"
kind = "screening_totals"
screening_key = ["Start", "Title"]
ignore = ["Till"]
checks = ["admissions * price = gross"]

[constants]
cinema = "A1"
cinema_name = "Grand Hall"
territory = "US"
zone = "America/Chicago"
currency = "USD"
screen = "1"

[columns]
work = "Title"
start = { column = "Start", format = "%m/%d/%Y %H:%M" }
ticket_type = { column = "Type", values = { ADT = "adult" }, default = "other" }
admissions = "Tickets"
price = "Price"
gross = "Gross"

[numbers]
thousands = ","
signs = ["$"]

[scope]
kind = "span"

[[skip]]
column = "Title"
equals = ["Total", ""]
starts_with = ["Sum of"]
"""
#: The same for a source whose tills matter.
WITH_TILL = MAPPING.replace('ignore = ["Till"]', "")
HEADER = "Till,Title,Start,Type,Tickets,Price,Gross,Cashier\n"


def send(
    table: str | bytes, mapping: str = MAPPING, places: Places | None = None, name: str = "t.csv"
) -> Reading:
    content = (HEADER + table).encode() if isinstance(table, str) else table
    message = extract(content, name, mapping)
    texts: Mapping[str, str] = {parse_mapping(mapping).digest: mapping}
    return read(message, places or Nowhere(), texts.get)


def test_rows_become_stated_lines() -> None:
    reading = send('7, One  more ,03/16/2018 17:00,ADT,129,$9.75,"$1,257.75",\n')
    assert not reading.findings
    (row,) = rows_of(reading)
    assert (row["cinema"], row["screen"], row["currency"]) == ("A1", "1", "USD")
    assert row["screening"] == "03/16/2018 17:00 | One more"
    assert row["start"] == int(datetime(2018, 3, 16, 22, tzinfo=UTC).timestamp()) * 1_000_000
    assert (row["offset_minutes"], row["business_date"]) == (-300, date(2018, 3, 16))
    assert row["programme"].startswith("One more\x1f")
    assert (row["line_book"], row["line_ticket_type"]) == (Book.SCREENING_TOTALS, "adult")
    assert (row["line_row"], row["line_quantity"], row["line_paid"]) == (2, 129, 125_775)


def test_the_constants_describe_a_cinema_that_nobody_registered() -> None:
    reading = send("7,One,03/16/2018 17:00,ADT,2,8,16,\n")
    assert reading.facts == [
        RegisterCinema(
            row=0,
            id="A1",
            names=(Name("", "Grand Hall"),),
            territory="US",
            zone="America/Chicago",
            currency="USD",
            provisional=True,
        )
    ]
    assert (reading.file, reading.mapping) == ("t.csv", sha256(MAPPING.encode()).hexdigest())


def test_a_registered_zone_goes_before_the_mappings() -> None:
    places = Fixed(Place("US", "America/New_York", "USD", time(6), known=True))
    (row,) = rows_of(send("7,One,03/16/2018 17:00,ADT,2,8,16,\n", places=places))
    assert row["offset_minutes"] == -240
    assert ("A1", "US") in places.asked, "the territory of the mapping serves unknown cinemas"


def test_the_scope_is_the_span_of_the_file_held_rows_included() -> None:
    reading = send(
        "7,One,03/16/2018 17:00,ADT,2,8,16,\n"
        "7,One,03/20/2018 17:00,ADT,x,8,16,\n"
        "7,One,03/11/2018 17:00,ADT,1,8,8,\n"
    )
    assert held(reading) == {3: "bad_number"}
    assert reading.scope == Scope("A1", date(2018, 3, 11), date(2018, 3, 20))


def test_a_file_without_a_readable_row_covers_nothing() -> None:
    reading = send("7,One,some day,ADT,2,8,16,\n")
    assert held(reading) == {2: "bad_time"}
    assert reading.scope is None
    assert reading.facts == []


def test_a_mapping_without_scope_covers_nothing() -> None:
    mapping = MAPPING.replace('kind = "span"', 'kind = "none"')
    assert send("7,One,03/16/2018 17:00,ADT,2,8,16,\n", mapping).scope is None


def test_a_scope_is_one_cinemas() -> None:
    mapping = WITH_TILL.replace('cinema = "A1"', "")
    mapping = mapping.replace("[columns]", '[columns]\ncinema = "Till"')
    (finding,) = send(
        "7,One,03/16/2018 17:00,ADT,2,8,16,\n8,One,03/16/2018 17:00,ADT,2,8,16,\n", mapping
    ).findings
    assert (finding.rule, finding.severity) == ("several_cinemas", Severity.REFUSE)
    reading = send("7,One,03/16/2018 17:00,ADT,2,8,16,\n", mapping)
    assert reading.scope == Scope("7", date(2018, 3, 16), date(2018, 3, 16))
    assert reading.facts == []


def test_a_bad_row_is_held_under_its_line_of_the_file() -> None:
    reading = send(
        '7,"Two\nlines",03/16/2018 17:00,ADT,2,8,16,\n'
        "\n"
        "7,One,03/16/2018 17:00,ADT,-2,8,16,\n"
        "7,One,03/16/2018 17:00,ADT,2,8,,\n"
        "7,One,,ADT,2,8,16,\n"
        f"7,{'x' * 501},03/16/2018 17:00,ADT,2,8,16,\n"
        '7,One,03/16/2018 17:00,ADT,2,8,"16,0",\n'
        "7,One,03/16/1718 17:00,ADT,2,8,16,\n"
    )
    assert held(reading) == {
        5: "out_of_range",
        6: "missing_field",
        7: "missing_field",
        8: "bad_field",
        9: "bad_number",
        10: "out_of_range",
    }
    assert [row["line_row"] for row in rows_of(reading)] == [2]
    assert reading.figures.mentions.column("programme")[0].startswith("Two lines\x1f")


def test_totals_inside_the_table_are_no_rows() -> None:
    reading = send(
        "7,One,03/16/2018 17:00,ADT,2,8,16,\n"
        "7,Sum of One,,,2,,16,\n7,Total,,,2,,16,\n,,,,,,16,\n,,,,,,,\n"
    )
    assert not reading.findings
    assert len(reading.figures) == 1


def test_free_tickets_and_equal_lines() -> None:
    reading = send(
        "7,One,03/16/2018 17:00,ADT,2,0,0,\n"
        "7,One,03/16/2018 17:00,ADT,2,0,0,\n"
        "7,One,03/16/2018 17:00,,2,0,0,\n"
    )
    assert not reading.findings
    lines = reading.figures.lines
    assert len(set(lines["line"].tolist())) == 3
    assert lines["paid"].tolist() == [0, 0, 0]
    assert [row["line_ticket_type"] for row in rows_of(reading)] == ["adult", "adult", "other"]


def test_a_row_key_tells_lines_apart() -> None:
    mapping = 'row_key = ["Till"]' + WITH_TILL
    table = "7,One,03/16/2018 17:00,ADT,2,8,16,\n8,One,03/16/2018 17:00,ADT,2,8,16,\n"
    first, second = send(table, mapping).figures.lines["line"].tolist()
    swapped = "".join(reversed(table.splitlines(keepends=True)))
    assert send(swapped, mapping).figures.lines["line"].tolist() == [second, first]
    changed = table.replace("ADT,2,8,16", "CHD,3,8,24")
    assert send(changed, mapping).figures.lines["line"].tolist() == [first, second]


def test_sums_that_do_not_hold_are_noticed() -> None:
    reading = send("7,One,03/16/2018 17:00,ADT,2,8,17,\n")
    assert [(f.rule, f.severity, f.row) for f in reading.findings] == [
        ("does_not_add_up", Severity.NOTICE, 2)
    ]
    assert reading.figures.lines["paid"].tolist() == [1700]


def test_starts_in_the_hour_that_comes_twice_or_never() -> None:
    reading = send(
        "7,One,11/04/2018 01:30,ADT,2,8,16,\n"
        "7,One,11/04/2018 01:30,CHD,2,8,16,\n"
        "7,One,03/11/2018 02:30,ADT,2,8,16,\n"
    )
    assert [(f.rule, f.severity, f.row) for f in reading.findings] == [
        ("clock_twice", Severity.NOTICE, 2),
        ("clock_never", Severity.NOTICE, 4),
    ]
    twice, never = reading.figures.mentions.column("offset_minutes")
    assert (twice, never) == (-300, -360)
    assert reading.figures.mentions.column("business_date") == [
        date(2018, 11, 4),
        date(2018, 3, 11),
    ]


def test_local_times_need_a_zone() -> None:
    mapping = MAPPING.replace('zone = "America/Chicago"', "")
    assert held(send("7,One,03/16/2018 17:00,ADT,2,8,16,\n", mapping)) == {2: "no_zone"}
    reading = send("7,One,2018-03-16T17:00:00-05:00,ADT,2,8,16,\n", mapping)
    assert reading.figures.mentions.column("offset_minutes") == [-300]


def test_names_stand_beside_ids() -> None:
    mapping = WITH_TILL.replace('work = "Title"', 'work = "Till"\nwork_name = "Title"')
    reading = send("w7, The  One ,03/16/2018 17:00,ADT,2,8,16,\n", mapping)
    assert reading.names == {"work:w7": "The One"}


DAYS = """
name = "days"
kind = "day_totals"
[constants]
cinema = "K1"
currency = "KRW"
[columns]
date = { column = "날짜", format = "%Y년 %m월 %d일" }
work = "영화명"
gross = "매출액"
admissions = "관객수"
[numbers]
thousands = ","
[table]
encoding = "cp949"
delimiter = ";"
header_row = 3
[scope]
kind = "span"
"""


def test_day_totals_in_another_encoding_under_a_heading() -> None:
    table = "■ 박스오피스\n\n날짜;영화명;매출액;관객수\n2023년 01월 14일;교섭;1,234,000;121\n"
    reading = send(table.encode("cp949"), DAYS)
    assert not reading.findings
    (row,) = rows_of(reading)
    assert (row["level"], row["business_date"]) == (Level.DAY, date(2023, 1, 14))
    assert (row["line_paid"], row["line_quantity"], row["line_row"]) == (1_234_000, 121, 4)
    assert row["start"] == ABSENT
    assert reading.scope == Scope("K1", date(2023, 1, 14), date(2023, 1, 14))


SHEET = """
name = "sheet"
kind = "screening_totals"
screening_key = ["Date", "Time", "Title"]
[constants]
cinema = "A1"
zone = "Europe/London"
currency = "GBP"
[columns]
work = "Title"
start = { columns = ["Date", "Time"], format = "%d/%m/%Y %H:%M" }
admissions = "Admits"
gross = "Box Office"
[table]
sheet = "Sales"
header_row = 2
"""


def test_a_spreadsheet_is_read_by_its_values() -> None:
    content = workbook(
        [
            ["Weekly report"],
            ["Date", "Time", "Title", "Admits", "Box  Office", "Notes"],
            [date(2022, 10, 1), time(19, 45), "A & B", 3, "=30.299999999999997", "by Jane"],
            [None],
            ["02/10/2022", "19:30", "Été", "4", "1200.5", None],
        ]
    )
    reading = send(content, SHEET, name="week.xlsx")
    assert not reading.findings
    rows = rows_of(reading)
    assert [row["line_row"] for row in rows] == [3, 5]
    assert [row["line_paid"] for row in rows] == [3030, 120_050]
    assert [row["line_quantity"] for row in rows] == [3, 4]
    assert rows[0]["start"] == int(datetime(2022, 10, 1, 18, 45, tzinfo=UTC).timestamp()) * 10**6
    assert b"Jane" not in extract(content, "week.xlsx", SHEET)


def body_of(changes: dict[str, object], *rows: object) -> bytes:
    header = json.loads(extract(HEADER.encode(), "t.csv", MAPPING)) | changes
    return "\n".join(json.dumps(one) for one in [header, *rows]).encode()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"pharos": 2}, "unknown_version"),
        ({"mapping": "0" * 64}, "unknown_mapping"),
        ({"columns": ["Title"]}, "missing_column"),
        (
            {"columns": ["Title", "Start", "Type", "Tickets", "Price", "Gross", "Cashier"]},
            "undeclared_field",
        ),
        ({"customer": "Jane"}, "bad_header"),
    ],
)
def test_a_message_that_does_not_fit_its_mapping_is_refused(
    changes: dict[str, object], rule: str
) -> None:
    texts = {parse_mapping(MAPPING).digest: MAPPING}
    (finding,) = read(body_of(changes), Nowhere(), texts.get).findings
    assert (finding.rule, finding.severity) == (rule, Severity.REFUSE)


def test_a_mapping_that_is_stored_but_broken_refuses() -> None:
    (finding,) = read(body_of({}), Nowhere(), lambda _: "name = ").findings
    assert finding.rule == "bad_mapping"


def test_lines_that_extract_does_not_make_are_held() -> None:
    cells = ["One", "03/16/2018 17:00", "ADT", "2", "8", "16"]
    strange: list[object] = [{"a": 1}, [], ["2", *cells], [0, *cells], [2, *cells, ""], [3, 4]]
    texts = {parse_mapping(MAPPING).digest: MAPPING}
    reading = read(body_of({}, *strange, [9, *cells]), Nowhere(), texts.get)
    assert held(reading) == dict.fromkeys(range(2, 8), "malformed_row")
    assert [row["line_row"] for row in rows_of(reading)] == [9]


def test_a_table_without_rows_is_noticed() -> None:
    texts = {parse_mapping(MAPPING).digest: MAPPING}
    reading = read(body_of({}), Nowhere(), texts.get)
    assert [(f.rule, f.severity) for f in reading.findings] == [("no_rows", Severity.NOTICE)]
    assert (len(reading.figures), reading.facts, reading.scope) == (0, [], None)


ARTTHEATER = Path(__file__).parents[2].parent / "shared/data/us-arttheater"


@pytest.mark.slow
@pytest.mark.skipif(not ARTTHEATER.is_dir(), reason=f"the real rows are not here: {ARTTHEATER}")
def test_a_real_export_is_read_to_the_last_cent() -> None:
    """Three years of a cinema's showings, as its own programme exported them."""
    content = (ARTTHEATER / "ticket_sales_by_showing.csv").read_bytes()
    reading = send(content, packaged_mapping("agile-showings"))
    lines, mentions = reading.figures.lines, reading.figures.mentions
    assert not reading.findings
    assert (len(reading.figures), len(mentions)) == (9_564, 3_262)
    assert len(set(mentions.column("programme"))) == 503
    assert int(lines["paid"].sum()) == 84_600_825
    assert int(lines["quantity"].sum()) == 103_419
    assert int(lines["quantity"][lines["paid"] == 0].sum()) == 5_966
    assert reading.scope == Scope("us-arttheater", date(2016, 6, 27), date(2019, 8, 31))
    assert (
        len(set(zip(mentions.column("start"), mentions.column("screen"), strict=True))) == 3_262 - 3
    )
