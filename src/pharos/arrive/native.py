"""The native format, version 1: a header line, then one JSON object per line.

In: the bytes of a message, and where cinemas are. Out: a `Reading`; it never raises. Knows neither
who sent the message nor what was said before. The format: docs/formats/native.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from pharos.arrive.gathering import Gatherer
from pharos.arrive.native_facts import Registering, Stated, fact
from pharos.arrive.native_lines import (
    read_line,
    refuse_undeclared_within,
    undeclared,
    with_defaults,
)
from pharos.arrive.native_published import stated
from pharos.arrive.native_rows import (
    FIELDS,
    DayTotals,
    Id,
    Moment,
    PublishedSaid,
    Register,
    Row,
    Schedule,
    ScreeningTotals,
    Text,
    Tickets,
)
from pharos.arrive.reading import Places, Reading, refusal, unknown_version
from pharos.arrive.stating import Stating, columns_of
from pharos.errors import PharosError, UndeclaredField, UnreadableRow

VERSION = 1
#: Rows of one message, and how many of them may be unreadable before the whole is refused.
MOST_ROWS, MOST_HELD = 500_000, 10_000

_BOM = b"\xef\xbb\xbf"
_FIGURED = (Tickets, ScreeningTotals, DayTotals, Schedule)
_DEFAULTS = frozenset[str]().union({"kind"}, *FIELDS.values())


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of a message: the version of the format and what holds for all rows."""

    pharos: int
    id: Id | None = None
    stream: Text | None = None
    defaults: dict[str, msgspec.Raw] = {}
    rehearsed: Moment | None = None


def read_native(body: bytes, places: Places) -> Reading:
    """What a message in the native format says.

    A row that cannot be read is held with its reason, and the rest counts. What is refused as a
    whole: a body that is not UTF-8, a bad header, a row with an undeclared field or kind.
    """
    said = read_rows(body)
    return said if isinstance(said, Reading) else _gather(said, places)


def read_rows(body: bytes) -> "Rows | Reading":
    """The typed rows of a message, or the refusal of the whole message."""
    if body.count(b"\n") > MOST_ROWS:
        return refusal(
            "too_many_rows",
            f"the message has more than {MOST_ROWS:,} rows; send it in several messages",
        )
    first, *lines = body.removeprefix(_BOM).split(b"\n")
    header = read_header(first)
    if isinstance(header, Reading):
        return header
    if (bad := _not_utf8(body)) is not None:
        return refusal("not_utf8", f"byte {bad + 1} of the body is not UTF-8; send UTF-8")
    said = Rows(header.defaults, header.stream or "", header.rehearsed)
    try:
        said.read((number, line) for number, line in enumerate(lines, 2) if line.strip())
    except UndeclaredField as problem:
        return refusal("undeclared_field", str(problem), said.row)
    return said.unusable() or said


def read_header(line: bytes) -> Header | Reading:
    """The header of a message, or the refusal of the whole message."""
    if not line.strip():
        return refusal("empty", 'the message is empty; its first line is a header: {"pharos": 1}')
    try:
        header = msgspec.json.decode(line, type=Header)
    except (ValueError, RecursionError) as problem:
        return refusal(
            "bad_header",
            f"the first line is no header ({problem}); expected "
            '{"pharos": 1} with, if wanted, id, stream and defaults',
            row=1,
        )
    if header.pharos != VERSION:
        return unknown_version(header.pharos, VERSION)
    try:
        _check_defaults(header.defaults)
    except UndeclaredField as problem:
        return refusal("undeclared_field", str(problem), row=1)
    except UnreadableRow as problem:
        return refusal("bad_header", f"the defaults: {problem}", row=1)
    return header


def _check_defaults(defaults: Mapping[str, msgspec.Raw]) -> None:
    for name, value in defaults.items():
        if name not in _DEFAULTS:
            raise undeclared(name, "defaults", _DEFAULTS)
        # No row may use it, and then nobody else looks inside.
        refuse_undeclared_within(name, value)


@dataclass(slots=True)
class Rows:
    """Reads the rows, and remembers which row it is at."""

    defaults: Mapping[str, msgspec.Raw]
    stream: str = ""
    rehearsed: datetime | None = None
    rows: list[tuple[int, Row]] = field(default_factory=list)
    held: list[tuple[int, PharosError]] = field(default_factory=list)
    row: int = 0

    def read(self, numbered: Iterable[tuple[int, bytes]]) -> None:
        """Read all lines. Raises UndeclaredField."""
        for self.row, line in numbered:
            try:
                filled = with_defaults(line, self.defaults) if self.defaults else line
                self.rows.append((self.row, read_line(filled)))
            except UndeclaredField:
                raise
            except PharosError as problem:
                self.held.append((self.row, problem))
                if len(self.held) > MOST_HELD:
                    return

    def unusable(self) -> Reading | None:
        """The refusal of a message without rows, or with too many that cannot be read."""
        if len(self.held) > MOST_HELD:
            row, problem = self.held[0]
            return refusal(
                "too_many_held",
                f"more than {MOST_HELD:,} rows cannot be read, the first is row {row}: {problem}. "
                "Correct the program that makes them and send the report again",
                row,
            )
        if not self.row:
            return refusal("empty", "the message has a header and no rows; send at least one row")
        return None

    def facts_first(self) -> Iterator[tuple[int, Row]]:
        """The rows, registers first: a cinema may be registered in any row of its report."""
        yield from (one for one in self.rows if isinstance(one[1], Register))
        yield from (one for one in self.rows if not isinstance(one[1], Register))


def _gather(said: Rows, places: Places) -> Reading:
    registering = Registering(places)
    gatherer = Gatherer(registering, said.stream)
    for number, problem in said.held:
        gatherer.hold(number, problem)
    stating = Stating()
    for number, row in said.facts_first():
        if isinstance(row, _FIGURED):
            gatherer.add(number, row)
        elif isinstance(row, PublishedSaid):
            _state(gatherer, (number, row), registering, stating)
        else:
            _add_fact(gatherer, number, row, registering)
    gatherer.facts.sort(key=lambda one: one.row)
    reading = gatherer.reading()
    reading.published = stating.table()
    return reading


def _state(
    gatherer: Gatherer, said: tuple[int, PublishedSaid], places: Registering, stating: Stating
) -> None:
    number, row = said
    try:
        statement, figure = stated(row, places)
        stating.add(number, statement, [columns_of(figure)])
    except PharosError as problem:
        gatherer.hold(number, problem)


def _add_fact(gatherer: Gatherer, number: int, row: Stated, registering: Registering) -> None:
    try:
        stated = fact(number, row, registering)
    except PharosError as problem:
        gatherer.hold(number, problem)
        return
    registering.learn(stated)
    gatherer.facts.append(stated)


def _not_utf8(body: bytes) -> int | None:
    if body.isascii():
        return None
    try:
        body.decode()
    except UnicodeDecodeError as problem:
        return problem.start
    return None
