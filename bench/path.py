"""Pharos on its real path: messages in a journal, received into a ledger.

In: messages. Out: how long the receiving took, and what the ledger then says. Everything it calls
is what `pharos submit` calls.
"""

import time
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

from bench.market import Market
from bench.messages import STREAM, Sent, registers
from bench.peers.peer import Sums
from pharos.arrive.journal import Draft
from pharos.keep import decide, receive
from pharos.serve.home import Home, init
from pharos.words.home import HomeSettings

_NOW = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)


def close_batches_at(events: int) -> None:
    """Let the receiving decide batches of so many events; the product's own size is 10,000."""
    vars(receive)["batches"] = partial(decide.batches, full=events)
    vars(receive)["CHUNK"] = max(receive.CHUNK, events)


class Pharos:
    """One home on a disk."""

    name = "Pharos"
    design = "as it is"
    rules = "-"

    def __init__(self, folder: Path, market: Market) -> None:
        settings = HomeSettings(scope="nation", territories=("CN",), currency="CNY")
        init(folder / "home", settings, lambda: _NOW)
        self.home = Home(folder / "home", lambda: _NOW)
        self.home.send("office", "register", "1", registers(market))

    def keep(self, messages: list[Sent]) -> None:
        """Put messages into the journal; their senders then have receipts."""
        drafts = [Draft(one.sender, STREAM, one.id, one.body) for one in messages]
        self.home.journal.append(drafts)

    def receive(self) -> list[float]:
        """Bring the ledger up to the journal; seconds for each batch, the last one committed."""
        ends = [time.perf_counter()]
        receive.catch_up(
            self.home.journal,
            self.home.writer,
            lambda _position, _last: ends.append(time.perf_counter()),
        )
        ends[-1] = time.perf_counter()
        return [end - begin for begin, end in pairwise(ends)]

    def apply(self, work: list[list[Sent]]) -> list[float]:
        """Seconds for each batch from journal bytes to a committed ledger."""
        for messages in work:
            self.keep(messages)
        return self.receive()

    def sums(self) -> Sums:
        """The sums over everything; conflicts are findings."""
        row = self.home.ask("gross", "admissions").rows[0]
        found = self.home.ledger.connection.execute(
            "SELECT count(*) FROM finding WHERE rule = 'conflict'"
        ).fetchone()
        conflicts = int(found[0]) if found else 0
        return Sums(int(row["gross_minor"]), int(row["admissions"]), conflicts)

    def close(self) -> None:
        """Give the home back."""
        self.home.close()
