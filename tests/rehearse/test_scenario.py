"""Scenarios as data: each can be read, says its sources, and agrees with itself."""

from datetime import date
from pathlib import Path

import pytest

from pharos.errors import BadScenario, UnknownScenario
from pharos.rehearse.scenario import packaged_country, packaged_scenario, scenarios


def test_three_scenarios_come_with_pharos() -> None:
    assert scenarios() == ("national-day-2022", "peak-day", "small-country")


@pytest.mark.parametrize("name", scenarios())
def test_a_scenario_agrees_with_itself(name: str) -> None:
    said = packaged_scenario(name)
    assert said.name == name
    assert said.title.en
    assert said.title.zh
    days = [day.date for day in said.day]
    assert days == sorted(set(days))
    assert said.day[0].date <= said.begin.date() <= said.day[-1].date
    for nth, day in enumerate(said.day):
        assert sum(work.gross[nth] for work in said.work if work.gross) < day.gross
    assert len({work.id for work in said.work}) == len(said.work)
    country = packaged_country(said.country)
    assert {tier for p in country.province for _, _, tier, _ in p.cities} == set(country.tiers)


@pytest.mark.parametrize("name", scenarios())
def test_every_fact_has_its_source(name: str) -> None:
    said = packaged_scenario(name)
    for fact in said.fact:
        assert fact.source.startswith(("https://", "http://"))
        assert fact.publisher
        assert date.fromisoformat(fact.as_of) >= fact.first
        assert not fact.work or fact.work in {work.id for work in said.work}


def test_the_peak_day_is_as_large_as_it_says() -> None:
    said = packaged_scenario("peak-day")
    (day,) = said.day
    assert (day.admissions, day.screenings, said.cinemas) == (36_000_000, 450_000, 12_000)


def test_an_unknown_scenario_is_told_with_those_that_are_known() -> None:
    with pytest.raises(UnknownScenario, match="did you mean peak-day"):
        packaged_scenario("peak-dya")


def test_a_country_that_is_not_there_is_told() -> None:
    with pytest.raises(BadScenario, match=r"atlantis\.toml"):
        packaged_country("atlantis")


def test_the_page_states_every_fact_with_its_source() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rehearsal.md").read_text(encoding="utf-8")
    for name in scenarios():
        assert f"`{name}`" in page
        for fact in packaged_scenario(name).fact:
            stated = f"{fact.value:,.1f}".removesuffix(".0")
            assert f"| {fact.name} | {stated} |" in page
            assert fact.source in page
