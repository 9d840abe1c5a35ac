"""A real home that is told a rehearsal answers with the truth, to the last cent."""

from pathlib import Path

import pytest

from pharos.rehearse.rehearsal import Rehearsal, play
from pharos.serve.home import Home
from tests.rehearse.short import short
from tests.rehearse.told_home import CUTS, MEASURES, differences, told


def require_truth(home: Home, rehearsal: Rehearsal) -> set[str]:
    """Compare by every cut; the rules of which there are findings."""
    assert [line for cut in CUTS for line in differences(home, rehearsal, cut)] == []
    (row,) = home.ask(*MEASURES).rows
    total = rehearsal.truth.total()
    assert row["gross_minor"] == total["gross"]
    assert row["admissions"] == total["admissions"]
    return set(found_by_rule(home))


def found_by_rule(home: Home) -> dict[str, int]:
    """How often each rule noticed something."""
    rows = home.ledger.rows("SELECT rule, count(*) AS found FROM finding GROUP BY rule")
    return {row["rule"]: row["found"] for row in rows}


def require_oddities(home: Home, rehearsal: Rehearsal) -> None:
    """What an office sees: who owes figures, three grains in one total, a corrected day."""
    roles, last = rehearsal.world.roles, rehearsal.programme.dates[-1]
    found = home.ask("gross", period=str(last)).completeness
    # One sends nothing at all, two fell silent in the middle; who is closed said so.
    assert (found["cinemas_reported"], found["cinemas_expected"]) == (77, 80)
    grains = {row["grain_id"] for row in home.ask("gross", by=("grain",)).rows}
    assert grains == {"tickets", "screening_totals", "day_totals"}
    day = rehearsal.programme.dates[roles.odd_day]
    wrong = rehearsal.country.cinema_id(int(roles.corrected[0]))
    explained = home.trace("gross", where=(f"cinema={wrong}",), period=str(day))
    assert "corrected" in str(explained)
    assert sum(found_by_rule(home).values()) >= rehearsal.scenario.odd.bad_rows


@pytest.mark.slow
def test_a_day_of_a_nation_is_counted_right(tmp_path: Path) -> None:
    rehearsal = short("national-day-2022", 5, 20, days=1)
    with told(rehearsal, tmp_path) as home:
        assert not require_truth(home, rehearsal)


@pytest.mark.slow
def test_a_small_country_is_counted_right(tmp_path: Path) -> None:
    rehearsal = play("small-country", 5, 80)
    held = {"bad_amount", "negative_amount", "bad_time", "out_of_range"}
    with told(rehearsal, tmp_path) as home:
        assert require_truth(home, rehearsal) == held | {"overlap"}
        require_oddities(home, rehearsal)


@pytest.mark.slow
def test_days_of_a_larger_nation_are_counted_right(tmp_path: Path) -> None:
    rehearsal = short("national-day-2022", 6, 40, days=2)
    with told(rehearsal, tmp_path) as home:
        assert not require_truth(home, rehearsal)
