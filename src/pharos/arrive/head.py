"""The head file: one line for each commit of the journal, kept outside SQLite.

In: how far the journal goes and its digests. Out: fsynced lines, and lines read back and checked.
Knows nothing of messages and of SQLite.

A journal that loses its tail looks whole to SQLite; only this second file can say what was there.
"""

import errno
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pharos.arrive.merkle import HASH_BYTES

HEAD_NAME = "head"
NO_DIGEST = bytes(HASH_BYTES)

_MARK = b"v1"
_CHECK_DIGITS = 16
_PARTS = 9
#: No line is longer; the end of the file is read in one piece of this many bytes.
_TAIL_BYTES = 8192


@dataclass(frozen=True, slots=True)
class HeadLine:
    """How far the journal went after one commit; digests are 32 bytes."""

    number: int
    size: int
    root: bytes
    decisions: int
    decision_digest: bytes
    segments: int
    segment_digest: bytes

    def text(self) -> bytes:
        """The line as it stands in the file, check value and newline included."""
        fields = (
            f"{self.number} {self.size} {self.root.hex()} "
            f"{self.decisions} {self.decision_digest.hex()} "
            f"{self.segments} {self.segment_digest.hex()}"
        )
        stated = _MARK + b" " + fields.encode()
        return stated + b" " + _check_value(stated) + b"\n"


@dataclass(frozen=True, slots=True)
class HeadTail:
    """The end of the head file.

    ``line`` is the last complete line (None: there is none), ``broken`` says that it cannot be
    trusted, ``torn`` is what stands behind it without a newline.
    """

    line: HeadLine | None
    broken: bool
    torn: bytes


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One line of the file as found, at its byte offset.

    ``line`` is what it says (None: broken), ``complete`` that a newline ends it.
    """

    offset: int
    line: HeadLine | None
    raw: bytes
    complete: bool


class HeadFile:
    """The head file, open for one more line at a time."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def append(self, text: bytes) -> None:
        """Write and fsync; an OSError means that nobody knows what the file holds now.

        Its errno is ENOSPC only if the disk was full before the fsync: then what is there is there.
        """
        rest = text[os.write(self._file, text) :]
        # The system says why it took only a part when it is asked for the rest.
        if rest and os.write(self._file, rest) != len(rest):
            raise OSError("the head file took only a part of a line")
        try:
            os.fsync(self._file)
        except OSError as failure:
            raise OSError(errno.EIO, f"the head file could not be synced: {failure}") from failure

    def close(self) -> None:
        """Give the file back; harmless to repeat."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def parse_line(raw: bytes) -> HeadLine | None:
    """The line that these bytes (without newline) say, or None where one byte is not as written."""
    parts = raw.split(b" ")
    if len(parts) != _PARTS:
        return None
    _, number, size, root, decisions, decision_digest, segments, segment_digest, _ = parts
    try:
        line = HeadLine(
            int(number),
            int(size),
            bytes.fromhex(root.decode()),
            int(decisions),
            bytes.fromhex(decision_digest.decode()),
            int(segments),
            bytes.fromhex(segment_digest.decode()),
        )
    except ValueError:
        return None
    return line if line.text() == raw + b"\n" else None


def read_tail(path: Path) -> HeadTail:
    """The end of the head file, in a time that does not grow with the file."""
    if not path.exists():
        return HeadTail(None, broken=False, torn=b"")
    with path.open("rb") as file:
        length = file.seek(0, os.SEEK_END)
        file.seek(max(0, length - _TAIL_BYTES))
        piece = file.read()
    complete, newline, torn = piece.rpartition(b"\n")
    if not newline:
        return HeadTail(None, broken=length > _TAIL_BYTES, torn=torn)
    line = parse_line(complete.rpartition(b"\n")[2])
    return HeadTail(line, broken=line is None, torn=torn)


def scan(path: Path) -> Iterator[FoundLine]:
    """Every line of the file as it is when the scan begins."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        offset = file.seek(0)
        while raw := file.readline(min(end - offset, _TAIL_BYTES)):
            text = raw.removesuffix(b"\n")
            complete = text != raw
            yield FoundLine(offset, parse_line(text) if complete else None, text, complete)
            offset += len(raw)


def _check_value(stated: bytes) -> bytes:
    return hashlib.sha256(stated).hexdigest()[:_CHECK_DIGITS].encode()
