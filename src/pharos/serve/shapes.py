"""The shapes of what is answered over HTTP, for the OpenAPI description.

In: nothing. Out: models that say what every answer holds; the answers themselves are made where
they are computed, and tests hold them against these.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from pharos.words.report import Verdict

_CELL = str | int | float | bool | None
_EXAMPLE_WHOLE: JsonDict = {
    "cinemas_reported": 2,
    "cinemas_expected": 3,
    "cinema_days_reported": 9,
    "cinema_days_expected": 10,
    "unexpected_cinemas": 0,
}


class Shape(BaseModel):
    """A value with exactly these members."""

    model_config = ConfigDict(extra="forbid")


class ProblemShape(BaseModel):
    """What went wrong and what to do; there may be further members (RFC 9457)."""

    model_config = ConfigDict(
        extra="allow",
        title="Problem",
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Bad Request",
                "status": 400,
                "detail": "there is no measure 'gros'; did you mean gross?",
                "code": "unknown-word",
            }
        },
    )

    type: Literal["about:blank"]
    title: str = Field(description="The phrase of the status.")
    status: int = Field(ge=400, le=599)
    detail: str = Field(description="What is wrong and what to do, for people.")
    code: str = Field(description="What is wrong, for programs; it does not change.")


class ColumnShape(Shape):
    """A column: its name, its unit and what it means."""

    name: str
    unit: str
    definition: str


class CompletenessShape(Shape):
    """Cinemas, and days of cinemas, that reported of those expected; a reason where none are."""

    cinemas_reported: int
    cinemas_expected: int | None
    cinema_days_reported: int | None = None
    cinema_days_expected: int | None = None
    unexpected_cinemas: int | None = None
    reason: str | None = None


class BehindShape(Shape):
    """What a number must not be shown without."""

    edition: int = Field(ge=0, description="The journal position up to which everything counts.")
    as_of: str = Field(description="When the last report of this edition arrived.")
    territory: str
    basis: str
    status: Literal["live", "provisional", "final", "corrected"]
    completeness: CompletenessShape
    source: str


class AnswerShape(BehindShape):
    """The rows of an answer and what stands behind them.

    A dimension D gives D_id and D; money M gives M (decimal text) and M_minor (minor units); a
    number that cannot be given honestly is null, and M_reason says why.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "columns": [
                    {"name": "work_id", "unit": "id", "definition": "identifier of work"},
                    {"name": "work", "unit": "text", "definition": "work (影片)"},
                    {"name": "admissions", "unit": "admissions", "definition": "Tickets sold ..."},
                ],
                "rows": [{"work_id": "work:w1", "work": "The Lamp Keeper", "admissions": 329}],
                "edition": 5,
                "as_of": "2024-02-19T09:00:00+00:00",
                "territory": "US,CA",
                "basis": "paid",
                "status": "provisional",
                "completeness": _EXAMPLE_WHOLE,
                "source": "postings",
                "period": {"first": "2024-02-15", "last": "2024-02-18"},
                "notes": [],
            }
        }
    )

    columns: list[ColumnShape]
    rows: list[dict[str, _CELL]]
    period: dict[Literal["first", "last"], str] | None
    notes: list[str]


class TracedRowShape(Shape):
    """One posting: the row of the report that said it, or the posting that it takes back."""

    row: int | None
    what: str
    book: str
    cinema: str
    work: str
    screening: str | None
    business_date: str
    value: int
    from_position: int | None = None
    from_row: int | None = None


class ArrivedShape(Shape):
    """A report as it arrived."""

    position: int = Field(ge=1)
    sender: str
    stream: str
    id: str
    digest: str
    arrived_at: str
    verdict: Verdict
    file: str | None
    original: str | None
    mapping: str | None


class TracedReportShape(ArrivedShape):
    """A report's part of a term, and its first postings."""

    value: int
    postings: int
    rows: list[TracedRowShape]


class TermShape(Shape):
    """A sum that the measure is made of; its value is that of its reports added up."""

    name: str
    value: int
    reports: list[TracedReportShape]


class TraceShape(BehindShape):
    """A number explained: formula, terms, the reports behind each and their rows."""

    measure: str
    definition: str
    formula: str
    definition_version: str | int
    values: list[dict[str, _CELL]]
    terms: list[TermShape]


class HealthShape(Shape):
    """What the server does right now."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "status": "alive",
                "version": "0.1.0",
                "started_at": "2024-02-19T08:00:00+00:00",
                "received": 1200,
                "applied": 1198,
                "behind": 2,
                "board": 1198,
                "waiting_since": "2024-02-19T09:00:00.250000+00:00",
                "taking": True,
                "problem": None,
            }
        }
    )

    status: Literal["alive"]
    version: str
    started_at: str
    received: int = Field(description="Reports that have a receipt.")
    applied: int = Field(description="Reports that count; the newest edition.")
    board: int = Field(description="Reports that are on the live board; 0 while it is made.")
    behind: int = Field(description="Reports that have a receipt and do not count yet.")
    waiting_since: str | None = Field(description="When the oldest of them arrived.")
    taking: bool = Field(description="Whether reports are taken.")
    problem: str | None = Field(description="What is wrong; null while all is well.")


class ReadyShape(Shape):
    """It takes reports and answers questions."""

    status: Literal["ready"]
    edition: int


def example(shape: type[BaseModel]) -> Any:  # noqa: ANN401
    """The example of a shape."""
    extra = shape.model_config.get("json_schema_extra")
    return extra["example"] if isinstance(extra, dict) else None


def without_suffix(part: Any) -> Any:  # noqa: ANN401
    """A part of a description with the names of schemas as readers know them: no ``Shape``."""
    if isinstance(part, dict):
        return {key.removesuffix("Shape"): without_suffix(value) for key, value in part.items()}
    if isinstance(part, list):
        return [without_suffix(value) for value in part]
    if isinstance(part, str) and part.startswith("#/components/schemas/"):
        return part.removesuffix("Shape")
    return part
