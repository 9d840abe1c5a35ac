"""The parameters of questions over HTTP.

In: the query of a URL. Out: checked questions. Knows no home.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from fastapi import Request
from fastapi.params import Depends
from pydantic import BaseModel, Field, JsonValue
from pydantic.json_schema import SkipJsonSchema

from pharos.measure.catalogue import MEASURES
from pharos.measure.dimensions import DIMENSIONS
from pharos.measure.question import BASES, Question
from pharos.measure.trace import SHOWN
from pharos.serve.asking import as_of, asked, moment, said_once

_MEASURES: list[JsonValue] = [measure.name for measure in MEASURES]
_DIMENSIONS = ", ".join(dimension.name for dimension in DIMENSIONS)
_PERIODS = (
    "Business dates: 2022-10-01, 2022-10-01..2022-10-07, 2022-W39, 2022-10, 2022-Q4, 2022 or "
    "window:NAME/YEAR. Everything if it is not given."
)

AsOf = Annotated[
    str,
    Field(
        description="What was known then: an edition, or a moment (ISO 8601; UTC unless it says "
        "its offset). The newest if it is not given.",
        examples=["1"],
    ),
]


class Narrowed(BaseModel):
    """What every question may say."""

    where: list[str] = Field(
        default=[],
        description=f"Conditions dimension=value; repeatable. Several values of one dimension are "
        f"alternatives; an empty value means not known. Dimensions: {_DIMENSIONS}.",
        examples=[["weekday=Friday"]],
    )
    period: str = Field(default="", description=_PERIODS, examples=["2024"])
    territory: str = Field(default="", description="One territory of the home.")
    basis: str = Field(
        default="paid",
        description="What of the price paid the gross is.",
        json_schema_extra={"enum": list(BASES)},
    )
    source: str = Field(
        default="postings",
        description="Where numbers come from.",
        json_schema_extra={"enum": ["postings"]},
    )
    as_of: AsOf = ""
    sold_until: str = Field(
        default="",
        description="Only tickets sold up to this moment (ISO 8601).",
        examples=["2024-02-16T18:15:00-05:00"],
    )

    def at(self) -> int | datetime | None:
        """The edition that is asked."""
        return as_of(self.as_of or None)

    def asked(self, measures: Iterable[str], by: str = "", **rest: str | int | None) -> Question:
        """The question. Raises what a question raises."""
        return asked(
            measures, by, self.where, period=self.period, territory=self.territory,
            basis=self.basis, source=self.source, as_of=self.at(),
            sold_until=moment(self.sold_until or None), **rest,
        )  # fmt: skip


class AskQuery(Narrowed):
    """A question."""

    measure: list[str] = Field(
        description="What is asked; repeatable.",
        json_schema_extra={"items": {"type": "string", "enum": _MEASURES}},
        examples=[["gross", "admissions"]],
    )
    by: str = Field(
        default="",
        description=f"Dimensions to split by, with commas between them: {_DIMENSIONS}.",
        examples=["work"],
    )
    order: str = Field(
        default="",
        description="Measures or dimensions of the question, with commas; - puts the largest "
        "first.",
        examples=["-gross"],
    )
    limit: int | SkipJsonSchema[None] = Field(
        default=None, ge=1, description="The first so many rows."
    )

    def question(self) -> Question:
        """The question. Raises what a question raises."""
        return self.asked(self.measure, self.by, order=self.order, limit=self.limit)


class TraceQuery(Narrowed):
    """A number to explain."""

    measure: str = Field(
        description="The measure to explain.",
        json_schema_extra={"enum": _MEASURES},
        examples=["gross"],
    )
    rows: int = Field(
        default=SHOWN, ge=0, le=1000, description="Postings listed for each report; all are summed."
    )

    def question(self) -> Question:
        """The question. Raises what a question raises."""
        return self.asked([self.measure])


def only(query: type[BaseModel] | None = None) -> Depends:
    """Refuse parameters that a path does not know, and one said twice that is said once."""
    fields = query.model_fields if query else {}
    several = {name for name, field in fields.items() if field.annotation == list[str]}

    def known_parameters(request: Request) -> None:
        said_once(request.query_params.multi_items(), fields, several)

    return Depends(known_parameters)
