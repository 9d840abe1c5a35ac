"""A real home that is told a rehearsal answers with the truth, to the last cent."""

from pathlib import Path

import pytest

from pharos.rehearse.rehearsal import Choices, Rehearsal, play
from tests.rehearse.short import short
from tests.rehearse.told_home import CUTS, MEASURES, differences, told

BARE = Choices(header=False)


def require_truth(rehearsal: Rehearsal, folder: Path) -> set[str]:
    """Compare by every cut; the rules of which there are findings."""
    with told(rehearsal, folder) as home:
        assert [line for cut in CUTS for line in differences(home, rehearsal, cut)] == []
        (row,) = home.ask(*MEASURES).rows
        total = rehearsal.truth.total()
        assert row["gross_minor"] == total["gross"]
        assert row["admissions"] == total["admissions"]
        reports = range(1, home.journal.size + 1)
        return {finding.rule for one in reports for finding in home.findings_of(one)}


def test_a_day_of_a_nation_is_counted_right(tmp_path: Path) -> None:
    assert not require_truth(short("national-day-2022", 5, 20, BARE, days=1), tmp_path)


@pytest.mark.slow
def test_a_small_country_is_counted_right(tmp_path: Path) -> None:
    held = {"bad_amount", "negative_amount", "bad_time", "out_of_range"}
    assert require_truth(play("small-country", 5, 80, BARE), tmp_path) == held | {"overlap"}


@pytest.mark.slow
def test_days_of_a_larger_nation_are_counted_right(tmp_path: Path) -> None:
    assert not require_truth(short("national-day-2022", 6, 80, BARE, days=2), tmp_path)
