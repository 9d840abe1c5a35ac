"""The catalogue: every measure is one declaration.

In: nothing. Out: MEASURES, from which questions, answers and the dictionary are made. Knows no
SQL: a measure names the sums it is made of. A new measure is one entry in MEASURES.

Definitions follow the trade's sources; a ratio is always a ratio of sums, never a mean of ratios.
"""

from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["money", "admissions", "count", "ratio", "days", "rank"]

#: Families of dimensions, see `measure.dimensions`.
WORK, PLACE, TIME, TICKET, BOOK = "work", "place", "time", "ticket", "book"


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of postings of one quantity; ``lacks`` counts rows that did not say it."""

    quantity: str
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratio:
    """The ratio of two sums."""

    top: Sum
    bottom: Sum


@dataclass(frozen=True, slots=True)
class Share:
    """A sum as a part of the same sum over all works, or over all of what is asked by."""

    of: Sum


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many different things have figures."""

    thing: Literal["theatres", "screens", "works"]


@dataclass(frozen=True, slots=True)
class PerDistinct:
    """A sum for each of the things that have figures."""

    top: Sum
    thing: Literal["theatres", "screens"]


@dataclass(frozen=True, slots=True)
class Cumulative:
    """A sum since the run of the work began, an opening balance brought forward included."""

    of: Sum


@dataclass(frozen=True, slots=True)
class Change:
    """(now - before) / before, where before is the same span of days so much earlier."""

    of: Sum
    earlier: Literal["day", "week", "year"]


@dataclass(frozen=True, slots=True)
class Special:
    """A quantity with a formula of its own in `measure.compute`."""

    name: Literal[
        "days_on_release", "opening_weekend_gross", "multiplier", "rank", "book_difference"
    ]


How = Sum | Ratio | Share | Distinct | PerDistinct | Cumulative | Change | Special


@dataclass(frozen=True, slots=True)
class Measure:
    """One quantity: its name and unit, what it says, its formula, and what it cannot be asked by.

    ``refuses`` maps a dimension or a family of dimensions to the reason. ``version`` counts
    definitions: an answer says by which it was made.
    """

    name: str
    chinese: str
    unit: Unit
    sentence: str
    formula: str
    how: How
    refuses: dict[str, str] = field(default_factory=dict, hash=False)
    version: int = 1


GROSS = Sum("gross")
FEE = Sum("fee", ("fee_missing",))
TAX = Sum("tax", ("tax_missing",))
ADMISSIONS = Sum("admissions", ("admissions_missing",))
SCREENINGS = Sum("screenings", ("screenings_missing",))
SEATS = Sum("seats", ("seats_missing",))

_SUPPLY_REASON = (
    "a screening and its seats are offered to everybody at once: they do not split by ticket "
    "type, channel or hour of sale"
)
_SUPPLY = {TICKET: _SUPPLY_REASON, "sale_hour": _SUPPLY_REASON}
_PRIME_ONLY = _SUPPLY | dict.fromkeys(
    ("daypart", "screening_hour"),
    "it looks at prime time only: other hours of the day have no share in it",
)
_OVER_THE_RUN = dict.fromkeys(
    ("weekday", "screening_hour", "daypart", "sale_hour"),
    "it is told over the whole run, through all weekdays and hours since the release",
)
_OF_DATES = dict.fromkeys(
    ("weekday", "window", "day_of_window", "day_of_release"),
    "a change compares a period of dates with an equal one before it, and this is none: give a "
    "period instead",
)
_OF_BOOKS = dict.fromkeys(
    ("version", "format", "language", "screen", "screening_hour", "daypart", "sender"),
    "books are compared for one cinema, work and date: day totals know nothing finer",
)

