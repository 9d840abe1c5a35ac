"""Ticket events by the column: the fast form of the native format.

In: one JSON object of lists, and where cinemas are. Out: the same `Reading` that the rows of the
native format would give; it never raises. Knows no rule of its own: whatever looks doubtful here
is read once more as a row. The format: docs/formats/native.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain, repeat, starmap
from typing import Any, get_args

import numpy as np

from pharos.arrive import limits
from pharos.arrive.columnar_wire import ColumnarTickets, decode
from pharos.arrive.describing import Said
from pharos.arrive.gathering import Gatherer
from pharos.arrive.native_lines import ESCAPED_CONTROL, read_fields
from pharos.arrive.native_rows import EventName, Tickets
from pharos.arrive.reading import Places, Reading
from pharos.errors import PharosError, UnreadableRow
from pharos.words.descriptions import Numbering
from pharos.words.figures import (
    ABSENT,
    LINE_COLUMNS,
    Book,
    Chosen,
    Event,
    Ints,
    Mentions,
    empty_lines,
)
from pharos.words.money import LARGEST_MINOR, decimal_text

#: The names of events in the order of their numbers on the wire.
EVENT_NAMES: tuple[str, ...] = get_args(EventName)

_MICROS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
#: Stands for every number that fits into no column; it lies outside of every range.
_FAR = 2**62 + 1

#: The values that certainly are in range; what lies outside is read as a row. A sale's year is
#: judged with its offset there, hence the days left out.
_RANGES: dict[str, tuple[int, int]] = {
    "number": (1, limits.LARGEST_NUMBER),
    "sold_at": (
        (datetime(limits.FIRST_YEAR, 1, 2, tzinfo=UTC) - _EPOCH) // _SECOND,
        (datetime(limits.LAST_YEAR, 12, 30, tzinfo=UTC) - _EPOCH) // _SECOND,
    ),
    "quantity": (0, limits.LARGEST_COUNT),
    "event": (0, len(EVENT_NAMES) - 1),
    # As long as their lists are.
    "screening": (0, 0),
    "ticket_type": (0, 0),
    "channel": (0, 0),
} | dict.fromkeys(("paid", "net", "tax", "levy", "fee", "declared_value"), (0, LARGEST_MINOR))

_ABSENCES = np.array([empty_lines(1)[name] for name in LINE_COLUMNS], dtype=np.int64)
#: Stands for the mention of a screening that cannot be described.
_NOWHERE = -1
#: What a row says of its screening.
_DESCRIBE = frozenset(Said._fields) - {"cancelled"}


def read_columnar(body: bytes, places: Places) -> Reading:
    """What a message of columnar tickets says; rows are numbered as the columns, first is 1."""
    said = decode(body)
    if isinstance(said, Reading):
        return said
    escaped = b"\\" in body and ESCAPED_CONTROL.search(body) is not None
    message = _Message(said, Gatherer(places, said.stream or ""), plain=not escaped)
    doubtful = message.doubtful()
    if doubtful is None:
        return message.reading(None)
    again = _Again(said, Gatherer(places, said.stream or ""))
    kept = ~doubtful
    for event in np.flatnonzero(doubtful).tolist():
        kept[event] = again.counts(event)
    message.gatherer.findings += again.gatherer.findings
    return message.reading(np.flatnonzero(kept))


class _Message:
    """A message whose columns are arrays: ``values`` has one for each name in ``names``.

    ``plain``: no text holds a control character; else every event is read again as a row.
    """

    def __init__(self, said: ColumnarTickets, gatherer: Gatherer, *, plain: bool) -> None:
        self.gatherer = gatherer
        self._said = said
        columns = said.columns
        stated = ((name, getattr(columns, name)) for name in columns.__struct_fields__)
        lists = {name: items for name, items in stated if items is not None}
        self.names = tuple(lists)
        self.values, self.missing = _matrix(list(lists.values()), len(columns.number))
        self._fits = plain and _fits(said.ticket_types) and _fits(said.channels)
        self._numbers = _described(said, gatherer, plain=plain)

    def doubtful(self) -> Chosen | None:
        """Events with a value out of its range, or whose screening cannot be described; or None."""
        if not self._fits:
            return np.ones(self.values.shape[1], dtype=bool)
        lows, highs = (bounds.copy() for bounds in _bounds(self.names))
        sizes = {
            "screening": len(self._numbers),
            "ticket_type": len(self._said.ticket_types),
            "channel": len(self._said.channels),
        }
        for name in sizes.keys() & set(self.names):
            highs[self.names.index(name)] = sizes[name] - 1
        inside: Chosen = (self.values >= lows) & (self.values <= highs)
        if self.missing is not None:
            inside = inside | self.missing
        nowhere = np.append(self._numbers, _NOWHERE) == _NOWHERE
        if inside.all() and not nowhere[:-1].any():
            return None
        found: Chosen = ~inside.all(axis=0) | nowhere[self.values[0].clip(-1, len(self._numbers))]
        return found if found.any() else None

    def reading(self, kept: Ints | None) -> Reading:
        """The figures of the events that are kept, by their places; None is all."""
        values = self.values if kept is None else self.values[:, kept]
        count = values.shape[1]
        block = np.repeat(_ABSENCES, count, axis=1)
        block[_places(self.names)] = values
        lines = dict(zip(LINE_COLUMNS, block, strict=True))
        lines["row"][:] = np.arange(1, count + 1) if kept is None else kept + 1
        lines["sold_at"] *= _MICROS
        lines["stream"][:] = self.gatherer.stream_number("", self._said.epoch)
        lines["book"][:] = Book.TICKETS
        lines["event"] += Event.SALE
        if "quantity" not in self.names:
            lines["quantity"][:] = 1
        for name, texts, numbering in (
            ("ticket_type", self._said.ticket_types, self.gatherer.ticket_types),
            ("channel", self._said.channels, self.gatherer.channels),
        ):
            if name in self.names:
                lines[name][:] = _looked_up(_numbered(texts, numbering), lines[name])
        mentions = Mentions(self._numbers, self.gatherer.describer.descriptions)
        return self.gatherer.reading_of(mentions, lines, [])


@lru_cache(maxsize=256)
def _bounds(names: tuple[str, ...]) -> tuple[Ints, Ints]:
    """The smallest and the largest value of columns, shape (n, 1) each."""
    ranges = np.array([_RANGES[name] for name in names], dtype=np.int64)
    return ranges[:, :1], ranges[:, 1:]


@lru_cache(maxsize=256)
def _places(names: tuple[str, ...]) -> Ints:
    """Where columns of the wire stand among the columns of lines."""
    renamed = {"screening": "mention", "declared_value": "declared"}
    return np.array([LINE_COLUMNS.index(renamed.get(name, name)) for name in names])


class _Again:
    """Reads doubtful events once more, as rows."""

    def __init__(self, said: ColumnarTickets, gatherer: Gatherer) -> None:
        self.gatherer = gatherer
        self._said = said
        self._screenings = list(starmap(Said, _words(said)))

    def counts(self, event: int) -> bool:
        """Whether an event counts; if it does not, a finding says why."""
        try:
            row = read_fields(self._fields(event))
        except PharosError as problem:
            self.gatherer.hold(event + 1, problem)
            return False
        return isinstance(row, Tickets) and self.gatherer.add(event + 1, row)

    def _fields(self, event: int) -> dict[str, Any]:
        said, columns = self._said, self._said.columns
        screening = _listed("screening", self._screenings, columns.screening[event])
        currency = screening.currency or self.gatherer.describer.place(screening.cinema).currency
        fields = {name: value for name, value in screening._asdict().items() if name in _DESCRIBE}
        fields |= {"kind": "tickets", "epoch": said.epoch, "number": columns.number[event]}
        fields["sold_at"] = _time_text(columns.sold_at[event])
        for name in ("paid", "net", "tax", "levy", "fee", "declared_value"):
            if (items := getattr(columns, name)) is not None and items[event] is not None:
                fields[name] = _amount_text(items[event], currency)
        if columns.quantity is not None:
            fields["quantity"] = columns.quantity[event]
        if columns.event is not None:
            fields["event"] = _listed("event", EVENT_NAMES, columns.event[event])
        if columns.ticket_type is not None:
            fields["ticket_type"] = _listed(
                "ticket_type", said.ticket_types, columns.ticket_type[event]
            )
        if columns.channel is not None:
            fields["channel"] = _listed("channel", said.channels, columns.channel[event])
        return fields


def _words(said: ColumnarTickets) -> list[tuple[Any, ...]]:
    """What the message says of each screening, in the order of the fields of `Said`."""
    told = said.screenings
    return list(
        zip(
            told.cinema or repeat(said.cinema or ""),
            told.screening,
            told.start,
            told.screen or repeat(None),
            told.work or repeat(None),
            told.programme or repeat(None),
            told.version or repeat(None),
            told.seats or repeat(None),
            repeat(said.currency),
            strict=False,
        )
    )


def _described(said: ColumnarTickets, gatherer: Gatherer, *, plain: bool) -> Ints:
    """The description of each screening, _NOWHERE if it cannot be described.

    A till names the same screenings all day: what was said before in these words is looked up.
    """
    by_words = gatherer.describer.descriptions.by_words if plain else {}
    keys = list(map("\x1f".join, _texts(said)))
    numbers = list(map(by_words.get, keys))
    if None in numbers:
        known = zip(numbers, keys, _words(said), strict=True)
        numbers = [_number(one, gatherer, by_words, key) if number is None else number
                   for number, key, one in known]  # fmt: skip
    return np.array(numbers, dtype=np.int64)


def _texts(said: ColumnarTickets) -> Iterator[tuple[str, ...]]:
    """What tells one screening's description from another, none of them with a U+001F."""
    told, nothing = said.screenings, repeat("")
    return zip(
        told.cinema or repeat(said.cinema or ""),
        told.screening,
        told.start,
        told.screen or nothing,
        told.work or nothing,
        map(repr, told.programme) if told.programme else nothing,
        told.version or nothing,
        map(str, told.seats) if told.seats else nothing,
        repeat(said.currency or ""),
        strict=False,
    )


