"""`pharos serve`: one process that takes reports, counts them and answers.

In: a home and where to listen. Out: a running server, until it is told to stop or may not go on.
Puts the doors together; each door knows only its own part.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from fastapi import Request
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from pharos.errors import (
    BadQuestion,
    JournalFailed,
    ListenerFailed,
    NoSuchFile,
    NotPublic,
    PharosError,
)
from pharos.keep.batch import Batch
from pharos.keep.turn import Outcome
from pharos.serve.api import Sources, api
from pharos.serve.asgi import App, Receive, Send, send_problem
from pharos.serve.besides import Besides
from pharos.serve.bodies import Bodies, Pace
from pharos.serve.committing import GroupCommit, Limits
from pharos.serve.forms import Forms
from pharos.serve.front import UNREAD_SECONDS, Front
from pharos.serve.home import Home, utc_now
from pharos.serve.inbox import Inbox, Watching
from pharos.serve.intake import Desk, Intake
from pharos.serve.intake_described import described
from pharos.serve.listeners import end_unread
from pharos.serve.live import LiveTally
from pharos.serve.loopback import LISTENING, stranger
from pharos.serve.mappings import KnownMappings
from pharos.serve.memory import give_back_large_blocks, hold_collector, release_objects
from pharos.serve.origin import Within
from pharos.serve.pages import refused
from pharos.serve.policy import Policy, Sight, Way, permit, reader_of, shipped
from pharos.serve.problems import problem_of, unforeseen
from pharos.serve.readers import Readers
from pharos.serve.said import Told
from pharos.serve.shelf import Seen, seen
from pharos.serve.showing import Showing, Shown
from pharos.serve.state import State
from pharos.serve.verdicts import Verdicts, told_in
from pharos.serve.writer import WriterLoop
from pharos.words.report import Message

#: File in a home that says where it is served.
SERVED_AT = "served-at.json"
#: Connections that may be open at once; slow clients hold one each until their deadline.
CONNECTIONS = 4_096


@dataclass(frozen=True, slots=True)
class Options:
    """How a server listens and what it bears."""

    host: str = "127.0.0.1"
    port: int = 8080
    header_seconds: float = 10.0
    pace: Pace = field(default_factory=Pace)
    limits: Limits = field(default_factory=Limits)
    #: A folder to watch, if there is one.
    inbox: Path | None = None
    #: Processes that only show, if there are any.
    shown: Shown | None = None
    #: What anonymous readers may see.
    policy: Policy = field(default_factory=shipped)


class Doors:
    """The ASGI application: each request goes to the door whose it is, if it may pass."""

    def __init__(
        self, intake: Intake, reading: App, policy: Policy, forms: Forms | None = None
    ) -> None:
        self._intake = intake
        self._forms = forms
        self._reading = reading
        self._policy = policy

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = False

        async def sending(said: MutableMapping[str, Any]) -> None:
            nonlocal begun
            begun = True
            await send(said)

        try:
            await self._answer(scope, receive, sending)
        except Exception as failure:
            # One line for each, so that nobody can fill the disk with them.
            complain(f"{scope['method']} {scope['path'][:80]!r} failed: {failure!r:.300}")
            # Half an answer cannot be taken back; another one after it would be read as its rest.
            if not begun:
                await send_problem(send, unforeseen(failure))

    async def _answer(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if (refusal := stranger(scope)) is not None:
            await send_problem(send, refusal)
            return
        sight = Sight(reader_of(scope), self._policy)
        try:
            permit(sight, Way.of(scope))
        except NotPublic as failure:
            await refused(sight, Request(scope), problem_of(failure))(scope, receive, send)
            return
        if Intake.serves(scope["path"]):
            await self._intake(scope, receive, send)
        elif self._forms and self._forms.serves(scope["method"], scope["path"]):
            await self._forms(scope, receive, send)
        else:
            await self._reading(scope, receive, send)


@dataclass(frozen=True, slots=True)
class _Bodies:
    """The bodies of messages, from whichever journal the home has open now."""

    home: Home

    def message(self, position: int) -> Message:
        """The message at a position."""
        return self.home.journal.message(position)


def _version() -> str:
    try:
        return version("pharos-boxoffice")
    except PackageNotFoundError:
        return "not installed, run from its source"


class Running:
    """Everything that serves one home, from start to end."""

    def __init__(self, home: Home, options: Options) -> None:
        loop = self._loop = asyncio.get_running_loop()
        self.home = home
        self._options = options
        self._ended = asyncio.Event()
        self._listener_failure: BaseException | None = None

        def end() -> None:
            loop.call_soon_threadsafe(self._ended.set)

        self.verdicts = Verdicts(loop, home.ledger.position)
        self.commits = GroupCommit(home, options.limits)
        settings, position = home.writer.registers.settings, home.ledger.position
        self.mappings = KnownMappings(settings, position, home.journal.size)
        # A mapping is known before those who wait for it are told.
        observers = [self.mappings.tell, self.verdicts.tell, self._forget]
        self.writer = WriterLoop(home, observers, end, complain)
        self.writer.pressed, self.commits.kept = self.commits.is_pressed, self.writer.grown
        self.readers = Readers(self.writer.readable, utc_now)
        self.live = LiveTally(self.writer.readable, utc_now, complain)
        self._started_at, self._version = utc_now(), _version()
        self._bodies = Bodies(options.pace, self.commits)
        desk = Desk(home, self.commits, self._bodies, self.verdicts, self._outcome, self.mappings)
        intake = Intake(desk)
        self._showing = options.shown and Showing(options.shown, options.host, complain)
        self._inbox = options.inbox and Inbox(options.inbox, desk, complain, Watching())
        policy = options.policy
        self._besides = Besides(self.readers)
        sources = Sources(
            self.readers, _Bodies(home), self.state, self.live.board, self._besides, policy
        )
        reading = api(sources, described())
        self._front = Front(Within(reading, self._seen), reading)
        doors = Doors(intake, self._front, policy, Forms(desk, self.readers))
        self._server = Server(
            doors,
            address=options.host,
            port=options.port,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=round(options.header_seconds * 1000)),
            backlog=1_024,
            backpressure=CONNECTIONS,
            websockets=False,
            log_enabled=False,
        )

    def state(self) -> State:
        """What the server does right now."""
        self.commits.look_again()
        applied, ended = self.writer.progress.applied, self.commits.failure or self.writer.failure
        return State(
            received=self.commits.received,
            applied=applied,
            taking=not (ended or self.commits.trouble),
            started_at=self._started_at,
            version=self._version,
            problem=str(ended or "") or self.commits.trouble or self.writer.problem,
            waiting_since=self.commits.waiting_since(applied),
            board=self.live.position,
        )

    def _seen(self) -> Seen:
        return seen(self.writer.progress.applied, self.readers.now())

    def _forget(self, batch: Batch, outcome: Outcome) -> None:  # noqa: ARG002
        """Keep no arrival in mind that counts; in the writer's thread, as an observer."""
        self._loop.call_soon_threadsafe(self.commits.waiting_since, batch.last)

    async def _outcome(self, position: int) -> Told | None:
        return await self.readers.read(partial(told_in, position=position))

    async def run(self, listening: Callable[[str], None]) -> PharosError | None:
        """Serve until told to stop; the failure that ended it, or None.

        ``listening`` is told the address once requests are answered.
        """
        loop = asyncio.get_running_loop()
        # Two cores: first what a board needs to be shown, then what it needs to be shown often,
        # then what new reports need.
        self._besides.begin()
        self.live.start(self.readers.are_asked)
        self.writer.start(self.live.first_look)
        committing = loop.create_task(self.commits.run())
        committing.add_done_callback(lambda _: self._ended.set())
        serving = loop.create_task(self._server.serve())
        serving.add_done_callback(self._served)
        watching = loop.create_task(self._inbox.run()) if self._inbox else None
        try:
            host = self._options.host
            url = f"http://{f'[{host}]' if ':' in host else host}:{self._options.port}"
            await self._until_listening(serving)
            end_unread(self._options.port, UNREAD_SECONDS)
            # Granian has set its own, which would end it before those who wait have their receipt.
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, self._ended.set)
            if self._showing:
                self._showing.start(url)
            listening(url)
            await self._ended.wait()
        finally:
            if watching is not None:
                watching.cancel()
            await self._stop(serving, committing)
        return self._failure()

    async def _until_listening(self, serving: "asyncio.Task[None]") -> None:
        while not serving.done():
            with suppress(OSError):
                _, writer = await asyncio.open_connection(self._options.host, self._options.port)
                writer.close()
                return
            await asyncio.sleep(0.02)
        raise ListenerFailed(
            f"{self._options.host}:{self._options.port} cannot be listened on "
            f"({serving.exception()}); choose another with --port"
        )

    async def _stop(self, serving: "asyncio.Task[None]", committing: "asyncio.Task[None]") -> None:
        """Take nothing more, answer who waits for a receipt, finish the batch at hand."""
        if self._showing:
            await self._showing.stop()
        self._bodies.close()
        self._front.close()
        self.commits.close()
        await asyncio.wait([committing])
        self.verdicts.close()
        if not serving.done():
            self._server.stop()  # type: ignore[no-untyped-call]
            await asyncio.wait([serving], timeout=5)
        await asyncio.to_thread(self.live.stop)
        await asyncio.to_thread(self.writer.stop)
        await asyncio.to_thread(self.readers.close)

    def _served(self, serving: "asyncio.Task[None]") -> None:
        if not (self._ended.is_set() or serving.cancelled()):
            self._listener_failure = serving.exception() or OSError("it ended by itself")
        self._ended.set()

    def _failure(self) -> PharosError | None:
        failure = self.commits.failure or self.writer.failure or self._listener_failure
        if failure is None or isinstance(failure, PharosError):
            return failure
        return JournalFailed(f"the server had to end: {failure}")


