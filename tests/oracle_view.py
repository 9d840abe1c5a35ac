"""The dimensions of every fact, and selections of facts by dimension and date.

In: the facts of one edition. Out: for each part of each fact the values of all dimensions.
Must not know any measure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import product
from typing import Any

from pharos.words.territory import Territory
from tests.oracle_calendar import (
    month_label,
    quarter_label,
    week_label,
    week_start,
    weekend_start,
    windows_of,
)
from tests.oracle_counted import Counted, Fact
from tests.oracle_runs import Runs
from tests.oracle_said import Row, tidy

Value = str | int | None

#: Dimensions that belong to a work, so that a double feature stands under several of their values.
WORK_DIMENSIONS = ("work", "version", "distributor", "run", "format", "language", "day_of_release")
PLACE_DIMENSIONS = ("cinema", "screen", "city", "province", "city_tier", "chain", "territory")
#: Dimensions whose values are stretches of consecutive dates.
SPANS = ("business_date", "week", "weekend", "month", "quarter", "year")
TIME_DIMENSIONS = (*SPANS, "weekday", "window", "day_of_window", "day_of_release")
CLOCK_DIMENSIONS = ("screening_hour", "daypart", "sale_hour")
SALE_DIMENSIONS = ("ticket_type", "channel", "sale_hour")
DIMENSIONS = (
    *WORK_DIMENSIONS,
    *PLACE_DIMENSIONS,
    *TIME_DIMENSIONS[:-1],  # day_of_release stands among those of the work
    *CLOCK_DIMENSIONS,
    *SALE_DIMENSIONS[:-1],  # sale_hour among those of the clock
    "sender",
    "grain",
)

#: Which values of which dimensions are wanted, as text; "" stands for "not known".
Conditions = Mapping[str, frozenset[str]]
Span = tuple[date, date]


@dataclass(frozen=True)
class Member:
    """A fact and those of its parts that were selected."""

    fact: Fact
    parts: tuple[int, ...]


class View:
    """All facts of one edition with their dimensions."""

    def __init__(self, counted: Counted, balances: dict[tuple[str, str], list[Row]]) -> None:
        self.counted = counted
        self.registers = counted.registers
        self.balances = balances
        self.runs = Runs(counted, balances)
        self._values: dict[tuple[int, int], dict[str, tuple[Value, ...]]] = {}

    def rules(self, fact: Fact) -> Territory:
        """The rules of the territory that a fact's cinema stands in."""
        return self.registers.territory(fact.cinema, fact.day)

    def zone(self, fact: Fact, start: datetime) -> tzinfo | None:
        """The zone of a cinema; where nobody said it, the offset of the screening's start."""
        return self.registers.zone(fact.cinema, fact.day) or start.tzinfo

    def values(self, fact: Fact, part: int) -> dict[str, tuple[Value, ...]]:
        """The values of all dimensions for one part of a fact; windows may give several."""
        key = (id(fact), part)
        if key not in self._values:
            self._values[key] = (
                self._of_work(fact, part)
                | self._of_place(fact)
                | self._of_day(fact)
                | self._of_sale(fact)
            )
        return self._values[key]

    def select(
        self, conditions: Conditions, span: Span | None, facts: list[Fact] | None = None
    ) -> list[Member]:
        """The facts, and of each the parts, that meet all conditions."""
        found = []
        for fact in self.counted.facts if facts is None else facts:
            if span is None or span[0] <= fact.day <= span[1]:
                parts = tuple(n for n in range(len(fact.parts)) if self._meets(fact, n, conditions))
                if parts:
                    found.append(Member(fact, parts))
        return found

    def keys(self, members: list[Member], by: tuple[str, ...]) -> list[tuple[Value, ...]]:
        """All combinations of dimension values that the members stand under, in order."""
        found: dict[tuple[Value, ...], None] = {}
        for member in members:
            for part in member.parts:
                values = self.values(member.fact, part)
                for key in product(*(values[dimension] for dimension in by)):
                    found[key] = None
        return sorted(found, key=lambda key: [_sortable(value) for value in key])

    def _meets(self, fact: Fact, part: int, conditions: Conditions) -> bool:
        values = self.values(fact, part)
        return all(
            any(as_text(value) in wanted for value in values[dimension])
            for dimension, wanted in conditions.items()
        )

    def _of_work(self, fact: Fact, nth: int) -> dict[str, tuple[Value, ...]]:
        part, rules = fact.parts[nth], self.rules(fact)
        run = self.runs.at(part.work, rules, fact.day)
        version = part.version
        return {
            "work": (part.work,),
            "version": (version or None,),
            "distributor": (self._distributor(part.work, rules.code),),
            "run": (run.number,),
            "day_of_release": (run.day(fact.day),),
            "format": (self.registers.version(version, "format") if version else None,),
            "language": (self.registers.version(version, "audio") if version else None,),
        }

    def _distributor(self, work: str, territory: str) -> str | None:
        """The distributor of the release there, else of the work."""
        releases = self.registers.releases(work, territory)
        said = [release["distributor"] for release in releases if release.get("distributor")]
        found = said[-1] if said else self.registers.work(work, "distributor")
        return str(found) if found else None

    def _of_place(self, fact: Fact) -> dict[str, tuple[Value, ...]]:
        def registered(attribute: str) -> Any:  # noqa: ANN401
            return self.registers.cinema(fact.cinema, attribute, fact.day)

        screen = fact.screening.screen if fact.screening else None
        return {
            "cinema": (fact.cinema,),
            # Screens are numbered inside their cinema.
            "screen": (f"{fact.cinema}/{screen}" if screen else None,),
            "city": (registered("city"),),
            "province": (registered("province"),),
            "city_tier": (registered("tier"),),
            "chain": (registered("chain"),),
            "territory": (self.rules(fact).code,),
            "sender": (fact.sender,),
            "grain": (fact.grain,),
            "currency": (fact.currency,),
        }

    def _of_day(self, fact: Fact) -> dict[str, tuple[Value, ...]]:
        day, rules = fact.day, self.rules(fact)
        weekend = weekend_start(day, rules.weekend) if rules.weekend else None
        first = rules.week_first
        windows = windows_of(day, rules)
        return {
            "business_date": (day.isoformat(),),
            "weekday": (day.isoweekday(),),
            "week": (week_label(week_start(day, first)) if first is not None else None,),
            "weekend": (weekend.isoformat() if weekend else None,),
            "month": (month_label(day),),
            "quarter": (quarter_label(day),),
            "year": (str(day.year),),
            "window": tuple(name for name, _ in windows) or (None,),
            "day_of_window": tuple(number for _, number in windows) or (None,),
        }

    def _of_sale(self, fact: Fact) -> dict[str, tuple[Value, ...]]:
        line, hour, daypart, sale_hour = fact.line, None, None, None
        if fact.screening:
            start = fact.screening.start
            first, end = self.rules(fact).prime_time
            wall = start.time()
            hour, daypart = wall.hour, "prime" if first <= wall < end else "other"
            if line and line.sold_at:
                sale_hour = line.sold_at.astimezone(self.zone(fact, start)).hour
        return {
            "screening_hour": (hour,),
            "daypart": (daypart,),
            "sale_hour": (sale_hour,),
            "ticket_type": (line.ticket_type if line else None,),
            "channel": (line.channel if line else None,),
        }


