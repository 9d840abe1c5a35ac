"""Whether the parts of one message, as found, still fit each other.

In: a row in any condition, with its body. Out: damages by the name of the field, and the leaves
that the message may have had. Knows nothing of the tree and of files.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from pharos.arrive.damage import Damage
from pharos.arrive.envelope import moment, pack_envelope, unpack
from pharos.arrive.merkle import leaf_hash

_NAMES = ("envelope version", "sender", "stream", "id", "arrival time", "body digest")
_ARRIVAL = 4
_TEXTS = frozenset({1, 2, 3})


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A row of the message table; what is not of its type any more counts as empty."""

    position: int
    sender: bytes
    stream: bytes
    id: bytes
    arrived_at: int
    digest: bytes
    salt: bytes
    envelope: bytes
    leaf: bytes
    body: bytes | None

    @property
    def stated(self) -> bytes:
        """The envelope that the columns say."""
        return pack_envelope(self.sender, self.stream, self.id, self.arrived_at, self.digest)


@dataclass(slots=True)
class Examined:
    """What one message shows: damages, and its possible leaves, the stored one first."""

    message: FoundMessage
    leaves: list[bytes]
    damages: list[Damage] = field(default_factory=list)


def found_message(row: Sequence[object]) -> FoundMessage:
    """The row as values."""
    position, sender, stream, key, _, arrived_at, digest, salt, envelope, leaf, body = row
    return FoundMessage(
        as_number(position),
        as_bytes(sender),
        as_bytes(stream),
        as_bytes(key),
        as_number(arrived_at),
        as_bytes(digest),
        as_bytes(salt),
        as_bytes(envelope),
        as_bytes(leaf),
        None if body is None else as_bytes(body),
    )


def as_bytes(value: object) -> bytes:
    """Bytes as they are, anything else as nothing."""
    return value if isinstance(value, bytes) else b""


def as_number(value: object) -> int:
    """A whole number as it is, anything else as 0."""
    return value if isinstance(value, int) else 0


def examine(message: FoundMessage) -> Examined:
    """Compare columns, envelope and leaf."""
    stated = message.stated
    by_envelope = leaf_hash(message.salt + message.envelope)
    by_columns = leaf_hash(message.salt + stated)
    if by_envelope == message.leaf:
        return Examined(message, [message.leaf], _differences(message, "was changed"))
    if by_columns == message.leaf:
        what = "in the envelope was changed"
        return Examined(message, [message.leaf], _differences(message, what))
    leaves = dict.fromkeys([message.leaf, by_envelope, by_columns])
    return Examined(message, list(leaves))


def settle(examined: Examined, choice: int | None) -> list[Damage]:
    """Name what was changed, once the tree has said which leaf was the true one (None: unknown)."""
    message = examined.message
    if len(examined.leaves) == 1:
        return examined.damages
    differences = _differences(message, "was changed")
    if choice is None:
        what = "its salt, envelope and leaf do not fit together: one of them was changed"
    elif choice == 0:
        what = "its salt was changed, or its envelope as a whole: they do not give its leaf"
    else:
        what = "its leaf was changed: its salt and envelope give the one that is in the tree"
    return [_damage(message, what), *differences]


def check_body(message: FoundMessage, body: bytes) -> list[Damage]:
    """Compare the body with the digest that the leaf covers."""
    fields = unpack(message.envelope)
    trusted = leaf_hash(message.salt + message.envelope) == message.leaf
    digest = fields[-1] if trusted and fields else message.digest
    if hashlib.sha256(body).digest() == digest:
        return []
    return [_damage(message, "its body does not match its digest")]


def _differences(message: FoundMessage, what: str) -> list[Damage]:
    """The fields in which columns and envelope differ."""
    if message.envelope == message.stated:
        return []
    in_columns, in_envelope = unpack(message.stated), unpack(message.envelope)
    if not in_columns or not in_envelope or len(in_columns) != len(in_envelope):
        return [_damage(message, "its envelope cannot be read")]
    pairs = zip(_NAMES, in_columns, in_envelope, strict=True)
    return [
        _damage(
            message,
            f"its {name} {what}: the row says {_shown(index, column)}, "
            f"the envelope {_shown(index, blob)}",
        )
        for index, (name, column, blob) in enumerate(pairs)
        if column != blob
    ]


def _damage(message: FoundMessage, what: str) -> Damage:
    return Damage(f"message {message.position}", what, message.position)


def _shown(index: int, value: bytes) -> str:
    if index in _TEXTS:
        return repr(value.decode(errors="backslashreplace"))
    if index == _ARRIVAL:
        micros = int.from_bytes(value, "big", signed=True)
        try:
            return moment(micros).isoformat()
        except OverflowError:
            return f"{micros} microseconds"
    return value.hex()
