"""Pages are made once for all who ask for the same, and never kept beyond their bounds."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import pytest

from pharos.errors import Busy
from pharos.serve import shelf as shelves
from pharos.serve.shelf import Ready, Shelf, can_unpack, ready
from tests.serve.asking_home import Asking


class Kitchen:
    """Makes pages, counts them, and takes as long as it is told."""

    def __init__(self) -> None:
        self.clock = 0.0
        self.made = 0
        self.takes = 0.0
        self.failure: Exception | None = None
        self.shelf = Shelf(lambda: self.clock)

    async def make(self) -> Ready:
        self.made += 1
        await asyncio.sleep(0)
        self.clock += self.takes
        if self.failure is not None:
            raise self.failure
        return ready(self.made, b"%d" % self.made, "text/plain")

    async def ask(self, key: str, edition: int, size: int = 0) -> bytes:
        async def large() -> Ready:
            made = await self.make()
            return Ready(made.body + b"x" * size, made.media_type, made.tag)

        how: Callable[[], Awaitable[Ready]] = large if size else self.make
        return (await self.shelf.page(key, (edition, 0), how)).body


def test_the_same_of_the_same_edition_is_made_once() -> None:
    kitchen = Kitchen()

    async def several() -> list[bytes]:
        first = await asyncio.gather(*(kitchen.ask("a", 1) for _ in range(50)))
        return [*first, await kitchen.ask("a", 1), await kitchen.ask("a", 2)]

    found = asyncio.run(several())
    assert found == [b"1"] * 51 + [b"2"]


def test_a_crowd_waits_for_nothing() -> None:
    """What is less than a second old is given at once, and made anew behind it, once."""
    kitchen = Kitchen()
    kitchen.shelf = Shelf(lambda: kitchen.clock, given=1.0)

    async def several() -> list[bytes]:
        found = [await kitchen.ask("a", 1)]
        kitchen.clock = 0.9
        found += [await kitchen.ask("a", 2) for _ in range(3)]
        for _ in range(3):
            await asyncio.sleep(0)
        found += [await kitchen.ask("a", 2)]
        # Who tells others waits for the newest; and so does whoever finds it too old.
        found += [(await kitchen.shelf.newest("a", (3, 0), kitchen.make)).body]
        kitchen.clock += 1.1
        return [*found, await kitchen.ask("a", 4)]

    assert asyncio.run(several()) == [b"1", b"1", b"1", b"1", b"2", b"3", b"4"]
    assert kitchen.made == 4


def test_a_page_that_takes_long_rests_as_long() -> None:
    kitchen = Kitchen()
    kitchen.takes = 0.4

    async def several() -> list[bytes]:
        found = [await kitchen.ask("a", 1), await kitchen.ask("a", 2)]
        kitchen.clock += 0.39
        found.append(await kitchen.ask("a", 3))
        kitchen.clock += 0.02
        return [*found, await kitchen.ask("a", 4)]

    assert asyncio.run(several()) == [b"1", b"1", b"1", b"2"]


def test_a_failure_is_told_to_all_who_wait_and_is_not_kept() -> None:
    kitchen = Kitchen()
    kitchen.failure = Busy("too many")

    async def several() -> bytes:
        found = await asyncio.gather(
            *(kitchen.ask("a", 1) for _ in range(3)), return_exceptions=True
        )
        assert [type(one) for one in found] == [Busy] * 3
        kitchen.failure = None
        return await kitchen.ask("a", 1)

    assert asyncio.run(several()) == b"2"


def test_whoever_goes_away_takes_no_page_from_others() -> None:
    kitchen = Kitchen()

    async def several() -> bytes:
        first = asyncio.ensure_future(kitchen.ask("a", 1))
        second = asyncio.ensure_future(kitchen.ask("a", 1))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(several()) == b"1"


def test_a_shelf_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "PAGES", 3)
    monkeypatch.setattr(shelves, "BYTES", 100)
    kitchen = Kitchen()

    async def several() -> int:
        for key in "abcd":
            await kitchen.ask(key, 1)
        await kitchen.ask("d", 1)
        assert kitchen.made == 4
        await kitchen.ask("a", 1)
        assert kitchen.made == 5
        await kitchen.ask("large", 1, size=99)
        await kitchen.ask("d", 1)
        return kitchen.made

    assert asyncio.run(several()) == 7


@pytest.mark.slow
def test_a_page_is_packed_once_and_has_a_tag_of_its_own(home: Asking) -> None:
    for path in ("/en/board", "/zh/board.json", "/en/places", "/en/board.csv"):
        plain = home.get(path, {"accept-encoding": "identity"})
        packed = home.get(path, {"accept-encoding": "br, gzip;q=0.8"})
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        # The client has unpacked it.
        assert packed.body == plain.body
        assert int(packed.headers["content-length"]) < 0.7 * len(plain.body)
        assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'
        assert "Accept-Encoding" in packed.headers["vary"]
        again = {"accept-encoding": "gzip", "if-none-match": packed.headers["etag"]}
        assert home.get(path, again).status == HTTPStatus.NOT_MODIFIED
    for path in ("/en/board.xlsx", "/en/board.parquet"):
        assert "content-encoding" not in home.get(path, {"accept-encoding": "gzip"}).headers


def test_who_can_unpack_says_so() -> None:
    for accepted in ("gzip", "br, GZIP;q=0.5", "gzip;q=1.0, identity"):
        assert can_unpack(accepted)
    for accepted in ("", "identity", "br", "gzip;q=0", "x-gzip-y"):
        assert not can_unpack(accepted)
