"""Which addresses are this machine, and nothing else."""

import pytest

from pharos.serve.loopback import is_local


@pytest.mark.parametrize(
    "authority",
    [
        "127.0.0.1",
        "127.0.0.1:8080",
        "localhost",
        "localhost:80",
        "[::1]",
        "[::1]:8080",
        "LocalHost",
    ],
)
def test_this_machine(authority: str) -> None:
    assert is_local(authority)


@pytest.mark.parametrize(
    "authority",
    [
        *("", "null", "::1", "example.org", "example.org:80", "127.0.0.1.example.org"),
        *("localhost:x", "localhost:99999", "localhost@example.org", "example.org@localhost"),
        *("localhost/path", "localhost?", "localhost#", "[::1", "local\thost", " localhost"),
    ],
)
def test_other_machines(authority: str) -> None:
    assert not is_local(authority)
