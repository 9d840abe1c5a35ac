"""Runs `pharos serve` in processes of their own, as `python -m` of this module.

In: on standard input, a socket that brings a line for each server to start; on the line, what is
wanted. Out: on the socket a byte once all is imported; on a line the server's process number, and
once it has ended its exit code; negative is the signal that ended it. Knows no fault: what a test
plants in a server is imported there.

What a server needs is imported once, and each server is forked from here: a start costs a tenth of
what it would from nothing. The server itself is `pharos.serve.cli.main`, as people run it.
"""

import os
import signal
import socket
import sys
import traceback
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

# Under libfiu the allocator of Arrow's library hangs where two of its threads begin at once; on one
# processor they do not.
_UNDER_FIU = "fiu" in os.environ.get("LD_PRELOAD", "")
_CORES = os.sched_getaffinity(0) if _UNDER_FIU else {0}
if _UNDER_FIU:
    os.sched_setaffinity(0, {min(_CORES)})

from pharos.serve import serving  # noqa: E402, F401  (read once for all servers)
from pharos.serve.cli import main  # noqa: E402

if _UNDER_FIU:
    os.sched_setaffinity(0, _CORES)


def serve(wanted: dict[str, Any]) -> int:
    """In the server's process: its log, what is to be planted, and the server."""
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if wanted["plant"]:
        import_module(wanted["plant"]).plant(wanted)
    return main(wanted["words"])


def launch(line: Connection) -> None:
    """Start a server, tell its number, wait for its end, tell how it ended."""
    wanted = line.recv()
    child = os.fork()
    if child == 0:
        line.close()
        code = 99
        try:
            code = serve(wanted)
        except BaseException:  # noqa: BLE001  (the test reads it in the log)
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    line.send(child)
    line.send(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def launch_all(lines: socket.socket) -> None:
    """Say that it can begin; then serve until nobody is there to send a line."""
    lines.send(b".")
    # Those who watch over a server end unseen; what they wait for is theirs.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while (received := socket.recv_fds(lines, 1, 1))[1]:
        line = Connection(received[1][0])
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            launch(line)
            os._exit(0)
        line.close()


if __name__ == "__main__":
    launch_all(socket.socket(fileno=0))
