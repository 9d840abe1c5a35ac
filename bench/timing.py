"""Repeated measurements as a median with its range, and ratios between them.

In: numbers. Out: short texts. Knows nothing of what was measured.
"""

import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    def text(self, form: str = ",.0f") -> str:
        """Median, and the smallest and the largest."""
        low, high = min(self.values), max(self.values)
        return f"{self.median:{form}} ({low:{form}} to {high:{form}})"


def spread(values: Sequence[float]) -> Spread:
    """The spread of some values."""
    return Spread(tuple(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def say(what: str) -> None:
    """Tell how far it is; results go to another place."""
    print(what, file=sys.stderr, flush=True)