def serve(path: Path, options: Options, listening: Callable[[str], None]) -> None:
    """Serve a home until a signal says stop. Raises what made it end otherwise."""
    if options.host not in LISTENING:
        raise BadQuestion(
            f"{options.host} can be reached from other machines; until there are keys Pharos "
            f"listens on {' or '.join(LISTENING)} only"
        )
    if options.inbox is not None and not options.inbox.is_dir():
        raise NoSuchFile(options.inbox, "the inbox is a folder with one folder for each sender")
    logging.getLogger("_granian").setLevel(logging.ERROR)
    require_port(options.host, options.port)
    if options.shown:
        require_port(options.host, options.shown.port)
    give_back_large_blocks()
    hold_collector()
    try:
        with Home(path) as home:
            failure = uvloop.run(_serve(home, options, listening))
    finally:
        release_objects()
    if failure is not None:
        raise failure


async def _serve(
    home: Home, options: Options, listening: Callable[[str], None]
) -> PharosError | None:
    address = home.path / SERVED_AT

    def announce(url: str) -> None:
        # A full disk must not stop whoever waits for it to be emptied.
        with suppress(OSError):
            address.write_bytes(msgspec.json.encode({"url": url, "process": os.getpid()}))
        listening(url)

    try:
        return await Running(home, options).run(announce)
    finally:
        address.unlink(missing_ok=True)


def require_port(host: str, port: int) -> None:
    """Raise ListenerFailed when somebody listens there already.

    Granian would share the port with them, and reports would reach either home.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host.strip("[]"), port))
        except (OSError, OverflowError) as failure:
            raise ListenerFailed(
                f"{host}:{port} cannot be listened on ({failure}); choose another with --port"
            ) from failure


def complain(text: str) -> None:
    """One line for whoever runs the server."""
    sys.stderr.write(f"pharos: {text}\n")
    sys.stderr.flush()


def say(text: str) -> None:
    """Tell whoever started the server, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
