"""One slice of the clock after the other: schedules open, tickets are sold, totals are stated.

In: a settled world and a post. Out: parcels in the post. Knows no scenario file and no home.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pharos.rehearse import registers
from pharos.rehearse.arrays import Ints, chance
from pharos.rehearse.country import Country, Grain, vendor_name
from pharos.rehearse.courier import TICKETS, Courier
from pharos.rehearse.demand import attend
from pharos.rehearse.disorder import habits
from pharos.rehearse.events import SLICE
from pharos.rehearse.letters import Letters
from pharos.rehearse.oddities import Roles, unreadable
from pharos.rehearse.post import Load, Post
from pharos.rehearse.programme import Programme
from pharos.rehearse.sales import Sales
from pharos.rehearse.schedule import Taste, schedule
from pharos.rehearse.slate import Slate
from pharos.rehearse.statements import BySender, Statements
from pharos.rehearse.truth import Truth

Row = dict[str, Any]
_HOUR, _DAY = 3600, 86_400
#: When chains state a day, when an auditor corrects, and when the clock stops: hours after the
#: midnight with which the day ends.
_STATED, _CORRECTED, _OVER = 8, 11, 14
#: Whoever sends rows of registers and schedules sends so many in a message.
_ROWS = 2_000
#: The hour of the first day at which a till sends rows that cannot be read.
_UNREADABLE_HOUR = 12


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is settled before the first ticket is sold.

    ``opens`` is how many seconds before its midnight a day is on sale, ``part`` the part of the
    full country that is rehearsed, ``factor`` how many come against what the scenario says.
    """

    country: Country
    programme: Programme
    slate: Slate
    truth: Truth
    roles: Roles
    seed: int
    opens: int
    part: float
    factor: float
    bad_rows: int


class Stage:
    """Plays a world into a post, slice by slice."""

    def __init__(self, world: World, size: int, *, header: bool) -> None:
        """Open nothing yet; ``size`` is the number of events in a message."""
        self._world = world
        country, seed = world.country, world.seed
        midnight = world.programme.midnight
        self.first = int(midnight[0]) - world.opens
        self.last = int(midnight[-1]) + _DAY + _OVER * _HOUR
        self._letters = Letters(country, world.programme, world.slate, header=header)
        self._statements = Statements(
            country, world.programme, world.slate, self._letters, world.roles
        )
        self._disorder = chance(seed, "disorder")
        own = habits(country, self.first, self.last - 4 * _HOUR, self._disorder)
        self._courier = Courier(country, own, self._letters, size)
        self._sales = Sales(country, world.slate, own.clock_off, chance(seed, "sales"))
        self._planning, self._attending = chance(seed, "schedule"), chance(seed, "demand")
        self._taste = Taste.at_first(country, world.programme, world.roles.shut, self._planning)

    def slices(self) -> range:
        """The seconds at which slices begin."""
        return range(self.first, self.last, SLICE)

    def play(self, begin: int, post: Post) -> None:
        """Let happen what happens in the slice that begins at this second."""
        if begin == self.first:
            self._register(post)
        for day, midnight in enumerate(self._world.programme.midnight.tolist()):
            if begin == midnight - self._world.opens:
                self._open(day, begin, post)
            self._after(day, begin - midnight - _DAY, begin, post)
        self._sell(begin, post)
        self._post_rows(post, begin + SLICE - 1, "totals", self._statements.of_screenings(begin))

    def _sell(self, begin: int, post: Post) -> None:
        hour = (begin - int(self._world.programme.midnight[0])) // _HOUR % 24
        events = self._sales.slice(begin, hour)
        self._world.truth.count(events)
        grain = self._world.country.grain[events.cinema]
        self._courier.send(events.take(grain == Grain.TICKETS), begin, post, self._disorder)

    def _register(self, post: Post) -> None:
        world = self._world
        said = [
            *registers.works(world.country, world.programme),
            *registers.brought_forward(world.country, world.programme, world.part),
            *registers.cinemas(world.country),
        ]
        for part in _batches(said):
            post.give(self.first, Load(registers.REGISTRY, "register", self._rows(part)))

    def _open(self, day: int, begin: int, post: Post) -> None:
        """Plan a day and tell its schedule, before its first ticket is sold."""
        world = self._world
        if day:
            self._taste = self._taste.after(world.slate, day - 1)
        plan = schedule(world.country, world.programme, day, self._taste, self._planning)
        world.slate.add(attend(world.country, world.programme, plan, self._attending))
        self._letters.learn(day)
        self._statements.plan(day)
        where = world.slate.of_day(day)
        cinema = world.slate["cinema"][where]
        for vendor in np.unique(world.country.vendor).tolist():
            sells = world.country.vendor[cinema] == vendor
            sells &= world.country.grain[cinema] == Grain.TICKETS
            places = where.start + np.flatnonzero(sells)
            for start in range(0, len(places), _ROWS):
                write = partial(_schedule, self._letters, places[start : start + _ROWS])
                post.give(begin, Load(vendor_name(vendor), "schedule", write))
        self._post_rows(post, begin, "days", self._statements.nothing_shown(day))

    def _after(self, day: int, since: int, begin: int, post: Post) -> None:
        """What is said about a day ``since`` seconds after the midnight with which it ends."""
        if since == _STATED * _HOUR:
            self._post_rows(post, begin, "days", self._statements.of_day(day))
        if since == _CORRECTED * _HOUR:
            self._post_rows(post, begin, "corrections", self._statements.corrections(day))
        if since == (_UNREADABLE_HOUR - 24) * _HOUR and day == 0 and self._world.bad_rows:
            self._unreadable(begin, post)
        if since == _DAY + _OVER * _HOUR and day < len(self._world.programme.dates) - 1:
            self._letters.forget(day)

    def _unreadable(self, begin: int, post: Post) -> None:
        world = self._world
        sells = world.country.grain[world.slate["cinema"]] == Grain.TICKETS
        place = np.flatnonzero(sells)[:1]
        row = next(iter(self._letters.screenings(place)))
        sender = world.country.sender(int(world.slate["cinema"][place[0]]))
        rows = unreadable(world.bad_rows, row)
        self._post_rows(post, begin, TICKETS, {sender: rows})

    def _post_rows(self, post: Post, leaves: int, stream: str, rows: BySender) -> None:
        for sender in sorted(rows):
            for part in _batches(rows[sender]):
                post.give(leaves, Load(sender, stream, self._rows(part)))

    def _rows(self, rows: list[Row]) -> partial[bytes]:
        return partial(_written, self._letters, rows)


def _written(letters: Letters, rows: list[Row], second: int) -> bytes:
    return letters.rows(second, rows)


def _schedule(letters: Letters, places: Ints, second: int) -> bytes:
    return letters.schedule(second, places)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    listed = list(rows)
    for start in range(0, len(listed), _ROWS):
        yield listed[start : start + _ROWS]
