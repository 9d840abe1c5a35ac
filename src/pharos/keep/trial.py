"""A ledger to try something out in: what is written to it nobody else sees, and nobody keeps.

In: the connection of a view. Out: a ledger of that moment that can be written to. What is written
is forgotten when the view ends. Every table is only added to, so that no batch that the writer
commits meanwhile can come into conflict with it.
"""

from pathlib import Path

from pharos.keep.ledger import Ledger
from pharos.keep.pen import Connection, Pen
from pharos.keep.terms import KINDS, Terms


class TrialLedger(Ledger):
    """The ledger as a view sees it, to write to; it is never committed."""

    def __init__(self, connection: Connection, path: Path) -> None:
        """``connection`` is within the transaction of a view; ``path`` names the file."""
        self.path = path
        self._connection = connection
        self._pen = Pen(connection)
        self._pen.within()
        self.terms = {kind: Terms() for kind in KINDS}
        self.reload_terms()
        self.trouble = None
