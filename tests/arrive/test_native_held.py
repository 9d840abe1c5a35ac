"""The native format: which rows are held, which reports are refused, and what they are told."""

import pytest

from pharos.arrive.native import read_native
from pharos.arrive.reading import Nowhere, Reading
from pharos.words.report import Severity
from tests.arrive.bodies import DAY, SALE, TOTAL, Fixed, Row, body, held, rows_of


def read(*rows: Row | str, **header: object) -> Reading:
    return read_native(body(*rows, **header), Fixed())


def without(name: str) -> Row:
    return {key: value for key, value in SALE.items() if key != name}


@pytest.mark.parametrize(
    ("row", "rule", "says"),
    [
        (SALE | {"paid": "-1.00"}, "negative_amount", "event of its own"),
        (SALE | {"paid": "1.005"}, "bad_amount", "paid"),
        (SALE | {"paid": "1,000"}, "bad_amount", "paid"),
        (SALE | {"paid": "99999999999999"}, "bad_amount", "largest"),
        (SALE | {"paid": 41.4}, "bad_field", '"41.40"'),
        (SALE | {"fee": "x"}, "bad_amount", "fee"),
        (SALE | {"quantity": -1}, "out_of_range", "quantity is -1"),
        (SALE | {"quantity": 1_000_001}, "out_of_range", "1000000"),
        (SALE | {"quantity": 10**40}, "out_of_range", "quantity"),
        (SALE | {"quantity": "2"}, "bad_field", "quantity"),
        (SALE | {"number": 0}, "out_of_range", "number"),
        (SALE | {"epoch": -1}, "out_of_range", "epoch"),
        (SALE | {"seats": 10**7}, "out_of_range", "seats"),
        (SALE | {"start": "2022-10-01T19:30:00"}, "bad_time", "offset"),
        (SALE | {"start": "tonight"}, "bad_time", "start"),
        (SALE | {"start": "1894-12-31T19:30:00+00:00"}, "out_of_range", "1895"),
        (SALE | {"start": "2201-01-01T19:30:00+00:00"}, "out_of_range", "2200"),
        (SALE | {"sold_at": "9999-12-31T23:59:59-12:00"}, "out_of_range", "sold_at"),
        (SALE | {"currency": "EURO"}, "unknown_currency", "EUR"),
        (SALE | {"work": "x" * 501}, "bad_field", "500"),
        (SALE | {"cinema": ""}, "bad_field", "empty"),
        (SALE | {"work": "  "}, "bad_field", "white space"),
        (SALE | {"work": "a\x1fb"}, "control_character", "control"),
        (SALE | {"event": "sell"}, "bad_field", "refund"),
        (SALE | {"programme": [{"work": "X"}]}, "bad_field", "either work or programme"),
        (without("work"), "no_work", "either work or programme"),
        (without("work") | {"programme": []}, "out_of_range", "64"),
        (without("work") | {"programme": [{"work": "X"}] * 65}, "out_of_range", "64"),
        (without("work") | {"programme": [{"work": "X", "weight": 0}]}, "out_of_range", "weight"),
        (without("work") | {"programme": [{"work": "X"}], "version": "3D"}, "bad_field", "version"),
        (without("number"), "no_identity", "event_id"),
        (without("cinema"), "missing_field", "cinema"),
        (without("kind"), "missing_field", "kind"),
        ({"kind": "register"}, "bad_field", "cinema, work, version, release"),
        ({"kind": "register", "cinema": {"id": "A", "zone": "Mars/One"}}, "bad_zone", "IANA"),
        ({"kind": "register", "cinema": {"id": "A", "territory": "China"}}, "bad_territory", "CN"),
        ({"kind": "no_screenings", "cinema": "A"}, "bad_field", "from and to"),
        (
            {"kind": "no_screenings", "cinema": "A", "from": "2022-10-02", "to": "2022-10-01"},
            "bad_field",
            "before its start",
        ),
        (DAY | {"date": "2022-13-01"}, "bad_field", "2022-10-01"),
        (DAY | {"admissions": -5}, "out_of_range", "admissions"),
        ("[1, 2]", "malformed_row", "no JSON object"),
        ('{"kind": ', "malformed_row", "no valid JSON"),
        ('{"a":' * 50_000, "malformed_row", "JSON"),
        ('"\\ud800"', "malformed_row", "JSON"),
    ],
)
def test_a_bad_row_is_held_and_the_rest_counts(row: Row | str, rule: str, says: str) -> None:
    reading = read(SALE | {"number": 5}, row, TOTAL | {"screening": "s9"})
    assert held(reading) == {3: rule}
    assert says in reading.findings[0].sentence
    assert [line["line_row"] for line in rows_of(reading)] == [2, 4]
    assert reading.figures.mentions.column("screening") == ["s1", "s9"]


