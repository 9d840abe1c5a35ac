"""Which book counts, for every cinema and business date; grains are never added together.

In: the lines of the three books at an edition. Out: facts, each counted exactly once.
Must not know any measure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from tests.oracle_lines import DAYS, SUPPLY, TICKETS, TOTALS, Line, Lines, Part, Screening

#: Better books first: whoever has the more detailed book of a cinema's day is published.
BOOKS = (TICKETS, TOTALS, DAYS, SUPPLY)

Place = tuple[str, date]  # canonical cinema, business date


@dataclass(frozen=True)
class Fact:
    """A counted line, or (without a line) the supply of a counted screening.

    ``parts`` are the works it speaks of, under their canonical ids; ``weights`` are those of the
    whole programme and ``nth`` the place of each part in it.
    """

    sender: str
    cinema: str
    day: date
    grain: str
    currency: str
    line: Line | None
    screening: Screening | None
    parts: tuple[Part, ...]
    nth: tuple[int, ...]
    weights: tuple[int, ...]
    #: The supply of its other works, which a day total states already.
    stated: "Fact | None" = None


@dataclass
class _Day:
    """What one sender says of one cinema's business date."""

    screenings: list[Screening] = field(default_factory=list)
    tickets: list[Line] = field(default_factory=list)
    totals: list[Line] = field(default_factory=list)
    days: list[Line] = field(default_factory=list)

    @property
    def best(self) -> int:
        """Rank of its best book, 0 is the best."""
        said = (self.tickets, self.totals, self.days, self.screenings)
        return next(rank for rank, lines in enumerate(said) if lines)


class Counted:
    """The facts of one edition, and the lines beside them that do not count."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.registers = lines.registers
        self.facts: list[Fact] = []
        #: Figures of the published sender in books that are not published.
        self.beside: list[Fact] = []
        for place, senders in self._days().items():
            sender = self._published_sender(place, senders)
            self._count(place, sender, senders[sender])
            if len([day for day in senders.values() if day.best < BOOKS.index(SUPPLY)]) > 1:
                later = max(self._spoke(place, other) for other in senders)
                lines.findings.add((later, "overlap"))

    def _days(self) -> dict[Place, dict[str, _Day]]:
        days: dict[Place, dict[str, _Day]] = {}

        def at(sender: str, cinema: str, day: date) -> _Day:
            place = (self.registers.canonical("cinema", cinema), day)
            return days.setdefault(place, {}).setdefault(sender, _Day())

        for screening in self.lines.screenings.values():
            sender, cinema, _ = screening.key
            at(sender, cinema, self._date(screening)).screenings.append(screening)
        totals = (line for s in self.lines.totals.values() for line in s.lines)
        for line in (*self.lines.tickets, *totals):
            here = at(line.sender, line.cinema, self._date(self._screening(line)))
            (here.tickets if line.book == TICKETS else here.totals).append(line)
        for statement in self.lines.days.values():
            for line in statement.lines:
                assert line.day is not None
                at(line.sender, line.cinema, line.day).days.append(line)
        return days

    def _screening(self, line: Line) -> Screening:
        assert line.screening is not None
        return self.lines.screenings[line.screening]

    def _date(self, screening: Screening) -> date:
        return self.lines.business_date(screening.key[1], screening.start)

    def _published_sender(self, place: Place, senders: dict[str, _Day]) -> str:
        """One sender for a cinema's whole day, so that two who report the same do not add up.

        The declared reporter if it has figures, else the better book, else the first to speak.
        """
        reporter = self.registers.cinema(place[0], "reporter", place[1])

        def order(sender: str) -> tuple[bool, int, int]:
            best = senders[sender].best
            is_reporter = sender == reporter and BOOKS[best] != SUPPLY
            return not is_reporter, best, self._spoke(place, sender)

        return min(senders, key=order)

    def _spoke(self, place: Place, sender: str) -> int:
        """Position of the first message in which a sender spoke about a cinema's date."""
        return self.lines.spoken[sender, *place]

    def _count(self, place: Place, sender: str, day: _Day) -> None:
        """Per screening tickets, else totals; per work the day total only where neither is."""
        with_tickets = {line.screening for line in day.tickets}
        with_totals = {line.screening for line in day.totals}
        sold = with_tickets | with_totals
        works_sold = {
            work for s in day.screenings if s.key in sold for work in self._works(s.parts)
        }
        by_day = {work for line in day.days for work in self._works(line.parts)} - works_sold
        for line in day.tickets:
            self.facts.append(self._fact(place, line, self._screening(line)))
        for line in day.totals:
            counts = line.screening not in with_tickets
            (self.facts if counts else self.beside).append(
                self._fact(place, line, self._screening(line))
            )
        for line in day.days:
            counts = self._works(line.parts) <= by_day
            (self.facts if counts else self.beside).append(self._fact(place, line, None))
        for screening in day.screenings:
            grain = TICKETS if screening.key in with_tickets else TOTALS
            self._supply(
                place, sender, screening, grain if screening.key in sold else SUPPLY, by_day
            )

    def _supply(
        self, place: Place, sender: str, screening: Screening, grain: str, by_day: set[str]
    ) -> None:
        """A screening that is held counts, except for works that a day total counts already."""
        parts = self._canonical(screening.parts)
        weights = tuple(part.weight for part in parts)

        def of(nth: list[int], stated: Fact | None) -> Fact | None:
            """The supply of some of the works."""
            mine = tuple(parts[i] for i in nth)
            about = (sender, *place, grain, screening.currency, None, screening)
            return Fact(*about, mine, tuple(nth), weights, stated) if nth else None

        stated = of([i for i, part in enumerate(parts) if part.work in by_day], None)
        fact = of([i for i, part in enumerate(parts) if part.work not in by_day], stated)
        if fact and not screening.cancelled:
            self.facts.append(fact)

    def _fact(self, place: Place, line: Line, screening: Screening | None) -> Fact:
        # The programme is the one that the screening has now, whatever the line said once.
        parts = self._canonical(screening.parts if screening else line.parts)
        return Fact(
            line.sender,
            *place,
            line.book,
            line.currency,
            line,
            screening,
            parts,
            tuple(range(len(parts))),
            tuple(part.weight for part in parts),
        )

    def _canonical(self, parts: Iterable[Part]) -> tuple[Part, ...]:
        return tuple(
            Part(self.registers.canonical("work", p.work), p.version, p.weight) for p in parts
        )

    def _works(self, parts: Iterable[Part]) -> set[str]:
        return {part.work for part in self._canonical(parts)}
