"""Figures that change their account: a screening moved, or withdrawn with its last line.

In: descriptions before and after. Out: counter-postings on the old accounts and the same rows on
the new ones, each with the posting it came from. Nothing is changed in place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from pharos.arrive.message_order import Said
from pharos.keep.described import SAME_SCREENING_DAYS, Described
from pharos.keep.ledger import Ledger
from pharos.keep.postings import MOVED, WITHDRAWN, Columns, Parts, negated, share, together
from pharos.keep.schema import QUANTITIES
from pharos.words.figures import ABSENT, Book, Ints
from pharos.words.report import Scope

_COLUMNS = ("account", "book", "event", "ticket_type", "channel", "line", *QUANTITIES)


#: Gives so many row numbers below zero, each once in a batch: no row of a report says them.
Numbers = Callable[[int], Ints]


@dataclass(frozen=True, slots=True)
class Moved:
    """Postings of a move, and rows of the table ``moved`` that say where they came from."""

    postings: Columns
    origins: dict[str, Any]


def move(ledger: Ledger, old: Described, new: Described, position: int, numbers: Numbers) -> Moved:
    """Take every posting of a screening back and post it to its new description.

    Row by row, so that money is split over a new programme exactly as if each row had been said
    of it at once.
    """
    found = ledger.query(_ROWS, [old.first, old.first + old.parts - 1])
    rows = columns_of_table(found)
    count = len(rows["account"])
    back_numbers = numbers(count)
    back = negated(_at(rows, position, back_numbers), MOVED)
    supply = rows["book"] == Book.SUPPLY
    whole, origin = _whole(rows, supply)
    again_numbers = numbers(len(origin))
    again = _at(whole, position, again_numbers)
    again["account"] = np.full(len(origin), new.first, dtype=np.int64)
    repeat = np.full(len(origin), new.parts, dtype=np.int64)
    posted = share(again, Parts(again["account"], repeat, {new.first: new.weights}))
    origins = {
        "position": np.full(count + len(origin), position),
        "row_number": np.concatenate([back_numbers, again_numbers]),
        "from_position": np.concatenate([rows["said_position"], rows["said_position"][origin]]),
        "from_row": np.concatenate([rows["said_row"], rows["said_row"][origin]]),
    }
    return Moved(together([back, posted]), origins if count else {})


def describing(ledger: Ledger, now: Described, *, scheduled: bool = False) -> list[Said]:
    """The reports that have described a screening, under whichever description.

    ``scheduled``: only those whose schedule did, and so said whether it is held.
    """
    terms = ledger.terms
    mention = now.mention
    key = [
        terms["sender"].code(now.sender),
        terms["cinema"].code(mention.cinema),
        mention.screening,
    ]
    reach, day = timedelta(days=SAME_SCREENING_DAYS), mention.business_date
    span = [day - reach, day + reach]
    rows = ledger.connection.execute(_DESCRIBING, [not scheduled, *key, *span]).fetchall()
    return [Said(*row) for row in rows]


def without_lines(ledger: Ledger, sender: str, scope: Scope) -> list[dict[str, Any]]:
    """Screenings of a sender in a scope that still count as held though no line is left.

    Rows of ``account`` with the supply that stands: screenings, seats, seats_missing, said.
    """
    terms = ledger.terms
    codes = [terms["sender"].code(sender), terms["cinema"].code(scope.cinema)]
    return ledger.rows(_EMPTY, [*codes, scope.first, scope.last])


def taken_back(gone: list[dict[str, Any]], position: int, numbers: Numbers) -> Columns:
    """Counter-postings for the supply of screenings that were withdrawn."""
    count = len(gone)
    made = {n: np.zeros(count, dtype=np.int64) for n in ("book", "ticket_type", "channel", "line")}
    for name in QUANTITIES:
        stands = "rows_said" if name == "said" else name
        made[name] = np.array([-int(row[stands] or 0) for row in gone], dtype=np.int64)
    made["account"] = np.array([row["account"] for row in gone], dtype=np.int64)
    made["position"] = np.full(count, position, dtype=np.int64)
    made["row"] = numbers(count)
    made["event"] = np.full(count, WITHDRAWN, dtype=np.int64)
    made["sold_at"] = np.full(count, ABSENT, dtype=np.int64)
    return made


def days_of(ledger: Ledger, made: Columns) -> list[dict[str, Any]]:
    """Cinema, business date, sender and book behind postings: one row each, first position."""
    pairs = pa.table({name: made[name] for name in ("account", "book", "position")})
    return ledger.rows(_DAYS, pairs=pairs)


def columns_of_table(table: pa.Table) -> Columns:
    """An Arrow table of integers and moments as columns; NULL becomes ABSENT."""
    columns = {}
    for name in table.column_names:
        values = table.column(name)
        columns[name] = values.cast(pa.int64()).fill_null(ABSENT).to_numpy()
    return columns


def _at(rows: Columns, position: int, numbers: Any) -> Columns:  # noqa: ANN401
    placed = {name: rows[name] for name in (*_COLUMNS, "sold_at")}
    placed["position"] = np.full(len(rows["account"]), position, dtype=np.int64)
    placed["row"] = numbers
    return placed


def _whole(rows: Columns, supply: Any) -> tuple[Columns, Any]:  # noqa: ANN401
    """Rows that were split over works put together again, supply left out.

    Money adds up over the parts; everything else stands in full in each, so the first part's.
    """
    keys = np.stack([rows["said_position"], rows["said_row"], supply.astype(np.int64)])
    _, origin, group = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    kept = ~supply[origin]
    whole = {name: column[origin] for name, column in rows.items()}
    for name in ("gross", "tax", "levy", "fee", "declared"):
        sums = np.zeros(len(origin), dtype=np.int64)
        np.add.at(sums, group.ravel(), rows[name])
        whole[name] = sums
    return {name: column[kept] for name, column in whole.items()}, origin[kept]


_ROWS = f"""
-- all postings of a screening in the order in which they were made
SELECT {", ".join(_COLUMNS)}, sold_at, position AS said_position, row_number AS said_row
FROM posting WHERE account BETWEEN ? AND ? ORDER BY position, row_number DESC, account
"""
_DESCRIBING = f"""
SELECT sender, stream, message_id, position FROM report WHERE position IN (
  SELECT position FROM posting
  -- the row of a schedule adds nothing to its book, unlike the supply that it opens
  WHERE event <> {MOVED} AND (? OR (book = {int(Book.SUPPLY)} AND said = 0)) AND account IN (
    SELECT account FROM account
    WHERE sender = ? AND cinema = ? AND said = ? AND level = 0
      AND business_date BETWEEN ? AND ?))
