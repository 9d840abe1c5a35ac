"""The reading interface says over HTTP what the home says, and says every failure in one shape."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fastapi import Response

from pharos.serve.api import Sources, api
from pharos.serve.encoded import as_bytes
from pharos.serve.readers import Limits, Readers
from pharos.serve.shapes import AnswerShape, ProblemShape, TraceShape
from pharos.serve.state import State
from tests.serve.asking_home import ARRIVED, BIJOU, NOW, Asking, asking, filled_home
from tests.serve.terminal import native

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    with asking(filled_home(tmp_path_factory.mktemp("asking") / "home")) as opened:
        yield opened


def exact(body: bytes) -> Any:  # noqa: ANN401
    return json.loads(body, parse_float=Decimal)


@pytest.mark.parametrize("query", [
    {"measure": ["gross", "admissions"], "by": "work"},
    {"measure": "gross admissions", "by": "cinema,business_date", "order": "-admissions"},
    {"measure": "average_ticket_price", "by": "work", "limit": "2", "basis": "paid"},
    {"measure": "gross", "where": ["cinema=影院", "cinema=astor"], "period": "2024-03-08"},
    {"measure": "gross", "territory": "US", "as_of": "3"},
    {"measure": "gross", "as_of": "2024-03-11T09:02:00+00:00"},
    {"measure": "admissions", "sold_until": "2024-03-08T18:15:00-05:00"},
    {"measure": "screenings", "by": "cinema"},
])  # fmt: skip
def test_an_answer_is_that_of_the_home(home: Asking, query: dict[str, Any]) -> None:
    got = home.get("/api/v1/ask", **query)
    asked = dict(query)
    measures = asked.pop("measure")
    words = [measures] if isinstance(measures, str) else measures
    limit = asked.pop("limit", None)
    moments = {name: asked.pop(name) for name in ("as_of", "sold_until") if name in asked}
    plain: dict[str, Any] = {"limit": int(limit)} if limit else {}
    for name, value in moments.items():
        plain[name] = int(value) if value.isdigit() else ARRIVED.fromisoformat(value)
    answer = home.home.ask(*words, **asked, **plain)
    assert got.status == 200, got.json
    assert exact(got.body) == exact(as_bytes(answer.to_json()))
    AnswerShape.model_validate(got.json)


def test_a_trace_is_that_of_the_home(home: Asking) -> None:
    got = home.get("/api/v1/trace", measure="gross", where="work=w2", rows=1)
    assert exact(got.body) == exact(as_bytes(home.home.trace("gross", "work=w2", 1).to_json()))
    assert len(got.json["terms"][0]["reports"]) == 3
    TraceShape.model_validate(got.json)


def test_what_is_asked_twice_is_answered_once(home: Asking) -> None:
    """Repeating a change once broke its SQL."""
    said: dict[str, Any] = {"by": "work", "period": "2024"}
    once = home.get("/api/v1/ask", measure=["gross", "change_year"], **said)
    twice = home.get(
        "/api/v1/ask", measure=["gross", "change_year", "gross", "change_year"], **said
    )
    assert (once.status, twice.status) == (200, 200)
    assert exact(once.body) == exact(twice.body)
    again = home.get("/api/v1/ask", measure="gross", by="work,work", period="2024")
    assert [column["name"] for column in again.json["columns"]].count("work") == 1


#: (path, query, status, code, words of the detail)
WRONG: tuple[tuple[str, dict[str, Any], int, str, str], ...] = (
    ("ask", {}, 400, "bad-parameter", "measure"),
    ("ask", {"measure": "gros"}, 400, "unknown-word", "did you mean gross"),
    ("ask", {"measure": "gross", "by": "wrk"}, 400, "unknown-word", "did you mean work"),
    ("ask", {"measure": "gross", "limt": 1}, 400, "bad-question", "did you mean limit"),
    ("ask", {"measure": "gross", "by": ["work", "city"]}, 400, "bad-question", "say it once"),
    ("ask", {"measure": "gross", "limit": "0"}, 400, "bad-parameter", "limit"),
    ("ask", {"measure": "gross", "limit": "many"}, 400, "bad-parameter", "limit: "),
    ("ask", {"measure": "gross", "limit": ""}, 400, "bad-parameter", "limit: "),
    ("ask", {"measure": "gross", "where": "cinema"}, 400, "bad-question", "dimension=value"),
    ("ask", {"measure": "gross", "where": "cinema=Aster"}, 400, "unknown-word", "mean Astor"),
    ("ask", {"measure": "gross", "period": "soon"}, 400, "bad-period", "2022-W39"),
    ("ask", {"measure": "gross", "territory": "XX"}, 400, "unknown-territory", "US"),
    ("ask", {"measure": "gross", "as_of": "99"}, 404, "no-such-edition", "0 to 6"),
    ("ask", {"measure": "gross", "as_of": "9" * 40}, 404, "no-such-edition", "0 to 6"),
    ("ask", {"measure": "gross", "as_of": "soon"}, 400, "bad-question", "no moment"),
    ("ask", {"measure": "gross", "as_of": "9999-12-31T23:59-23:59"}, 400, "bad-question", "moment"),
    ("ask", {"measure": "gross", "sold_until": "0001-01-01T00:00+01:00"}, 400, "bad-question", ""),
    ("ask", {"measure": "gross", "where": f"year={9**40}"}, 400, "bad-question", "number"),
    ("ask", {"measure": "screenings", "by": "channel"}, 422, "refused-combination", "refused"),
    ("trace", {"measure": ["gross", "tax"]}, 400, "bad-question", "say it once"),
    ("trace", {"measure": "gross", "by": "work"}, 400, "bad-question", "no parameter 'by'"),
    ("trace", {"measure": "gross", "rows": 1001}, 400, "bad-parameter", "rows"),
    ("nothing", {}, 404, "not-found", "openapi.json"),
)


@pytest.mark.parametrize(("path", "query", "status", "code", "words"), WRONG)
def test_what_is_wrong_is_told_in_one_shape(
    home: Asking, path: str, query: dict[str, Any], status: int, code: str, words: str
) -> None:
    got = home.get(f"/api/v1/{path}", **query)
    assert (got.status, got.json["code"]) == (status, code), got.json
    assert words in got.json["detail"]
    assert got.headers["content-type"] == PROBLEM
    ProblemShape.model_validate(got.json)


def test_other_paths_and_methods_are_told_in_the_same_shape(home: Asking) -> None:
    assert home.get("/docs").status == 404
    assert home.get("/redoc").status == 404
    got = home.get("/health", verbose="1")
    assert (got.status, got.json["code"]) == (400, "bad-question")


def test_what_has_not_changed_is_not_sent_again(tmp_path: Path) -> None:
    with asking(filled_home(tmp_path / "home")) as home:
        first = home.get("/api/v1/ask", measure="gross", by="work")
        tag = {"If-None-Match": f'"x", {first.headers["etag"]}'}
        again = home.get("/api/v1/ask", tag, by="work", measure="gross")
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert first.headers["cache-control"] == "no-cache"
        assert home.get("/api/v1/ask", tag, measure="gross", by="cinema").status == 200
        home.home.send("bijou", "day", "2", native(*BIJOU))
        assert home.get("/api/v1/ask", tag, measure="gross", by="work").status == 200


def test_nothing_is_told_about_an_edition_that_is_not_there_yet(home: Asking) -> None:
    got = home.get("/api/v1/ask", {"If-None-Match": "*"}, measure="gross", as_of="7")
    assert got.status == 404


def test_health_and_readiness_tell_the_truth(home: Asking) -> None:
    health = home.get("/health").json
    assert (health["received"], health["applied"], health["behind"]) == (6, 6, 0)
    assert (health["taking"], health["problem"], health["waiting_since"]) == (True, None, None)
    assert home.get("/ready").json == {"status": "ready", "edition": 6}


@pytest.mark.parametrize(
    ("taking", "problem", "said"),
    [(True, "the disk is full", "the disk is full"), (False, "", "no reports are taken")],
)
def test_a_server_that_cannot_be_used_is_alive_and_not_ready(
    home: Asking, taking: bool, problem: str, said: str
) -> None:
    state = State(9, 6, taking, NOW, "0", problem, ARRIVED)
    sources = Sources(home.readers, home.home.journal, lambda: state)
    ill = Asking(home.home, home.readers, api(sources))
    health = ill.get("/health")
    assert health.status == 200
    assert (health.json["behind"], health.json["problem"]) == (3, problem or None)
    assert health.json["waiting_since"] == "2024-03-11T09:00:00+00:00"
    ready = ill.get("/ready")
    assert (ready.status, ready.headers["retry-after"]) == (503, "1")
    assert said in ready.json["detail"]


def test_what_takes_too_long_is_told_to_ask_for_less(home: Asking) -> None:
    readers = Readers(lambda: home.home.ledger, lambda: NOW, Limits(1, 1, 0.0))
    slow = Asking(home.home, readers, api(Sources(readers, home.home.journal, _fine)))
    got = slow.get("/api/v1/ask", measure="gross")
    assert (got.status, got.json["code"]) == (503, "busy")
    assert slow.get("/ready").status == 503
    assert slow.get("/health").status == 200
    readers.close()


def _fine() -> State:
    return State(6, 6, taking=True, started_at=NOW, version="0")


def test_what_nobody_foresaw_is_told_without_its_inside(home: Asking) -> None:
    def broken(_: object) -> Response:
        raise ZeroDivisionError("a secret of the inside")

    app = api(Sources(home.readers, home.home.journal, _fine))
    app.add_route("/broken", broken)
    got = Asking(home.home, home.readers, app).get("/broken")
    assert (got.status, got.json["code"]) == (500, "unforeseen")
    assert "secret" not in got.body.decode()


def test_the_description_is_whole(home: Asking) -> None:
    told = home.get("/openapi.json").json
    assert told["openapi"].startswith("3.1")
    assert "HTTPValidationError" not in told["components"]["schemas"]
    for path, operations in told["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert operation["description"], path
            for parameter in operation.get("parameters", []):
                assert parameter.get("description"), (path, parameter["name"])
            answer = next(iter(operation["responses"].values()))
            shape = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert told["components"]["schemas"][shape]["properties"], path
            for status, response in operation["responses"].items():
                if status >= "4":
                    assert PROBLEM in response["content"], (path, status)
