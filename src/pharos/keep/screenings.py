"""From mentions to accounts: which screening, or which day of a work, a line speaks of.

In: the mentions of a batch. Out: the account of each, new ones where a screening is said for the
first time or described anew. Knows which description holds now; what it cannot remember it reads
from the ledger.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from pharos.keep.batch import Batch
from pharos.keep.ledger import Ledger, dates, first_row, instants
from pharos.words.figures import ABSENT, Level, Mention
from pharos.words.works import Programme

#: A screening id that comes back further away than this is another screening: tills count anew.
SAME_SCREENING_DAYS = 31
#: Screenings and days kept in memory; the ledger is asked for what is no longer there. A day of
#: a large country has 450,000 screenings, while a work's day in a cinema is said about once.
REMEMBERED = 1_000_000
REMEMBERED_DAYS = 20_000

Key = tuple[str, str, str]
MentionKey = tuple[str, Mention]

parsed = lru_cache(maxsize=100_000)(Programme.parse)


@dataclass(slots=True)
class Described:
    """A screening as it is described now, or one work's day in a cinema.

    ``books`` has a bit for each book in which the ledger holds figures, as far as is remembered.
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
    mentions: list[MentionKey] = field(default_factory=list)


def mention_keys(batch: Batch) -> list[MentionKey]:
    """What tells one mention from another, for every mention of a batch."""
    return list(zip(batch.senders, batch.figures.mentions.items, strict=True))


