"""Lists of what arrived: reports, what rules found in them, rows that are held.

In: an edition, a page, filters. Out: rows in the order of arrival. Never writes; what a held row
said stands in the journal, not here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from functools import lru_cache
from typing import Any

from pharos.arrive.said import row_said
from pharos.errors import UnknownWord
from pharos.measure.edition import Edition
from pharos.measure.paging import Key, Listed, Page, listed
from pharos.words.report import Severity


@dataclass(frozen=True, slots=True)
class Arrived:
    """Filters: texts that must be equal, and days (UTC) of arrival; what is empty matters not.

    ``newest`` lists the newest reports first; a cursor of one order is none of the other.
    """

    equal: Mapping[str, str]
    first: date | None = None
    last: date | None = None
    newest: bool = False

    def sql(self, edition: Edition) -> tuple[str, list[Any]]:
        """Conditions on the report r and the finding f. Raises UnknownWord for a sender."""
        self._check_sender(edition)
        asked = {name: value for name, value in self.equal.items() if value}
        texts = [f"{_COLUMNS[name]} = ?" for name in asked]
        values: list[Any] = list(asked.values())
        if self.first is not None:
            texts.append("r.arrived_at >= ?")
            values.append(self.first)
        if self.last is not None:
            texts.append("r.arrived_at < ?")
            values.append(self.last + timedelta(days=1))
        return "".join(f" AND {text}" for text in texts), values

    def _check_sender(self, edition: Edition) -> None:
        asked = self.equal.get("sender", "")
        if asked and not edition.rows(_SENT, asked, edition.position):
            known = (sender for (sender,) in edition.rows(_SENDERS, edition.position))
            raise UnknownWord("sender", asked, known)


def senders(edition: Edition) -> list[str]:
    """Everybody who has sent a report, in the order of their names."""
    return sorted(sender for (sender,) in edition.rows(_SENDERS, edition.position))


def reports(edition: Edition, page: Page, only: Arrived) -> Listed:
    """Every report that has a verdict."""
    conditions, values = only.sql(edition)
    (after,) = page.key((_LAST if only.newest else 0,))
    text = _REPORTS.format(conditions=conditions, **_ORDERS[only.newest])
    at = edition.position
    rows = edition.dicts(text, at, at, after, *values, page.limit + 1)
    return listed(edition, page, (((row["position"],), _told(row)) for row in rows))


def report_at(
    edition: Edition, position: int, most: int
) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """The report at a position and its findings, at most so many; None: none is applied there."""
    found = edition.dicts(_REPORT, position, edition.position)
    if not found:
        return None
    return found[0], edition.dicts(_FINDINGS_OF, position, most)


def findings(edition: Edition, page: Page, only: Arrived) -> Listed:
    """Everything that rules noticed, report by report."""
    conditions, values = only.sql(edition)
    at, nth = page.key((_LAST if only.newest else 0, 0))
    text = _FINDINGS.format(conditions=conditions, **_ORDERS[only.newest])
    values = [edition.position, at, *values, at, at, nth]
    rows = edition.dicts(text, *values, page.limit + 1)
    return listed(edition, page, (_finding(row) for row in rows))


def held(edition: Edition, page: Page, only: Arrived, body_of: Callable[[int], bytes]) -> Listed:
    """Rows that do not count, with what they said and how to mend them.

    ``body_of`` gives the body of a message by its position.
    """
    holding = replace(only, equal={**only.equal, "severity": Severity.HOLD.value})
    bodies = lru_cache(maxsize=1)(body_of)
    found = findings(edition, page, holding)
    return replace(found, rows=tuple(_held(row, bodies) for row in found.rows))


def _held(row: Mapping[str, Any], body_of: Callable[[int], bytes]) -> dict[str, Any]:
    number = row["row"]
    said = None if number is None else row_said(body_of(row["position"]), number)
    told = {name: value for name, value in row.items() if name not in ("severity", "mapping")}
    return told | {"said": said, "mend": _mend(row)}


def _mend(row: Mapping[str, Any]) -> str:
    if row["row"] is None:
        return "correct the message and send it again under a new id"
    if row["mapping"]:
        return (
            f"correct row {row['row']} in {row['file']} and send the whole file again; it replaces "
            "what it said before"
        )
    return (
        f"send row {row['row']} again, corrected, in a message with a new id; the other rows of "
        "this one count already"
    )


def _finding(row: dict[str, Any]) -> tuple[Key, dict[str, Any]]:
    key = (row["position"], row.pop("nth"))
    return key, _told(row)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: value if value != "" else None for name, value in row.items()}
    at = row["arrived_at"].replace(tzinfo=UTC).isoformat()
    return told | {"arrived_at": at, "id": row["id"], "stream": row["stream"]}


#: What a filter looks at, in the report r or the finding f.
_COLUMNS = {
    "sender": "r.sender",
    "stream": "r.stream",
    "verdict": "r.verdict",
    "rule": "f.rule",
    "severity": "f.severity",
    "subject": "f.subject",
    "report": "CAST(r.position AS VARCHAR)",
}
#: Before all positions, where the newest come first.
_LAST = (1 << 62) - 1
#: How reports follow one another, by whether the newest come first.
_ORDERS = {False: {"beyond": ">", "order": "ASC"}, True: {"beyond": "<", "order": "DESC"}}
_SENT = "SELECT 1 FROM report WHERE sender = ? AND position <= ? LIMIT 1"
_SENDERS = "SELECT DISTINCT sender FROM report WHERE position <= ?"
_REPORTS = """
WITH counted AS (
  SELECT position, count(*) AS findings FROM finding WHERE position <= ? GROUP BY position)
SELECT r.position, r.sender, r.stream, r.message_id AS id, r.digest, r.arrived_at, r.verdict,
  r.rows, r.repeats, r.held, coalesce(counted.findings, 0) AS findings,
  r.file, r.original, r.mapping
FROM report r LEFT JOIN counted USING (position)
WHERE r.position <= ? AND r.position {beyond} ?{conditions} ORDER BY r.position {order} LIMIT ?
"""
_REPORT = """
SELECT verdict, rows, repeats, held, (SELECT count(*) FROM finding f WHERE f.position = r.position)
  AS findings FROM report r WHERE position = ? AND position <= ?
"""
_FINDINGS_OF = """
SELECT rule, severity, row_number AS row, sentence, subject FROM finding
WHERE position = ? ORDER BY row_number NULLS FIRST, rule, subject, sentence LIMIT ?
"""
_FINDINGS = """
-- numbered inside a report before anything is left out, so that a cursor means the same finding
WITH numbered AS (
  SELECT *, row_number() OVER (
    PARTITION BY position ORDER BY row_number NULLS FIRST, rule, subject, sentence) AS nth
  FROM finding WHERE position <= ? AND position {beyond}= ?)
SELECT f.position, f.nth, f.row_number AS row, f.rule, f.severity, f.sentence, f.subject,
  r.sender, r.stream, r.message_id AS id, r.file, r.mapping, r.arrived_at
FROM numbered f JOIN report r USING (position)
WHERE true{conditions} AND (f.position {beyond} ? OR (f.position = ? AND f.nth > ?))
ORDER BY f.position {order}, f.nth LIMIT ?
"""