def test_money_needs_a_currency() -> None:
    reading = read_native(
        body(SALE, SALE | {"number": 2, "currency": "KRW", "paid": "9000"}), Nowhere()
    )
    assert held(reading) == {2: "no_currency"}
    assert rows_of(reading)[0]["line_paid"] == 9000


#: A person inside a part of a row, where the decoder stops at another fault before it.
_PRIVATE_BESIDE_A_FAULT: tuple[Row, ...] = (
    {"kind": "register", "cinema": {"name": 5, "id": "A1", "manager": "Jane"}},
    {"kind": "register", "cinema": {"id": "A1", "names": [{"name": 5}, {"by": "Jane"}]}},
    {"kind": "register", "cinema": {"id": "A1", "screens": [{"seats": "x", "by": "Jane"}]}},
    {"kind": "register", "cinema": {"id": 5}, "work": {"id": "w", "director": "Jane"}},
    {"kind": "register", "release": {"date": "x", "work": "w", "by": "Jane"}},
    {"cinema": {"manager": "Jane"}},
    SALE | {"paid": 5, "work": None, "programme": [{"work": "X"}, {"by": "Jane"}]},
    SALE | {"work": {"name": "Jane"}},
    {"kind": "correction", "cinema": 5, "set": {"gross": "1.00", "by": "Jane"}},
)
#: The same in defaults, which no row of the report uses.
_PRIVATE_DEFAULTS = (
    {"programme": [{"work": "X", "by": "Jane"}]},
    {"cinema": {"id": "A1", "manager": "Jane"}},
    {"reason": {"by": "Jane"}},
    {"expect": [[{"by": "Jane"}]]},
)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (body(), "empty"),
        (b"{}", "bad_header"),
        (b"cinema;gross\nA1;5", "bad_header"),
        (b'{"pharos": 1, "sender": "me"}\n{}', "bad_header"),
        (b'{"pharos": 2}\n{}', "unknown_version"),
        (b'{"pharos": 1}\n"\xff"', "not_utf8"),
        (body(SALE, defaults={"customer": "x"}), "undeclared_field"),
        (body(SALE | {"customer": "Jane"}), "undeclared_field"),
        (body(SALE | {"paid": 5, "customer": "Jane"}), "undeclared_field"),
        (body(without("work") | {"programme": [{"work": "X", "by": "Jane"}]}), "undeclared_field"),
        (body(SALE, {"kind": "ticket"}), "undeclared_field"),
        *((body(row), "undeclared_field") for row in _PRIVATE_BESIDE_A_FAULT),
        *((body(SALE, defaults=said), "undeclared_field") for said in _PRIVATE_DEFAULTS),
    ],
)
def test_what_refuses_the_whole_report(said: bytes, rule: str) -> None:
    reading = read_native(said, Fixed())
    assert [(f.rule, f.severity) for f in reading.findings] == [(rule, Severity.REFUSE)]
    assert reading.refused
    assert not len(reading.figures)
    assert not reading.facts


def test_an_undeclared_field_is_told_with_its_row_and_what_was_meant() -> None:
    (finding,) = read(SALE, SALE | {"number": 2, "payed": "5"}).findings
    assert finding.row == 3
    assert "did you mean paid" in finding.sentence
    assert "5" not in finding.sentence
