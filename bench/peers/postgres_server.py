"""A PostgreSQL server of our own, for as long as the benchmark runs.

In: nothing. Out: how to connect to it, on a loopback port; it runs as a user without
rights. It is stopped by its own process id.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

_SETTINGS = {
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_parallel_workers_per_gather": "2",
    "fsync": "on",
    "synchronous_commit": "on",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


def binary(name: str) -> str | None:
    """Where a program of PostgreSQL is, or None."""
    found = shutil.which(name)
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return found or (str(places[-1]) if places else None)


def version() -> str:
    """The version of the server as it says it."""
    command = [binary("postgres") or "postgres", "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return said.stdout.split()[2]


class Server:
    """A running server."""

    def __init__(self) -> None:
        """Make a cluster in a temporary folder and start it. Raises RuntimeError."""
        self._postgres, initdb = binary("postgres"), binary("initdb")
        if not self._postgres or not initdb:
            raise RuntimeError("PostgreSQL is not installed")
        self._kept = tempfile.TemporaryDirectory(prefix="pharos-bench-postgres-")
        folder = Path(self._kept.name)
        self._folder, self._user = folder, _user()
        password = folder / "password"
        self._password = secrets.token_hex(16)
        password.write_text(self._password)
        self._port = _free_port()
        if self._user:
            shutil.chown(folder, self._user)
            shutil.chown(password, self._user)
        command = (initdb, "-D", str(folder / "data"), "-U", "bench", "-A", "scram-sha-256",
                   "--pwfile", str(password), "--locale=C", "-E", "UTF8")  # fmt: skip
        self._run(*command).check_returncode()
        self._process = self._start()

    def connection_text(self) -> str:
        """How a client connects."""
        return (
            f"host=127.0.0.1 port={self._port} user=bench password={self._password} dbname=postgres"
        )

    def close(self) -> None:
        """Stop the server and wait for it."""
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._kept.cleanup()

    def _start(self) -> "subprocess.Popen[bytes]":
        settings = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
        process = subprocess.Popen(
            [self._postgres or "", "-D", str(self._folder / "data"), "-p",
             str(self._port), *settings],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=self._user or None,
            cwd=self._folder, extra_groups=[] if self._user else None,
        )  # fmt: skip
        for _ in range(200):
            if _listens(self._port):
                return process
            if process.poll() is not None:
                break
            time.sleep(0.1)
        process.kill()
        raise RuntimeError("PostgreSQL did not start")

    def _run(self, *command: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            command, capture_output=True, check=False, user=self._user or None, cwd=self._folder,
            extra_groups=[] if self._user else None,
        )  # fmt: skip


def _user() -> str:
    """Whom to run as: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return ""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
