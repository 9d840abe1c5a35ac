"""Files that somebody has dropped into a folder: which there are, what they say, where they go.

In: a folder with a folder for each sender. Out: files with their size and time, parcels, and the
files moved aside with a note beside them. Knows no journal. Follows no symbolic link.
"""

import contextlib
import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from pharos.errors import BadQuestion, BodyTooLarge
from pharos.serve.addressed import Keeps, addressed, require_keepable
from pharos.serve.apart import LARGEST_FILE
from pharos.serve.sending import Parcel, pack

TAKEN, REFUSED, MAPPING = "taken", "refused", "mapping.toml"
RECEIPT, REASON = ".receipt.json", ".reason.txt"
#: Endings under which programs write files that are not whole yet.
_UNFINISHED = (".part", ".tmp", ".partial", ".filepart", ".crdownload", ".download")
#: Bytes of a file's name; what is written beside it has a longer one.
_NAME_BYTES = 200


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file as it was seen: where, of which sender and stream, how large, and when changed."""

    path: Path
    sender: str
    stream: str
    size: int
    changed_ns: int

    @property
    def mapping(self) -> Path | None:
        """The mapping for tables of its folder, else of its sender."""
        folders = [self.path.parent, self.path.parent.parent][: 2 if self.stream else 1]
        return next((f / MAPPING for f in folders if _is_plain(f / MAPPING)), None)


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def dropped(inbox: Path) -> list[Dropped]:
    """What lies in the folders of the senders and of their streams, the oldest first."""
    found: list[Dropped] = []
    for sender in _folders(inbox):
        found += _files(sender, sender.name, "")
        for stream in _folders(sender):
            if stream.name not in (TAKEN, REFUSED):
                found += _files(stream, sender.name, stream.name)
    return sorted(found, key=lambda one: (one.changed_ns, one.path))


def _folders(path: Path) -> Iterator[Path]:
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield Path(entry.path)


def _files(folder: Path, sender: str, stream: str) -> Iterator[Dropped]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False) and not _left_alone(entry.name):
                # It may be gone again.
                with contextlib.suppress(FileNotFoundError):
                    state = entry.stat(follow_symlinks=False)
                    at = (state.st_size, state.st_mtime_ns)
                    yield Dropped(Path(entry.path), _text(sender), _text(stream), *at)


def _left_alone(name: str) -> bool:
    """Hidden files, files that are being written, mappings, and what we write ourselves."""
    return (
        name.startswith((".", "~"))
        or name.lower().endswith(_UNFINISHED)
        or name.endswith((RECEIPT, REASON))
        or name == MAPPING
    )


def _text(name: str) -> str:
    """A name as text; what is no text in it becomes a mark."""
    plain = name.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", plain)


def content_of(one: Dropped) -> bytes:
    """The bytes of a file, if it is still what was seen. Raises OSError, BodyTooLarge."""
    if one.size > LARGEST_FILE:
        raise BodyTooLarge(
            f"{_text(one.path.name)} has {one.size >> 20} MB; a file may have "
            f"{LARGEST_FILE >> 20}: send it in parts, such as one a month"
        )
    number = os.open(one.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(number, "rb") as stream:
        before = os.fstat(number)
        content = stream.read(one.size + 1) if S_ISREG(before.st_mode) else b""
        seen = (one.size, one.changed_ns)
        if (before.st_size, before.st_mtime_ns) != seen or len(content) != one.size:
            raise BlockingIOError(f"{one.path} is still being written")
    return content


def parcel_of(one: Dropped, home: Keeps) -> Parcel:
    """A file as a message, a table through its mapping and in a process apart.

    The mapping of a folder goes before its tables. Raises
    OSError where it may be tried again, else what is wrong with the file.
    """
    content = content_of(one)
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        parcel = Parcel(addressed(one.sender, content, one.stream or None))
    else:
        parcel = _table(one, content)
    require_keepable(parcel.draft.body, home.with_mapping(parcel.mapping))
    return parcel


def _table(one: Dropped, content: bytes) -> Parcel:
    mapping = one.mapping
    if mapping is None:
        raise BadQuestion(
            f"it is no native report, and there is no {MAPPING} for tables in "
            f"{one.path.parent.name}; put one there (`pharos map` drafts it), then the file again"
        )
    with copied(_text(one.path.name), content) as copy:
        return pack(copy, str(mapping), one.sender)


@contextlib.contextmanager
def copied(name: str, content: bytes) -> Iterator[Path]:
    """A file of our own with a content, for as long as it is read by a process apart.

    What is read is then what has the digest, whatever happens to the file that it came from.
    """
    with tempfile.TemporaryDirectory(prefix="pharos-table-") as folder:
        copy = Path(folder) / kept_name(name, "")
        copy.write_bytes(content)
        yield copy


def kept_name(name: str, mark: str) -> str:
    """A name with a mark before its ending, short enough for what is written beside it."""
    stem, ending = Path(name).stem, Path(name).suffix[-20:]
    room = _NAME_BYTES - len(os.fsencode(ending)) - len(mark)
    if len(os.fsencode(stem)) > room:
        stem = os.fsencode(stem)[:room].decode("utf-8", "ignore")
    return f"{stem}{mark}{ending}"


def put_aside(one: Dropped, name: str, beside: str, text: bytes) -> Path:
    """Write a note and move a file there, in this order; the note's path. Raises OSError.

    ``name`` is where it goes, such as ``taken/week.csv``. What has changed since it was seen stays.
    """
    target = one.path.parent / name
    target.parent.mkdir(exist_ok=True)
    if target.parent.is_symlink():
        raise NotADirectoryError(f"{target.parent} is a link; it has to be a folder")
    note = target.with_name(target.name + beside)
    write_note(note, text)
    one.path.rename(target)
    state = target.lstat()
    if (state.st_size, state.st_mtime_ns) != (one.size, one.changed_ns):
        # Somebody has put another file there in this moment: it comes next.
        target.rename(one.path)
        raise BlockingIOError(f"{one.path} is still being written")
    _sync(target.parent)
    _sync(one.path.parent)
    return note


def write_note(path: Path, text: bytes) -> None:
    """Write a note at once: who reads it sees all of it, or the one before."""
    part = path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.part")
    part.unlink(missing_ok=True)
    with part.open("xb") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def _sync(folder: Path) -> None:
    # Some network shares know no such thing.
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
