"""Sealed segments: old bodies and decisions, compressed, in files that never change again.

In: numbered records in order. Out: a file of blocks, and any record read back from it.
Knows nothing of SQLite, of envelopes and of what the records mean.

A file is a first line and then blocks. Each block has a header of fixed length with its own check
value, and a payload: records (number, length, bytes) compressed with zstd, about a mebibyte of
them, so that one record can be read without the rest of the file.
"""

import hashlib
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import pyarrow as pa

from pharos.errors import JournalDamaged

SEGMENTS_NAME = "segments"

_FIRST_LINE = b"pharos segment 1\n"
#: kind, first number, last number, records, raw bytes, packed bytes, CRC-32 of payload and header
_HEADER = struct.Struct(">cQQIIII")
_CHECK = struct.Struct(">I")
_RECORD = struct.Struct(">QI")
_BLOCK_BYTES = 1 << 20
_KEPT_INDEXES = 16

Kind = Literal["body", "decision"]
Records = Iterable[tuple[int, bytes]]

_LETTER: dict[Kind, bytes] = {"body": b"B", "decision": b"D"}


@dataclass(frozen=True, slots=True)
class Block:
    """Where a block stands in its file and which records it holds."""

    offset: int
    letter: bytes
    first: int
    last: int
    records: int
    raw_bytes: int
    packed_bytes: int
    check: int


def segment_name(first: int, last: int) -> str:
    """The name of the file with the messages from position ``first`` to ``last``."""
    return f"{first:012d}-{last:012d}.seg"


def write_segment(path: Path, bodies: Records, decisions: Records) -> None:
    """Write a segment so that either the whole file stands under its name, or none does.

    OSError: the disk refused; nothing stands under the name, and writing again is safe.
    """
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            file.write(_FIRST_LINE)
            file.writelines(_blocks("body", bodies))
            file.writelines(_blocks("decision", decisions))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)
    sync_folder(path.parent.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_digest(path: Path) -> bytes:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


class SegmentFolder:
    """Reads records from segments; remembers the last block of each kind, for reading in order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._indexes: dict[str, list[Block]] = {}
        self._last: dict[Kind, tuple[str, dict[int, bytes]]] = {}

    def record(self, name: str, kind: Kind, number: int) -> bytes:
        """One record; JournalDamaged where its segment cannot give it."""
        kept = self._last.get(kind)
        if kept is None or kept[0] != name or number not in kept[1]:
            block = self._find(name, kind, number)
            kept = name, dict(read_block(self._folder / name, block))
            self._last[kind] = kept
        if number not in kept[1]:
            raise _damaged(self._folder / name, f"has no {kind} {number}")
        return kept[1][number]

    def _find(self, name: str, kind: Kind, number: int) -> Block:
        if name not in self._indexes:
            if len(self._indexes) >= _KEPT_INDEXES:
                self._indexes.clear()
            self._indexes[name] = list(blocks(self._folder / name))
        for block in self._indexes[name]:
            if block.letter == _LETTER[kind] and block.first <= number <= block.last:
                return block
        raise _damaged(self._folder / name, f"has no block with {kind} {number}")


def blocks(path: Path) -> Iterator[Block]:
    """The blocks of a segment, from their headers; JournalDamaged where a header is broken."""
    with _opened(path) as file:
        if file.read(len(_FIRST_LINE)) != _FIRST_LINE:
            raise _damaged(path, "does not begin as a segment")
        while header := file.read(_HEADER.size + _CHECK.size):
            stated, check = header[: _HEADER.size], header[_HEADER.size :]
            if check != _check_value(stated):
                raise _damaged(path, f"has a broken header at byte {file.tell() - len(header)}")
            block = Block(file.tell(), *_HEADER.unpack(stated))
            yield block
            file.seek(block.offset + block.packed_bytes)


def read_block(path: Path, block: Block) -> list[tuple[int, bytes]]:
    """The records of a block; JournalDamaged where they are not as written."""
    with _opened(path) as file:
        file.seek(block.offset)
        packed = file.read(block.packed_bytes)
    broken = _damaged(path, f"is broken from record {block.first} to {block.last}")
    if len(packed) != block.packed_bytes or zlib.crc32(packed) != block.check:
        raise broken
    try:
        raw = bytes(pa.Codec("zstd").decompress(packed, block.raw_bytes, asbytes=True))
    except (OSError, pa.ArrowException) as failure:
        raise broken from failure
    records = list(_records(raw))
    if len(records) != block.records:
        raise broken
    return records


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as failure:
        raise _damaged(path, "is missing") from failure
    except OSError as failure:
        raise _damaged(path, f"cannot be read ({failure.strerror})") from failure


def _damaged(path: Path, what: str) -> JournalDamaged:
    return JournalDamaged(
        f"The segment {path.name} {what}. Restore this file from a copy of the home."
    )


def _blocks(kind: Kind, records: Records) -> Iterator[bytes]:
    """Whole blocks, ready to be written."""
    pending: list[tuple[int, bytes]] = []
    waiting_bytes = 0
    for number, content in records:
        pending.append((number, content))
        waiting_bytes += len(content) + _RECORD.size
        if waiting_bytes >= _BLOCK_BYTES:
            yield _block(_LETTER[kind], pending)
            pending = []
            waiting_bytes = 0
    if pending:
        yield _block(_LETTER[kind], pending)


def _block(letter: bytes, records: list[tuple[int, bytes]]) -> bytes:
    raw = b"".join(_RECORD.pack(number, len(content)) + content for number, content in records)
    packed = bytes(pa.Codec("zstd").compress(raw, asbytes=True))
    first, last = records[0][0], records[-1][0]
    sizes = (len(records), len(raw), len(packed))
    header = _HEADER.pack(letter, first, last, *sizes, zlib.crc32(packed))
    return header + _check_value(header) + packed


def _records(raw: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while offset + _RECORD.size <= len(raw):
        number, length = _RECORD.unpack_from(raw, offset)
        start = offset + _RECORD.size
        offset = start + length
        yield number, raw[start:offset]


def _check_value(header: bytes) -> bytes:
    return _CHECK.pack(zlib.crc32(header))
