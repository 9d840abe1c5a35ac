"""A process that is killed while it submits loses nothing that it has acknowledged.

In: reports, and kills at random moments. Out: a home that answers right after.
"""

import json
import signal
import subprocess
import time
from pathlib import Path
from random import Random

import pytest

from tests.serve.terminal import command, environment, made_home, native, pharos

TICKETS = 4_000


def tickets(nth: int) -> bytes:
    """A big report: one screening, many tickets at 9.00."""
    row = {
        "kind": "tickets", "cinema": "A1", "screening": f"s{nth}", "work": f"W{nth}",
        "start": f"2024-03-{nth + 1:02d}T19:00:00-05:00", "sold_at": "2024-03-01T10:00:00-05:00",
        "paid": "9.00",
    }  # fmt: skip
    first = nth * TICKETS + 1
    return native(*(row | {"number": first + n} for n in range(TICKETS)), id=str(nth + 1))


def submit_and_kill(home: Path, path: Path, after: float) -> bool:
    """Whether the report was acknowledged before the process died."""
    with subprocess.Popen(
        command(home, "submit", str(path), "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    ) as process:
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        out = process.communicate()[0]
    return bool(out) and json.loads(out)["verdict"] != "refused"


def counted(home: Path) -> dict[str, tuple[int, int]]:
    said = pharos(home, "ask", "gross", "admissions", "--by", "work", "--json")
    assert said.code == 0, said.err
    return {row["work"]: (row["gross_minor"], row["admissions"]) for row in said.json["rows"]}


def kills(home: Path, folder: Path, random: Random, times: int) -> None:
    acknowledged: set[str] = set()
    for nth in range(times):
        path = folder / f"{nth}.jsonl"
        path.write_bytes(tickets(nth))
        if submit_and_kill(home, path, random.uniform(0.2, 1.3)):
            acknowledged.add(f"W{nth}")
        found = counted(home)
        # A report counts whole or not at all, and one with a receipt counts.
        assert set(found.values()) <= {(900 * TICKETS, TICKETS)}, found
        assert acknowledged <= found.keys()
        # What has no receipt may be sent again: nothing counts twice.
        assert pharos(home, "submit", str(path)).code == 0
        acknowledged.add(f"W{nth}")
        assert counted(home) == dict.fromkeys(sorted(acknowledged), (900 * TICKETS, TICKETS))
    assert pharos(home, "doctor").code == 0
    before = counted(home)
    assert pharos(home, "rebuild").code == 0
    assert counted(home) == before


@pytest.mark.slow
def test_kills_at_random_moments_lose_nothing_acknowledged(tmp_path: Path) -> None:
    kills(made_home(tmp_path), tmp_path, Random(9), 5)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(10))
def test_very_many_kills_lose_nothing_acknowledged(tmp_path: Path, seed: int) -> None:
    kills(made_home(tmp_path), tmp_path, Random(seed), 25)
