"""The page of charts: works ranked by published figures, every number written by hand."""

from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest

from tests.serve.asking_home import Asking
from tests.serve.pages import published_home
from tests.serve.pages.test_views import Tables, at, plain, rows_of

DAY = "kind=daily&period=2022-10-09"
WINDOW = "kind=window&period=window:national-day/2022"


def page(home: Asking, query: str, language: str = "en") -> dict[str, Any]:
    """What a state of the page says."""
    return published_home.page(home, f"/{language}/charts.json?{query}")


def rows(home: Asking, query: str, *names: str, table: str = "charts") -> list[tuple[Any, ...]]:
    """Some columns of a table."""
    return published_home.columns(home, f"/en/charts.json?{query}", table, *names)


def test_the_latest_day_is_ranked_with_moves_and_changes(published: Asking) -> None:
    names = ("rank", "move", "work", "gross", "change_pct", "admissions")
    expected = [
        (1, 1, "The Lamp Keeper", "300.00", "200.00", 30),
        (2, -1, "salt", "150.00", "-25.00", None),
    ]
    assert rows(published, "", *names) == rows(published, DAY, *names) == expected
    shown = [row["shown"] for row in page(published, DAY)["tables"][0]["rows"]]
    assert [(row["move"], row["change_pct"]) for row in shown] == [
        ("▲1", "+200.0%"),
        ("▼1", "-25.0%"),
    ]


def test_a_sentence_says_whose_figures_and_what_they_are_of_the_nation(published: Asking) -> None:
    assert page(published, DAY)["lead"] == (
        "China, 2022-10-09: figures of Gazette, with service fee. Films here: 2, together "
        "CNY 450.00, 90.0% of the nation's CNY 500.00."
    )
    assert "占全国500.00元的 90.0%" in page(published, DAY, "zh")["lead"]


@pytest.mark.parametrize("query", ["", DAY, "kind=daily&period=2022-10", WINDOW, "kind=week"])
def test_rows_are_those_of_the_interface(published: Asking, query: str) -> None:
    said = page(published, query)
    kind, period = (said["controls"][n]["value"] for n in (0, 1))
    asked = published.get(f"/api/v1/chart?kind={kind}&period={period}&limit=50").json
    table = said["tables"][0]
    assert len(asked["rows"]) == len(table["rows"]) > 0
    for row, answered in zip(table["rows"], asked["rows"], strict=True):
        for name in set(row) & set(answered) - {"work", "shown", "change_pct"}:
            assert row[name] == answered[name], name
        changes = [one and Decimal(str(one)) for one in (row["change_pct"], answered["change_pct"])]
        assert changes[0] == changes[1]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("query", [DAY, WINDOW])
def test_files_and_the_screen_have_the_same_rows(
    published: Asking, language: str, query: str
) -> None:
    table = page(published, query, language)["tables"][0]
    heads = table["heads"]
    screen = Tables(published.get(f"/{language}/charts?{query}").body.decode()).tables[0]
    visible = [head["name"] for head in heads if head["shown"]]
    assert screen == [[row["shown"][name] for name in visible] for row in table["rows"]]
    expected = [[plain(row[head["name"]], head, "") for head in heads] for row in table["rows"]]
    for kind in ("csv", "xlsx", "parquet"):
        found = published.get(f"/{language}/{at(f'charts?{query}', kind)}")
        got = rows_of(kind, found.body, [head["name"] for head in heads])
        assert expected == [
            [plain(value, head, kind) for value, head in zip(row, heads, strict=True)]
            for row in got
        ]


def test_what_is_not_known_whole_has_no_total_and_says_so(published: Asking) -> None:
    names = ("work", "rank", "gross", "known_gross", "complete", "days_known")
    assert rows(published, WINDOW, *names) == [
        ("The Lamp Keeper", 1, "900.00", "900.00", True, 7),
        ("salt", None, None, "80.00", False, 1),
    ]
    table = page(published, WINDOW)["tables"][0]
    assert table["rows"][1]["shown"]["complete"] == "known days only"
    assert table["rows"][1]["shown"]["gross"] == "–"
    assert table["note"].startswith("Known days only")
    assert {head["name"]: head["shown"] for head in table["heads"]}["known_gross"]


def test_the_first_ten_are_drawn_unless_nothing_is_known_whole(published: Asking) -> None:
    chart = page(published, DAY)["tables"][0]["chart"]
    assert (chart["kind"], chart["x"], chart["y"], chart["most"]) == ("bar", "work", ["gross"], 10)
    assert page(published, "kind=month&period=2022-10")["tables"][0]["chart"] is None
    assert page(published, "kind=daily&period=2022-10")["tables"][0]["chart"] is None


def test_links_lead_to_the_periods_beside_and_to_other_kinds(published: Asking) -> None:
    said = page(published, "kind=daily&period=2022-10-08")
    assert [tab["address"] for tab in said["periods"]] == [
        "/en/charts?kind=daily&period=2022-10-07",
        "/en/charts?kind=daily&period=2022-10-09",
    ]
    # Nothing is known after the ninth.
    assert [tab["text"][0] for tab in page(published, DAY)["periods"]] == ["‹"]
    assert len(said["tabs"]) == 7
    for tab in (*said["tabs"], *said["periods"]):
        assert published.get(tab["address"]).status == HTTPStatus.OK


def test_a_work_with_a_page_leads_there(published: Asking) -> None:
    cells = page(published, DAY)["tables"][0]["cells"]
    assert [line["cells"][6][2] for line in cells] == ["/en/film?work=lamp", ""]
    assert published.get("/en/film?work=lamp").status == HTTPStatus.OK


def test_places_are_limited(published: Asking) -> None:
    assert rows(published, f"{DAY}&limit=1", "work") == [("The Lamp Keeper",)]
    assert rows(published, f"{DAY}&publisher=Gazette&basis=with_fee", "rank") == [(1,), (2,)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_home_says_what_to_do(unpublished: Asking, language: str) -> None:
    for query in ("", DAY, "kind=window"):
        found = unpublished.get(f"/{language}/charts?{query}")
        assert found.status == HTTPStatus.OK
    assert "docs/history.md" in unpublished.get(f"/{language}/charts").body.decode()
    assert page(unpublished, "", language)["tables"][0]["rows"] == []


@pytest.mark.parametrize(
    "query",
    ["kind=hourly", "period=soon", "territory=XX", "publisher=Nobody&kind=daily&period=2022",
     "basis=paid", "limit=0", "kind=window&period=window:nothing/2022", "years=2022"],
)  # fmt: skip
def test_what_is_not_known_is_refused(published: Asking, query: str) -> None:
    assert published.get(f"/en/charts?{query}").status == HTTPStatus.BAD_REQUEST


def test_nobody_anonymous_sees_a_cinema_or_a_chain(published: Asking) -> None:
    said = {"pharos-reader": "anonymous"}
    for path in ("/en/charts", "/api/v1/chart?kind=daily&period=2022-10", "/api/v1/identities"):
        found = published.get(path, said)
        assert found.status == HTTPStatus.OK, path
        assert b"backyard" not in found.body, path
    assert b"backyard-screen" in published.get("/api/v1/identities").body
