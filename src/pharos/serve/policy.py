"""What an anonymous reader may see: one file of data, and the one function that obeys it.

In: a policy (policy.toml, or the file of `pharos serve --policy`), a request or a question, and who
asks. Out: nothing, or NotPublic with the reason. Knows no figure; `serve.sight` asks with it.

Until there are keys, whoever comes through the processes that only show is anonymous, and the
server's own port on this machine is the operator's. A request with the header READER_HEADER lowers
itself, whatever the header says; nothing raises.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from pharos.errors import BadPolicy, NotPublic, nearest
from pharos.measure.catalogue import TIME
from pharos.measure.dimensions import BY_NAME as DIMENSIONS
from pharos.measure.question import Question
from pharos.serve.language import LANGUAGES
from pharos.serve.views.names import ENDS, PAGE_NAMES


class Reader(StrEnum):
    """Who asks."""

    ANONYMOUS = "anonymous"
    OPERATOR = "operator"


#: By this a request says that it comes from somebody anonymous.
READER_HEADER = b"pharos-reader"

#: Dimensions of place of which one may be opened.
PLACES = ("province", "city", "city_tier", "chain")
#: What tells of single cinemas and senders, and is never opened.
NEVER = ("cinema", "screen", "sender", "grain")
#: The fewest cinemas that a sum may be of.
LEAST = 3
#: What divides a day.
_HOURS = ("screening_hour", "daypart")
#: Sums of whole days.
_DAYS = tuple(d.name for d in DIMENSIONS.values() if d.family == TIME and d.name not in _HOURS)
#: What a film's day in the whole home belongs to as a whole: figures of places stand beside these.
_COARSE = ("work", "distributor", "run", "day_of_release", *_DAYS)
#: What may be asked of places: sums of what was shown, and ratios of those. A rank would tell where
#: those stand that are withheld; what looks at other days would tell of days that are.
PLACE_MEASURES = (
    "gross", "net_of_fee_gross", "net_gross", "admissions", "average_ticket_price", "screenings",
    "seats_offered", "occupancy", "admissions_per_screening", "box_office_share",
    "screening_share", "seat_share", "theatres", "screens", "works", "per_theatre_average",
    "per_screen_average", "per_seat_average",
)  # fmt: skip
#: What published figures may be about that are told to everybody: nobody's cinemas or chains.
_PUBLISHED = ("nation", "work")
#: About what senders said, not about films.
_OF_SENDERS = ("book_difference",)
#: Words of addresses by which earlier versions, and moments between reports, could be compared.
_MOMENTS = ("as_of", "sold_until")

_ALWAYS_PAGES = ("board", "definitions", "interface")
_ALWAYS_ROUTES = ("/", "/api/docs", "/{language}", "/static/{digest}/{name}")
#: Pages and paths that can be opened; all others show reports, and what single cinemas said.
_PAGES = (*_ALWAYS_PAGES, *(page for page in PAGE_NAMES if page != "reports"))
_ROUTES = (
    "/openapi.json", "/ready", "/health", "/api/v1/ask", "/api/v1/works", "/api/v1/cinemas",
    "/api/v1/chart", "/api/v1/compare", "/api/v1/records", "/api/v1/identities",
)  # fmt: skip


@dataclass(frozen=True)
class Policy:
    """What a policy says, checked."""

    dimensions: frozenset[str]
    place: str
    least_cinemas: int
    days_over: int
    pages: frozenset[str]
    routes: tuple[str, ...]

    @cached_property
    def _paths(self) -> re.Pattern[str]:
        """Every open path."""
        kinds = "|".join(ENDS)
        pages = [re.escape(page) for page in self.open_pages]
        known = [
            *(_pattern(route) for route in (*_ALWAYS_ROUTES, *self.routes)),
            rf"/(?:{'|'.join(LANGUAGES)})/(?:{'|'.join(pages)})(?:\.(?:{kinds}))?",
            rf"/(?:{'|'.join(LANGUAGES)})/board/live",
        ]
        return re.compile("|".join(known))

    @cached_property
    def open_pages(self) -> frozenset[str]:
        """The pages that are open: that of places only where a place is."""
        closed = set() if self.place else {"places"}
        return frozenset({*_ALWAYS_PAGES, *self.pages} - closed)

    def opens(self, path: str) -> bool:
        """Whether a path is open."""
        return self._paths.fullmatch(path) is not None

    def splits(self, dimension: str) -> bool:
        """Whether it may be asked by a dimension."""
        return dimension in self.dimensions or (bool(dimension) and dimension == self.place)


@dataclass(frozen=True, slots=True)
class Way:
    """A request on its way: its method, its path, the words of its query."""

    method: str
    path: str
    words: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, scope: Mapping[str, Any]) -> "Way":
        """That of an ASGI request."""
        query = scope.get("query_string", b"").decode("latin-1")
        words = parse_qsl(query, keep_blank_values=True, errors="replace")
        return cls(scope["method"], scope["path"], tuple(words))

    @classmethod
    def to(cls, address: str) -> "Way":
        """That to a link."""
        parts = urlsplit(address)
        words = parse_qsl(parts.query, keep_blank_values=True, errors="replace")
        return cls("GET", parts.path, tuple(words))


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks, and what he may see."""

    reader: Reader
    policy: Policy

    @property
    def is_anonymous(self) -> bool:
        """Whether the policy stands between this reader and the home."""
        return self.reader is Reader.ANONYMOUS

    def offers(self, address: str) -> bool:
        """Whether a link may be offered to this reader."""
        # Boards ask this of each link of each push: an address is not even read for nothing.
        if not self.is_anonymous:
            return True
        try:
            permit(self, Way.to(address))
        except NotPublic:
            return False
        return True

    def link(self, address: str) -> str:
        """A link, or nothing where it may not be offered."""
        return address if address and self.offers(address) else ""

    def splits(self, dimension: str) -> bool:
        """Whether this reader may ask by a dimension."""
        return not self.is_anonymous or self.policy.splits(dimension)

    def asks(self, word: str) -> bool:
        """Whether a form may offer a word of addresses to this reader."""
        return not self.is_anonymous or not any(_of_word(self.policy, word, "x"))

    @property
    def published_scopes(self) -> tuple[str, ...]:
        """About what this reader may see published figures; empty: about everything."""
        return _PUBLISHED if self.is_anonymous else ()

    def is_narrow(self, asked: Question) -> bool:
        """Whether a question is one of places for somebody who may not see all of them."""
        return self.is_anonymous and self.policy.place in asked.used


