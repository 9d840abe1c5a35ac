"""Cinemas by the numbers that mentions give them: which one each is, and who has spoken of it.

In: numbers of many mentions at once. Out: answers as arrays. Knows no figures.
"""

import numpy as np

from pharos.keep.books import Books
from pharos.keep.ledger import Ledger
from pharos.words.descriptions import Answers, Numbering
from pharos.words.figures import Chosen, Ints


class Cinemas:
    """What the ledger knows of cinemas, by their numbers in mentions."""

    def __init__(self, ledger: Ledger, books: Books, numbering: Numbering) -> None:
        """No cinema was joined to another."""
        self._books = books
        self._numbering = numbering
        self._senders = ledger.terms["sender"]
        self._codes = Answers(numbering, ledger.terms["cinema"].known)
        self._one: Answers | None = None

    def join(self, same: dict[str, str]) -> None:
        """Take over which cinemas are one (id -> id that stands for it)."""
        numbering = self._numbering
        self._one = Answers(numbering, lambda said: numbering[same.get(said, said)])
        if not same:
            self._one = None

    def one(self, cinemas: Ints) -> Ints:
        """The cinemas that stand for these."""
        return cinemas if self._one is None else self._one.of(cinemas)

    def shared(self, cinemas: Ints, senders: list[str], sender_of: Ints) -> Chosen:
        """Of which cinemas somebody else has ever spoken; ``sender_of`` counts ``senders``."""
        codes = np.array([self._sender(one) for one in senders], dtype=np.int64)
        return self._books.shared(self._codes.of(cinemas), codes[sender_of])

    def delicate(self, cinemas: Ints, sender: str) -> bool:
        """Whether figures other than this sender's ticket events were given of any cinema."""
        return self._books.delicate(self._codes.of(cinemas), self._sender(sender))

    def _sender(self, sender: str) -> int:
        code = self._senders.known(sender)
        return -1 if code is None else code
