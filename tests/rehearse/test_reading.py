"""The real reader takes every body as it was meant."""

from collections import Counter
from datetime import time

import pytest

from pharos.arrive.formats import read
from pharos.arrive.reading import Place
from pharos.rehearse.rehearsal import Rehearsal, play
from tests.arrive.bodies import Fixed
from tests.rehearse.short import short


def noticed(rehearsal: Rehearsal) -> Counter[str]:
    """What the reader finds in everything that is sent, by rule."""
    said = rehearsal.country.said
    places = Fixed(Place(said.territory, said.zone, said.currency, time(6), True))
    found: Counter[str] = Counter()
    for message in rehearsal:
        reading = read(message.body, places, _none)
        found.update(finding.rule for finding in reading.findings)
        assert len(reading.figures) or reading.facts or reading.findings
    return found


def _none(name: str) -> str:
    raise AssertionError(name)


@pytest.mark.slow
def test_nothing_is_found_in_what_a_country_sends() -> None:
    assert not noticed(short("national-day-2022", 5, 20))


@pytest.mark.slow
def test_only_what_is_wrong_on_purpose_is_found_in_the_small_country() -> None:
    found = noticed(play("small-country", 5, 20))
    assert found == dict.fromkeys(("bad_amount", "negative_amount", "bad_time", "out_of_range"), 1)
