"""The command ``rehearse``: a pretend country plays to a home of its own, through its door.

In: parsed arguments. Out: a served home whose figures move, and how far the rehearsal is. The
rehearsal says what is sent (`pharos.rehearse`); here it is only sent, at a pace.
"""

import argparse
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from math import inf
from pathlib import Path
from types import FrameType
from typing import Self

import msgspec

from pharos.errors import BadQuestion, VerificationError
from pharos.rehearse.rehearsal import VERSION, Choices, Rehearsal, play
from pharos.rehearse.scenario import packaged_scenario
from pharos.rehearse.truth import FILE_NAME
from pharos.serve import home as homes
from pharos.serve.client import Client
from pharos.serve.playing import Pace, Player, Reached
from pharos.serve.reaching import served_at
from pharos.serve.reconciling import reconcile
from pharos.serve.subserver import serving
from pharos.serve.wire import Timing, Wire

#: File in a rehearsed home that says what is rehearsed and how far it is.
RECORD = "rehearsal.json"
#: A server that is killed and started again is waited for.
_TIMING = Timing(patience=120.0)
#: Seconds between two looks whether everything counts.
LOOK_SECONDS = 0.5
#: Seconds between two lines where nobody watches a terminal.
_LINE_SECONDS = 10.0


class Record(msgspec.Struct, frozen=True):
    """What a home rehearses, and how many of its messages it has."""

    scenario: str
    seed: int
    cinemas: int
    events: int
    messages: int = 0
    version: int = VERSION

    def goes_on_as(self, other: "Record") -> bool:
        """Whether another record means the same rehearsal."""
        return msgspec.structs.replace(other, messages=self.messages) == self


def rehearse(arguments: argparse.Namespace) -> int:
    """Play a scenario to a home, served by this command unless it is served already."""
    record = _record(arguments)
    choices = Choices(events_per_message=record.events, skip=record.messages)
    played = play(record.scenario, record.seed, record.cinemas, choices)
    if not arguments.home.exists():
        homes.init(arguments.home, played.settings, lambda: played.first)
        _write(arguments.home, record)
    pace = Pace(arguments.speed, _begin(arguments, played))
    with _ended_by_a_signal() as ended, _server(arguments) as url, _wire(url) as wire:
        _say(f"{played.scenario.title.en}: the board is at {url}/")
        with _Note(arguments.home, record) as note:
            Player(wire, pace, note, ended).play(played, record.messages)
        if ended.is_set():
            return 0
        played.truth.write(arguments.home)
        _say(f"the rehearsal is over; {arguments.home / FILE_NAME} says what was sent")
        code = _checked(wire, played) if arguments.check else 0
        if arguments.stay:
            _say("the server goes on until Ctrl-C")
            ended.wait()
    return code


def _checked(wire: Wire, played: Rehearsal) -> int:
    """Compare every figure with what was sent, once all counts; the exit code."""
    while wire.get("/health")["behind"]:
        time.sleep(LOOK_SECONDS)
    with Client(wire.url, outbox=None) as client:
        found = reconcile(client, played.truth)
    _say(
        f"{found.equal:,} figures are what was sent, {found.different:,} differ; {found.unknown:,} "
        "cannot be had from totals"
    )
    for sentence in found.told:
        _say(f"  {sentence}")
    return VerificationError.exit_code if found.different else 0


def _record(arguments: argparse.Namespace) -> Record:
    """What the home rehearses already, else what it will.

    Raises BadQuestion for a home of something else.
    """
    if arguments.events < 1 or arguments.seed < 0 or not 0 <= arguments.speed < inf:
        raise BadQuestion(
            "--events is 1 or more, --seed is 0 or more, --speed is 0 (as fast as it goes) or more"
        )
    scenario = packaged_scenario(arguments.scenario)
    wanted = Record(
        arguments.scenario, arguments.seed, arguments.cinemas or scenario.cinemas, arguments.events
    )
    path: Path = arguments.home
    if not path.exists():
        return wanted
    try:
        found = msgspec.json.decode((path / RECORD).read_bytes(), type=Record)
    except (OSError, ValueError) as problem:
        raise BadQuestion(
            f"{path} is no home of a rehearsal; name another folder with --home"
        ) from problem
    if found.version != VERSION:
        raise BadQuestion(
            f"{path} was begun with another version of Pharos, which sends other reports; remove "
            "it to begin anew, or name another folder with --home"
        )
    if not found.goes_on_as(wanted):
        raise BadQuestion(
            f"{path} rehearses {found.scenario} with {found.cinemas:,} cinemas, seed {found.seed}, "
            f"{found.events} events a message, and cannot go on as something else: name another "
            "folder with --home, or remove this one"
        )
    return found


def _write(path: Path, record: Record) -> None:
    fresh = path / f"{RECORD}.new"
    fresh.write_bytes(msgspec.json.encode(record))
    fresh.replace(path / RECORD)


def _begin(arguments: argparse.Namespace, played: Rehearsal) -> datetime | None:
    if not arguments.begin:
        return played.begin if arguments.speed else None
    try:
        moment = datetime.fromisoformat(arguments.begin)
    except ValueError as problem:
        raise BadQuestion(f"--begin: {problem}; write 2022-10-01T11:00") from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=played.begin.tzinfo)


@contextmanager
def _wire(url: str) -> Iterator[Wire]:
    wire = Wire(url, _TIMING)
    try:
        yield wire
    finally:
        wire.close()


@contextmanager
def _server(arguments: argparse.Namespace) -> Iterator[str]:
    if url := served_at(arguments.home):
        yield url
        return
    with serving(arguments.home, arguments.port) as url:
        yield url


@contextmanager
def _ended_by_a_signal() -> Iterator[threading.Event]:
    """Set by the first Ctrl-C, or when told to end; a second one ends at once."""
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        del frame
        ended.set()
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Note:
    """Keeps how far the rehearsal is, and shows it: on a terminal one line that changes."""

    def __init__(self, home: Path, record: Record) -> None:
        self._home = home
        self._record = record
        self._terminal = sys.stderr.isatty()
        self._last = 0.0

    def __enter__(self) -> Self:
        return self

    def __call__(self, reached: Reached) -> None:
        _write(self._home, msgspec.structs.replace(self._record, messages=reached.messages))
        now = time.monotonic()
        if reached.moment is None or (now - self._last < _LINE_SECONDS and not self._terminal):
            return
        self._last = now
        late = f", {reached.late:.0f} s late" if reached.late >= 1 else ""
        line = f"  {reached.moment:%Y-%m-%d %H:%M}  {reached.messages:,} messages{late}"
        sys.stderr.write(f"\r{line}\x1b[K" if self._terminal else f"{line}\n")
        sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        if self._terminal:
            sys.stderr.write("\n")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
