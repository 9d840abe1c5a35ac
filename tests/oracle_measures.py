"""Every measure as a sum, or a ratio of sums, over selected facts.

In: the members of one row of an answer. Out: an exact integer or Fraction, or why there is none.
Must not know how the question was written.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.oracle_calendar import a_year_before, week_start, weekend_start
from tests.oracle_counted import Fact
from tests.oracle_lines import DAYS, TICKETS, Line
from tests.oracle_view import (
    SPANS,
    TIME_DIMENSIONS,
    WORK_DIMENSIONS,
    Conditions,
    Member,
    Span,
    View,
    lines_in,
    without,
)

Number = int | Fraction

#: What is taken off the price paid for each basis.
BASES = {
    "paid": (),
    "without_fee": ("fee",),
    "without_tax": ("tax",),
    "without_fee_and_tax": ("fee", "tax"),
}
ONLINE = "online"


class Unknown(Exception):
    """There is no such number; the message says why."""


@dataclass(frozen=True)
class Group:
    """One row of an answer: what selects it, and the members that it holds."""

    view: View
    conditions: Conditions
    span: Span | None
    by: tuple[str, ...]
    basis: str
    members: list[Member]

    def other(self, conditions: Conditions, span: Span | None) -> "Group":
        """The same question about other conditions or dates."""
        members = self.view.select(conditions, span)
        return replace(self, conditions=conditions, span=span, members=members)

    def lines(self) -> Iterator[tuple[Line, Member]]:
        """The lines of figures in this row."""
        for member in self.members:
            if member.fact.line is not None:
                yield member.fact.line, member

    def held(self) -> list[Fact]:
        """The screenings in this row that are held."""
        return [m.fact for m in self.members if m.fact.line is None]

    def held_once(self) -> list[Fact]:
        """Those that no day total states: of a row's works the first of a programme decides."""
        return [m.fact for m in self.members if m.fact.line is None and not self._stated(m)]

    def _stated(self, member: Member) -> bool:
        stated = member.fact.stated
        if stated is None:
            return False
        others = [one for m in self.view.select(self.conditions, None, [stated]) for one in m.parts]
        first = member.fact.nth[member.parts[0]]
        return any(stated.nth[one] < first for one in others)

    def day_lines(self) -> list[Line]:
        """The lines of day totals in this row."""
        return [line for line, _ in self.lines() if line.book == DAYS]