def permit(sight: Sight, asked: Way | Question) -> None:
    """Let a reader's request or question pass: the one place where that is decided.

    Every request passes it once, and every question that is made of it. Raises NotPublic.
    """
    if not sight.is_anonymous:
        return
    policy = sight.policy
    reasons = _of_way(policy, asked) if isinstance(asked, Way) else _of_question(policy, asked)
    for reason in reasons:
        raise NotPublic(reason)


def _of_way(policy: Policy, way: Way) -> Iterator[str]:
    """Why a request may not pass."""
    if way.method not in ("GET", "HEAD") or not policy.opens(way.path):
        yield f"{way.path[:80]!r} is not open to anonymous readers, or is nothing at all"
    for name, text in way.words:
        yield from _of_word(policy, name, text)


def _of_word(policy: Policy, name: str, text: str) -> Iterator[str]:
    """Why a word of an address may not be said."""
    if name in _MOMENTS and text.strip():
        yield f"{name} is the operator's: anonymous readers see the newest version"
    # Whatever names a dimension: a condition, a split, a place of the board's form.
    named = [name] if text.strip() else []
    named += [text.partition("=")[0]] if name in ("where", "place") else []
    named += text.split(",") if name == "by" else []
    if name == "places" and text.strip():
        # Things to compare, such as city:NAME.
        named += [one.partition(":")[0].strip() for one in text.split(",")]
        if not policy.place:
            yield "places are not open to anonymous readers"
    yield from _closed(policy, (one for one in named if one in DIMENSIONS))


def _closed(policy: Policy, dimensions: Iterable[str]) -> Iterator[str]:
    for name in dimensions:
        if not policy.splits(name):
            known = ", ".join(sorted({*policy.dimensions, policy.place} - {""}))
            yield f"{name} is not open to anonymous readers; open are {known}"


