"""The Merkle tree hash of RFC 9162, grown one leaf at a time.

In: leaf hashes in order. Out: the root over all of them. Knows nothing of messages and storage.

Only the roots of the complete subtrees are kept (the frontier, at most one for each bit of the
size), so that growing a tree of millions of leaves needs a few hundred bytes.
"""

import hashlib
from collections.abc import Sequence
from typing import Self

HASH_BYTES = 32


def leaf_hash(content: bytes) -> bytes:
    """SHA-256 of 0x00 and the content (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both children (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The frontier of a tree over ``size`` leaves."""

    __slots__ = ("_nodes", "size")

    def __init__(self, size: int = 0, nodes: Sequence[bytes] = ()) -> None:
        self.size = size
        self._nodes = list(nodes)

    @classmethod
    def load(cls, size: int, frontier: bytes) -> Self | None:
        """The tree of this size with this frontier, or None where the two do not fit."""
        if size < 0 or len(frontier) != HASH_BYTES * size.bit_count():
            return None
        starts = range(0, len(frontier), HASH_BYTES)
        return cls(size, [frontier[start : start + HASH_BYTES] for start in starts])

    def copy(self) -> Self:
        """Another tree of the same leaves, which grows by itself."""
        return type(self)(self.size, self._nodes)

    def append(self, leaf: bytes) -> None:
        """Take in one more leaf hash."""
        node = leaf
        size = self.size
        while size & 1:
            node = node_hash(self._nodes.pop(), node)
            size >>= 1
        self._nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves; that of no leaf is SHA-256 of nothing."""
        if not self._nodes:
            return hashlib.sha256(b"").digest()
        *others, root = self._nodes
        for node in reversed(others):
            root = node_hash(node, root)
        return root

    def frontier(self) -> bytes:
        """The roots of the complete subtrees, largest first, one behind the other."""
        return b"".join(self._nodes)
