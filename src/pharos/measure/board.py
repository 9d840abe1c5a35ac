"""A board: one business date, in total and by work, best first.

In: an edition, a cut. Out: two answers, by SQL. Knows no page and writes nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime

from pharos.keep.ledger import first_row
from pharos.measure.answer import Answer
from pharos.measure.ask import ask_in
from pharos.measure.coverage import today
from pharos.measure.edition import Edition
from pharos.measure.question import question

#: What a board says of every film, in the order of its columns.
BOARD_MEASURES = (
    "gross",
    "box_office_share",
    "screenings",
    "screening_share",
    "admissions",
    "admissions_per_screening",
    "occupancy",
    "average_ticket_price",
    "cumulative_gross",
    "days_on_release",
)
#: What it says of all films together: a share, a run and a release are one film's.
TOTAL_MEASURES = (
    "gross",
    "screenings",
    "admissions",
    "admissions_per_screening",
    "occupancy",
    "average_ticket_price",
)


@dataclass(frozen=True, slots=True)
class Cut:
    """What a board is about: a business date, a place (dimension and value) or all, a basis."""

    day: date
    place: tuple[str, str] | None = None
    basis: str = "paid"


@dataclass(frozen=True, slots=True)
class Board:
    """A cut with its total, one row for each currency, and its films, largest gross first."""

    cut: Cut
    total: Answer
    films: Answer


def board(edition: Edition, cut: Cut, now: datetime) -> Board:
    """The board of a cut; ``now`` decides whether its day is still live. Raises what `ask` does."""
    where = [] if cut.place is None else ["=".join(cut.place)]
    asked = {"period": cut.day.isoformat(), "basis": cut.basis}
    total = question(TOTAL_MEASURES, (), where, **asked)
    films = question(BOARD_MEASURES, ["work"], where, **asked, order="-gross")
    return Board(cut, ask_in(edition, total, now), ask_in(edition, films, now))


def latest_day(edition: Edition, now: datetime) -> date:
    """The day of a board when none is asked.

    Today if anything is known of it, else the last day before it with figures, else the first with
    any; today where there are none at all.
    """
    day = today(edition, now)
    found = first_row(edition.cursor, _DAYS, [day, day, edition.position])
    known, before, first = found or (None, None, None)
    return day if known else before or first or day


_DAYS = """
SELECT bool_or(business_date = ?), max(business_date) FILTER (book > 0 AND business_date < ?),
       min(business_date) FILTER (book > 0)
FROM spoke WHERE position <= ?
"""
