"""The chain of decisions as found.

In: the rows of the decision table, in any condition. Out: damages, and the digest after each.
Knows nothing of what a decision says.
"""

import hashlib
from collections.abc import Iterable, Sequence

from pharos.arrive.damage import Damage, span
from pharos.arrive.head import NO_DIGEST
from pharos.arrive.journal_rows import decision_link
from pharos.arrive.verify_messages import as_bytes, as_number
from pharos.arrive.verify_sealed import SealedWalk
from pharos.errors import JournalDamaged


class DecisionWalk:
    """Checks every decision against the one before it and against its content."""

    def __init__(self, rows: Iterable[Sequence[object]], sealed: SealedWalk) -> None:
        self.damages: list[Damage] = []
        #: The digest after each decision, from none on, and the first position of each.
        self.digests: list[bytes] = [NO_DIGEST]
        self.firsts: list[int] = []
        self._sealed = sealed
        self.decided_to = 0
        self.last_number = 0
        self._previous = {NO_DIGEST}
        for row in rows:
            self._take(row)

    def _take(self, row: Sequence[object]) -> None:
        number, first, last = (as_number(value) for value in row[:3])
        code_version, content_digest, digest = (as_bytes(value) for value in row[3:6])
        following = self.last_number + 1
        if number != following:
            self._note_gap(following, number)
        links = {
            decision_link(previous, (first, last), code_version, content_digest)
            for previous in self._previous
        }
        where = f"decision {number} about {span('message', first, last)}"
        if first != self.decided_to + 1 or last < first:
            self._note(where, f"should begin at message {self.decided_to + 1}", first)
        elif digest not in links and number == following:
            self._note(where, "the chain is broken: its row was changed", first)
        self._check_content(where, first, number, (row[6], content_digest))
        self.decided_to = last
        self._previous = links | {digest}
        self.last_number = number
        self.digests.append(digest)
        self.firsts.append(first)

    def _check_content(
        self, where: str, first: int, number: int, stored: tuple[object, bytes]
    ) -> None:
        content, content_digest = stored
        if content is None:
            try:
                content = self._sealed.content(number)
            except JournalDamaged:
                self._note(where, "its content is missing", first)
                return
        if content is not None and hashlib.sha256(as_bytes(content)).digest() != content_digest:
            self._note(where, "its content does not match its digest", first)

    def _note_gap(self, following: int, number: int) -> None:
        first = self.decided_to + 1
        missing = span("decision", following, number - 1)
        self._note("journal.db", f"{missing}, from message {first} on, cannot be found", first)

    def _note(self, where: str, what: str, position: int) -> None:
        self.damages.append(Damage(where, what, position))
