"""The bytes that a leaf of the journal covers: who sent what, and when it arrived.

In: the fields of an envelope. Out: its one canonical text of bytes, and the fields read back.
Knows no storage and no tree.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from pharos.words.report import ENVELOPE_VERSION, Envelope

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIELDS = 6


def pack(*fields: bytes) -> bytes:
    """Each field behind its length (4 bytes, big-endian), so that no two lists look the same."""
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def unpack(packed: bytes) -> tuple[bytes, ...] | None:
    """The fields of packed bytes, or None where the lengths do not add up."""
    fields = []
    offset = 0
    while offset < len(packed):
        start = offset + 4
        offset = start + int.from_bytes(packed[offset:start], "big")
        fields.append(packed[start:offset])
    return tuple(fields) if offset == len(packed) and pack(*fields) == packed else None


def chained(label: bytes, previous: bytes, *fields: bytes) -> bytes:
    """The digest of one more link: SHA-256 over a label, the digest before, and the fields."""
    return hashlib.sha256(pack(label, previous, *fields)).digest()


def number(value: int) -> bytes:
    """A whole number as a field: 8 bytes, big-endian, signed."""
    return value.to_bytes(8, "big", signed=True)


def micros(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC of an aware moment, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(micros_utc: int) -> datetime:
    """The moment, in UTC, of microseconds since 1970-01-01 UTC."""
    return _EPOCH + timedelta(microseconds=micros_utc)


def pack_envelope(
    sender: bytes, stream: bytes, key: bytes, arrived_at: int, digest: bytes
) -> bytes:
    """The bytes of an envelope from its stored fields; ``arrived_at`` in microseconds UTC."""
    version = ENVELOPE_VERSION.to_bytes(1, "big")
    return pack(version, sender, stream, key, number(arrived_at), digest)


def encode(envelope: Envelope) -> bytes:
    """The bytes of an envelope."""
    return pack_envelope(
        envelope.sender.encode(),
        envelope.stream.encode(),
        envelope.id.encode(),
        micros(envelope.arrived_at),
        envelope.digest,
    )


def decode(packed: bytes) -> Envelope | None:
    """The envelope that these bytes say, or None where they say none of this version."""
    fields = unpack(packed)
    if fields is None or len(fields) != _FIELDS:
        return None
    _, sender, stream, key, arrived_at, digest = fields
    try:
        envelope = Envelope(
            sender.decode(),
            stream.decode(),
            key.decode(),
            moment(int.from_bytes(arrived_at, "big", signed=True)),
            digest,
        )
    except (UnicodeDecodeError, OverflowError):
        return None
    return envelope if encode(envelope) == packed else None
