"""Who may see what: every route, for everybody, under each policy, over a real server.

In: a served week with a port for crowds. Out: what each reader gets there. A route that stands in
no row below fails the test, so that nobody can forget to decide it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import pytest

from pharos.serve.forms import ADDRESSES
from pharos.serve.front import LIVE
from pharos.serve.intake_described import described
from pharos.serve.language import LANGUAGES
from pharos.serve.policy import NEVER, PLACES, shipped
from pharos.serve.printed import static_address
from tests.serve.asking_home import Asking
from tests.serve.pages.test_showing import Shown, answers, until
from tests.serve.pages.views import ADDRESSES as ADDRESSES_OF_PAGES
from tests.serve.pages.week import today
from tests.serve.served import free_port, serving

pytestmark = pytest.mark.slow

#: One for all: each would read the certificates of the machine.
CLIENT = httpx.Client(timeout=60, trust_env=False)
#: A policy with a place beside the whole home.
OPENED = """
dimensions = ["work", "distributor", "run", "day_of_release", "business_date", "weekday", "week",
  "weekend", "month", "quarter", "year", "window", "day_of_window"]
places = ["province"]
least_cinemas = 3
days_over = 1
pages = ["film", "places", "tomorrow", "calendar", "compare", "charts", "windows", "downloads"]
routes = ["/openapi.json", "/ready", "/api/v1/ask", "/api/v1/works", "/api/v1/chart",
  "/api/v1/compare", "/api/v1/records",
  "/api/v1/identities"]
