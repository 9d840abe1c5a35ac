"""What a sender means to send, and how it says so.

In: a seed. Out: messages with their rows as the oracle reads them and bodies as they travel.
Must not know what any of it adds up to, nor whether it arrived.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from tests.oracle_said import Row, Sent

WORKS = tuple(f"W{n}" for n in range(5))
DAYS = tuple(f"2024-03-{day:02d}" for day in range(4, 11))


@dataclass(frozen=True, eq=False)
class Intent:
    """One message as its sender means it; ``other`` bodies contradict an id that is taken."""

    sender: str
    stream: str
    id: str
    body: bytes
    rows: tuple[Row, ...]
    in_header: bool = False
    other: bool = False

    def query(self) -> str:
        """How it names itself in the address."""
        if self.in_header:
            return f"sender={self.sender}"
        return f"sender={self.sender}&stream={self.stream}&id={self.id}"

    def sent(self, position: int) -> Sent:
        """The same for the oracle."""
        return Sent(self.sender, self.stream, self.id, self.rows, position)


class Meaning:
    """One sender's messages, one after another; its cinemas are its own."""

    def __init__(self, number: int, seed: int) -> None:
        self.sender = f"sender{number}"
        self._random = Random(f"{seed} {number}")
        self._cinema = f"C{number}"
        self._ids: dict[str, int] = {}
        self._tickets: list[Row] = []
        self._kinds: tuple[Callable[[], Intent], ...] = (
            self._native,
            self._native,
            self._columnar,
            self._day,
            self._totals,
        )

    def next(self) -> Intent:
        """One more message."""
        return self._random.choice(self._kinds)()

    def correction(self, of: Intent) -> Intent | None:
        """A correction of a day total that is known to have arrived, and is said only once."""
        (row, *_) = of.rows
        if of.stream != "once":
            return None
        keys = {name: row[name] for name in ("cinema", "date", "work")}
        expect = {name: row[name] for name in ("gross", "admissions")}
        said = {"gross": self._amount(), "admissions": self._random.randint(0, 200)}
        why = {"reason": "a slip", "by": "office"}
        row = {"kind": "correction", "book": "day_totals", **keys, "expect": expect, "set": said}
        return self._said("corrections", (row | why,))

    def contradiction(self, of: Intent) -> Intent:
        """Another body under an id that is taken."""
        row = self._day_row(f"{self._cinema}x", self._random.choice(DAYS), "W9")
        body = _native((row,))
        return Intent(self.sender, of.stream, of.id, body, (row,), other=True)

    def _said(self, stream: str, rows: tuple[Row, ...]) -> Intent:
        said = self._id(stream)
        in_header = self._random.random() < 0.3
        header = {"id": said, "stream": stream} if in_header else {}
        return Intent(self.sender, stream, said, _native(rows, **header), rows, in_header)

    def _id(self, stream: str) -> str:
        self._ids[stream] = self._ids.get(stream, 0) + 1
        return str(self._ids[stream])

    def _amount(self) -> str:
        minor = self._random.choice((0, self._random.randint(1, 90_000)))
        return f"{minor // 100}.{minor % 100:02d}"

    def _screening(self, cinema: str) -> Row:
        """One of a few screenings, which is always described in the same way."""
        n = self._random.randrange(14)
        start = f"{DAYS[n % 7]}T{(14, 20)[n // 7]}:00:00-05:00"
        return {"cinema": cinema, "screening": f"s{n}", "start": start, "work": WORKS[n % 5]}

    def _ticket(self) -> Row:
        row = {
            "kind": "tickets",
            **self._screening(self._cinema),
            "number": len(self._tickets) + 1,
            "event": self._random.choice(("sale", "sale", "sale", "refund")),
            "sold_at": "2024-03-01T10:00:00-05:00",
            "quantity": self._random.randint(1, 3),
            "paid": self._amount(),
        }
        self._tickets.append(row)
        return row

    def _native(self) -> Intent:
        rows = [self._ticket() for _ in range(self._random.randint(1, 3))]
        if self._random.random() < 0.2:
            # A till that was not sure whether it had said this one.
            rows.append(self._random.choice(self._tickets))
        return self._said("till", _once(rows))

    def _columnar(self) -> Intent:
        rows = tuple(self._ticket() for _ in range(self._random.randint(1, 4)))
        said = self._id("till")
        body = _columnar(rows, {"id": said, "stream": "till"})
        return Intent(self.sender, "till", said, body, rows, in_header=True)

    def _day_row(self, cinema: str, date: str, work: str) -> Row:
        row: Row = {"kind": "day_totals", "cinema": cinema, "date": date, "work": work}
        return row | {"gross": self._amount(), "admissions": self._random.randint(0, 200)}

    def _day(self) -> Intent:
        if self._random.random() < 0.3:
            number = self._ids.get("once", 0)
            row = self._day_row(f"{self._cinema}o", DAYS[number % 7], f"O{number // 7}")
            return self._said("once", (row,))
        place = (f"{self._cinema}d", self._random.choice(DAYS), self._random.choice(WORKS))
        return self._said("days", (self._day_row(*place),))

    def _totals(self) -> Intent:
        row = {"kind": "screening_totals", **self._screening(f"{self._cinema}t")}
        said = {"gross": self._amount(), "admissions": self._random.randint(0, 90)}
        return self._said("totals", (row | said,))


def _once(rows: list[Row]) -> tuple[Row, ...]:
    return tuple({row["number"]: row for row in rows}.values())


def _native(rows: tuple[Row, ...], **header: str) -> bytes:
    lines = [{"pharos": 1, **header}, *rows]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def _columnar(rows: tuple[Row, ...], header: Row) -> bytes:
    names = ("cinema", "screening", "start", "work")
    found = list(dict.fromkeys(tuple(row[name] for name in names) for row in rows))
    screenings = {name: [said[at] for said in found] for at, name in enumerate(names)}
    events = ("sale", "refund")
    columns: dict[str, list[Any]] = {
        "screening": [found.index(tuple(row[name] for name in names)) for row in rows],
        "number": [row["number"] for row in rows],
        "event": [events.index(row["event"]) for row in rows],
        "sold_at": [int(datetime.fromisoformat(row["sold_at"]).timestamp()) for row in rows],
        "quantity": [row["quantity"] for row in rows],
        "paid": [int(row["paid"].replace(".", "")) for row in rows],
    }
    said = {"pharos": 1, "columnar": "tickets", **header, "currency": "USD"}
    return json.dumps(said | {"screenings": screenings, "columns": columns}).encode()
