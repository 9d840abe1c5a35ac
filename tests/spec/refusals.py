"""Combinations of measures and dimensions that have no honest answer, each with its reason.

In: nothing. Out: the table that the oracle refuses by and that the specs hold the ledger to.
Must not know how anything is counted.

A dimension is refused in ``by`` and in ``where`` alike: a condition selects one value of a split.
``word`` is what the reason given to people must contain, in any wording.
"""

from collections.abc import Mapping
from typing import NamedTuple

#: Measures that speak of screenings, seats, screens or cinemas, which tickets only sit in.
OF_SCREENINGS = (
    "screenings",
    "seats_offered",
    "theatres",
    "screens",
    "screening_share",
    "seat_share",
    "occupancy",
    "admissions_per_screening",
    "per_theatre_average",
    "per_screen_average",
    "per_seat_average",
    "prime_time_share",
)
SHARES = ("box_office_share", "screening_share", "seat_share", "prime_time_share")
CUMULATIVE = (
    "cumulative_gross",
    "cumulative_admissions",
    "days_on_release",
    "opening_weekend_gross",
    "multiplier",
)
CHANGES = ("change_day", "change_week", "change_year")


class Refusal(NamedTuple):
    """These measures by any of these dimensions; the sentence is for people."""

    measures: tuple[str, ...]
    dimensions: tuple[str, ...]
    word: str
    sentence: str


REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        OF_SCREENINGS,
        ("ticket_type", "channel", "sale_hour"),
        "screening",
        "a screening, its seats and its cinema do not belong to a ticket type, a channel or an "
        "hour of sale: every one of them is offered to all",
    ),
    Refusal(
        ("online_share",),
        ("channel",),
        "denominator",
        "the share of a channel needs all channels in its denominator",
    ),
    Refusal(
        ("prime_time_share",),
        ("daypart", "screening_hour"),
        "prime time",
        "the measure looks at prime time only, so other hours of the day have no share in it",
    ),
    Refusal(
        CUMULATIVE,
        ("weekday", "screening_hour", "daypart", "sale_hour"),
        "run",
        "it is told over the whole run, through all weekdays and hours since the release",
    ),
    Refusal(
        ("days_on_release",),
        ("ticket_type", "channel"),
        "work",
        "a release is a date of a work; ticket types and channels have none",
    ),
    Refusal(
        CHANGES,
        ("weekday", "window", "day_of_window", "day_of_release"),
        "period",
        "a change compares a stretch of dates with an equal one before it; these are not stretches "
        "of dates that exist one day, week or year before: give a period",
    ),
    Refusal(
        ("book_difference",),
        (
            "version",
            "format",
            "language",
            "screen",
            "screening_hour",
            "daypart",
            "sale_hour",
            "ticket_type",
            "channel",
            "sender",
            "grain",
        ),
        "book",
        "books are compared for one cinema, work and date; day totals know nothing finer",
    ),
)


class Need(NamedTuple):
    """These measures need one of these dimensions in ``by`` or ``where``."""

    measures: tuple[str, ...]
    one_of: tuple[str, ...]
    word: str
    sentence: str


NEEDS: tuple[Need, ...] = (
    Need(
        SHARES,
        ("work", "version", "distributor", "run", "format", "language"),
        "denominator",
        "a share is of all works in the same place and time, so it needs a work (or version, "
        "distributor, run, format, language); without one its denominator is split in the same "
        "way as itself and every share is the whole",
    ),
    Need(
        CUMULATIVE,
        ("work",),
        "work",
        "a cumulative figure is counted over one run of one work",
    ),
)


class Question(NamedTuple):
    """A whole question that is refused, as the command line would write it."""

    measures: str
    by: str
    where: Mapping[str, str]
    period: str
    territory: str
    word: str
    sentence: str


def _question(measures: str, word: str, sentence: str, **more: str) -> Question:
    return Question(
        measures,
        more.get("by", ""),
        {},
        more.get("period", ""),
        more.get("territory", "US"),
        word,
        sentence,
    )


QUESTIONS: tuple[Question, ...] = (
    _question("gross", "weekend", "France has no rule for a weekend", by="weekend", territory="FR"),
    _question("gross", "week", "Russia has no rule for a week", by="week", territory="RU"),
    _question(
        "gross", "week", "a numbered week means no days there", period="2024-W09", territory="RU"
    ),
    *(
        _question(
            measure, "weekend", "an opening weekend needs a weekend", by="work", territory="FR"
        )
        for measure in ("opening_weekend_gross", "multiplier")
    ),
    _question("change_week", "period", "a change needs dates to compare", by="work"),
    _question("rank", "by", "a rank needs something to rank"),
    _question("takings", "measure", "no measure has this name"),
    _question("gross", "dimension", "no dimension has this name", by="colour"),
    _question("gross", "window", "this window is not known", period="window:moon-day/2024"),
)


def refused(measures: tuple[str, ...], dimensions: tuple[str, ...]) -> Refusal | Need | None:
    """The first reason in the tables why these measures cannot be asked by these dimensions."""
    for refusal in REFUSALS:
        if set(refusal.measures) & set(measures) and set(refusal.dimensions) & set(dimensions):
            return refusal
    for need in NEEDS:
        if set(need.measures) & set(measures) and not set(need.one_of) & set(dimensions):
            return need
    return None
