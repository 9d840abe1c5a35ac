"""The page of a film: every number is a sum written by hand, and every state is honest."""

from collections.abc import Iterator
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest

from tests.serve.asking_home import Asking
from tests.serve.pages.film_home import COMMA, film_home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Two films in two cinemas."""
    with film_home(tmp_path_factory.mktemp("film") / "home") as opened:
        yield opened


def tables(home: Asking, query: str) -> dict[str, Any]:
    """The tables of a state of the page, by name, and what the page says."""
    found = home.get(f"/en/film.json?{query}")
    assert found.status == HTTPStatus.OK, found.body
    return {one["name"]: one for one in found.json["tables"]} | {"page": found.json}


def rows(home: Asking, query: str, *names: str, table: str = "film") -> list[tuple[Any, ...]]:
    """Some columns of one of its tables."""
    return [tuple(row[name] for name in names) for row in tables(home, query)[table]["rows"]]


def test_the_days_of_the_latest_run(home: Asking) -> None:
    days = rows(home, "work=w1", "business_date", "gross", "admissions", "screenings")
    assert days == [
        ("2024-03-08", "100.00", 9 + 2, 1),
        ("2024-03-09", "225.00", 10 + 5 + 5, 2 + 1),
        ("2024-03-10", "75.00", 9, 1),
    ]
    ratios = rows(home, "work=w1", "change_day", "box_office_share", "occupancy")
    shown = [[None if x is None else Decimal(x) for x in row] for row in ratios]
    six = Decimal("0.000001")
    assert shown == [
        [None, Decimal(1), (Decimal(11) / 50).quantize(six)],
        [(Decimal(225 - 100) / 100).quantize(six), (Decimal(225) / 255).quantize(six),
         (Decimal(20) / (50 + 50 + 40)).quantize(six)],
        [(Decimal(75 - 225) / 225).quantize(six), (Decimal(75) / 95).quantize(six),
         (Decimal(9) / 40).quantize(six)],
    ]  # fmt: skip


def test_the_curve_and_what_was_reached(home: Asking) -> None:
    curve = rows(home, "work=w1", "days_on_release", "cumulative_gross", table="more")
    assert curve == [(1, "100.00"), (2, "325.00"), (3, "400.00")]
    names = ("cumulative_gross", "cumulative_admissions", "opening_weekend_gross")
    assert rows(home, "work=w1", *names, table="so_far") == [("400.00", 11 + 20 + 9, "400.00")]
    made = tables(home, "work=w1")
    assert made["film"]["chart"]["kind"] == "bar"
    assert made["more"]["chart"]["y"] == ["cumulative_gross"]
    assert made["page"]["lead"] == "run 2: 2024-03-08 to 2024-03-10"


def test_weekends_leave_out_the_days_between(home: Asking) -> None:
    assert rows(home, "work=w1&by=weekend", "weekend", "gross") == [("2024-03-08", "400.00")]
    # Thursday is in no weekend, and in a week of its own: weeks begin on Friday.
    assert rows(home, "work=w2&by=weekend", "weekend", "gross") == [("2024-03-08", "30.00")]
    weeks = rows(home, "work=w2&by=week", "gross", "change_week")
    assert weeks == [("60.00", None), ("30.00", None)]


def test_a_running_week_is_compared_with_the_same_days_of_the_week_before(home: Asking) -> None:
    # The Thursday of w2 is not among them as long as no day after Sunday has figures.
    assert rows(home, "work=w2&by=week", "week", "change_week")[1] == ("2024-W11", None)
    whole = rows(home, "work=w2&by=week&period=2024-03-07..2024-03-14", "week", "change_week")
    assert whole[1] == ("2024-W11", "-0.500000")


def test_hours_of_a_period(home: Asking) -> None:
    names = ("screening_hour", "gross")
    hours = rows(home, "work=w1&by=hour", *names)
    assert hours == [("14:00", "120.00"), ("19:00", "160.00"), (None, "120.00")]
    friday = rows(home, "work=w1&by=hour&period=2024-03-08", *names)
    assert friday == [("19:00", "100.00")]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("province", {"Hudson": "280.00", "Prairie": "120.00"}),
        ("city", {"Albany": "280.00", "Peoria": "120.00"}),
        ("city_tier", {"1": "280.00", "2": "120.00"}),
        ("chain", {"Lumen": "400.00"}),
    ],
)
def test_places(home: Asking, by: str, expected: dict[str, str]) -> None:
    assert dict(rows(home, f"work=w1&by={by}", by, "gross")) == expected


def test_versions_and_prices(home: Asking) -> None:
    kinds = rows(home, "work=w1&by=version", "format", "language", "gross")
    assert kinds == [(None, None, "300.00"), ("3D", "en", "100.00")]
    versions = rows(home, "work=w1&by=version", "version", "gross", table="more")
    assert versions == [(None, "300.00"), ("w1-3d", "100.00")]
    tiers = rows(home, "work=w1&by=price", "city_tier", "average_ticket_price")
    # 280.00 / 26 = 10.769..., 120.00 / 14 = 8.571...
    assert tiers == [("1", "10.77"), ("2", "8.57")]
    types = rows(home, "work=w1&by=price", "ticket_type", "average_ticket_price", table="more")
    assert types == [(None, "10.34"), ("adult", "10.00"), ("child", "5.00")]


def test_runs_have_their_dates(home: Asking) -> None:
    names = ("run", "first", "last", "gross", "admissions")
    assert rows(home, "work=w1&by=run", *names) == [
        (1, "2023-01-06", "2023-01-06", "50.00", 5),
        (2, "2024-03-08", "2024-03-10", "400.00", 40),
    ]
    assert rows(home, "work=w1&run=1", "business_date", "gross") == [("2023-01-06", "50.00")]


def test_revisions_say_what_was_said_when_a_day_was_over(home: Asking) -> None:
    made = tables(home, "work=w1&by=revision")["film"]
    grosses = [head["name"] for head in made["heads"] if head["measure"]]
    days = {row["business_date"]: row for row in made["rows"]}
    # The version now is that of the 11th; before it those at the ends of the 10th, 9th and 8th.
    assert [head.partition(":")[0] for head in grosses] == ["gross"] * len(grosses)
    assert [days["2024-03-08"][name] for name in grosses[:3]] == ["100.00", "90.00", "90.00"]
    assert days["2024-03-08"]["revised"] is True
    assert [days["2024-03-09"][name] for name in grosses[:3]] == ["225.00", "225.00", None]
    assert days["2024-03-09"]["revised"] is False
    # Reported when it was long over.
    assert days["2024-03-10"][grosses[0]] == "75.00"


def test_films_to_choose_from(home: Asking) -> None:
    names = ("work_id", "release", "since", "cumulative_gross")
    assert rows(home, "", *names) == [
        ("w1", "2024-03-08", "2024-03-08", "400.00"),
        ("w2", "2024-03-07", "2024-03-07", "90.00"),
        (COMMA, None, "2024-03-10", "20.00"),
    ]
    assert [row for (row,) in rows(home, "name=harbour", "work_id")] == ["w2", COMMA]
    assert "No film is called so." in home.get("/en/film?name=nobody").body.decode()


def test_a_state_without_figures_says_so(home: Asking) -> None:
    for query in ("work=w3", "work=w1&period=2001-01-01"):
        found = home.get(f"/en/film?{query}")
        assert found.status == HTTPStatus.OK
        assert "No figures of this film in this period." in found.body.decode()
        for kind in ("csv", "xlsx", "parquet"):
            assert home.get(f"/en/film.{kind}?{query}").status == HTTPStatus.OK
    for query in ("work=nobody", "work=w1&run=7", "work=w1&by=colour"):
        assert home.get(f"/en/film?{query}").status == HTTPStatus.BAD_REQUEST


def test_a_file_without_a_table_is_the_first_that_is_shown(home: Asking) -> None:
    found = home.get("/en/film.csv?work=w1").body.decode("utf-8-sig")
    assert found.startswith("currency,cumulative_gross")
