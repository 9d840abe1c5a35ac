"""What a server does right now, and whether it can be used.

In: how far the journal and the ledger are, and what went wrong. Out: a value that health and
readiness are told from. Asks nobody.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class State:
    """How far the journal (``received``) and the ledger (``applied``) are, and what is wrong.

    ``board`` is how far the live board is, 0 while it is made. ``waiting_since`` is the arrival of
    the oldest report that does not count yet; ``taking`` says whether reports are taken;
    ``problem`` is empty while all is well.
    """

    received: int
    applied: int
    taking: bool
    started_at: datetime
    version: str
    problem: str = ""
    waiting_since: datetime | None = None
    board: int = 0

    @property
    def behind(self) -> int:
        """How many reports have a receipt and do not count yet."""
        return max(0, self.received - self.applied)
