"""Looking back over HTTP: charts of works, windows beside one another, what does not add up.

In: requests. Out: rows with their source. Reads published figures; writes nothing, no arithmetic.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from pharos.measure.chart_periods import CHARTS
from pharos.measure.charts import ChartAsked
from pharos.measure.comparing import CompareAsked
from pharos.measure.edition import Edition
from pharos.measure.history import HistoryAsked, history
from pharos.measure.identities import IDENTITIES, CheckAsked
from pharos.measure.records import RECORDS, RecordsAsked
from pharos.measure.restated import RestatedAsked
from pharos.serve.asked import AsOf, only
from pharos.serve.asking import as_of
from pharos.serve.history_shapes import (
    ChartShape,
    ComparisonShape,
    IdentitiesShape,
    RecordsShape,
    RestatedShape,
)
from pharos.serve.replies import READING, Replies

_PERIOD = "Business dates: 2022-10-01, 2022-W39, 2022-10, 2022-Q4, 2022 or window:NAME/YEAR."
_BASIS = "With or without service fee or tax: with_fee, without_fee, without_tax or unknown."


class _History(BaseModel):
    """What every question to published figures may say; its fields are those of its kind."""

    kind_of_question: ClassVar[Callable[..., HistoryAsked]]
    territory: str = Field(default="", description="Of one territory of the home.")
    as_of: AsOf = ""

    def at(self) -> int | datetime | None:
        """The edition that is asked."""
        return as_of(self.as_of or None)

    def asked(self, **more: object) -> HistoryAsked:
        """The question that is meant, with what only the server knows."""
        return self.kind_of_question(**self.model_dump(exclude={"as_of"}), **more)


class _Based(_History):
    """What questions about amounts may say."""

    basis: str = Field(default="", description=f"{_BASIS} The first that is known if not given.")


class ChartQuery(_Based):
    """A chart."""

    kind_of_question = ChartAsked
    kind: str = Field(
        description="What is ranked.", examples=["year"], json_schema_extra={"enum": list(CHARTS)}
    )
    period: str = Field(description=_PERIOD, examples=["2022"])
    publisher: str = Field(default="", description="Whose figures; else whose come first.")
    limit: int | None = Field(default=None, ge=1, description="Places of each period.")


class CompareQuery(_Based):
    """Periods beside one another."""

    kind_of_question = CompareAsked
    period: list[str] = Field(
        description=f"{_PERIOD} Repeatable; the others are compared with the first.",
        examples=[["2022"]],
        min_length=1,
        max_length=100,
    )


class RecordsQuery(_Based):
    """Records."""

    kind_of_question = RecordsAsked
    name: str = Field(
        description="Which.", examples=["all-time"], json_schema_extra={"enum": list(RECORDS)}
    )
    publisher: str = Field(default="", description="Whose figures; else whose come first.")
    nth: int = Field(default=1, ge=1, le=1000, description="Which weekend of a run (weekends).")
    threshold: str = Field(default="", description="What is reached (fastest), as an amount.")
    limit: int = Field(default=20, ge=1, le=10_000, description="Places.")


class RestatedQuery(_History):
    """Whose revisions."""

    kind_of_question = RestatedAsked
    publisher: str = Field(default="", description="Of one publisher.")
    limit: int = Field(default=100, ge=1, le=10_000, description="Rows, the latest first.")


class IdentitiesQuery(_History):
    """Which figures are checked."""

    kind_of_question = CheckAsked
    identity: str = Field(
        default="",
        description="One identity; all if not given.",
        json_schema_extra={"enum": ["", *(one.name for one in IDENTITIES)]},
    )
    publisher: str = Field(default="", description="Of one publisher.")
    limit: int = Field(default=20, ge=0, le=10_000, description="Breaks shown of each identity.")


def looking_back(replies: Replies) -> APIRouter:
    """What published figures say."""
    router = APIRouter(prefix="/api/v1", tags=["history"], responses=READING)
    _add_charts(router, replies)
    _add_checks(router, replies)
    return router


def _answer(asked: HistoryAsked) -> Callable[[Edition], Mapping[str, Any]]:
    return partial(history, asked=asked)


def _add_charts(router: APIRouter, replies: Replies) -> None:

    @router.get(
        "/chart",
        summary="Rank works by published figures",
        response_model=ChartShape,
        dependencies=[only(ChartQuery)],
    )
    async def charts(request: Request, query: Annotated[ChartQuery, Query()]) -> Response:
        """The works of each period in their order, by one publisher's figures."""
        return await replies.of(request, _answer(query.asked()), query.at())

    @router.get(
        "/compare",
        summary="Every published version of some periods",
        response_model=ComparisonShape,
        dependencies=[only(CompareQuery)],
    )
    async def comparison(request: Request, query: Annotated[CompareQuery, Query()]) -> Response:
        """What was published of each period, and how far it is from the first one's last word."""
        return await replies.of(request, _answer(query.asked()), query.at())


def _add_checks(router: APIRouter, replies: Replies) -> None:
    @router.get(
        "/records",
        summary="The largest, by published daily figures",
        response_model=RecordsShape,
        dependencies=[only(RecordsQuery)],
    )
    async def best(request: Request, query: Annotated[RecordsQuery, Query()]) -> Response:
        """Works by what they made in all, on a day, on a weekend, and how they opened and held."""
        return await replies.of(request, _answer(query.asked()), query.at())

    @router.get(
        "/restated",
        summary="Published figures that were revised",
        response_model=RestatedShape,
        dependencies=[only(RestatedQuery)],
    )
    async def revised(request: Request, query: Annotated[RestatedQuery, Query()]) -> Response:
        """What a publisher said again, otherwise: both values, and when each was stated."""
        return await replies.of(request, _answer(query.asked()), query.at())

    @router.get(
        "/identities",
        summary="What does not add up in published figures",
        response_model=IdentitiesShape,
        dependencies=[only(IdentitiesQuery)],
    )
    async def identities(request: Request, query: Annotated[IdentitiesQuery, Query()]) -> Response:
        """Cumulatives, sums, shares and ratios that must hold, and the figures that break them."""
        asked = query.asked(scopes=replies.sight(request).published_scopes)
        return await replies.of(request, _answer(asked), query.at())
