"""The ledger as one question sees it: everything of one moment, while the writer goes on.

In: a connection of the question's own. Out: rows and coded texts as they were committed. Never
looks at what the writer has in mind, and writes nothing.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pharos.keep.terms import KINDS, Terms


class SharedTerms(Terms):
    """Coded texts that several questions read at once.

    A text that no figure has mentioned yet gets a code that holds among these readers only; the
    writer may give that code to another text, which these readers then do not see.
    """

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._lock = threading.Lock()

    def code(self, text: str) -> int:
        """The code of a text, one of the readers' own if it was never said."""
        found = self._codes.get(text)
        if found is not None:
            return found
        with self._lock:
            if (found := self._codes.get(text)) is None:
                # In this order: whoever is told a code can look up its text.
                self.texts.append(text)
                found = self._codes[text] = len(self.texts) - 1
            return found

    def grown(self, fresh: list[str]) -> "SharedTerms":
        """The same with what was said since; codes of the readers' own are forgotten."""
        terms = SharedTerms()
        terms.load([*self.texts[: self._written], *fresh])
        return terms

    @property
    def written(self) -> int:
        """How many texts stand in the ledger."""
        return self._written


class Known:
    """What the questions to one ledger know together, so that none begins from nothing."""

    def __init__(self, texts: Mapping[str, list[str]]) -> None:
        """Begin with the coded texts that the ledger holds."""
        self._lock = threading.Lock()
        self._terms = {kind: SharedTerms().grown(texts[kind]) for kind in KINDS}
        #: What was worked out about registers, by the position of the last fact.
        self.facts: dict[int, dict[str, Any]] = {}

    def terms(self, connection: duckdb.DuckDBPyConnection) -> Mapping[str, SharedTerms]:
        """All coded texts that a connection sees, and perhaps some that came later."""
        counts = dict(connection.execute(_COUNTS).fetchall())
        with self._lock:
            fewer = {k: t.written for k, t in self._terms.items() if t.written < counts.get(k, 0)}
            if fewer:
                # What an earlier question still reads is never changed.
                self._terms = {**self._terms} | {
                    kind: self._terms[kind].grown(_since(connection, kind, written))
                    for kind, written in fewer.items()
                }
            return self._terms


def _since(connection: duckdb.DuckDBPyConnection, kind: str, written: int) -> list[str]:
    return [text for (text,) in connection.execute(_SINCE, [kind, written]).fetchall()]


@dataclass(frozen=True, slots=True)
class View:
    """One question's sight of a ledger: a connection within one reading transaction."""

    connection: duckdb.DuckDBPyConnection
    terms: Mapping[str, Terms]
    #: Shared with other questions; see `Known.facts`.
    facts: dict[int, dict[str, Any]] = field(repr=False)

    def stop(self) -> None:
        """Break off what the database does for this question; another thread may say so."""
        self.connection.interrupt()


_COUNTS = "SELECT kind, count(*) FROM term GROUP BY kind"
_SINCE = "SELECT text FROM term WHERE kind = ? AND code >= ? ORDER BY code"
