"""What every peer shares: messages become arrays with dense codes.

In: messages of the native columnar format. Out: parcels of arrays, and the screenings that were
never seen. It reads less than Pharos does: it checks the form only, knows no rule, no business
date, no register.
"""

from dataclasses import dataclass, field

import msgspec
import numpy as np

from bench.market import Ints
from bench.messages import Sent
from pharos.arrive.columnar_wire import ColumnarTickets

_decoder = msgspec.json.Decoder(ColumnarTickets)
_FIELDS = ("number", "event", "sold_at", "ticket_type", "channel", "paid", "fee")
#: The columns of an event as every peer stores them.
COLUMNS = ("line", "position", "stream", "number", "content", "screening", "event", "sold_at",
           "ticket_type", "channel", "admissions", "gross", "fee")  # fmt: skip
SCREENING_COLUMNS = ("screening", "cinema", "said", "work", "start", "screen", "seats")

Screening = tuple[int, str, str, str, str, str, int]


@dataclass(slots=True)
class Parcel:
    """One batch: a column for each of COLUMNS, and what it named for the first time."""

    columns: dict[str, Ints]
    screenings: list[Screening] = field(default_factory=list)
    streams: list[tuple[int, str, str]] = field(default_factory=list)

    def take(self, chosen: Ints) -> "Parcel":
        """The events at these places, with everything that is new."""
        columns = {name: column[chosen] for name, column in self.columns.items()}
        return Parcel(columns, self.screenings, self.streams)

    def rows(self) -> list[tuple[int, ...]]:
        """The events as rows."""
        return list(zip(*(self.columns[name].tolist() for name in COLUMNS), strict=True))


class Decoder:
    """Numbers screenings and streams in the order in which they are first named."""

    def __init__(self) -> None:
        self._screenings: dict[tuple[str, str, str], int] = {}
        self._streams: dict[tuple[str, str], int] = {}
        self._lines = 0
        self._position = 0

    def parcel(self, messages: list[Sent]) -> Parcel:
        """The events of these messages in order."""
        parcel = Parcel({})
        parts = [self._read(one, parcel) for one in messages]
        joined = np.concatenate(parts, axis=1)
        columns = dict(zip(("position", "stream", "screening", *_FIELDS), joined, strict=True))
        columns["line"] = np.arange(self._lines, self._lines + joined.shape[1])
        self._lines += joined.shape[1]
        sign = 1 - 2 * columns["event"]
        columns["content"] = _content(columns)
        columns["admissions"] = sign
        columns["gross"] = sign * columns["paid"]
        columns["fee"] = sign * columns["fee"]
        parcel.columns = {name: columns[name] for name in COLUMNS}
        return parcel

    def _read(self, one: Sent, parcel: Parcel) -> Ints:
        said = _decoder.decode(one.body)
        told, columns = said.screenings, said.columns
        cinemas = told.cinema or []
        codes, streams = self._screenings, self._streams
        screening, stream = [], []
        for n, (cinema, name) in enumerate(zip(cinemas, told.screening, strict=True)):
            key = (one.sender, cinema, name)
            if (code := codes.get(key)) is None:
                code = codes[key] = len(codes)
                parcel.screenings.append(_described(code, said, n))
            screening.append(code)
            if (number := streams.get(key[:2])) is None:
                number = streams[key[:2]] = len(streams)
                parcel.streams.append((number, one.sender, cinema))
            stream.append(number)
        self._position += 1
        local = np.array(columns.screening, dtype=np.int64)
        events = np.array([getattr(columns, name) for name in _FIELDS], dtype=np.int64)
        head = np.empty((3, len(local)), dtype=np.int64)
        head[0] = self._position
        head[1] = np.array(stream, dtype=np.int64)[local]
        head[2] = np.array(screening, dtype=np.int64)[local]
        return np.concatenate([head, events])


def _described(code: int, said: ColumnarTickets, n: int) -> Screening:
    told = said.screenings
    return (
        code,
        (told.cinema or [])[n],
        told.screening[n],
        (told.work or [])[n],
        told.start[n],
        (told.screen or [])[n],
        (told.seats or [])[n] or 0,
    )


def _content(columns: dict[str, Ints]) -> Ints:
    """A 63-bit hash of what an event says."""
    mixed = np.full(len(columns["number"]), 1469598103934665603, dtype=np.uint64)
    for name in ("screening", *_FIELDS):
        mixed ^= columns[name].astype(np.uint64)
        mixed *= np.uint64(1099511628211)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(1)).astype(np.int64) | 1
