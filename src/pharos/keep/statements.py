"""Stated totals: a newer statement replaces an older one, line by line.

In: the lines of a statement as postings, and what its sender said before in the same place.
Out: the postings to write: counter-postings for lines that changed or are gone, new ones for lines
that changed or are new, nothing for lines that say the same. Knows no file and no mapping.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from pharos.keep.batch import Batch
from pharos.keep.ledger import Ledger, dates
from pharos.keep.postings import WITHDRAWN, Columns
from pharos.keep.schema import QUANTITIES
from pharos.words.figures import ABSENT, Book, Ints, Level, Mention
from pharos.words.report import Scope
from pharos.words.works import works_of

#: What tells the lines of one account apart.
LINE_KEY = ("account", "ticket_type", "channel", "line")

Row = tuple[int, ...]


@dataclass(slots=True)
class Difference:
    """What a statement changes, in lines: rows of the report, and what stood there before.

    ``added``, ``withdrawn`` and ``unchanged`` are rows of postings, ``changed`` pairs (before,
    after).
    """

    added: list[dict[str, int]] = field(default_factory=list)
    changed: list[tuple[dict[str, int], dict[str, int]]] = field(default_factory=list)
    withdrawn: list[dict[str, int]] = field(default_factory=list)
    unchanged: list[dict[str, int]] = field(default_factory=list)


def standing_in_scope(ledger: Ledger, sender: str, scope: Scope, book: int) -> list[dict[str, int]]:
    """The lines that a sender's earlier statements left in a cinema and span of days."""
    terms = ledger.terms
    parameters = [
        terms["sender"].code(sender),
        terms["cinema"].code(scope.cinema),
        scope.first,
        scope.last,
        book,
    ]
    where = "sender = ? AND cinema = ? AND business_date BETWEEN ? AND ?"
    sql = _STANDING.format(touched=f"SELECT account FROM account WHERE {where} AND account >= 0")
    return ledger.rows(sql, parameters)


def standing_in_accounts(ledger: Ledger, accounts: list[int], book: int) -> list[dict[str, int]]:
    """The lines that earlier statements left in these accounts."""
    if not accounts:
        return []
    touched = pa.table({"account": pa.array(sorted(set(accounts)), type=pa.int32())})
    sql = _STANDING.format(touched="SELECT account FROM wanted")
    return ledger.rows(sql, [book], wanted=touched)


def accounts_of_days(ledger: Ledger, days: set[tuple[str, str, Any, str]]) -> list[int]:
    """All accounts, whatever their version, of (sender, cinema, business date, work)."""
    terms = ledger.terms
    senders, cinemas, when, works = zip(*sorted(days), strict=True)
    wanted = pa.table(
        {
            "sender": terms["sender"].codes(senders),
            "cinema": terms["cinema"].codes(cinemas),
            "business_date": dates(when),
            "work": terms["work"].codes(works),
        }
    )
    found = ledger.query(
        "SELECT account FROM account JOIN wanted USING (sender, cinema, business_date, work) "
        "WHERE level = 1 AND account >= 0",
        wanted=wanted,
    )
    return [int(account) for account in found.column("account").to_pylist()]


def compare(fresh: Columns, standing: list[dict[str, int]]) -> Difference:
    """What the fresh lines of a statement change against those that stand."""
    names = (*LINE_KEY, *QUANTITIES)
    before = {tuple(row[n] for n in names): row for row in standing}
    difference = Difference()
    rows = _rows(fresh)
    for row in rows:
        if before.pop(tuple(row[n] for n in names), None) is None:
            difference.added.append(row)
        else:
            difference.unchanged.append(row)
    _pair(difference, list(before.values()))
    return difference


def _pair(difference: Difference, gone: list[dict[str, int]]) -> None:
    """A line that is gone and one that is new in the same place are one line that changed."""
    places: dict[Row, list[dict[str, int]]] = defaultdict(list)
    for row in gone:
        places[_place(row)].append(row)
    added, difference.added = difference.added, []
    for row in added:
        if same_place := places.get(_place(row)):
            difference.changed.append((same_place.pop(0), row))
        else:
            difference.added.append(row)
    difference.withdrawn = [row for left in places.values() for row in left]


