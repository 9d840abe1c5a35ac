"""A record day in a ledger: real messages open the screenings, postings are written for the rest.

In: a size and a folder. Out: an open home, the edition of the middle of the day, and the same
events as Parquet for the peers. The screenings and their first sales go through the journal and
`keep.receive`; the other events are posted by `keep`'s own functions (the arithmetic of postings,
the ledger's transaction, its checkpoints), without journal, rules and marks, which no question
reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.market import CHANNELS, TICKET_TYPES, Events, Ints, Market, Size
from bench.messages import Mail, batches
from bench.path import Pharos, close_batches_at
from bench.timing import say
from pharos.keep.ledger import instants
from pharos.keep.postings import Columns, Parts, post
from pharos.serve.home import Home
from pharos.words.figures import ABSENT, LINE_COLUMNS, Book, Event

#: Events of one position, and of one transaction.
MESSAGE, TRANSACTION = 200, 100_000
_SLICE = 1_000_000
_AT = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)

_EVENTS = """
COPY (
  SELECT p.position, p.account AS screening, p.event, p.ticket_type, p.channel,
    epoch(p.sold_at)::BIGINT AS sold_at, p.admissions, p.gross, p.fee
  FROM posting p WHERE p.book = 1 ORDER BY p.position, p.row_number)
TO '{folder}/event.parquet' (FORMAT parquet, COMPRESSION zstd)
"""
_SCREENINGS = """
COPY (
  SELECT a.account AS screening, c.text AS cinema, w.text AS work, a.known_seats AS seats
  FROM account a JOIN term w ON w.kind = 'work' AND w.code = a.work
  JOIN term c ON c.kind = 'cinema' AND c.code = a.cinema)
TO '{folder}/screening.parquet' (FORMAT parquet)
"""


@dataclass(slots=True)
class Day:
    """The day in a home; ``middle`` is the edition at noon, between two checkpoints."""

    pharos: Pharos
    market: Market
    tickets: int
    middle: int

    @property
    def home(self) -> Home:
        """The home that holds it."""
        return self.pharos.home


def _unrecorded() -> None:
    """These postings stand behind no message, so there is no decision to record."""


def prepare(size: Size, folder: Path) -> Day:
    """Make the day and export its events and screenings to ``folder``."""
    market = Market(size)
    pharos = Pharos(folder, market)
    close_batches_at(100_000)
    mail = Mail(market)
    for group in batches(mail.messages(market.opening(size.screenings), 2_000), 100_000):
        pharos.apply([group])
    say(f"record day: {size.screenings:,} screenings opened through the journal")
    ledger = pharos.home.ledger
    first = ledger.position
    for tickets, postings in _postings(pharos.home, market, (market.opened, size.tickets)):
        last = int(postings["position"][-1])
        with ledger.transaction(last, _AT, _unrecorded):
            _append(pharos.home, postings)
            pharos.home.writer.checkpoints.grown(len(postings["account"]), last)
        if tickets % 4_000_000 < TRANSACTION:
            say(f"record day: {tickets:,} tickets")
    connection = ledger.connection
    connection.execute("CHECKPOINT")
    connection.execute(_EVENTS.format(folder=folder))
    connection.execute(_SCREENINGS.format(folder=folder))
    middle = first + int((ledger.position - first) * 0.513)
    return Day(pharos, market, size.tickets, middle)


def go_on(day: Day, batch: int, count: int) -> None:
    """Post so many more batches of so many tickets, each in a transaction of its own."""
    for _, postings in _postings(day.home, day.market, (0, batch * count), batch):
        with day.home.ledger.transaction(int(postings["position"][-1]), _AT, _unrecorded):
            _append(day.home, postings)


def _postings(
    home: Home, market: Market, tickets: tuple[int, int], batch: int = TRANSACTION
) -> Iterator[tuple[int, Columns]]:
    """Postings of tickets from one number up to another, in batches, with how many there are."""
    account, (made, until) = _accounts(home, market), tickets
    terms, position = home.ledger.terms, home.ledger.position + 1
    kinds = terms["ticket_type"].codes(TICKET_TYPES)
    channels = terms["channel"].codes(CHANNELS)
    while made < until:
        events = market.slice(_SLICE)
        fresh = np.flatnonzero(events.kind == 0)[: until - made]
        for start in range(0, len(fresh), batch):
            part = events.take(fresh[start : start + batch])
            lines = _lines(part, position)
            lines["ticket_type"], lines["channel"] = kinds[part.ticket_type], channels[part.channel]
            mine = account[part.screening]
            made += len(part)
            position = int(lines["position"][-1]) + 1
            yield made, post(lines, Parts(mine, np.ones_like(mine), {}))


def _lines(events: Events, position: int) -> Columns:
    count = len(events)
    lines = {name: np.full(count, ABSENT, dtype=np.int64) for name in LINE_COLUMNS}
    nth = np.arange(count)
    return lines | {
        "position": position + nth // MESSAGE,
        "row": 1 + nth % MESSAGE,
        "mention": nth,
        "book": np.full(count, int(Book.TICKETS)),
        "event": events.event + int(Event.SALE),
        "line": np.zeros(count, dtype=np.int64),
        "untyped": np.zeros(count, dtype=np.int64),
        "quantity": np.ones(count, dtype=np.int64),
        "sold_at": events.sold_at * 1_000_000,
        "paid": events.paid,
        "fee": events.fee,
    }


def _accounts(home: Home, market: Market) -> Ints:
    rows = home.ledger.connection.execute("SELECT said, account FROM account").fetchall()
    account = np.zeros(market.size.screenings, dtype=np.int64)
    for said, code in rows:
        account[int(said[1:])] = code
    return account


def _append(home: Home, made: Columns) -> None:
    columns = {name: pa.array(column) for name, column in made.items()}
    columns["row_number"] = columns.pop("row")
    columns["sold_at"] = instants(made["sold_at"])
    home.ledger.append_arrow("posting", pa.table(columns))
