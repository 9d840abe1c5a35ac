"""The lists of the reading interface: works, cinemas, screenings, reports, findings, held, overdue.

In: requests. Out: pages. Reads the journal only for what held rows said; writes nothing.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Query, Request, Response

from pharos.measure import arrived, lists, reported
from pharos.measure.edition import Edition
from pharos.serve.asked import only
from pharos.serve.list_shapes import (
    CinemasShape,
    FindingsShape,
    HeldRowsShape,
    OverdueShape,
    ReportsShape,
    ScreeningsShape,
    WorksShape,
)
from pharos.serve.replies import READING, Replies
from pharos.serve.wanted import (
    CinemasQuery,
    FindingsQuery,
    HeldQuery,
    OverdueQuery,
    ReportsQuery,
    ScreeningsQuery,
    WorksQuery,
)
from pharos.words.report import Message


class Bodies(Protocol):
    """The part of a journal that lists need."""

    def message(self, position: int) -> Message:
        """The message at a position."""


def registers(replies: Replies) -> APIRouter:
    """What the home knows of works, cinemas and screenings."""
    router = APIRouter(prefix="/api/v1", tags=["lists"], responses=READING)

    @router.get(
        "/works", summary="Works", response_model=WorksShape, dependencies=[only(WorksQuery)]
    )
    async def works(request: Request, query: Annotated[WorksQuery, Query()]) -> Response:
        """Every work that a report has named, with its names and the ids that are one with it."""
        return await replies.of(
            request, lambda e: lists.works(e, query.page(), query.only()).to_json(), query.at()
        )

    @router.get(
        "/cinemas",
        summary="Cinemas",
        response_model=CinemasShape,
        dependencies=[only(CinemasQuery)],
    )
    async def cinemas(request: Request, query: Annotated[CinemasQuery, Query()]) -> Response:
        """Every cinema that a report has named, as it stood on one business date."""
        return await replies.of(
            request, lambda e: lists.cinemas(e, query.page(), query.only(e)).to_json(), query.at()
        )

    @router.get(
        "/screenings",
        summary="Screenings",
        response_model=ScreeningsShape,
        dependencies=[only(ScreeningsQuery)],
    )
    async def screenings(request: Request, query: Annotated[ScreeningsQuery, Query()]) -> Response:
        """Screenings of some business dates, with their published figures."""
        return await replies.of(
            request,
            lambda e: lists.screenings(e, query.page(), query.only(e)).to_json(),
            query.at(),
        )

    return router


def arrivals(replies: Replies, journal: Bodies) -> APIRouter:
    """What arrived, and what was found in it."""
    router = APIRouter(prefix="/api/v1", tags=["lists"], responses=READING)

    @router.get(
        "/reports",
        summary="Reports",
        response_model=ReportsShape,
        dependencies=[only(ReportsQuery)],
    )
    async def reports(request: Request, query: Annotated[ReportsQuery, Query()]) -> Response:
        """Every report that counts or was refused, in the order of arrival."""
        return await replies.of(
            request, lambda e: arrived.reports(e, query.page(), query.only(e)).to_json(), query.at()
        )

    @router.get(
        "/findings",
        summary="Findings",
        response_model=FindingsShape,
        dependencies=[only(FindingsQuery)],
    )
    async def findings(request: Request, query: Annotated[FindingsQuery, Query()]) -> Response:
        """Everything that rules noticed in reports."""
        return await replies.of(
            request,
            lambda e: arrived.findings(e, query.page(), query.only(e)).to_json(),
            query.at(),
        )

    @router.get(
        "/held", summary="Held rows", response_model=HeldRowsShape, dependencies=[only(HeldQuery)]
    )
    async def held(request: Request, query: Annotated[HeldQuery, Query()]) -> Response:
        """Rows that do not count, with what they said and how to mend them."""
        return await replies.of(
            request,
            lambda e: arrived.held(
                e, query.page(), query.only(e), lambda at: journal.message(at).body
            ).to_json(),
            query.at(),
        )

    return router


def missing(replies: Replies) -> APIRouter:
    """What should have arrived."""
    router = APIRouter(prefix="/api/v1", tags=["lists"], responses=READING)

    @router.get(
        "/overdue",
        summary="Who has reported, who is overdue",
        response_model=OverdueShape,
        dependencies=[only(OverdueQuery)],
    )
    async def overdue(request: Request, query: Annotated[OverdueQuery, Query()]) -> Response:
        """Expected cinemas and business dates: reported, said to be empty, awaited or overdue."""

        def due(edition: Edition) -> Mapping[str, Any]:
            now = replies.moment(edition, query.at())
            asked = query.only(edition, now)
            first, last = str(asked.period.first), str(asked.period.last)
            return reported.due(edition, query.page(), asked, now).to_json() | {
                "period": {"first": first, "last": last},
                "completeness": reported.of_the_expected(edition, asked),
            }

        return await replies.of(request, due, query.at())

    return router
