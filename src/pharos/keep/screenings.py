"""From mentions to accounts: which screening, or which day of a work, a line speaks of.

In: the mentions of a batch. Out: the account of each, new ones where a screening is said for the
first time or described anew. Knows which description holds now; what it cannot remember it reads
from the ledger.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from pharos.keep.at_once import AtOnce
from pharos.keep.described import Described, Key, account_said, key_of, parsed, with_changes
from pharos.keep.ledger import Ledger, dates, first_row, instants
from pharos.words.figures import Level

#: A screening id that comes back further away than this is another screening: tills count anew.
SAME_SCREENING_DAYS = 31
#: Screenings and days kept in memory; the ledger is asked for what is no longer there. A day of
#: a large country has 450,000 screenings, while a work's day in a cinema is said about once.
REMEMBERED = 1_000_000
REMEMBERED_DAYS = 10_000


class Screenings:
    """What each screening is said to be; accounts are numbered in the order of their making."""

    def __init__(self, ledger: Ledger) -> None:
        """Start from what the ledger holds."""
        self._ledger = ledger
        self.current: dict[Key, Described] = {}
        #: Screenings whose id was said again for another, long before or after.
        self._same_id: dict[Key, list[Described]] = {}
        self.at_once = AtOnce()
        self.days: dict[Key, Described] = {}
        row = first_row(
            ledger.connection,
            "SELECT coalesce(max(account), -1) + 1, coalesce(max(screening), -1) + 1 FROM account",
        )
        self._next_account, self._next_screening = row or (0, 0)
        #: Nothing was forgotten: what is not in memory was never said.
        self._complete = self._next_screening == 0
        self._fresh: list[tuple[Described, int]] = []

    def known(self, wanted: list[Described]) -> None:
        """Bring the descriptions of these mentions to mind, those that the ledger has."""
        if len(self.days) > REMEMBERED_DAYS:
            self.days.clear()
            self._complete = False
        if len(self.current) > REMEMBERED:
            self.current.clear()
            self._same_id.clear()
            self.at_once = AtOnce()
            self._complete = False
        if self._complete:
            return
        missing = [w for w in wanted if self.find(w) is None]
        if missing:
            self._recall(missing)

    def find(self, mention: Described) -> Described | None:
        """The description that holds now for what is mentioned."""
        key = key_of(mention)
        found = self._memory(mention.level).get(key)
        if found is None or mention.level == Level.DAY:
            return found
        near = [d for d in (found, *self._same_id.get(key, ())) if _near(d, mention)]
        return max(near, key=lambda d: d.screening, default=None)

    def open(self, described: Described, position: int) -> Described:
        """Give a new description accounts of its own, one for each work of its programme."""
        described.first, described.screening = self._next_account, self._next_screening
        self._next_account += described.parts
        self._next_screening += 1
        self._place(described)
        self._fresh.append((described, position))
        return described

    def forget(self, described: Described, position: int) -> None:
        """A screening was withdrawn: if it is said again, it is a new one."""
        gone = with_changes(described, first=-1, screening=self._next_screening, parts=1)
        self._next_screening += 1
        known = self.find(described)
        if known is not None:
            self.at_once.forget(known)
            self._drop(known)
        self._fresh.append((gone, position))

    def write(self) -> None:
        """Write the accounts that were opened into the ledger's transaction."""
        if not self._fresh:
            return
        terms = self._ledger.terms
        rows: dict[str, list[Any]] = {name: [] for name in _ACCOUNT_COLUMNS}
        for made, position in self._fresh:
            for part, one in enumerate(parsed(made.programme).parts[: made.parts]):
                _add_account(rows, made, part, position)
                rows["work"].append(terms["work"].code(one.work))
                rows["version"].append(terms["version"].code(one.version))
        for name in ("sender", "cinema", "screen", "currency"):
            rows[name] = terms[name].codes(rows[name]).tolist()
        starts = np.array(rows.pop("start"), dtype=np.int64)
        seats = np.array(rows.pop("known_seats"), dtype=np.int64)
        columns = {name: pa.array(values) for name, values in rows.items() if name != "dates"}
        columns["start_us"], columns["known_seats"] = pa.array(starts), pa.array(seats)
        columns["start"] = instants(starts)
        columns["business_date"] = dates(rows["dates"])
        columns.pop("dates", None)
        self._ledger.append("account", columns)
        self._fresh.clear()

    def _place(self, made: Described) -> None:
        """Remember a description in the place of the one it replaces, if there is one."""
        if made.level == Level.DAY:
            self.days[key_of(made)] = made
            return
        before = self.find(made)
        if before is not None:
            self._drop(before)
        key = key_of(made)
        if (other := self.current.get(key)) is not None:
            self._same_id.setdefault(key, []).append(other)
        self.current[key] = made

    def _drop(self, described: Described) -> None:
        key, memory = key_of(described), self._memory(described.level)
        if memory.get(key) is not described:
            self._same_id[key].remove(described)
            return
        del memory[key]
        if others := self._same_id.get(key):
            memory[key] = others.pop()

    def _memory(self, level: int) -> dict[Key, Described]:
        return self.days if level == Level.DAY else self.current

    def _recall(self, missing: list[Described]) -> None:
        terms = self._ledger.terms
        first = min(w.business_date for w in missing) - timedelta(days=SAME_SCREENING_DAYS)
        last = max(w.business_date for w in missing) + timedelta(days=SAME_SCREENING_DAYS)
        wanted = pa.table(
            {
                "sender": terms["sender"].codes(w.sender for w in missing),
                "cinema": terms["cinema"].codes(w.cinema for w in missing),
                "said": [account_said(w) for w in missing],
                "wanted_date": dates([w.business_date for w in missing]),
                "nth": list(range(len(missing))),
            }
        )
        found = self._ledger.query(_RECALL, [first, last], wanted=wanted)
        for row in found.to_pylist():
            described = self.described(row)
            if described.first >= 0 and self.find(described) is None:
                self._place(described)

    def described(self, row: dict[str, Any]) -> Described:
        """The description that a row of the table ``account`` holds."""
        terms = self._ledger.terms
        programme = parsed(row["programme"])
        return Described(
            first=row["account"],
            screening=row["screening"],
            parts=len(programme.parts),
            weights=tuple(part.weight for part in programme.parts),
            level=row["level"],
            sender=terms["sender"].texts[row["sender"]],
            cinema=terms["cinema"].texts[row["cinema"]],
            said=row["said"] if row["level"] == Level.SCREENING else "",
            start=row["start_us"],
            offset_minutes=row["offset_minutes"],
            screen=terms["screen"].texts[row["screen"]],
            programme=row["programme"],
            business_date=row["business_date"],
            seats=row["known_seats"],
            cancelled=row["cancelled"],
            currency=terms["currency"].texts[row["currency"]],
        )


