"""From said rows to lines of the three books: what stands before anybody asks which book counts.

In: the messages heard at an edition. Out: lines of figures, descriptions of screenings, findings.
Must not know which line is published, nor any total.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pharos.words.money import exponent
from pharos.words.territory import Territory
from tests.oracle_calendar import business_date
from tests.oracle_registers import Registers
from tests.oracle_said import Row, Said, Sent, heard, latest, tidy, without_replaced_files

TICKETS, TOTALS, DAYS, SUPPLY = "tickets", "screening_totals", "day_totals", "supply"

#: What one ticket of each event adds to tickets issued and to tickets refunded.
EVENTS = {
    "sale": (1, 0),
    "exchange_in": (1, 0),
    "void": (-1, 0),
    "exchange_out": (-1, 0),
    "refund": (0, 1),
}
#: These describe the screening, not the ticket, so they may change between repeats of an event.
_DESCRIPTION = ("start", "screen", "work", "programme", "version", "seats")

Key = tuple[str, str, str]  # sender, cinema, screening id: ids mean nothing outside their sender


@dataclass(frozen=True)
class Part:
    """One work of a programme, under the id that was said."""

    work: str
    version: str
    weight: int


@dataclass(frozen=True)
class Screening:
    """A screening as it is described at an edition."""

    key: Key
    start: datetime
    screen: str | None
    seats: int | None
    parts: tuple[Part, ...]
    cancelled: bool
    currency: str


@dataclass(frozen=True)
class Line:
    """One ticket event or one stated line; None is "not said". Money is in minor units."""

    sender: str
    cinema: str
    book: str
    screening: Key | None
    day: date | None
    parts: tuple[Part, ...]
    currency: str
    ticket_type: str | None
    channel: str | None
    sold_at: datetime | None
    admissions: int | None
    issued: int | None
    refunded: int | None
    free: int | None
    paid: int
    tax: int | None
    fee: int | None
    screenings: int | None = None
    seats: int | None = None


@dataclass(frozen=True)
class Statement:
    """The line or lines of one key in a book, and the message that holds there."""

    lines: tuple[Line, ...]
    holder: int


class Lines:
    """Everything that stands at one edition, before publication."""

    def __init__(
        self,
        messages: list[Sent],
        territories: Mapping[str, Territory],
        home: str,
        earlier: "dict[int, Lines] | None" = None,
    ) -> None:
        #: What stood at earlier positions, each worked out once.
        self._earlier: dict[int, Lines] = {} if earlier is None else earlier
        self.findings: set[tuple[int, str]] = set()
        said = [Said(message, row) for message in messages for row in message.rows]
        self.registers = Registers(said, territories, home)
        #: Who spoke about which cinema and date, replaced rows included: speaking is a fact.
        self.spoken: dict[tuple[str, str, date], int] = {}
        figures = [s for s in said if s.kind in (TICKETS, TOTALS, DAYS, "schedule")]
        for one in figures:
            self._hear(one)
        standing, _ = without_replaced_files(figures, self.date_of)
        tickets = self._new_events([s for s in standing if s.kind == TICKETS])
        mentions = [s for s in standing if s.kind in (TOTALS, "schedule")] + tickets
        mentions.sort(key=lambda s: s.message.position)
        self.screenings = self._described(mentions)
        self.tickets = [self._ticket(s) for s in tickets]
        self.totals = self._statements([s for s in standing if s.kind == TOTALS])
        self.days = self._statements([s for s in standing if s.kind == DAYS])
        self._correct(messages, [s for s in said if s.kind == "correction"], territories, home)

    def date_of(self, row: Row) -> date:
        """The business date that a row speaks of by its own words."""
        if "date" in row:
            return date.fromisoformat(row["date"])
        return self.business_date(row["cinema"], datetime.fromisoformat(row["start"]))

    def business_date(self, cinema: str, start: datetime) -> date:
        """The start's wall clock against the day start of the cinema's territory."""
        here = self.registers.canonical("cinema", cinema)
        return business_date(start, self.registers.territory(here, start.date()).day_start)

    def _hear(self, one: Said) -> None:
        cinema = self.registers.canonical("cinema", one.row["cinema"])
        key = (one.message.sender, cinema, self.date_of(one.row))
        self.spoken[key] = min(one.message.position, self.spoken.get(key, one.message.position))

    def _new_events(self, tickets: list[Said]) -> list[Said]:
        """Each ticket event once: the first to arrive under its number counts.

        The same number with other content is held: somebody must say which of the two is true.
        """
        first: dict[tuple[Any, ...], Any] = {}
        new = []
        for one in tickets:
            key, content = _event_key(one), _content(one.row)
            if key not in first:
                first[key] = content
                new.append(one)
            else:
                again = "repeat" if first[key] == content else "conflict"
                self.findings.add((one.message.position, again))
        return new

    def _described(self, mentions: list[Said]) -> dict[Key, Screening]:
        """Each field of a screening as it was said last; what is not said erases nothing."""
        by_key: dict[Key, list[Said]] = {}
        for one in mentions:
            by_key.setdefault(_screening_key(one), []).append(one)
        found = {}
        for key, said in by_key.items():
            start = datetime.fromisoformat(_said_last(said, "start"))
            of_programme = [s for s in said if "work" in s.row or "programme" in s.row]
            cinema = self.registers.canonical("cinema", key[1])
            scheduled = latest(s for s in said if s.kind == "schedule")
            found[key] = Screening(
                key=key,
                start=start,
                screen=_said_last(said, "screen"),
                seats=_said_last(said, "seats"),
                parts=_parts(latest(of_programme)[-1].row),
                # Only a schedule says whether a screening is held.
                cancelled=bool(scheduled) and scheduled[-1].row.get("status") == "cancelled",
                currency=_said_last(said, "currency")
                or self.registers.currency(cinema, self.business_date(key[1], start)),
            )
        return found

    def _ticket(self, one: Said) -> Line:
        row, amounts = one.row, self._amounts(one.row, one.row["paid"])
        quantity = row.get("quantity", 1)
        issues, refunds = EVENTS[row.get("event", "sale")]
        issued, refunded = issues * quantity, refunds * quantity
        back = -1 if issues < 0 or refunds else 1
        sold = row.get("sold_at")
        return replace(
            self._line(one, amounts),
            sold_at=datetime.fromisoformat(sold) if sold else None,
            admissions=issued - refunded,
            issued=issued,
            refunded=refunded,
            free=issued - refunded if amounts["paid"] == 0 else 0,
            **{name: None if m is None else back * m for name, m in amounts.items()},  # type: ignore[arg-type]
        )

    def _statements(self, said: list[Said]) -> dict[tuple[str, ...], Statement]:
        """For each screening, or cinema, work and date: the lines of the message said last."""
        by_key: dict[tuple[str, ...], list[Said]] = {}
        for one in said:
            by_key.setdefault(_statement_key(one), []).append(one)
        found = {}
        for key, rows in by_key.items():
            held = latest(rows)
            holder = held[0].message.position
            self.findings |= {
                (s.message.position, "superseded") for s in rows if s.message.position > holder
            }
            found[key] = Statement(tuple(self._stated(s) for s in held), holder)
        return found

    def _stated(self, one: Said) -> Line:
        row, amounts = one.row, self._amounts(one.row, one.row["gross"])
        admissions, refunds = row.get("admissions"), row.get("refunds")
        free: int | None = 0
        if amounts["paid"] == 0:
            free = admissions
        elif "ticket_type" not in row and admissions != 0:
            # A sum over all ticket types does not say how many of them were free.
            free = None
        return replace(
            self._line(one, amounts),
            admissions=admissions,
            issued=None if admissions is None or refunds is None else admissions + refunds,
            refunded=refunds,
            free=free,
            screenings=row.get("screenings"),
            # The seats of a total over one screening describe that screening.
            seats=row.get("seats") if one.kind == DAYS else None,
        )

    def _line(self, one: Said, amounts: dict[str, int | None]) -> Line:
        row, days = one.row, one.kind == DAYS
        return Line(
            sender=one.message.sender,
            cinema=row["cinema"],
            book=one.kind,
            screening=None if days else _screening_key(one),
            day=date.fromisoformat(row["date"]) if days else None,
            parts=_parts(row),
            currency=self._currency(row),
            ticket_type=row.get("ticket_type"),
            channel=row.get("channel"),
            sold_at=None,
            admissions=None,
            issued=None,
            refunded=None,
            free=None,
            paid=amounts["paid"] or 0,
            tax=amounts["tax"],
            fee=amounts["fee"],
        )

    def _currency(self, row: Row) -> str:
        cinema = self.registers.canonical("cinema", row["cinema"])
        return str(row.get("currency") or self.registers.currency(cinema, self.date_of(row)))

    def _amounts(self, row: Row, paid: str) -> dict[str, int | None]:
        places = exponent(self._currency(row))
        said = {"paid": paid, "tax": row.get("tax"), "fee": row.get("fee")}
        return {
            name: None if text is None else int(Decimal(text).scaleb(places))
            for name, text in said.items()
        }

    def _correct(
        self,
        messages: list[Sent],
        corrections: list[Said],
        territories: Mapping[str, Territory],
        home: str,
    ) -> None:
        """Apply corrections whose guard held when they arrived and whose statement still holds.

        What the book said then is asked from the messages before the correction, so corrections of
        corrections need no rule of their own.
        """
        for one in corrections:
            at = one.message.position - 1
            if at not in self._earlier:
                found = Lines(heard(messages, at), territories, home, self._earlier)
                self._earlier[at] = found
            target = self._earlier[at].lines_of(one)
            line = self._corrected(one, target)
            if line is None:
                self.findings.add((one.message.position, "correction"))
            elif line.book == TICKETS:
                self.tickets.append(line)
            else:
                book = self.totals if line.book == TOTALS else self.days
                key = _correction_key(one, line.sender)
                now = book.get(key)
                # A newer statement has repaired the figures; the correction went with the old one.
                if now is not None and now.holder < one.message.position:
                    book[key] = replace(now, lines=(*now.lines, line))

    def lines_of(self, correction: Said) -> list[Line]:
        """The lines that a correction speaks of; none where several senders speak of the thing."""
        row = correction.row
        found: dict[str, list[Line]] = {}
        if row["book"] == TICKETS:
            for line in self.tickets:
                if line.screening and line.screening[1:] == (row["cinema"], row["screening"]):
                    found.setdefault(line.sender, []).append(line)
        else:
            book = self.totals if row["book"] == TOTALS else self.days
            for key, statement in book.items():
                if key == _correction_key(correction, key[0]):
                    found[key[0]] = list(statement.lines)
        return next(iter(found.values())) if len(found) == 1 else []

    def _corrected(self, one: Said, lines: list[Line]) -> Line | None:
        if not lines:
            return None
        places = exponent(lines[0].currency)
        expect, wanted = one.row["expect"], one.row["set"]
        gross = sum(line.paid for line in lines)
        admissions = sum(line.admissions or 0 for line in lines)
        if int(Decimal(expect["gross"]).scaleb(places)) != gross:
            return None
        if expect["admissions"] != admissions:
            return None
        more = wanted["admissions"] - admissions
        return replace(
            lines[0],
            ticket_type=None,
            channel=None,
            sold_at=None,
            admissions=more,
            issued=more,
            refunded=0,
            free=None if more else 0,
            paid=int(Decimal(wanted["gross"]).scaleb(places)) - gross,
            tax=None,
            fee=None,
            screenings=None,
            seats=None,
        )


def _screening_key(one: Said) -> Key:
    return one.message.sender, one.row["cinema"], one.row["screening"]


def _statement_key(one: Said) -> tuple[str, ...]:
    if one.kind == TOTALS:
        return _screening_key(one)
    row = one.row
    return one.message.sender, row["cinema"], tidy(row["work"]), row["date"]


def _correction_key(one: Said, sender: str) -> tuple[str, ...]:
    row = one.row
    if "screening" in row:
        return sender, row["cinema"], row["screening"]
    return sender, row["cinema"], tidy(row["work"]), row["date"]


def _event_key(one: Said) -> tuple[Any, ...]:
    row = one.row
    who = (one.message.sender, row["cinema"])
    if "number" in row:
        stream = row.get("stream", one.message.stream)
        return (*who, stream, row.get("epoch", 0), row["number"])
    return (*who, row["event_id"])


def _content(row: Row) -> dict[str, Any]:
    """What an event says of its ticket; "41.40" and "41.4" are the same money."""
    said = {k: v for k, v in row.items() if k not in _DESCRIPTION}
    for name in ("paid", "net", "tax", "levy", "fee", "declared_value"):
        if name in said:
            said[name] = Decimal(said[name])
    said.setdefault("event", "sale")
    said.setdefault("quantity", 1)
    return said


def _said_last(said: list[Said], name: str) -> Any:  # noqa: ANN401
    held = latest(s for s in said if s.row.get(name) is not None)
    return [s.row[name] for s in held if s.row.get(name) is not None][-1] if held else None


def _parts(row: Row) -> tuple[Part, ...]:
    if "programme" in row:
        return tuple(
            Part(tidy(p["work"]), p.get("version", ""), p.get("weight", 1))
            for p in row["programme"]
        )
    return (Part(tidy(row["work"]), row.get("version", ""), 1),)