def as_text(value: Value) -> str:
    """A dimension's value as people write it in a condition."""
    return "" if value is None else str(value)


def conditions_of(where: Mapping[str, Any], view: View) -> dict[str, frozenset[str]]:
    """Conditions as they are meant: any id that is joined to a work or cinema means that one."""
    found = {}
    for dimension, wanted in where.items():
        several = wanted if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
        texts = [tidy(as_text(value)).removeprefix(f"{dimension}:") for value in several]
        if dimension in ("work", "cinema"):
            texts = [view.registers.canonical(dimension, text) for text in texts]
        if dimension == "screen":
            texts = [_screen(text, view) for text in texts]
        found[dimension] = frozenset(texts)
    return found


def _screen(text: str, view: View) -> str:
    cinema, slash, screen = text.rpartition("/")
    return view.registers.canonical("cinema", cinema) + slash + screen


def without(conditions: Conditions, dimensions: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The conditions on all other dimensions."""
    return {d: wanted for d, wanted in conditions.items() if d not in dimensions}


def with_key(
    conditions: Conditions, by: tuple[str, ...], key: tuple[Value, ...]
) -> dict[str, frozenset[str]]:
    """The conditions that select one row of an answer."""
    return dict(conditions) | {
        d: frozenset([as_text(value)]) for d, value in zip(by, key, strict=True)
    }


def lines_in(members: list[Member]) -> Iterator[Member]:
    """The members that are lines of figures."""
    return (member for member in members if member.fact.line is not None)


def _sortable(value: Value) -> tuple[bool, str, int]:
    if isinstance(value, int):
        return False, "", value
    return value is None, value or "", 0
