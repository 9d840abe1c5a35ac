"""What publishers stated comes out, at any size."""

import pytest

from pharos.rehearse.facts import Met, facts
from pharos.rehearse.rehearsal import Choices, play
from tests.rehearse.short import UNSAID, played


def missed(cinemas: int, seed: int, choices: Choices = UNSAID) -> list[Met]:
    """Facts of the scenario that did not come out."""
    rehearsal = played(play("national-day-2022", seed, cinemas, choices))
    found = facts(rehearsal)
    assert len(found) == len(rehearsal.scenario.fact) >= 12
    return [met for met in found if not met.is_within]


@pytest.mark.slow
def test_facts_come_out_of_few_cinemas() -> None:
    assert not missed(60, seed=7)


@pytest.mark.slow
def test_facts_come_out_of_twice_the_audience() -> None:
    assert not missed(60, 7, Choices(skip=2**62, factor=2))


@pytest.mark.slow
@pytest.mark.parametrize(("cinemas", "seed"), [(200, 8), (1000, 9)])
def test_facts_come_out_of_many_cinemas(cinemas: int, seed: int) -> None:
    assert not missed(cinemas, seed)
