"""Texts that repeat, as dense codes.

In: texts said in reports. Out: one small integer for each, the same for ever in one ledger.
Knows nothing of what the texts mean.
"""

from collections.abc import Iterable

import numpy as np

from pharos.words.figures import Ints

#: The kinds of words that are coded; each has a numbering of its own.
KINDS = (
    "sender",
    "cinema",
    "work",
    "version",
    "screen",
    "currency",
    "ticket_type",
    "channel",
)


class Terms:
    """Codes for one kind of word; new ones are kept aside until the ledger writes them."""

    def __init__(self) -> None:
        """Start empty."""
        self.texts: list[str] = []
        self._codes: dict[str, int] = {}
        self._written = 0

    def load(self, texts: Iterable[str]) -> None:
        """Take over the texts that the ledger holds, in the order of their codes."""
        self.texts = list(texts)
        self._codes = {text: code for code, text in enumerate(self.texts)}
        self._written = len(self.texts)

    def code(self, text: str) -> int:
        """The code of a text, a new one if it was never said."""
        found = self._codes.get(text)
        if found is None:
            found = self._codes[text] = len(self.texts)
            self.texts.append(text)
        return found

    def known(self, text: str) -> int | None:
        """The code of a text, or None if it was never said."""
        return self._codes.get(text)

    def codes(self, texts: Iterable[str]) -> Ints:
        """Codes of many texts at once."""
        code = self.code
        return np.fromiter((code(text) for text in texts), dtype=np.int64)

    def unwritten(self) -> list[tuple[int, str]]:
        """Codes and texts that the ledger does not hold yet; they count as written from now on."""
        fresh = list(enumerate(self.texts[self._written :], self._written))
        self._written = len(self.texts)
        return fresh
