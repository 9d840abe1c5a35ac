"""Events as vendors send them: columnar messages of the native format.

In: slices of events. Out: drafts with their bytes, in the order of their arrival. Knows no engine.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import numpy as np

from bench.market import CHANNELS, TICKET_TYPES, VENDORS, Events, Market

STREAM = "tickets"
_COLUMNS = ("number", "event", "sold_at", "ticket_type", "channel", "paid", "fee")


class Sent(NamedTuple):
    """One message: who sends it, its id, its bytes, how many events and screenings it holds."""

    sender: str
    id: str
    body: bytes
    events: int
    screenings: int


class Mail:
    """Writes messages with dense ids for each vendor."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._ids = [0] * VENDORS
        self._starts = [market.start(n) for n in range(market.size.screenings)]

    def messages(self, events: Events, size: int) -> Iterator[Sent]:
        """The events in messages of ``size``, those of all vendors in turn."""
        mine = [np.flatnonzero(events.vendor == vendor) for vendor in range(VENDORS)]
        turns = max((len(places) + size - 1) // size for places in mine)
        for turn in range(turns):
            for places in mine:
                part = places[turn * size : (turn + 1) * size]
                if len(part):
                    yield self.message(events.take(part))

    def by_cinema(self, events: Events) -> Iterator[Sent]:
        """One message for each cinema, with all its events."""
        order = np.argsort(events.cinema, kind="stable")
        starts = np.flatnonzero(np.diff(events.cinema[order], prepend=-1))
        for part in np.split(order, starts[1:]):
            yield self.message(events.take(part))

    def message(self, events: Events) -> Sent:
        """Events of one vendor as a message."""
        vendor = int(events.vendor[0])
        self._ids[vendor] += 1
        number = str(self._ids[vendor])
        market = self._market
        said, local = np.unique(events.screening, return_inverse=True)
        columns = {name: getattr(events, name).tolist() for name in _COLUMNS}
        message = {
            "pharos": 1,
            "columnar": "tickets",
            "id": number,
            "stream": STREAM,
            "currency": "CNY",
            "screenings": {
                "screening": [f"s{n}" for n in said.tolist()],
                "cinema": [f"c{n}" for n in market.cinema[said].tolist()],
                "start": [self._starts[n] for n in said.tolist()],
                "screen": [str(n) for n in market.screen[said].tolist()],
                "work": [f"w{n}" for n in market.work[said].tolist()],
                "seats": market.seats[said].tolist(),
            },
            "ticket_types": TICKET_TYPES,
            "channels": CHANNELS,
            "columns": {"screening": local.tolist(), **columns},
        }
        return Sent(
            f"vendor-{vendor}", number, msgspec.json.encode(message), len(events), len(said)
        )


def registers(market: Market) -> bytes:
    """One message that registers all cinemas and works."""
    rows: list[dict[str, object]] = [{"pharos": 1}]
    for n in range(market.size.cinemas):
        cinema = {
            "id": f"c{n}",
            "name": f"Cinema {n}",
            "territory": "CN",
            "city": f"city-{n % 300}",
            "province": f"province-{n % 31}",
            "tier": str(1 + n % 5),
            "chain": f"chain-{n % 50}",
            "expected": True,
        }
        rows.append({"kind": "register", "cinema": cinema})
    for n in range(int(market.work.max()) + 1):
        names = [{"language": "en", "name": f"Work {n}"}]
        rows.append({"kind": "register", "work": {"id": f"w{n}", "names": names}})
    return b"\n".join(msgspec.json.encode(row) for row in rows) + b"\n"


def batches(messages: Iterator[Sent], events: int) -> Iterator[list[Sent]]:
    """Messages in groups of at least so many events; the last one may have fewer."""
    waiting: list[Sent] = []
    count = 0
    for message in messages:
        waiting.append(message)
        count += message.events
        if count >= events:
            yield waiting
            waiting, count = [], 0
    if waiting:
        yield waiting
