"""What an anonymous reader may not see cannot be had by adding and subtracting what he may.

Everything that he can get of a made-up country is collected over HTTP, checked against its tickets,
and written down as equations over them; exact linear algebra says what follows.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

import httpx
import pytest

from tests.measure.spans import Equation, found_beyond
from tests.serve.pages.country import Ticket, Told, got, made_country, tickets
from tests.serve.pages.test_policy_served import OPENED
from tests.serve.pages.test_showing import Shown, answers, until
from tests.serve.pages.week import today
from tests.serve.served import free_port, serving

pytestmark = pytest.mark.slow

LEAST = 3
#: A number that nobody may know: the money of a film in a cinema, or the tickets of a programme.
Unknown = tuple[str, date, str]
Collected = tuple[str, Shown, set[Told]]


# What the shipped policy tells is a part of what an opened one does: it tells of no place.
@pytest.fixture(
    scope="module", params=[pytest.param("shipped", marks=pytest.mark.torture), "opened"]
)
def collected(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Collected]:
    """The country, served and shown under a policy, and all that an anonymous reader gets."""
    folder = tmp_path_factory.mktemp("country")
    home, options = made_country(folder / "home", today()), []
    if request.param == "opened":
        (folder / "policy.toml").write_text(OPENED)
        options = ["--policy", str(folder / "policy.toml")]
    port = free_port()
    with serving(home, "--show-port", str(port), *options) as server:
        shown = Shown(server, port)
        until(lambda: answers(shown))
        yield request.param, shown, set(got(shown.url, today()))


def inside(told: Told, one: Ticket, film: str) -> bool:
    """Whether a sum has the part of a film in a programme."""
    in_place = told.provinces is None or one.province in told.provinces
    return in_place and one.day in told.days and (told.films is None or film in told.films)


def require_true(told: Told, known: Sequence[Ticket]) -> None:
    """What was told is the sum that it is taken for."""
    money = sum(
        one.money(film) for one in known for film in one.programme if inside(told, one, film)
    )
    admissions = sum(
        one.admissions for one in known if any(inside(told, one, film) for film in one.programme)
    )
    assert (told.gross, told.admissions) == (money, admissions), told


def numbered(known: Sequence[Ticket]) -> dict[Unknown, int]:
    """Every number that nobody may know: money by film, and after it tickets by programme."""
    money = {(one.cinema, one.day, film): None for one in known for film in one.programme}
    programmes = {(one.cinema, one.day, "+" + "+".join(one.programme)): None for one in known}
    return {unknown: nth for nth, unknown in enumerate([*money, *programmes])}


def equations(told: Told, known: Sequence[Ticket], number: dict[Unknown, int]) -> list[Equation]:
    """A sum of money and one of admissions, as the unknown numbers that they add up."""
    parts = [(one, film) for one in known for film in one.programme if inside(told, one, film)]
    money = frozenset(number[one.cinema, one.day, film] for one, film in parts)
    people = frozenset(
        number[one.cinema, one.day, "+" + "+".join(one.programme)] for one, _ in parts
    )
    return [money, people]


def test_nothing_of_a_few_cinemas_follows(collected: Collected) -> None:
    policy, _, told = collected
    known = tickets(today())
    for one in told:
        require_true(one, known)
    number = numbered(known)
    whole = {e for one in told if one.provinces is None for e in equations(one, known, number)}
    places = {e for one in told if one.provinces for e in equations(one, known, number)} - whole
    # So that something is shown by this at all.
    assert bool(places) is (policy == "opened")
    assert len(whole) > 50
    cinemas = sorted({one.cinema for one in known})
    for few in combinations(cinemas, LEAST - 1):
        own = {nth for (cinema, _, _), nth in number.items() if cinema in few}
        assert not found_beyond(sorted(whole, key=sorted), sorted(places, key=sorted), own), few


def test_of_places_as_much_is_told_as_can_be(collected: Collected) -> None:
    """The west has two cinemas: it is withheld, and so is one of the smallest of the others."""
    policy, _, everything = collected
    told = {one for one in everything if one.provinces and len(one.provinces) == 1}
    names = {name for one in told for name in one.provinces or ()}
    films = {name for one in told for name in one.films or ()}
    if policy == "shipped":
        assert not told
    else:
        assert names == {"North", "East"}
        assert films
        assert today() not in {day for one in told for day in one.days}


def test_a_careless_policy_would_be_found_out(collected: Collected) -> None:
    """The check itself: what the operator sees tells of every cinema."""
    _, shown, _ = collected
    known, number = tickets(today()), numbered(tickets(today()))
    day = today().isoformat()
    found = httpx.get(f"{shown.server.url}/en/board.json", params={"date": day, "province": "West"})
    row = found.json()["sections"][0]["total"]
    west = Told(frozenset({"West"}), None, frozenset({today()}), row["gross_minor"],
                row["admissions"])  # fmt: skip
    require_true(west, known)
    own = {nth for (cinema, _, _), nth in number.items() if cinema.startswith("west")}
    assert found_beyond([], equations(west, known, number), own)


def test_a_place_is_shown_once_its_day_is_over_and_says_what_it_leaves_out(
    collected: Collected,
) -> None:
    policy, shown, _ = collected
    if policy == "shipped":
        return

    def got_at(url: str, kind: str, **query: str) -> httpx.Response:
        return httpx.get(f"{url}/en/board{kind}", params={"province": "North", **query})

    assert got_at(shown.url, ".json", date=str(today())).status_code == 403
    # Where no date is asked, the last one that is told.
    newest = got_at(shown.url, ".json").json()["date"]
    assert newest == str(today() - timedelta(days=1))
    day = str(today() - timedelta(days=2))
    told, whole = (
        got_at(url, ".json", date=day).json()["sections"][0]
        for url in (shown.url, shown.server.url)
    )
    assert told["total"]["gross"] == whole["total"]["gross"]
    names = [film["work"] for film in told["films"]]
    # Film A ties the places, E runs in two cinemas of the north, D in one of the east.
    assert names == ["Film B", "Film C"]
    # What looks at other days is not told either.
    assert (told["total"]["earlier"], told["total"]["coming"]) == ([], [])
    assert whole["total"]["earlier"]
    for row in told["films"]:
        assert (row["trend"], row["rank_change"]) == ([], None)
        (same,) = [one for one in whole["films"] if one["work"] == row["work"]]
        assert row["gross"] == same["gross"]
        assert (row["cumulative_gross"], row["trace"]) == (None, "")
        assert row["cumulative_gross_reason"] == "it is not told of places"
    page = got_at(shown.url, "", date=day).text
    assert "Left out are places and films of few cinemas" in page
    assert "Left out" not in got_at(shown.server.url, "", date=day).text
    places = httpx.get(f"{shown.url}/zh/places", params={"period": day}).text
    assert "影院数过少" in places


def test_films_and_comparisons_tell_of_places_as_much_as_boards(collected: Collected) -> None:
    policy, shown, _ = collected
    day = str(today() - timedelta(days=2))

    def got_at(address: str, **query: str) -> httpx.Response:
        return httpx.get(f"{shown.url}/en/{address}", params={"period": day, **query})

    film = got_at("film.json", work="b", by="province")
    pair = got_at("compare.json", places="province:North,province:East")
    withheld = got_at("film.json", work="a", by="province")
    assert withheld.status_code == 403
    if policy == "shipped":
        assert (film.status_code, pair.status_code) == (403, 403)
        return
    tables = {one["name"]: one["rows"] for one in (*film.json()["tables"], *pair.json()["tables"])}
    assert {row["province"] for row in tables["film"]} == {"North", "East"}
    assert [row["compared"] for row in tables["summary"]] == ["North", "East"]
    assert "province" in str(got_at("film.json", work="b").json()["tabs"])
    # The whole run goes up to today, of which nothing is told by place.
    assert "province" not in str(httpx.get(f"{shown.url}/en/film.json?work=b").json()["tabs"])
