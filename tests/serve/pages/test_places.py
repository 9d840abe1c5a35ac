"""Places ranked: every number beside a sum written by hand, and the cinemas behind it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pharos.serve.home import Home
from tests.fresh_homes import fresh_home
from tests.serve.asking_home import Asking, asking
from tests.serve.terminal import native

Row = dict[str, Any]

#: The evening of the ninth in China.
NOW = datetime(2022, 11, 9, 15, tzinfo=UTC)
EARLIER = datetime(2022, 10, 1, tzinfo=UTC)
#: id, name, city, chain.
CINEMAS = (
    ("oak", "Oak Hall", "Linhai", "Maple"),
    ("elm", "Elm Hall", "Dongze", "Maple"),
    ("ash", "Ash Hall", "Linhai", "Lamp"),
    ("yew", "Yew Hall", "Linhai", "Lamp"),
)
REGISTERS = (
    *({"kind": "register", "cinema": {"id": said, "name": name, "territory": "CN", "city": city,
                                      "chain": chain, "expected": True, "from": "2022-11-08"}}
      for said, name, city, chain in CINEMAS),
    *({"kind": "register", "work": {"id": said, "names": [{"language": "en", "name": name}]}}
      for said, name in (("keeper", "The Lamp Keeper"), ("salt", "Salt and Harbour"))),
)  # fmt: skip


def shown(cinema: str, screen: str, hour: int, work: str, seats: int, sold: tuple[int, str]) -> Row:
    """Totals of a screening on the ninth."""
    return {
        "kind": "screening_totals", "cinema": cinema, "screening": f"{screen}-{hour}",
        "start": f"2022-11-09T{hour:02}:00:00+08:00", "screen": screen, "seats": seats,
        "work": work, "admissions": sold[0], "gross": sold[1],
    }  # fmt: skip


MESSAGES = {
    "oak": (
        shown("oak", "1", 14, "keeper", 100, (20, "800.00")),
        shown("oak", "1", 19, "keeper", 100, (80, "4000.00")),
        shown("oak", "2", 20, "salt", 50, (10, "500.00")),
    ),
    "ash": (shown("ash", "1", 19, "salt", 40, (40, "1200.00")),),
    # It says no seats, and nothing of hours.
    "elm": ({"kind": "day_totals", "cinema": "elm", "date": "2022-11-09", "work": "keeper",
             "admissions": 30, "gross": "900.00", "screenings": 2},),
}  # fmt: skip


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """The day."""
    path = fresh_home(tmp_path_factory.mktemp("evening") / "home", ("CN",), EARLIER)
    with Home(path, lambda: NOW) as home:
        home.send("office", "register", "1", native(*REGISTERS))
        for sender, rows in MESSAGES.items():
            home.send(sender, "till", "1", native(*rows))
    with asking(path, NOW) as opened:
        yield opened


def page(evening: Asking, query: str = "") -> dict[str, Any]:
    found = evening.get(f"/en/places.json?{query}")
    assert found.status == 200, found.body
    return dict(found.json)


def table(said: dict[str, Any], name: str = "places") -> list[Row]:
    (found,) = (one for one in said["tables"] if one["name"] == name)
    return list(found["rows"])


def told(rows: list[Row], key: str, *names: str) -> dict[Any, tuple[Any, ...]]:
    return {row[key]: tuple(row[name] for name in names) for row in rows}


def test_gross_for_each_screen_and_each_seat(evening: Asking) -> None:
    names = ("gross", "per_screen_average", "per_seat_average", "occupancy")
    assert told(table(page(evening, "by=cinema")), "cinema_id", *names) == {
        # 5,300 over two screens, and over 100 + 100 + 50 seats; 20 + 80 + 10 came.
        "oak": ("5300.00", "2650.00", "21.20", "0.440000"),
        "ash": ("1200.00", "1200.00", "30.00", "1.000000"),
        "elm": ("900.00", None, None, None),
    }


def test_completeness_of_each_place_and_what_it_is_of_the_whole(evening: Asking) -> None:
    names = ("cinemas_reported", "cinemas_expected")
    cities = page(evening, "by=city")
    assert told(table(cities), "city", *names) == {"Linhai": (2, 3), "Dongze": (1, 1)}
    assert cities["stand"]["completeness"] == "Reported total of 3 of 4 cinemas"
    assert told(table(page(evening, "by=chain&city=Linhai")), "chain", *names) == {
        "Maple": (1, 1),
        "Lamp": (1, 2),
    }
    days = told(
        table(page(evening, "by=cinema&period=2022-11-08..2022-11-09")),
        "cinema_id", "cinema_days_reported", "cinema_days_expected",
    )  # fmt: skip
    assert days == {"oak": (1, 2), "ash": (1, 2), "elm": (1, 2)}


def test_prime_time_and_other_hours(evening: Asking) -> None:
    rows = table(page(evening, "by=city"), "dayparts")
    names = ("gross", "seats_offered", "occupancy")
    assert {(row["city"], row["daypart"]): tuple(row[n] for n in names) for row in rows} == {
        ("Linhai", "prime time"): ("5700.00", 100 + 50 + 40, "0.684211"),
        ("Linhai", "other hours"): ("800.00", 100, "0.200000"),
        # A day total does not say when.
        ("Dongze", None): ("900.00", None, None),
    }


def test_dayparts_of_cinemas_are_told_where_places_narrow_them(evening: Asking) -> None:
    assert [one["name"] for one in page(evening, "by=cinema")["tables"]] == ["places"]
    rows = table(page(evening, "by=cinema&city=Linhai"), "dayparts")
    assert {row["cinema_id"] for row in rows} == {"oak", "ash"}


def test_a_film_is_chosen_by_its_name(evening: Asking) -> None:
    said = page(evening, "by=city&work=salt")
    assert said["title"] == "Salt and Harbour: City, 2022-11-09"
    assert told(table(said), "city", "gross") == {"Linhai": ("1700.00",)}
    (films,) = (control for control in said["controls"] if control["name"] == "work")
    # All films of the period in the order of their gross: 800 + 4,000 + 900, then 500 + 1,200.
    assert [one["text"] for one in films["options"]] == [
        "all films", "The Lamp Keeper", "Salt and Harbour",
    ]  # fmt: skip
    assert films["value"] == "salt"


def test_a_cinema_is_found_by_a_part_of_its_name_or_id(evening: Asking) -> None:
    for words in ("ELM", "elm hall", "Elm"):
        assert list(told(table(page(evening, f"by=cinema&name={words}")), "cinema_id")) == ["elm"]


def test_a_place_leads_to_its_board_of_the_day(evening: Asking) -> None:
    said = page(evening, "by=city&period=2022-11-09")
    links = {row["cells"][0][0]: row["cells"][0][2] for row in said["tables"][0]["cells"]}
    assert links["Linhai"] == "/en/board?city=Linhai&date=2022-11-09"
    week = page(evening, "by=city&period=2022-W45")["tables"][0]["cells"]
    assert {row["cells"][0][2] for row in week} == {
        "/en/board?city=Linhai",
        "/en/board?city=Dongze",
    }


@pytest.mark.parametrize(
    ("period", "near"),
    [
        ("2022-11-09", ["‹ 2022-11-08", "2022-11-09", "2022-W45", "2022-11", "2022-11-10 ›"]),
        ("2022-W45", ["‹ 2022-W44", "2022-11-07", "2022-W45", "2022-11", "2022-W46 ›"]),
        ("2022-11", ["‹ 2022-10", "2022-11-01", "2022-W44", "2022-11", "2022-12 ›"]),
        (
            "2022-11-07..2022-11-08",
            ["‹ 2022-11-05..2022-11-06", "2022-11-07", "2022-W45", "2022-11",
             "2022-11-09..2022-11-10 ›"],
        ),
    ],
)  # fmt: skip
def test_near_periods(evening: Asking, period: str, near: list[str]) -> None:
    said = page(evening, f"period={period}&page.places=2")["periods"]
    assert [tab["text"] for tab in said] == near
    assert said[0]["address"] == f"/en/places?period={near[0].removeprefix('‹ ')}"
    assert [tab["text"] for tab in said if tab["current"]] == [one for one in near if one == period]


def test_its_first_rows_are_drawn(evening: Asking) -> None:
    chart = page(evening, "by=city")["tables"][0]["chart"]
    assert (chart["kind"], chart["x"], chart["y"]) == ("bar", "city", ["gross"])
