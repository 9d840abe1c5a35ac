"""Figures of places tell nothing of fewer than so many cinemas, however they are added up.

In: made-up days: which cinema stands where and shows what. Out: what may be told of them, and, by
exact linear algebra, everything that follows from it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharos.measure.withheld import Id, Shown, Tellable, tellable, together
from tests.measure.spans import Equation, found_beyond

LEAST = 3
#: A cinema's place, and the programmes that it shows: one film, or two for one ticket.
Programme = tuple[str, ...]
World = Mapping[str, tuple[str, frozenset[Programme]]]


def shown(world: World) -> Shown:
    """The day as it is counted."""
    films = {
        (place, film)
        for place, programmes in world.values()
        for programme in programmes
        for film in programme
    }
    counted: dict[tuple[Id, Id], int] = {
        (place, film): sum(
            where == place and any(film in one for one in programmes)
            for where, programmes in world.values()
        )
        for place, film in films
    }
    doubled = {f for _, several in world.values() for one in several if len(one) > 1 for f in one}
    return Shown(
        Counter(place for place, programmes in world.values() if programmes),
        counted,
        frozenset(doubled),
    )


def atoms(world: World) -> list[tuple[str, Programme]]:
    """What nobody may know: the tickets of each programme of each cinema."""
    return [(cinema, one) for cinema, (_, several) in world.items() for one in sorted(several)]


def equations(world: World, told: Tellable) -> tuple[list[Equation], list[Equation]]:
    """What is told of the whole home, and what of places: sums of atoms, by their numbers."""
    known = atoms(world)
    films = sorted({film for _, programme in known for film in programme})

    def of(place: str | None, film: str | None) -> Equation:
        return frozenset(
            nth
            for nth, (cinema, programme) in enumerate(known)
            if place in (None, world[cinema][0]) and (film is None or film in programme)
        )

    whole = [of(None, film) for film in (None, *films)]
    places = [
        of(str(place), film) for place in told.places for film in (None, *map(str, told.films))
    ]
    return whole, places


def require_safe(world: World, told: Tellable, least: int = LEAST) -> None:
    """Whatever follows for fewer than so many cinemas follows from the whole home's figures."""
    whole, places = equations(world, told)
    known = atoms(world)
    for few in few_of(world, least):
        inside = {nth for nth, (cinema, _) in enumerate(known) if cinema in few}
        assert not found_beyond(whole, places, inside), (few, told)


def few_of(world: World, least: int) -> Iterator[tuple[str, ...]]:
    """The largest groups of cinemas that nothing may be found of."""
    return combinations(sorted(world), min(least - 1, len(world)))


def day(*cinemas: str) -> World:
    """A day: "place: film film+film" for each cinema."""
    world = {}
    for nth, said in enumerate(cinemas):
        place, _, films = said.partition(": ")
        world[f"c{nth}"] = place, frozenset(tuple(f.split("+")) for f in films.split())
    return world


def told_of(world: World) -> tuple[str, str]:
    told = tellable(shown(world), LEAST)
    require_safe(world, told)
    return " ".join(sorted(map(str, told.places))), " ".join(sorted(map(str, told.films)))


def test_where_all_show_the_same_everything_is_told() -> None:
    assert told_of(day(*["north: a b"] * 3, *["south: a b"] * 4)) == ("north south", "a b")


def test_a_place_of_two_is_withheld_with_the_next_smallest() -> None:
    """Alone it would be what is left of the total."""
    world = day(*["north: a"] * 5, *["middle: a"] * 3, *["south: a"] * 2)
    assert told_of(world) == ("north", "a")
    # Two places of two are four cinemas.
    world = day(*["north: a"] * 5, *["east: a"] * 2, *["west: a"] * 2)
    assert told_of(world) == ("north", "a")


def test_a_film_of_few_is_withheld_with_one_that_all_show() -> None:
    """Alone it would be what is left of a place's total."""
    north, south = ["north: a b"] * 4, ["south: a b"] * 4
    world = day(*north, *south, "north: a c")
    assert told_of(world) == ("north south", "a")


def test_where_no_film_ties_the_places_nothing_is_told() -> None:
    """Only the north shows a: the north less a is one cinema's b."""
    assert told_of(day(*["north: a"] * 4, "north: a b", *["south: b"] * 3)) == ("", "")


def test_films_of_double_features_are_not_told_by_place() -> None:
    """Admissions of a double feature count for each film and once in all: the rest is one's."""
    world = day(*["north: a b c"] * 4, "north: a+b", *["south: a b c"] * 3)
    assert told_of(world) == ("north south", "")
    world = day(*["north: a b c d"] * 4, "north: a+b", *["south: a b c d"] * 3)
    assert told_of(world) == ("north south", "d")


def test_a_place_that_is_not_known_is_a_place() -> None:
    told = tellable(Shown({None: 3, "north": 4}, {(None, "a"): 3, ("north", "a"): 4}), LEAST)
    assert told == Tellable(frozenset({None, "north"}), frozenset({"a"}))


def test_of_several_days_is_told_what_each_of_them_tells() -> None:
    first, second = (
        Shown({"n": 3, "s": 3}, {("n", "a"): 3, ("s", "a"): 3}),
        Shown({"n": 3}, {("n", "b"): 3}),
    )
    few = Shown({"n": 5, "s": 1}, {("n", "a"): 5, ("s", "a"): 1})

    def told(days: Iterable[Shown]) -> Tellable:
        return together((one, tellable(one, LEAST)) for one in days)

    assert told([first, second]) == Tellable(frozenset({"n", "s"}), frozenset({"a", "b"}))
    assert told([first, few]) == Tellable(frozenset(), frozenset())
    assert told([]) == Tellable(frozenset(), frozenset())


FILMS = "abcd"
SINGLE = [(film,) for film in FILMS]
PROGRAMMES = st.frozensets(st.sampled_from(SINGLE), max_size=4)
DOUBLES = st.frozensets(st.sampled_from([*SINGLE, ("a", "b"), ("c", "d")]), max_size=4)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A few places; in most of them nearly all show the same, so that something is told."""
    usual = draw(st.frozensets(st.sampled_from(SINGLE), min_size=1))
    programmes = draw(st.sampled_from([PROGRAMMES, DOUBLES]))
    world: dict[str, tuple[str, frozenset[Programme]]] = {}
    for place in "nsew"[: draw(st.integers(1, 4))]:
        for _ in range(draw(st.integers(1, 5))):
            is_usual = draw(st.integers(0, 5)) > 0
            own = usual | draw(programmes) if is_usual else draw(programmes)
            world[f"c{len(world)}"] = place, own
    return world


@pytest.mark.slow
@given(worlds())
@settings(max_examples=150, deadline=None)
def test_nothing_of_a_few_cinemas_follows(world: World) -> None:
    told = tellable(shown(world), LEAST)
    require_safe(world, told)


def test_the_algebra_finds_what_a_careless_rule_would_tell() -> None:
    """The check itself: with everything told, a few cinemas are found."""
    world = day(*["north: a"] * 4, "north: a b", *["south: b"] * 3)
    everything = Tellable(frozenset({"north", "south"}), frozenset())
    whole, places = equations(world, everything)
    known = atoms(world)
    inside = {nth for nth, (cinema, _) in enumerate(known) if cinema == "c4"}
    assert found_beyond(whole, places, inside)
