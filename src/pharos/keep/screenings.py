"""From mentions to accounts: which screening, or which day of a work, a line speaks of.

In: the mentions of a batch. Out: the account of each, new ones where a screening is said for the
first time or described anew. Knows which description holds now; what it cannot remember it reads
from the ledger.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from pharos.keep.at_once import AtOnce
from pharos.keep.described import (
    SAME_SCREENING_DAYS,
    Described,
    Key,
    account_said,
    described,
    key_of,
    near,
    parsed,
)
from pharos.keep.ledger import Ledger, dates, first_row, instants
from pharos.words.descriptions import REMEMBERED, REMEMBERED_DAYS, Mention
from pharos.words.figures import Level


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
        missing = [] if self._complete else [one for one in wanted if self.find(one) is None]
        if missing:
            self._recall(missing)

    def rest(self) -> None:
        """Between two batches: forget what is too much to remember."""
        if len(self.days) > REMEMBERED_DAYS:
            self.days.clear()
            self._complete = False
        if len(self.current) > REMEMBERED:
            self.current.clear()
            self._same_id.clear()
            self.at_once = AtOnce()
            self._complete = False

    def find(self, said: Described) -> Described | None:
        """The description that holds now for what is mentioned."""
        key = key_of(said)
        found = self._memory(said.mention.level).get(key)
        if found is None or said.mention.level == Level.DAY:
            return found
        alike = (found, *self._same_id.get(key, ()))
        close = [one for one in alike if near(one.mention, said.mention)]
        return max(close, key=lambda one: one.screening, default=None)

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
        gone = replace(described, first=-1, screening=self._next_screening, parts=1)
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
            for part, one in enumerate(parsed(made.mention.programme).parts[: made.parts]):
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
        if made.mention.level == Level.DAY:
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
        key, memory = key_of(described), self._memory(described.mention.level)
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
        days = [one.mention.business_date for one in missing]
        reach = timedelta(days=SAME_SCREENING_DAYS)
        wanted = pa.table(
            {
                "sender": terms["sender"].codes(one.sender for one in missing),
                "cinema": terms["cinema"].codes(one.mention.cinema for one in missing),
                "said": [account_said(one.mention) for one in missing],
                "wanted_date": dates(days),
                "nth": list(range(len(missing))),
            }
        )
        first, last = min(days) - reach, max(days) + reach
        found = self._ledger.query(_RECALL, [first, last], wanted=wanted)
        for row in found.to_pylist():
            recalled = self.of_row(row)
            if recalled.first >= 0 and self.find(recalled) is None:
                self._place(recalled)

    def of_row(self, row: dict[str, Any]) -> Described:
        """The description that a row of the table ``account`` holds."""
        terms = self._ledger.terms
        mention = Mention(
            level=row["level"],
            cinema=terms["cinema"].texts[row["cinema"]],
            screening=row["said"] if row["level"] == Level.SCREENING else "",
            start=row["start_us"],
            offset_minutes=row["offset_minutes"],
            screen=terms["screen"].texts[row["screen"]],
            programme=row["programme"],
            business_date=row["business_date"],
            seats=row["known_seats"],
            cancelled=row["cancelled"],
            currency=terms["currency"].texts[row["currency"]],
        )
        sender = terms["sender"].texts[row["sender"]]
        return described(sender, mention, row["account"], row["screening"])


_ACCOUNT_COLUMNS = (
    "account", "screening", "level", "sender", "cinema", "said", "work", "version", "lead",
    "dates", "start", "minute", "screen", "currency", "position", "programme",
    "offset_minutes", "known_seats", "cancelled",
)  # fmt: skip


def _add_account(rows: dict[str, list[Any]], made: Described, part: int, position: int) -> None:
    said = made.mention
    day = said.level == Level.DAY
    rows["account"].append(made.first + part if made.first >= 0 else -1)
    rows["screening"].append(made.screening)
    rows["level"].append(int(said.level))
    rows["sender"].append(made.sender)
    rows["cinema"].append(said.cinema)
    rows["said"].append(account_said(said))
    rows["lead"].append(part == 0)
    rows["dates"].append(said.business_date)
    rows["start"].append(said.start)
    rows["minute"].append(None if day else local_minute(said.start, said.offset_minutes))
    rows["screen"].append(said.screen)
    rows["currency"].append(said.currency)
    rows["position"].append(position)
    rows["programme"].append(said.programme)
    rows["offset_minutes"].append(said.offset_minutes)
    rows["known_seats"].append(said.seats)
    rows["cancelled"].append(said.cancelled)


def local_minute(start: int, offset_minutes: int) -> int:
    """Minute of the local day (0 to 1439) at which a screening starts."""
    return (start // 60_000_000 + offset_minutes) % 1440


_RECALL = f"""
-- the newest description of each screening (or day) that is wanted, withdrawn ones included
SELECT a.* FROM account a JOIN wanted w
  ON a.sender = w.sender AND a.cinema = w.cinema AND a.said = w.said
WHERE a.lead AND a.business_date BETWEEN ? AND ?
  AND abs(a.business_date - w.wanted_date) <= {SAME_SCREENING_DAYS}
QUALIFY row_number() OVER (PARTITION BY w.nth ORDER BY a.screening DESC) = 1
"""