"""
POLICIES = ("shipped", "opened")


@dataclass(frozen=True)
class Row:
    """A route: whether it is open under each policy, and a query that makes sense there."""

    shipped: bool
    opened: bool
    query: str = ""
    method: str = "GET"


OPEN, CLOSED, WITH_PLACES = Row(True, True), Row(False, False), Row(False, True)
#: By route, the language of pages and the ends of their files left out.
MATRIX: dict[str, Row] = {
    "/": OPEN,
    "/{language}": OPEN,
    "/{language}/board": OPEN,
    "/{language}/board/live": OPEN,
    "/{language}/definitions": OPEN,
    "/{language}/interface": OPEN,
    "/api/docs": OPEN,
    "/{language}/places": WITH_PLACES,
    "/{language}/trace": Row(False, False, "measure=gross"),
    # What there is not is as closed as what nobody has opened.
    "/{language}/{rest:path}": CLOSED,
    "/{language}/film": OPEN,
    "/{language}/tomorrow": OPEN,
    "/{language}/calendar": OPEN,
    "/{language}/compare": OPEN,
    "/{language}/charts": OPEN,
    "/{language}/windows": OPEN,
    "/{language}/downloads": OPEN,
    "/{language}/reports": CLOSED,
    "/{language}/upload": CLOSED,
    "/{language}/correct": CLOSED,
    "POST /{language}/upload": Row(False, False, "", "POST"),
    "POST /{language}/correct": Row(False, False, "", "POST"),
    "/static/{digest}/{name}": OPEN,
    "/openapi.json": OPEN,
    "/ready": OPEN,
    "/health": CLOSED,
    "/api/v1/ask": Row(True, True, "measure=gross&by=work"),
    "/api/v1/works": OPEN,
    "/api/v1/chart": Row(True, True, "kind=daily&period=2022"),
    "/api/v1/compare": Row(True, True, "period=2022"),
    "/api/v1/identities": OPEN,
    "/api/v1/trace": Row(False, False, "measure=gross"),
    "/api/v1/cinemas": CLOSED,
    "/api/v1/screenings": Row(False, False, f"period={today()}"),
    "/api/v1/reports": CLOSED,
    "/api/v1/findings": CLOSED,
    "/api/v1/held": CLOSED,
    "/api/v1/overdue": CLOSED,
    "/api/v1/records": Row(True, True, "name=days"),
    "/api/v1/restated": CLOSED,
    "/api/v1/standing": Row(False, False, "cinema=lantern&screening=x"),
    "/api/v1/acts/judgement": Row(False, False, "one=work:salt&other=work:ferry&why=x"),
    "/api/v1/acts/closing": Row(False, False, f"period={today()}"),
    "/api/v1/messages": Row(False, False, "sender=x", "POST"),
    "/api/v1/messages/{position}": CLOSED,
    "/api/v1/batches": Row(False, False, "sender=x", "POST"),
    "/api/v1/administration": Row(False, False, "id=x", "POST"),
}


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    CLIENT.close()


@pytest.fixture(scope="module", params=POLICIES)
def named(
    request: pytest.FixtureRequest, week: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Shown]]:
    """The week, served and shown under a policy."""
    folder = tmp_path_factory.mktemp("policy")
    own, options = Path(copytree(week, folder / "home")), []
    if request.param == "opened":
        (folder / "policy.toml").write_text(OPENED)
        options = ["--policy", str(folder / "policy.toml")]
    port = free_port()
    with serving(own, "--show-port", str(port), *options) as server:
        shown = Shown(server, port)
        until(lambda: answers(shown))
        yield request.param, shown


def routes(home: Asking) -> list[str]:
    """Every route of the application, of the doors for reports and forms, and of the streams."""
    sent = {f"POST {address}" for address in ADDRESSES}
    return sorted({*walked(home.app.routes), *described()[0], *LIVE, *sent})


def in_one_language(every: list[str]) -> list[str]:
    """Each route once, in one language or the other: what is decided knows no language."""
    same: dict[str, list[str]] = {}
    for route in every:
        same.setdefault(re.sub("/(en|zh)/", "/{language}/", route), []).append(route)
    return [those[nth % len(those)] for nth, those in enumerate(same.values())]


def walked(known: Iterable[Any]) -> Iterator[str]:
    """The paths of routes, and of those that stand inside of them."""
    for route in known:
        if inside := getattr(route, "original_router", None):
            yield from walked(inside.routes)
        else:
            yield route.path


def row_of(route: str) -> str:
    """The row of a route."""
    language = "|".join(LANGUAGES)
    named_so = re.sub(rf"^(POST )?/({language})(?=/|$)", r"\1/{language}", route)
    return re.sub(r"^(/\{language\}/\w+)\.\w+$", r"\1", named_so)


def address_of(route: str) -> str:
    """An address of a route."""
    said = {"{rest:path}": "nowhere", "/static/{digest}/{name}": static_address("board.js")}
    for part, text in (said | {"{position}": "1"}).items():
        route = route.replace(part, text)
    query = MATRIX[row_of(route) if row_of(route) in MATRIX else "/"].query
    route = route.removeprefix("POST ")
    return f"{route}?{query}" if query else route


def asked(url: str, row: Row, **headers: str) -> httpx.Response:
    """The head of an answer is enough: a stream has no end."""
    # As a browser sends a form from a page of the server itself.
    said = headers | ({"sec-fetch-site": "same-origin"} if row.method == "POST" else {})
    with CLIENT.stream(row.method, url, headers=said, timeout=60) as found:
        if "event-stream" not in found.headers.get("content-type", ""):
            found.read()
        return found


def is_closed(found: httpx.Response) -> bool:
    """Whether somebody was turned away, in the way that is fit for the address."""
    if found.status_code != HTTPStatus.FORBIDDEN:
        return False
    if found.headers["content-type"].startswith("text/html"):
        assert "not-public" in found.text
        assert 'href="/en/trace' not in found.text
    else:
        assert found.json()["code"] == "not-public"
    return True


def test_every_route_is_decided(home: Asking) -> None:
    found = routes(home)
    assert {"/api/v1/ask", "/en/board.csv", "/zh/{rest:path}", "/api/v1/messages"} <= set(found)
    missing = {row_of(route) for route in found} - MATRIX.keys()
    assert not missing, f"decide in policy.toml whether these are open, and say it here: {missing}"


def test_every_route_is_open_or_closed_as_it_is_decided(
    home: Asking, named: tuple[str, Shown]
) -> None:
    policy, shown = named
    for nth, route in enumerate(in_one_language(routes(home))):
        row, address = MATRIX[row_of(route)], address_of(route)
        is_open = getattr(row, policy)
        operator = asked(shown.server.url + address, row)
        assert operator.status_code != HTTPStatus.FORBIDDEN, address
        # Whatever the header says, it lowers; and nobody raises himself where all are anonymous.
        for said in ("anonymous", ("operator", "")[nth % 2]):
            lowered = asked(shown.server.url + address, row, **{"pharos-reader": said})
            assert is_closed(lowered) is not is_open, address
            if row.method == "GET":
                crowd = asked(shown.url + address, row, **{"pharos-reader": said})
                assert is_closed(crowd) is not is_open, address
            if is_open:
                assert lowered.status_code == operator.status_code, address


CLOSED_WORDS = (
    "/en/board?as_of=3",
    "/zh/board.json?as_of=3",
    "/en/board?cinema=lantern",
    "/en/board?place=cinema%3Dlantern",
    "/en/board.csv?chain=Maple",
    "/en/board/live?city=Linhai",
    "/en/film?work=ferry&by=city",
    "/en/film?work=ferry&by=price",
    "/zh/film?work=ferry&by=revision",
    "/en/film.csv?work=ferry&as_of=3",
    "/en/tomorrow?cinema=lantern",
    "/en/tomorrow.csv?table=cinemas",
    "/zh/tomorrow.json?chain=Maple",
    "/en/calendar?city=Linhai",
    "/en/compare?places=city:Linhai,city:Dongze",
    "/zh/compare?places=影院：lantern,影院：meadow",
    "/en/places?by=cinema",
    "/en/places?by=city",
    "/zh/places?sort.places=gross&as_of=2024-03-01T12:00:00Z",
    "/api/v1/ask?measure=gross&as_of=2",
    "/api/v1/ask?measure=gross&sold_until=2024-03-01T12:00:00Z",
    "/api/v1/ask?measure=gross&by=cinema",
    "/api/v1/ask?measure=gross&by=work,screen",
    "/api/v1/ask?measure=gross&by=city",
    "/api/v1/ask?measure=gross&where=sender%3Dlantern",
    "/api/v1/ask?measure=gross&where=cinema%3Dlantern&where=work%3Dferry",
    "/api/v1/ask?measure=gross&where=work%3Dferry&where=grain%3Dtickets",
    "/api/v1/ask?measure=book_difference",
    "/api/v1/works?as_of=3",
    "/zh/charts?as_of=3",
    "/en/windows.csv?as_of=3",
    "/api/v1/chart?kind=daily&period=2022&as_of=3",
    "/api/v1/compare?period=2022&as_of=3",
    "/api/v1/identities?as_of=3",
)


@pytest.mark.parametrize("address", CLOSED_WORDS)
def test_what_names_something_closed_is_refused(address: str, named: tuple[str, Shown]) -> None:
    _, shown = named
    crowd, operator = (asked(url + address, OPEN) for url in (shown.url, shown.server.url))
    assert is_closed(crowd), address
    assert operator.status_code != HTTPStatus.FORBIDDEN, address


def test_a_refusal_stands_in_the_readers_language(named: tuple[str, Shown]) -> None:
    _, shown = named
    for language, words in (("en", "not open to everybody"), ("zh", "不对外公开")):
        found = CLIENT.get(f"{shown.url}/{language}/trace?measure=gross")
        assert words in found.text
        assert found.headers["cache-control"] == "no-store"


def test_nobody_is_given_what_was_made_for_another(named: tuple[str, Shown]) -> None:
    """In either order, and by tag: pages, their JSON, answers."""
    _, shown = named
    lowered = {"pharos-reader": "anonymous"}
    for path in ("/en/board", "/en/board.json", "/zh/definitions", "/api/v1/ask?measure=gross"):
        for first in ({}, lowered):
            url = f"{shown.server.url}{path}{'&' if '?' in path else '?'}basis=without_tax"
            url = shown.server.url + path if "definitions" in path else url
            CLIENT.get(url, headers=first)
            operator, anonymous = CLIENT.get(url), CLIENT.get(url, headers=lowered)
            assert operator.headers["etag"] != anonymous.headers["etag"], path
            assert "/trace" not in anonymous.text
            tag = {"if-none-match": operator.headers["etag"]}
            assert CLIENT.get(url, headers=tag).status_code == HTTPStatus.NOT_MODIFIED
            assert CLIENT.get(url, headers=tag | lowered).status_code == HTTPStatus.OK


class Links(HTMLParser):
    """Where a page leads, and the fields of its forms."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.fields: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.found |= {text for name in ("href", "action") if (text := said.get(name))}
        if tag in ("input", "select"):
            self.fields.add(said.get("name") or "")


