"""Which said ids are one, given judgements that join and unjoin them.

In: judgements in the order of their positions. Out: for each joined id the one that stands for
all. Knows no register and never changes what was said.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Joined(NamedTuple):
    """Two ids are one (``same``) or no longer are."""

    one: str
    other: str
    same: bool


def standing_joins(judgements: Iterable[Joined]) -> set[frozenset[str]]:
    """The joins that hold after all judgements: an unjoin takes back the join of its two ids."""
    joins: set[frozenset[str]] = set()
    for judgement in judgements:
        pair = frozenset((judgement.one, judgement.other))
        if judgement.same:
            joins.add(pair)
        else:
            joins.discard(pair)
    return joins


def clusters(joins: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Ids that are one, directly or through others; each cluster has two ids or more."""
    cluster_of: dict[str, set[str]] = {}
    for join in joins:
        merged: set[str] = set(join)
        for said in join:
            merged |= cluster_of.get(said, set())
        for said in merged:
            cluster_of[said] = merged
    return sorted({frozenset(c) for c in cluster_of.values() if len(c) > 1}, key=min)


def canonical(
    judgements: Iterable[Joined], registered: Callable[[str], bool] = lambda _: False
) -> dict[str, str]:
    """The id that stands for each joined id: a registered one before others, then the smallest.

    Ids that nobody joined are not in the answer: they stand for themselves.
    """
    chosen: dict[str, str] = {}
    for cluster in clusters(standing_joins(judgements)):
        best = min(cluster, key=lambda said: (not registered(said), said))
        chosen |= dict.fromkeys(cluster, best)
    return chosen