def split(minor: int, weights: tuple[int, ...]) -> list[int]:
    """Money over the parts of a programme, to the last minor unit; a refund mirrors its sale."""
    sign, whole = (-1 if minor < 0 else 1), sum(weights)
    reached = [abs(minor) * sum(weights[:n]) // whole for n in range(len(weights) + 1)]
    return [sign * (reached[n + 1] - reached[n]) for n in range(len(weights))]


def _share(member: Member, minor: int) -> int:
    """What falls to the selected parts of one amount."""
    shares = split(minor, member.fact.weights)
    return sum(shares[member.fact.nth[part]] for part in member.parts)


def _money(group: Group, name: str) -> int:
    total = 0
    for line, member in group.lines():
        minor = getattr(line, name)
        if minor is None:
            raise Unknown(f"the {name} of {line.book} in {line.cinema} is not known")
        total += _share(member, minor)
    return total


def _count(group: Group, name: str) -> int:
    """Tickets belong to every work of a programme in full, and are counted once in a row."""
    total = 0
    for line, _ in group.lines():
        count = getattr(line, name)
        if count is None:
            raise Unknown(f"{name} is not known for {line.book} in {line.cinema}")
        total += count
    return total


def _on_basis(group: Group, basis: str) -> int:
    return _money(group, "paid") - sum(_money(group, part) for part in BASES[basis])


def gross(group: Group) -> int:
    """What was paid, on the basis that was asked."""
    return _on_basis(group, group.basis)


def ratio(part: Number, whole: Number, missing: str) -> Fraction:
    """A ratio of sums; without a denominator there is none."""
    if whole == 0:
        raise Unknown(f"no {missing}")
    return Fraction(part) / Fraction(whole)


def _stated(group: Group, name: str) -> int:
    """What day totals state of screenings or seats; several lines of one day may share it."""
    days: dict[tuple[object, ...], list[int | None]] = {}
    for line in group.day_lines():
        key = (line.sender, line.cinema, line.day, line.parts)
        days.setdefault(key, []).append(getattr(line, name))
    total = 0
    for said in days.values():
        known = [count for count in said if count is not None]
        if not known:
            raise Unknown(f"a day total does not state its {name}")
        total += sum(known)
    return total


def screenings(group: Group) -> int:
    """Screenings that are held, and those that day totals state."""
    return len(group.held_once()) + _stated(group, "screenings")


def seats_offered(group: Group) -> int:
    """Seats for sale in the screenings that are held; one that is not known makes it unknown."""
    total = 0
    for fact in group.held_once():
        if fact.screening is None or fact.screening.seats is None:
            raise Unknown(f"the seats of a screening in {fact.cinema} are not known")
        total += fact.screening.seats
    return total + _stated(group, "seats")


def theatres(group: Group) -> int:
    """Cinemas with at least one screening held, or a day total."""
    by_day = {m.fact.cinema for line, m in group.lines() if line.book == DAYS}
    return len({fact.cinema for fact in group.held()} | by_day)


def screens(group: Group) -> int:
    """Auditoriums with at least one screening held."""
    if group.day_lines():
        raise Unknown("a day total does not state its screens")
    found = set()
    for fact in group.held():
        if fact.screening is None or fact.screening.screen is None:
            raise Unknown(f"the screen of a screening in {fact.cinema} is not known")
        found.add((fact.cinema, fact.screening.screen))
    return len(found)


def works(group: Group) -> int:
    """Works that stand in what is counted."""
    return len({m.fact.parts[n].work for m in group.members for n in m.parts})


def _all_works(group: Group) -> Group:
    """The same row over all works: the denominator of a share."""
    return group.other(without(group.conditions, WORK_DIMENSIONS), group.span)


def _prime(group: Group) -> int:
    if group.day_lines():
        raise Unknown("a day total does not state when its screenings start")
    return screenings(
        group.other({**group.conditions, "daypart": frozenset(["prime"])}, group.span)
    )


def presales(group: Group) -> int:
    """Gross of ticket events before the business date of their screening began."""
    early = []
    for line, member in group.lines():
        fact = member.fact
        if line.book != TICKETS or line.sold_at is None or fact.screening is None:
            raise Unknown(f"{line.book} do not say when tickets were sold")
        zone = group.view.zone(fact, fact.screening.start)
        begins = datetime.combine(fact.day, group.view.rules(fact).day_start, zone)
        if line.sold_at < begins:
            early.append(member)
    return gross(replace(group, members=early))


def online_share(group: Group) -> Fraction:
    """Tickets sold online of all tickets."""
    online = 0
    for line, _ in group.lines():
        if line.channel is None and line.admissions != 0:
            raise Unknown(f"the channel of {line.book} in {line.cinema} is not known")
        online += line.admissions or 0 if line.channel == ONLINE else 0
    return ratio(online, _count(group, "admissions"), "admissions")


def change(before: Callable[[date], date]) -> Callable[[Group], Fraction]:
    """Gross against the dates that ``before`` gives for the first and the last day."""

    def measure(group: Group) -> Fraction:
        first, last = _dates(group)
        rest = without(group.conditions, TIME_DIMENSIONS)
        earlier = gross(group.other(rest, (before(first), before(last))))
        return ratio(gross(group) - earlier, earlier, "gross in the period before")

    return measure


def _dates(group: Group) -> Span:
    """The stretch of dates of a row: its period, cut to the week, month ... that it stands for."""
    first, last = group.span or (date.min, date.max)
    sample = group.members[0].fact
    for dimension in group.by:
        if dimension in SPANS:
            days = [sample.day + timedelta(days=n) for n in range(-366, 367)]
            label = _label(group, dimension, sample.day)
            if label is None:
                raise Unknown(f"these days are outside any {dimension}")
            same = [day for day in days if _label(group, dimension, day) == label]
            first, last = max(first, same[0]), min(last, same[-1])
    return first, last


def _label(group: Group, dimension: str, day: date) -> object:
    rules = group.view.rules(group.members[0].fact)
    if dimension == "week":
        return None if rules.week_first is None else week_start(day, rules.week_first)
    if dimension == "weekend":
        return weekend_start(day, rules.weekend) if rules.weekend else None
    return {
        "business_date": day,
        "month": (day.year, day.month),
        "quarter": (day.year, (day.month - 1) // 3),
        "year": day.year,
    }[dimension]


def book_difference(group: Group) -> int:
    """Published gross less what another book of the same sender says of the same thing.

    Compared per screening where both books speak of screenings, else per cinema, work and date.
    """
    beside = replace(
        group,
        members=group.view.select(group.conditions, group.span, group.view.counted.beside),
    )
    if not beside.members:
        raise Unknown("no other book speaks of this")
    compared: set[tuple[object, str, date, str]] = set()
    for line, member in beside.lines():
        for part in member.parts:
            work = member.fact.parts[part].work
            compared.add((line.screening, member.fact.cinema, member.fact.day, work))
    return sum(_published(group, *thing) for thing in compared) - gross(beside)


def _published(group: Group, screening: object, cinema: str, day: date, work: str) -> int:
    same = {d: wanted for d, wanted in group.conditions.items() if d == "currency"}
    selected = group.view.select(
        {**same, "cinema": frozenset([cinema]), "work": frozenset([work])}, (day, day)
    )
    return gross(
        replace(
            group,
            members=[
                m
                for m in lines_in(selected)
                if screening is None or (m.fact.line and m.fact.line.screening == screening)
            ],
        )
    )


#: Measures that are sums or ratios inside their own row.
PLAIN: dict[str, Callable[[Group], Number]] = {
    "gross": gross,
    "net_of_fee_gross": lambda g: _on_basis(g, "without_fee"),
    "net_gross": lambda g: _on_basis(g, "without_tax"),
    "service_fee": lambda g: _money(g, "fee"),
    "tax": lambda g: _money(g, "tax"),
    "admissions": lambda g: _count(g, "admissions"),
    "free_admissions": lambda g: _count(g, "free"),
    "paid_admissions": lambda g: _count(g, "admissions") - _count(g, "free"),
    "tickets_issued": lambda g: _count(g, "issued"),
    "refunds": lambda g: _count(g, "refunded"),
    "refund_rate": lambda g: ratio(_count(g, "refunded"), _count(g, "issued"), "tickets issued"),
    "average_ticket_price": lambda g: ratio(gross(g), _count(g, "admissions"), "admissions"),
    "screenings": screenings,
    "seats_offered": seats_offered,
    "theatres": theatres,
    "screens": screens,
    "works": works,
    "occupancy": lambda g: ratio(_count(g, "admissions"), seats_offered(g), "seats"),
    "admissions_per_screening": lambda g: ratio(
        _count(g, "admissions"), screenings(g), "screenings"
    ),
    "per_theatre_average": lambda g: ratio(gross(g), theatres(g), "theatres"),
    "per_screen_average": lambda g: ratio(gross(g), screens(g), "screens"),
    "per_seat_average": lambda g: ratio(gross(g), seats_offered(g), "seats"),
    "box_office_share": lambda g: ratio(gross(g), gross(_all_works(g)), "gross"),
    "screening_share": lambda g: ratio(screenings(g), screenings(_all_works(g)), "screenings"),
    "seat_share": lambda g: ratio(seats_offered(g), seats_offered(_all_works(g)), "seats"),
    "prime_time_share": lambda g: ratio(_prime(g), _prime(_all_works(g)), "prime time screenings"),
    "presales": presales,
    "online_share": online_share,
    "change_day": change(lambda day: day - timedelta(days=1)),
    "change_week": change(lambda day: day - timedelta(days=7)),
    "change_year": change(a_year_before),
    "book_difference": book_difference,
}
