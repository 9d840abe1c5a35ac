"""The pages that people read: the board, what stands behind a number, definitions.

In: requests. Out: HTML that needs no script, and the same rows as JSON. Must not reach anything
that writes; loads nothing from other hosts.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from pharos.errors import PharosError
from pharos.measure.board import BOARD_MEASURES
from pharos.measure.edition import Edition
from pharos.measure.places import known_places
from pharos.measure.trace import trace_in
from pharos.serve import board as boards
from pharos.serve import board_places, definitions, encoded, exports, form_pages, interface, traced
from pharos.serve.besides import Besides
from pharos.serve.board_sheet import board_sheet, file_name
from pharos.serve.language import LANGUAGES, Language, language, preferred
from pharos.serve.policy import Sight, permit, reader_of
from pharos.serve.printed import HEADERS, HTML, TYPES, digest, packed_file, printed, static_files
from pharos.serve.problems import Problem, problem_of, problem_of_status
from pharos.serve.replies import Replies, problem_response
from pharos.serve.shelf import Ready, Shelf, can_unpack, ready, seen
from pharos.serve.state import State
from pharos.serve.views.asking import Asker, read_address
from pharos.serve.views.names import ENDS
from pharos.serve.views.registry import PAGES
from pharos.serve.views.view import Page, said, sheet_of

#: May be kept, but must be asked for again: the newest version is soon another.
_CACHING = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
#: Seconds after which a page without scripts loads itself again.
REFRESH_SECONDS = 5

#: The body of a page, its media type, and perhaps further headers.
Made = tuple[bytes, str] | tuple[bytes, str, tuple[tuple[bytes, bytes], ...]]
Make = Callable[[Edition], Made]


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes pages of editions, and keeps them ready."""

    replies: Replies
    state: Callable[[], State]
    shelf: Shelf
    live: boards.Live
    besides: Besides
    body_of: Callable[[int], bytes]

    async def of(self, request: Request, make: Make, as_of: Any = None) -> Response:  # noqa: ANN401
        """A page of an edition, or that it has not changed."""

        def read(edition: Edition) -> Ready:
            return ready(edition.position, *make(edition))

        async def made() -> Ready:
            return await self.replies.readers.read(read, as_of)

        asked = urlencode(sorted(request.query_params.multi_items()))
        key = f"{reader_of(request.scope)} {request.url.path}?{asked}"
        now = seen(self.state().applied, self.replies.readers.now())
        packed = can_unpack(request.headers.get("accept-encoding", ""))
        found = await (self.shelf.packed if packed else self.shelf.page)(key, now, made)
        own = {name.decode(): value.decode() for name, value in found.headers}
        headers = {"ETag": found.tag, **own, **_CACHING, **HEADERS}
        if found.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(found.body, headers=headers, media_type=found.media_type)

    def board(
        self, edition: Edition, wanted: boards.Asked, spoken: Language, sight: Sight
    ) -> boards.View:
        """What the board says to somebody."""
        now = self.replies.moment(edition, wanted.edition)
        who = boards.Reader(spoken, now, self.live, sight, self.besides.of)
        return boards.view(edition, wanted, who)


def pages(
    replies: Replies,
    state: Callable[[], State],
    body_of: Callable[[int], bytes],
    live: boards.Live,
    besides: Besides,
) -> APIRouter:
    """The routes of all pages; ``body_of`` gives the body of a message by its position."""
    router = APIRouter()
    made = Pages(replies, state, Shelf(), live, besides, body_of)
    router.add_route("/", partial(_in_my_language, "board"))
    router.add_route("/static/{digest}/{name}", _static)
    router.add_route("/api/docs", partial(_in_my_language, "interface"))
    for code in LANGUAGES:
        spoken = language(code)
        router.add_route(f"/{code}", partial(_to_board, code))
        router.add_route(f"/{code}/board.json", partial(_board_json, made, spoken))
        for kind in exports.KINDS:
            router.add_route(f"/{code}/board.{kind}", partial(_board_file, kind, made, spoken))
        for tabled in PAGES:
            for kind in ("", *(f".{kind}" for kind in ENDS)):
                route = partial(_view, tabled, kind[1:], made, spoken)
                address = f"/{code}/{tabled.name}{kind}"
                router.add_route(address, route if kind else partial(_shown, made, spoken, route))
        for name, page in _PAGES.items():
            route = partial(_shown, made, spoken, partial(page, made, spoken))
            router.add_route(f"/{code}/{name}", route)
        router.add_route(f"/{code}/{{rest:path}}", partial(_nowhere, made, spoken))
    return router


