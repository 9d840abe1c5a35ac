"""What the system itself does for connections that nobody reads.

In: the port that this process listens on. Out: connections that end by themselves once what was
sent has been taken by nobody for so long; the listener hands the option on to each (tcp(7)).
"""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_OWN_FILES = Path("/proc/self/fd")


def end_unread(port: int, seconds: float) -> int:
    """Let connections to a port end that take nothing for so long; how many listeners were told.

    None are where the system has no such option: there they last for as long as they are open.
    """
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is None or not _OWN_FILES.is_dir():
        return 0
    told = 0
    for one in _sockets():
        with one, suppress(OSError):
            listens = one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if listens and one.getsockname()[1] == port:
                one.setsockopt(socket.IPPROTO_TCP, option, round(seconds * 1_000))
                told += 1
    return told


def _sockets() -> Iterator[socket.socket]:
    """The sockets of this process, each a second time."""
    for file in _OWN_FILES.iterdir():
        # Some are closed meanwhile.
        with suppress(OSError):
            if file.is_socket():
                yield socket.socket(fileno=os.dup(int(file.name)))