def _place(row: dict[str, int]) -> Row:
    return (row["account"], row["ticket_type"], row["channel"])


def counter_postings(
    difference: Difference, position: int, book: int, numbers: Callable[[int], Ints]
) -> Columns:
    """Counter-postings for what changed or is gone, at the position of the new statement.

    ``numbers`` gives row numbers below zero, since no row of the report says them.
    """
    gone = [before for before, _ in difference.changed] + difference.withdrawn
    columns = {n: np.array([-r[n] for r in gone], dtype=np.int64) for n in QUANTITIES}
    for name in LINE_KEY:
        columns[name] = np.array([r[name] for r in gone], dtype=np.int64)
    count = len(gone)
    columns["position"] = np.full(count, position, dtype=np.int64)
    # The parts of a double feature keep one number, as the line they take back has one.
    lines = np.array([(r["said_position"], r["said_row"]) for r in gone], dtype=np.int64)
    told, nth = np.unique(lines.reshape(-1, 2), axis=0, return_inverse=True)
    columns["row"] = numbers(len(told))[nth.ravel()]
    columns["book"] = np.full(count, book, dtype=np.int64)
    columns["event"] = np.full(count, WITHDRAWN, dtype=np.int64)
    columns["sold_at"] = np.full(count, ABSENT, dtype=np.int64)
    return columns


def origins(difference: Difference, counters: Columns) -> dict[str, Any]:
    """Rows of the table ``moved``: which posting each counter-posting takes back."""
    gone = [before for before, _ in difference.changed] + difference.withdrawn
    return {
        "position": counters["position"],
        "row_number": counters["row"],
        "from_position": [row["said_position"] for row in gone],
        "from_row": [row["said_row"] for row in gone],
    }


def to_post(difference: Difference) -> list[dict[str, int]]:
    """The rows that are new or say something else than before."""
    return difference.added + [after for _, after in difference.changed]


def _rows(columns: Columns) -> list[dict[str, int]]:
    names = list(columns)
    lists = [columns[name].tolist() for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*lists, strict=True)]


def statement_subject(mention: Mention) -> str:
    """What a statement is about: a screening, or a work's day whatever its version."""
    if mention.level == Level.SCREENING:
        return mention.screening
    return f"{mention.business_date.isoformat()}\x1d{works_of(mention.programme)[0]}"


def stated_in(batch: Batch, ledger: Ledger) -> dict[str, Any]:
    """Rows of the table ``statement``: what a batch states totals of; files are left out."""
    lines = batch.figures.lines
    stated = lines["book"] >= Book.SCREENING_TOTALS
    pairs = np.unique(lines["mention"][stated] * 4 + lines["book"][stated]).tolist()
    rows: dict[str, list[Any]] = {name: [] for name in _STATEMENT_COLUMNS}
    for index, book in (divmod(pair, 4) for pair in pairs):
        report = batch.report_at(index)
        if report.scope is None:
            mention = batch.figures.mentions[index]
            rows["position"].append(report.position)
            rows["book"].append(book)
            rows["sender"].append(ledger.terms["sender"].code(report.sender))
            rows["cinema"].append(ledger.terms["cinema"].code(mention.cinema))
            rows["subject"].append(statement_subject(mention))
            rows["stream"].append(report.stream)
            rows["message_id"].append(report.id)
    return rows


_STATEMENT_COLUMNS = (
    "position", "book", "sender", "cinema", "subject", "stream", "message_id",
)  # fmt: skip


_SUMS = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in QUANTITIES)
_STANDING = f"""
-- lines that still stand: what was said and not taken back
SELECT account, ticket_type, channel, line, {_SUMS},
       max(position) FILTER (event <> {WITHDRAWN}) AS said_position,
       arg_max(row_number, position) FILTER (event <> {WITHDRAWN}) AS said_row
FROM posting
WHERE account IN ({{touched}}) AND book = ?
GROUP BY account, ticket_type, channel, line
HAVING sum(said) <> 0
"""