def _number(words: tuple[Any, ...], gatherer: Gatherer, by_words: dict[str, int], key: str) -> int:
    describer = gatherer.describer
    said = Said(*words)
    # What is missing or too long enters no cache; the row that says it is held.
    if not (said.cinema and said.screening and said.start):
        return _NOWHERE
    if len(key) > limits.LONGEST_TEXT and not _fits(t for t in said if isinstance(t, str)):
        return _NOWHERE
    try:
        number = describer.describe(said)
    except PharosError:
        return _NOWHERE
    if not describer.descriptions.items[number].currency:
        return _NOWHERE
    if number not in describer.doubts:
        by_words[key] = number
    return number


def _matrix(lists: list[list[int | None]], count: int) -> tuple[Ints, Chosen | None]:
    """The lists as rows of one array; where a value is missing, if any is."""
    size = len(lists) * count
    try:
        flat = np.fromiter(chain.from_iterable(lists), dtype=np.int64, count=size)
        return flat.reshape(len(lists), count), None
    except (TypeError, OverflowError):
        missing = np.array([[item is None for item in items] for items in lists])
        rows = [[_within(item) for item in items] for items in lists]
        return np.array(rows, dtype=np.int64), missing


def _within(item: int | None) -> int:
    return ABSENT if item is None else max(-_FAR, min(_FAR, item))


