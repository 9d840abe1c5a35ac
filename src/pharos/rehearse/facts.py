"""What a scenario's sources stated, beside what came of the rehearsal.

In: a rehearsal that was played to its end. Out: each fact with the figure rehearsed. Knows no
message.
"""

from dataclasses import dataclass

import pyarrow.compute as pc

from pharos.rehearse.rehearsal import Rehearsal
from pharos.rehearse.scenario import Fact
from pharos.words.money import exponent


@dataclass(frozen=True, slots=True)
class Met:
    """A fact, what it means for the part of the country that was rehearsed, and what came of it."""

    fact: Fact
    wanted: float
    rehearsed: float

    @property
    def off(self) -> float:
        """By how many per cent the rehearsal is above what was stated."""
        return (self.rehearsed / self.wanted - 1) * 100

    @property
    def is_within(self) -> bool:
        """Whether that lies within the fact's tolerance."""
        return abs(self.off) <= self.fact.within


def facts(rehearsal: Rehearsal) -> list[Met]:
    """Every fact of the scenario beside the truth."""
    table = rehearsal.truth.table()
    minor = 10 ** exponent(rehearsal.country.said.currency)
    found = []
    for fact in rehearsal.scenario.fact:
        days = table["business_date"]
        chosen = pc.and_(pc.greater_equal(days, fact.first), pc.less_equal(days, fact.last))
        if fact.work:
            chosen = pc.and_(chosen, pc.equal(table["work"], fact.work))
        mine = table.filter(chosen)
        sums = {name: pc.sum(mine[name]).as_py() for name in ("gross", "admissions", "screenings")}
        gross = sums["gross"] / minor
        if fact.metric == "average_ticket_price":
            found.append(Met(fact, fact.value, gross / sums["admissions"]))
            continue
        figure = gross if fact.metric == "gross" else sums[fact.metric]
        came = 1 if fact.metric == "screenings" else rehearsal.world.factor
        found.append(Met(fact, fact.value * rehearsal.world.part * came, figure))
    return found
