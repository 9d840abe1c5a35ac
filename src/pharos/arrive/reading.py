"""What a reader understood of one report: figures, facts and findings.

In: plain values from the readers. Out: `Reading`, which checks and the ledger take, the facts
beside the figures, and how a reader asks where a cinema is. Knows no wire format and no storage.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Protocol

import msgspec
import pyarrow as pa

from pharos.words.descriptions import Descriptions
from pharos.words.figures import Book, Figures, Mentions, empty_lines
from pharos.words.report import Finding, Scope, Severity
from pharos.words.venues import Screen
from pharos.words.works import Name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cinema stands: its territory, zone, currency and when its business day starts.

    ``territory`` and ``currency`` are empty and ``zone`` None where nobody said them. ``known``
    says that a register report named this cinema; a provisional entry does not make it known.
    """

    territory: str
    zone: str | None
    currency: str
    day_start: time
    known: bool


class Places(Protocol):
    """How a reader asks where a cinema is; it never waits for a register."""

    @property
    def descriptions(self) -> Descriptions:
        """What was described before, where a reader numbers what is described."""
        ...

    def place(self, cinema: str, territory: str = "") -> Place:
        """The place of a cinema; of one that is not known, what ``territory`` or the home says."""
        ...


class Nowhere:
    """Places before anything is known: every cinema is unknown, its day starts at midnight.

    A door that only wants to know whether a body is refused reads it with this.
    """

    def __init__(self) -> None:
        """Nothing was described before."""
        self.descriptions = Descriptions()

    def place(self, cinema: str, territory: str = "") -> Place:  # noqa: ARG002
        """The same empty place for every cinema."""
        return Place(territory, None, "", time(0), known=False)


class _Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="fact", omit_defaults=True):
    """``row`` is the line of the report; 0 for a fact that stands in a mapping, not in a row."""

    row: int


class RegisterCinema(_Fact, frozen=True, kw_only=True, tag="cinema"):
    """A cinema as a register report describes it; empty or None is not said and erases nothing.

    ``provisional``: from the constants of a mapping. It holds only for what no register says.
    """

    id: str
    names: tuple[Name, ...] = ()
    territory: str = ""
    zone: str = ""
    currency: str = ""
    city: str = ""
    province: str = ""
    tier: str = ""
    chain: str = ""
    management: str = ""
    owner: str = ""
    screens: tuple[Screen, ...] = ()
    first: date | None = None
    last: date | None = None
    expected: bool | None = None
    reporter: str = ""
    provisional: bool = False


class RegisterWork(_Fact, frozen=True, kw_only=True, tag="work"):
    """A work and its names."""

    id: str
    names: tuple[Name, ...]
    year: int | None = None
    distributor: str = ""
    runtime_minutes: int | None = None


class RegisterVersion(_Fact, frozen=True, kw_only=True, tag="version"):
    """A form of a work: picture format, audio and subtitle language."""

    id: str
    work: str
    format: str = ""
    audio: str = ""
    subtitles: str = ""


class RegisterRelease(_Fact, frozen=True, kw_only=True, tag="release"):
    """A work in a territory from a date; ``run`` None leaves its number to the ledger."""

    work: str
    date: date
    territory: str = ""
    run: int | None = None
    distributor: str = ""


class NoScreenings(_Fact, frozen=True, kw_only=True, tag="no_screenings"):
    """A cinema says that it shows nothing from ``first`` to ``last``, both included."""

    cinema: str
    first: date
    last: date
    reason: str = ""


class OpeningBalance(_Fact, frozen=True, kw_only=True, tag="opening_balance"):
    """What a work had made through a day, as its publisher states it; gross in minor units."""

    work: str
    through: date
    gross: int
    currency: str
    publisher: str
    territory: str = ""
    admissions: int | None = None


class Correction(_Fact, frozen=True, kw_only=True, tag="correction"):
    """Set the gross and admissions of one screening, or one work's day, to what is right.

    Applies only where the book still says what ``expect_...`` states. Of ``screening`` and
    (``business_date``, ``work``) one is said. Amounts in minor units of ``currency``; ``by`` is
    a role, not a person.
    """

    cinema: str
    book: Book
    expect_gross: int
    expect_admissions: int
    set_gross: int
    set_admissions: int
    currency: str
    reason: str
    by: str
    screening: str = ""
    business_date: date | None = None
    work: str = ""


Fact = (
    RegisterCinema
    | RegisterWork
    | RegisterVersion
    | RegisterRelease
    | NoScreenings
    | OpeningBalance
    | Correction
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalChecked:
    """What a total row of a table states of a field, and what its lines make.

    ``summed`` is of the lines that count, ``held`` of those that are held.
    """

    row: int
    field: str
    stated: Decimal
    summed: Decimal
    held: Decimal
    lines: int
    lines_held: int
    tolerance: Decimal

    @property
    def agrees(self) -> bool:
        """Whether the lines that count make what is stated."""
        return abs(self.stated - self.summed) <= self.tolerance


@dataclass(slots=True)
class Reading:
    """Everything one report says, in normal form, and what its reader noticed.

    ``figures.streams`` name the stream that a row or the header says; an empty one stands for the
    stream of the envelope. ``scope`` is what a file covers. ``names`` gives the name said beside
    an id, for ``work:ID`` and ``cinema:ID``. ``file``, ``original`` (SHA-256 of the file) and
    ``mapping`` (SHA-256 of the mapping) are empty unless the report came from a table, of which
    ``totals`` are the total rows beside their lines. ``published`` are the published figures, in
    the columns of `stating.SCHEMA`.
    """

    figures: Figures
    facts: list[Fact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    scope: Scope | None = None
    names: dict[str, str] = field(default_factory=dict)
    file: str = ""
    original: str = ""
    mapping: str = ""
    totals: list[TotalChecked] = field(default_factory=list)
    published: pa.Table | None = None

    @property
    def refused(self) -> bool:
        """Whether the report as a whole cannot count."""
        return any(finding.severity is Severity.REFUSE for finding in self.findings)


def stated_rows(reading: Reading) -> int:
    """How many rows of a report state published figures."""
    return 0 if reading.published is None else len(reading.published["row_number"].unique())


def refusal(rule: str, sentence: str, row: int | None = None) -> Reading:
    """The reading of a report that cannot count: no figures and one finding."""
    finding = Finding(rule, Severity.REFUSE, sentence, row)
    return Reading(Figures(Mentions(), empty_lines(0)), findings=[finding])


def unknown_version(said: object, known: int) -> Reading:
    """The refusal of a message in a version of its format that this Pharos does not read."""
    return refusal(
        "unknown_version",
        f"version {str(said)[:20]} of the format is not known here; send version {known}, or "
        "update Pharos",
        row=1,
    )


#: A reader of one format: the body, and where cinemas are.
Read = Callable[[bytes, Places], Reading]
