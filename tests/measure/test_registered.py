"""What registers say of figures: the latest word counts, also within one message."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pharos.arrive.administration import Judgement
from pharos.serve.home import Home
from tests.measure.small_home import TOTAL, Row, answers, registered, send, small_home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with small_home(tmp_path) as opened:
        send(opened, "1", TOTAL | {"version": "V"})
        yield opened


RELEASE: Row = {"work": "W", "date": "2024-03-01"}


def test_a_corrected_distributor_of_the_same_release_is_taken(home: Home) -> None:
    send(home, "2", registered("release", **RELEASE, distributor="Old"))
    send(home, "3", registered("release", **RELEASE, distributor="New"))
    assert answers(home, "gross", "distributor") == {"New": "100.00"}


def test_a_release_that_leaves_its_distributor_open_erases_none(home: Home) -> None:
    send(home, "2", registered("release", **RELEASE, distributor="Owl", run=2))
    send(home, "3", registered("release", **RELEASE))
    assert answers(home, "gross", "distributor") == {"Owl": "100.00"}
    assert answers(home, "gross", "run") == {2: "100.00"}


def test_the_later_row_of_one_message_counts(home: Home) -> None:
    work: Row = {"id": "W", "names": []}
    several = (registered("work", **work, distributor=name) for name in ("Owl", "Elk"))
    send(home, "2", *several)
    assert answers(home, "gross", "distributor") == {"Elk": "100.00"}
    release = (registered("release", **RELEASE, distributor=f"D{n}") for n in range(9))
    send(home, "3", *release)
    assert answers(home, "gross", "distributor") == {"D8": "100.00"}
    cities = (registered("cinema", id="c1", city=f"City {n}") for n in range(9))
    send(home, "4", *cities)
    assert answers(home, "gross", "city") == {"City 8": "100.00"}


def test_a_version_that_leaves_its_format_open_erases_none(home: Home) -> None:
    send(home, "2", registered("version", id="V", work="W", format="IMAX", audio="en"))
    send(home, "3", registered("version", id="V", work="W", audio="fr"))
    assert answers(home, "gross", "format") == {"IMAX": "100.00"}
    assert answers(home, "gross", "language") == {"fr": "100.00"}


def test_a_cinema_that_stands_for_another_keeps_its_own_city(home: Home) -> None:
    send(home, "2", registered("cinema", id="c1", city="Avon"))
    send(home, "3", registered("cinema", id="c2", city="Bath", chain="Crane"))
    home.administer(Judgement(kind="cinema", one="c1", other="c2", same=True, why="test"))
    assert answers(home, "gross", "city") == {"Avon": "100.00"}
    assert answers(home, "gross", "chain") == {"Crane": "100.00"}


def test_a_cinema_stands_where_it_is_registered_in_whatever_order_they_report(home: Home) -> None:
    """Who asks before they report gives them numbers of his own, which hold for him alone."""
    places = {"c2": "North", "c3": "South", "c4": "East"}
    rows = [registered("cinema", id=i, province=p, expected=True) for i, p in places.items()]
    send(home, "2", *rows)
    assert answers(home, "gross", "province") == {None: "100.00"}
    for number, cinema in enumerate(("c4", "c3", "c2"), 3):
        send(home, str(number), TOTAL | {"cinema": cinema, "gross": f"{number}.00"})
        answers(home, "gross", "province")
    wanted = {None: "100.00", "East": "3.00", "South": "4.00", "North": "5.00"}
    assert answers(home, "gross", "province") == wanted
