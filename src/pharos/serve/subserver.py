"""A server of a home in a process of its own, for a command that needs one while it works.

In: a home and a port. Out: where it is served, until the block ends. Knows no request.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pharos.errors import ListenerFailed

#: Seconds that a server may take to finish what it has begun.
_END_SECONDS = 60.0


@contextmanager
def serving(home: Path, port: int) -> Iterator[str]:
    """Serve a home. Raises ListenerFailed when the server does not begin."""
    words = ["--home", str(home), "serve", "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603  (our own program, by its own words)
        [sys.executable, "-m", "pharos.serve.cli", *words],
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C reaches the command alone, which ends the server once nothing is under way.
        start_new_session=True,
    )
    assert process.stdout is not None  # noqa: S101  (a pipe was asked for)
    try:
        said = process.stdout.readline()
        url = next((word for word in said.split() if word.startswith("http://")), "")
        if not url:
            raise ListenerFailed(
                "the server of the rehearsal did not begin; what it said stands above"
            )
        yield url
    finally:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            # What has a receipt is safe; it must not go on after the command.
            process.kill()
            process.wait()
        process.stdout.close()
