"""Screenings of a day: as many as wanted, none over another, more of what people want."""

from dataclasses import replace

import numpy as np
import pytest

from pharos.rehearse.arrays import Ints, chance
from pharos.rehearse.country import Country, settle
from pharos.rehearse.demand import attend
from pharos.rehearse.programme import Programme, programme
from pharos.rehearse.scenario import packaged_country, packaged_scenario
from pharos.rehearse.schedule import Taste, schedule
from pharos.rehearse.slate import Slate

CINEMAS = 120
Plan = dict[str, Ints]


@pytest.fixture(scope="module")
def country() -> Country:
    return settle(packaged_country("china"), CINEMAS, chance(1, "country"))


@pytest.fixture(scope="module")
def films() -> Programme:
    scenario, said = packaged_scenario("national-day-2022"), packaged_country("china")
    return programme(scenario, said, CINEMAS / scenario.cinemas)


def taste(country: Country, films: Programme) -> Taste:
    """What cinemas want at first; none is shut."""
    shut = np.zeros((CINEMAS, len(films.dates)), dtype=np.bool_)
    return Taste.at_first(country, films, shut, chance(1, "schedule"))


@pytest.fixture(scope="module")
def plan(country: Country, films: Programme) -> Plan:
    return schedule(country, films, 0, taste(country, films), chance(2, "schedule"))


def test_there_are_as_many_screenings_as_wanted(films: Programme, plan: Plan) -> None:
    assert (plan["ghost"] == 0).sum() == films.screenings[0] == 4065


def test_no_screening_begins_before_the_one_on_its_screen_ends(plan: Plan) -> None:
    order = np.lexsort((plan["start"], plan["screen"], plan["cinema"]))
    same = np.diff(plan["cinema"][order]) + np.diff(plan["screen"][order]) == 0
    pause = plan["start"][order][1:] - plan["ends"][order][:-1]
    assert pause[same].min() >= 15 * 60


def test_cinemas_open_in_the_morning_and_close_at_night(plan: Plan) -> None:
    shown = plan["minute"][plan["ghost"] == 0]
    assert shown.min() >= 9 * 60
    assert shown.max() < 26 * 60
    assert (shown % 5 == 0).all()


def test_the_hit_gets_more_room_and_still_fills_its_halls_better(
    country: Country, films: Programme, plan: Plan
) -> None:
    full = attend(country, films, plan, chance(3, "demand"))
    seats, came = (np.bincount(full["work"], full[n]) for n in ("seats", "target"))
    assert seats.argmax() == came.argmax() == 0
    assert came[0] / seats[0] > 1.2 * came.sum() / seats.sum()


def test_a_cinema_shows_more_of_what_filled_its_halls(country: Country, films: Programme) -> None:
    at_first = taste(country, films)
    slate = Slate()
    planned = schedule(country, films, 0, at_first, chance(2, "schedule"))
    day = attend(country, films, planned, chance(3, "demand"))
    # In one cinema everybody wants the second work, and nobody the first.
    here = day["cinema"] == 7
    day["target"][here] = np.where(day["work"][here] == 1, day["seats"][here], 0)
    slate.add(day)
    after = at_first.after(slate, 0).of_work
    assert after[7, 1] > at_first.of_work[7, 1]
    assert after[7, 0] < at_first.of_work[7, 0]


def test_a_cinema_that_is_shut_shows_nothing(country: Country, films: Programme) -> None:
    open_ones = taste(country, films)
    shut = open_ones.shut.copy()
    shut[7, 0] = True
    closed = schedule(country, films, 0, replace(open_ones, shut=shut), chance(2, "schedule"))
    assert 7 not in closed["cinema"]
    assert (closed["ghost"] == 0).sum() == films.screenings[0]


def test_people_come_as_many_as_wanted_and_find_a_seat(
    country: Country, films: Programme, plan: Plan
) -> None:
    full = attend(country, films, plan, chance(3, "demand"))
    true_ones = full["ghost"] == 0
    assert (full["target"] <= full["seats"]).all()
    came = np.bincount(full["work"][true_ones], full["target"][true_ones])
    assert np.abs(came - films.admissions[0]).max() <= 1


def test_who_finds_no_seat_sees_another_work(country: Country, films: Programme) -> None:
    crowd = films.admissions * 1
    crowd[0] = [420_000, *[100] * (crowd.shape[1] - 1)]
    crowded = replace(films, admissions=crowd)
    planned = schedule(country, films, 0, taste(country, films), chance(2, "schedule"))
    full = attend(country, crowded, planned, chance(3, "demand"))
    true_ones = full["ghost"] == 0
    assert (full["target"] <= full["seats"]).all()
    came = np.bincount(full["work"][true_ones], full["target"][true_ones])
    seats = np.bincount(full["work"][true_ones], full["seats"][true_ones])
    assert came[0] < 420_000
    assert came[0] > 0.95 * seats[0]
    assert came[1] > 1000
    assert abs(came.sum() - crowd[0].sum()) <= crowd.shape[1]