def _near(one: Described, other: Described) -> bool:
    return abs((one.business_date - other.business_date).days) <= SAME_SCREENING_DAYS


_ACCOUNT_COLUMNS = (
    "account", "screening", "level", "sender", "cinema", "said", "work", "version", "lead",
    "dates", "start", "minute", "screen", "currency", "position", "programme",
    "offset_minutes", "known_seats", "cancelled",
)  # fmt: skip


def _add_account(rows: dict[str, list[Any]], made: Described, part: int, position: int) -> None:
    day = made.level == Level.DAY
    rows["account"].append(made.first + part if made.first >= 0 else -1)
    rows["screening"].append(made.screening)
    rows["level"].append(int(made.level))
    rows["sender"].append(made.sender)
    rows["cinema"].append(made.cinema)
    rows["said"].append(account_said(made))
    rows["lead"].append(part == 0)
    rows["dates"].append(made.business_date)
    rows["start"].append(made.start)
    rows["minute"].append(None if day else local_minute(made.start, made.offset_minutes))
    rows["screen"].append(made.screen)
    rows["currency"].append(made.currency)
    rows["position"].append(position)
    rows["programme"].append(made.programme)
    rows["offset_minutes"].append(made.offset_minutes)
    rows["known_seats"].append(made.seats)
    rows["cancelled"].append(made.cancelled)


def local_minute(start: int, offset_minutes: int) -> int:
    """Minute of the local day (0 to 1439) at which a screening starts."""
    return (start // 60_000_000 + offset_minutes) % 1440


def local_start(described: Described) -> datetime:
    """The start in UTC, for messages to people."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=described.start)


_RECALL = f"""
-- the newest description of each screening (or day) that is wanted, withdrawn ones included
SELECT a.* FROM account a JOIN wanted w
  ON a.sender = w.sender AND a.cinema = w.cinema AND a.said = w.said
WHERE a.lead AND a.business_date BETWEEN ? AND ?
  AND abs(a.business_date - w.wanted_date) <= {SAME_SCREENING_DAYS}
QUALIFY row_number() OVER (PARTITION BY w.nth ORDER BY a.screening DESC) = 1
"""
