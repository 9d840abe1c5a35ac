"""How complete each place is, against what is said of one place alone."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pharos.measure.coverage import completeness
from pharos.measure.coverage_places import completeness_by
from pharos.measure.edition import Edition, edition_in
from pharos.serve.home import Home
from pharos.words.period import Period
from tests.measure.small_home import TOTAL, registered, send, small_home

SPAN = Period(date(2024, 3, 4), date(2024, 3, 6), "three days")
NUMBERS = ("cinemas_reported", "cinemas_expected", "cinema_days_reported", "cinema_days_expected")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with small_home(tmp_path) as opened:
        places = {"c1": ("Albany", "Lumen"), "c2": ("Albany", "Maple"), "c3": ("Peoria", "Lumen")}
        for nth, (cinema, (city, chain)) in enumerate(places.items()):
            said = registered("cinema", id=cinema, expected=True, city=city, chain=chain)
            send(opened, f"r{nth}", said, TOTAL | {"cinema": cinema, "screening": "s"})
        send(opened, "x1", TOTAL | {"screening": "t", "start": "2024-03-04T19:00:00-05:00"})
        send(opened, "x2", {"kind": "no_screenings", "cinema": "c1", "date": "2024-03-06"})
        # Nobody expects it.
        send(opened, "x3", TOTAL | {"cinema": "c4"})
        yield opened


def counted(edition: Edition, name: str, value: str, **only: set[str]) -> dict[str, int]:
    said = completeness(edition, SPAN, {**only, name: {value}})
    return {number: said[number] for number in NUMBERS}


def test_each_place_is_what_is_said_of_it_alone(home: Home) -> None:
    with home.ledger.view() as view:
        edition = edition_in(view, None)
        found = completeness_by(edition, SPAN, "city", {})
        assert found == {city: counted(edition, "city", city) for city in ("Albany", "Peoria")}
        # The first has reported all three days, the second one of them.
        assert found["Albany"] == dict(zip(NUMBERS, (1, 2, 3 + 1, 3 + 3), strict=True))
        for name, values in (("cinema", ("c1", "c2", "c3")), ("chain", ("Lumen", "Maple"))):
            by = completeness_by(edition, SPAN, name, {})
            assert by == {value: counted(edition, name, value) for value in values}


def test_places_inside_a_place(home: Home) -> None:
    with home.ledger.view() as view:
        edition = edition_in(view, None)
        found = completeness_by(edition, SPAN, "chain", {"city": {"Albany"}})
        assert found == {
            chain: counted(edition, "chain", chain, city={"Albany"}) for chain in ("Lumen", "Maple")
        }


def test_a_cinema_that_moved_counts_in_both_places(home: Home) -> None:
    moved = {"id": "c3", "expected": True, "city": "Albany", "from": "2024-03-06"}
    send(home, "m", registered("cinema", **moved))
    with home.ledger.view() as view:
        found = completeness_by(edition_in(view, None), SPAN, "city", {})
    # Two days in Peoria, of which it reported the second, then one in Albany, of which it did not.
    assert found["Peoria"] == dict(zip(NUMBERS, (0, 1, 1, 2), strict=True))
    assert found["Albany"] == dict(zip(NUMBERS, (1, 3, 4, 7), strict=True))


def test_where_nobody_is_expected_nothing_is_said(tmp_path: Path) -> None:
    with small_home(tmp_path) as home:
        send(home, "1", TOTAL)
        with home.ledger.view() as view:
            assert completeness_by(edition_in(view, None), SPAN, "city", {}) == {}
