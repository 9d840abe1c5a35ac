"""Tables that are sent packed with Zstandard (`.zst`) are unpacked, under a limit.

In: the bytes of a file. Out: the bytes of the table in it; other files pass as they are.
"""

from io import BytesIO

import zstandard

from pharos.arrive.archives import LARGEST_UNPACKED
from pharos.errors import UnreadableTable

_MAGIC = b"\x28\xb5\x2f\xfd"
#: Memory that unpacking may take for itself; what wants more was not packed for everybody.
_WINDOW = 128 << 20


def unpacked(content: bytes, name: str) -> bytes:
    """What a file holds. Raises UnreadableTable."""
    if not content.startswith(_MAGIC):
        return content
    opener = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    try:
        with opener.stream_reader(BytesIO(content), read_across_frames=True) as stream:
            found = stream.read(LARGEST_UNPACKED + 1)
    except zstandard.ZstdError as problem:
        raise UnreadableTable(
            f"{name} cannot be unpacked ({problem}); pack it anew, or send it as it is"
        ) from problem
    if len(found) > LARGEST_UNPACKED:
        raise UnreadableTable(
            f"{name} unpacks to more than {LARGEST_UNPACKED >> 20} MB; send it in parts, such as "
            "one a year"
        )
    return found
