"""The process in which one file of a stranger is read; it ends with that file.

In: a job as JSON on its standard input. Out: a line of JSON on its standard output, then what was
made. Knows no home.
"""

import contextlib
import json
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pharos.arrive.extract import extract
from pharos.errors import PharosError, UnreadableTable

#: What is made of the bytes of a file, its name and a job.
Make = Callable[[bytes, str, dict[str, Any]], bytes]


def main() -> None:
    """Make the message of a file through a mapping."""
    do_job(lambda content, name, job: extract(content, name, job["mapping"]))


def do_job(make: Make) -> None:
    """Read the job, go under its limits, do it."""
    job = json.load(sys.stdin)
    _go_under(job["limits"])
    try:
        made = _made(job, Path(job["path"]), make)
        head: dict[str, Any] = {"size": len(made)}
    except PharosError as error:
        head, made = {"error": error.code, "sentence": str(error)}, b""
    except MemoryError:
        # As if the system had ended it: the parent says what that means.
        sys.exit(1)
    except BaseException as error:
        sentence = f"{Path(job['path']).name} cannot be read as a table ({error}); save it anew"
        head, made = {"error": UnreadableTable.code, "sentence": sentence[:1000]}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + made)
    sys.stdout.flush()


def _made(job: dict[str, Any], path: Path, make: Make) -> bytes:
    made = make(path.read_bytes(), path.name, job)
    if len(made) >= job["limits"]["result"] - 4096:
        raise UnreadableTable(
            f"{path.name} holds more rows than one message may have; send it in parts, such as "
            "one a month"
        )
    return made


def _go_under(limits: dict[str, Any]) -> None:
    """Limit this process; a system that knows a limit not goes without it."""
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, int(limits["seconds"]) + 2),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    # Ends the process at once, whatever library it is in, and to a part of a second.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, limits["seconds"])
