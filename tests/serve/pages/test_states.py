"""Whatever is asked, a page says what to do, in the right language and with the right status."""

import asyncio
import re
from collections.abc import Iterator

import httpx
import pytest

from pharos.errors import CatchingUp
from pharos.measure.edition import Edition
from pharos.serve.home import utc_now
from pharos.serve.language import LANGUAGES
from pharos.serve.printed import POLICY, digest, static_files
from tests.fresh_homes import fresh_home
from tests.serve.asking_home import Asking, asking
from tests.serve.pages.page import Page
from tests.serve.pages.week import made_week, today

SAME_ORIGIN = "'self'"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    with asking(fresh_home(tmp_path_factory.mktemp("empty") / "home", ("CN",))) as opened:
        yield opened


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    path = made_week(tmp_path_factory.mktemp("rehearsed") / "home", today(), rehearsed=True)
    with asking(path, utc_now()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,zh;q=0.9", "en"),
        ("fr, zh-TW;q=0.3, en;q=0.2", "zh"),
        ("fr", "en"),
        ("zh;q=0, en;q=0.1", "en"),
        ("zh;q=nonsense", "en"),
        (";;q=,," * 500, "en"),
    ],
)
def test_the_front_leads_to_the_readers_language(
    empty: Asking, accepted: str, language: str
) -> None:
    found = empty.get("/", {"accept-language": accepted})
    assert (found.status, found.headers["location"]) == (302, f"/{language}/board")
    assert found.headers["vary"] == "Accept-Language"
    assert empty.get(f"/{language}").headers["location"] == f"/{language}/board"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_home_says_how_to_begin(empty: Asking, language: str) -> None:
    found = empty.get(f"/{language}/board")
    text = found.body.decode()
    assert found.status == 200
    assert "pharos submit FILE --sender NAME" in text
    assert {"en": "No figures yet", "zh": "还没有数据"}[language] in text
    said = empty.get(f"/{language}/board.json").json
    assert (said["state"], said["sections"]) == ("empty", [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_without_figures_leads_to_one_with(home: Asking, language: str) -> None:
    found = home.get(f"/{language}/board", date="2001-01-01")
    assert found.status == 200
    assert f'href="/{language}/board"' in found.body.decode()
    said = home.get(f"/{language}/board.json", date="2001-01-01").json
    assert (said["state"], said["sections"]) == ("no_day", [])


WRONG = (
    ("board?date=2022-13-01", 400, "bad-question"),
    ("board?date=0001-01-01", 400, "bad-question"),
    ("board?date=9999-12-31", 400, "bad-question"),
    ("board?day=2022-10-01", 400, "bad-question"),
    ("board?date=2022-10-01&date=2022-10-02", 400, "bad-question"),
    ("board?city=Linhai&chain=Maple", 400, "bad-question"),
    ("board?city=Linhei", 400, "unknown-word"),
    ("board?cinema=nobody", 400, "unknown-word"),
    ("board?place=nowhere", 400, "bad-question"),
    ("board?basis=gross", 400, "unknown-word"),
    ("board?as_of=yesterday", 400, "bad-question"),
    ("board?as_of=4000", 404, "no-such-edition"),
    ("trace", 400, "bad-question"),
    ("trace?measure=gros", 400, "unknown-word"),
    ("trace?measure=gross&where=work", 400, "bad-question"),
    ("trace?measure=gross&period=x", 400, "bad-period"),
    ("trace?measure=gross&page=0", 400, "bad-question"),
    ("trace?measure=gross&page=²", 400, "bad-question"),
    ("trace?measure=gross&rows=7", 400, "bad-question"),
    ("trace?measure=box_office_share", 422, "refused-combination"),
    ("nowhere", 404, "not-found"),
    ("board/deeper", 404, "not-found"),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "status", "code"), WRONG)
def test_what_cannot_be_shown_is_a_page_that_says_why(
    home: Asking, language: str, path: str, status: int, code: str
) -> None:
    found = home.get(f"/{language}/{path}")
    text = found.body.decode()
    assert (found.status, found.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f"<code>{code}</code>" in text
    assert f'href="/{language}/board"' in text
    assert found.headers["cache-control"] == "no-store"
    if path.startswith("board?"):
        as_json = home.get(f"/{language}/{path.replace('board', 'board.json', 1)}")
        assert (as_json.status, as_json.json["code"]) == (status, code)


def test_a_wrong_word_names_the_nearest(home: Asking) -> None:
    assert "Linhai" in home.get("/en/board?city=Linhei").body.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_the_ledger_catches_up_no_number_is_shown(
    home: Asking, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    async def behind(*_: object) -> Edition:
        raise CatchingUp("the ledger is being made from the journal: 5 of 9 reports count again")

    monkeypatch.setattr(home.readers, "read", behind)
    found = home.get(f"/{language}/board?chain=Maple&date=2020-02-02")
    assert (found.status, found.headers["retry-after"]) == (503, "1")
    text = found.body.decode()
    assert {"en": "counted again", "zh": "重新计数"}[language] in text
    # The page asks again by itself, without a script too.
    assert [one for one in Page(text).all("meta") if one.get("http-equiv") == "refresh"]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rehearsed_home_says_so_everywhere(
    rehearsed: Asking, home: Asking, language: str
) -> None:
    words = {"en": "Rehearsed: made-up figures", "zh": "演练数据：全部为虚构"}[language]
    title = {"en": "<title>[Rehearsed] ", "zh": "<title>【演练】"}[language]
    for path in (
        "board",
        "board?date=2001-01-01",
        "definitions",
        "interface",
        "trace?measure=gross",
    ):
        text = rehearsed.get(f"/{language}/{path}").body.decode()
        assert words in text
        assert title in text
        assert words not in home.get(f"/{language}/{path}").body.decode()
    said = rehearsed.get(f"/{language}/board.json").json
    assert (said["rehearsed"], said["shown"]["rehearsed"]) == (True, words)
    assert home.get(f"/{language}/board.json").json["rehearsed"] is False


def test_every_page_is_strict_about_what_it_loads(home: Asking) -> None:
    for path in ("board", "definitions", "trace?measure=gross", "nowhere"):
        found = home.get(f"/en/{path}")
        assert found.headers["content-security-policy"] == POLICY
        assert found.headers["x-content-type-options"] == "nosniff"
        page = Page(found.body.decode())
        for script in page.all("script"):
            assert script["src"].startswith("/static/")
        assert not [tag for tag, said in page.elements if tag == "style" or "style" in said]
        handlers = [name for _, said in page.elements for name in said if name.startswith("on")]
        assert handlers == []
        loaded = [said["href"] for said in page.all("link")]
        assert all(address.startswith("/") for address in loaded)
    assert "unsafe" not in POLICY
    sources = [part.split()[1:] for part in POLICY.split("; ")]
    assert {one for several in sources for one in several} == {"'none'", SAME_ORIGIN, "'script'"}


def test_static_files_are_kept_for_ever_under_what_they_are(home: Asking) -> None:
    for name, content in static_files().items():
        found = home.get(f"/static/{digest()}/{name}")
        assert (found.status, found.body) == (200, content)
        assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert home.get(f"/static/0000/{name}").status == 404
    assert home.get(f"/static/{digest()}/..%2Fpages.py").status == 404
    for name, content in static_files().items():
        if name.endswith((".js", ".css")):
            # The name of a kind of markup is no address: nothing is asked of it.
            left = re.sub(rb"http://www\.w3\.org/[\w/]+(?=[\"'])", b"", content)
            assert b"http:" not in left
            assert b"https:" not in left


def test_who_has_the_page_is_told_that_it_has_not_changed(home: Asking) -> None:
    for path in ("/en/board", "/zh/board.json", "/en/definitions"):
        first = home.get(path)
        tag = first.headers["etag"]
        assert tag.startswith(f'"{home.home.ledger.position}-')
        again = home.get(path, {"if-none-match": tag})
        assert (again.status, again.body) == (304, b"")
        other = home.get(path, {"if-none-match": '"1-0"'})
        assert (other.status, other.body) == (200, first.body)


@pytest.mark.slow
def test_a_crowd_costs_one_question(home: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    read = home.readers.read

    async def counted(*words: object) -> object:
        asked.append(words)
        return await read(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(home.readers, "read", counted)

    async def crowd() -> set[bytes]:
        transport = httpx.ASGITransport(home.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://home") as client:
            many = [client.get("/en/board?basis=without_tax") for _ in range(200)]
            return {found.content for found in await asyncio.gather(*many)}

    assert len(asyncio.run(crowd())) == 1
    assert len(asked) == 1


def test_reports_behind_a_number_come_page_by_page(home: Asking) -> None:
    seen: list[str] = []
    address = "/en/trace?measure=gross"
    while address:
        page = home.get(address).body.decode()
        seen += [line for line in page.splitlines() if line.startswith("<h3>")]
        later = [a["href"] for a in Page(page).all("a") if a.get("rel") == "next"]
        address = f"/en/trace{later[0]}" if later else ""
    reports = home.get("/api/v1/trace", measure="gross").json["terms"][0]["reports"]
    assert len(seen) == len(reports) > 20
    assert seen[0].startswith(f"<h3>Report {reports[0]['position']}<")


def test_pages_of_a_home_are_not_described_as_its_interface(home: Asking) -> None:
    described = home.get("/openapi.json").json
    assert all(path.startswith(("/api/", "/health", "/ready")) for path in described["paths"])


def test_a_path_outside_is_no_page(home: Asking) -> None:
    assert home.get("/fr/board").json["code"] == "not-found"
