"""Runs: where one begins, what its release day is, which weekend opens it.

In: days on which a work was shown, declared releases. Out: runs.
"""

from datetime import date, timedelta

import pytest

from pharos.measure.runs import Release, Run, Runs, opening_weekend
from pharos.words.territory import packaged_territory, parse_territory

US = parse_territory(packaged_territory("US"))
GAP = US.run_gap_days
FIRST = date(2024, 3, 8)
KEY = ("X", "US")


def walked(days: list[int], releases: list[Release] | None = None) -> list[Run]:
    """The runs of a work shown so many days after the first day."""
    shown = {KEY: [FIRST + timedelta(days=n) for n in days]}
    return Runs(shown, {KEY: releases or []}, {"US": US}).all()[KEY]


def told(runs: list[Run]) -> list[tuple[int, int, int]]:
    """Number, first day and release of each run, in days after the first day."""
    return [(r.number, (r.first - FIRST).days, (r.release - FIRST).days) for r in runs]


def after(days: int, run: int | None = None) -> Release:
    return FIRST + timedelta(days=days), run


def test_a_gap_begins_a_run_and_one_day_less_does_not() -> None:
    assert told(walked([0, 1, 1 + GAP])) == [(1, 0, 0)]
    assert told(walked([0, 1, 2 + GAP])) == [(1, 0, 0), (2, 2 + GAP, 2 + GAP)]


def test_previews_belong_to_the_run_that_is_declared_after_them() -> None:
    (run,) = walked([0, 7, 8], [after(7)])
    assert told([run]) == [(1, 0, 7)]
    assert [run.day(FIRST + timedelta(days=n)) for n in (0, 6, 7, 8)] == [None, None, 1, 2]


def test_a_release_that_is_still_to_come_makes_all_days_previews() -> None:
    (run,) = walked([0, 1], [after(30)])
    assert run.release == FIRST + timedelta(days=30)
    assert run.day(FIRST) is None


def test_a_second_declared_release_is_a_second_run() -> None:
    assert told(walked([0, 1, 10, 11], [after(0), after(10)])) == [(1, 0, 0), (2, 10, 10)]


def test_a_release_says_its_number() -> None:
    assert told(walked([0], [after(0, 4)]))[0] == (4, 0, 0)


def test_a_date_belongs_to_the_last_run_that_has_begun() -> None:
    shown = {KEY: [FIRST, FIRST + timedelta(days=2 * GAP)]}
    runs = Runs(shown, {}, {"US": US})
    for days, number in ((-5, 1), (0, 1), (GAP, 1), (2 * GAP, 2), (900, 2)):
        found = runs.at("X", "US", FIRST + timedelta(days=days))
        assert found is not None
        assert found.number == number
    assert runs.at("Y", "US", FIRST) is None


def test_the_span_of_a_run_holds_just_the_dates_that_belong_to_it() -> None:
    shown = {KEY: [FIRST + timedelta(days=n) for n in (0, 2 * GAP, 4 * GAP)]}
    runs = Runs(shown, {KEY: [after(2 * GAP - 3)]}, {"US": US})
    for run in runs.all()[KEY]:
        span = runs.span("X", "US", run)
        assert span is not None
        for day in range(-GAP, 6 * GAP):
            date_asked = FIRST + timedelta(days=day)
            belongs = runs.at("X", "US", date_asked) is run
            assert belongs == (span[0] <= date_asked <= span[1]), (run, day)
    assert runs.span("X", "US", Run(1, FIRST)) is None
    assert runs.span("Y", "US", Run(1, FIRST)) is None


@pytest.mark.parametrize(
    ("release", "first", "last"),
    [
        (date(2024, 3, 8), date(2024, 3, 8), date(2024, 3, 10)),  # a Friday
        (date(2024, 3, 10), date(2024, 3, 8), date(2024, 3, 10)),  # a Sunday
        (date(2024, 3, 6), date(2024, 3, 8), date(2024, 3, 10)),  # a Wednesday
        (date(2024, 3, 11), date(2024, 3, 15), date(2024, 3, 17)),  # a Monday
    ],
)
def test_the_opening_weekend_holds_the_release_or_is_the_next(
    release: date, first: date, last: date
) -> None:
    assert opening_weekend(Run(1, release), (4, 5, 6)) == (first, last)
