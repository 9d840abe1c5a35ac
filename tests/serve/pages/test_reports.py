"""The page of reports says what was sent, found and held, and who is overdue, newest first."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pharos.arrive.administration import Judgement
from pharos.arrive.journal import Draft
from pharos.measure import arrived
from pharos.measure.arrived import Arrived
from pharos.measure.edition import edition_in
from pharos.measure.paging import MOST, Page
from pharos.serve.home import Home, utc_now
from pharos.serve.language import language
from pharos.serve.views import reports
from tests.fresh_homes import fresh_home
from tests.serve.asking_home import NOW, Asking, asking, cinema, filled_home
from tests.serve.pages.week import made_week, today
from tests.serve.terminal import native

YESTERDAY = date(2024, 3, 11)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Three expected cinemas, six reports, one of them refused, one row held."""
    with asking(filled_home(tmp_path_factory.mktemp("small") / "home")) as opened:
        yield opened


def table(home: Asking, query: str, code: str = "en") -> list[dict[str, Any]]:
    found = home.get(f"/{code}/reports.json?{query}")
    assert found.status == 200, found.body
    rows: list[dict[str, Any]] = found.json["tables"][0]["rows"]
    return rows


def test_who_has_reported_and_who_is_overdue(small: Asking) -> None:
    """8 to 12 March: Astor and the third gave the 8th, Bijou the 8th (nothing shown) and 9th."""
    rows = table(small, "period=2024-03-08..2024-03-12")
    found = {
        row["cinema_id"]: [row[f"days_{n}"] for n in ("expected", "reported", "missing", "awaited")]
        for row in rows
    }
    # The 12th is not over.
    assert found == {"astor": [5, 1, 3, 1], "影院": [5, 1, 3, 1], "bijou": [5, 2, 2, 1]}
    assert [row["days_missing"] for row in rows] == [3, 3, 2]
    bijou = rows[2]
    assert (bijou["first_missing"], bijou["last_day"]) == ("2024-03-10", "2024-03-09")
    assert (bijou["sender"], bijou["last_report"]) == ("bijou", 4)
    # Its refused report is the last thing that Astor sent.
    assert next(r for r in rows if r["cinema_id"] == "astor")["last_report"] == 6


def test_days_are_those_of_the_interface(small: Asking) -> None:
    """What the page counts is what /api/v1/overdue lists."""
    period = "2024-03-08..2024-03-12"
    for row in table(small, f"period={period}"):
        for state, name in (("overdue", "missing"), ("awaited", "awaited")):
            listed = small.get(
                "/api/v1/overdue", period=period, state=state, cinema=row["cinema_id"]
            )
            assert len(listed.json["rows"]) == row[f"days_{name}"], (row, state)


def test_without_a_period_yesterday_is_meant(small: Asking) -> None:
    rows = table(small, "")
    assert [row["days_missing"] for row in rows] == [1, 1, 1]
    assert {row["first_missing"] for row in rows} == {str(YESTERDAY)}
    page = small.get("/en/reports").body.decode()
    assert "0 of 3 expected cinemas reported in full." in page
    only = table(small, "chain=Maple")
    assert [row["cinema_id"] for row in only] == ["影院"]


def test_who_never_said_anything_is_overdue(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "home")
    with Home(home, lambda: NOW) as one:
        one.send("office", "", "1", native(cinema("silent")))
    with asking(home) as opened:
        (row,) = table(opened, "period=2024-03-10..2024-03-11")
        assert (row["days_missing"], row["sender"], row["arrived_at"]) == (2, None, None)


def test_a_home_without_expected_cinemas_says_so(tmp_path: Path) -> None:
    with asking(fresh_home(tmp_path / "home")) as opened:
        page = opened.get("/en/reports").body.decode()
        assert "This home declares no expected cinemas" in page


def test_joined_cinemas_are_one(tmp_path: Path) -> None:
    home = filled_home(tmp_path / "home")
    with Home(home, lambda: NOW) as one:
        one.send("joined", "", "1", native({
            "kind": "day_totals", "cinema": "old-astor", "date": "2024-03-10", "work": "w1",
            "admissions": 1, "gross": "9.00",
        }))  # fmt: skip
        one.administer(
            Judgement(kind="cinema", one="astor", other="old-astor", same=True, why="moved")
        )
    with asking(home) as opened:
        rows = table(opened, "period=2024-03-08..2024-03-12&cinema=astor")
        assert [(row["days_missing"], row["sender"], row["last_day"]) for row in rows] == [
            (2, "joined", "2024-03-10")
        ]


def test_reports_come_newest_first_and_are_those_of_the_interface(small: Asking) -> None:
    rows = table(small, "show=reports")
    listed = small.get("/api/v1/reports").json["rows"]
    assert [row["position"] for row in rows] == [one["position"] for one in reversed(listed)]
    for row, one in zip(rows, reversed(listed), strict=True):
        same = ("sender", "id", "digest", "verdict", "rows", "arrived_at")
        assert [row[name] for name in same] == [one[name] for name in same]
        assert (row["held_rows"], row["findings_count"]) == (one["held"], one["findings"])


