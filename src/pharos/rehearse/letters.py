"""What happened becomes bodies of messages in the native format.

In: events, places on the slate, plain rows. Out: bytes, with the moment of the rehearsal's clock in
the header. Knows no order of sending and no disorder. The format: docs/formats/native.md.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

from pharos.rehearse.arrays import Ints
from pharos.rehearse.country import Country
from pharos.rehearse.demand import CHANNELS, TICKET_TYPES
from pharos.rehearse.events import Act, Events
from pharos.rehearse.programme import Programme, clock_text
from pharos.rehearse.slate import Slate
from pharos.words.money import decimal_text

Row = dict[str, Any]

_TYPES = [name for name, _, _ in TICKET_TYPES]
_CHANNELS = [name for name, _ in CHANNELS]
_ACTS = [act.name.lower() for act in Act]


class Letters:
    """Writes bodies; ``header`` says whether they name the rehearsal's moment."""

    def __init__(
        self, country: Country, programme: Programme, slate: Slate, *, header: bool
    ) -> None:
        """Keep the texts that bodies are made of."""
        self._slate, self._programme, self._header = slate, programme, header
        self._zone, self.currency = country.said.zone, country.said.currency
        self._cinemas = [country.cinema_id(n) for n in range(len(country))]
        self._works = programme.work_ids()
        self._versions = [version.id for version in programme.versions]
        self._clock = lru_cache(maxsize=4096)(lambda second: clock_text(second, self._zone))

    def said_at(self, second: int) -> Row:
        """How every header begins."""
        return {"pharos": 1} | ({"rehearsed": self._clock(second)} if self._header else {})

    def rows(self, second: int, rows: Iterable[Row]) -> bytes:
        """Rows of any kind as JSON Lines."""
        return msgspec.json.Encoder().encode_lines([self.said_at(second), *rows])

    def tickets(self, second: int, events: Events) -> bytes:
        """Sales by the column; each screening is described once."""
        places, index = np.unique(events.screening, return_inverse=True)
        said = self.said_at(second) | {
            "columnar": "tickets",
            "currency": self.currency,
            "screenings": self._described(places),
            "ticket_types": _TYPES,
            "channels": _CHANNELS,
            "columns": {
                "screening": index.tolist(),
                "number": events.number.tolist(),
                "sold_at": events.sold_at.tolist(),
                "ticket_type": events.ticket_type.tolist(),
                "channel": events.channel.tolist(),
                "paid": events.paid.tolist(),
                "fee": events.fee.tolist(),
            },
        }
        return msgspec.json.encode(said)

    def taken_back(self, second: int, events: Events) -> bytes:
        """Refunds, voids and exchanges as rows, since only rows say what they refer to."""
        rows = self.screenings(events.screening)
        happened = zip(
            events.act.tolist(), events.number.tolist(), events.sold_at.tolist(),
            events.ticket_type.tolist(), events.channel.tolist(), events.paid.tolist(),
            events.fee.tolist(), events.refers.tolist(), strict=True,
        )  # fmt: skip
        return self.rows(second, (
            {"kind": "tickets", **row, "event": _ACTS[act],
             "number": number, "sold_at": self._clock(sold_at), "ticket_type": _TYPES[of],
             "channel": _CHANNELS[channel], "paid": self.money(paid), "fee": self.money(fee),
             "currency": self.currency, "refers_to": str(refers)}
            for row, (act, number, sold_at, of, channel, paid, fee, refers)
            in zip(rows, happened, strict=True)
        ))  # fmt: skip

    def schedule(self, second: int, places: Ints) -> bytes:
        """The screenings at these places as rows of a schedule."""
        return self.rows(second, ({"kind": "schedule", **row} for row in self.screenings(places)))

    def screenings(self, places: Ints) -> Iterable[Row]:
        """What every row about a screening says of it."""
        described = self._described(places)
        for row in zip(*described.values(), strict=True):
            yield dict(zip(described, row, strict=True))

    def money(self, minor: int) -> str:
        """An amount as text."""
        return decimal_text(minor, self.currency)

    def _described(self, places: Ints) -> dict[str, list[Any]]:
        slate = self._slate
        ids, clock = slate.ids, self._clock
        return {
            "screening": [ids[place] for place in places.tolist()],
            "start": [clock(start) for start in slate["start"][places].tolist()],
            "cinema": [self._cinemas[n] for n in slate["cinema"][places].tolist()],
            "screen": [str(n + 1) for n in slate["screen"][places].tolist()],
            "work": [self._works[n] for n in slate["work"][places].tolist()],
            "version": [self._versions[n] for n in slate["version"][places].tolist()],
            "seats": slate["seats"][places].tolist(),
        }