def test_no_page_leads_an_anonymous_reader_to_a_closed_door(named: tuple[str, Shown]) -> None:
    policy, shown = named
    ahead, seen = [f"{shown.url}/en/board", f"{shown.url}/zh/board"], set[str]()
    while ahead and len(seen) < 40:
        url = ahead.pop(0)
        found = CLIENT.get(url, follow_redirects=True)
        assert found.status_code == HTTPStatus.OK, url
        seen.add(url)
        if found.headers["content-type"].startswith("text/html"):
            links = Links(found.text)
            opened = {"province"} if policy == "opened" else set()
            assert not links.fields & ({*NEVER, *PLACES, "as_of", "sold_until"} - opened)
            assert ("place" in links.fields) is (policy == "opened" and "/board" in url)
            found_links = {urljoin(url, one).partition("#")[0] for one in links.found}
            ahead += sorted(found_links - seen - set(ahead))
    places = {url for url in seen if "/places" in url}
    assert bool(places) is (policy == "opened") is not ("places" not in str(seen))


@pytest.mark.parametrize("kind", ["", ".json"])
def test_no_page_tells_of_a_cinema_or_of_another_version(
    kind: str, named: tuple[str, Shown]
) -> None:
    policy, shown = named
    told = set[str]()
    for address in (*ADDRESSES_OF_PAGES, "board"):
        page, mark, query = address.partition("?")
        found = CLIENT.get(f"{shown.url}/en/{page}{kind}{mark}{query}")
        assert found.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, address
        if found.status_code == HTTPStatus.OK:
            told.add(page)
            for words in ("/trace", "as_of=", "sold_until=", "cinema=", "by=cinema"):
                assert words not in found.text, (address, words)
            for cinema in ("cinema:", "meadow", "lantern"):
                assert cinema not in found.text, (address, cinema)
    opened = {"board", "film", "tomorrow", "calendar", "compare", "charts", "windows", "downloads"}
    assert told == opened | ({"places"} if policy == "opened" else set())


