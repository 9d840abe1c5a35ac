"""Lists over HTTP: every row once, page by page, as of an edition, whatever arrives meanwhile."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from pharos.arrive.administration import Judgement
from pharos.serve import list_shapes
from tests.serve.asking_home import (
    ASTOR,
    Asking,
    asking,
    cinema,
    filled_home,
    totals,
    work,
)
from tests.serve.terminal import native

LISTS: tuple[tuple[str, dict[str, Any], type[BaseModel], int], ...] = (
    ("works", {}, list_shapes.WorksShape, 3),
    ("cinemas", {}, list_shapes.CinemasShape, 3),
    ("screenings", {"period": "2024-03-08"}, list_shapes.ScreeningsShape, 4),
    ("reports", {}, list_shapes.ReportsShape, 6),
    ("findings", {}, list_shapes.FindingsShape, 3),
    ("held", {}, list_shapes.HeldRowsShape, 1),
    ("overdue", {"period": "2024-03-08..2024-03-12", "state": "all"},
     list_shapes.OverdueShape, 15),
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    with asking(filled_home(tmp_path_factory.mktemp("lists") / "home")) as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Asking]:
    with asking(filled_home(tmp_path / "home")) as opened:
        yield opened


def rows(home: Asking, path: str, **query: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    got = home.get(f"/api/v1/{path}", **query)
    assert got.status == 200, got.json
    found: list[dict[str, Any]] = got.json["rows"]
    return found


def paged(home: Asking, path: str, **query: Any) -> Iterator[list[dict[str, Any]]]:  # noqa: ANN401
    after = ""
    while after is not None:
        got = home.get(f"/api/v1/{path}", **query, after=after)
        assert got.status == 200, got.json
        yield got.json["rows"]
        after = got.json["next"]


@pytest.mark.parametrize(("path", "query", "shape", "count"), LISTS)
def test_a_list_holds_what_it_says(
    home: Asking, path: str, query: dict[str, Any], shape: type[BaseModel], count: int
) -> None:
    got = home.get(f"/api/v1/{path}", **query)
    shape.model_validate(got.json)
    assert len(got.json["rows"]) == count
    assert got.json["next"] is None
    assert got.json["edition"] == 6


@pytest.mark.slow
@pytest.mark.parametrize(("path", "query", "shape", "count"), LISTS)
def test_pages_together_are_the_list(
    home: Asking, path: str, query: dict[str, Any], shape: type[BaseModel], count: int
) -> None:
    pages = list(paged(home, path, **query, limit=2))
    assert [row for page in pages for row in page] == rows(home, path, **query)
    assert len(pages) == (count + 1) // 2


@pytest.mark.slow
@pytest.mark.parametrize(("path", "query", "shape", "count"), LISTS)
def test_an_edition_is_listed_as_it_was(
    own: Asking, path: str, query: dict[str, Any], shape: type[BaseModel], count: int
) -> None:
    before = own.get(f"/api/v1/{path}", **query, as_of="6").json
    own.home.send("office", "register", "2", native(cinema("aaa"), work("aaa", "Another")))
    own.home.send("astor", "day", "3", native(*ASTOR[:3], totals("astor", "s0", 10, work="aaa")))
    assert own.get(f"/api/v1/{path}", **query, as_of="6").json == before
    assert own.get(f"/api/v1/{path}", **query).json["rows"] != before["rows"]


@pytest.mark.slow
def test_what_is_added_before_the_cursor_moves_no_page(own: Asking) -> None:
    pages = paged(own, "screenings", period="2024-03-08", limit=2)
    first = next(pages)
    own.home.send("astor", "day", "3", native(totals("astor", "s0", 10, work="w1")))
    later = [row["screening"] for page in pages for row in page]
    assert [row["screening"] for row in first] == ["s1", "t1"]
    assert later == ["s2", "s/4?&=%"]
    assert len(rows(own, "screenings", period="2024-03-08")) == 5


def test_a_cursor_of_another_list_is_refused(home: Asking) -> None:
    for after in ("x", "e30=", "WzEsIDJd", "影", "bnVsbA=="):
        got = home.get("/api/v1/works", after=after)
        assert (got.status, got.json["code"]) == (400, "bad-question"), after


@pytest.mark.parametrize("key", [
    ["9999-99-99", 0, "", "", ""],
    ["", 2**63, "", "", ""],
    ["2024-03-08", 1, "\ud800", "", ""],
    ["2024-03-08", True, "", "", ""],
])  # fmt: skip
def test_a_cursor_that_nobody_gave_is_refused(home: Asking, key: list[Any]) -> None:
    after = base64.urlsafe_b64encode(json.dumps(key).encode()).decode()
    got = home.get("/api/v1/screenings", period="2024-03", after=after)
    assert (got.status, got.json["code"]) == (400, "bad-question")


def test_filters_choose(home: Asking) -> None:
    assert [r["work_id"] for r in rows(home, "works", name="harbour")] == ["work:w2"]
    assert [r["work_id"] for r in rows(home, "works", work="片名 one")] == ["work:片名 one"]
    assert [r["cinema_id"] for r in rows(home, "cinemas", cinema="星光")] == ["cinema:影院"]
    by_work = rows(home, "screenings", period="2024-03-08", work="w2")
    assert [r["screening"] for r in by_work] == ["t1", "s2"]
    by_cinema = rows(home, "screenings", period="2024", cinema="影院", sender="影院")
    assert [r["screening"] for r in by_cinema] == ["t1"]
    assert [r["position"] for r in rows(home, "reports", sender="astor")] == [3, 6]
    assert [r["position"] for r in rows(home, "reports", verdict="refused")] == [6]
    assert [r["position"] for r in rows(home, "reports", arrived="2024-01-01")] == [1]
    assert [r["rule"] for r in rows(home, "findings", severity="refuse")] == ["unknown_format"]
    assert rows(home, "findings", subject="work:片名 one")[0]["position"] == 3
    assert rows(home, "held", rule="unknown_format") == []


def test_a_screening_adds_up_as_answers_do(home: Asking) -> None:
    shown = rows(home, "screenings", period="2024-03-08")
    answer = home.home.ask("gross", "admissions", "screenings", period="2024-03-08").rows[0]
    assert sum(row["gross_minor"] for row in shown) == answer["gross_minor"]
    assert sum(row["admissions"] for row in shown) == answer["admissions"]
    assert len(shown) == answer["screenings"]


@pytest.mark.slow
def test_a_screening_is_listed_as_it_is_described_now(own: Asking) -> None:
    moved = totals("astor", "s1", 12, work="w2", screen="2", admissions=7, gross="70.00")
    own.home.send("astor", "day", "3", native(moved))
    shown = {r["screening"]: r for r in rows(own, "screenings", period="2024-03-08")}
    assert len(shown) == 4
    now = shown["s1"]
    assert (now["start"], now["screen"], now["seats"]) == ("2024-03-08T12:00:00-05:00", "2", 80)
    assert (now["works"][0]["work_id"], now["gross"], now["report"]) == ("work:w2", "70.00", 7)
    before = {r["screening"]: r for r in rows(own, "screenings", period="2024", as_of="6")}
    assert before["s1"]["gross"] == "81.00"


@pytest.mark.slow
def test_joined_works_are_one(own: Asking) -> None:
    body = native(totals("astor", "s9", 11, work="Salt"))
    own.home.send("astor", "day", "3", body)
    own.home.administer(
        Judgement(kind="work", one="w2", other="Salt", same=True, why="the same film")
    )
    assert rows(own, "works", work="Salt")[0]["also"] == ["work:Salt"]
    found = rows(own, "screenings", period="2024-03-08", work="w2")
    assert {r["screening"] for r in found} == {"s9", "s2", "t1"}
    assert {r["works"][-1]["work_id"] for r in found} == {"work:w2"}


@pytest.mark.slow
def test_a_held_row_says_what_it_said_and_how_to_mend_it(own: Asking) -> None:
    (held,) = rows(own, "held")
    assert (held["position"], held["row"], held["rule"]) == (3, 4, "missing_field")
    assert '"screening": "s3"' in held["said"]
    assert "row 4" in held["mend"]
    own.home.journal.seal(0)
    assert rows(own, "held") == [held]


@pytest.mark.parametrize("only", [{}, {"chain": "Lumen"}, {"cinema": "影院"}, {"city": "Albany"}])
@pytest.mark.parametrize(
    "period", ["2024-03-08", "2024-03-09", "2024-03-08..2024-03-12", "2024-02"]
)
def test_who_has_reported_counts_as_completeness_does(
    home: Asking, period: str, only: dict[str, Any]
) -> None:
    got = home.get("/api/v1/overdue", period=period, state="all", limit=1000, **only).json
    answer = home.home.ask("gross", period=period, where=only)
    assert got["completeness"] == answer.completeness
    if answer.completeness["cinemas_expected"] is None:
        assert got["rows"] == []
        return
    told = [row for row in got["rows"] if row["state"] in ("reported", "no_screenings")]
    assert len(told) == answer.completeness["cinema_days_reported"]
    assert len(got["rows"]) == answer.completeness["cinema_days_expected"]
    behind = {r["cinema_id"] for r in got["rows"]} - {
        r["cinema_id"] for r in got["rows"] if r["state"] in ("awaited", "overdue")
    }
    assert len(behind) == answer.completeness["cinemas_reported"]


def test_the_last_day_that_is_over_is_asked_unless_another_is(home: Asking) -> None:
    got = home.get("/api/v1/overdue").json
    assert got["period"] == {"first": "2024-03-11", "last": "2024-03-11"}
    assert {row["state"] for row in got["rows"]} == {"overdue"}
    today = rows(home, "overdue", period="2024-03-12", state="all")
    assert {row["state"] for row in today} == {"awaited"}


@pytest.mark.parametrize(("path", "query"), [
    ("screenings", {}),
    ("screenings", {"period": "2024-03", "cinema": "nowhere"}),
    ("screenings", {"period": "2024-03", "sender": "nobody"}),
    ("works", {"work": "Lamp"}),
    ("works", {"limit": 1001}),
    ("cinemas", {"date": "yesterday"}),
    ("reports", {"sender": "nobody"}),
    ("reports", {"verdict": "lost"}),
    ("findings", {"severity": "bad"}),
    ("overdue", {"state": "late"}),
    ("overdue", {"territory": "XX"}),
])  # fmt: skip
def test_a_filter_that_cannot_be_read_is_refused(
    home: Asking, path: str, query: dict[str, Any]
) -> None:
    got = home.get(f"/api/v1/{path}", **query)
    assert got.status == 400, got.json
    assert got.json["detail"]