def mention_at(batch: Batch, index: int) -> Described:
    """One mention of a batch as a description without an account yet."""
    said = batch.figures.mentions.items[index]
    programme = parsed(said.programme)
    return Described(
        first=-1,
        screening=-1,
        parts=len(programme.parts),
        weights=tuple(part.weight for part in programme.parts),
        level=said.level,
        sender=batch.senders[index],
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


class Screenings:
    """What each screening is said to be; accounts are numbered in the order of their making."""

    def __init__(self, ledger: Ledger) -> None:
        """Start from what the ledger holds."""
        self._ledger = ledger
        self.current: dict[Key, Described] = {}
        #: Screenings whose id was said again for another, long before or after.
        self._same_id: dict[Key, list[Described]] = {}
        #: Ticket mentions as they were last said, so that a till that says the same again and
        #: again is understood at once.
        self.exact: dict[MentionKey, Described] = {}
        self.days: dict[Key, Described] = {}
        row = first_row(
            ledger.connection,
            "SELECT coalesce(max(account), -1) + 1, coalesce(max(screening), -1) + 1 FROM account",
        )
        self._next_account, self._next_screening = row or (0, 0)
        #: Nothing was forgotten: what is not in memory was never said.
        self._complete = self._next_screening == 0
        self._fresh: list[tuple[Described, int]] = []

    def known(self, wanted: list[Described]) -> None:
        """Bring the descriptions of these mentions to mind, those that the ledger has."""
        if len(self.days) > REMEMBERED_DAYS:
            self.days.clear()
            self._complete = False
        if len(self.current) > REMEMBERED:
            self.current.clear()
            self._same_id.clear()
            self.exact.clear()
            self._complete = False
        if self._complete:
            return
        missing = [w for w in wanted if self.find(w) is None]
        if missing:
            self._recall(missing)

    def find(self, mention: Described) -> Described | None:
        """The description that holds now for what is mentioned."""
        key = key_of(mention)
        found = self._memory(mention.level).get(key)
        if found is None or mention.level == Level.DAY:
            return found
        near = [d for d in (found, *self._same_id.get(key, ())) if _near(d, mention)]
        return max(near, key=lambda d: d.screening, default=None)

    def open(self, described: Described, position: int) -> Described:
        """Give a description accounts of its own, one for each work of its programme."""
        made = _with(described, first=self._next_account, screening=self._next_screening)
        self._next_account += made.parts
        self._next_screening += 1
        self._place(made)
        self._fresh.append((made, position))
        return made

    def remember(self, mention: MentionKey, described: Described) -> None:
        """Know a ticket mention at once the next time."""
        self.exact[mention] = described
        described.mentions.append(mention)

    def replaced(self, described: Described) -> None:
        """A description no longer holds: mentions that led to it must be looked at anew."""
        for mention in described.mentions:
            self.exact.pop(mention, None)

    def forget(self, described: Described, position: int) -> None:
        """A screening was withdrawn: if it is said again, it is a new one."""
        gone = _with(described, first=-1, screening=self._next_screening, parts=1)
        self._next_screening += 1
        known = self.find(described)
        if known is not None:
            self.replaced(known)
            self._drop(known)
        self._fresh.append((gone, position))

    def write(self) -> None:
        """Write the accounts that were opened into the ledger's transaction."""
        if not self._fresh:
            return
        terms = self._ledger.terms
        rows: dict[str, list[Any]] = {name: [] for name in _ACCOUNT_COLUMNS}
        for made, position in self._fresh:
            for part, one in enumerate(parsed(made.programme).parts[: made.parts]):
                _add_account(rows, made, part, position)
                rows["work"].append(terms["work"].code(one.work))
                rows["version"].append(terms["version"].code(one.version))
        for name in ("sender", "cinema", "screen", "currency"):
            rows[name] = terms[name].codes(rows[name]).tolist()
        starts = np.array(rows.pop("start"), dtype=np.int64)
        seats = np.array(rows.pop("known_seats"), dtype=np.int64)
        columns = {name: pa.array(values) for name, values in rows.items() if name != "dates"}
        columns["start_us"], columns["known_seats"] = pa.array(starts), pa.array(seats)
        columns["start"] = instants(starts)
        columns["business_date"] = dates(rows["dates"])
        columns.pop("dates", None)
        self._ledger.append("account", columns)
        self._fresh.clear()

    def _place(self, made: Described) -> None:
        """Remember a description in the place of the one it replaces, if there is one."""
        if made.level == Level.DAY:
            self.days[key_of(made)] = made
            return
        before = self.find(made)
        if before is not None:
            self._drop(before)
        key = key_of(made)
        if (other := self.current.get(key)) is not None:
            self._same_id.setdefault(key, []).append(other)
        self.current[key] = made

    def _drop(self, described: Described) -> None:
        key, memory = key_of(described), self._memory(described.level)
        if memory.get(key) is not described:
            self._same_id[key].remove(described)
            return
        del memory[key]
        if others := self._same_id.get(key):
            memory[key] = others.pop()

    def _memory(self, level: int) -> dict[Key, Described]:
        return self.days if level == Level.DAY else self.current

    def _recall(self, missing: list[Described]) -> None:
        terms = self._ledger.terms
        first = min(w.business_date for w in missing) - timedelta(days=SAME_SCREENING_DAYS)
        last = max(w.business_date for w in missing) + timedelta(days=SAME_SCREENING_DAYS)
        wanted = pa.table(
            {
                "sender": terms["sender"].codes(w.sender for w in missing),
                "cinema": terms["cinema"].codes(w.cinema for w in missing),
                "said": [account_said(w) for w in missing],
                "wanted_date": dates([w.business_date for w in missing]),
                "nth": list(range(len(missing))),
            }
        )
        found = self._ledger.query(_RECALL, [first, last], wanted=wanted)
        for row in found.to_pylist():
            described = self.described(row)
            if described.first >= 0 and self.find(described) is None:
                self._place(described)

    def described(self, row: dict[str, Any]) -> Described:
        """The description that a row of the table ``account`` holds."""
        terms = self._ledger.terms
        programme = parsed(row["programme"])
        return Described(
            first=row["account"],
            screening=row["screening"],
            parts=len(programme.parts),
            weights=tuple(part.weight for part in programme.parts),
            level=row["level"],
            sender=terms["sender"].texts[row["sender"]],
            cinema=terms["cinema"].texts[row["cinema"]],
            said=row["said"] if row["level"] == Level.SCREENING else "",
            start=row["start_us"],
            offset_minutes=row["offset_minutes"],
            screen=terms["screen"].texts[row["screen"]],
            programme=row["programme"],
            business_date=row["business_date"],
            seats=row["known_seats"],
            cancelled=row["cancelled"],
            currency=terms["currency"].texts[row["currency"]],
        )


def _near(one: Described, other: Described) -> bool:
    return abs((one.business_date - other.business_date).days) <= SAME_SCREENING_DAYS


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
    return _with(
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


def _with(described: Described, **changes: Any) -> Described:  # noqa: ANN401
    values = {name: getattr(described, name) for name in Described.__slots__}
    return Described(**(values | {"books": 0, "mentions": []} | changes))


_ACCOUNT_COLUMNS = (
    "account", "screening", "level", "sender", "cinema", "said", "work", "version", "lead",
    "dates", "start", "minute", "screen", "currency", "position", "programme",
    "offset_minutes", "known_seats", "cancelled",
)  # fmt: skip


def _add_account(rows: dict[str, list[Any]], made: Described, part: int, position: int) -> None:
    day = made.level == Level.DAY
    rows["account"].append(made.first + part if made.first >= 0 else -1)
    rows["screening"].append(made.screening)
    rows["level"].append(int(made.level))
    rows["sender"].append(made.sender)
    rows["cinema"].append(made.cinema)
    rows["said"].append(account_said(made))
    rows["lead"].append(part == 0)
    rows["dates"].append(made.business_date)
    rows["start"].append(made.start)
    rows["minute"].append(None if day else local_minute(made.start, made.offset_minutes))
    rows["screen"].append(made.screen)
    rows["currency"].append(made.currency)
    rows["position"].append(position)
    rows["programme"].append(made.programme)
    rows["offset_minutes"].append(made.offset_minutes)
    rows["known_seats"].append(made.seats)
    rows["cancelled"].append(made.cancelled)


def local_minute(start: int, offset_minutes: int) -> int:
    """Minute of the local day (0 to 1439) at which a screening starts."""
    return (start // 60_000_000 + offset_minutes) % 1440


def local_start(described: Described) -> datetime:
    """The start in UTC, for messages to people."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=described.start)


_RECALL = f"""
-- the newest description of each screening (or day) that is wanted, withdrawn ones included
SELECT a.* FROM account a JOIN wanted w
  ON a.sender = w.sender AND a.cinema = w.cinema AND a.said = w.said
WHERE a.lead AND a.business_date BETWEEN ? AND ?
  AND abs(a.business_date - w.wanted_date) <= {SAME_SCREENING_DAYS}
QUALIFY row_number() OVER (PARTITION BY w.nth ORDER BY a.screening DESC) = 1
"""
