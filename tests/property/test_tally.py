"""The tally says what SQL and the oracle say, in made-up worlds, after any batch, of any cut.

In: worlds. Out: a failure where they differ.
"""

from datetime import date
from random import Random

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from pharos.measure.tally import Tally
from tests.measure.tallied import (
    BYS,
    NOW,
    compare,
    drawn,
    same_as_oracle,
    same_when_rebuilt,
)
from tests.oracle import Oracle
from tests.oracle_said import Sent
from tests.property.homes import lived
from tests.property.worlds import DAYS, World, shown, worlds
from tests.spec.harness import territory

#: Cuts that are compared in one world.
CUTS = 12


def groups(messages: list[Sent], random: Random) -> list[list[Sent]]:
    """Messages in a few groups, each decided at once."""
    found: list[list[Sent]] = []
    for message in messages:
        if found and random.random() < 0.4:
            found[-1].append(message)
        else:
            found.append([message])
    return found


def follow(world: World, random: Random) -> None:
    """Send a world to a home that is watched, and compare as it grows."""
    messages = world.messages
    told = groups(messages, random)
    begin = random.randrange(len(told))
    first = date.fromisoformat(random.choice((DAYS[0], *DAYS)))
    live = [day for day in DAYS if date.fromisoformat(day) >= first]
    note(f"live from {first}, watched from group {begin} of {len(told)}")
    each = max(1, CUTS // (len(told) - begin))
    with lived() as made:
        home, sent, tally = made.home, 0, None
        for nth, group in enumerate(told):
            if nth == begin:
                tally = Tally(home.ledger, first)
            made.send_at_once(group)
            sent += len(group)
            if tally is None:
                continue
            oracle = Oracle(messages[:sent], {"US": territory("US")}, "US")
            for _ in range(each):
                cut, by = drawn(random, live), random.choice(BYS)
                note(f"after {sent} messages {cut} by {by}")
                if cut.day in tally.days:
                    compare(home, tally, cut, by)
                    same_as_oracle(oracle, tally, cut, by)
                else:
                    assert tally.board(cut, NOW) is None
        assert tally is not None
        same_when_rebuilt(tally, Tally(home.ledger, first))


def try_worlds(profile: settings) -> None:
    @profile
    @given(worlds(judged=True), st.integers(0, 10_000))
    def holds(world: World, seed: int) -> None:
        note(f"{shown(world)}")
        follow(world, Random(seed))

    holds()


def test_tally_sql_and_oracle_agree_in_a_world(profile: settings) -> None:
    try_worlds(profile)


@pytest.mark.slow
def test_tally_sql_and_oracle_agree(profile: settings) -> None:
    try_worlds(profile)


@pytest.mark.torture
def test_tally_sql_and_oracle_agree_in_very_many_worlds(profile: settings) -> None:
    try_worlds(profile)
