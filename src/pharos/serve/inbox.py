"""The watched folder: files that vendors drop become reports, with the same receipts.

In: a folder with a folder for each sender. Out: receipts and verdicts beside the files, which move
to ``taken`` once they are safe, or to ``refused`` with the reason. Knows no figure.

It looks again and again, because shares of a network tell nobody of changes. A file is moved after
it was kept; a crash in between keeps it once more under the same id, which changes nothing.
"""

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from stat import S_ISREG
from typing import Any

import msgspec

from pharos.errors import PharosError, RefusedError, UsageError
from pharos.serve.addressed import conflict, mapping_act
from pharos.serve.apart import LARGEST_FILE
from pharos.serve.dropped import (
    REASON,
    RECEIPT,
    REFUSED,
    TAKEN,
    Dropped,
    dropped,
    kept_name,
    parcel_of,
    put_aside,
    write_note,
)
from pharos.serve.intake import Desk
from pharos.serve.said import Told, outcome_said, receipt_said
from pharos.serve.sending import Parcel
from pharos.words.report import Receipt

#: A receipt with its findings is smaller than this, in bytes.
LARGEST_NOTE = 1 << 20

#: Files that are worked on at once, each of another sender.
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Watching:
    """Seconds: between two looks, unchanged before a file is taken, before it is tried again."""

    look: float = 1.0
    still: float = 2.0
    again: float = 10.0


@dataclass(slots=True)
class _Seen:
    """A file as it was last seen, since when, and when it may be tried."""

    file: Dropped
    tried_after: float
    told: str = ""


@dataclass(slots=True)
class _Awaited:
    """A receipt without a verdict yet."""

    note: Path
    said: dict[str, Any] = field(default_factory=dict)


class Inbox:
    """Watches one folder."""

    def __init__(
        self, path: Path, desk: Desk, complain: Callable[[str], None], watching: Watching
    ) -> None:
        """``complain`` tells whoever runs the server."""
        self._path = path
        self._desk = desk
        self._complain = complain
        self._watching = watching
        self._seen: dict[Path, _Seen] = {}
        self._awaited: dict[int, _Awaited] = {}
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._trouble = ""

    async def run(self) -> None:
        """Look until cancelled; what fails is told, and looked at again."""
        try:
            recalled = False
            while True:
                try:
                    if not recalled:
                        self._awaited = await asyncio.to_thread(_without_verdict, self._path)
                        recalled = True
                    await self._look()
                    self._trouble = ""
                except Exception as failure:
                    self._say_once(f"the inbox {self._path} cannot be read now: {failure}")
                await asyncio.sleep(self._watching.look)
        finally:
            for task in self._busy.values():
                task.cancel()

    def _say_once(self, text: str) -> None:
        if text != self._trouble:
            self._trouble = text
            self._complain(text)

    async def _look(self) -> None:
        found = await asyncio.to_thread(dropped, self._path)
        ready: dict[str, list[_Seen]] = {}
        for seen in self._still(found):
            ready.setdefault(seen.file.sender, []).append(seen)
        for sender, files in ready.items():
            if sender not in self._busy:
                # One after the other: a sender's later file may replace what an earlier one said.
                task = asyncio.create_task(self._take_all(files))
                self._busy[sender] = task
                task.add_done_callback(partial(self._free, sender))
        await self._tell_verdicts()

    def _free(self, sender: str, _: "asyncio.Task[None]") -> None:
        del self._busy[sender]

    def _still(self, found: list[Dropped]) -> Iterator[_Seen]:
        """Files that have not changed for a while, and are not to be left for now."""
        now = time.monotonic()
        before, self._seen = self._seen, {}
        for one in found:
            seen = before.get(one.path)
            if seen is None or seen.file != one:
                seen = _Seen(one, now + self._watching.still)
            self._seen[one.path] = seen
            if now >= seen.tried_after:
                yield seen

    async def _take_all(self, files: list[_Seen]) -> None:
        for seen in files:
            async with self._room:
                try:
                    await self._take(seen.file)
                except Exception as failure:
                    # A full disk, missing rights, a crowd, a share that is gone: later.
                    seen.tried_after = time.monotonic() + self._watching.again
                    if seen.told != str(failure):
                        seen.told = str(failure)
                        self._complain(f"{seen.file.path} stays where it is for now: {failure}")

    async def _take(self, one: Dropped) -> None:
        """Keep one file and put it aside; or put it aside with the reason why it is not kept."""
        commits = self._desk.commits
        # What is too large is not even read.
        size = one.size if one.size <= LARGEST_FILE else 0
        commits.reserve(size)
        try:
            parcel = await asyncio.to_thread(parcel_of, one, self._desk.keeps)
            receipt = await self._keep(parcel)
            if receipt.conflict:
                raise conflict(receipt)
        except (UsageError, RefusedError) as failure:
            await asyncio.to_thread(_refuse, one, failure)
        else:
            note, said = await asyncio.to_thread(_put_taken, one, receipt)
            self._awaited[receipt.position] = _Awaited(note, said)
        finally:
            commits.release(size)

    async def _keep(self, parcel: Parcel) -> Receipt:
        if parcel.mapping is not None:
            # In the journal before its first table; once it is there this is a repeat.
            await self._desk.keep_act(mapping_act(parcel.mapping))
        (receipt,) = await self._desk.commits.keep([parcel.draft])
        return receipt

    async def _tell_verdicts(self) -> None:
        for position, awaited in list(self._awaited.items()):
            if position > self._desk.verdicts.applied:
                continue
            told = self._desk.verdicts.recent(position) or await self._desk.outcome(position)
            if told is not None:
                await asyncio.to_thread(_tell, awaited, told)
                del self._awaited[position]