async def _in_my_language(name: str, request: Request) -> Response:
    code = preferred(request.headers.get("accept-language", ""))
    headers = {**_CACHING, "Vary": "Accept-Language"}
    return RedirectResponse(f"/{code}/{name}", HTTPStatus.FOUND, headers)


async def _to_board(code: str, _: Request) -> Response:
    return RedirectResponse(f"/{code}/board", HTTPStatus.FOUND)


async def _static(request: Request) -> Response:
    """A file under the address that names its content; any other address may be an old page's."""
    name = request.path_params["name"]
    content = static_files().get(name)
    if content is None or request.path_params["digest"] != digest():
        problem = problem_of_status(HTTPStatus.NOT_FOUND)
        return Response(problem.body(), problem.status, media_type="application/problem+json")
    kind = TYPES[name.rpartition(".")[2]]
    headers = {**_FOR_EVER, **HEADERS, "Vary": "Accept-Encoding"}
    if can_unpack(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        content = packed_file(name)
    return Response(content, headers=headers, media_type=kind)


async def _board_json(made: Pages, spoken: Language, request: Request) -> Response:
    """The rows of the board as values."""
    wanted = boards.asked(request.query_params.multi_items())
    sight = made.replies.sight(request)

    def make(edition: Edition) -> tuple[bytes, str]:
        return encoded.as_bytes(made.board(edition, wanted, spoken, sight)), encoded.MEDIA_TYPE

    return await made.of(request, make, wanted.edition)


async def _board_file(kind: str, made: Pages, spoken: Language, request: Request) -> Response:
    """The rows of the board as a file to take away."""
    wanted = boards.asked(request.query_params.multi_items())
    write, media_type = exports.KINDS[kind]
    sight = made.replies.sight(request)

    def make(edition: Edition) -> Made:
        view = made.board(edition, wanted, spoken, sight)
        name = f'attachment; filename="{file_name(view)}.{kind}"'.encode()
        content = write(board_sheet(view, spoken))
        return content, media_type, ((b"Content-Disposition", name),)

    return await made.of(request, make, wanted.edition)


def _page(
    template: str,
    spoken: Language,
    request: Request,
    sight: Sight,
    **values: Any,  # noqa: ANN401
) -> tuple[bytes, str]:
    """A page that shows what was found."""
    values |= {"elsewhere": _elsewhere(request)}
    return printed(template, spoken, sight=sight, **values), HTML


async def _board(made: Pages, spoken: Language, request: Request) -> Response:
    wanted = boards.asked(request.query_params.multi_items())
    if "place" in request.query_params:
        # The form says a place in its own way; an address should say it in ours.
        return RedirectResponse(wanted.address(spoken), HTTPStatus.SEE_OTHER)
    sight = made.replies.sight(request)

    def make(edition: Edition) -> tuple[bytes, str]:
        view = made.board(edition, wanted, spoken, sight)
        places = {
            name: values for name, values in known_places(edition).items() if sight.splits(name)
        }
        rest = {"measures": BOARD_MEASURES, "places": places, "refresh": REFRESH_SECONDS}
        rest |= board_places.path(edition, wanted, spoken, sight)
        return _page("board.html", spoken, request, sight, view=view, **rest)

    return await made.of(request, make, wanted.edition)


async def _trace(made: Pages, spoken: Language, request: Request) -> Response:
    wanted = traced.asked(request.query_params.multi_items())
    question, sight = wanted.question, made.replies.sight(request)
    permit(sight, question)

    def make(edition: Edition) -> tuple[bytes, str]:
        now = made.replies.moment(edition, question.as_of)
        found = trace_in(edition, question, now, traced.ROWS).to_json()
        view = traced.view(edition, wanted, found, spoken)
        return _page("trace.html", spoken, request, sight, view=view)

    return await made.of(request, make, question.as_of)


async def _view(page: Page, kind: str, made: Pages, spoken: Language, request: Request) -> Response:
    """A page of tables, or its rows as values or as a file."""
    asked = read_address(page.name, page.words, page.tables, request.query_params.multi_items())
    sight = made.replies.sight(request)

    def make(edition: Edition) -> Made:
        now = made.replies.moment(edition, asked.edition)
        asker = Asker(edition, spoken, asked, now, made.body_of, sight)
        view = page.make(asker)
        if kind in exports.KINDS:
            sheet, name = sheet_of(page, asker, view)
            write, media_type = exports.KINDS[kind]
            named = f'attachment; filename="{name}.{kind}"'.encode()
            return write(sheet), media_type, ((b"Content-Disposition", named),)
        value = said(page, asker, view)
        if kind:
            return encoded.as_bytes(value), encoded.MEDIA_TYPE
        return _page("view.html", spoken, request, sight, view=value)

    return await made.of(request, make, asked.edition)


async def _definitions(made: Pages, spoken: Language, request: Request) -> Response:
    sight = made.replies.sight(request)

    def make(edition: Edition) -> tuple[bytes, str]:
        view = definitions.view(edition, spoken)
        return _page("definitions.html", spoken, request, sight, view=view)

    return await made.of(request, make)


async def _interface(made: Pages, spoken: Language, request: Request) -> Response:
    sight, described = made.replies.sight(request), request.app.openapi()

    def make(edition: Edition) -> tuple[bytes, str]:
        view = interface.view(described, edition.home, spoken, sight)
        return _page("interface.html", spoken, request, sight, view=view)

    return await made.of(request, make)


async def _form(name: str, made: Pages, spoken: Language, request: Request) -> Response:
    """An empty form, or one that the address has begun; what is sent from it goes elsewhere."""
    words, view = _FORMS[name]
    said = form_pages.asked(request.query_params.multi_items(), words)
    sight = made.replies.sight(request)

    def make(edition: Edition) -> tuple[bytes, str]:
        found = view(edition, spoken, said)
        return _page(f"{name}.html", spoken, request, sight, view=found, form=name)

    return await made.of(request, make)


_FORMS: Mapping[str, tuple[tuple[str, ...], Callable[..., dict[str, Any]]]] = {
    "upload": (form_pages.UPLOAD_WORDS, form_pages.upload_view),
    "correct": (form_pages.CORRECT_WORDS, form_pages.correct_view),
}
_PAGES: Mapping[str, Callable[[Pages, Language, Request], Awaitable[Response]]] = {
    "board": _board,
    "trace": _trace,
    "definitions": _definitions,
    "interface": _interface,
    **{name: partial(_form, name) for name in _FORMS},
}


async def _shown(
    made: Pages,
    spoken: Language,
    page: Callable[[Request], Awaitable[Response]],
    request: Request,
) -> Response:
    """A page, or what is wrong, in words and with the right status."""
    try:
        return await page(request)
    except PharosError as error:
        return _failed(made.replies.sight(request), spoken, request, problem_of(error))


async def _nowhere(made: Pages, spoken: Language, request: Request) -> Response:
    sight = made.replies.sight(request)
    return _failed(sight, spoken, request, problem_of_status(HTTPStatus.NOT_FOUND))


def refused(sight: Sight, request: Request, problem: Problem) -> Response:
    """Why a reader may not pass: on the address of a page in words, else as a value."""
    code, _, name = request.url.path.removeprefix("/").partition("/")
    if code not in LANGUAGES or "." in name or name == "board/live":
        return problem_response(problem)
    return _failed(sight, language(code), request, problem)


def _failed(sight: Sight, spoken: Language, request: Request, problem: Problem) -> Response:
    again = "Retry-After" in problem.headers
    elsewhere = _elsewhere(request)
    if problem.status == HTTPStatus.FORBIDDEN:
        # In another language it is as closed.
        elsewhere = {code: f"/{code}/board" for code in LANGUAGES}
    body = printed(
        "failed.html", spoken, sight=sight, problem=problem, again=again, refresh=REFRESH_SECONDS,
        sentence=spoken.words["errors"][_sentence(problem)], elsewhere=elsewhere,
    )  # fmt: skip
    headers = {"Cache-Control": "no-store", **problem.headers, **HEADERS}
    return Response(body, problem.status, headers, HTML)


def _sentence(problem: Problem) -> str:
    """Which sentence of the catalogue tells a failure."""
    by_code = {
        "asked-too-much": "too_much",
        "catching-up": "catching_up",
        "no-such-edition": "no_such_edition",
        "not-found": "not_found",
        "not-public": "not_public",
    }
    by_status = {400: "bad", 422: "refused", 503: "busy"}
    return by_code.get(problem.code) or by_status.get(problem.status, "unforeseen")


def _elsewhere(request: Request) -> dict[str, str]:
    """The same page in each language."""
    _, _, rest = request.url.path.removeprefix("/").partition("/")
    query = f"?{request.url.query}" if request.url.query else ""
    return {code: f"/{code}/{rest}{query}" for code in LANGUAGES}
