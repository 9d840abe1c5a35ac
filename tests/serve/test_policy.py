"""A policy is read whole or not at all, and says no more than it seems to."""

from pathlib import Path

import pytest

from pharos.errors import BadPolicy, NotPublic
from pharos.measure.catalogue import MEASURES
from pharos.measure.dimensions import DIMENSIONS
from pharos.measure.question import question
from pharos.serve.policy import (
    NEVER,
    PLACE_MEASURES,
    Reader,
    Sight,
    Way,
    everything,
    parse_policy,
    permit,
    shipped,
)
from pharos.serve.views.names import PAGE_NAMES
from tests.serve.pages.test_policy_served import OPENED
from tests.serve.terminal import pharos as command
from tests.tidy_source import own_imports, reached, read_tree

ROOT = Path(__file__).parents[2] / "src" / "pharos"
#: Where questions are answered, whoever asks.
ASKING = {"pharos.measure.ask"}
ANONYMOUS = Sight(Reader.ANONYMOUS, shipped())
#: Pages of tables that the shipped policy leaves to the operator, whatever else there is.
CLOSED_PAGES = {"reports"}


def changed(before: str, after: str) -> str:
    assert OPENED.count(before) == 1
    return OPENED.replace(before, after)


BAD = {
    changed('places = ["province"]', 'places = ["province", "chain"]'): "open one",
    changed('places = ["province"]', 'places = ["cinema"]'): "cannot be opened",
    changed('places = ["province"]', 'places = ["town"]'): "places names 'town'",
    changed('"run", ', '"run", "sender", '): "cannot be opened",
    changed('"run", ', '"run", "city", '): "name it in places",
    changed('"run", ', '"run", "version", '): "parts a film's day",
    changed('"run", ', '"run", "territory", '): "parts a film's day",
    changed('"run", ', '"run", "screening_hour", '): "parts a film's day",
    changed('"run", ', '"run", "colour", '): "dimensions names 'colour'",
    changed("least_cinemas = 3", "least_cinemas = 2"): "knows the other",
    changed("least_cinemas = 3", 'least_cinemas = "3"'): "least_cinemas",
    changed("days_over = 1", "days_over = 0"): "days_over",
    changed("days_over = 1", ""): "days_over",
    changed('"places", ', '"place", '): "did you mean places",
    changed('"places", ', '"trace", '): "pages names 'trace'",
    changed('"/ready", ', '"/api/v1/trace", '): "routes names",
    changed('"/ready", ', '"/api/v1/held", '): "routes names",
    changed("days_over = 1", "days_over = 1\nsecret = true"): "secret",
    "places = [": "Invalid",
}


@pytest.mark.parametrize("text", BAD)
def test_a_policy_that_opens_too_much_is_refused(text: str) -> None:
    with pytest.raises(BadPolicy, match=BAD[text]):
        parse_policy(text)


def test_a_policy_with_a_place_is_read() -> None:
    policy = parse_policy(OPENED)
    assert (policy.place, policy.least_cinemas, policy.days_over) == ("province", 3, 1)
    assert "places" in policy.open_pages
    assert policy.splits("province")
    assert not policy.splits("city")
    assert not policy.splits("")


@pytest.mark.parametrize(
    ("name", "words"), [("none.toml", "cannot be read"), ("bad.toml", "no text in UTF-8")]
)
def test_a_server_with_a_bad_policy_does_not_start(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff")
    done = command(tmp_path / "home", "serve", "--policy", str(tmp_path / name))
    assert done.code == 2
    assert words in done.err


def test_every_page_of_tables_is_open_or_closed_by_decision() -> None:
    """A page is not forgotten: name it in policy.toml, or above."""
    assert set(PAGE_NAMES) - CLOSED_PAGES == shipped().pages


def test_what_can_never_be_asked_is_told_by_no_dimension_that_can() -> None:
    assert not {*NEVER} & shipped().dimensions
    assert {*NEVER, *shipped().dimensions} <= {one.name for one in DIMENSIONS}
    assert set(PLACE_MEASURES) <= {one.name for one in MEASURES}


@pytest.mark.parametrize("name", NEVER)
def test_an_anonymous_reader_asks_of_films_and_not_of_cinemas(name: str) -> None:
    permit(ANONYMOUS, question(["gross", "theatres"], by=["work", "week"], where=["format=3D"]))
    for asked in (
        question(["admissions"], by=["work", name]),
        question(["admissions"], where=[f"{name}=x"]),
    ):
        permit(everything(), asked)
        with pytest.raises(NotPublic, match=f"{name} is not open"):
            permit(ANONYMOUS, asked)


def test_of_places_sums_are_told_and_nothing_that_looks_elsewhere() -> None:
    sight = Sight(Reader.ANONYMOUS, parse_policy(OPENED))
    day = {"period": "2024-03-08"}
    permit(sight, question(PLACE_MEASURES[:9], by=["province", "work"], **day))
    for measure in ("rank", "change_day", "cumulative_gross", "presales", "refunds", "tax"):
        permit(sight, question([measure], by=["work"], **day))
        with pytest.raises(NotPublic, match=f"{measure} is not told of places"):
            permit(sight, question([measure], by=["work"], where=["province=North"], **day))
    with pytest.raises(NotPublic, match="need a period"):
        permit(sight, question(["gross"], by=["province"]))
    with pytest.raises(NotPublic, match="run is not told by province"):
        permit(sight, question(["gross"], by=["province", "run"], **day))
    with pytest.raises(NotPublic, match="territory is not open"):
        permit(sight, question(["gross"], territory="CN"))


@pytest.mark.parametrize(
    "address",
    [
        "/en/trace?measure=gross",
        "/en/board?as_of=3",
        "/en/board?place=chain%3DMaple",
        "/en/places",
        "/en/board/",
        "/en/boards",
        "//en/board",
        "/en/../api/v1/held",
        "/static/x/../../health",
        "/en/board.html",
        "/api/v1/ask/",
        "/API/v1/ask",
    ],
)
def test_what_is_not_open_is_not_offered(address: str) -> None:
    assert not ANONYMOUS.offers(address)
    assert ANONYMOUS.link(address) == ""
    assert everything().link(address) == address


def test_what_is_open_is_offered() -> None:
    for address in ("/", "/zh", "/zh/board.xlsx?date=2024-03-08", "/en/definitions#gross"):
        assert ANONYMOUS.link(address) == address
    with pytest.raises(NotPublic):
        permit(ANONYMOUS, Way("POST", "/en/board"))


def test_nobody_asks_past_the_policy() -> None:
    """In pages and in the interface every question goes through `serve.sight`."""
    tree = read_tree(ROOT, "pharos")
    doors = [name for name in reached("pharos.serve.api", tree) if name.startswith("pharos.serve.")]
    past = {name for name in doors for found, _ in own_imports(tree[name], tree) if found in ASKING}
    assert past == {"pharos.serve.sight"}
