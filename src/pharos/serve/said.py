"""Receipts and outcomes of reports as JSON says them, for every door and everyone who reads it.

In: receipts, findings, outcomes. Out: plain values for JSON, and the same read back. Knows no door.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pharos.words.report import Finding, Receipt, Severity, Verdict


@dataclass(frozen=True, slots=True)
class Told:
    """The outcome of one report: counts of its rows, and its findings, the first of them."""

    verdict: Verdict
    rows: int
    held: int
    repeats: int
    findings: tuple[Finding, ...]
    findings_count: int


def receipt_said(receipt: Receipt) -> dict[str, Any]:
    """A receipt as JSON says it."""
    return {
        "position": receipt.position,
        "sender": receipt.sender,
        "stream": receipt.stream,
        "id": receipt.id,
        "digest": receipt.digest,
        "leaf": receipt.leaf,
        "arrived_at": receipt.arrived_at.isoformat(),
    }


def receipt_read(said: Mapping[str, Any], *, exists: bool, conflict: bool) -> Receipt:
    """A receipt as it was said."""
    arrived_at = datetime.fromisoformat(said["arrived_at"])
    return Receipt(**{**said, "arrived_at": arrived_at}, exists=exists, conflict=conflict)


def findings_said(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON says them."""
    return [
        {
            "rule": finding.rule,
            "severity": finding.severity.value,
            "row": finding.row,
            "sentence": finding.sentence,
            "subject": finding.subject,
        }
        for finding in findings
    ]


def findings_read(said: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Findings as they were said, or as they stand in the ledger."""
    return tuple(
        Finding(f["rule"], Severity(f["severity"]), f["sentence"], f["row"], f["subject"] or "")
        for f in said
    )


def outcome_said(told: Told | None) -> dict[str, Any]:
    """An outcome as JSON says it; None: it does not count yet."""
    if told is None:
        return {"verdict": None}
    return {
        "verdict": told.verdict.value,
        "rows": told.rows,
        "held": told.held,
        "repeats": told.repeats,
        "findings": findings_said(told.findings),
        "findings_count": told.findings_count,
    }


def outcome_read(said: Mapping[str, Any], findings: Iterable[Mapping[str, Any]]) -> Told:
    """An outcome as it was said, or as a row of the ledger has it."""
    found = findings_read(findings)
    count = said["findings_count"]
    verdict = Verdict(said["verdict"])
    return Told(verdict, said["rows"], said["held"], said["repeats"], found, count)
