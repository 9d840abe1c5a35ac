"""Runs `pharos serve` in processes that can be made to fail, as `python -m` of this module.

In: on standard input, one JSON line for each server to start. Out: on standard output its process
number, and once it has ended its exit code, a line each; negative is the signal that ended it.

What a server needs is imported once, and each server is forked from here: a start costs a tenth of
what it would from nothing. The server itself is `pharos.serve.cli.main`, as people run it.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from pharos.keep.writer import Writer
from pharos.serve import home
from pharos.serve.cli import main
from tests.serve.faults import points, writes


def serve(wanted: dict[str, Any]) -> int:
    """In the child: the server, with the faults that were asked for."""
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    # What happens every twenty thousand messages has to happen within a test.
    home.SEALED_AFTER, home.KEPT_OPEN = wanted.get("sealed", [30, 10])
    Writer.__init__.__defaults__ = (wanted.get("span", 60),)
    if point := wanted.get("point"):
        points.die_at(point, wanted.get("nth", 1))
    if asleep := wanted.get("asleep"):
        points.sleep_at(*asleep)
    if write := wanted.get("write"):
        writes.refuse(**write)
    words = ["--home", wanted["home"], "serve", "--port", str(wanted["port"])]
    return main([*words, "--spare", str(wanted.get("spare", 1))])


def launch(wanted: dict[str, Any]) -> None:
    """Start a server, tell its number, wait for its end, tell how it ended."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = serve(wanted)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    say(child)
    say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[3])
    for line in sys.stdin:
        launch(json.loads(line))
