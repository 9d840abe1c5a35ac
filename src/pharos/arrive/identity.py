"""Fingerprints that tell a repeat from a conflict, and one stated line from another.

In: figures in normal form. Out: 63-bit integers, never 0. Knows no format: whatever form an event
arrives in, the same event has the same fingerprint.
"""

import numpy as np
from numpy.typing import NDArray

from pharos.words.descriptions import text_hash
from pharos.words.figures import Event, Figures, Ints

_LOW_63 = (1 << 63) - 1
_WORD = (1 << 64) - 1

# Constants of splitmix64 (Steele, Lea and Flood 2014).
_GOLDEN, _MIX_1, _MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

#: What an event says, in the order of the recipe; the first four are texts and enter hashed.
CONTENT = (
    *("screening", "ticket_type", "channel", "currency"),
    *("event", "sold_at", "quantity", "paid", "net", "tax", "levy", "fee", "declared"),
)
_SALTS = np.array([(i * _GOLDEN) & _WORD for i in range(1, len(CONTENT) + 1)], dtype=np.uint64)


def statement_line(key: str, occurrence: int) -> int:
    """The identity of a stated line inside its statement: its key, and which of equal keys."""
    return text_hash(f"{key}\x1f{occurrence}")


def fill_content(figures: Figures) -> None:
    """Give every ticket event of the figures the fingerprint of what it says.

    Each value of CONTENT, as 64 bits, is xored with its place times the golden constant and mixed
    by the finaliser of splitmix64; the sum modulo 2**64 is mixed once more and loses its top bit.
    """
    lines = figures.lines
    if not bool((lines["event"] != Event.TOTAL).any()):
        return
    mention = lines["mention"]
    said = np.empty((len(CONTENT), len(mention)), dtype=np.int64)
    said[0] = figures.mentions.ints("screening_print")[mention]
    said[1] = _hashes(figures.ticket_types)[lines["ticket_type"]]
    said[2] = _hashes(figures.channels)[lines["channel"]]
    said[3] = figures.mentions.ints("currency_print")[mention]
    for place, name in enumerate(CONTENT[4:], 4):
        said[place] = lines[name]
    mixed = _mix(said.view(np.uint64) ^ _SALTS[:, np.newaxis])
    content = (_mix(mixed.sum(axis=0, dtype=np.uint64)) & np.uint64(_LOW_63)).view(np.int64)
    content[content == 0] = 1
    content[lines["event"] == Event.TOTAL] = 0
    lines["content"] = content


def _hashes(texts: list[str]) -> Ints:
    return np.fromiter(map(text_hash, texts), dtype=np.int64, count=len(texts))


def _mix(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    words = (words ^ (words >> np.uint64(30))) * np.uint64(_MIX_1)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(_MIX_2)
    return words ^ (words >> np.uint64(31))
