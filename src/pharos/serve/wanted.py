"""The parameters of lists over HTTP.

In: the query of a URL. Out: filters and pages. Knows no home.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from pharos.measure.arrived import Arrived
from pharos.measure.coverage import PLACES
from pharos.measure.edition import Edition
from pharos.measure.lists import Registered, Shown, meant_id
from pharos.measure.paging import MOST, Page
from pharos.measure.reported import Due, yesterday
from pharos.serve.asked import AsOf
from pharos.serve.asking import as_of
from pharos.words.report import Severity, Verdict

_DAYS = Field(description="Days (UTC) of arrival, written like a period.", examples=["2024-03"])
Cinema = Annotated[str, Field(description="A cinema's id, or a name that only one has.")]
Work = Annotated[str, Field(description="A work's id, or a name that only one has.")]
Sender = Annotated[str, Field(description="Who sent it.")]
Stream = Annotated[str, Field(description="In which of the sender's streams.")]
Rule = Annotated[str, Field(description="The rule that noticed it.", examples=["missing_field"])]
Days = Annotated[str, _DAYS]


class Paged(BaseModel):
    """What every list may be asked."""

    limit: int = Field(default=100, ge=1, le=MOST, description="The most rows of a page.")
    after: str = Field(default="", description="`next` of the page before.")
    as_of: AsOf = ""

    def page(self) -> Page:
        """The page that is wanted."""
        return Page(self.limit, self.after)

    def at(self) -> int | datetime | None:
        """The edition that is asked."""
        return as_of(self.as_of or None)


class WorksQuery(Paged):
    """Which works."""

    work: Work = ""
    name: str = Field(default="", description="A part of an id or of a name.")

    def only(self) -> Registered:
        """The filter."""
        return Registered(self.work, self.name)


class CinemasQuery(Paged):
    """Which cinemas, and as they stood when."""

    cinema: Cinema = ""
    name: str = Field(default="", description="A part of an id or of a name.")
    date: str = Field(
        default="",
        description="The business date at which they are described; that of the edition if it is "
        "not given.",
        examples=["2024-03-08"],
    )

    def only(self, edition: Edition) -> Registered:
        """The filter. Raises BadPeriod."""
        day = edition.period(self.date).first if self.date else None
        return Registered(self.cinema, self.name, day)


class ScreeningsQuery(Paged):
    """Which screenings."""

    period: str = Field(
        description="Their business dates: 2022-10-01, 2022-10-01..2022-10-07, 2022-W39, 2022-10.",
        examples=["2024-03-08"],
    )
    territory: str = Field(default="", description="The territory whose weeks are meant.")
    cinema: Cinema = ""
    work: Work = ""
    sender: Sender = ""

    def only(self, edition: Edition) -> Shown:
        """The filter. Raises BadPeriod."""
        period = edition.period(self.period, self.territory)
        return Shown(period, self.cinema, self.work, self.sender)


class _ArrivedQuery(Paged):
    sender: Sender = ""
    stream: Stream = ""
    arrived: Days = ""

    def filter(self, edition: Edition, **equal: str | None) -> Arrived:
        """The filter. Raises BadPeriod."""
        texts = {"sender": self.sender, "stream": self.stream}
        texts |= {name: value or "" for name, value in equal.items()}
        if not self.arrived:
            return Arrived(texts)
        days = edition.period(self.arrived)
        return Arrived(texts, days.first, days.last)


class ReportsQuery(_ArrivedQuery):
    """Which reports."""

    verdict: Verdict | SkipJsonSchema[None] = Field(default=None, description="What became of it.")

    def only(self, edition: Edition) -> Arrived:
        """The filter. Raises BadPeriod."""
        return self.filter(edition, verdict=self.verdict)


class HeldQuery(_ArrivedQuery):
    """Which held rows."""

    rule: Rule = ""

    def only(self, edition: Edition) -> Arrived:
        """The filter. Raises BadPeriod."""
        return self.filter(edition, rule=self.rule)


class FindingsQuery(HeldQuery):
    """Which findings."""

    severity: Severity | SkipJsonSchema[None] = Field(default=None, description="What it does.")
    subject: str = Field(default="", description="What it speaks of.", examples=["cinema:A1"])

    def only(self, edition: Edition) -> Arrived:
        """The filter. Raises BadPeriod."""
        return self.filter(edition, rule=self.rule, severity=self.severity, subject=self.subject)


class OverdueQuery(Paged):
    """Which cinemas and days."""

    period: str = Field(
        default="",
        description="Business dates; the last one that is over if it is not given.",
        examples=["2024-03-08"],
    )
    state: Literal["overdue", "awaited", "reported", "no_screenings", "all"] = Field(
        default="overdue",
        description="What became of them: awaited is what is not over yet.",
    )
    territory: str = Field(default="", description="One territory of the home.")
    cinema: Cinema = ""
    city: str = Field(default="", description="Cinemas in this city.")
    province: str = Field(default="", description="Cinemas in this province.")
    city_tier: str = Field(default="", description="Cinemas in cities of this tier.")
    chain: str = Field(default="", description="Cinemas of this chain.")

    def only(self, edition: Edition, now: datetime) -> Due:
        """The filter. Raises BadPeriod, UnknownTerritory, UnknownWord."""
        if self.territory:
            edition.rules(self.territory)
        period = yesterday(edition, now)
        if self.period:
            period = edition.period(self.period, self.territory)
        places = {name: {said} for name in PLACES if (said := getattr(self, name))}
        if self.cinema:
            places["cinema"] = {meant_id(edition, "cinema", self.cinema)}
        return Due(period, places, "" if self.state == "all" else self.state)
