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


#: What is said of a screening, and the columns of the slate that it is made of.
_FIELDS = ("screening", "start", "cinema", "screen", "work", "version", "seats")
_SAID = ("slot", "start", "cinema", "screen", "work", "version", "seats")


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
        #: Of each screening what is said of it; empty once it is forgotten.
        self._told: list[tuple[Any, ...]] = []
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
        for place in places.tolist():
            yield dict(zip(_FIELDS, self._told[place], strict=True))

    def money(self, minor: int) -> str:
        """An amount as text."""
        return decimal_text(minor, self.currency)

    def learn(self, day: int) -> None:
        """Make the words about the screenings of the next day that is on the slate."""
        slate, where = self._slate, self._slate.of_day(day)
        mine = {name: slate[name][where].tolist() for name in _SAID}
        label = f"{self._programme.dates[day]:%m%d}"
        screens = [str(number + 1) for number in mine["screen"]]
        ids = (f"{label}-{screen}-{slot}" for screen, slot in
               zip(screens, mine["slot"], strict=True))  # fmt: skip
        starts = map(self._clock, mine["start"])
        cinemas = (self._cinemas[number] for number in mine["cinema"])
        works = (self._works[number] for number in mine["work"])
        versions = (self._versions[number] for number in mine["version"])
        self._told += zip(
            ids, starts, cinemas, screens, works, versions, mine["seats"], strict=True
        )

    def forget(self, day: int) -> None:
        """Give back the memory of a day's words once nothing is sent about it any more."""
        where = self._slate.of_day(day)
        self._told[where] = [()] * (where.stop - where.start)

    def _described(self, places: Ints) -> dict[str, tuple[Any, ...]]:
        told = self._told
        columns = zip(*[told[place] for place in places.tolist()], strict=True)
        return dict(zip(_FIELDS, columns, strict=True))
