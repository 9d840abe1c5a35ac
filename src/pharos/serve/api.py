"""The reading interface over HTTP, described by OpenAPI 3.1.

In: requests. Out: answers, traces, lists, health. Must not reach anything that writes; loads
nothing from other hosts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from pharos.errors import PharosError, UnreachableError
from pharos.measure.edition import Edition
from pharos.measure.trace import trace_in
from pharos.serve.asked import AskQuery, TraceQuery, only
from pharos.serve.besides import Besides
from pharos.serve.board import Live, by_sql_only
from pharos.serve.encoded import as_bytes
from pharos.serve.history_api import looking_back
from pharos.serve.listing import Bodies, arrivals, missing, registers
from pharos.serve.pages import pages
from pharos.serve.policy import Policy, permit, shipped
from pharos.serve.preparing import preparing
from pharos.serve.problems import (
    Problem,
    misread,
    problem_of,
    problem_of_status,
    unforeseen,
)
from pharos.serve.readers import Readers
from pharos.serve.replies import READING, Replies, problem_response, problems
from pharos.serve.shapes import (
    AnswerShape,
    HealthShape,
    ProblemShape,
    ReadyShape,
    TraceShape,
    without_suffix,
)
from pharos.serve.sight import ask as asked_by
from pharos.serve.state import State

_TITLE = "Pharos"
_SUMMARY = "Box office, counted exactly: ask for numbers, and for what stands behind them."


Described = tuple[dict[str, Any], dict[str, Any]]
#: Nothing beside the routes of this application.
ALONE: Described = ({}, {})


@dataclass(frozen=True, slots=True)
class Sources:
    """What answers are made from; ``live`` gives boards of live days from memory."""

    readers: Readers
    journal: Bodies
    state: Callable[[], State]
    live: Live = by_sql_only
    #: What stands beside live boards; the pages keep their own if none is given.
    besides: Besides | None = None
    #: What anonymous readers may see.
    policy: Policy = field(default_factory=shipped)


def api(sources: Sources, beside: Described = ALONE) -> FastAPI:
    """The application that answers questions.

    ``beside`` are paths and schemas of other doors, for the one description of all.
    """
    app = FastAPI(
        title=_TITLE, summary=_SUMMARY, version="1", docs_url=None, redoc_url=None,
        # Every route makes its own answer; the class says in the description that it is JSON.
        default_response_class=JSONResponse,
    )  # fmt: skip
    readers, state = sources.readers, sources.state
    replies = Replies(readers, state().version, sources.policy)
    app.include_router(_questions(replies))
    app.include_router(registers(replies))
    app.include_router(arrivals(replies, sources.journal))
    app.include_router(missing(replies))
    app.include_router(looking_back(replies))
    app.include_router(preparing(replies))
    app.include_router(_states(readers, state))
    besides = sources.besides or Besides(readers)
    app.include_router(
        pages(replies, state, lambda at: sources.journal.message(at).body, sources.live, besides)
    )
    _tell_failures(app)
    app.openapi = lambda: _described(app, beside)  # type: ignore[method-assign]
    return app


def _questions(replies: Replies) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["questions"], responses=READING)

    @router.get(
        "/ask",
        summary="Ask for measures",
        response_model=AnswerShape,
        dependencies=[only(AskQuery)],
    )
    async def ask(request: Request, query: Annotated[AskQuery, Query()]) -> Response:
        """Measures, split by dimensions and narrowed down, as of any edition."""
        question, sight = query.question(), replies.sight(request)

        def answer(edition: Edition) -> Mapping[str, Any]:
            return asked_by(sight, edition, question, replies.readers.now()).to_json()

        return await replies.of(request, answer, question.as_of)

    @router.get(
        "/trace",
        summary="Explain a number",
        response_model=TraceShape,
        dependencies=[only(TraceQuery)],
    )
    async def trace(request: Request, query: Annotated[TraceQuery, Query()]) -> Response:
        """One measure down to the rows of the reports behind it; their sum is the number."""
        question = query.question()
        permit(replies.sight(request), question)

        def explain(edition: Edition) -> Mapping[str, Any]:
            return trace_in(edition, question, replies.readers.now(), query.rows).to_json()

        return await replies.of(request, explain, question.as_of)

    return router


def _states(readers: Readers, state: Callable[[], State]) -> APIRouter:
    router = APIRouter(tags=["state"], responses=problems(_400="There are no parameters here."))

    @router.get("/health", summary="Is it alive", response_model=HealthShape, dependencies=[only()])
    async def health() -> Response:
        """What the server does; 200 as long as it lives, whatever is wrong."""
        return Response(as_bytes(_health(state())), media_type="application/json")

    @router.get(
        "/ready",
        summary="Can it be used",
        response_model=ReadyShape,
        responses=problems(_503="It does not take reports, or does not answer questions."),
        dependencies=[only()],
    )
    async def ready() -> Response:
        """200 only if it takes reports and answers questions."""
        now = state()
        if now.problem or not now.taking:
            raise UnreachableError(now.problem or "no reports are taken now; ask /health")
        edition = await readers.read(lambda edition: edition.position)
        body = as_bytes({"status": "ready", "edition": edition})
        return Response(body, media_type="application/json")

    return router


def _health(now: State) -> dict[str, Any]:
    since = now.waiting_since
    return {
        "status": "alive",
        "version": now.version,
        "started_at": now.started_at.isoformat(),
        "received": now.received,
        "applied": now.applied,
        "behind": now.behind,
        "board": now.board,
        "waiting_since": since.isoformat() if since else None,
        "taking": now.taking,
        "problem": now.problem or None,
    }


def _tell_failures(app: FastAPI) -> None:
    """Let every failure leave in the one shape."""
    told: dict[type[Exception], Callable[[Any], Problem]] = {
        PharosError: problem_of,
        RequestValidationError: lambda error: misread(error.errors()),
        HTTPException: lambda error: problem_of_status(
            error.status_code, str(error.detail), error.headers or {}
        ),
        Exception: unforeseen,
    }
    for kind, tell in told.items():
        app.add_exception_handler(kind, _handler(tell))


def _handler(tell: Callable[[Any], Problem]) -> Callable[[Request, Exception], Response]:
    return lambda _, error: problem_response(tell(error))


def _described(app: FastAPI, beside: Described) -> dict[str, Any]:
    """The OpenAPI description, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=app.routes
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = ProblemShape.model_json_schema()
        made["paths"] |= beside[0]
        schemas |= beside[1]
        app.openapi_schema = without_suffix(made)
    return app.openapi_schema
