"""Values as JSON, alike at every door.

In: values. Out: text for people, bytes for programs. Knows nothing of what they mean.
"""

from typing import Any

import msgspec

MEDIA_TYPE = "application/json"

_JSON = msgspec.json.Encoder(decimal_format="number", enc_hook=str)


def as_json(value: Any) -> str:  # noqa: ANN401
    """A value as indented JSON; decimals are numbers."""
    return msgspec.json.format(_JSON.encode(value), indent=2).decode()


def as_bytes(value: Any) -> bytes:  # noqa: ANN401
    """The same for programs, on one line."""
    return _JSON.encode(value)
