"""The shapes of charts and comparisons over HTTP, for the OpenAPI description.

In: nothing. Out: models that say what every row holds.
"""

from pydantic import Field

from pharos.serve.shapes import Shape


class HistoryShape(Shape):
    """What stands behind every answer from published figures."""

    territory: str
    edition: int = Field(ge=0)
    as_of: str = Field(description="When the last report of this edition arrived.")
    notes: list[str]


class ChartRowShape(Shape):
    """A work in one period."""

    period_start: str
    period_end: str
    rank: int | None = Field(description="Null where days are not known.")
    work: str
    work_id: str
    gross: str | None
    gross_minor: int | None
    currency: str | None
    admissions: int | None
    screenings: int | None
    theatres: int | None
    screens: int | None
    cumulative_gross: str | None
    cumulative_gross_minor: int | None
    complete: bool = Field(description="Whether all days of the period are known.")
    days_known: int
    known_gross: str | None = Field(description="What the known days make.")
    known_gross_minor: int | None
    rank_before: int | None
    change_pct: float | None = Field(description="Change of gross on the period before.")


class NationShape(Shape):
    """What the works of a chart are of the nation, as the same publisher states it."""

    period_start: str
    period_end: str
    currency: str
    gross: str
    gross_minor: int
    works: int
    works_gross: str
    works_gross_minor: int
    works_share_pct: float | None


class ChartShape(HistoryShape):
    """A chart."""

    rows: list[ChartRowShape]
    nation: list[NationShape]
    kind: str
    source: str = Field(description="Whose figures; empty where nobody has any.")
    basis: str


class ReferenceShape(Shape):
    """The figure that others are compared with."""

    publisher: str
    stated_at: str | None
    gross: str
    gross_minor: int
    start: str
    end: str


class SumOfDaysShape(Shape):
    """What the same publisher's days make."""

    gross: str
    gross_minor: int
    equal: bool


class VersionShape(Shape):
    """A published version of a period."""

    window: str
    start: str
    end: str
    days: int
    gross: str
    gross_minor: int
    currency: str
    relation: str = Field(description="=, <, > or ~.")
    precision: str = Field(description="The unit of the last digit that was printed.")
    publisher: str
    basis: str
    status: str
    stated_at: str | None
    source: str | None
    per_day: str
    difference_from_first: str | None
    difference_from_first_minor: int | None
    reference: ReferenceShape | None
    window_days: int
    sum_of_days: SumOfDaysShape | None


class PeriodDayShape(Shape):
    """A published day of the nation in its period."""

    window: str
    day: int = Field(description="Its place in the period, from 1.")
    date: str
    weekday: str
    gross: str
    gross_minor: int
    currency: str
    publisher: str
    basis: str
    difference_from_first: str | None = Field(description="From the same day of the first period.")
    difference_from_first_minor: int | None


class PeriodWorksShape(Shape):
    """How the works of a period share it, by one publisher's lists."""

    window: str
    publisher: str | None
    basis: str | None
    works: int
    complete: bool = Field(description="Whether every day of each is known; else no shares.")
    new_works: int | None = Field(description="Null where the publisher's lists begin there.")
    gross: str | None = Field(description="What the listed works make together.")
    gross_minor: int | None
    currency: str | None
    leader: str | None
    leader_id: str | None
    share_of: str | None = Field(
        description="Of what shares are: of the nation, as the same publisher states it, or of the "
        "listed works where lists name all; null where neither is known."
    )
    leader_share_pct: float | None
    top_3_share_pct: float | None
    hhi: int | None = Field(
        description="Squares of the shares in percent among all works, up to 10,000; null where "
        "lists are only beginnings."
    )


class PlaceShape(Shape):
    """Where a window stands among all years of its name."""

    window: str
    gross: str
    publisher: str
    basis: str
    rank: int
    rank_per_day: int
    of: int


class ComparisonShape(HistoryShape):
    """Periods beside one another."""

    rows: list[VersionShape]
    days: list[PeriodDayShape]
    works: list[PeriodWorksShape]
    places: list[PlaceShape]


class GroupShape(Shape):
    """Pairs of one publisher that were checked."""

    publisher: str
    territory: str
    days: int = Field(description="How long the periods are; 30 is a month, 365 a year.")
    pairs: int
    broken: int


class FigureShape(Shape):
    """A published figure: whose, of what, for when."""

    publisher: str
    territory: str
    scope: str
    subject_id: str
    subject: str
    start: str
    end: str
    measure: str
    currency: str | None


class BreakShape(FigureShape):
    """A figure that is not what others make."""

    stated: str
    expected: str | None = Field(description="Null where nothing could be right.")
    difference: str | None
    undone_next: bool = Field(description="The next period undoes it: most likely a slip.")
    looks_like: str | None = Field(
        description="What one number being so many times the other hints at: doubled, unit or "
        "currency."
    )


class IdentityShape(Shape):
    """What must hold, and where it does not."""

    identity: str
    sentence: str
    pairs: int
    broken: int
    groups: list[GroupShape]
    breaks: list[BreakShape]


class IdentitiesShape(Shape):
    """All that was checked."""

    rows: list[IdentityShape]
    edition: int = Field(ge=0)
    as_of: str


class RecordShape(Shape):
    """A work and what it is recorded for; which fields there are depends on the record."""

    rank: int
    work: str
    work_id: str
    currency: str
    date: str = ""
    start: str = ""
    nth: int = 0
    days: int = 0
    first_day: str = ""
    gross: str = ""
    gross_minor: int = 0
    total: str = ""
    total_minor: int = 0
    opening_weekend: str | None = None
    opening_weekend_minor: int | None = None
    multiplier: float | None = None
    opening_share_pct: float | None = None
    second_weekend_change_pct: float | None = None
    theatres: int | None = None


class RecordsShape(HistoryShape):
    """Records."""

    rows: list[RecordShape]
    record: str
    source: str
    basis: str


class RevisionShape(FigureShape):
    """A figure that its publisher stated anew."""

    basis: str
    before: str
    after: str
    difference: str
    stated_before: str | None
    stated_at: str | None
    version: int = Field(description="The edition that brought it.")


class RestatedShape(Shape):
    """Revisions, the latest first."""

    rows: list[RevisionShape]
    count: int = Field(ge=0, description="How many there are in all.")
    edition: int = Field(ge=0)
    as_of: str