def _put_taken(one: Dropped, receipt: Receipt) -> tuple[Path, dict[str, Any]]:
    """Write the receipt and move the file beside it."""
    said = {"file": _shown(one), "receipt": receipt_said(receipt), "exists": receipt.exists}
    said |= outcome_said(None)
    name = kept_name(one.path.name, "")
    before = _position(one.path.parent / TAKEN / f"{name}{RECEIPT}")
    # Another file of this name went before; or this one, and it is moved only now.
    if before not in (None, receipt.position):
        name = kept_name(one.path.name, f".{receipt.position}")
    return put_aside(one, f"{TAKEN}/{name}", RECEIPT, _json(said)), said


def _refuse(one: Dropped, failure: PharosError) -> None:
    """Move a file away with the reason in words."""
    nth = 1
    name = kept_name(one.path.name, "")
    while (one.path.parent / REFUSED / name).exists():
        nth += 1
        name = kept_name(one.path.name, f".{nth}")
    text = f"{_shown(one)} was not taken: {failure} [{failure.code}]\n"
    put_aside(one, f"{REFUSED}/{name}", REASON, text.encode("utf-8", "replace"))


def _tell(awaited: _Awaited, told: Told) -> None:
    """Write the verdict into a receipt that is still there."""
    if awaited.note.exists():
        write_note(awaited.note, _json(awaited.said | outcome_said(told)))


def _without_verdict(inbox: Path) -> dict[int, _Awaited]:
    """Receipts that an earlier run has left without their verdict."""
    found = {}
    for depth in ("*", "*/*"):
        for note in inbox.glob(f"{depth}/{TAKEN}/*{RECEIPT}"):
            said = _said(note)
            if said.get("verdict", "") is None:
                found[int(said["receipt"]["position"])] = _Awaited(note, said)
    return found


def _said(note: Path) -> dict[str, Any]:
    """What a receipt says; nothing where it is none, whatever else lies there under its name."""
    try:
        number = os.open(note, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(number, "rb") as stream:
            seen = os.fstat(number)
            whole = S_ISREG(seen.st_mode) and seen.st_size <= LARGEST_NOTE
            said = json.loads(stream.read()) if whole else {}
        position = said["receipt"]["position"]
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return {}
    return said if isinstance(position, int) else {}


def _position(note: Path) -> int | None:
    found = _said(note).get("receipt", {}).get("position")
    return int(found) if found is not None else None


def _shown(one: Dropped) -> str:
    return os.fsencode(one.path.name).decode("utf-8", "replace")


def _json(said: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(said), indent=2) + b"\n"