def _looked_up(table: list[int], places: Ints) -> Ints:
    return np.array(table, dtype=np.int64)[places]


def _numbered(texts: list[str], numbering: Numbering) -> list[int]:
    # A text that is too long stands only in events that are held.
    return [numbering[text] if len(text) <= limits.LONGEST_TEXT else 0 for text in texts]


def _listed(field: str, items: Sequence[Any], place: int) -> Any:  # noqa: ANN401
    if not 0 <= place < len(items):
        shown = place if abs(place) < _FAR else "far away"
        raise UnreadableRow(
            "bad_index",
            f"{field} is item {shown}, but there are {len(items)} (the first is 0); correct it "
            "and send the row again",
        )
    return items[place]


def _fits(texts: Iterable[str]) -> bool:
    return max(map(len, texts), default=0) <= limits.LONGEST_TEXT


def _time_text(seconds: int) -> str:
    try:
        return (_EPOCH + timedelta(seconds=seconds)).isoformat()
    except OverflowError:
        return str(seconds) if abs(seconds) < _FAR else "far away"


def _amount_text(minor: int, currency: str) -> str:
    try:
        return decimal_text(minor, currency)
    except (PharosError, ValueError):  # An unknown currency, or digits without end.
        return str(minor) if abs(minor) < _FAR else "far away"
