"""The command ``serve``.

In: parsed arguments. Out: a server until it is stopped. Knows no request.
"""

import argparse
from pathlib import Path

from pharos.errors import BadQuestion
from pharos.serve.bodies import Pace
from pharos.serve.committing import Limits
from pharos.serve.server import Options, say
from pharos.serve.server import serve as serve_home

LAST_PORT = 65_535


def serve(arguments: argparse.Namespace) -> int:
    """Serve a home until it is told to stop."""

    def listening(url: str) -> None:
        watched = f", {arguments.inbox} is watched" if arguments.inbox else ""
        local = "this machine only, until there are keys"
        say(f"{arguments.home} is served at {url} ({local}){watched}")

    if not 1 <= arguments.port <= LAST_PORT:
        raise BadQuestion(f"--port is a number from 1 to {LAST_PORT}")
    if arguments.deadline < 1:
        raise BadQuestion("--deadline is a number of seconds, 1 or more")
    limits = Limits(spare_bytes=max(0, arguments.spare) << 20)
    pace = Pace(grace_seconds=arguments.deadline)
    inbox = Path(arguments.inbox) if arguments.inbox else None
    options = Options(arguments.host, arguments.port, arguments.deadline, pace, limits, inbox)
    serve_home(arguments.home, options, listening)
    return 0
