"""The laws of every world, on worlds that Hypothesis makes up."""

from random import Random

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.property.laws import LAWS, Law
from tests.property.worlds import World, shown

NAMED = pytest.mark.parametrize(("law", "worlds"), LAWS, ids=[law.__name__ for law, _ in LAWS])


def try_worlds(law: Law, worlds: st.SearchStrategy[World], profile: settings) -> None:
    @profile
    @given(worlds, st.integers(0, 1_000))
    def holds(world: World, seed: int) -> None:
        note(f"{shown(world)}")
        law(world, Random(seed))

    holds()


@pytest.mark.slow
@NAMED
def test_the_law_holds(law: Law, worlds: st.SearchStrategy[World], profile: settings) -> None:
    try_worlds(law, worlds, profile)


@pytest.mark.torture
@NAMED
def test_the_law_holds_in_very_many_worlds(
    law: Law, worlds: st.SearchStrategy[World], profile: settings
) -> None:
    try_worlds(law, worlds, profile)
