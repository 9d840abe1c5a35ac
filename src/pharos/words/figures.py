"""The normal form of a report's figures: what was said, before anybody adds it up.

In: what a reader understood. Out: columns that rules and the ledger work on by the batch.
Knows no wire format and no table of the ledger.
"""

import enum
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

#: Stands for "not said" in integer columns; zero is a figure, absence is not.
ABSENT = np.iinfo(np.int64).min

Ints = NDArray[np.int64]
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


class Mention(NamedTuple):
    """A screening, or one work's business day in a cinema, as a report describes it.

    ``start`` is microseconds since 1970 UTC (ABSENT for a day), ``offset_minutes`` local minus UTC,
    ``programme`` the text of a `words.works.Programme`, ``screen`` and ``screening`` empty when
    not said, ``seats`` ABSENT when not said, ``cancelled`` from a schedule.
    """

    level: int
    cinema: str
    screening: str
    start: int
    offset_minutes: int
    screen: str
    programme: str
    business_date: date
    seats: int
    cancelled: bool
    currency: str


@dataclass(slots=True)
class Mentions:
    """The mentions of a report.

    Tills say the same again and again: one item may stand in many reports.
    """

    items: list[Mention] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.items)

    def column(self, name: str) -> list[Any]:
        """One field of all mentions."""
        at = Mention._fields.index(name)
        return [item[at] for item in self.items]

    @property
    def cinema(self) -> list[str]:
        """The cinemas of all mentions."""
        return [item.cinema for item in self.items]

    @property
    def programme(self) -> list[str]:
        """The programmes of all mentions."""
        return [item.programme for item in self.items]

    @property
    def business_date(self) -> list[date]:
        """The business dates of all mentions."""
        return [item.business_date for item in self.items]


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
    (cinema, stream, epoch); ``event_ids`` is parallel to the lines where senders use ids, else
    empty.
    """

    mentions: Mentions
    lines: dict[str, Ints]
    ticket_types: list[str] = field(default_factory=lambda: [""])
    channels: list[str] = field(default_factory=lambda: [""])
    streams: list[tuple[str, str, int]] = field(default_factory=list)
    event_ids: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines["row"])


def empty_lines(count: int) -> dict[str, Ints]:
    """Columns for ``count`` lines: money and counts ABSENT, indices and identities 0."""
    lines = {name: np.full(count, ABSENT, dtype=np.int64) for name in LINE_COLUMNS}
    for name in ("mention", "book", "event", "ticket_type", "channel", "content", "line"):
        lines[name] = np.zeros(count, dtype=np.int64)
    return lines
