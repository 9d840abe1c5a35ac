"""Cinemas by the numbers that mentions give them: which one each is, and who has spoken of it.

In: numbers of many mentions at once. Out: answers as arrays. Knows no figures.
"""

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

    def shared(self, cinemas: Ints, sender: str) -> Chosen:
        """Of which cinemas somebody but this sender has ever spoken."""
        return self._books.shared(self._codes.of(cinemas), self._senders.known(sender))

    def delicate(self, cinemas: Ints, sender: str) -> bool:
        """Whether figures other than this sender's ticket events were given of any cinema."""
        return self._books.delicate(self._codes.of(cinemas), self._senders.known(sender))
