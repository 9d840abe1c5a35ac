"""The journey of a rehearsal: a scenario and a seed become messages and the truth about them.

In: a scenario, a seed, a number of cinemas. Out: messages in the order of the rehearsal's clock.
Two plays with the same arguments send the same bytes. Knows no real clock and no home.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pharos.errors import BadScenario, RehearsalOver
from pharos.rehearse.arrays import chance
from pharos.rehearse.country import settle
from pharos.rehearse.events import SLICE
from pharos.rehearse.oddities import cast
from pharos.rehearse.post import Message, Post
from pharos.rehearse.programme import programme
from pharos.rehearse.scenario import Scenario, packaged_country, packaged_scenario
from pharos.rehearse.slate import Slate
from pharos.rehearse.stage import Stage, World
from pharos.rehearse.truth import Truth
from pharos.words.home import HomeSettings

#: Counted up whenever the same arguments would send other bytes than before.
VERSION = 1
#: With fewer cinemas not every kind of them would be among them.
FEWEST = 20
#: Everything that waits leaves before this second.
_NEVER = 2**62


@dataclass(frozen=True, slots=True)
class Choices:
    """What a player may choose beside scenario, seed and size.

    ``header``: bodies say in their header that they are rehearsed. ``skip``: so many messages at
    the beginning are not written, ``since``: nor those that left before this moment, since they
    were sent before. ``factor``: how many come against what the scenario says; they find as many
    screenings.
    """

    events_per_message: int = 200
    header: bool = True
    skip: int = 0
    since: datetime | None = None
    factor: float = 1.0


class Rehearsal:
    """A rehearsal that is played once: iterate over its messages; ``truth`` grows with them.

    ``begin`` is the moment before which a live demonstration sends as fast as it can.
    """

    def __init__(self, scenario: Scenario, seed: int, cinemas: int, choices: Choices) -> None:
        """Settle the country and plan the programme; nothing is sold yet."""
        self.scenario, self.seed, self._choices = scenario, seed, choices
        said = packaged_country(scenario.country)
        settled = settle(said, cinemas, chance(seed, "country"))
        odd = chance(seed, "oddities")
        self.country, roles = cast(scenario.odd, settled, len(scenario.day), odd)
        part, factor = cinemas / scenario.cinemas, choices.factor
        self.programme = programme(scenario, said, part, factor)
        slate = Slate()
        self.truth = Truth(self.country, self.programme, slate)
        told = {"scenario": scenario.name, "seed": seed, "cinemas": cinemas, "factor": factor}
        self.truth.said = told
        opens = scenario.sale_opens
        self.world = World(
            country=self.country, programme=self.programme, slate=slate, truth=self.truth,
            roles=roles, seed=seed, opens=opens.days * 86_400 - opens.hour * 3600,
            part=part, factor=factor, bad_rows=scenario.odd.bad_rows,
        )  # fmt: skip
        self.begin = scenario.begin.replace(tzinfo=ZoneInfo(said.zone))

    @property
    def first(self) -> datetime:
        """The moment of the first message."""
        opens = int(self.programme.midnight[0]) - self.world.opens
        return datetime.fromtimestamp(opens, self.begin.tzinfo)

    @property
    def settings(self) -> HomeSettings:
        """What a home for this rehearsal declares."""
        said = self.country.said
        return HomeSettings(
            scope="nation", territories=(said.territory,), currency=said.currency, rehearsed=True
        )

    def __iter__(self) -> Iterator[Message]:
        """All messages in the order of the rehearsal's clock. Raises RehearsalOver."""
        if len(self.world.slate):
            raise RehearsalOver("this rehearsal was played; make another one to play it again")
        since = self._choices.since
        post = Post(self._choices.skip, math.ceil(since.timestamp()) if since else 0)
        size = self._choices.events_per_message
        stage = Stage(self.world, size, header=self._choices.header)
        for begin in stage.slices():
            stage.play(begin, post)
            yield from post.until(begin + SLICE)
        yield from post.until(_NEVER)


def play(
    name: str, seed: int, cinemas: int | None = None, choices: Choices | None = None
) -> Rehearsal:
    """A packaged scenario, at full size if no number of cinemas is given.

    Raises UnknownScenario, or BadScenario for more cinemas than it has or too few to be a country.
    """
    scenario = packaged_scenario(name)
    if cinemas is not None and not FEWEST <= cinemas <= scenario.cinemas:
        raise BadScenario(
            f"{name} can be rehearsed with {FEWEST} to {scenario.cinemas} cinemas, not {cinemas}; "
            "choose another number"
        )
    return Rehearsal(scenario, seed, cinemas or scenario.cinemas, choices or Choices())
