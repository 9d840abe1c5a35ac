"""Which reports may be decided together: those that cannot influence one another.

In: readings that wait to share a batch. Out: whether one more may join them. Writes nothing.
"""

from dataclasses import dataclass

import numpy as np

from pharos.arrive.reading import Reading
from pharos.keep.writer import Writer
from pharos.words.descriptions import Numbering, grown
from pharos.words.figures import Book
from pharos.words.report import Message

#: Stand for a sender: nobody speaks of a cinema, or a report that shares it with no other.
_NOBODY, _ALONE = -1, -2


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message with what its reader understood."""

    message: Message
    reading: Reading


class Claims:
    """Who speaks of which cinema in the reports that wait.

    Two reports may share a batch if both have ticket events of one sender, and nobody has given
    other figures of the cinema: then no book can come or go between them.
    """

    def __init__(self, writer: Writer) -> None:
        """Nobody waits."""
        self._writer = writer
        self._owners = np.full(0, _NOBODY, dtype=np.int64)
        self._senders = Numbering()

    def admit(self, arrived: Arrived) -> bool:
        """Let a report wait with the others, unless it must not share a batch with them."""
        sender = arrived.message.envelope.sender
        cinemas = self._writer.cinemas.one(arrived.reading.figures.mentions.ints("cinema"))
        self._owners = grown(self._owners, int(cinemas.max(initial=-1)) + 1, _NOBODY)
        owner, owners = self._owner(arrived), self._owners[cinemas]
        taken = owners != _NOBODY
        if taken.any():
            if owner == _ALONE or bool((taken & (owners != owner)).any()):
                return False
            if self._writer.cinemas.delicate(cinemas[taken], sender):
                return False
        self._owners[cinemas] = owner
        return True

    def _owner(self, arrived: Arrived) -> int:
        only_tickets = bool((arrived.reading.figures.lines["book"] <= Book.TICKETS).all())
        return self._senders[arrived.message.envelope.sender] if only_tickets else _ALONE
