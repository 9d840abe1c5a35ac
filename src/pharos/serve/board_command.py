"""The command ``board``: a day's films in the terminal, once or as they change.

In: parsed arguments. Out: the board page as text. Reads a home, or the server that has it; only a
server says what changes. Writes nothing.
"""

import argparse
import contextlib
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import msgspec

from pharos.errors import BadQuestion, NotServed
from pharos.measure.board import BOARD_MEASURES
from pharos.measure.edition import edition_in
from pharos.serve import board as boards
from pharos.serve import home as homes
from pharos.serve.changes import changed
from pharos.serve.encoded import as_bytes, as_json
from pharos.serve.feed import events
from pharos.serve.language import Language, language
from pharos.serve.reaching import served_at
from pharos.serve.show import table
from pharos.serve.wire import Timing, Wire, checked, failure_of

View = Mapping[str, Any]

#: Seconds without an event after which the figures are called old, and before coming back.
STALE_SECONDS, AGAIN_SECONDS = 15.0, 2.0
#: Lines of the screen that are not films.
_AROUND = 8
_HOME, _REST, _LINE = "\x1b[H", "\x1b[J", "\x1b[K"
#: Without a cursor, and lines that are too long cut off; and as terminals are otherwise.
_DRAWN, _PLAIN = "\x1b[?25l\x1b[?7l", "\x1b[?7h\x1b[?25h"


def board(arguments: argparse.Namespace) -> int:
    """Show a board."""
    spoken = language(arguments.lang)
    query = {name: said for name in boards.PARAMETERS if (said := getattr(arguments, name, ""))}
    boards.asked(list(query.items()))
    url = checked(arguments.url) if arguments.url else served_at(arguments.home)
    if arguments.watch:
        if not url:
            raise BadQuestion(
                f"{arguments.home} is not served, and only a server says what changes; start one "
                "with `pharos serve`, or leave --watch out"
            )
        return _watch(url, query, spoken)
    view = _asked(url, query, spoken) if url else _read(arguments, query, spoken)
    print(as_json(view) if arguments.json else "\n".join(lines(view, spoken)))
    return 0


def _asked(url: str, query: dict[str, str], spoken: Language) -> View:
    wire = Wire(url, Timing(patience=20.0, absent=3.0))
    try:
        found: View = wire.get(f"/{spoken.code}/board.json", query)
    finally:
        wire.close()
    return found


def _read(arguments: argparse.Namespace, query: dict[str, str], spoken: Language) -> View:
    wanted = boards.asked(list(query.items()))
    with homes.reading(arguments.home) as home, home.ledger.view() as seen:
        edition = edition_in(seen, wanted.edition)
        now = edition.moment(homes.utc_now(), newest=wanted.edition is None)
        made = boards.view(edition, wanted, boards.Reader(spoken, now))
    found: View = msgspec.json.decode(as_bytes(made))
    return found


def lines(view: View, spoken: Language, films: int | None = None) -> Iterator[str]:
    """A board as lines; at most so many films of each table."""
    shown = view["shown"]
    if view["rehearsed"]:
        yield shown["rehearsed"]
    yield f"{shown['day']}  {shown['headline']} {shown['place']}".rstrip()
    for section in view["sections"]:
        total = section["total"]["shown"]
        yield f"{section['currency']} {total['gross']} {total['gross_exact']}".rstrip()
    stand = (shown["status"], shown["completeness"], shown["version"], shown["as_of"])
    yield " · ".join(part for part in stand if part)
    if not view["sections"]:
        yield spoken.say("board.no_day_title", day=shown["day"])
    heads = {"rank": "#", "name": spoken.say("board.film")} | {
        name: spoken.words["heads"][name] for name in BOARD_MEASURES
    }
    for section in view["sections"]:
        yield ""
        rows = [
            {head: row["shown"][name] for name, head in heads.items()}
            for row in section["films"][:films]
        ]
        yield from table(rows, list(heads.values())).split("\n")
        if left := len(section["films"]) - len(rows):
            yield spoken.say("board.more", count=left)


def _watch(url: str, query: dict[str, str], spoken: Language) -> int:
    screen, stream = _Screen(spoken), _Stream(url, query, spoken)
    # Whoever starts it in the background may have told it to take no notice.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), screen:
        for view in stream.views():
            screen.draw(view, stream.silence())
    return 0


class _Stream:
    """A server's board as it changes; comes back when the line breaks."""

    def __init__(self, url: str, query: dict[str, str], spoken: Language) -> None:
        self._address = f"{url}/{spoken.code}/board/live"
        self._query = query
        self._last = ""
        self._view: View | None = None
        self._heard = time.monotonic()

    def silence(self) -> float:
        """Seconds for which nothing was heard."""
        return time.monotonic() - self._heard

    def views(self) -> Iterator[View]:
        """The view after each event, and again while nothing is heard."""
        while True:
            try:
                for kind, data in self._events():
                    self._take(kind, data)
                    if self._view is not None:
                        yield self._view
            except httpx.TransportError as broken:
                if self._view is None:
                    raise NotServed(f"no server answers at {self._address} ({broken})") from None
            if self._view is not None:
                yield self._view
            time.sleep(AGAIN_SECONDS)

    def _take(self, kind: str, data: Any) -> None:  # noqa: ANN401
        if kind == "whole":
            self._view = data
        elif kind == "change" and self._view is not None:
            self._view = changed(self._view, data)
        self._heard = time.monotonic() - (data["seconds"] if kind == "stale" else 0)

    def _events(self) -> Iterator[tuple[str, Any]]:
        headers = {"last-event-id": self._last} if self._last else {}
        ways = {"params": self._query, "headers": headers, "timeout": STALE_SECONDS}
        with (
            httpx.Client(trust_env=False) as client,
            client.stream("GET", self._address, **ways) as answer,  # type: ignore[arg-type]
        ):
            if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR and self._view is not None:
                return
            if answer.status_code != httpx.codes.OK:
                raise failure_of(answer.status_code, answer.read())
            for kind, data, tag in events(answer.iter_lines()):
                self._last = tag or self._last
                yield kind, data


class _Screen:
    """The terminal, drawn over and over; a plain list of boards where there is none."""

    def __init__(self, spoken: Language) -> None:
        self._spoken = spoken
        self._terminal = sys.stdout.isatty()

    def __enter__(self) -> None:
        if self._terminal:
            sys.stdout.write(_DRAWN + _HOME + _REST)

    def __exit__(self, *_: object) -> None:
        if self._terminal:
            sys.stdout.write(_PLAIN + "\n")
            sys.stdout.flush()

    def draw(self, view: View, silence: float) -> None:
        """Show a view, and for how long nothing was heard if that is long."""
        height = shutil.get_terminal_size().lines if self._terminal else 0
        films = max(height - _AROUND - 2 * len(view["sections"]), 1) if height else None
        drawn = list(lines(view, self._spoken, films))
        if silence >= STALE_SECONDS:
            drawn.append(self._spoken.say("board.stale", seconds=round(silence)))
        if self._terminal:
            sys.stdout.write(_HOME + "".join(f"{line}{_LINE}\n" for line in drawn) + _REST)
        else:
            sys.stdout.write("\n".join([*drawn, ""]) + "\n")
        sys.stdout.flush()
