"""The changes of one page for everybody who watches it: each is made and encoded once.

In: the page's JSON whenever it is another. Out: server-sent events as bytes, and what somebody who
comes back has missed. Knows no page and no clock; used from one event loop.

Events are framed as the HTML standard says. Those of a version have the page's tag as their id:
``whole`` (the JSON of the page) and ``change`` (see `serve.changes`). Without an id come ``beat``
(nothing has changed, all is well) and ``stale`` (for so many seconds nobody has answered).
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from pharos.serve.changes import change_of
from pharos.serve.encoded import as_bytes

#: Events kept for those who come back, and bytes of all of them.
KEPT, KEPT_BYTES = 256, 4 << 20


class _Event(NamedTuple):
    number: int
    #: The tag of the version that it leads away from; empty if it leads nowhere.
    before: str
    content: bytes


class Feed:
    """The newest version of a page, and how it became so."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self.tag = ""
        #: Counts events; a viewer remembers the last that it was sent.
        self.number = 0
        self._view: Mapping[str, Any] = {}
        self._whole = b""
        self._events: deque[_Event] = deque()
        self._bytes = 0
        self._news = asyncio.Event()

    def tell(self, tag: str, body: bytes) -> None:
        """The page says something else now; ``body`` is its JSON, on one line."""
        view = msgspec.json.decode(body)
        change = change_of(self._view, view) if self._view else None
        self._whole = event("whole", body, tag)
        told = self._whole if change is None else event("change", as_bytes(change), tag)
        before, self.tag, self._view = self.tag, tag, view
        self._put(before, told)

    def signal(self, kind: str, said: object) -> None:
        """Tell something to those who watch now."""
        self._put("", event(kind, as_bytes(said)))

    def since(self, number: int) -> bytes:
        """What a viewer missed who was sent everything up to a number."""
        oldest = self._events[0].number if self._events else self.number + 1
        if number < min(oldest - 1, self.number):
            return self._whole
        return self._shorter(one.content for one in self._events if one.number > number)

    def after(self, tag: str) -> bytes:
        """What somebody missed who comes with the tag of the version that he has, or with none.

        A beat if nothing: he has been told that all was not well.
        """
        if tag and tag == self.tag:
            return event("beat", as_bytes({"seconds": 0}))
        led = [one for one in self._events if one.before]
        known = [nth for nth, one in enumerate(led) if one.before == tag]
        if not known:
            return self._whole
        return self._shorter(one.content for one in led[known[-1] :])

    def _shorter(self, missed: Iterable[bytes]) -> bytes:
        """Everything that was missed, or the whole page where that is no longer."""
        joined = b"".join(missed)
        return joined if len(joined) <= len(self._whole) else self._whole

    async def news(self, number: int) -> None:
        """Wait until there is more than a viewer was sent."""
        while self.number <= number:
            await self._news.wait()

    def _put(self, before: str, content: bytes) -> None:
        self.number += 1
        self._events.append(_Event(self.number, before, content))
        self._bytes += len(content)
        while len(self._events) > KEPT or self._bytes > KEPT_BYTES:
            self._bytes -= len(self._events.popleft().content)
        self._news.set()
        self._news = asyncio.Event()


def events(lines: Iterable[str]) -> Iterator[tuple[str, Any, str]]:
    """Kind, content and id (empty if none) of each event in lines, as their reader sees it."""
    said: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            said[name] = value
        elif "event" in said:
            yield said["event"], msgspec.json.decode(said["data"]), said.get("id", "")
            said = {}


def event(kind: str, data: bytes, tag: str = "") -> bytes:
    """One event, framed; ``data`` has no line break."""
    named = b"id: %s\n" % tag.encode() if tag else b""
    return b"event: %s\n%sdata: %s\n\n" % (kind.encode(), named, data)
