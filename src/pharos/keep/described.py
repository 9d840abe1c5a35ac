"""A screening, or one work's day in a cinema, as the ledger holds it to be described.

In: mentions. Out: what is said of the thing mentioned, where its accounts begin, and what tells one
from another. Knows no table.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache

from pharos.keep.batch import Batch
from pharos.words.descriptions import Mention
from pharos.words.figures import ABSENT, Level
from pharos.words.works import Programme

#: A screening id that comes back further away than this is another screening: tills count anew.
SAME_SCREENING_DAYS = 31

#: What tells one screening, or one work's day in a cinema, from another: sender, cinema, id.
Key = tuple[str, str, str]

parsed = lru_cache(maxsize=100_000)(Programme.parse)


@dataclass(slots=True)
class Described:
    """What is said now of a screening, or of one work's day in a cinema: its latest ``mention``.

    Its accounts begin at ``first``, one for each of its ``parts``. ``books`` has a bit for each
    book in which the ledger holds figures, as far as is remembered; ``descriptions`` are the
    numbers of the ticket mentions that led here. Whatever is made of it by `replace` begins with
    none of either.
    """

    first: int
    screening: int
    parts: int
    weights: tuple[int, ...]
    sender: str
    mention: Mention
    books: int = field(default=0, init=False)
    descriptions: list[int] = field(default_factory=list, init=False)


def described(sender: str, mention: Mention, first: int = -1, screening: int = -1) -> Described:
    """A mention of a sender as a description; without an account yet unless it is given."""
    weights = tuple(part.weight for part in parsed(mention.programme).parts)
    return Described(first, screening, len(weights), weights, sender, mention)


def mention_at(batch: Batch, index: int) -> Described:
    """One mention of a batch as a description without an account yet."""
    return described(batch.report_at(index).sender, batch.figures.mentions[index])


def key_of(one: Described) -> Key:
    """What tells one screening, or one work's day in a cinema, from another."""
    return (one.sender, one.mention.cinema, account_said(one.mention))


def account_said(mention: Mention) -> str:
    """The screening id as said; for a day, its date, work and version."""
    if mention.level == Level.DAY:
        return f"{mention.business_date.isoformat()}\x1d{mention.programme}"
    return mention.screening


def merged(now: Described, said: Described, *, scheduled: bool) -> Described:
    """``said`` with what it leaves open taken from ``now``; only a schedule can cancel."""
    before, after = now.mention, said.mention
    mention = after._replace(
        screen=after.screen or before.screen,
        seats=before.seats if after.seats == ABSENT else after.seats,
        cancelled=after.cancelled if scheduled else before.cancelled,
    )
    return replace(said, first=now.first, screening=now.screening, mention=mention)


def same(one: Described, other: Described) -> bool:
    """Whether two descriptions say the same of a screening, in whichever offset."""
    mine = one.mention
    return mine == other.mention._replace(offset_minutes=mine.offset_minutes)


def near(one: Mention, other: Mention) -> bool:
    """Whether one screening id can mean one screening in both mentions."""
    return abs((one.business_date - other.business_date).days) <= SAME_SCREENING_DAYS
