"""Reports, receipts, findings and verdicts as plain values.

In: nothing. Out: the types that pass between the rooms. Knows no storage and no format.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from pharos.errors import PharosError, UnreadableRow

#: Version of the envelope that a leaf of the journal covers.
ENVELOPE_VERSION = 1


class Verdict(enum.StrEnum):
    """The answer to one report once it is applied, from best to worst."""

    ACCEPTED = "accepted"
    EXISTS = "exists"
    ACCEPTED_WITH_FINDINGS = "accepted_with_findings"
    HELD = "held"
    REFUSED = "refused"


class Severity(enum.StrEnum):
    """What a finding does: a notice counts, a hold keeps out one row, a refusal the whole."""

    NOTICE = "notice"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule noticed: its name, what it does, which row, and a sentence that says what to do.

    ``row`` is the line of the report or the row of the file as its sender counts it (first is 1);
    None speaks of the whole report. ``subject`` names the thing, such as ``cinema:A1``.
    """

    rule: str
    severity: Severity
    sentence: str
    row: int | None = None
    subject: str = ""

    @classmethod
    def held(cls, row: int, problem: PharosError, subject: str = "") -> Self:
        """That a row is kept out by what is wrong with it."""
        own = problem.rule if isinstance(problem, UnreadableRow) else ""
        rule = own or problem.code.replace("-", "_")
        return cls(rule, Severity.HOLD, str(problem), row, subject)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the one order in which they are shown: the whole report first, then its rows."""
    return tuple(sorted(findings, key=_place))


def _place(finding: Finding) -> tuple[int, str, str, str]:
    row = -1 if finding.row is None else finding.row
    return row, finding.rule, finding.subject, finding.sentence


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sent what and when: the part of a message that its leaf in the journal covers."""

    sender: str
    stream: str
    id: str
    arrived_at: datetime
    digest: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One report in the journal at its position (first is 1)."""

    position: int
    envelope: Envelope
    body: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender holds once the report is safe; it never changes.

    ``exists`` says that the same report had arrived before; ``conflict`` that another body had
    arrived under this id, so that this one is kept as evidence and refused.
    """

    position: int
    sender: str
    stream: str
    id: str
    digest: str
    leaf: str
    arrived_at: datetime
    exists: bool = False
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What a file covers: everything its sender said there before is replaced by it."""

    cinema: str
    first: date
    last: date
