"""Who misbehaves: only senders of tickets, always within the rehearsal."""

import numpy as np

from pharos.rehearse.arrays import chance
from pharos.rehearse.country import Grain, settle
from pharos.rehearse.disorder import fates, habits
from pharos.rehearse.scenario import packaged_country


def test_some_clocks_are_off_and_some_cinemas_fall_silent() -> None:
    country = settle(packaged_country("china"), 2000, chance(1, "country"))
    found = habits(country, 1000, 900_000, chance(1, "disorder"))
    tickets = country.grain == Grain.TICKETS
    off, silent = found.clock_off != 0, found.silent_to > 0
    assert 20 <= off.sum() <= 80
    assert 15 <= silent.sum() <= 60
    assert not (off & ~tickets).any()
    assert not (silent & ~tickets).any()
    assert np.abs(found.clock_off).max() <= 25 * 60
    assert found.silent_to.max() <= 900_000
    one = np.flatnonzero(silent)[:1]
    assert found.silent(one, int(found.silent_from[one[0]])).all()
    assert not found.silent(one, int(found.silent_to[one[0]])).any()


def test_most_messages_arrive_in_time() -> None:
    found = fates(10_000, chance(1, "disorder"))
    assert sum(one.delay == 0 for one in found) > 9_500
    assert max(one.delay for one in found) > 600
    assert 20 < sum(one.again > 0 for one in found) < 100
    assert 10 < sum(one.events_again > 0 for one in found) < 70
