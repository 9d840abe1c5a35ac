"""Which of two messages was said later by their sender, whatever the order of arrival.

In: the ids of messages. Out: their order inside a stream. Knows no content of messages.

A stream whose ids are dense counters or UUIDs of version 7 has an order of its own; across
streams, and for any other ids, only the order of arrival is known.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

#: No leading zeros: "7" and "007" are two ids and must not claim one place.
_COUNTER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_UUID7 = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    re.ASCII | re.IGNORECASE,
)

Kind = Literal["counter", "uuid7"]


@dataclass(frozen=True, slots=True)
class Said:
    """Where a message stands: its sender, stream, id, and position in the journal."""

    sender: str
    stream: str
    id: str
    position: int


def said_order(message_id: str) -> tuple[Kind, int] | None:
    """The place that an id claims in its stream, or None where it claims none."""
    if _COUNTER.fullmatch(message_id):
        return "counter", int(message_id)
    if _UUID7.fullmatch(message_id):
        return "uuid7", int(message_id.replace("-", ""), 16)
    return None


def later(one: Said, other: Said) -> bool:
    """Whether ``one`` was said after ``other``: by id inside one stream, else by arrival.

    Over several streams this compares pairs only; to choose among many use ``latest``.
    """
    if (one.sender, one.stream) == (other.sender, other.stream):
        mine, theirs = said_order(one.id), said_order(other.id)
        if mine and theirs and mine[0] == theirs[0] and mine[1] != theirs[1]:
            return mine[1] > theirs[1]
    return one.position > other.position


def latest(messages: Iterable[Said]) -> Said:
    """The message said last: the last of each stream by id, and of these the last to arrive.

    Pair by pair the rule could turn in a circle (A2, then B, then A1 which A2 had overtaken), and
    the answer would hang on the order of arrival inside a stream; stream by stream it does not.
    """
    streams: dict[tuple[str, str], list[Said]] = {}
    for message in messages:
        streams.setdefault((message.sender, message.stream), []).append(message)
    return max(map(_last_of_stream, streams.values()), key=lambda said: said.position)


def _last_of_stream(messages: list[Said]) -> Said:
    places = {message: said_order(message.id) for message in messages}
    kinds = {place[0] if place else None for place in places.values()}
    if len(kinds) > 1 or None in kinds:
        return max(messages, key=lambda said: said.position)

    def place(said: Said) -> tuple[int, int]:
        order = places[said]
        return (order[1] if order else 0, said.position)

    return max(messages, key=place)
