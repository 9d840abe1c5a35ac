"""The door for reports over HTTP: messages in, receipts and verdicts out.

In: ASGI requests. Out: a receipt once the message is safe on the disk, and its verdict for those
who wait. Whatever cannot be kept takes no position and is told why. Knows no figure.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from pharos.arrive.administration import HOME_SENDER
from pharos.arrive.journal import Draft
from pharos.errors import (
    BadQuestion,
    BodyTooLarge,
    NoSuchMessage,
    NotKept,
    PharosError,
    UnreachableError,
)
from pharos.serve.addressed import (
    Keeps,
    act_of_home,
    addressed,
    conflict,
    require_keepable,
    require_sender,
)
from pharos.serve.asgi import Receive, Send, send_json, send_problem
from pharos.serve.asking import said_once
from pharos.serve.bodies import Bodies
from pharos.serve.committing import GroupCommit
from pharos.serve.home import Home
from pharos.serve.mappings import KnownMappings
from pharos.serve.problems import problem_of, problem_of_status
from pharos.serve.said import Told, outcome_said, receipt_said
from pharos.serve.verdicts import Verdicts
from pharos.words.report import Receipt

Scope = Mapping[str, Any]
Outcomes = Callable[[int], Awaitable[Told | None]]

MESSAGES, BATCHES, ADMINISTRATION = "/api/v1/messages", "/api/v1/batches", "/api/v1/administration"

#: The longest that a request may wait for its verdict, in seconds.
LONGEST_WAIT = 30
#: Bodies above this size are looked at in a thread, so that other requests go on.
_LARGE = 32 << 10
_ALLOWED = {MESSAGES: "GET, POST", BATCHES: "POST", ADMINISTRATION: "POST"}
#: Lines of a batch that may be header lines, and the messages that it may have.
_HEADER = re.compile(rb'^[ \t]*\{[^\n]*"pharos"[^\n]*', re.MULTILINE)
MOST_MESSAGES = 1_000


@dataclass(frozen=True, slots=True)
class Desk:
    """What the door works with."""

    home: Home
    commits: GroupCommit
    bodies: Bodies
    verdicts: Verdicts
    #: The outcome of a report that was applied long ago, read from the ledger.
    outcome: Outcomes
    mappings: KnownMappings

    @property
    def keeps(self) -> Keeps:
        """By what a report is kept or not."""
        return Keeps(self.mappings.text, self.home.clock)

    async def keep_act(self, act: Draft) -> Receipt:
        """Keep an act of the home; tables that come from now on may name the mapping it brings."""
        (receipt,) = await self.commits.keep([act])
        if not receipt.conflict:
            self.mappings.kept(act.body)
        return receipt

    async def told(self, position: int, wait: float) -> Told | None:
        """The outcome of a report; None if it does not count within so many seconds."""
        told = self.verdicts.recent(position)
        if told is None and position <= self.verdicts.applied:
            # A receipt is true whether or not the ledger can be asked now.
            with suppress(UnreachableError):
                told = await self.outcome(position)
        if told is None and wait > 0:
            told = await self.verdicts.wait(position, wait)
        return told


class Intake:
    """An ASGI application for the routes under which reports are sent and asked after."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._routes: dict[tuple[str, str], Callable[[Scope, Receive, Send], Awaitable[None]]] = {
            ("POST", MESSAGES): self._take,
            ("POST", BATCHES): self._take_batch,
            ("POST", ADMINISTRATION): self._administer,
            ("GET", MESSAGES): self._find,
        }

    @staticmethod
    def serves(path: str) -> bool:
        """Whether a path is one of this door's."""
        return path in {MESSAGES, BATCHES, ADMINISTRATION} or path.startswith(f"{MESSAGES}/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        method, path = scope["method"], scope["path"]
        route = self._routes.get((method, path))
        if route is None and path.startswith(f"{MESSAGES}/") and method == "GET":
            route = self._look_up
        if route is None:
            allowed = {"Allow": _ALLOWED.get(path, "GET")}
            await send_problem(send, problem_of_status(HTTPStatus.METHOD_NOT_ALLOWED, "", allowed))
            return
        try:
            await route(scope, receive, send)
        except NotKept as failure:
            await send_problem(send, problem_of(failure, rule=failure.rule))
        except PharosError as failure:
            await send_problem(send, problem_of(failure))

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = _query(scope, {"sender", "stream", "id", "wait"})
        sender, wait = _sender(said), _wait(said)
        drafted = partial(_message, sender, said.get("stream"), said.get("id", ""))
        (receipt,) = await self._kept(scope, receive, drafted)
        await self._answer(send, receipt, wait)

    async def _take_batch(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = _query(scope, {"sender", "wait"})
        sender, wait = _sender(said), _wait(said)
        receipts = await self._kept(scope, receive, partial(_batch, sender))
        # What counts, counts in order: once the last does, all do.
        await self._desk.told(max(receipt.position for receipt in receipts), wait)
        told = [await self._desk.told(receipt.position, 0) for receipt in receipts]
        answers = [_answer(*pair) for pair in zip(receipts, told, strict=True)]
        await send_json(send, HTTPStatus.CREATED, {"messages": answers})

    async def _administer(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = _query(scope, {"id", "wait"})
        wait = _wait(said)
        if not said.get("id"):
            raise BadQuestion("an act of administration needs an id of its own, such as a UUID")
        (receipt,) = await self._kept(scope, receive, partial(_act, said["id"]))
        await self._answer(send, receipt, wait)

    async def _kept(
        self, scope: Scope, receive: Receive, drafted: Callable[[Keeps, bytes], list[Draft]]
    ) -> list[Receipt]:
        """Receive a body and keep it; whoever waits for its verdict does so without the body.

        ``drafted`` makes drafts of it, or raises why it may not even be kept.
        """
        desk, home = self._desk, self._desk.keeps
        with desk.bodies.room() as room:
            body = await desk.bodies.read(receive, length(scope), room)
            if len(body) <= _LARGE:
                drafts = drafted(home, body)
            else:
                drafts = await asyncio.to_thread(drafted, home, body)
            if drafts[0].sender == HOME_SENDER:
                return [await desk.keep_act(drafts[0])]
            return await desk.commits.keep(drafts)

    async def _find(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        said = _query(scope, {"sender", "stream", "id", "wait"})
        wait = _wait(said)
        if not said.get("id"):
            raise BadQuestion("say which message: sender=, id= and, if it has one, stream=")
        names = (_sender(said), said.get("stream", ""), said["id"])
        receipt = await asyncio.to_thread(self._desk.home.journal.find, *names)
        if receipt is None:
            raise NoSuchMessage(
                f"{names[0]} has sent no message {names[2][:40]!r} in the stream {names[1]!r}; "
                "without a stream of its own a message stands in that of its header"
            )
        await self._answer(send, receipt, wait, found=True)

    async def _look_up(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        said = _query(scope, {"wait"})
        wait = _wait(said)
        text = scope["path"].removeprefix(f"{MESSAGES}/")
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise NoSuchMessage(f"{text[:40]!r} is no position; the first message has position 1")
        receipt = await asyncio.to_thread(self._desk.home.journal.receipt, int(text))
        await self._answer(send, receipt, wait, found=True)

    async def _answer(
        self, send: Send, receipt: Receipt, wait: float, *, found: bool = False
    ) -> None:
        if receipt.conflict and not found:
            await self._conflict(send, receipt)
            return
        told = await self._desk.told(receipt.position, wait)
        status = HTTPStatus.OK if receipt.exists or found else HTTPStatus.CREATED
        where = {"Location": f"{MESSAGES}/{receipt.position}"}
        await send_json(send, status, _answer(receipt, told), where)

    async def _conflict(self, send: Send, receipt: Receipt) -> None:
        find = partial(self._desk.home.journal.find, receipt.sender, receipt.stream, receipt.id)
        first = await asyncio.to_thread(find)
        told = {"receipt": receipt_said(receipt), "first": first and receipt_said(first)}
        await send_problem(send, problem_of(conflict(receipt), **told))


def _message(sender: str, stream: str | None, own_id: str, home: Keeps, body: bytes) -> list[Draft]:
    require_keepable(body, home)
    return [addressed(sender, body, stream, own_id)]


def _batch(sender: str, home: Keeps, body: bytes) -> list[Draft]:
    parts = split(body)
    for number, part in enumerate(parts, 1):
        require_keepable(part, home, f"message {number} of the batch: ")
    return [addressed(sender, part) for part in parts]


def _act(own_id: str, home: Keeps, body: bytes) -> list[Draft]:
    require_keepable(body, home, act=True)
    return [act_of_home(own_id, body)]


def split(body: bytes) -> list[bytes]:
    """The messages of a batch, each from its header line on; blank lines may stand before them.

    Raises BadQuestion, BodyTooLarge.
    """
    text = body.removeprefix(b"\xef\xbb\xbf")
    starts = [match.start() for match in _HEADER.finditer(text) if _is_header(match[0])]
    if not starts or text[: starts[0]].strip():
        raise BadQuestion(
            'a batch is made of native messages, each beginning with its header line {"pharos": 1}'
        )
    if len(starts) > MOST_MESSAGES:
        raise BodyTooLarge(
            f"the batch has {len(starts):,} messages, at most {MOST_MESSAGES:,} are taken at once; "
            "send it in several"
        )
    return [text[at:end] for at, end in zip(starts, [*starts[1:], None], strict=True)]


def _is_header(line: bytes) -> bool:
    """Whether a line names a version and no kind, in whichever order."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and "pharos" in said and "kind" not in said


def _answer(receipt: Receipt, told: Told | None) -> dict[str, Any]:
    said = {"receipt": receipt_said(receipt), "exists": receipt.exists}
    return said | {"conflict": receipt.conflict} | outcome_said(told)


def _query(scope: Scope, known: set[str]) -> dict[str, str]:
    return parameters(scope["query_string"], known)


def parameters(query: bytes, known: set[str]) -> dict[str, str]:
    """The parameters that a query gives, each once and each a known one. Raises BadQuestion."""
    try:
        text = query.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError as problem:
        raise BadQuestion(f"the query cannot be read ({problem}); write it as a=b&c=d") from None
    return said_once(pairs, known)


def _sender(said: Mapping[str, str]) -> str:
    sender = said.get("sender", "")
    if not sender:
        raise BadQuestion("say who sends the report: ?sender=NAME")
    require_sender(sender)
    return sender


def _wait(said: Mapping[str, str]) -> float:
    text = said.get("wait", "0")
    if not re.fullmatch(r"\d{1,2}(\.\d{1,3})?", text, re.ASCII) or float(text) > LONGEST_WAIT:
        raise BadQuestion(f"wait is {text[:40]!r}; expected seconds, at most {LONGEST_WAIT}")
    return float(text)


def length(scope: Scope) -> int | None:
    """How many bytes a body will have, if its headers say so. Raises BadQuestion."""
    stated = None
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            stated = int(value)
        if name == b"content-encoding" and value.lower() != b"identity":
            raise BadQuestion("send the body as it is, without Content-Encoding")
    return stated
