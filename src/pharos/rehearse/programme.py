"""The works of a rehearsal, their versions, and how much of each day is theirs.

In: a scenario and its size. Out: targets by day and work. Knows no cinema and no chance.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from pharos.rehearse.arrays import Ints, Reals, apportioned
from pharos.rehearse.country import FORMATS, ORDINARY
from pharos.rehearse.scenario import CountrySaid, Scenario, WorkSaid
from pharos.words.money import exponent

#: Programmers give a work less than its share of the audience: a hit fills its halls.
_PROGRAMMED = 0.75


@dataclass(frozen=True, slots=True)
class Version:
    """A form of a work."""

    id: str
    work: int
    format: str


@dataclass(frozen=True, slots=True)
class Programme:
    """Works and versions, and by day: screenings, admissions and gross of each work.

    ``gross`` is in minor units, ``share`` is each work's part of a day's screenings. ``midnight``
    is the local midnight of each day as seconds since 1970, ``dates`` are the business dates.
    """

    works: tuple[WorkSaid, ...]
    versions: tuple[Version, ...]
    version_of: Ints
    dates: tuple[date, ...]
    midnight: Ints
    screenings: Ints
    admissions: Ints
    gross: Ints
    share: Reals
    runtime: Ints

    def work_ids(self) -> list[str]:
        """The ids of all works."""
        return [work.id for work in self.works]


def programme(
    scenario: Scenario, country: CountrySaid, part: float, factor: float = 1.0
) -> Programme:
    """What is shown in ``part`` of a country, and what comes of it if ``factor`` as many come."""
    versions, version_of = _versions(scenario.work)
    shares = _shares(scenario)
    minor = 10 ** exponent(country.currency) * part * factor
    days = scenario.day
    gross = np.array([day.gross for day in days], dtype=np.float64) * minor
    totals = [round(day.admissions * part * factor) for day in days]
    programmed = shares**_PROGRAMMED
    dates = tuple(day.date for day in days)
    return Programme(
        works=scenario.work,
        versions=versions,
        version_of=version_of,
        dates=dates,
        midnight=np.array([midnight(one, country.zone) for one in dates]),
        screenings=np.array([round(day.screenings * part) for day in days]),
        admissions=np.array(
            [apportioned(row, total, 0.5) for row, total in zip(shares, totals, strict=True)]
        ),
        gross=np.rint(shares * gross[:, None]).astype(np.int64),
        share=programmed / programmed.sum(axis=1, keepdims=True),
        runtime=np.array([work.runtime for work in scenario.work]),
    )


def midnight(day: date, zone: str) -> int:
    """The local midnight with which a day begins, as seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp())


def clock_text(second: int, zone: str) -> str:
    """A moment as ISO 8601 with the offset of the zone."""
    return datetime.fromtimestamp(second, ZoneInfo(zone)).isoformat()


def _shares(scenario: Scenario) -> Reals:
    """Each work's part of each day's gross; all parts of a day add up to 1."""
    days = scenario.day
    shares = np.zeros((len(days), len(scenario.work)))
    weights = np.array([work.weight for work in scenario.work], dtype=np.float64)
    for place, work in enumerate(scenario.work):
        if work.gross:
            shares[:, place] = [own / day.gross for own, day in zip(work.gross, days, strict=True)]
    rest = 1 - shares.sum(axis=1, keepdims=True)
    all_shares: Reals = shares + rest * (weights / max(weights.sum(), 1))
    return all_shares


def _versions(works: tuple[WorkSaid, ...]) -> tuple[tuple[Version, ...], Ints]:
    """All versions, and the place of the one that a screen of each format shows of each work."""
    versions: list[Version] = []
    place = np.zeros((len(works), len(FORMATS)), dtype=np.int64)
    for nth, work in enumerate(works):
        own = {name: len(versions) + k for k, name in enumerate(work.versions)}
        versions += [Version(f"{work.id}-{name}", nth, name) for name in work.versions]
        place[nth] = [own.get(name, own[FORMATS[ORDINARY]]) for name in FORMATS]
    return tuple(versions), place
