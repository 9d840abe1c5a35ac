"""The head file line by line, and what its lines testify about the rows.

In: the head file in any condition. Out: the lines that can be trusted so far, and damages.
Knows nothing of SQLite; what a line should say is computed by others.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from pharos.arrive.damage import Damage, span
from pharos.arrive.head import FoundLine, HeadLine, scan

_PENDING = 1000


class HeadWalk:
    """One pass over the head file; begin it before the journal is looked at.

    A writer may be at work: a line that was written since, about a later commit, is left alone.
    """

    def __init__(self, path: Path) -> None:
        self.damages: list[Damage] = []
        self.last: HeadLine | None = None
        self.torn = b""
        #: Whether something unreadable stands behind the last trusted line.
        self.broken_end = False
        self._path = path
        self._known_bytes = path.stat().st_size if path.is_file() else 0

    def lines(self, newest: int) -> Iterator[HeadLine]:
        """The trusted lines in order; ``newest`` is the last one the journal knows of."""
        for found in self._found():
            line = found.line
            if found.offset >= self._known_bytes and (line is None or line.number > newest):
                return
            if line is None:
                self._broken(found)
            elif self._follows(line):
                self.last = line
                self.broken_end = False
                yield line

    @property
    def _following(self) -> int:
        return self.last.number + 1 if self.last else 1

    def _found(self) -> Iterator[FoundLine]:
        try:
            if self._path.exists():
                yield from scan(self._path)
        except OSError as failure:
            self._note(f"cannot be read: {failure}")

    def _broken(self, found: FoundLine) -> None:
        if not found.complete:
            self.torn = found.raw
        elif not self.broken_end:
            self.broken_end = True
            self.damages.append(changed_line(self._following))

    def _follows(self, line: HeadLine) -> bool:
        following = self._following
        if line.number < following or (self.last and line.size < self.last.size):
            self._note(f"line {line.number} stands where line {following} should")
            return False
        first_missing = following + 1 if self.broken_end else following
        if line.number > first_missing:
            missing = span("line", first_missing, line.number - 1)
            self._note(f"{missing} of it cannot be found")
        return True

    def _note(self, what: str) -> None:
        self.damages.append(Damage("head", what))


class Witness:
    """Compares head lines with what the rows give, and tells changed rows from a changed line.

    A line that does not fit, while a later one does, was changed itself; where none fits any more,
    the rows behind the last fit were.
    """

    def __init__(self, reach: Callable[[HeadLine], int]) -> None:
        self.damages: list[Damage] = []
        self._reach = reach
        self._fitted = 0
        self._pending: list[HeadLine] = []

    def hear(self, line: HeadLine, *, fits: bool) -> None:
        """Take in whether the rows up to the line's reach give what it says."""
        if fits:
            self.damages += [changed_line(doubted.number) for doubted in self._pending]
            self._pending.clear()
            self._fitted = self._reach(line)
        elif self._reach(line) <= self._fitted:
            self.damages.append(changed_line(line.number))
        elif len(self._pending) < _PENDING:
            self._pending.append(line)

    def changed(self) -> tuple[int, int, HeadLine] | None:
        """The first and last row between which something was changed, and the line that says so."""
        if not self._pending:
            return None
        return self._fitted + 1, self._reach(self._pending[0]), self._pending[0]


def changed_line(number: int) -> Damage:
    """One line of the head file was changed."""
    return Damage(f"head line {number}", "is not as it was written")
