"""Arrays of whole numbers, and the way chance is drawn here.

In: a seed and a purpose. Out: generators that do not disturb each other. Knows no cinema.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Reals = NDArray[np.float64]
Chosen = NDArray[np.bool_]
Random = np.random.Generator

#: Each purpose draws from a stream of its own: one more draw here changes nothing there.
_PURPOSES = ("country", "schedule", "demand", "sales", "letters", "disorder", "oddities")


def chance(seed: int, purpose: str) -> Random:
    """The generator of one purpose in a rehearsal."""
    return np.random.default_rng([seed, _PURPOSES.index(purpose)])


def apportioned(weights: Reals, total: int, offset: float) -> Ints:
    """Whole numbers that add up to ``total``, each next to its share; ``offset`` in [0, 1)."""
    shares = weights * (total / weights.sum()) if weights.sum() else weights
    return steps(shares, offset)


def steps(shares: Reals, offset: float) -> Ints:
    """Each share rounded up or down so that every sum from the first on is right within one."""
    ends = np.floor(np.cumsum(shares) + offset + 1e-9)
    return np.diff(ends, prepend=0.0).astype(np.int64)
