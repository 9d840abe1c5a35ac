"""What stands beside a board: the days before, other days at the same minute, the days to come.

In: an edition, a cut and a moment. Out: answers as `ask` gives them, and by what two of
them differ. Knows no page and no SQL of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from pharos.measure.answer import Answer, ratio_cell
from pharos.measure.ask import ask_in
from pharos.measure.board import Cut
from pharos.measure.coverage import today
from pharos.measure.edition import Edition
from pharos.measure.question import question
from pharos.words.calendar import earlier_on_the_wall, year_before

#: Days before a board's day whose gross is drawn, and days after it whose presales are told.
TREND_DAYS, COMING_DAYS = 7, 7
_DAY = timedelta(days=1)

#: A work (its id) in a currency.
Film = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another day beside the board's: ``day``, ``week`` or ``year`` before; ``same`` is its own.

    While the board's day is running, only what had been sold ``until`` the same minute.
    """

    name: str
    day: date
    until: datetime | None
    gross: Mapping[str, Mapping[str, Any]]

    def change(self, other: "Earlier", currency: str) -> Decimal | None:
        """Change of gross against another; None where either is not known, or the other is none."""
        here, there = (one.gross.get(currency, {}).get("gross_minor") for one in (self, other))
        return ratio_cell(Fraction(here - there, there)) if here is not None and there else None


@dataclass(frozen=True, slots=True)
class Beside:
    """What was found, at one edition and moment.

    ``trend`` has the gross (decimal text, None where there is none) of each of the days before, the
    oldest first; ``ranks`` the places of the day before; ``coming`` the rows of days to come.
    Without ``earlier`` nothing was asked.
    """

    edition: int
    moment: datetime
    days: tuple[date, ...]
    trend: Mapping[Film, tuple[str | None, ...]]
    ranks: Mapping[Film, int]
    earlier: tuple[Earlier, ...]
    coming: tuple[Mapping[str, Any], ...]

    def moved(self, film: Film, place: int | None) -> int | None:
        """Places gained since the day before (lost if below zero); None: it had or has none."""
        before = self.ranks.get(film)
        return None if place is None or before is None else before - place


def beside(edition: Edition, cut: Cut, now: datetime) -> Beside:
    """Everything beside a board of an edition; ``now`` as `Edition.moment` says."""
    asks = _Asks(edition, cut, now)
    days = tuple(cut.day - _DAY * nth for nth in range(TREND_DAYS, 0, -1))
    until = now if today(edition, now) == cut.day else None
    return Beside(
        edition.position, now, days, asks.trend(days), asks.ranks(),
        tuple(asks.earlier(until)), asks.coming(),
    )  # fmt: skip


def nothing_beside(edition: Edition, cut: Cut, now: datetime) -> Beside:
    """What stands beside a board of which nothing else may be told."""
    del cut
    return Beside(edition.position, now, (), {}, {}, (), ())


@dataclass(frozen=True, slots=True)
class _Asks:
    edition: Edition
    cut: Cut
    now: datetime

    def ask(
        self, measures: tuple[str, ...], by: tuple[str, ...], period: str, **rest: datetime
    ) -> Answer:
        """The answer of the cut's place and basis."""
        where = ["=".join(self.cut.place)] if self.cut.place else []
        said = {"period": period, "basis": self.cut.basis, **rest}
        return ask_in(self.edition, question(measures, by, where, **said), self.now)

    def trend(self, days: tuple[date, ...]) -> dict[Film, tuple[str | None, ...]]:
        """The gross of each film on each of the days before."""
        period = f"{days[0]}..{days[-1]}"
        found: dict[Film, dict[str, str | None]] = {}
        for row in self.ask(("gross",), ("work", "business_date"), period).rows:
            films = found.setdefault((row["work_id"], row["currency"]), {})
            films[row["business_date_id"]] = row["gross"]
        return {film: tuple(said.get(str(day)) for day in days) for film, said in found.items()}

    def ranks(self) -> dict[Film, int]:
        """The places of the day before."""
        rows = self.ask(("gross", "rank"), ("work",), str(self.cut.day - _DAY)).rows
        return {(r["work_id"], r["currency"]): r["rank"] for r in rows if r["rank"] is not None}

    def earlier(self, until: datetime | None) -> Iterator[Earlier]:
        """The same minute of other days; whole days if the board's is not the running one."""
        day = self.cut.day
        others = {
            "same": day, "day": day - _DAY, "week": day - 7 * _DAY, "year": year_before(day),
        }  # fmt: skip
        for name, other in others.items():
            moment = None if until is None else self._at(until, day - other)
            sold = {} if moment is None else {"sold_until": moment}
            rows = self.ask(("gross",), (), str(other), **sold).rows
            yield Earlier(name, other, moment, {row["currency"]: row for row in rows})

    def _at(self, moment: datetime, ago: timedelta) -> datetime:
        """The same time of the wall so many days ago."""
        return earlier_on_the_wall(moment, ago, ZoneInfo(self.edition.zone))

    def coming(self) -> tuple[Mapping[str, Any], ...]:
        """What is sold already of the days after the board's."""
        first, last = self.cut.day + _DAY, self.cut.day + COMING_DAYS * _DAY
        measures = ("gross", "admissions", "screenings")
        return self.ask(measures, ("business_date",), f"{first}..{last}").rows
