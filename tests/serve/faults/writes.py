"""Writes and fsyncs that the system refuses, once each.

In: which call, which one of them, with which error. Out: a process in which that one fails.
Works without any tool for what Python itself writes (the head file, segments) and for SQLite's
commits; with libfiu preloaded, for every call of the threads that write.
"""

import ctypes
import errno
import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

from pharos.arrive import journal_opening
from pharos.arrive.journal_schema import connect_writer

#: What stands in the log once the call has failed.
HIT = "a call is refused"
#: SQLite's extended codes, by the error of the system.
_SQLITE = {errno.EIO: 1034, errno.ENOSPC: 13}
#: Threads whose calls libfiu may fail: those that write to the home, not those that speak to
#: senders.
WRITING = ("pharos-journal", "pharos-ledger", "pharos-writer")
#: libfiu asks this before each call: name, number of the failure, its error, flags.
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.c_char_p,
    ctypes.POINTER(ctypes.c_int),
    ctypes.POINTER(ctypes.c_void_p),
    ctypes.POINTER(ctypes.c_uint),
)
_KEPT: list[Any] = []


def refuse(call: str, nth: int, error: int) -> None:
    """Let the n-th ``call`` of this process fail with an error number, once."""
    passed = count(1)

    def failing() -> bool:
        hit = next(passed) == nth
        if hit:
            tell()
        return hit

    if call in ("write", "fsync"):
        _refuse_python(call, failing, error)
    elif call == "commit":
        _refuse_commit(failing, error)
    else:
        _refuse_by_fiu(call, nth, error)


def tell() -> None:
    """Say in the log that the call has failed now."""
    sys.stderr.write(f"{HIT}\n")
    sys.stderr.flush()


def _refuse_python(call: str, failing: Callable[[], bool], error: int) -> None:
    real = getattr(os, call)

    def refused(file: int, *rest: Any) -> Any:  # noqa: ANN401
        if threading.current_thread().name.startswith(WRITING) and failing():
            raise OSError(error, os.strerror(error))
        return real(file, *rest)

    setattr(os, call, refused)


class _Connection(sqlite3.Connection):
    """A connection whose commit fails: before anything of it is written, as SQLite does it."""

    failing: Callable[[], bool]
    error = errno.EIO

    def execute(self, text: str, *rest: Any) -> sqlite3.Cursor:  # noqa: ANN401
        if text == "commit" and _Connection.failing():
            super().execute("rollback")
            failure = sqlite3.OperationalError(os.strerror(_Connection.error))
            failure.sqlite_errorcode = _SQLITE[_Connection.error]
            raise failure
        return super().execute(text, *rest)


def _refuse_commit(failing: Callable[[], bool], error: int) -> None:
    _Connection.failing, _Connection.error = staticmethod(failing), error
    connect = sqlite3.connect

    def connected(path: Any) -> sqlite3.Connection:  # noqa: ANN401
        sqlite3.connect = lambda *args, **named: connect(*args, factory=_Connection, **named)  # type: ignore[assignment]
        try:
            return connect_writer(path)
        finally:
            sqlite3.connect = connect

    setattr(journal_opening, "connect_writer", connected)  # noqa: B010  (not exported there)


def _refuse_by_fiu(name: str, nth: int, error: int) -> None:
    fiu = ctypes.CDLL("libfiu.so.0")
    passed = count(1)

    def external(_: bytes, failing: Any, info: Any, __: Any) -> int:  # noqa: ANN401
        mine = threading.current_thread().name.startswith(WRITING)
        if not (mine and next(passed) == nth):
            return 0
        tell()
        failing[0], info[0] = 1, error
        return 1

    # Kept for the life of the process: libfiu calls it from now on.
    _KEPT.append(_CALLBACK(external))
    fiu.fiu_enable_external(name.encode(), 1, ctypes.c_void_p(error), 0, _KEPT[-1])
