"""The shapes of lists over HTTP, for the OpenAPI description.

In: nothing. Out: models that say what every list holds.
"""

from pydantic import Field

from pharos.serve.shapes import ArrivedShape, CompletenessShape, Shape
from pharos.words.report import Severity


class ListedShape(Shape):
    """A page of a list."""

    next: str | None = Field(
        description="Say it as `after` for the next page; null where there is none."
    )
    edition: int = Field(ge=0)
    as_of: str = Field(description="When the last report of this edition arrived.")


class NamedShape(Shape):
    """Names by language, and the other ids that were joined to this one."""

    names: dict[str, str]
    also: list[str]
    provisional: bool = Field(description="No register report has named it.")


class WorkShape(NamedShape):
    """A work."""

    work_id: str
    work: str
    year: int | None
    distributor: str | None
    runtime_minutes: int | None


class WorksShape(ListedShape):
    """Works by id."""

    rows: list[WorkShape]


class CinemaShape(NamedShape):
    """A cinema as it stood on a business date."""

    cinema_id: str
    cinema: str
    territory: str | None
    zone: str | None
    city: str | None
    province: str | None
    city_tier: str | None
    chain: str | None
    expected: bool = Field(description="Whether reports of it are expected.")
    closed_after: str | None
    on: str = Field(description="The business date.")


class CinemasShape(ListedShape):
    """Cinemas by id."""

    rows: list[CinemaShape]


class ShownShape(Shape):
    """A work of a screening."""

    work_id: str
    work: str
    version: str | None


class ScreeningShape(Shape):
    """A screening, as it is described now, with its published figures."""

    screening: str = Field(description="The id that its sender gave it.")
    sender: str
    cinema_id: str
    cinema: str
    screen: str | None
    business_date: str
    start: str = Field(description="Local time with its offset.")
    works: list[ShownShape]
    seats: int | None
    cancelled: bool
    book: str | None = Field(description="Where its figures come from; null: there are none.")
    admissions: int | None
    currency: str | None
    gross: str | None
    gross_minor: int | None
    report: int = Field(description="The report that described it so.")


class ScreeningsShape(ListedShape):
    """Screenings by business date and start."""

    rows: list[ScreeningShape]


class ReportShape(ArrivedShape):
    """A report and what became of it."""

    rows: int
    repeats: int
    held: int
    findings: int


class ReportsShape(ListedShape):
    """Reports in the order of their arrival."""

    rows: list[ReportShape]


class AboutShape(Shape):
    """What a rule noticed in a report; ``row`` is null where it speaks of the whole."""

    position: int = Field(ge=1)
    row: int | None
    rule: str
    sentence: str
    subject: str | None
    sender: str
    stream: str
    id: str
    file: str | None
    arrived_at: str


class FindingShape(AboutShape):
    """A finding."""

    severity: Severity
    mapping: str | None


class FindingsShape(ListedShape):
    """Findings, report by report."""

    rows: list[FindingShape]


class HeldShape(AboutShape):
    """A row that does not count, what it said, and how to mend it."""

    said: str | None
    mend: str


class HeldRowsShape(ListedShape):
    """Held rows, report by report."""

    rows: list[HeldShape]


class DueShape(Shape):
    """What an expected cinema said of a business date."""

    business_date: str
    cinema_id: str
    cinema: str
    state: str


class OverdueShape(ListedShape):
    """Expected cinemas by business date; ``completeness`` counts them all, as answers do."""

    period: dict[str, str]
    completeness: CompletenessShape
    rows: list[DueShape]


class StandsShape(Shape):
    """What one sender says of a thing in one book, corrections included."""

    cinema: str
    screening: str | None
    business_date: str
    works: list[str]
    book: str
    sender: str
    currency: str | None
    gross: str | None
    gross_minor: int
    admissions: int


class StandingShape(Shape):
    """The figures that stand, by book and sender."""

    rows: list[StandsShape]
    edition: int = Field(ge=0)
    as_of: str = Field(description="When the last report of this edition arrived.")
