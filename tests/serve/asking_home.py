"""A home with a little of everything, and the reading interface over it.

In: a folder. Out: an open home and what its interface answers. Must not know what any answer
should be.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from pharos.arrive.journal import Draft
from pharos.serve.api import Sources, api
from pharos.serve.home import Home
from pharos.serve.readers import Readers
from pharos.serve.state import State
from tests.fresh_homes import fresh_home
from tests.serve.terminal import native

#: When the reports of the home arrive, and when it is asked.
ARRIVED = datetime(2024, 3, 11, 9, tzinfo=UTC)
NOW = datetime(2024, 3, 12, 12, tzinfo=UTC)

Row = dict[str, Any]


def cinema(id: str, **said: Any) -> Row:  # noqa: ANN401
    """A register row of an expected cinema."""
    place = {"territory": "US", "zone": "America/New_York", "expected": True, "from": "2024-03-08"}
    return {"kind": "register", "cinema": {"id": id, **place, **said}}


def work(id: str, name: str, **said: Any) -> Row:  # noqa: ANN401
    """A register row of a work."""
    return {"kind": "register", "work": {"id": id, "names": [
        {"language": "en", "name": name}], **said}}  # fmt: skip


def totals(cinema: str, screening: str, hour: int, **said: Any) -> Row:  # noqa: ANN401
    """Totals of a screening on 8 March."""
    start = f"2024-03-08T{hour:02}:00:00-05:00"
    plain = {"kind": "screening_totals", "cinema": cinema, "screening": screening, "start": start}
    return plain | {"admissions": 9, "gross": "81.00"} | said


REGISTERS = (
    cinema("astor", name="Astor", city="Albany", chain="Lumen"),
    cinema("bijou", name="Bijou", city="Peoria", chain="Lumen"),
    cinema("影院", name="星光", city="北京", chain="Maple"),
    work("w1", "The Lamp Keeper", year=2024, distributor="Harbour Films"),
    work("w2", "Salt and Harbour"),
)
ASTOR = (
    totals("astor", "s1", 18, work="w1", screen="1", seats=80),
    totals("astor", "s2", 20, programme=[{"work": "w1"}, {"work": "w2", "version": "3D"}]),
    {"kind": "screening_totals", "cinema": "astor", "screening": "s3", "work": "w1"},
    totals("astor", "s/4?&=%", 22, work="片名 one"),
)
BIJOU = (
    {"kind": "no_screenings", "cinema": "bijou", "date": "2024-03-08", "reason": "boiler"},
    {"kind": "day_totals", "cinema": "bijou", "date": "2024-03-09", "work": "w2",
     "admissions": 4, "gross": "30.00"},
)  # fmt: skip
TICKETS = tuple(
    {"kind": "tickets", "cinema": "影院", "screening": "t1", "start": "2024-03-08T19:00:00-05:00",
     "work": "w2", "number": number, "sold_at": "2024-03-08T12:00:00-05:00", "paid": "9.00"}
    for number in (1, 2, 3)
)  # fmt: skip


def filled_home(path: Path) -> Path:
    """A home with these reports; one is refused, one row is held."""
    moments = (ARRIVED + timedelta(minutes=nth) for nth in range(1000))
    with Home(fresh_home(path), lambda: next(moments)) as home:
        home.send("office", "register", "1", native(*REGISTERS))
        home.send("astor", "day", "1", native(*ASTOR))
        home.send("bijou", "day", "1", native(*BIJOU))
        home.send("影院", "till", "1", native(*TICKETS))
        # As an earlier version kept it; now a door turns it away.
        home.journal.append([Draft("astor", "day", "2", b"no report at all")])
        home.catch_up()
    return path


@dataclass(frozen=True)
class Got:
    """What a request got."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    json: Any


@dataclass(frozen=True)
class Asking:
    """An open home and its interface."""

    home: Home
    readers: Readers
    app: FastAPI

    def get(self, path: str, headers: Row | None = None, **query: Any) -> Got:  # noqa: ANN401
        """Ask once, through the application as it is served."""
        return asyncio.run(self._get(path, headers, query))

    async def _get(self, path: str, headers: Row | None, query: Row) -> Got:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://home") as client:
            found = await client.get(path, params=query or None, headers=headers)
        is_json = "json" in found.headers.get("content-type", "")
        value = found.json() if found.content and is_json else None
        return Got(found.status_code, found.headers, found.content, value)


@contextmanager
def asking(path: Path, now: datetime = NOW) -> Iterator[Asking]:
    """Open a home and its interface, at a moment."""
    with Home(path, lambda: now) as home:
        home.catch_up()
        readers = Readers(lambda: home.ledger, lambda: now)

        def state() -> State:
            size, position = home.journal.size, home.ledger.position
            return State(size, position, taking=True, started_at=now, version="0")

        try:
            yield Asking(home, readers, api(Sources(readers, home.journal, state)))
        finally:
            readers.close()
