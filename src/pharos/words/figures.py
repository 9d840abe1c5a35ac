"""The normal form of a report's figures: what was said, before anybody adds it up.

In: what a reader understood. Out: columns that rules and the ledger work on by the batch.
Knows no wire format and no table of the ledger.
"""

import enum
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pharos.words import descriptions

#: Stands for "not said" in integer columns; zero is a figure, absence is not.
ABSENT = np.iinfo(np.int64).min

Ints = descriptions.Ints
Mention = descriptions.Mention
#: Which lines are meant, one truth value each.
Chosen = NDArray[np.bool_]


class Level(enum.IntEnum):
    """What a mention speaks of: one screening, or one work's business day in one cinema."""

    SCREENING = 0
    DAY = 1


class Book(enum.IntEnum):
    """The books a figure can stand in, most detailed first; supply is the screening itself."""

    SUPPLY = 0
    TICKETS = 1
    SCREENING_TOTALS = 2
    DAY_TOTALS = 3


class Event(enum.IntEnum):
    """What a line says: a stated total, or one ticket event."""

    TOTAL = 0
    SALE = 1
    REFUND = 2
    VOID = 3
    EXCHANGE_OUT = 4
    EXCHANGE_IN = 5


class Mentions:
    """The mentions of a report, or of a batch: numbers of descriptions.

    Tills say the same again and again, so what they say stands once, in ``of``.
    """

    __slots__ = ("numbers", "of")

    def __init__(
        self, numbers: Ints | None = None, of: descriptions.Descriptions | None = None
    ) -> None:
        """Without arguments, none."""
        self.numbers = np.zeros(0, dtype=np.int64) if numbers is None else numbers
        self.of = descriptions.Descriptions() if of is None else of

    def __len__(self) -> int:
        """How many there are."""
        return len(self.numbers)

    def __getitem__(self, index: int) -> Mention:
        """One mention."""
        return self.of.items[int(self.numbers[index])]

    @property
    def items(self) -> list[Mention]:
        """All mentions."""
        items = self.of.items
        return [items[number] for number in self.numbers.tolist()]

    def ints(self, name: str) -> Ints:
        """One of the integer columns of descriptions (`descriptions.COLUMNS`)."""
        return self.of.column(name)[self.numbers]

    def texts(self, name: str) -> descriptions.Texts:
        """One of the text columns of descriptions (`descriptions.TEXTS`)."""
        return self.of.texts(name)[self.numbers]

    def column(self, name: str) -> list[Any]:
        """One field of all mentions."""
        return [getattr(item, name) for item in self.items]


#: The integer columns of `Lines`, all int64, ABSENT where not said. Money is in minor units.
LINE_COLUMNS = (
    "row",  # line of the report or row of the file, first is 1
    "mention",  # index into Mentions
    "book",
    "event",
    "ticket_type",  # index into Figures.ticket_types
    "channel",  # index into Figures.channels
    "stream",  # index into Figures.streams; ABSENT for statements
    "number",  # number of the event in its stream; ABSENT when event ids are used
    "content",  # 63-bit hash of what the event says; 0 for statements
    "sold_at",  # microseconds since 1970 UTC
    "quantity",  # tickets, or stated admissions; never negative
    "paid",  # gross: what was paid, fee and tax inside
    "net",
    "tax",
    "levy",
    "fee",
    "declared",  # declared value of passes and vouchers
    "screenings",  # stated by a day total
    "seats",  # stated by a day total
    "refunds",  # stated refunded tickets of a total
    "line",  # identity of a stated line inside its statement; 0 for ticket events
)


@dataclass(slots=True)
class Figures:
    """Mentions and the lines that speak of them.

    ``lines`` maps each of LINE_COLUMNS to an int64 array; all are equally long. ``streams`` lists
    (stream, epoch), each cinema has its own of them; ``event_ids`` is parallel to the lines where
    senders use ids, else empty.
    """

    mentions: Mentions
    lines: dict[str, Ints]
    ticket_types: list[str] = field(default_factory=lambda: [""])
    channels: list[str] = field(default_factory=lambda: [""])
    streams: list[tuple[str, int]] = field(default_factory=list)
    event_ids: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines["row"])


def empty_lines(count: int) -> dict[str, Ints]:
    """Columns for ``count`` lines: money and counts ABSENT, indices and identities 0."""
    lines = {name: np.full(count, ABSENT, dtype=np.int64) for name in LINE_COLUMNS}
    for name in ("mention", "book", "event", "ticket_type", "channel", "content", "line"):
        lines[name] = np.zeros(count, dtype=np.int64)
    return lines
