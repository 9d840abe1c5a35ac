"""The command ``serve``.

In: parsed arguments. Out: a server until it is stopped. Knows no request.
"""

import argparse
from pathlib import Path

from pharos.errors import BadPolicy, BadQuestion, NoSuchFile
from pharos.serve.bodies import Pace
from pharos.serve.committing import Limits
from pharos.serve.policy import Policy, parse_policy, shipped
from pharos.serve.server import Options, say
from pharos.serve.server import serve as serve_home
from pharos.serve.showing import Shown

LAST_PORT = 65_535


def serve(arguments: argparse.Namespace) -> int:
    """Serve a home until it is told to stop."""

    def listening(url: str) -> None:
        watched = f", {arguments.inbox} is watched" if arguments.inbox else ""
        local = "this machine only, until there are keys"
        crowds = f", for crowds at {_at(url, arguments.show_port)}" if shown else ""
        say(f"{arguments.home} is served at {url} ({local}){crowds}{watched}")

    if not 1 <= arguments.port <= LAST_PORT:
        raise BadQuestion(f"--port is a number from 1 to {LAST_PORT}")
    shown = _shown(arguments)
    if arguments.deadline < 1:
        raise BadQuestion("--deadline is a number of seconds, 1 or more")
    limits = Limits(spare_bytes=max(0, arguments.spare) << 20)
    pace = Pace(grace_seconds=arguments.deadline)
    inbox = Path(arguments.inbox) if arguments.inbox else None
    policy = _policy(arguments.policy)
    options = Options(
        arguments.host, arguments.port, arguments.deadline, pace, limits, inbox, shown, policy
    )
    serve_home(arguments.home, options, listening)
    return 0


def _shown(arguments: argparse.Namespace) -> Shown | None:
    """Who shows it to crowds, if anybody does."""
    if not arguments.show_port:
        return None
    if not 1 <= arguments.show_port <= LAST_PORT or arguments.show_port == arguments.port:
        raise BadQuestion(f"--show-port is another number than --port, from 1 to {LAST_PORT}")
    if arguments.show_processes < 1:
        raise BadQuestion("--show-processes is a number of processes, 1 or more")
    return Shown(arguments.show_port, arguments.show_processes)


def _policy(name: str | None) -> Policy:
    """What anonymous readers may see: as a file says it, else as it is shipped."""
    if name is None:
        return shipped()
    try:
        return parse_policy(Path(name).read_text("utf-8"))
    except OSError as failure:
        raise NoSuchFile(Path(name), f"it cannot be read ({failure.strerror})") from None
    except UnicodeDecodeError as failure:
        raise BadPolicy(f"{name} is no text in UTF-8 ({failure.reason})") from None


def _at(url: str, port: int) -> str:
    """The same address with another port."""
    return f"{url.rpartition(':')[0]}:{port}"
