"""The board of one business date: the total, and every film by gross.

In: an edition and a cut of it (a date, perhaps a place, a basis). Out: two answers as `ask` gives
them. Knows no page and no SQL of its own; the tally gives the same for live days.
"""

from dataclasses import dataclass
from datetime import date, datetime

from pharos.measure.answer import Answer
from pharos.measure.ask import ask_in
from pharos.measure.coverage import today
from pharos.measure.edition import Edition
from pharos.measure.question import Question, question

#: What a board shows of each film, in order; its rank is the place of its row.
BOARD_MEASURES = (
    "days_on_release",
    "gross",
    "box_office_share",
    "screenings",
    "screening_share",
    "seat_share",
    "admissions",
    "admissions_per_screening",
    "occupancy",
    "prime_time_share",
    "average_ticket_price",
    "cumulative_gross",
)
#: What it shows of all films together: a share of all is none, and a run is that of one work.
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
    """What a board is of: a business date, and perhaps a place and another basis of money.

    ``place`` is (dimension, value) of province, city, city_tier, chain or cinema.
    """

    day: date
    place: tuple[str, str] | None = None
    basis: str = "paid"


@dataclass(frozen=True, slots=True)
class Board:
    """The row of all films, and the rows of each, the largest gross first."""

    cut: Cut
    total: Answer
    films: Answer


def questions(cut: Cut) -> tuple[Question, Question]:
    """What a board asks: of all films together, and by work."""
    where = [f"{cut.place[0]}={cut.place[1]}"] if cut.place else []
    rest = {"where": where, "period": cut.day.isoformat(), "basis": cut.basis}
    return question(TOTAL_MEASURES, **rest), question(
        BOARD_MEASURES, by=["work"], order="-gross", **rest
    )


def board(edition: Edition, cut: Cut, now: datetime) -> Board:
    """The board of an edition by SQL; ``now`` decides whether its day is live."""
    total, films = questions(cut)
    return Board(cut, ask_in(edition, total, now), ask_in(edition, films, now))


def latest_day(edition: Edition, now: datetime) -> date:
    """The board's day when none is asked.

    Today if anything is known of it, else the last day before it with figures, else the first with
    any (or with a schedule); in an empty home today.
    """
    day = today(edition, now)
    found = edition.rows(_LATEST, day, day, edition.position)[0]
    return next((one for one in found if one is not None), day)


_LATEST = """
SELECT max(business_date) FILTER (business_date = ?),
       max(business_date) FILTER (book > 0 AND business_date < ?),
       min(business_date) FILTER (book > 0), min(business_date)
FROM spoke WHERE position <= ?
"""
