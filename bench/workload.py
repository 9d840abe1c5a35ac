"""What part A applies: the same slices of messages for every contestant, in files.

In: a plan. Out: one file for each slice, and what all of them add up to. Knows no engine.
"""

import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.market import Events, Market, Size
from bench.messages import Mail, Sent, batches
from bench.peers.peer import Sums

#: Share of the day's screenings that are known before the measuring begins.
KNOWN = 0.9
OPENING = "first seen"


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to send: events in a batch, batches, events in a message (0: a cinema's hour)."""

    name: str
    batch: int
    count: int
    message: int


KINDS = (
    Kind("1,000 a batch, 200 a message", 1_000, 40, 200),
    Kind("10,000 a batch, 200 a message", 10_000, 20, 200),
    Kind("100,000 a batch, 200 a message", 100_000, 3, 200),
    Kind("10,000 a batch, 20 a message", 10_000, 5, 20),
    Kind("10,000 a batch, 2,000 a message", 10_000, 5, 2_000),
    Kind("10,000 a batch, a cinema's hour a message", 10_000, 5, 0),
)
MAIN = KINDS[1]


@dataclass(frozen=True, slots=True)
class Plan:
    """The market, and how often each kind is repeated."""

    size: Size
    repeats: int
    kinds: tuple[Kind, ...] = KINDS


@dataclass(frozen=True, slots=True)
class Slice:
    """A file of batches."""

    kind: str
    batch: int
    file: str
    events: int
    messages: int
    mentions: int

    def load(self, folder: Path) -> list[list[Sent]]:
        """The batches."""
        loaded: list[list[Sent]] = pickle.loads((folder / self.file).read_bytes())
        return loaded


def write(plan: Plan, folder: Path) -> tuple[list[Slice], Sums]:
    """Write every slice; the first one names most screenings for the first time."""
    market = Market(plan.size)
    mail = Mail(market)
    opening = market.opening(round(plan.size.screenings * KNOWN))
    work = list(batches(mail.messages(opening, 200), 10_000))
    slices = [_stored(folder, OPENING, 10_000, work)]
    sums = np.array(opening.sums())
    for _ in range(plan.repeats):
        for kind in plan.kinds:
            events = _events(market, kind)
            sent = mail.messages(events, kind.message) if kind.message else mail.by_cinema(events)
            slices.append(_stored(folder, kind.name, kind.batch, list(batches(sent, kind.batch))))
            sums += events.sums()
    return slices, Sums(*sums.tolist())


def _events(market: Market, kind: Kind) -> Events:
    count = kind.batch * kind.count
    return market.slice(count) if kind.message else market.of_few_cinemas(count, 200)


def _stored(folder: Path, kind: str, batch: int, work: list[list[Sent]]) -> Slice:
    file = f"{len(list(folder.iterdir())):04}.slice"
    (folder / file).write_bytes(pickle.dumps(work))
    messages = [message for group in work for message in group]
    events = sum(message.events for message in messages)
    return Slice(kind, batch, file, events, len(messages), sum(m.screenings for m in messages))
