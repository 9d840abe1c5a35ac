"""What follows from sums that are told, by exact linear algebra.

In: sums, each the set of unknown numbers that it adds up. Out: whether a combination of them is
made of a few unknown numbers only. Knows no cinema.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

#: The unknown numbers that a sum adds up, by their places.
Equation = frozenset[int]


def found_beyond(
    known: Sequence[Equation], more: Sequence[Equation], inside: Iterable[int]
) -> bool:
    """Whether ``more`` sums give a combination of ``inside`` alone that ``known`` do not give."""
    alone = set(inside)
    return _combinations([*known, *more], alone) > _combinations(known, alone)


def _combinations(told: Sequence[Equation], inside: set[int]) -> int:
    """How many independent combinations of what is told are made of ``inside`` alone.

    Those are the combinations that vanish everywhere else.
    """
    return _rank(told) - _rank([one - inside for one in told])


def _rank(told: Iterable[Equation]) -> int:
    """How many of some sums are independent: Gauss, with fractions."""
    pivots: dict[int, dict[int, Fraction]] = {}
    for given in told:
        left = dict.fromkeys(given, Fraction(1))
        while left:
            first = min(left)
            if first not in pivots:
                pivots[first] = left
                break
            by = left[first] / pivots[first][first]
            for nth, value in pivots[first].items():
                left[nth] = left.get(nth, Fraction(0)) - by * value
                if not left[nth]:
                    del left[nth]
    return len(pivots)