"""
_SUMS = ", ".join(f"CAST(sum(p.{name}) AS BIGINT) AS {name}" for name in QUANTITIES)
_EMPTY = f"""
-- screenings of the scope whose supply stands and in whose books nothing is left
WITH inside AS (
  SELECT * FROM account WHERE sender = ? AND cinema = ? AND business_date BETWEEN ? AND ?
  AND level = 0 AND account >= 0)
-- `said` is a screening's id in one table and a count of rows in the other
SELECT i.*, s.* EXCLUDE (account, said), s.said AS rows_said
FROM inside i JOIN (
  SELECT p.account, {_SUMS} FROM posting p JOIN inside USING (account)
  WHERE p.book = {int(Book.SUPPLY)} GROUP BY p.account HAVING sum(p.said) > 0) s USING (account)
WHERE i.account NOT IN (
  SELECT p.account FROM posting p JOIN inside USING (account)
  WHERE p.book <> {int(Book.SUPPLY)} GROUP BY p.account HAVING sum(p.said) <> 0)
  AND i.account IN (
  SELECT p.account FROM posting p JOIN inside USING (account) WHERE p.book <> {int(Book.SUPPLY)})
"""
_DAYS = """
SELECT a.cinema, a.business_date, a.sender, p.book, min(p.position) AS position
FROM account a JOIN pairs p USING (account) GROUP BY ALL
"""
