"""Differences in postings become the rows that people sent: parts of one row are one row.

In: differences as a statement makes them. Out: rows added, changed, withdrawn, as before.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pharos.keep.changes import RowSaid, changes_of
from pharos.keep.ledger import Ledger
from pharos.keep.statements import Difference

Posted = dict[str, int]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "ledger.duckdb")
    yield made
    made.close()


def now(row: int, account: int, gross: int) -> Posted:
    return {"row": row, "account": account, "gross": gross, "admissions": 5}


def was(row: int, account: int, gross: int) -> Posted:
    part = {"said_position": 3, "said_row": row, "account": account}
    return part | {"gross": gross, "admissions": 4}


def test_a_part_that_changed_and_one_that_did_not_are_one_changed_row(ledger: Ledger) -> None:
    one = Difference(changed=[(was(7, 0, 333), now(2, 0, 334))], unchanged=[now(2, 1, 667)])
    found = changes_of(ledger, [one])
    ((before, after),) = found.changed
    assert (before.gross, after.gross, after.row) == (1000, 1001, 2)
    assert (found.added, found.withdrawn, found.unchanged) == ([], [], 0)


def test_a_part_that_is_gone_belongs_to_the_row_that_changed(ledger: Ledger) -> None:
    one = Difference(changed=[(was(7, 0, 333), now(2, 0, 900))], withdrawn=[was(7, 1, 667)])
    found = changes_of(ledger, [one])
    assert [(b.gross, a.gross) for b, a in found.changed] == [(1000, 900)]
    assert not found.withdrawn


def test_rows_of_two_books_stay_apart(ledger: Ledger) -> None:
    books = [Difference(added=[now(2, 0, 1), now(2, 1, 2)]), Difference(withdrawn=[was(9, 2, 5)])]
    found = changes_of(ledger, [*books, Difference(unchanged=[now(3, 4, 1)])])
    assert found.added == [RowSaid(2, 5, 3, "")]
    assert found.withdrawn == [RowSaid(9, 4, 5, "")]
    assert found.unchanged == 1
    assert found
    assert not changes_of(ledger, [])
