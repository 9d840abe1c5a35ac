"""A server that is told to stop answers everybody first; a second one is told why it may not start.

In: signals under load, a home and a port that are taken. Out: exit codes, receipts, sentences.
"""

import signal
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from tests.serve.faults.reckoning import reckon
from tests.serve.faults.senders import Crowd
from tests.serve.faults.served import failing
from tests.serve.served import LISTENS, PATIENCE, free_port
from tests.serve.terminal import command, environment, made_home, native, pharos_process


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_leaves_nobody_in_doubt(
    tmp_path: Path, number: signal.Signals
) -> None:
    with failing(made_home(tmp_path)) as server:
        crowd = Crowd(server.port, 5, pause=0.02)
        with crowd.sending():
            for _ in range(4):
                time.sleep(0.4)
                assert server.stop(number) == 0, server.said()
                server.fail()
                server.wait_until_ready()
        crowd.finish()
        server.wait_until_ready(whole=True)
        reckon(crowd, server)
        assert "Traceback" not in server.said()


@pytest.mark.slow
def test_who_waits_for_a_verdict_goes_with_the_receipt(tmp_path: Path) -> None:
    """The server is told to stop while the ledger cannot go on, so that no verdict comes."""
    with failing(made_home(tmp_path), asleep=["decided, not recorded", 2.0]) as server:
        answers: list[int] = []

        def send() -> None:
            connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
            row = {"kind": "no_screenings", "cinema": "c", "date": "2024-03-08"}
            connection.request("POST", "/api/v1/messages?sender=x&id=1&wait=20", native(row))
            answers.append(connection.getresponse().status)
            connection.close()

        thread = threading.Thread(target=send)
        thread.start()
        time.sleep(0.5)
        assert server.stop() == 0
        thread.join()
    assert answers == [201]


@pytest.mark.slow
def test_a_server_started_as_people_do_ends_cleanly(tmp_path: Path) -> None:
    """In an interpreter of its own, to the end of it; other tests fork their servers."""
    words = command(made_home(tmp_path), "serve", "--port", str(free_port()))
    with Popen(words, env=environment(), stdout=PIPE, stderr=PIPE, text=True) as process:
        assert process.stdout is not None
        assert LISTENS in process.stdout.readline()
        process.terminate()
        assert process.communicate(timeout=PATIENCE) == ("", "")
    assert process.returncode == 0


@pytest.mark.slow
def test_a_home_is_served_once(tmp_path: Path) -> None:
    with failing(made_home(tmp_path)) as server:
        said = pharos_process(server.home, "serve", "--port", str(free_port()))
        assert said.code == 6
        assert f"process {server.process} writes to" in said.err
        assert (server.home / "served-at.json").exists()
        assert server.answers()


@pytest.mark.slow
def test_a_port_is_not_shared(tmp_path: Path) -> None:
    with failing(made_home(tmp_path)) as server:
        other = made_home(tmp_path / "other")
        said = pharos_process(other, "serve", "--port", str(server.port))
        assert said.code == 6
        assert f"127.0.0.1:{server.port} cannot be listened on" in said.err
        assert "--port" in said.err
        assert said.err.count("\n") == 1
        assert not (other / "served-at.json").exists()


@pytest.mark.slow
def test_a_body_that_is_not_complete_holds_nobody_up(tmp_path: Path) -> None:
    with failing(made_home(tmp_path)) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.putrequest("POST", "/api/v1/messages?sender=x")
        connection.putheader("Content-Length", "1000")
        connection.endheaders(b'{"pharos": 1}\n')
        time.sleep(0.2)
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 4
        assert connection.getresponse().status == 503
        connection.close()
        assert "Traceback" not in server.said()
        assert not (server.home / "served-at.json").exists()
