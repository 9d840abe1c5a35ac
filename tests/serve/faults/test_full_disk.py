"""The disk becomes full under a server, and empty again: nothing is told that is not so.

In: a small disk in memory, filled to one level after another while eight senders do not stop.
Out: refusals instead of false receipts, answers all the while, and intake again by itself.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.serve.faults.reckoning import reckon
from tests.serve.faults.senders import Crowd
from tests.serve.faults.served import Failing
from tests.serve.served import PATIENCE
from tests.serve.terminal import made_home

DISK_MIB = 64
ASK = "/api/v1/ask?measure=gross&by=work"
#: Bytes that stay free; below the server's own reserve it refuses early, above it the disk does.
LEVELS = tuple(kib << 10 for kib in (0, 4, 8, 12, 20, 32, 48, 64, 96, 128, 160, 200, 256, 320, 400,
                                     512, 640, 800, 1_000, 1_500))  # fmt: skip


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk in memory")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine does not let a disk in memory be mounted")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(disk: Path, level: int) -> Iterator[None]:
    """A disk on which ``level`` bytes are free."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    size = free.f_bavail * free.f_frsize - level
    with ballast.open("wb") as file, suppress(OSError):
        os.posix_fallocate(file.fileno(), 0, max(size, 1))
    try:
        yield
    finally:
        ballast.unlink()


def take_again(crowd: Crowd, server: Failing) -> None:
    """Until each sender has one more receipt than now: the server is not started anew."""
    before = [len(sender.receipts) for sender in crowd.senders]
    end = time.monotonic() + PATIENCE
    while any(len(s.receipts) <= n for s, n in zip(crowd.senders, before, strict=True)):
        assert time.monotonic() < end, server.said()
        assert server.ended(0.05) is None, server.said()


def answers_seen(server: Failing, seconds: float) -> set[int]:
    """The statuses of questions asked for a while, and until one is answered."""
    seen, now = set[int](), time.monotonic()
    end, last = now + seconds, now + PATIENCE
    while time.monotonic() < (end if 200 in seen else last):
        with suppress(OSError, HTTPException):
            seen.add(server.answer(ASK)[0])
        time.sleep(0.05)
    return seen


def fill_under_load(disk: Path, levels: tuple[int, ...], spare: int) -> list[int]:
    """All levels in one home; the statuses of refusals."""
    with Failing(made_home(disk)) as server:
        server.log = disk.parent / "server.log"
        crowd = Crowd(server.port, spare, pause=0.1)
        server.fail(spare=spare)
        server.wait_until_ready()
        with crowd.sending():
            for level in levels:
                with filled(disk, level):
                    assert 200 in answers_seen(server, 0.8)
                take_again(crowd, server)
        crowd.finish()
        server.wait_until_ready(whole=True)
        assert server.answer("/health")[1]["problem"] is None
        reckon(crowd, server)
        assert "Traceback" not in server.said()
        return crowd.refusals


@pytest.mark.slow
@pytest.mark.parametrize("spare", [0, 1])
def test_a_full_disk_refuses_and_heals(disk: Path, spare: int) -> None:
    refusals = fill_under_load(disk, LEVELS[::5], spare)
    assert set(refusals) <= {0, 503, 507}
    assert 507 in refusals


@pytest.mark.torture
@pytest.mark.parametrize("spare", [0, 1])
def test_a_disk_that_fills_to_forty_levels_refuses_and_heals(disk: Path, spare: int) -> None:
    assert 507 in fill_under_load(disk, LEVELS, spare)


@pytest.mark.slow
def test_a_server_is_started_on_a_full_disk(disk: Path) -> None:
    """It either serves or says in one sentence that it cannot; both lose nothing."""
    with Failing(made_home(disk)) as server:
        server.log = disk.parent / "server.log"
        crowd = Crowd(server.port, 3, pause=0.05)
        server.fail(spare=0)
        server.wait_until_ready()
        with crowd.sending():
            time.sleep(1)
            for level in (0, 4 << 10, 40 << 10, 200 << 10):
                server.kill()
                with filled(disk, level):
                    server.fail(spare=0)
                    code = server.ended(1.5)
                    assert code in (None, 6), server.said()
                    if code == 6:
                        assert "space" in server.said().splitlines()[-1]
                if code == 6:
                    server.fail(spare=0)
                server.wait_until_ready()
                take_again(crowd, server)
        crowd.finish()
        server.wait_until_ready(whole=True)
        reckon(crowd, server)
