"""Grows the tree again from the leaves as found and compares it with the head file.

In: the leaves that each message may have had, and head lines. Out: which leaf was the true one,
and where the tree leaves the head file. Knows nothing of envelopes and rows.

Where a message's leaf does not follow from its salt and envelope, one of them was changed. The
tree is grown both ways, and the next root in the head file says which way was true.
"""

from collections.abc import Sequence

from pharos.arrive.damage import Damage, span
from pharos.arrive.head import HeadLine
from pharos.arrive.merkle import CompactRange
from pharos.arrive.verify_head import Witness

_WAYS = 64


class _Way:
    """One way the tree may have grown since the last root that fitted."""

    def __init__(self, tree: CompactRange, choices: dict[int, int]) -> None:
        self.tree = tree
        self.choices = choices

    def branch(self, position: int, choice: int, leaf: bytes) -> "_Way":
        twin = _Way(self.tree.copy(), {**self.choices, position: choice})
        twin.tree.append(leaf)
        return twin


class TreeWalk:
    """The ways in which the tree may have grown, thinned out at every head line."""

    def __init__(self) -> None:
        #: For each message with several possible leaves: which one the head file confirms.
        self.decided: dict[int, int] = {}
        self._ways = [_Way(CompactRange(), {})]
        self._witness = Witness(lambda line: line.size)

    def grow(self, position: int, leaves: Sequence[bytes]) -> None:
        """One more message; the first of its leaves is the stored one."""
        if len(leaves) > 1 and len(self._ways) * len(leaves) <= _WAYS:
            self._ways = [
                way.branch(position, choice, leaf)
                for way in self._ways
                for choice, leaf in enumerate(leaves)
            ]
        else:
            for way in self._ways:
                way.tree.append(leaves[0])

    def lose(self) -> None:
        """A leaf is missing: from here on nothing can be compared."""
        self._ways = []

    def hear(self, line: HeadLine) -> None:
        """Compare the ways with a line about this many leaves."""
        if not self._ways or self._ways[0].tree.size != line.size:
            return
        fitting = [way for way in self._ways if way.tree.root() == line.root]
        self._witness.hear(line, fits=bool(fitting))
        if fitting:
            self.decided |= fitting[0].choices
            self._ways = [_Way(fitting[0].tree, {})]

    def ends_at(self, size: int, frontier: bytes) -> bool:
        """Whether a way leads to this frontier; True where nothing can be compared."""
        if not self._ways or self._ways[0].tree.size != size:
            return True
        fitting = [way for way in self._ways if way.tree.frontier() == frontier]
        if fitting:
            self.decided |= fitting[0].choices
        return bool(fitting)

    def damages(self) -> list[Damage]:
        """Changed head lines, and the messages between which the tree leaves the head file."""
        found = list(self._witness.damages)
        changed = self._witness.changed()
        if changed:
            first, last, line = changed
            found.append(
                Damage(
                    span("message", first, last),
                    f"their leaves do not give the root in head line {line.number}: "
                    "one of them was changed, taken out or put in",
                    first,
                )
            )
        return found
