"""Rows that state facts beside the figures: register, no screenings, balances, corrections.

In: typed rows of the native format. Out: facts as the ledger takes them. Knows no figures and no
register: what a fact changes is decided where facts are kept.
"""

import re
from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pharos.arrive import limits
from pharos.arrive.native_rows import (
    CinemaSaid,
    CorrectionSaid,
    NameSaid,
    NoScreeningsSaid,
    OpeningBalanceSaid,
    Register,
    ReleaseSaid,
    VersionSaid,
    WorkSaid,
)
from pharos.arrive.reading import (
    Correction,
    Fact,
    NoScreenings,
    OpeningBalance,
    Place,
    Places,
    RegisterCinema,
    RegisterRelease,
    RegisterVersion,
    RegisterWork,
)
from pharos.errors import UnreadableRow
from pharos.words.figures import Book
from pharos.words.money import exponent
from pharos.words.venues import Screen
from pharos.words.works import Name, tidy_name

Stated = Register | NoScreeningsSaid | OpeningBalanceSaid | CorrectionSaid

_TERRITORY = re.compile(r"[A-Z]{2}")
_LONGEST_RUNTIME = 10_000
_MOST_RUNS = 1_000


def fact(row: int, said: Stated, places: Places) -> Fact:
    """The fact that a row states. Raises UnreadableRow, UnknownCurrency."""
    if isinstance(said, Register):
        return _registered(row, said)
    if isinstance(said, NoScreeningsSaid):
        return _no_screenings(row, said)
    if isinstance(said, OpeningBalanceSaid):
        return _opening_balance(row, said, places)
    return _correction(row, said, places)


class Registering:
    """Places as they are once the cinemas of the same report are registered."""

    def __init__(self, places: Places) -> None:
        self.descriptions = places.descriptions
        self._places = places
        self._said: dict[str, RegisterCinema] = {}

    def learn(self, said: Fact) -> None:
        """Know a cinema from now on."""
        if isinstance(said, RegisterCinema):
            self._said[said.id] = said

    def place(self, cinema: str, territory: str = "") -> Place:
        """Where a cinema is: what this report registers, before what was known."""
        said = self._said.get(cinema)
        before = self._places.place(cinema, (said.territory if said else "") or territory)
        if said is None:
            return before
        rules = self._places.place("", said.territory) if said.territory else before
        moved = rules.territory != before.territory
        return Place(
            territory=rules.territory,
            zone=said.zone or (rules.zone if moved else before.zone),
            currency=said.currency or (rules.currency if moved else before.currency),
            day_start=rules.day_start,
            known=True,
        )