MEASURES: tuple[Measure, ...] = (
    Measure(
        "gross", "综合票房", "money",
        "What audiences paid, service fee and tax inside unless another basis is asked.",
        "sum of price paid - refunds", GROSS,
    ),
    Measure(
        "net_of_fee_gross", "分账票房", "money",
        "Gross without the service fee: the base of revenue sharing.",
        "gross - service_fee", Sum("net_of_fee", ("fee_missing",)),
    ),
    Measure(
        "net_gross", "不含税票房", "money", "Gross without tax.",
        "gross - tax", Sum("net_of_tax", ("tax_missing",)),
    ),
    Measure(
        "service_fee", "服务费", "money", "Fee of the selling channel inside the price paid.",
        "sum of service fee", FEE,
    ),
    Measure("tax", "税", "money", "Tax inside the price paid.", "sum of tax", TAX),
    Measure(
        "admissions", "观影人次", "admissions",
        "Tickets issued less those refunded, voided or exchanged away; free tickets count.",
        "tickets sold - refunded - voided", ADMISSIONS,
    ),
    Measure(
        "free_admissions", "免费人次", "admissions", "Admissions for which nothing was paid.",
        "admissions with price paid = 0", Sum("free", ("admissions_missing", "free_missing")),
    ),
    Measure(
        "paid_admissions", "付费人次", "admissions", "Admissions for which something was paid.",
        "admissions - free_admissions", Sum("paying", ("admissions_missing", "free_missing")),
    ),
    Measure(
        "tickets_issued", "出票数", "count", "Tickets issued, before refunds.",
        "admissions + refunds", Sum("issued", ("admissions_missing", "refunded_missing")),
    ),
    Measure(
        "refunds", "退票数", "count", "Tickets given back for money.",
        "sum of refunded tickets", Sum("refunded", ("refunded_missing",)),
    ),
    Measure(
        "refund_rate", "退票率", "ratio", "Refunded tickets of all that were issued.",
        "refunds / tickets_issued",
        Ratio(
            Sum("refunded", ("refunded_missing",)),
            Sum("issued", ("admissions_missing", "refunded_missing")),
        ),
    ),
    Measure(
        "average_ticket_price", "平均票价", "money",
        "Gross for each admission, free ones included; rounded half up to the minor unit.",
        "gross / admissions", Ratio(GROSS, ADMISSIONS),
    ),
    Measure(
        "screenings", "场次", "count",
        "Screenings held or on sale, cancelled ones left out; one with two works counts once, "
        "and once for each work where it is asked by work.",
        "screenings not cancelled", SCREENINGS, _SUPPLY,
    ),
    Measure(
        "seats_offered", "排座", "count", "Seats for sale over all screenings.",
        "sum of seats of screenings", SEATS, _SUPPLY,
    ),
    Measure(
        "occupancy", "上座率", "ratio",
        "Admissions over seats offered (sum of seats, not mean of rates).",
        "admissions / seats_offered", Ratio(ADMISSIONS, SEATS), _SUPPLY,
    ),
    Measure(
        "admissions_per_screening", "场均人次", "ratio", "Admissions for each screening.",
        "admissions / screenings", Ratio(ADMISSIONS, SCREENINGS), _SUPPLY,
    ),
    Measure(
        "box_office_share", "票房占比", "ratio", "A work's gross of the gross of all works.",
        "gross / gross of all", Share(GROSS),
    ),
    Measure(
        "screening_share", "排片占比", "ratio", "A work's screenings of all screenings.",
        "screenings / screenings of all", Share(SCREENINGS), _SUPPLY,
    ),
    Measure(
        "seat_share", "排座占比", "ratio", "A work's seats of all seats offered.",
        "seats_offered / seats_offered of all", Share(SEATS), _SUPPLY,
    ),
    Measure(
        "prime_time_share", "黄金场占比", "ratio",
        "A work's screenings in prime time of all screenings in prime time.",
        "screenings in prime time / those of all",
        Share(Sum("prime", ("prime_missing",))), _PRIME_ONLY,
    ),
    Measure(
        "online_share", "网售占比", "ratio", "Admissions sold online of all admissions.",
        "online admissions / admissions",
        Ratio(Sum("online", ("channel_missing",)), ADMISSIONS),
        {"channel": "the share of a channel needs all channels in its denominator"},
    ),
    Measure(
        "presales", "预售票房", "money",
        "Gross of tickets sold before the business day of their screening began.",
        "gross of tickets sold before the day", Sum("presold", ("sale_missing",)),
    ),
    Measure(
        "theatres", "影院数", "count", "Cinemas with at least one screening or day total.",
        "distinct cinemas", Distinct("theatres"),
        {TICKET: _SUPPLY_REASON},
    ),
    Measure(
        "screens", "影厅数", "count", "Screens with at least one screening.",
        "distinct screens", Distinct("screens"), {TICKET: _SUPPLY_REASON},
    ),
    Measure(
        "works", "影片数", "count", "Works with figures.", "distinct works", Distinct("works"),
    ),
    Measure(
        "per_theatre_average", "单影院产出", "money",
        "Gross for each cinema that played; rounded half up to the minor unit.",
        "gross / theatres", PerDistinct(GROSS, "theatres"), {TICKET: _SUPPLY_REASON},
    ),
    Measure(
        "per_screen_average", "单银幕产出", "money",
        "Gross for each screen that played; rounded half up to the minor unit.",
        "gross / screens", PerDistinct(GROSS, "screens"), {TICKET: _SUPPLY_REASON},
    ),
    Measure(
        "per_seat_average", "单座产出", "money",
        "Gross for each seat offered, a seat counting once for each screening; rounded half up to "
        "the minor unit.",
        "gross / seats_offered", Ratio(GROSS, SEATS), _SUPPLY,
    ),
    Measure(
        "cumulative_gross", "累计票房", "money",
        "Gross of the work's run up to the day: brought forward + counted.",
        "opening balance + gross since", Cumulative(GROSS), _OVER_THE_RUN,
    ),
    Measure(
        "cumulative_admissions", "累计人次", "admissions",
        "Admissions of the work's run up to the day: brought forward + counted.",
        "opening balance + admissions since", Cumulative(ADMISSIONS),
        _OVER_THE_RUN,
    ),
    Measure(
        "days_on_release", "上映天数", "days",
        "Business date - release date + 1, on the last day with figures (where there are none, the "
        "last with a screening); before the release (previews) there is none.",
        "date - release + 1", Special("days_on_release"),
        {**_OVER_THE_RUN,
         TICKET: "a release is a date of a work; ticket types and channels have none"},
    ),
    Measure(
        "opening_weekend_gross", "首周末票房", "money",
        "Gross of the run's opening weekend, previews left out of it: the weekend that holds the "
        "release, else the first after it. There is none until it is over.",
        "gross on the opening weekend", Special("opening_weekend_gross"),
        _OVER_THE_RUN,
    ),
    Measure(
        "multiplier", "票房倍数", "ratio",
        "Cumulative gross over the gross of the run's opening weekend, previews left out of it.",
        "cumulative_gross / opening_weekend_gross", Special("multiplier"),
        _OVER_THE_RUN,
    ),
    Measure(
        "change_day", "日环比", "ratio", "Change of gross against the day before.",
        "(gross - before) / before", Change(GROSS, "day"), _OF_DATES,
    ),
    Measure(
        "change_week", "周环比", "ratio", "Change of gross against seven days before.",
        "(gross - before) / before", Change(GROSS, "week"), _OF_DATES,
    ),
    Measure(
        "change_year", "同比", "ratio", "Change of gross against the same dates a year before.",
        "(gross - before) / before", Change(GROSS, "year"), _OF_DATES,
    ),
    Measure(
        "rank", "排名", "rank",
        "Place by gross, the largest first; equals share a place. Only what has figures is ranked, "
        "a gross below zero after one of zero; where a rival's gross is not known, no place is.",
        "1 + those with a larger gross", Special("rank"),
    ),
    Measure(
        "book_difference", "账差", "money",
        "Where a sender reports one cinema, work and day in several books: the published figure "
        "less each of the others.",
        "published gross - gross of other books", Special("book_difference"),
        {**_OF_BOOKS, TICKET: _OF_BOOKS["screen"], BOOK: _OF_BOOKS["screen"]},
    ),
)  # fmt: skip

BY_NAME = {measure.name: measure for measure in MEASURES}
#: Measures that ask for the opening weekend of a run.
OF_OPENING = ("opening_weekend_gross", "multiplier")
#: Measures of one formula of their own that look back over the run of a work.
LOOKING_BACK = ("days_on_release", *OF_OPENING)
