"""The page of windows: every published version of each year, every number written by hand."""

from http import HTTPStatus
from typing import Any

import pytest

from tests.serve.asking_home import Asking
from tests.serve.pages import published_home
from tests.serve.pages.test_views import Tables, at, plain, rows_of

NAME = "name=national-day"


def page(home: Asking, query: str, language: str = "en") -> dict[str, Any]:
    """What a state of the page says."""
    return published_home.page(home, f"/{language}/windows.json?{query}")


def rows(home: Asking, query: str, *names: str, table: str = "windows") -> list[tuple[Any, ...]]:
    """Some columns of a table."""
    return published_home.columns(home, f"/en/windows.json?{query}", table, *names)


def test_every_version_of_every_year_stands_the_newest_year_first(published: Asking) -> None:
    names = ("year", "days", "gross", "difference_from_first", "publisher", "basis", "status")
    expected = [
        (2022, 7, "1400.00", "-97.00", "Gazette", "without_fee", "actual"),
        (2022, 7, "1496.00", "-1.00", "Office", "with_fee", "actual"),
        (2022, 7, "1497.00", "0.00", "Gazette", "with_fee", "actual"),
        (2020, 8, "3952.00", "2455.00", "Gazette", "with_fee", "actual"),
        (2014, 7, "1084.00", "-413.00", "Office", "with_fee", "actual"),
        (2014, 7, "1118.00", "-379.00", "Office", "unknown", "restated"),
    ]
    assert rows(published, NAME, *names) == rows(published, "", *names) == expected


def test_rows_are_those_of_the_interface(published: Asking) -> None:
    asked = "&".join(f"period=window:national-day/{year}" for year in (2022, 2020, 2014))
    answered = published.get(f"/api/v1/compare?{asked}").json["rows"]
    shown = page(published, NAME)["windows"]["rows"]
    assert len(shown) == len(answered)
    for row, one in zip(shown, answered, strict=True):
        for name in set(row) & set(one) - {"shown"}:
            assert row[name] == one[name], name
        days = one["sum_of_days"] or {"gross": None, "equal": None}
        assert (row["days_gross"], row["days_equal"]) == (days["gross"], days["equal"])
    assert [row["days_gross"] for row in shown] == [None, None, None, None, "1050.00", None]


def test_one_version_of_each_year_has_its_rank_among_all_years(published: Asking) -> None:
    names = ("year", "gross", "rank", "per_day", "rank_per_day")
    expected = [
        (2014, "1118.00", 3, "159.71", 3),
        (2020, "3952.00", 1, "494.00", 1),
        (2022, "1497.00", 2, "213.86", 2),
    ]
    assert rows(published, NAME, *names, table="years") == expected
    # Ranks are among all years, also where a few are asked.
    few = rows(published, f"{NAME}&years=2014,2022", *names, table="years")
    assert few == [expected[0], expected[2]]
    chart = page(published, NAME)["years"]["chart"]
    assert (chart["kind"], chart["x"], chart["y"]) == ("bar", "year", ["per_day"])


def test_notes_say_what_keeps_figures_apart(published: Asking) -> None:
    note = page(published, NAME)["windows"]["note"]
    for words in ("Differences are from CNY 1,497.00, which Gazette stated (2022-10-09) of 2022.",
                  "of 7, 8 days", "several bases", "In 2020 one run of days: National Day + ",
                  "is known for 2004–2013, 2015–2019, 2021."):  # fmt: skip
        assert words in note, words
    alone = page(published, f"{NAME}&basis=with_fee&years=2022")["windows"]["note"]
    assert "bases" not in alone
    assert "days: compare" not in alone


def test_a_merged_window_leads_to_the_other(published: Asking) -> None:
    said = page(published, "name=mid-autumn")
    assert "part of another window: National Day + Mid-Autumn Festival" in said["empty"]
    assert [tab["address"] for tab in said["periods"]] == ["/en/windows?name=national-day"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("table", ["windows", "years"])
def test_files_and_the_screen_have_the_same_rows(
    published: Asking, language: str, table: str
) -> None:
    said = page(published, NAME, language)
    heads = said[table]["heads"]
    nth = ["windows", "years"].index(table)
    screen = Tables(published.get(f"/{language}/windows?{NAME}").body.decode()).tables[nth]
    visible = [head["name"] for head in heads if head["shown"]]
    assert screen == [[row["shown"][name] for name in visible] for row in said[table]["rows"]]
    expected = [
        [plain(row[head["name"]], head, "") for head in heads] for row in said[table]["rows"]
    ]
    for kind in ("csv", "xlsx", "parquet"):
        found = published.get(f"/{language}/{at(f'windows?{NAME}', kind, table)}")
        got = rows_of(kind, found.body, [head["name"] for head in heads])
        assert expected == [
            [plain(value, head, kind) for value, head in zip(row, heads, strict=True)]
            for row in got
        ]


def test_a_source_is_text_and_leads_nowhere(published: Asking) -> None:
    text = published.get(f"/en/windows?{NAME}").body.decode()
    assert "https://example.org/a" in text
    assert 'href="https://' not in text


def test_the_calendar_leads_to_the_years_of_a_window(published: Asking) -> None:
    text = published.get("/en/calendar?year=2022").body.decode()
    assert 'href="/en/windows?name=national-day"' in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_home_says_what_to_do(unpublished: Asking, language: str) -> None:
    assert "docs/history.md" in unpublished.get(f"/{language}/windows").body.decode()
    assert unpublished.get(f"/{language}/windows?{NAME}").status == HTTPStatus.OK


@pytest.mark.parametrize(
    "query",
    ["name=nothing", f"{NAME}&years=soon", f"{NAME}&years=1950", "territory=XX", "basis=paid"],
)
def test_what_is_not_known_is_refused(published: Asking, query: str) -> None:
    assert published.get(f"/en/windows?{query}").status == HTTPStatus.BAD_REQUEST


def test_anybody_may_see_it(published: Asking) -> None:
    said = {"pharos-reader": "anonymous"}
    for path in ("/zh/windows.csv", "/en/windows", "/api/v1/compare?period=2022"):
        assert published.get(path, said).status == HTTPStatus.OK, path
