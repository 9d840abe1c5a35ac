"""Lists for people: what stands in a page of works, screenings, reports, findings, held rows.

In: a page as it travels. Out: text. Knows no ledger.
"""

from collections.abc import Mapping
from typing import Any

from pharos.serve.show import table

_COLUMNS = {
    "works": ("work_id", "work", "year", "distributor", "provisional"),
    "cinemas": ("cinema_id", "cinema", "city", "chain", "expected", "provisional"),
    "screenings": (
        *("business_date", "cinema_id", "screening", "start", "sender", "book"),
        *("admissions", "currency", "gross"),
    ),
    "reports": ("position", "sender", "stream", "verdict", "rows", "held", "findings", "file"),
}

Page = Mapping[str, Any]


def list_text(name: str, page: Page) -> str:
    """One page."""
    rows = page["rows"]
    if not rows:
        return f"no {name}" if name != "held" else "no rows are held"
    lines = [table(rows, _COLUMNS[name])] if name in _COLUMNS else [_found(row) for row in rows]
    if page["next"]:
        lines.append(f"there are more: --limit, or --after {page['next']}")
    return "\n".join(lines)


def _found(row: Mapping[str, Any]) -> str:
    """A finding, or a held row with what it said and how to mend it."""
    where = f", row {row['row']}" if row["row"] is not None else ""
    source = f" ({row['file']})" if row["file"] else ""
    does = f"{row['severity']}: " if "severity" in row else ""
    lines = [f"report {row['position']} from {row['sender']}{source}{where}"]
    lines.append(f"  {does}{row['sentence']} [{row['rule']}]")
    if row.get("said"):
        lines.append(f"  it said: {row['said']}")
    if row.get("mend"):
        lines.append(f"  {row['mend']}")
    return "\n".join(lines)
