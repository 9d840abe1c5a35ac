"""An outbox: reports lie in it from before they are first sent until their receipt is here.

In: a report and where it goes. Out: the same under an id that outlives a crash of the sender.
Several processes may use one folder. Knows no server.

A report is one file, written whole and onto the disk before anybody tries to send it: a line of
JSON, then the body. Whoever sends it holds its lock, which ends with the process. Ids are UUIDs of
version 7: they need no counter that could be lost or used twice, two machines cannot make the same
one, and they say which report of a stream is the later one.
"""

import contextlib
import fcntl
import os
import re
import secrets
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pharos.errors import UnreachableError

_LOCK, _LAST_ID = "lock", "last-id"
_SUFFIX, _PART = ".report", ".part"
#: What a server will not take for good, kept apart with its reason.
REFUSED = "refused"


class Addressed(msgspec.Struct, frozen=True, kw_only=True):
    """Where a report goes: the server, the path there, and what its query says."""

    url: str
    path: str
    query: dict[str, str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report in the outbox; while one has it nobody else sends it."""

    address: Addressed
    body: bytes
    file: Path | None = None


def uuid7(milliseconds: int, chance: bytes) -> str:
    """A UUID of version 7 (RFC 9562) from the time since 1970 and ten random bytes."""
    number = (milliseconds << 80) | int.from_bytes(chance[:10])
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=number))


def fresh_id() -> str:
    """An id that nobody else makes."""
    return uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10))


class Outbox:
    """A folder of reports that have no receipt yet."""

    def __init__(self, path: Path) -> None:
        """The folder is made when the first report lies in it."""
        self.path = path

    def next_id(self) -> str:
        """An id above every one that this outbox gave, even if the clock was set back."""
        with _named(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            with _locked(self.path / _LOCK):
                file = self.path / _LAST_ID
                last = file.read_text() if file.exists() else ""
                found = fresh_id()
                if re.fullmatch(r"[0-9a-f-]{36}", last) and found <= last:
                    milliseconds = (uuid.UUID(last).int >> 80) + 1
                    found = uuid7(milliseconds, secrets.token_bytes(10))
                _write_whole(file, found.encode())
        return found

    @contextlib.contextmanager
    def put(self, address: Addressed, body: bytes) -> Iterator[Waiting]:
        """Lay a report into the outbox, safe on the disk, and have it to send."""
        with _named(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            file = self.path / f"{fresh_id()}{_SUFFIX}"
            part = file.with_suffix(_PART)
            # One has it from its first moment on, or else another one might sweep it away.
            with _locked(self.path / _LOCK):
                stream = part.open("wb")
                fcntl.flock(stream, fcntl.LOCK_EX)
        with stream:
            with _named(self.path):
                stream.write(msgspec.json.encode(address) + b"\n" + body)
                stream.flush()
                os.fsync(stream.fileno())
                part.rename(file)
                _sync_folder(self.path)
            yield Waiting(address, body, file)

    def waiting(self) -> list[Path]:
        """The files of all reports that lie here, the oldest first."""
        return sorted(self.path.glob(f"*{_SUFFIX}"))

    @contextlib.contextmanager
    def take(self, file: Path) -> Iterator[Waiting | None]:
        """Have a report to send; None: somebody else has it, or it has its receipt.

        One that is damaged is put apart with its reason, so that it keeps up no other.
        """
        with contextlib.ExitStack() as held:
            try:
                stream = held.enter_context(file.open("rb"))
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (FileNotFoundError, BlockingIOError):
                yield None
                return
            if not file.exists():
                yield None
                return
            head, _, body = stream.read().partition(b"\n")
            try:
                address = msgspec.json.decode(head, type=Addressed)
            except (ValueError, RecursionError) as problem:
                _put_apart(file, f"its first line does not say where it goes ({problem})")
                yield None
                return
            yield Waiting(address, body, file)

    def sweep(self) -> None:
        """Throw away what was never written whole; it was never sent."""
        if not self.path.exists():
            return
        with _named(self.path), _locked(self.path / _LOCK):
            for part in self.path.glob(f"*{_PART}"):
                with contextlib.suppress(OSError), part.open("rb") as stream:
                    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    part.unlink(missing_ok=True)


def done(waiting: Waiting) -> None:
    """A report has its receipt."""
    if waiting.file is not None:
        with _named(waiting.file.parent):
            waiting.file.unlink(missing_ok=True)
            _sync_folder(waiting.file.parent)


def refused(waiting: Waiting, why: str) -> None:
    """A report will never have one: keep it apart, so that it keeps up no other."""
    if waiting.file is not None:
        _put_apart(waiting.file, why)


def _put_apart(file: Path, why: str) -> None:
    folder = file.parent / REFUSED
    with _named(file.parent):
        folder.mkdir(exist_ok=True)
        (folder / f"{file.stem}.reason.txt").write_text(f"{why}\n", encoding="utf-8")
        file.rename(folder / file.name)
        _sync_folder(file.parent)


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreachableError(
            f"the outbox {path} cannot be used ({error.strerror or error}), so that nothing was "
            "sent; make room, or choose another folder"
        ) from error


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _write_whole(path: Path, content: bytes) -> None:
    """Replace a file at once: after a crash it holds the old text or the new one."""
    part = path.with_suffix(".new")
    with part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
