"""What questions to published figures share: pieces of SQL, and how a figure is named.

In: an edition. Out: texts, a small table for them, the first cells of a row. Knows no question.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa

from pharos.measure.edition import Edition

#: Shares and changes are shown in percent with so many decimals, rounded half up.
_PERCENT = Decimal("0.01")
_GRAIN = (
    "CASE WHEN {0} BETWEEN 28 AND 31 THEN 30 WHEN {0} BETWEEN 89 AND 92 THEN 91 "
    "WHEN {0} >= 365 THEN 365 ELSE {0} END"
)


def grain(days: str) -> str:
    """The grain of a figure by the days it covers: months are one, quarters and years too."""
    return _GRAIN.format(days)


def words(keys: str) -> str:
    """Numbers what a publisher said of one thing, the last word first (1)."""
    return (
        f"row_number() OVER (PARTITION BY {keys} "
        "ORDER BY stated_at DESC NULLS LAST, position DESC, row_number DESC)"
    )


@contextmanager
def registered(edition: Edition, name: str, table: pa.Table) -> Iterator[None]:
    """A small table under a name of its own, while a question is asked."""
    edition.cursor.register(name, table)
    try:
        yield
    finally:
        edition.cursor.unregister(name)


def joined_works(edition: Edition) -> AbstractContextManager[None]:
    """The table ``same`` (said, one), while a question is asked: works that were joined are one."""
    joined = edition.canonical("work")
    table = pa.table(
        {
            "said": pa.array(list(joined), pa.string()),
            "one": pa.array(list(joined.values()), pa.string()),
        }
    )
    return registered(edition, "same", table)


def named(edition: Edition, row: dict[str, Any]) -> dict[str, Any]:
    """Whose figure a row is, of what and when: the cells with which each answer begins."""
    return {
        "publisher": row["publisher"],
        "territory": row["territory"],
        "scope": row["scope"],
        "subject_id": row["subject"],
        "subject": edition.name(row["scope"], row["subject"]) if row["subject"] else "",
        "start": str(row["first"]),
        "end": str(row["last"]),
        "measure": row["measure"],
        "currency": row["currency"] or None,
    }


def percent(part: int, whole: int) -> Decimal | None:
    """A part in percent of the whole; None where there is no whole."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(_PERCENT, ROUND_HALF_UP)
