"""The command ``serve``.

In: parsed arguments. Out: a server until it is stopped. Knows no request.
"""

import argparse

from pharos.serve.server import Options, say
from pharos.serve.server import serve as serve_home


def serve(arguments: argparse.Namespace) -> int:
    """Serve a home until it is told to stop."""

    def listening(url: str) -> None:
        say(f"{arguments.home} is served at {url} (this machine only, until there are keys)")

    serve_home(arguments.home, Options(arguments.host, arguments.port), listening)
    return 0
