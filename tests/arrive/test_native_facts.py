"""The native format: rows that state facts beside the figures."""

from datetime import date

import msgspec
import pytest

from pharos.arrive.native import read_native
from pharos.arrive.reading import (
    Correction,
    Fact,
    NoScreenings,
    Nowhere,
    OpeningBalance,
    Reading,
    RegisterCinema,
    RegisterRelease,
    RegisterVersion,
    RegisterWork,
)
from pharos.words.figures import Book
from pharos.words.venues import Screen
from pharos.words.works import Name
from tests.arrive.bodies import SALE, Fixed, Row, body, held


def read(*rows: Row | str, **header: object) -> Reading:
    return read_native(body(*rows, **header), Fixed())


def test_a_cinema_may_be_registered_in_the_report_that_speaks_of_it() -> None:
    cinema = {"id": "A1", "zone": "America/Chicago", "currency": "USD", "territory": "US"}
    sale = SALE | {"start": "2022-10-01T19:30:00-05:00"}
    reading = read_native(body(sale, {"kind": "register", "cinema": cinema}), Nowhere())
    assert not reading.findings
    assert reading.figures.mentions.column("currency") == ["USD"]
    (fact,) = reading.facts
    assert fact.row == 3


REGISTERS: tuple[tuple[Row, Fact], ...] = (
    (
        {
            "kind": "register",
            "cinema": {
                "id": "A1",
                "name": "Grand  Hall",
                "territory": "CN",
                "city": "Xi'an",
                "screens": [{"id": "1", "seats": 120}],
                "from": "2020-01-01",
                "expected": True,
            },
        },
        RegisterCinema(
            row=2,
            id="A1",
            names=(Name("", "Grand Hall"),),
            territory="CN",
            city="Xi'an",
            screens=(Screen("1", 120),),
            first=date(2020, 1, 1),
            expected=True,
        ),
    ),
    (
        {
            "kind": "register",
            "work": {"id": "w1", "names": [{"language": "zh", "name": "流浪"}], "year": 2022},
        },
        RegisterWork(row=2, id="w1", names=(Name("zh", "流浪"),), year=2022),
    ),
    (
        {"kind": "register", "version": {"id": "v1", "work": "w1", "format": "IMAX"}},
        RegisterVersion(row=2, id="v1", work="w1", format="IMAX"),
    ),
    (
        {"kind": "register", "release": {"work": "w1", "territory": "CN", "date": "2022-09-30"}},
        RegisterRelease(row=2, work="w1", territory="CN", date=date(2022, 9, 30)),
    ),
    (
        {"kind": "no_screenings", "cinema": "A1", "date": "2022-10-01", "reason": "works"},
        NoScreenings(
            row=2, cinema="A1", first=date(2022, 10, 1), last=date(2022, 10, 1), reason="works"
        ),
    ),
    (
        {
            "kind": "opening_balance",
            "work": "w1",
            "through": "2022-09-30",
            "gross": "1000.50",
            "publisher": "office",
        },
        OpeningBalance(
            row=2,
            work="w1",
            through=date(2022, 9, 30),
            gross=100_050,
            currency="CNY",
            publisher="office",
        ),
    ),
    (
        {
            "kind": "correction",
            "cinema": "A1",
            "book": "day_totals",
            "date": "2022-10-01",
            "work": "w1",
            "expect": {"gross": "900.00", "admissions": 20},
            "set": {"gross": "90.00", "admissions": 2},
            "reason": "typo",
            "by": "auditor",
        },
        Correction(
            row=2,
            cinema="A1",
            book=Book.DAY_TOTALS,
            business_date=date(2022, 10, 1),
            work="w1",
            expect_gross=90_000,
            expect_admissions=20,
            set_gross=9_000,
            set_admissions=2,
            currency="CNY",
            reason="typo",
            by="auditor",
        ),
    ),
)


@pytest.mark.parametrize(("row", "fact"), REGISTERS)
def test_facts_stand_beside_the_figures(row: Row, fact: Fact) -> None:
    reading = read(row)
    assert not reading.findings
    assert reading.facts == [fact]
    written = msgspec.json.encode(reading.facts)
    assert msgspec.json.decode(written, type=list[Fact]) == reading.facts


def test_a_correction_names_what_its_book_is_about() -> None:
    correction = dict(REGISTERS[-1][0]) | {"book": "tickets"}
    assert held(read(correction)) == {2: "bad_field"}
