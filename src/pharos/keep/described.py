"""A screening, or one work's day in a cinema, as the ledger holds it to be described.

In: mentions. Out: what is said of the thing mentioned, where its accounts begin, and what tells one
from another. Knows no table.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from pharos.keep.batch import Batch
from pharos.words.figures import ABSENT, Level
from pharos.words.works import Programme

#: What tells one screening, or one work's day in a cinema, from another: sender, cinema, id.
Key = tuple[str, str, str]

parsed = lru_cache(maxsize=100_000)(Programme.parse)


@dataclass(slots=True)
class Described:
    """A screening as it is described now, or one work's day in a cinema.

    ``books`` has a bit for each book in which the ledger holds figures, as far as is remembered;
    ``descriptions`` are the numbers of the ticket mentions that led here.
    """

    first: int
    screening: int
    parts: int
    weights: tuple[int, ...]
    level: int
    sender: str
    cinema: str
    said: str
    start: int
    offset_minutes: int
    screen: str
    programme: str
    business_date: date
    seats: int
    cancelled: bool
    currency: str
    books: int = 0
    descriptions: list[int] = field(default_factory=list)


def mention_at(batch: Batch, index: int) -> Described:
    """One mention of a batch as a description without an account yet."""
    said = batch.figures.mentions[index]
    programme = parsed(said.programme)
    return Described(
        first=-1,
        screening=-1,
        parts=len(programme.parts),
        weights=tuple(part.weight for part in programme.parts),
        level=said.level,
        sender=batch.report_at(index).sender,
        cinema=said.cinema,
        said=said.screening,
        start=said.start,
        offset_minutes=said.offset_minutes,
        screen=said.screen,
        programme=said.programme,
        business_date=said.business_date,
        seats=said.seats,
        cancelled=said.cancelled,
        currency=said.currency,
    )


def key_of(described: Described) -> Key:
    """What tells one screening, or one work's day in a cinema, from another."""
    return (described.sender, described.cinema, account_said(described))


def account_said(described: Described) -> str:
    """The screening id as said; for a day, its date, work and version."""
    if described.level == Level.DAY:
        return f"{described.business_date.isoformat()}\x1d{described.programme}"
    return described.said


def merged(now: Described, said: Described, *, scheduled: bool) -> Described:
    """``said`` with what it leaves open taken from ``now``; only a schedule can cancel."""
    return with_changes(
        said,
        screen=said.screen or now.screen,
        seats=now.seats if said.seats == ABSENT else said.seats,
        cancelled=said.cancelled if scheduled else now.cancelled,
        first=now.first,
        screening=now.screening,
    )


def same(one: Described, other: Described) -> bool:
    """Whether two descriptions say the same of a screening."""
    return (
        one.start == other.start
        and one.programme == other.programme
        and one.screen == other.screen
        and one.seats == other.seats
        and one.cancelled == other.cancelled
        and one.currency == other.currency
        and one.business_date == other.business_date
    )


def with_changes(described: Described, **changes: Any) -> Described:  # noqa: ANN401
    """The same with other values, spoken of in no book yet."""
    values = {name: getattr(described, name) for name in Described.__slots__}
    return Described(**(values | {"books": 0, "descriptions": []} | changes))
