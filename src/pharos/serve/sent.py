"""What became of something that was sent over HTTP, so far.

In: the answer of a server. Out: the receipt, and the verdict once there is one. Knows no server.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pharos.serve.home import Submitted
from pharos.serve.said import outcome_read, receipt_read
from pharos.words.report import Finding, Receipt, Verdict


@dataclass(frozen=True, slots=True)
class Sent:
    """A report that is safe; ``verdict`` is None as long as it does not count yet.

    ``exists`` says that it had arrived before, so that nothing was added.
    """

    receipt: Receipt
    verdict: Verdict | None = None
    rows: int = 0
    held: int = 0
    repeats: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def exists(self) -> bool:
        """Whether the same report had arrived before."""
        return self.receipt.exists

    @property
    def position(self) -> int:
        """Its position in the journal."""
        return self.receipt.position

    def of(self, told: "Sent") -> "Sent":
        """What was told of it later, with the receipt of the first answer."""
        return replace(told, receipt=self.receipt)

    def submitted(self, facts: int = 0) -> Submitted:
        """The same as a home says it. The verdict must be there."""
        verdict = Verdict.EXISTS if self.exists else self.verdict
        if verdict is None:
            raise AssertionError
        if self.exists:
            return Submitted(self.receipt, verdict, self.findings)
        return Submitted(
            self.receipt, verdict, self.findings, self.rows, facts, self.repeats, self.held
        )


def sent_of(said: Mapping[str, Any]) -> Sent:
    """What an answer of the intake says."""
    conflict = bool(said.get("conflict"))
    kept = receipt_read(said["receipt"], exists=said["exists"], conflict=conflict)
    if said["verdict"] is None:
        return Sent(kept)
    told = outcome_read(said, said["findings"])
    return Sent(kept, told.verdict, told.rows, told.held, told.repeats, told.findings)
