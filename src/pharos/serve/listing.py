"""The lists of the reading interface: works, cinemas, screenings, reports, findings, held, overdue.

In: requests. Out: pages. Reads the journal only for what held rows said; writes nothing.
"""

from collections.abc import Callable, Mapping
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
    Paged,
    ReportsQuery,
    ScreeningsQuery,
    WorksQuery,
)
from pharos.words.report import Message


class Bodies(Protocol):
    """The part of a journal that lists need."""

    def message(self, position: int) -> Message:
        """The message at a position."""


Listed = Mapping[str, Any]
#: Makes a page of an edition, from what is asked; the body of a message is looked up by position.
Make = Callable[[Edition, Any, Callable[[int], bytes]], Listed]

#: The lists that commands show, too: their parameters, and who makes them.
LISTS: dict[str, tuple[type[Paged], Make]] = {
    "works": (WorksQuery, lambda e, q, _: lists.works(e, q.page(), q.only()).to_json()),
    "cinemas": (CinemasQuery, lambda e, q, _: lists.cinemas(e, q.page(), q.only(e)).to_json()),
    "screenings": (
        ScreeningsQuery,
        lambda e, q, _: lists.screenings(e, q.page(), q.only(e)).to_json(),
    ),
    "reports": (ReportsQuery, lambda e, q, _: arrived.reports(e, q.page(), q.only(e)).to_json()),
    "findings": (FindingsQuery, lambda e, q, _: arrived.findings(e, q.page(), q.only(e)).to_json()),
    "held": (HeldQuery, lambda e, q, body: arrived.held(e, q.page(), q.only(e), body).to_json()),
}


def _page(
    name: str, query: Paged, body_of: Callable[[int], bytes] | None = None
) -> Callable[[Edition], Listed]:
    """What makes a page of a list, once there is an edition."""
    _, make = LISTS[name]
    return lambda edition: make(edition, query, body_of or _no_body)


def _no_body(position: int) -> bytes:
    raise AssertionError(position)


def registers(replies: Replies) -> APIRouter:
    """What the home knows of works, cinemas and screenings."""
    router = APIRouter(prefix="/api/v1", tags=["lists"], responses=READING)

    @router.get(
        "/works", summary="Works", response_model=WorksShape, dependencies=[only(WorksQuery)]
    )
    async def works(request: Request, query: Annotated[WorksQuery, Query()]) -> Response:
        """Every work that a report has named, with its names and the ids that are one with it."""
        return await replies.of(request, _page("works", query), query.at())

    @router.get(
        "/cinemas",
        summary="Cinemas",
        response_model=CinemasShape,
        dependencies=[only(CinemasQuery)],
    )
    async def cinemas(request: Request, query: Annotated[CinemasQuery, Query()]) -> Response:
        """Every cinema that a report has named, as it stood on one business date."""
        return await replies.of(request, _page("cinemas", query), query.at())

    @router.get(
        "/screenings",
        summary="Screenings",
        response_model=ScreeningsShape,
        dependencies=[only(ScreeningsQuery)],
    )
    async def screenings(request: Request, query: Annotated[ScreeningsQuery, Query()]) -> Response:
        """Screenings of some business dates, with their published figures."""
        return await replies.of(request, _page("screenings", query), query.at())

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
        return await replies.of(request, _page("reports", query), query.at())

    @router.get(
        "/findings",
        summary="Findings",
        response_model=FindingsShape,
        dependencies=[only(FindingsQuery)],
    )
    async def findings(request: Request, query: Annotated[FindingsQuery, Query()]) -> Response:
        """Everything that rules noticed in reports."""
        return await replies.of(request, _page("findings", query), query.at())

    @router.get(
        "/held", summary="Held rows", response_model=HeldRowsShape, dependencies=[only(HeldQuery)]
    )
    async def held(request: Request, query: Annotated[HeldQuery, Query()]) -> Response:
        """Rows that do not count, with what they said and how to mend them."""
        page = _page("held", query, lambda position: journal.message(position).body)
        return await replies.of(request, page, query.at())

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
