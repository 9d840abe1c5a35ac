"""What would be said by a correction, a join or a closing, before anybody says it.

In: requests. Out: the figures that stand, or the body of a message that can be sent. Writes
nothing.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from pharos.arrive.administration import Act, administration_body
from pharos.measure.acts import closed, judged
from pharos.measure.edition import Edition
from pharos.measure.standing import Thing, standing
from pharos.serve.asked import only
from pharos.serve.list_shapes import StandingShape
from pharos.serve.replies import READING, Replies

Why = Annotated[str, Field(description="Why; it is kept with the act.")]


class StandingQuery(BaseModel):
    """Which screening, or which work's day; ids as their sender gave them."""

    cinema: str = Field(description="The cinema's id.", examples=["A1"])
    screening: str = Field(default="", description="The screening's id.", examples=["s-1"])
    date: dt.date | SkipJsonSchema[None] = Field(
        default=None, description="A business date; with work."
    )
    work: str = Field(default="", description="The work's id.")

    def thing(self) -> Thing:
        """What is meant. Raises BadQuestion."""
        return Thing(self.cinema, self.screening, self.date, self.work)


class JudgementQuery(BaseModel):
    """Which two ids are one, or no longer are."""

    one: str = Field(description="work:ID or cinema:ID", examples=["work:A"])
    other: str = Field(description="Another id of the same kind.", examples=["work:B"])
    same: bool = Field(default=True, description="Whether they are one.")
    why: Why


class ClosingQuery(BaseModel):
    """Which business dates are closed."""

    period: str = Field(description="Business dates.", examples=["2024-03"])
    why: Why = ""


class ActShape(BaseModel):
    """The body of an administration message."""

    model_config = ConfigDict(extra="forbid")

    pharos: Literal[1]
    administration: list[dict[str, str | int | bool]]


def preparing(replies: Replies) -> APIRouter:
    """What stands, and what acts would say."""
    router = APIRouter(prefix="/api/v1", tags=["hands"], responses=READING)

    @router.get(
        "/standing",
        summary="What the books say of one thing",
        response_model=StandingShape,
        dependencies=[only(StandingQuery)],
    )
    async def stands(request: Request, query: Annotated[StandingQuery, Query()]) -> Response:
        """The figures of a screening, or of a work's day, that a correction would change."""
        return await replies.of(request, lambda edition: standing(edition, query.thing()))

    @router.get(
        "/acts/judgement",
        summary="The message of a join",
        response_model=ActShape,
        dependencies=[only(JudgementQuery)],
    )
    async def judging(request: Request, query: Annotated[JudgementQuery, Query()]) -> Response:
        """What to post to administration so that two ids are one, or no longer are."""

        def act(edition: Edition) -> Mapping[str, Any]:
            return _body(judged(edition, (query.one, query.other), query.why, same=query.same))

        return await replies.of(request, act)

    @router.get(
        "/acts/closing",
        summary="The message of a closing",
        response_model=ActShape,
        dependencies=[only(ClosingQuery)],
    )
    async def closing(request: Request, query: Annotated[ClosingQuery, Query()]) -> Response:
        """What to post to administration so that business dates are final."""
        return await replies.of(
            request, lambda edition: _body(closed(edition, query.period, query.why))
        )

    return router


def _body(act: Act) -> Mapping[str, Any]:
    decoded: Mapping[str, Any] = msgspec.json.decode(administration_body(act))
    return decoded
