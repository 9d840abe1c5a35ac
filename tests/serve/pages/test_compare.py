"""The page of comparisons: films and places beside each other, every number written by hand."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import pytest

from tests.serve.asking_home import Asking
from tests.serve.pages.film_home import COMMA, film_home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Two films in two cinemas."""
    with film_home(tmp_path_factory.mktemp("compare") / "home") as opened:
        yield opened


def page(home: Asking, query: str) -> dict[str, Any]:
    """What a state of the page says, its tables by name beside."""
    found = home.get(f"/en/compare.json?{query}")
    assert found.status == HTTPStatus.OK, found.body
    said: dict[str, Any] = found.json
    return said | {one["name"]: one for one in said["tables"]}


def rows(home: Asking, query: str, *names: str, table: str = "compare") -> list[tuple[Any, ...]]:
    """Some columns of a table."""
    return [tuple(row[name] for name in names) for row in page(home, query)[table]["rows"]]


def test_films_by_date(home: Asking) -> None:
    names = ("business_date", "gross:w1", "gross:w2")
    assert rows(home, "works=w1,w2", *names) == [
        ("2024-03-07", None, "60.00"),
        ("2024-03-08", "100.00", None),
        ("2024-03-09", "225.00", "30.00"),
        ("2024-03-10", "75.00", None),
    ]
    chart = page(home, "works=w1,w2")["compare"]["chart"]
    assert (chart["kind"], chart["x"], chart["y"]) == ("line", *(names[:1]), list(names[1:]))


def test_films_by_day_of_release(home: Asking) -> None:
    query = "works=w1,w2&align=day&measure=cumulative_gross"
    names = ("days_on_release", "cumulative_gross:w1", "cumulative_gross:w2")
    assert rows(home, query, *names) == [
        (1, "100.00", "60.00"),
        (2, "325.00", None),
        (3, "400.00", "90.00"),
    ]


def test_each_cell_of_a_comparison_is_its_trace(home: Asking) -> None:
    made = page(home, "works=w1,w2&align=day")["compare"]
    for row, line in zip(made["rows"], made["cells"], strict=True):
        for head, (_, _, link, _) in zip(made["heads"], line["cells"], strict=True):
            if head["measure"] == "gross" and link:
                found = home.get(f"/api/v1/trace?{link.partition('?')[2]}").json
                assert [value["gross"] for value in found["values"]] == [row[head["name"]]]


def test_the_summary_says_what_each_has_come_to(home: Asking) -> None:
    names = ("compared", "cumulative_gross", "multiplier", "days_on_release")
    # The Sunday of its opening weekend has no figures of Salt and Harbour.
    assert rows(home, "works=w2,w1", *names, table="summary") == [
        ("Salt and Harbour", "90.00", None, 3),
        ("The Lamp Keeper", "400.00", "1.000000", 3),
    ]


def test_runs_of_one_film(home: Asking) -> None:
    names = ("days_on_release", "gross:w1:1", "gross:w1:2")
    expected = [(1, "50.00", "100.00"), (2, None, "225.00"), (3, None, "75.00")]
    assert rows(home, "runs=w1:1,w1:2&align=day", *names) == expected


def test_places_of_all_films_and_of_one(home: Asking) -> None:
    names = ("business_date", "gross:Albany", "gross:Prairie")
    places = "places=city:Albany,province:Prairie"
    assert rows(home, f"{places}&period=2024-03-09..2024-03-10", *names) == [
        ("2024-03-09", "180.00", "75.00"),
        ("2024-03-10", None, "95.00"),
    ]
    # On the 7th no cinema was registered in any place yet.
    summed = rows(home, f"{places}&period=2024-03", "compared", "gross", table="summary")
    assert summed == [("Albany", "280.00"), ("Prairie", "170.00")]
    aligned = rows(home, f"{places}&work=w1&align=day", "days_on_release", *names[1:])
    assert aligned == [(1, "100.00", None), (2, "180.00", "45.00"), (3, None, "75.00")]


def test_an_id_may_have_commas(home: Asking) -> None:
    said = page(home, f"works={quote(COMMA)},w1")
    assert [row["compared"] for row in said["summary"]["rows"]] == [COMMA, "The Lamp Keeper"]


def test_too_few_too_many_or_both_get_a_form_that_says_so(home: Asking) -> None:
    assert page(home, "")["lead"].startswith("Name 2 to 8 films")
    chosen = page(home, "works=w2")["choose"]
    assert [row["work_id"] for row in chosen["rows"]] == ["w1", COMMA]
    assert "works=w2%2Cw1" in chosen["cells"][0]["cells"][1][2]
    runs = ",".join(f"w1:{n}" for n in range(1, 10))
    assert page(home, f"runs={runs}")["lead"].startswith("These are 9")
    assert page(home, "works=w1&places=city:Albany")["lead"].startswith("Compare films or places")
    places = "places=city:Albany,city:Peoria"
    for query in ("align=day", "measure=cumulative_gross"):
        assert page(home, f"{places}&{query}")["lead"].startswith("Of all films together")
    assert page(home, "works=w1,w2&period=2001-01")["empty"].startswith("No figures")


def test_what_is_not_known_is_refused(home: Asking) -> None:
    for query in ("works=w1,nobody", "places=city:Nowhere,city:Albany", "places=Albany,Peoria",
                  "runs=w1,w2", "measure=rank"):  # fmt: skip
        assert home.get(f"/en/compare?{query}").status == HTTPStatus.BAD_REQUEST, query