def test_a_table_of_cinemas_drops_out_and_the_rest_stands(named: tuple[str, Shown]) -> None:
    _, shown = named

    def tables(url: str) -> list[str]:
        found = CLIENT.get(f"{url}/en/tomorrow.json").json()
        return [table["name"] for table in found["tables"]]

    assert tables(shown.server.url) == ["market", "films", "pace", "cinemas", "grains"]
    assert tables(shown.url) == ["market", "films", "pace"]


def test_a_film_is_looked_at_only_as_it_may_be(named: tuple[str, Shown]) -> None:
    policy, shown = named

    def ways(url: str) -> set[str]:
        tabs = CLIENT.get(f"{url}/en/film.json?work=ferry").json()["tabs"]
        return {way for tab in tabs for name, way in words(tab["address"]) if name == "by"}

    def words(address: str) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(address).query)

    open_ways = {"day", "weekend", "week", "run"}
    open_ways |= {"hour", "version"} if policy == "shipped" else set()
    assert ways(shown.url) == open_ways
    places = {"province", "city", "city_tier", "chain"}
    assert ways(shown.server.url) == {*places, "price", "revision", "hour", "version"} | open_ways


def test_the_shipped_policy_opens_no_place() -> None:
    assert shipped().place == ""
    assert "places" not in shipped().open_pages
