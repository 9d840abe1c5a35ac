"""The first days of a scenario, so that a test need not play a whole week.

In: a scenario's name. Out: a rehearsal of its first days. Must not change anything else.
"""

from msgspec.structs import replace

from pharos.rehearse.rehearsal import Choices, Rehearsal
from pharos.rehearse.scenario import packaged_scenario

#: Passes over all messages, so that only the truth is made.
UNSAID = Choices(skip=2**62)


def short(
    name: str, seed: int, cinemas: int, choices: Choices | None = None, days: int = 2
) -> Rehearsal:
    """A rehearsal of the first days."""
    whole = packaged_scenario(name)
    works = tuple(replace(work, gross=work.gross[:days]) for work in whole.work)
    some = replace(whole, day=whole.day[:days], work=works)
    return Rehearsal(some, seed, cinemas, choices or Choices())


def played(rehearsal: Rehearsal) -> Rehearsal:
    """The rehearsal after everything was sent."""
    for _ in rehearsal:
        pass
    return rehearsal
