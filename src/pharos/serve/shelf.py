"""Ready pages: made once for all who ask for the same of the same edition.

In: what makes a page. Out: its bytes, from the shelf while nothing has changed. Writes nothing.
"""

import asyncio
import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from http import HTTPStatus

#: Pages kept ready, and bytes of all of them.
PAGES, BYTES = 128, 32 << 20
#: A page that takes longer than this to make is made anew only after as long a rest, so that a
#: crowd that watches a busy home costs half a reader at most.
QUICK_SECONDS, LONGEST_REST_SECONDS = 0.1, 1.0
#: How pages are packed, and from how many bytes on: less fits into one segment of TCP anyway.
_GZIP, _LEVEL, WORTH_PACKING = "gzip", 5, 1_400

#: What a page depends on beside its key: the edition that counts, the minute.
Seen = tuple[int, int]


def seen(applied: int, now: datetime) -> Seen:
    """What pages depend on at an edition and a moment."""
    return applied, int(now.timestamp()) // 60


@dataclass(frozen=True, slots=True)
class Ready:
    """A page as it is sent; one of another status than 200, or not ``lasting``, is not kept."""

    body: bytes
    media_type: str
    tag: str
    status: int = 200
    #: Further headers, names in lower case.
    headers: tuple[tuple[bytes, bytes], ...] = ()
    lasting: bool = True


#: How a shelf gives a page: its key, what it depends on, what makes it.
Give = Callable[[str, Seen, Callable[[], Awaitable[Ready]]], Awaitable[Ready]]


@dataclass(frozen=True, slots=True)
class _Kept:
    ready: Ready
    #: What it depended on, and when it was made.
    seen: Seen
    made: float
    #: Until when it is given whatever has changed.
    good_until: float


class Shelf:
    """Pages by their keys; used from one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, given: float = 0.0) -> None:
        """Nothing is ready yet.

        A page that was made less than ``given`` seconds ago is given at once to whoever asks, and
        made anew for those who come after, twice in that time at most: a crowd waits for nothing.
        """
        self._clock = clock
        self._given = given
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes = 0
        self._making: dict[tuple[str, Seen], asyncio.Task[Ready]] = {}

    async def page(self, key: str, seen: Seen, make: Callable[[], Awaitable[Ready]]) -> Ready:
        """The page of a key; those who ask at the same time wait for the same one."""
        return await self._page(key, seen, make, self._given)

    async def newest(self, key: str, seen: Seen, make: Callable[[], Awaitable[Ready]]) -> Ready:
        """The same for who tells others of it: he waits until it is made."""
        return await self._page(key, seen, make, 0.0)

    async def _page(
        self, key: str, seen: Seen, make: Callable[[], Awaitable[Ready]], given: float
    ) -> Ready:
        now, kept = self._clock(), self._kept.get(key)
        if kept is not None and (kept.seen == seen or now < kept.good_until):
            self._kept.move_to_end(key)
            return kept.ready
        if kept is None or now >= kept.made + given:
            # Whoever goes away must not take the page from the others.
            return await asyncio.shield(self._begun(key, seen, make))
        if now >= kept.made + given / 2 and all(key != made for made, _ in self._making):
            self._begun(key, seen, make)
        return kept.ready

    def _begun(
        self, key: str, seen: Seen, make: Callable[[], Awaitable[Ready]]
    ) -> asyncio.Task[Ready]:
        """The one task that makes a page."""
        task = self._making.get((key, seen))
        if task is None:
            task = asyncio.ensure_future(self._make(key, seen, make))
            self._making[key, seen] = task
            task.add_done_callback(partial(self._made, (key, seen)))
        return task

    async def packed(self, key: str, seen: Seen, make: Callable[[], Awaitable[Ready]]) -> Ready:
        """The same page compressed (RFC 9110, 8.4), for who can unpack it; packed once for all."""

        async def make_packed() -> Ready:
            plain = await self.newest(key, seen, make)
            return await asyncio.to_thread(_packed, plain) if _is_worth(plain) else plain

        return await self.page(f"{key} {_GZIP}", seen, make_packed)

    def _made(self, what: tuple[str, Seen], task: asyncio.Task[Ready]) -> None:
        self._making.pop(what, None)
        if not task.cancelled():
            # Everybody who asked may have gone: then nobody else looks at a failure.
            task.exception()

    async def _make(self, key: str, seen: Seen, make: Callable[[], Awaitable[Ready]]) -> Ready:
        began = self._clock()
        ready = await make()
        took = self._clock() - began
        rest = min(took, LONGEST_REST_SECONDS) if took > QUICK_SECONDS else 0.0
        if ready.lasting and ready.status == HTTPStatus.OK:
            now = self._clock()
            self._keep(key, _Kept(ready, seen, now, now + rest))
        return ready

    def _keep(self, key: str, kept: _Kept) -> None:
        before = self._kept.pop(key, None)
        self._bytes += len(kept.ready.body) - (len(before.ready.body) if before else 0)
        self._kept[key] = kept
        while len(self._kept) > PAGES or self._bytes > BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.ready.body)


def can_unpack(accepted: str) -> bool:
    """Whether an ``Accept-Encoding`` names what pages are packed by."""
    parts = [part.strip().lower().split(";") for part in accepted.split(",")]
    return any(name.strip() == _GZIP and "q=0" not in rest for name, *rest in parts)


def pack(content: bytes) -> bytes:
    """Content as it is sent to who can unpack it."""
    return gzip.compress(content, _LEVEL, mtime=0)


def _is_worth(plain: Ready) -> bool:
    """Workbooks and Parquet are packed already."""
    is_text = plain.media_type.startswith("text/") or "json" in plain.media_type
    return is_text and len(plain.body) >= WORTH_PACKING and plain.status == HTTPStatus.OK


def _packed(plain: Ready) -> Ready:
    """Another form of a page has another tag."""
    body = pack(plain.body)
    headers = (*plain.headers, (b"content-encoding", _GZIP.encode()))
    tag = f'{plain.tag.removesuffix(chr(34))}-{_GZIP}"' if plain.tag else ""
    kept = [(n, tag.encode() if n == b"etag" else value) for n, value in headers]
    return replace(plain, body=body, tag=tag, headers=tuple(kept))


def ready(
    edition: int, body: bytes, media_type: str, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> Ready:
    """A page with its tag: the edition, and what it says."""
    tag = f'"{edition}-{hashlib.sha256(body).hexdigest()[:16]}"'
    return Ready(body, media_type, tag, HTTPStatus.OK, headers)


def edition_of(tag: str) -> int:
    """The edition that a page's tag names; -1 if it names none."""
    digits = tag.strip('"').partition("-")[0]
    return int(digits) if digits.isdigit() else -1
