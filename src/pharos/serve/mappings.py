"""The mappings that tables may name: those that count, and those that will count before them.

In: the settings of an open ledger, batches as they count, acts as they are kept. Out: the text of
a mapping by its digest, in any thread. Knows no door.
"""

from collections.abc import Iterable, Mapping

from pharos.arrive.administration import Setting, read_administration
from pharos.arrive.reading import Nowhere
from pharos.errors import CatchingUp
from pharos.keep.batch import Batch
from pharos.keep.turn import Outcome


class KnownMappings:
    """What a table may name now; what was once known stays so."""

    def __init__(self, settings: Mapping[tuple[str, str], str], applied: int, due: int) -> None:
        """Begin with what counts up to ``applied``; the journal has messages up to ``due``."""
        self._texts = {name: text for (kind, name), text in settings.items() if kind == "mapping"}
        self._applied, self._due = applied, due

    def text(self, digest: str) -> str | None:
        """The text of a mapping. Raises CatchingUp while it may yet come out of the journal."""
        # Asked first: what is learned in between must not look as if it never came.
        behind = self._applied < self._due
        found = self._texts.get(digest)
        if found is None and behind:
            raise CatchingUp(
                f"the mapping {digest[:12]} that the table names is not known yet, and "
                f"{self._due - self._applied:,} reports of the journal are still to be read, one "
                "of which may bring it; nothing of this was kept: send it again in a moment"
            )
        return found

    def kept(self, act: bytes) -> None:
        """An act of the home is in the journal: it counts before whatever is sent from now on."""
        self._learn(read_administration(act, Nowhere()).facts)

    def tell(self, batch: Batch, outcome: Outcome) -> None:  # noqa: ARG002  (an observer's form)
        """A batch counts now; called in the loop of the writer."""
        for report in batch.reports:
            self._learn(report.facts)
        self._applied = max(self._applied, batch.last)

    def _learn(self, facts: Iterable[object]) -> None:
        for fact in facts:
            if isinstance(fact, Setting) and fact.kind == "mapping":
                self._texts[fact.name] = fact.text
