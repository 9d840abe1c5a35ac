"""How a command reaches a home: it opens it, or goes through the server that has it open.

In: parsed arguments. Out: hands; what became of a report, printed. No arithmetic.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pharos.errors import BadQuestion, HomeBusy, PharosError
from pharos.serve import home as homes
from pharos.serve.client import Client
from pharos.serve.encoded import as_json
from pharos.serve.hands import AtHome, Hands, OverHttp
from pharos.serve.home import Home, Submitted
from pharos.serve.server import SERVED_AT
from pharos.serve.show import submitted_json, submitted_text
from pharos.serve.wire import Timing
from pharos.words.report import Verdict

Arguments = argparse.Namespace

#: Signs of a progress bar.
_BAR = 24

#: Exit codes of verdicts; those not named end well.
_EXIT = {Verdict.REFUSED: 3, Verdict.HELD: 3}
#: A person waits at the terminal; a server that is only being restarted is there again by then.
_TIMING = Timing(patience=20.0, absent=3.0)
_LOOK = Timing(connect=1.0, answer=5.0, patience=0.0)


@contextmanager
def hands(arguments: Arguments, *, writing: bool = True) -> Iterator[Hands]:
    """Hands at the server named, else at the home, else at the server that has the home."""
    url = arguments.url or served_at(arguments.home)
    if not url:
        try:
            with _opened(arguments.home, writing=writing) as home:
                yield AtHome(home)
            return
        except HomeBusy:
            # It may have come to be served just now.
            if not (url := served_at(arguments.home)):
                raise
    if not arguments.url:
        print(f"pharos: {arguments.home} is served; asking {url}", file=sys.stderr)
    with Client(url, outbox=None, timing=_TIMING) as client:
        yield OverHttp(client)


@contextmanager
def _opened(path: Path, *, writing: bool) -> Iterator[Home | homes.ReadingHome]:
    if not writing:
        with homes.reading(path) as home:
            yield home
        return
    with Home(path) as own:
        own.catch_up(progress())
        yield own


@contextmanager
def own_home(arguments: Arguments) -> Iterator[Home]:
    """The home itself, for what a server does not do. Raises BadQuestion where it cannot be."""
    url = arguments.url or served_at(arguments.home)
    if url:
        raise BadQuestion(
            f"a dry run tries things out in a home that nobody else has open, and {url} serves "
            "this one; stop the server first, or try it on a copy of the home"
        )
    with Home(arguments.home) as home:
        home.catch_up(progress())
        yield home


def served_at(home: Path) -> str:
    """Where a home is served now; empty if it is not."""
    try:
        said = json.loads((home / SERVED_AT).read_bytes())
        url, process = str(said["url"]), int(said["process"])
        os.kill(process, 0)
    except (OSError, ValueError, KeyError, TypeError):
        # Not served, or what a killed server left behind.
        return ""
    try:
        with Client(url, outbox=None, timing=_LOOK) as client:
            client.health()
    except PharosError:
        return ""
    return url


def tell(
    done: Submitted,
    arguments: Arguments,
    *,
    dry_run: bool = False,
    identities: Sequence[Mapping[str, Any]] = (),
) -> int:
    """Print what became of a report, and what holds among published figures; its exit code."""
    if arguments.json:
        said = submitted_json(done, dry_run=dry_run)
        print(as_json(said | ({"identities": identities} if identities else {})))
    else:
        print(submitted_text(done, dry_run=dry_run))
        for one in identities:
            print(f"  {one['identity']}: {one['pairs']:,} pairs checked, {one['broken']:,} break")
        if any(one["broken"] for one in identities):
            print("  what breaks, with both numbers: pharos identities")
    return _EXIT.get(done.verdict, 0)


def progress(things: str = "reports") -> Any:  # noqa: ANN401
    """Progress on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        return None

    def told(position: int, last: int) -> None:
        end = "\n" if position >= last else ""
        done = _BAR * position // max(last, 1)
        bar = f"{'#' * done}{'.' * (_BAR - done)}"
        print(f"\r  [{bar}] {position} of {last} {things}", end=end, file=sys.stderr, flush=True)

    return told
