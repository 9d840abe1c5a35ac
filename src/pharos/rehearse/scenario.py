"""A scenario: what is to come out of a rehearsal, as data with its sources.

In: TOML files that come with Pharos. Out: frozen values. Knows no message and no chance.
"""

from collections.abc import Iterator
from datetime import date, datetime
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

from pharos.errors import BadScenario, UnknownScenario, nearest
from pharos.words.toml import toml

T = TypeVar("T")


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a scenario; what is not declared is refused."""


class Texts(_Said, frozen=True):
    """A text in the languages of the pages."""

    en: str
    zh: str


class Province(_Said, frozen=True):
    """A province and its cities: name, Chinese name, tier, share of cinemas."""

    name: str
    cities: tuple[tuple[str, str, str, int], ...]


class Grains(_Said, frozen=True):
    """Of a hundred cinemas: how many send only such totals."""

    screening_totals: int
    day_totals: int


class CountrySaid(_Said, frozen=True):
    """Where cinemas stand, how large they are, what they charge."""

    territory: str
    zone: str
    currency: str
    tiers: dict[str, float]
    fees: tuple[int, ...]
    seats: dict[str, int]
    screens: tuple[int, int]
    vendors: int
    grains: Grains
    name: Texts
    chain: tuple[Texts, ...]
    word: tuple[Texts, ...]
    province: tuple[Province, ...]


class DaySaid(_Said, frozen=True):
    """A business day of all cinemas; ``gross`` in whole units of the currency."""

    date: date
    screenings: int
    admissions: int
    gross: int


class BroughtForward(_Said, frozen=True):
    """What a work had made before the rehearsal begins, in whole units of the currency."""

    through: date
    gross: int


class WorkSaid(_Said, frozen=True):
    """A work: its gross on each day, or a ``weight`` in what the others leave of every day.

    ``runtime`` (minutes) is for planning; it is not registered.
    """

    id: str
    names: Texts
    runtime: int
    versions: tuple[str, ...]
    year: int | None = None
    release: date | None = None
    gross: tuple[int, ...] = ()
    weight: int = 0
    brought_forward: BroughtForward | None = None


class Fact(_Said, frozen=True):
    """What somebody stated, which the rehearsal at full size meets ``within`` per cent.

    ``value`` is in whole units: of the currency, or counted.
    """

    name: str
    metric: str
    first: date
    last: date
    value: float
    within: float
    publisher: str
    as_of: str
    source: str
    work: str = ""
    note: str = ""


class SaleOpens(_Said, frozen=True):
    """Tickets are on sale from this many days before, at this hour."""

    days: int
    hour: int


class Odd(_Said, frozen=True):
    """How many cinemas do what an office sees now and then.

    ``silent_at_last`` send nothing from the middle day on, ``never`` send nothing at all,
    ``closed_a_day`` say that they show nothing on the last day, ``twice`` send tickets and have
    day totals sent by their chain, ``corrected`` state a day ten times too high and set it right.
    ``bad_rows`` counts rows that cannot be read.
    """

    silent_at_last: int = 0
    never: int = 0
    closed_a_day: int = 0
    twice: int = 0
    corrected: int = 0
    bad_rows: int = 0


class Scenario(_Said, frozen=True):
    """What is to be rehearsed, for ``cinemas`` cinemas at full size."""

    name: str
    title: Texts
    country: str
    cinemas: int
    sale_opens: SaleOpens
    begin: datetime
    day: tuple[DaySaid, ...]
    work: tuple[WorkSaid, ...]
    fact: tuple[Fact, ...] = ()
    odd: Odd = Odd()


def scenarios() -> tuple[str, ...]:
    """The names of all scenarios that come with Pharos."""
    return tuple(sorted(_names("scenarios")))


def packaged_scenario(name: str) -> Scenario:
    """A scenario that comes with Pharos. Raises UnknownScenario or BadScenario."""
    if name not in scenarios():
        raise UnknownScenario(f"there is no scenario {name!r} ({nearest(name, scenarios())})")
    said = _read(_file("scenarios", name), Scenario)
    for work in said.work:
        if bool(work.gross) == bool(work.weight) or len(work.gross) not in (0, len(said.day)):
            raise BadScenario(
                f"{name}: {work.id} needs a gross for each day or a weight; correct the file"
            )
    return said


def packaged_country(name: str) -> CountrySaid:
    """A country that comes with Pharos. Raises BadScenario."""
    return _read(_file("countries", name), CountrySaid)


def _folder(kind: str) -> Traversable:
    return resources.files("pharos.rehearse") / kind


def _file(kind: str, name: str) -> Traversable:
    return _folder(kind) / f"{name}.toml"


def _names(kind: str) -> Iterator[str]:
    for file in _folder(kind).iterdir():
        stem, _, ending = file.name.rpartition(".")
        if ending == "toml":
            yield stem


def _read(file: Traversable, kind: type[T]) -> T:
    try:
        return msgspec.convert(toml(file.read_text(encoding="utf-8")), kind)
    except (OSError, ValueError) as problem:
        raise BadScenario(f"{file.name}: {problem}; correct the file") from problem
