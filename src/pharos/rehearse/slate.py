"""All screenings of a rehearsal: what was planned of each, and what has come of it so far.

In: the plans of days, one after the other. Out: arrays, one item a screening, in the order of
their cinemas within each day. Knows no chance and no message.
"""

from collections.abc import Mapping

import numpy as np

from pharos.rehearse.arrays import Ints

_WIDE = np.int64
#: What is planned: ``minute`` counts from local midnight, ``start`` and ``ends`` are seconds since
#: 1970, ``price`` is that of an adult, ``target`` the tickets that will stay sold.
PLANNED = {
    **dict.fromkeys(("cinema", "screen", "slot", "work", "version", "day"), np.int32),
    **dict.fromkeys(("minute", "seats", "price", "target", "ghost"), np.int32),
    **dict.fromkeys(("start", "ends"), _WIDE),
}
#: What comes of it, from the events that are made; ``open`` is what is still to be sold.
#: ``presold`` is the gross of events before the business day began.
SUMMED = {
    **dict.fromkeys(("open", "admissions", "refunds"), np.int32),
    **dict.fromkeys(("gross", "fee", "presold"), _WIDE),
}
Plan = Mapping[str, Ints]
GHOST_SLOT = 99


class Slate:
    """The screenings of all days that are planned so far; ``first[day]`` is where a day begins."""

    def __init__(self) -> None:
        """An empty slate."""
        types = PLANNED | SUMMED
        self.columns: dict[str, Ints] = {name: np.zeros(0, dtype=of) for name, of in types.items()}
        self.first = [0]
        #: Of each day its screenings in the order of their starts, and these starts.
        self.by_start: list[tuple[Ints, Ints]] = []

    def __len__(self) -> int:
        return self.first[-1]

    def __getitem__(self, name: str) -> Ints:
        return self.columns[name]

    def days(self) -> int:
        """How many days are planned."""
        return len(self.first) - 1

    def of_day(self, day: int) -> slice:
        """Where the screenings of a day stand."""
        return slice(self.first[day], self.first[day + 1])

    def add(self, plan: Plan) -> None:
        """Put the next day's plan at the end; all its tickets are still to be sold."""
        count = len(plan["cinema"])
        nothing = np.zeros(count, dtype=_WIDE)
        new = dict(plan) | dict.fromkeys(SUMMED, nothing) | {"open": plan["target"]}
        for name, of in (PLANNED | SUMMED).items():
            self.columns[name] = np.concatenate([self.columns[name], new[name].astype(of)])
        order = np.argsort(plan["start"], kind="stable")
        self.by_start.append((len(self) + order, plan["start"][order]))
        self.first.append(self.first[-1] + count)
