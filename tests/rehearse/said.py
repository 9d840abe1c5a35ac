"""Ticket events read back from the bodies of messages, for tests that trust nothing else.

In: messages. Out: events by sender, cinema and number. Must not know how they were made.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from pharos.rehearse.post import Message
from pharos.words.money import to_minor


class Ticket(NamedTuple):
    """One event as it was said."""

    sender: str
    cinema: str
    number: int
    screening: str
    seats: int
    act: str
    sold_at: int
    ticket_type: str
    channel: str
    paid: int
    fee: int
    refers: int


def tickets(messages: Iterable[Message], currency: str) -> dict[tuple[str, str, int], Ticket]:
    """Every event once; a repeat must say the same."""
    found: dict[tuple[str, str, int], Ticket] = {}
    for message in messages:
        if message.stream == "tickets":
            for one in _events(message, currency):
                key = (one.sender, one.cinema, one.number)
                assert found.setdefault(key, one) == one
    return found


def _events(message: Message, currency: str) -> Iterator[Ticket]:
    if b'"columnar"' in message.body:
        yield from _columnar(message)
        return
    for line in message.body.splitlines()[1:]:
        row = msgspec.json.decode(line)
        if "number" in row:
            sold_at = int(datetime.fromisoformat(row["sold_at"]).timestamp())
            paid, fee = (to_minor(row[name], currency) for name in ("paid", "fee"))
            yield Ticket(
                message.sender, row["cinema"], row["number"], row["screening"], row["seats"],
                row["event"], sold_at, row["ticket_type"], row["channel"], paid, fee,
                int(row["refers_to"]),
            )  # fmt: skip


def _columnar(message: Message) -> Iterator[Ticket]:
    said = msgspec.json.decode(message.body)
    about, columns = said["screenings"], said["columns"]
    for place, number, sold_at, kind, channel, paid, fee in zip(
        columns["screening"], columns["number"], columns["sold_at"], columns["ticket_type"],
        columns["channel"], columns["paid"], columns["fee"], strict=True,
    ):  # fmt: skip
        yield Ticket(
            message.sender, about["cinema"][place], number, about["screening"][place],
            about["seats"][place], "sale", sold_at, said["ticket_types"][kind],
            said["channels"][channel], paid, fee, 0,
        )  # fmt: skip
