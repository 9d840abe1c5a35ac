"""A damage: one thing in a home's files that is not as it was written.

In: nothing. Out: the value that verification returns. Knows no file.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Damage:
    """Where it is (``message 17``, ``head line 5``, a file), what it is, from which position on."""

    where: str
    what: str
    position: int | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def span(thing: str, first: int, last: int) -> str:
    """``message 17``, or ``messages 18 to 20``."""
    return f"{thing} {first}" if first == last else f"{thing}s {first} to {last}"
