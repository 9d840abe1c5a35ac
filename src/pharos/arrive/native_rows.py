"""The rows of the native format, version 1, as they stand on the wire.

In: one line of JSON, or fields by name. Out: one typed row, or the reason why it is held or the
report refused. Knows no meaning: what a row does to the figures is decided elsewhere.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, field

from pharos.arrive import limits
from pharos.words.published import Basis, Coverage, Relation, Scope, Status

Text = Annotated[str, Meta(max_length=limits.LONGEST_TEXT)]
#: A moment with its offset.
Moment = Annotated[datetime, Meta(tz=True)]
Id = Annotated[str, Meta(min_length=1, max_length=limits.LONGEST_TEXT)]

BookName = Literal["tickets", "screening_totals", "day_totals"]
EventName = Literal["sale", "refund", "void", "exchange_out", "exchange_in"]
StatusName = Literal["on", "cancelled"]

#: Fields that take one of a few words.
CHOICES: dict[str, tuple[str, ...]] = {
    "book": get_args(BookName),
    "event": get_args(EventName),
    "status": (*get_args(StatusName), *Status),
    "scope": tuple(Scope),
    "basis": tuple(Basis),
    "relation": tuple(Relation),
    "coverage": tuple(Coverage),
}


class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all rows share: undeclared fields are refused."""


class Plain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a row; undeclared fields are refused."""


class ProgrammePart(Plain, frozen=True, kw_only=True):
    """One work of a double feature."""

    work: Id
    version: Text | None = None
    weight: int = 1


class NameSaid(Plain, frozen=True, kw_only=True):
    """A name in one language."""

    language: Text
    name: Id
    kind: Text = ""


class ScreenSaid(Plain, frozen=True, kw_only=True):
    """A screen and its seats."""

    id: Id
    seats: int


class CinemaSaid(Plain, frozen=True, kw_only=True):
    """A cinema for the register; `from` and `to` are `first` and `last` here."""

    id: Id
    name: Text | None = None
    names: tuple[NameSaid, ...] = ()
    territory: Text | None = None
    zone: Text | None = None
    currency: Text | None = None
    city: Text | None = None
    province: Text | None = None
    tier: Text | None = None
    chain: Text | None = None
    management: Text | None = None
    owner: Text | None = None
    screens: tuple[ScreenSaid, ...] = ()
    first: date | None = field(name="from", default=None)
    last: date | None = field(name="to", default=None)
    expected: bool | None = None
    reporter: Text | None = None


class WorkSaid(Plain, frozen=True, kw_only=True):
    """A work for the register."""

    id: Id
    names: tuple[NameSaid, ...]
    year: int | None = None
    distributor: Text | None = None
    runtime_minutes: int | None = None


class VersionSaid(Plain, frozen=True, kw_only=True):
    """A version for the register."""

    id: Id
    work: Id
    format: Text | None = None
    audio: Text | None = None
    subtitles: Text | None = None


class ReleaseSaid(Plain, frozen=True, kw_only=True):
    """A release for the register."""

    work: Id
    date: date
    territory: Text | None = None
    run: int | None = None
    distributor: Text | None = None


class Register(Wire, frozen=True, kw_only=True, tag="register"):
    """Exactly one of a cinema, a work, a version, a release."""

    cinema: CinemaSaid | None = None
    work: WorkSaid | None = None
    version: VersionSaid | None = None
    release: ReleaseSaid | None = None


class Screening(Wire, frozen=True, kw_only=True):
    """What every row about one screening says of it."""

    cinema: Id
    screening: Id
    start: Text
    screen: Text | None = None
    work: Id | None = None
    programme: tuple[ProgrammePart, ...] | None = None
    version: Text | None = None
    seats: int | None = None
    currency: Text | None = None


class Schedule(Screening, frozen=True, kw_only=True, tag="schedule"):
    """A screening is planned, or cancelled."""

    status: StatusName = "on"


class Tickets(Screening, frozen=True, kw_only=True, tag="tickets"):
    """One ticket event of a screening."""

    sold_at: Text
    paid: Text
    event: EventName = "sale"
    number: int | None = None
    epoch: int = 0
    event_id: Id | None = None
    stream: Text | None = None
    ticket_type: Text | None = None
    channel: Text | None = None
    quantity: int = 1
    net: Text | None = None
    tax: Text | None = None
    levy: Text | None = None
    fee: Text | None = None
    declared_value: Text | None = None
    refers_to: Text | None = None


class ScreeningTotals(Screening, frozen=True, kw_only=True, tag="screening_totals"):
    """One stated line of a screening's totals."""

    admissions: int
    gross: Text
    price: Text | None = None
    ticket_type: Text | None = None
    channel: Text | None = None
    net: Text | None = None
    tax: Text | None = None
    levy: Text | None = None
    fee: Text | None = None
    refunds: int | None = None


