"""The coming day: every number beside a sum written by hand, and nothing that hours do not say."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pharos.serve.home import Home
from tests.fresh_homes import fresh_home
from tests.serve.asking_home import Asking, asking
from tests.serve.terminal import native

Row = dict[str, Any]

#: Tuesday, four in the afternoon in China; tomorrow is the ninth.
NOW = datetime(2022, 11, 8, 8, tzinfo=UTC)
EARLIER = datetime(2022, 10, 1, tzinfo=UTC)
REGISTERS = (
    *({"kind": "register", "cinema": {"id": said, "name": name, "territory": "CN", "city": city,
                                      "expected": True, "from": "2022-01-01"}}
      for said, name, city in (("oak", "Oak Hall", "Linhai"), ("elm", "Elm Hall", "Dongze"),
                               ("ash", "Ash Hall", "Linhai"))),
    *({"kind": "register", "work": {"id": said, "names": [{"language": "en", "name": name}]}}
      for said, name in (("keeper", "The Lamp Keeper"), ("salt", "Salt and Harbour"))),
)  # fmt: skip


def on(cinema: str, day: str, hour: int, work: str, seats: int) -> Row:
    """A screening on sale."""
    return {
        "kind": "schedule", "cinema": cinema, "screening": f"{day}-{hour}-{work}", "work": work,
        "start": f"2022-11-{day}T{hour}:00:00+08:00", "screen": "1", "seats": seats,
    }  # fmt: skip


def sale(screening: Row, number: int, sold_at: str, quantity: int, paid: str) -> Row:
    """Tickets of it, sold at a local time."""
    said = {name: text for name, text in screening.items() if name != "kind"}
    return said | {
        "kind": "tickets", "number": number, "sold_at": f"2022-11-{sold_at}:00+08:00",
        "quantity": quantity, "paid": paid,
    }  # fmt: skip


OAK_NINTH, OAK_LATE = on("oak", "09", 19, "keeper", 100), on("oak", "09", 21, "salt", 60)
ELM_NINTH = on("elm", "09", 14, "keeper", 50)
OAK_SECOND = on("oak", "02", 19, "keeper", 100)
ASH_NINTH = on("ash", "09", 20, "salt", 40)
MESSAGES = {
    "oak": (
        OAK_NINTH, OAK_LATE, OAK_SECOND,
        # The second of November: three until four on the first, then two more, then five that day.
        sale(OAK_SECOND, 1, "01T15:59", 3, "120.00"),
        sale(OAK_SECOND, 2, "01T16:01", 2, "80.00"),
        sale(OAK_SECOND, 3, "02T10:00", 5, "200.00"),
        # The ninth, sold by now.
        sale(OAK_NINTH, 4, "07T20:00", 6, "240.00"),
        sale(OAK_NINTH, 5, "08T15:00", 1, "40.00"),
    ),
    "elm": (ELM_NINTH, sale(ELM_NINTH, 1, "08T12:00", 2, "70.00")),
    # It says what it sold, and not when.
    "ash": (
        {"kind": "screening_totals", **{k: v for k, v in ASH_NINTH.items() if k != "kind"},
         "admissions": 9, "gross": "300.00"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def eve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """The day before."""
    path = fresh_home(tmp_path_factory.mktemp("eve") / "home", ("CN",), EARLIER)
    with Home(path, lambda: NOW) as home:
        home.send("office", "register", "1", native(*REGISTERS))
        for sender, rows in MESSAGES.items():
            home.send(sender, "till", "1", native(*rows))
    with asking(path, NOW) as opened:
        yield opened


def page(eve: Asking, query: str = "") -> dict[str, Any]:
    found = eve.get(f"/en/tomorrow.json?{query}")
    assert found.status == 200, found.body
    return dict(found.json)


def table(said: dict[str, Any], name: str) -> list[Row]:
    (found,) = (one for one in said["tables"] if one["name"] == name)
    return [{n: v for n, v in row.items() if n != "shown"} for row in found["rows"]]


def told(rows: list[Row], key: str, *names: str) -> dict[Any, tuple[Any, ...]]:
    return {row[key]: tuple(row[name] for name in names) for row in rows}


def test_it_is_tomorrow_and_says_until_when(eve: Asking) -> None:
    said = page(eve)
    assert said["title"].startswith("Wednesday, 9 November 2022")
    assert "2022-11-08 16:00:00 UTC+08:00" in said["lead"]
    assert "totals" in said["lead"]
    assert [tab["text"] for tab in said["periods"] if tab["current"]] == ["Wed 9 Nov"]
    assert [tab["text"] for tab in said["periods"]][:2] == ["Tue 8 Nov", "Wed 9 Nov"]


def test_films_with_what_is_sold_of_what_is_offered(eve: Asking) -> None:
    films = table(page(eve), "films")
    names = ("presales", "admissions", "screenings", "seats_offered")
    # The totals of ash stand with their screening and its seats, and without their nine tickets.
    assert told(films, "work_id", *names) == {
        "keeper": ("350.00", 6 + 1 + 2, 2, 100 + 50),
        "salt": ("0.00", 0, 2, 60 + 40),
    }
    shares = ("occupancy", "box_office_share", "screening_share", "prime_time_share")
    # Prime time is from six to nine: oak at seven and ash at eight.
    assert told(films, "work_id", *shares) == {
        "keeper": ("0.060000", "1.000000", "0.500000", "0.500000"),
        "salt": ("0.000000", "0.000000", "0.500000", "0.500000"),
    }


def test_the_same_hour_last_week(eve: Asking) -> None:
    said = page(eve)
    names = ("presales", "presales_then", "admissions", "admissions_then", "gross_then")
    # Until a minute before four: what was sold a minute after four does not count then.
    keeper = ("350.00", "120.00", 9, 3, "400.00")
    assert told(table(said, "pace"), "work_id", *names) == {
        "keeper": keeper,
        "salt": ("0.00", None, 0, None, None),
    }
    (market,) = table(said, "market")
    assert tuple(market[name] for name in names) == keeper


def test_numbers_of_last_week_lead_to_their_own_trace(eve: Asking) -> None:
    (pace,) = (one for one in page(eve)["tables"] if one["name"] == "pace")
    heads = [head["name"] for head in pace["heads"]]
    keeper = next(line for line in pace["cells"] if line["cells"][0][0] == "keeper")
    for name, measure, value in (
        ("presales_then", "presales", "120.00"),
        ("admissions_then", "admissions", 3),
        ("gross_then", "gross", "400.00"),
    ):
        link = keeper["cells"][heads.index(name)][2]
        assert "period=2022-11-02" in link
        found = eve.get(f"/api/v1/trace?{link.partition('?')[2]}").json
        assert found["measure"] == measure
        assert [row[measure] for row in found["values"]] == [value]
        # What a whole day took was not asked until a moment.
        until = "sold until 2022-11-01 16:00:00" in eve.get(link).body.decode()
        assert until == (measure != "gross")


def test_cinemas_lead_to_their_hours(eve: Asking) -> None:
    said = page(eve)
    names = ("presales", "admissions", "screenings", "seats_offered")
    assert told(table(said, "cinemas"), "cinema", *names) == {
        "Oak Hall": ("280.00", 7, 2, 160),
        "Elm Hall": ("70.00", 2, 1, 50),
        "Ash Hall": ("0.00", 0, 1, 40),
    }
    (cinemas,) = (one for one in said["tables"] if one["name"] == "cinemas")
    link = cinemas["cells"][0]["cells"][1][2]
    assert link == "/en/tomorrow?cinema=oak"
    hours = table(page(eve, "cinema=oak"), "hours")
    assert told(hours, "screening_hour", "work_id", "presales", "seats_offered") == {
        "19:00": ("keeper", "280.00", 100),
        "21:00": ("salt", "0.00", 60),
    }


def test_a_cinema_is_found_by_a_part_of_its_name(eve: Asking) -> None:
    assert list(told(table(page(eve, "name=eLM"), "cinemas"), "cinema_id")) == ["elm"]
    assert table(page(eve, "name=nobody"), "cinemas") == []


def test_places_and_films_narrow_it(eve: Asking) -> None:
    said = page(eve, "city=Linhai&work=keeper")
    assert "Linhai" in said["title"]
    assert "The Lamp Keeper" in said["title"]
    names = ("presales", "screenings", "screening_share")
    # One of the three screenings of Linhai.
    assert told(table(said, "films"), "work_id", *names) == {"keeper": ("280.00", 1, "0.333333")}
    assert list(told(table(said, "cinemas"), "cinema_id")) == ["oak"]


def test_what_the_figures_rest_on_is_said(eve: Asking) -> None:
    grains = told(table(page(eve), "grains"), "grain", "theatres", "screenings", "seats_offered")
    assert grains == {
        "ticket events": (2, 2, 100 + 50),
        "schedule": (1, 1, 60),
        "screening totals": (1, 1, 40),
    }


def test_a_day_that_has_begun_is_told_until_its_start(eve: Asking) -> None:
    said = page(eve, "date=2022-11-02")
    assert "2022-11-02 06:00:00" in said["lead"]
    (film,) = table(said, "films")
    assert (film["presales"], film["admissions"]) == ("200.00", 5)


def test_a_version_says_the_same_again(eve: Asking) -> None:
    newest, shown = page(eve), ("tables", "lead", "title")
    again = page(eve, f"as_of={newest['edition']}&date=2022-11-09")
    for name in ("films", "market", "pace", "grains"):
        assert table(again, name) == table(newest, name)
    assert [newest[name] for name in shown[1:]] == [again[name] for name in shown[1:]]


def test_a_day_of_which_nothing_is_known_is_empty(eve: Asking) -> None:
    said = page(eve, "date=2022-12-24")
    assert all(one["rows"] == [] for one in said["tables"])
    assert "No figures of this." in eve.get("/en/tomorrow?date=2022-12-24").body.decode()


def test_what_is_no_date_is_refused(eve: Asking) -> None:
    assert eve.get(f"/en/tomorrow?date={quote('next week')}").status == 400


def test_the_same_hour_is_that_of_the_clock_on_the_wall(tmp_path: Path) -> None:
    """On 10 March clocks went forward: four in the afternoon was an hour later in UTC before."""
    now = datetime(2024, 3, 12, 20, tzinfo=UTC)
    plain = {"kind": "tickets", "cinema": "bijou", "work": "keeper", "paid": "9.00"}
    sold = (
        (1, "13T19:00:00-04:00", "12T15:00:00-04:00"),
        (2, "06T19:00:00-05:00", "05T15:59:00-05:00"),
        (3, "06T19:00:00-05:00", "05T16:01:00-05:00"),
    )
    rows = [
        plain | {"number": number, "screening": start[:2], "start": f"2024-03-{start}",
                 "sold_at": f"2024-03-{at}"}
        for number, start, at in sold
    ]  # fmt: skip
    path = fresh_home(tmp_path / "home", ("US",), datetime(2024, 1, 1, tzinfo=UTC))
    with Home(path, lambda: now) as home:
        home.send("bijou", "till", "1", native(*rows))
    with asking(path, now) as opened:
        (market,) = table(page(opened), "market")
    names = ("presales", "presales_then", "gross_then")
    assert [market[name] for name in names] == ["9.00", "9.00", "18.00"]