def _of_question(policy: Policy, asked: Question) -> Iterator[str]:
    """Why a question may not be answered."""
    if asked.as_of is not None:
        yield "an earlier version is the operator's: anonymous readers see the newest"
    yield from _closed(policy, asked.used)
    if asked.territory and not policy.splits("territory"):
        yield from _closed(policy, ["territory"])
    for measure in asked.measures:
        if measure.name in _OF_SENDERS:
            yield f"{measure.name} tells of senders, and is not open to anonymous readers"
    if policy.place in asked.used:
        yield from _of_places(policy, asked)


def _of_places(policy: Policy, asked: Question) -> Iterator[str]:
    """Why a question may not be asked of places."""
    beside = {policy.place, "work", *_DAYS}
    for name in asked.used:
        if name not in beside:
            yield f"{name} is not told by {policy.place}; open are {', '.join(sorted(beside))}"
    for measure in asked.measures:
        if measure.name not in PLACE_MEASURES:
            yield f"{measure.name} is not told of places; open are {', '.join(PLACE_MEASURES)}"
    if not asked.period:
        yield "figures of places need a period of business dates that are over"
    if asked.sold_until is not None:
        yield "figures of places are told whole: sold_until is the operator's"


def reader_of(scope: Mapping[str, Any]) -> Reader:
    """Who a request on the server's own port is from."""
    lowered = any(name == READER_HEADER for name, _ in scope["headers"])
    return Reader.ANONYMOUS if lowered else Reader.OPERATOR


def _pattern(route: str) -> str:
    """The paths of a route such as /static/{digest}/{name}."""
    parts = re.split(r"(\{\w+\})", route)
    said = {"{language}": f"(?:{'|'.join(LANGUAGES)})"}
    return "".join(
        said.get(part, "[^/]+") if part.startswith("{") else re.escape(part) for part in parts
    )


class _Said(msgspec.Struct, forbid_unknown_fields=True):
    """A policy as its file says it."""

    dimensions: list[str]
    places: list[str]
    least_cinemas: int
    days_over: int
    pages: list[str]
    routes: list[str]


def parse_policy(text: str) -> Policy:
    """A policy as a file says it. Raises BadPolicy."""
    try:
        said = msgspec.convert(tomllib.loads(text), _Said)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as failure:
        raise BadPolicy(str(failure)) from None
    for problem in (*_unknown(said), *_too_much(said)):
        raise BadPolicy(problem)
    return Policy(
        frozenset(said.dimensions), "".join(said.places), said.least_cinemas, said.days_over,
        frozenset(said.pages), tuple(said.routes),
    )  # fmt: skip


def _unknown(said: _Said) -> Iterator[str]:
    """Names that there are not, or that cannot be opened."""
    known: dict[str, Collection[str]] = {
        "dimensions": DIMENSIONS, "places": PLACES, "pages": _PAGES, "routes": _ROUTES,
    }  # fmt: skip
    for key, names in known.items():
        for name in getattr(said, key):
            if name in NEVER:
                yield f"{name} tells of single cinemas or senders and cannot be opened"
            if name not in names:
                yield f"{key} names {name!r}; {nearest(name, names)}"
            if key == "dimensions" and name in PLACES:
                yield f"{name} is a place: name it in places"


def _too_much(said: _Said) -> Iterator[str]:
    """Why a policy would open more than it seems to."""
    if len(said.places) > 1:
        yield (
            f"places names {' and '.join(said.places)}: of two partings of the same cinemas the "
            "overlaps can be found by subtraction; open one"
        )
    if said.least_cinemas < LEAST:
        yield f"least_cinemas is {said.least_cinemas}: of two cinemas each knows the other; {LEAST}"
    if said.days_over < 1:
        yield "days_over is less than 1: while a day goes on, each new report would be its sender's"
    for name in said.dimensions if said.places else ():
        if name not in _COARSE:
            yield (
                f"{name} stands in dimensions while {said.places[0]} is open: it parts a film's "
                "day in the whole home, and a difference could be a few cinemas'; take one of them "
                "out"
            )


@cache
def shipped() -> Policy:
    """The policy that holds unless another is given."""
    return parse_policy((resources.files("pharos.serve") / "policy.toml").read_text("utf-8"))


def everything() -> Sight:
    """What the operator sees."""
    return Sight(Reader.OPERATOR, shipped())
