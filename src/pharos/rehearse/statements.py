"""What cinemas state that send no tickets: totals of screenings, totals of days, corrections.

In: the slate as it is when they speak. Out: rows by sender. Knows no message.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from pharos.rehearse.arrays import Ints
from pharos.rehearse.country import Country, Grain
from pharos.rehearse.events import SLICE
from pharos.rehearse.letters import Letters
from pharos.rehearse.oddities import Roles
from pharos.rehearse.programme import Programme
from pharos.rehearse.slate import Slate

Row = dict[str, Any]
BySender = Mapping[str, list[Row]]
#: Totals are stated this long after a screening's end, with those of the same half hour.
_COUNTED, _ROUND = 1200, 1800
#: A figure with a nought too many.
_TOO_MUCH = 10


class Statements:
    """Totals as they are stated; ``letters`` lends its words about screenings and money."""

    def __init__(
        self, country: Country, programme: Programme, slate: Slate, letters: Letters, roles: Roles
    ) -> None:
        """Nothing was stated yet."""
        self._country, self._programme, self._slate = country, programme, slate
        self._letters, self._roles = letters, roles
        self._places: Ints = np.zeros(0, dtype=np.int64)
        self._due: Ints = np.zeros(0, dtype=np.int64)

    def plan(self, day: int) -> None:
        """Remember the screenings of a new day of which totals will be stated."""
        where = self._slate.of_day(day)
        grain = self._country.grain[self._slate["cinema"][where]]
        new = where.start + np.flatnonzero(grain == Grain.SCREENING_TOTALS)
        self._places = np.concatenate([self._places, new])
        counted = self._slate["ends"][new] + _COUNTED
        self._due = np.concatenate([self._due, -(-counted // _ROUND) * _ROUND])

    def of_screenings(self, begin: int) -> BySender:
        """Totals of the screenings that are counted in the slice that begins now."""
        chosen = (self._due >= begin) & (self._due < begin + SLICE)
        places = self._places[chosen]
        rows: dict[str, list[Row]] = defaultdict(list)
        slate, money = self._slate, self._letters.money
        said = zip(places.tolist(), self._letters.screenings(places), strict=True)
        for place, row in said:
            rows[self._country.sender(int(slate["cinema"][place]))].append(
                {
                    "kind": "screening_totals",
                    **row,
                    "currency": self._letters.currency,
                    "admissions": int(slate["admissions"][place]),
                    "gross": money(int(slate["gross"][place])),
                    "fee": money(int(slate["fee"][place])),
                    "refunds": int(slate["refunds"][place]),
                }
            )
        return rows

    def of_day(self, day: int) -> BySender:
        """Totals of a business day by chain: of all works that were on the schedule."""
        rows: dict[str, list[Row]] = defaultdict(list)
        for cinema in np.flatnonzero(self._country.grain == Grain.DAY_TOTALS).tolist():
            rows[self._country.chain_sender(cinema)] += self._day_of(cinema, day)
        for cinema in self._roles.twice.tolist():
            rows[self._country.chain_sender(cinema)] += [
                _without_fee(row, self._letters) for row in self._day_of(cinema, day)
            ]
        return {sender: [_shown(row) for row in of] for sender, of in rows.items() if of}

    def corrections(self, day: int) -> BySender:
        """What sets the day right for the cinemas that stated too much."""
        rows: dict[str, list[Row]] = {}
        for cinema in self._roles.corrected.tolist() if day == self._roles.odd_day else ():
            said = self._day_of(cinema, day)
            if said:
                row = said[0]
                right = self._letters.money(row["right"])
                admissions = row["admissions"]
                rows.setdefault(self._country.chain_sender(cinema), []).append(
                    {
                        "kind": "correction", "cinema": row["cinema"], "book": "day_totals",
                        "date": row["date"], "work": row["work"],
                        "expect": {"gross": row["gross"], "admissions": admissions},
                        "set": {"gross": right, "admissions": admissions},
                        "reason": "a nought too many", "by": "auditor",
                    }
                )  # fmt: skip
        return rows

    def nothing_shown(self, day: int) -> BySender:
        """Who says that it shows nothing on a day."""
        rows: dict[str, list[Row]] = defaultdict(list)
        last = day == self._roles.shut.shape[1] - 1
        for cinema in self._roles.closed.tolist() if last else ():
            rows[self._country.chain_sender(cinema)].append(
                {
                    "kind": "no_screenings",
                    "cinema": self._country.cinema_id(cinema),
                    "date": self._programme.dates[day],
                    "reason": "closed for a private event",
                }
            )
        return rows

    def _day_of(self, cinema: int, day: int) -> list[Row]:
        """A row for each work; ``right`` and ``charged`` are gross and fee in minor units."""
        slate, where = self._slate, self._slate.of_day(day)
        ends = where.start + np.searchsorted(slate["cinema"][where], [cinema, cinema + 1])
        mine = slice(*ends.tolist())
        rows: list[Row] = []
        for work in np.unique(slate["work"][mine]).tolist():
            chosen = slate["work"][mine] == work
            sums = {name: int(slate[name][mine][chosen].sum()) for name in
                    ("admissions", "gross", "fee", "refunds", "seats")}  # fmt: skip
            wrong = cinema in self._roles.corrected and day == self._roles.odd_day and not rows
            stated = sums["gross"] * (_TOO_MUCH if wrong else 1)
            rows.append(
                {
                    "kind": "day_totals",
                    "cinema": self._country.cinema_id(cinema),
                    "date": self._programme.dates[day],
                    "work": self._programme.works[work].id,
                    "currency": self._letters.currency,
                    "screenings": int(chosen.sum()),
                    "seats": sums["seats"],
                    "admissions": sums["admissions"],
                    "gross": self._letters.money(stated),
                    "fee": self._letters.money(sums["fee"]),
                    "refunds": sums["refunds"],
                    "right": sums["gross"],
                    "charged": sums["fee"],
                }
            )
        return rows


def _shown(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("right", "charged")}


def _without_fee(row: Row, letters: Letters) -> Row:
    """What a chain's books say of a day: they leave out what the vendor charges."""
    return row | {"gross": letters.money(row["right"] - row["charged"]), "fee": "0"}
