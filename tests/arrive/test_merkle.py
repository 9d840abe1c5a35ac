"""The tree hash against the known vectors of RFC 6962 and against its plain definition."""

import hashlib
from collections.abc import Sequence

import pytest

from pharos.arrive.merkle import CompactRange, leaf_hash, node_hash

INPUTS = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def plain_root(leaves: Sequence[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    tree = CompactRange()
    for text in INPUTS[:size]:
        tree.append(leaf_hash(bytes.fromhex(text)))
    assert tree.root().hex() == ROOTS[size]


def test_roots_follow_the_definition() -> None:
    tree = CompactRange()
    leaves: list[bytes] = []
    for number in range(1, 301):
        leaves.append(leaf_hash(str(number).encode()))
        tree.append(leaves[-1])
        assert tree.size == number
        assert tree.root() == plain_root(leaves)


def test_a_frontier_is_enough_to_grow_on() -> None:
    tree = CompactRange()
    for number in range(100):
        loaded = CompactRange.load(tree.size, tree.frontier())
        assert loaded is not None
        assert loaded.root() == tree.root()
        leaf = leaf_hash(bytes([number]))
        tree.append(leaf)
        loaded.append(leaf)
        assert loaded.frontier() == tree.frontier()


def test_a_copy_grows_by_itself() -> None:
    tree = CompactRange()
    tree.append(leaf_hash(b"one"))
    twin = tree.copy()
    twin.append(leaf_hash(b"two"))
    assert tree.size == 1
    assert tree.root() == leaf_hash(b"one")


@pytest.mark.parametrize(("size", "length"), [(1, 0), (2, 64), (3, 32), (-1, 32), (0, 32)])
def test_a_frontier_of_another_size_is_no_tree(size: int, length: int) -> None:
    assert CompactRange.load(size, bytes(length)) is None
