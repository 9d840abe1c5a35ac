"""Each of the first hundred writes, fsyncs and commits fails once: nobody gets a false receipt.

In: a server in which the n-th call is refused with EIO or ENOSPC, under eight senders. Out: a
process that ends and says so, or heals, and a home in which everything acknowledged is.
"""

import shutil
import time
from collections.abc import Iterable
from contextlib import closing
from errno import EIO, ENOSPC
from itertools import product
from pathlib import Path
from signal import SIGABRT

import pytest

from tests.serve.faults.reckoning import reckon
from tests.serve.faults.senders import Crowd
from tests.serve.faults.served import Failing
from tests.serve.faults.writes import HIT
from tests.serve.served import Launcher
from tests.serve.terminal import made_home

#: What the head file and the segments are written with, and the commit of SQLite.
OURS = ("write", "fsync", "commit")
#: What SQLite and DuckDB write with, as libfiu names it.
THEIRS = ("posix/io/rw/write", "posix/io/rw/pwrite", "posix/io/sync/fdatasync",
          "posix/io/sync/fsync")  # fmt: skip
FIU = ("fiu-run", "-x")
#: It refuses whatever is written, and libuv, by which threads wake the loop, aborts where its own
#: wake-up cannot be written, which is no file: an end like a kill.
ABORTED = ("posix/io/rw/write", -SIGABRT)
#: Seconds in which a server ends that may, that has to however busy the machine is, and in which
#: the n-th call comes, if it ever does.
WHILE, ENDS, REACHED = 0.6, 20.0, 30.0

Refused = tuple[str, int, int]


def refuse(
    home: Path,
    refused: Iterable[Refused],
    launcher: Launcher | None = None,
    within: float = WHILE,
) -> dict[Refused, int]:
    """The exit codes of the servers that ended by themselves; of those that may, ``within`` s."""
    ended: dict[Refused, int] = {}
    with Failing(home, launcher) as server:
        crowd = Crowd(server.port, 11, pause=0.15)
        with crowd.sending():
            for call, nth, error in refused:
                server.fail(write={"call": call, "nth": nth, "error": error})
                code = until_refused(server, ENDS if must_end([(call, nth, error)]) else within)
                if code is None:
                    server.kill()
                else:
                    ended[call, nth, error] = code
                    if (call, code) == ABORTED:
                        continue
                    said = server.said().splitlines()[-1]
                    assert said.startswith("pharos: "), ((call, nth, error), code, server.said())
                    assert "restart" in said or "Restart" in said, said
            server.fail()
            server.wait_until_ready()
        crowd.finish()
        server.wait_until_ready(whole=True)
        reckon(crowd, server)
        assert "Traceback" not in server.said()
    assert {code for one, code in ended.items() if (one[0], code) != ABORTED} <= {5}, ended
    return ended


def until_refused(server: Failing, seconds: float) -> int | None:
    """The exit code of a server in which the call was refused; None: it goes on after so long."""
    before, end = server.said(whole=True).count(HIT), time.monotonic() + REACHED
    while time.monotonic() < end:
        if (code := server.ended(0.05)) is not None:
            return code
        if server.said(whole=True).count(HIT) > before:
            return server.ended(seconds)
    return None


def must_end(refused: Iterable[Refused]) -> set[Refused]:
    """A full disk is waited out; after a failed commit or fsync of the journal nothing goes on.

    Nor does it after the first fsync of a process, whatever the error.
    """
    wrong = {one for one in refused if one[2] == EIO and one[0] in ("write", "commit")}
    return wrong | {one for one in refused if one[:2] == ("fsync", 1)}


@pytest.mark.slow
def test_refused_writes_end_the_server_or_heal(tmp_path: Path) -> None:
    refused = list(product(OURS, (1, 7), (EIO, ENOSPC)))
    ended = refuse(made_home(tmp_path), refused)
    assert must_end(refused) <= ended.keys()
    assert not {one for one in ended if one[2] == ENOSPC} - {("fsync", n, ENOSPC) for n in (1, 7)}


@pytest.mark.torture
@pytest.mark.parametrize("call", OURS)
@pytest.mark.parametrize("first", range(1, 101, 25))
def test_each_of_a_hundred_calls_is_refused_once(tmp_path: Path, call: str, first: int) -> None:
    refused = [(call, n, EIO if n % 3 else ENOSPC) for n in range(first, first + 25)]
    ended = refuse(made_home(tmp_path), refused)
    # After some failed calls the server goes on: segments are written anew, a full disk heals.
    assert len(ended) >= len(refused) // 3


@pytest.mark.torture
@pytest.mark.skipif(shutil.which(FIU[0]) is None, reason="needs libfiu (Debian: fiu-utils)")
@pytest.mark.parametrize("call", THEIRS)
@pytest.mark.parametrize("first", range(1, 101, 25))
def test_each_of_a_hundred_calls_of_the_databases_is_refused_once(
    tmp_path: Path, call: str, first: int
) -> None:
    refused = [(call, n, EIO if n % 3 else ENOSPC) for n in range(first, first + 25)]
    with closing(Launcher(FIU)) as launcher:
        refuse(made_home(tmp_path), refused, launcher)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which(FIU[0]) is None, reason="needs libfiu (Debian: fiu-utils)")
def test_refused_writes_of_the_databases_end_the_server_or_heal(tmp_path: Path) -> None:
    refused = [(call, n, EIO) for n, call in enumerate(THEIRS, 1)]
    with closing(Launcher(FIU)) as launcher:
        # So few, beside so much else, may take their time.
        assert refuse(made_home(tmp_path), refused, launcher, within=4.0)
