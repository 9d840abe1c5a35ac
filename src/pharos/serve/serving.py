"""The command ``serve``.

In: parsed arguments. Out: a server until it is stopped. Knows no request.
"""

import argparse

from pharos.errors import BadQuestion
from pharos.serve.bodies import Pace
from pharos.serve.committing import Limits
from pharos.serve.server import Options, say
from pharos.serve.server import serve as serve_home


def serve(arguments: argparse.Namespace) -> int:
    """Serve a home until it is told to stop."""

    def listening(url: str) -> None:
        say(f"{arguments.home} is served at {url} (this machine only, until there are keys)")

    if arguments.deadline < 1:
        raise BadQuestion("--deadline is a number of seconds, 1 or more")
    limits = Limits(spare_bytes=max(0, arguments.spare) << 20)
    pace = Pace(grace_seconds=arguments.deadline)
    options = Options(arguments.host, arguments.port, arguments.deadline, pace, limits)
    serve_home(arguments.home, options, listening)
    return 0