@pytest.mark.parametrize(
    ("query", "positions"),
    [
        ("sender=astor", [6, 3]),
        ("verdict=refused", [6]),
        ("sender=astor&verdict=accepted_with_findings", [3]),
        ("arrived=2024-03-11", [6, 5, 4, 3, 2]),
        ("arrived=2024-03-10", []),
        ("report=4", [4]),
        ("as_of=3", [3, 2, 1]),
    ],
)
def test_reports_are_filtered(small: Asking, query: str, positions: list[int]) -> None:
    assert [row["position"] for row in table(small, f"show=reports&{query}")] == positions


def test_findings_and_held_rows_are_said_in_words(small: Asking) -> None:
    (held,) = table(small, "show=held")
    assert (held["rule"], held["row"], held["sender"], held["position"]) == (
        "missing_field", 4, "astor", 3,
    )  # fmt: skip
    assert held["sentence"] == "start is missing; add it, or set it in defaults"
    assert '"screening": "s3"' in held["said"]
    assert held["shown"]["rule"] == "Field missing"
    (chinese,) = table(small, "show=held", "zh")
    assert chinese["shown"]["sentence"] == "缺少字段 start；请补上，或写入默认值"
    assert chinese["sentence"] == held["sentence"]
    found = table(small, "show=findings")
    listed = small.get("/api/v1/findings").json["rows"]
    assert sorted((r["position"], r["sentence"]) for r in found) == sorted(
        (one["position"], one["sentence"]) for one in listed
    )
    positions = [row["position"] for row in found]
    assert positions == sorted(positions, reverse=True)


def test_what_no_catalogue_translates_says_that_it_is_english() -> None:
    chinese, english = language("zh"), language("en")
    assert chinese.sentence("nobody foresaw this") == ("nobody foresaw this", "en")
    assert english.sentence("nobody foresaw this") == ("nobody foresaw this", "")
    said = "2 works are not registered ('a', 'b{}'); the figures count and are marked provisional, "
    told, lang = chinese.sentence(f"{said}send register rows or join to registered works")
    assert (told[:21], lang) == ("2 部影片未登记（'a', 'b{}'）；", "")


WRONG = ("show=all", "show=reports&verdict=good", "period=never", "show=reports&arrived=x",
         "cinema=nobody", "show=reports&after=x", "show=reports&sender=nobody")  # fmt: skip


@pytest.mark.parametrize("query", WRONG)
def test_what_is_not_known_is_said(small: Asking, query: str) -> None:
    found = small.get(f"/en/reports?{query}")
    assert found.status == 400, found.body
    assert small.get(f"/en/reports.json?{query}").status == 400


@pytest.mark.slow
@pytest.mark.parametrize("most", [100, pytest.param(MOST, marks=pytest.mark.torture)])
def test_more_reports_than_one_page_lead_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """A fifth more than a page holds: the newest, and behind them the others, none twice."""
    monkeypatch.setattr(reports, "MOST", most)
    count = most + most // 5
    home = made_week(tmp_path / "home", today())
    with Home(home) as one:
        quiet = {"kind": "no_screenings", "cinema": "quiet", "date": "2024-03-08"}
        rows = [native(quiet, id=str(nth)) for nth in range(count)]
        one.journal.append([Draft("many", "", str(nth), body) for nth, body in enumerate(rows)])
        one.catch_up()
    with asking(home, utc_now()) as opened:
        found = opened.get("/en/reports.json?show=reports&sender=many&rows=2000").json
        first = found["tables"][0]
        assert (first["count"], first["more"]["text"]) == (most, "Earlier ones")
        address = first["more"]["address"].replace("/en/reports?", "/en/reports.json?")
        second = opened.get(address).json["tables"][0]
        assert second["more"]["address"] == ""
        positions = [row["position"] for one in (first, second) for row in one["rows"]]
        assert len(positions) == count
        assert positions == sorted(positions, reverse=True)


def test_findings_go_on_behind_a_cursor(small: Asking) -> None:
    """Page by page of one: the same findings in the same order, each once."""
    whole = [(row["position"], row["sentence"]) for row in table(small, "show=findings")]
    with small.home.ledger.view() as view:
        edition, only = edition_in(view, None), Arrived({}, newest=True)
        after, found = "", []
        while True:
            page = arrived.findings(edition, Page(1, after), only)
            found += [(row["position"], row["sentence"]) for row in page.rows]
            if not (after := page.following):
                break
    assert found == whole


def test_a_report_leads_to_its_findings(small: Asking) -> None:
    said = small.get("/en/reports.json?show=reports&report=3").json["tables"][0]
    (row,) = said["cells"]
    link = row["cells"][0][2]
    assert link == "/en/reports?show=findings&report=3"
    assert {one["position"] for one in table(small, link.partition("?")[2])} == {3}


def test_days_in_the_week(home: Asking) -> None:
    """Six cinemas are expected; four reported each day, meadow sold, one was quiet for a day."""
    last = today()
    rows = table(home, f"period={last - timedelta(6)}..{last - timedelta(1)}")
    missing = {row["cinema_id"]: row["days_missing"] for row in rows}
    assert missing == {"quiet": 5} | dict.fromkeys(
        ("lantern", "harbour", "orchard", "summit", "meadow"), 0
    )
