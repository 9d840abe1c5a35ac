"""`pharos rehearse` plays a country to a home, ends on a signal, and goes on where it was."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from pharos.rehearse.rehearsal import play
from pharos.serve.home import Home
from pharos.serve.reconciling import reconcile
from tests.serve.served import free_port
from tests.serve.terminal import command, environment, made_home, pharos_process

CINEMAS = 20


def words(*more: str) -> tuple[str, ...]:
    return ("rehearse", "--cinemas", str(CINEMAS), "--port", str(free_port()), *more)


def rehearsing(home: Path, *more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command(home, *words(*more)),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def reached(home: Path) -> int:
    try:
        return int(json.loads((home / "rehearsal.json").read_bytes())["messages"])
    except (OSError, ValueError):
        return 0


@pytest.mark.slow
def test_a_week_that_was_interrupted_is_played_to_its_end_and_every_figure_is_right(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    with rehearsing(home, "--speed", "0") as process:
        end = time.monotonic() + 60
        while reached(home) < 200 and process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said, complaints = process.communicate(timeout=60)
        assert process.returncode == 0, complaints
    assert "(rehearsed): the board is at http://127.0.0.1:" in said
    assert "is over" not in said
    before = reached(home)
    assert before >= 200
    assert not (home / "served-at.json").exists()
    done = pharos_process(home, *words("--speed", "0", "--check"))
    assert done.code == 0, done.err
    assert " figures are what was sent, 0 differ" in done.out
    assert "the rehearsal is over" in done.out
    assert reached(home) > before
    played = play("national-day-2022", 1, CINEMAS)
    messages = sum(1 for _ in played)
    assert reached(home) == messages
    with Home(home) as opened:
        found = reconcile(opened, played.truth)
    assert found.told == []
    assert found.equal > 2_000
    assert found.different == 0


@pytest.mark.slow
def test_a_home_goes_on_as_what_it_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with rehearsing(home, "--speed", "1") as process:
        assert process.stdout is not None
        assert "(rehearsed)" in process.stdout.readline()
        # Another one joins in: the home is served already.
        other = pharos_process(home, *words("--seed", "2"))
        process.terminate()
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert other.code == 2
    assert "cannot go on as something else" in other.err
    record = home / "rehearsal.json"
    record.write_bytes(record.read_bytes().replace(b'"version":1', b'"version":0'))
    assert "another version of Pharos" in pharos_process(home, *words()).err
    real = made_home(tmp_path / "real")
    said = pharos_process(real, *words())
    assert said.code == 2
    assert "is no home of a rehearsal" in said.err
    assert "national-day-2022" in pharos_process(home, "rehearse", "national-day").err
    for word, value in (("--events", "0"), ("--seed", "-1"), ("--speed", "-1"), ("--speed", "nan")):
        wrong = pharos_process(home, "rehearse", word, value)
        assert (wrong.code, word in wrong.err) == (2, True)
