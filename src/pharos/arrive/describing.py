"""Which screening, or which day of a cinema, a row speaks of.

In: descriptions as rows say them. Out: the mentions of a report, each described thing once.
Knows no figure: what a row counts is gathered elsewhere.
"""

from datetime import time
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from pharos.arrive import limits
from pharos.arrive.native_rows import DayTotals, ProgrammePart
from pharos.arrive.reading import Place, Places
from pharos.arrive.starts import read_start
from pharos.errors import UnreadableRow
from pharos.words.descriptions import Mention
from pharos.words.figures import ABSENT, Level, Mentions
from pharos.words.money import exponent
from pharos.words.works import Part, Programme, tidy_name

#: Descriptions of screenings kept between reports, in their own words.
REMEMBERED = 1 << 16


class Said(NamedTuple):
    """A screening exactly as a row describes it; None is not said."""

    cinema: str
    screening: str
    start: str
    screen: str | None = None
    work: str | None = None
    programme: tuple[ProgrammePart, ...] | None = None
    version: str | None = None
    seats: int | None = None
    currency: str | None = None
    cancelled: bool = False


class Describer:
    """Numbers the mentions of one report."""

    def __init__(self, places: Places) -> None:
        self.descriptions = places.descriptions
        #: By description, the sentence about a start that was taken otherwise than it was said.
        self.doubts: dict[int, str] = {}
        self._places = places
        self._known: dict[str, Place] = {}
        self._said: dict[Said, int] = {}
        #: The last mention of each thing.
        self._mentions: dict[object, int] = {}
        self._described: list[int] = []

    def place(self, cinema: str) -> Place:
        """Where a cinema is, asked once a report."""
        known = self._known.get(cinema)
        if known is None:
            known = self._known[cinema] = self._places.place(cinema)
        return known

    def __getitem__(self, mention: int) -> Mention:
        """The mention of a number."""
        return self.descriptions.items[self._described[mention]]

    def mentions(self) -> Mentions:
        """All mentions, in the order in which they were made."""
        return Mentions(np.array(self._described, dtype=np.int64), self.descriptions)

    def currency(self, mention: int) -> str:
        """The currency of a mention, which money needs. Raises UnreadableRow."""
        described = self[mention]
        if not described.currency:
            raise UnreadableRow(
                "no_currency",
                f"nobody said in which currency cinema {described.cinema!r} counts; add currency "
                "to the row, or send a register row for the cinema first",
            )
        return described.currency

    def screening(self, said: Said) -> int:
        """The number of the mention that a screening's description makes.

        Raises UnreadableRow, UnknownCurrency.
        """
        number = self._said.get(said)
        if number is None:
            number = self._said[said] = self.describe(said)
        return self._mention(number, (said.cinema, said.screening))

    def describe(self, said: Said) -> int:
        """The number that a screening has among all descriptions.

        Raises UnreadableRow, UnknownCurrency.
        """
        place = self.place(said.cinema)
        zone = place.zone if place.known else None
        described, doubt = _describe(said, zone, place.day_start, place.currency)
        number = self.descriptions.number(described)
        if doubt:
            self.doubts.setdefault(number, doubt)
        return number

    def day(self, said: DayTotals) -> int:
        """The number of the mention of one work's business day in a cinema.

        Raises UnreadableRow, UnknownCurrency.
        """
        place = self.place(said.cinema)
        limits.year("date", said.date.year)
        programme = single_programme(said.work, said.version or "")
        currency = _currency(said.currency, place.currency)
        mention = Mention(
            *(int(Level.DAY), said.cinema, "", ABSENT, 0, "", programme),
            *(said.date, ABSENT, False, currency),
        )
        number = self.descriptions.number(mention)
        return self._mention(number, number)

    def _mention(self, description: int, thing: object) -> int:
        """The mention that a row makes; one that takes back what came between is a new one."""
        mention = self._mentions.get(thing)
        if mention is None or self._described[mention] != description:
            mention = self._mentions[thing] = len(self._described)
            self._described.append(description)
        return mention


@lru_cache(maxsize=REMEMBERED)
def _describe(said: Said, zone: str | None, day_start: time, currency: str) -> tuple[Mention, str]:
    """The mention of a screening, and the doubt about its start.

    Cached between reports: while tickets are sold, the same screenings are described all day.
    """
    start = read_start(said.start, zone, day_start)
    described = Mention(
        int(Level.SCREENING),
        said.cinema,
        said.screening,
        start.micros,
        start.offset_minutes,
        said.screen or "",
        _programme(said),
        start.business_date,
        limits.count("seats", said.seats),
        said.cancelled,
        _currency(said.currency, currency),
    )
    return described, start.doubt


@lru_cache(maxsize=16_384)
def single_programme(work: str, version: str) -> str:
    """The text of a programme of one work. Raises UnreadableRow."""
    return Programme.single(_work(work), version).text()


@lru_cache(maxsize=16_384)
def _programme_of(parts: tuple[ProgrammePart, ...]) -> str:
    if not 1 <= len(parts) <= limits.MOST_PARTS:
        raise UnreadableRow(
            "out_of_range",
            f"programme has {len(parts)} parts; it may have 1 to {limits.MOST_PARTS}: send a "
            "longer programme as one work of its own",
        )
    for part in parts:
        limits.count("weight", part.weight, 1)
    return Programme(
        tuple(Part(_work(part.work), part.version or "", part.weight) for part in parts)
    ).text()


def _programme(said: Said) -> str:
    if (said.work is None) == (said.programme is None):
        raise UnreadableRow(
            "no_work" if said.work is None else "bad_field",
            "say either work or programme: work for one film, programme for several",
        )
    if said.programme is None:
        return single_programme(said.work or "", said.version or "")
    if said.version:
        raise UnreadableRow(
            "bad_field", "version stands beside a programme; move it into the parts it belongs to"
        )
    return _programme_of(said.programme)


def _work(said: str) -> str:
    work = tidy_name(said)
    if not work:
        raise UnreadableRow("bad_field", "work is only white space; say its id or its name")
    return work


def _currency(said: str | None, of_place: str) -> str:
    currency = said or of_place
    if currency:
        exponent(currency)
    return currency
