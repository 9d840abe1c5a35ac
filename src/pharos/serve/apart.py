"""Files of strangers are read in a process apart, under limits of memory and time.

In: the path of a file and what to make of it. Out: what the child made, or why it could not. A
file that was made to burst takes the child with it, and nothing else.
"""

import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Any

from pharos.errors import BadMapping, MissingColumn, NoSuchFile, PharosError, UnreadableTable

#: Larger tables are sent in parts.
LARGEST_FILE = 32 << 20
#: The most that comes back from a child.
LARGEST_RESULT = 64 << 20
#: Address space of a child, in bytes.
MEMORY = 1 << 30
#: Seconds of computing that every file may take, and further ones for each megabyte of it.
SECONDS, SECONDS_PER_MB = 1.2, 2.0
#: To draft a mapping is to read a file many times over.
DRAFTING = 5
#: Seconds by the clock that a child may take, for each second of computing, on a busy machine.
PATIENCE = 10

_PACKAGE = Path(__file__).parents[1]

#: The child imports the few modules that it needs: the door of the package would bring all.
_BOOT = """
import sys, types
sys.path[:] = sys.argv[2:]
package = types.ModuleType("pharos")
package.__path__ = [sys.argv[1]]
sys.modules["pharos"] = package
from pharos.serve.{module} import main
main()
"""
_CHILDREN = {"extract": "apart_child", "draft": "apart_draft"}
_KINDS: dict[str, type[PharosError]] = {
    kind.code: kind for kind in (BadMapping, MissingColumn, UnreadableTable)
}


def extract_apart(path: Path, mapping_text: str) -> bytes:
    """The message that a file makes through a mapping, as `extract` does it.

    Raises NoSuchFile, BadMapping, UnreadableTable, MissingColumn.
    """
    return _made(path, {"task": "extract", "mapping": mapping_text})


def draft_apart(path: Path, wishes: Mapping[str, Any]) -> dict[str, Any]:
    """A drafted mapping for a file, and what was understood, as `draft` does it.

    Raises NoSuchFile, UnreadableTable.
    """
    drafted: dict[str, Any] = json.loads(_made(path, {"task": "draft", "wishes": dict(wishes)}))
    return drafted


def _made(path: Path, job: dict[str, Any]) -> bytes:
    seconds = SECONDS + SECONDS_PER_MB * _size(path) / (1 << 20)
    seconds *= DRAFTING if job["task"] == "draft" else 1
    limits = {"memory": MEMORY, "seconds": seconds, "result": LARGEST_RESULT}
    job |= {"path": str(path.absolute()), "limits": limits}
    boot = _BOOT.format(module=_CHILDREN[job["task"]])
    code, answer = _run(boot, json.dumps(job).encode(), seconds * PATIENCE)
    head, _, body = answer.partition(b"\n")
    try:
        said = json.loads(head)
    except ValueError:
        raise _burst(path, code) from None
    if "error" in said:
        raise _KINDS.get(said["error"], UnreadableTable)(said["sentence"])
    if code:
        raise _burst(path, code)
    return body


def _size(path: Path) -> int:
    """The size of a file that can be a table. Raises NoSuchFile, UnreadableTable."""
    try:
        status = path.stat()
        if S_ISREG(status.st_mode):
            path.open("rb").close()
    except (OSError, ValueError) as error:
        raise NoSuchFile(path, getattr(error, "strerror", None) or str(error)) from error
    if not S_ISREG(status.st_mode):
        raise NoSuchFile(path, "it is no file")
    if status.st_size > LARGEST_FILE:
        raise UnreadableTable(
            f"{path.name} has {status.st_size >> 20} MB; a table may have {LARGEST_FILE >> 20}: "
            "send it in parts, such as one a month"
        )
    return status.st_size


def _run(boot: str, job: bytes, patience: float) -> tuple[int, bytes]:
    """Run a child; its exit code, and what it wrote up to the limit."""
    command = [sys.executable, "-I", "-c", boot, str(_PACKAGE), *filter(None, sys.path)]
    with subprocess.Popen(  # noqa: S603  (our own interpreter and our own words)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        end = threading.Timer(patience, child.kill)
        end.start()
        try:
            answer = _exchange(child, job)
            if len(answer) > LARGEST_RESULT:
                child.kill()
            return child.wait(), answer
        finally:
            end.cancel()
            child.kill()


def _exchange(child: "subprocess.Popen[bytes]", job: bytes) -> bytes:
    """Give a child its job and take its answer, of which no more than the limit is taken in."""
    if child.stdin is None or child.stdout is None:
        return b""
    with contextlib.suppress(BrokenPipeError):
        child.stdin.write(job)
        child.stdin.close()
    return child.stdout.read(LARGEST_RESULT + 1)


def _burst(path: Path, code: int) -> UnreadableTable:
    """Why a child ended before its time."""
    if -code in {signal.SIGPROF, signal.SIGXCPU, signal.SIGKILL}:
        why = "takes far longer to read than a table of its size"
    else:
        why = f"needs more than {MEMORY >> 20} MB to be read, or is damaged"
    return UnreadableTable(
        f"{path.name} {why}; copy the table alone into a new file, or save it as CSV, and send that"
    )
