"""A figure corrected from a page: before and after, who said so and why, then the same message."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.serve.pages.page import Page
from tests.serve.pages.sent_forms import confirmed, day, facts, posted
from tests.serve.pages.week import CINEMAS, made_week, today
from tests.serve.served import Served, serving
from tests.serve.terminal import native

pytestmark = pytest.mark.slow


@pytest.fixture
def server(own_week: Path) -> Iterator[Served]:
    with serving(own_week) as served:
        yield served


THING = {"cinema": "quiet", "date": str(today()), "work": "ferry"}
WISH = THING | {"gross": "1,100.00", "admissions": "40", "by": "auditor", "why": "typed twice",
                "sender": "local", "act": "look", "book": ""}  # fmt: skip


def correction_form(server: Served, **said: str) -> httpx.Response:
    return httpx.get(f"{server.url}/en/correct", params=said)


def test_a_figure_is_corrected(server: Served) -> None:
    server.send(native(day("ferry", "1100.01", 41)), "quiet")
    form = correction_form(server, **THING)
    assert 'name="gross" value="1100.01"' in form.text
    assert 'name="admissions" value="41"' in form.text
    shown = posted(server, "en/correct", WISH)
    assert "It would be: accepted." in shown.text, shown.text
    for figure in ("CNY 1,100.01", "CNY 1,100.00", "41", "40"):
        assert f'<td class="n">{figure}</td>' in shown.text
    sent = confirmed(server, shown, "en/correct")
    assert facts(sent)["Stream"] == "corrections"
    again = confirmed(server, shown, "en/correct")
    assert facts(again)["Leaf"] == facts(sent)["Leaf"]
    found = server.get("standing", cinema="quiet", date=str(today()), work="ferry")["rows"]
    assert [(row["gross"], row["admissions"]) for row in found] == [("1100.00", 40)]
    trace = server.get("trace", measure="gross", where=["cinema=quiet"], period=str(today()))
    assert trace["values"][0]["gross"] == "1100.00"


def test_figures_that_changed_since_are_not_overwritten(server: Served) -> None:
    server.send(native(day("ferry", "1100.01", 41)), "quiet")
    shown = posted(server, "en/correct", WISH)
    server.send(native(day("ferry", "1200.00", 50)), "quiet")
    sent = confirmed(server, shown, "en/correct")
    assert "held" in sent.text
    assert "as expected; look at the present figures" in sent.text


@pytest.mark.parametrize(
    ("said", "status", "problem"),
    [
        ({"gross": "1,100.01", "admissions": "41"}, 400, "stand already"),
        ({"gross": "eleven"}, 400, "eleven"),
        ({"admissions": "-1"}, 400, "whole number"),
        ({"why": ""}, 400, "say why"),
        ({"by": " "}, 400, "in which role"),
        ({"cinema": "nobody"}, 400, "nobody"),
        ({"work": "keeper"}, 404, "nothing is said"),
        ({"date": "soon"}, 400, "no date"),
        ({"date": "", "work": ""}, 400, "say which"),
        ({"sender": "home"}, 400, "itself"),
    ],
)
def test_a_correction_that_cannot_be_says_why(
    corrected: Served, said: dict[str, str], status: int, problem: str
) -> None:
    shown = posted(corrected, "en/correct", WISH | said)
    assert shown.status_code == status, shown.text
    assert problem in Page(shown.text).text
    assert 'role="alert"' in shown.text


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(made_week(tmp_path_factory.mktemp("corrected") / "home", today())) as served:
        served.send(native(day("ferry", "1100.01", 41)), "quiet")
        yield served


def test_several_figures_are_offered(server: Served) -> None:
    one = {"cinema": "quiet", "screening": "s1", "work": "ferry"}
    one["start"] = f"{today()}T20:00:00+08:00"
    screening = one | {"kind": "screening_totals", "gross": "30.00", "admissions": 1}
    sold = f"{today()}T08:00:00+08:00"
    ticket = one | {"kind": "tickets", "number": 1, "paid": "31.00", "sold_at": sold}
    server.send(native(screening), "quiet")
    server.send(native(ticket), "quiet", stream="till")
    form = correction_form(server, cinema="quiet", screening="s1").text
    assert "Correct this one" in form
    assert 'name="gross"' not in form
    chosen = correction_form(server, cinema="quiet", screening="s1", book="tickets").text
    assert 'name="gross" value="31.00"' in chosen
    assert "Nobody has reported" in correction_form(server, cinema="quiet", screening="s9").text
    assert "no parameter" in correction_form(server, colour="red").text


def test_words_of_the_form_are_those_of_the_page(server: Served) -> None:
    """A Chinese form, what would change, and the receipt have no English word of ours."""
    server.send(native(day("ferry", "1100.01", 41)), "quiet")
    body = native(day("salt", "90.00", 3), {"kind": "day_totals"})
    said = {"act": "look", "sender": "quiet", "mapping": ""}
    shown = posted(server, "zh/upload", said, file=("a.jsonl", body))
    pages = [shown, confirmed(server, shown, "zh/upload"), posted(server, "zh/correct", WISH),
             httpx.get(f"{server.url}/zh/upload"),
             httpx.get(f"{server.url}/zh/correct", params=THING)]  # fmt: skip
    same = {"Pharos", "OpenAPI", "English", "CNY", "UTC", "toml", "cinema", "quiet"}
    for page in pages:
        assert page.status_code == 200, page.text
        text = Page(page.text).own_text
        assert set(re.findall(r"[A-Za-z]{2,}", text)) - same <= {one[0] for one in CINEMAS}, text