def check_zone(field: str, zone: str) -> None:
    """Refuse a name that is no time zone. Raises UnreadableRow."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise UnreadableRow(
            "bad_zone",
            f"{field} is {zone[:40]!r}, which is no time zone; give its IANA name, such as "
            "Asia/Shanghai or America/Chicago",
        ) from problem


def check_territory(field: str, territory: str) -> None:
    """Refuse what is not a code of a country. Raises UnreadableRow."""
    if not _TERRITORY.fullmatch(territory):
        raise UnreadableRow(
            "bad_territory",
            f"{field} is {territory[:40]!r}; give the two capital letters of ISO 3166, such as CN",
        )


def _registered(row: int, said: Register) -> Fact:
    stated = [part for part in (said.cinema, said.work, said.version, said.release) if part]
    if len(stated) != 1:
        raise UnreadableRow(
            "bad_field",
            f"a register row says one of cinema, work, version, release; this one says "
            f"{len(stated)}: send a row for each",
        )
    part = stated[0]
    if isinstance(part, CinemaSaid):
        return _cinema(row, part)
    if isinstance(part, WorkSaid):
        return _work(row, part)
    if isinstance(part, VersionSaid):
        return _version(row, part)
    return _release(row, part)


def _cinema(row: int, said: CinemaSaid) -> RegisterCinema:
    if said.name and said.names:
        raise UnreadableRow("bad_field", "say either name or names: names with their languages")
    _check_optional(said.zone, "zone", check_zone)
    _check_optional(said.territory, "territory", check_territory)
    if said.currency:
        exponent(said.currency)
    _check_span(said.first, said.last)
    return RegisterCinema(
        row=row,
        id=said.id,
        names=_names(said.names) or ((Name("", tidy_name(said.name)),) if said.name else ()),
        territory=said.territory or "",
        zone=said.zone or "",
        currency=said.currency or "",
        city=said.city or "",
        province=said.province or "",
        tier=said.tier or "",
        chain=said.chain or "",
        management=said.management or "",
        owner=said.owner or "",
        screens=tuple(Screen(s.id, limits.count("seats", s.seats)) for s in said.screens),
        first=said.first,
        last=said.last,
        expected=said.expected,
        reporter=said.reporter or "",
    )


def _work(row: int, said: WorkSaid) -> RegisterWork:
    if said.year is not None:
        limits.year("year", said.year)
    if said.runtime_minutes is not None:
        limits.count("runtime_minutes", said.runtime_minutes, 0, _LONGEST_RUNTIME)
    return RegisterWork(
        row=row,
        id=_work_id(said.id),
        names=_names(said.names),
        year=said.year,
        distributor=said.distributor or "",
        runtime_minutes=said.runtime_minutes,
    )


def _version(row: int, said: VersionSaid) -> RegisterVersion:
    return RegisterVersion(
        row=row,
        id=said.id,
        work=_work_id(said.work),
        format=said.format or "",
        audio=said.audio or "",
        subtitles=said.subtitles or "",
    )


def _release(row: int, said: ReleaseSaid) -> RegisterRelease:
    limits.year("date", said.date.year)
    _check_optional(said.territory, "territory", check_territory)
    if said.run is not None:
        limits.count("run", said.run, 1, _MOST_RUNS)
    return RegisterRelease(
        row=row,
        work=_work_id(said.work),
        date=said.date,
        territory=said.territory or "",
        run=said.run,
        distributor=said.distributor or "",
    )


def _no_screenings(row: int, said: NoScreeningsSaid) -> NoScreenings:
    first, last = said.on or said.first, said.on or said.last
    if first is None or last is None or (said.on and (said.first or said.last)):
        raise UnreadableRow("bad_field", "say either date, or both from and to")
    _check_span(first, last)
    return NoScreenings(
        row=row, cinema=said.cinema, first=first, last=last, reason=said.reason or ""
    )


def _opening_balance(row: int, said: OpeningBalanceSaid, places: Places) -> OpeningBalance:
    _check_optional(said.territory, "territory", check_territory)
    limits.year("through", said.through.year)
    currency = said.currency or places.place("", said.territory or "").currency
    if not currency:
        raise UnreadableRow("no_currency", "nobody said the currency of this balance; add currency")
    if said.admissions is not None:
        limits.count("admissions", said.admissions, 0, limits.LARGEST_TOTAL)
    return OpeningBalance(
        row=row,
        work=_work_id(said.work),
        through=said.through,
        gross=limits.amount("gross", said.gross, currency),
        currency=currency,
        publisher=said.publisher,
        territory=said.territory or "",
        admissions=said.admissions,
    )


def _correction(row: int, said: CorrectionSaid, places: Places) -> Correction:
    by_day = said.on is not None and said.work is not None and said.screening is None
    by_screening = said.screening is not None and said.on is None and said.work is None
    if not (by_day if said.book == "day_totals" else by_screening):
        raise UnreadableRow(
            "bad_field",
            "say date and work to correct day_totals, screening to correct the other books",
        )
    currency = places.place(said.cinema).currency
    if not currency:
        raise UnreadableRow(
            "no_currency",
            f"nobody said in which currency cinema {said.cinema!r} counts; send a register row "
            "for it first",
        )
    return Correction(
        row=row,
        cinema=said.cinema,
        book=Book[said.book.upper()],
        expect_gross=limits.amount("expect.gross", said.expect.gross, currency),
        expect_admissions=limits.count("expect.admissions", said.expect.admissions),
        set_gross=limits.amount("set.gross", said.set.gross, currency),
        set_admissions=limits.count("set.admissions", said.set.admissions),
        currency=currency,
        reason=said.reason,
        by=said.by,
        screening=said.screening or "",
        business_date=said.on,
        work=_work_id(said.work) if said.work else "",
    )


def _names(said: tuple[NameSaid, ...]) -> tuple[Name, ...]:
    return tuple(Name(one.language, tidy_name(one.name), one.kind) for one in said)


def _work_id(said: str) -> str:
    work = tidy_name(said)
    if not work:
        raise UnreadableRow("bad_field", "the id of the work is only white space; say its id")
    return work


def _check_optional(said: str | None, field: str, check: Callable[[str, str], None]) -> None:
    if said:
        check(field, said)


def _check_span(first: date | None, last: date | None) -> None:
    for field, day in (("from", first), ("to", last)):
        if day is not None:
            limits.year(field, day.year)
    if first and last and last < first:
        raise UnreadableRow(
            "bad_field", f"the span ends on {last}, before its start on {first}; turn them round"
        )
