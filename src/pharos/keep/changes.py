"""What a report changes, in the rows that people see and with the currency of each.

In: differences in postings, of which a double feature has one for each of its works. Out: rows
added, changed, withdrawn and left as they were. Knows no format.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from pharos.keep.ledger import Ledger
from pharos.keep.statements import Difference

Posted = Mapping[str, int]
#: Report position (0 for the report itself) and row.
RowKey = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RowSaid:
    """What one row says: money in minor units, the works of a double feature together."""

    row: int
    admissions: int
    gross: int
    currency: str


@dataclass(slots=True)
class Changes:
    """Rows that a report adds, changes (before, after) and withdraws; ``unchanged`` counts."""

    added: list[RowSaid] = field(default_factory=list)
    changed: list[tuple[RowSaid, RowSaid]] = field(default_factory=list)
    withdrawn: list[RowSaid] = field(default_factory=list)
    unchanged: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.withdrawn or self.unchanged)


def changes_of(ledger: Ledger, differences: Iterable[Difference]) -> Changes:
    """The differences of one report as one, in rows."""
    before: dict[RowKey, list[Posted]] = defaultdict(list)
    after: dict[RowKey, list[Posted]] = defaultdict(list)
    changed, same = {}, set()
    for one in differences:
        for was, now in one.changed:
            # A part of the old row that is gone belongs to the row that took its place.
            changed[_said(was)] = _own(now)
        for now in [*one.added, *(now for _, now in one.changed)]:
            after[_own(now)].append(now)
        for now in one.unchanged:
            same.add(_own(now))
            after[_own(now)].append(now)
            before[_own(now)].append(now)
        for was in [*one.withdrawn, *(was for was, _ in one.changed)]:
            before[changed.get(_said(was), _said(was))].append(was)
        same -= {_own(now) for now in one.added} | set(changed.values())
    money = _currencies(ledger, [*before.values(), *after.values()])
    found = Changes(unchanged=len(same))
    for key in dict.fromkeys([*after, *before]):
        if key in same:
            continue
        if key not in before:
            found.added.append(_whole(after[key], money))
        elif key not in after:
            found.withdrawn.append(_whole(before[key], money))
        else:
            found.changed.append((_whole(before[key], money), _whole(after[key], money)))
    return found


def _own(row: Posted) -> RowKey:
    return 0, row["row"]


def _said(row: Posted) -> RowKey:
    return row["said_position"], row["said_row"]


def _whole(parts: list[Posted], money: Mapping[int, str]) -> RowSaid:
    """Money is split over the works of a programme; the admissions are those of each of them."""
    first = parts[0]
    gross = sum(part["gross"] for part in parts)
    row = first["row"] if "row" in first else first["said_row"]
    return RowSaid(row, first["admissions"], gross, money.get(first["account"], ""))


def _currencies(ledger: Ledger, rows: Iterable[list[Posted]]) -> dict[int, str]:
    accounts = {part["account"] for parts in rows for part in parts}
    if not accounts:
        return {}
    wanted = pa.table({"account": pa.array(sorted(accounts), type=pa.int32())})
    found = ledger.rows("SELECT account, currency FROM account JOIN wanted USING (account)",
                        wanted=wanted)  # fmt: skip
    texts = ledger.terms["currency"].texts
    return {row["account"]: texts[row["currency"]] for row in found}