class DayTotals(Wire, frozen=True, kw_only=True, tag="day_totals"):
    """One stated line of a work's business day in a cinema."""

    cinema: Id
    date: date
    work: Id
    gross: Text
    version: Text | None = None
    ticket_type: Text | None = None
    channel: Text | None = None
    admissions: int | None = None
    currency: Text | None = None
    net: Text | None = None
    tax: Text | None = None
    levy: Text | None = None
    fee: Text | None = None
    screenings: int | None = None
    seats: int | None = None
    refunds: int | None = None


class NoScreeningsSaid(Wire, frozen=True, kw_only=True, tag="no_screenings"):
    """A cinema shows nothing on a date, or from a date to a date."""

    cinema: Id
    on: date | None = field(name="date", default=None)
    first: date | None = field(name="from", default=None)
    last: date | None = field(name="to", default=None)
    reason: Text | None = None


class OpeningBalanceSaid(Wire, frozen=True, kw_only=True, tag="opening_balance"):
    """What a work had made through a date."""

    work: Id
    through: date
    gross: Text
    publisher: Id
    territory: Text | None = None
    admissions: int | None = None
    currency: Text | None = None


class Sums(Plain, frozen=True, kw_only=True):
    """The two figures of a correction."""

    gross: Text
    admissions: int


class CorrectionSaid(Wire, frozen=True, kw_only=True, tag="correction"):
    """Set a screening, or a work's day, to what is right."""

    cinema: Id
    book: BookName
    expect: Sums
    set: Sums
    reason: Id
    by: Id
    screening: Id | None = None
    on: date | None = field(name="date", default=None)
    work: Id | None = None


class PublishedSaid(Wire, frozen=True, kw_only=True, tag="published"):
    """A figure that somebody stated about a nation, a work, a cinema, a chain or a place.

    ``value`` is plain digits in ``unit`` ("CNY", "1e8 CNY", "count"); their number says how
    precisely it was printed.
    """

    publisher: Id
    measure: Id
    value: Text
    territory: Text | None = None
    scope: Scope | None = None
    work: Id | None = None
    cinema: Id | None = None
    chain: Id | None = None
    city: Id | None = None
    province: Id | None = None
    on: date | None = field(name="date", default=None)
    first: date | None = field(name="from", default=None)
    last: date | None = field(name="to", default=None)
    unit: Text | None = None
    currency: Text | None = None
    basis: Basis = Basis.UNKNOWN
    relation: Relation = Relation.EQUAL
    status: Status = Status.ACTUAL
    coverage: Coverage = Coverage.WHOLE
    stated_at: Text | None = None
    source: Text | None = None


Row = (
    Register
    | Schedule
    | Tickets
    | ScreeningTotals
    | DayTotals
    | NoScreeningsSaid
    | OpeningBalanceSaid
    | CorrectionSaid
    | PublishedSaid
)

#: Each kind and its class.
KINDS: dict[str, type[Wire]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        *(Register, Schedule, Tickets, ScreeningTotals, DayTotals),
        *(NoScreeningsSaid, OpeningBalanceSaid, CorrectionSaid, PublishedSaid),
    )
}

#: The fields of each kind, as the wire names them.
FIELDS: dict[str, frozenset[str]] = {
    kind: frozenset(row.__struct_encode_fields__) for kind, row in KINDS.items()
}


def parts_of(row: type[msgspec.Struct]) -> dict[str, type[Plain]]:
    """The fields of a row or of a part that have parts themselves, and what these are."""
    found = {one.encode_name: _part_in(one.type) for one in msgspec.structs.fields(row)}
    return {name: part for name, part in found.items() if part is not None}


def _part_in(said: Any) -> type[Plain] | None:  # noqa: ANN401
    """The part that a type is, or is made of."""
    if isinstance(said, type) and issubclass(said, Plain):
        return said
    return next(filter(None, map(_part_in, get_args(said))), None)


#: The parts that the fields of each kind have, and those of the same names in any kind.
PARTS: dict[str, dict[str, type[Plain]]] = {kind: parts_of(row) for kind, row in KINDS.items()}
PARTS_OF_ANY_KIND: dict[str, type[Plain]] = {
    name: part for parts in PARTS.values() for name, part in parts.items()
}
