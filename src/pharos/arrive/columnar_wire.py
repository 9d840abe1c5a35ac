"""The columnar form of ticket events as it stands on the wire.

In: the bytes of a message. Out: typed lists of equal length, or the refusal of the message. Knows
no meaning of any value.
"""

from typing import Annotated

import msgspec

from pharos.arrive import limits
from pharos.arrive.native_lines import undeclared_in
from pharos.arrive.native_rows import Id, Moment, ProgrammePart, Text
from pharos.arrive.reading import Reading, refusal

VERSION = 1

Whole = list[int]
Maybe = list[int | None]


class _Lists(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists of equal length."""

    def uneven(self) -> str | None:
        """A sentence that says which lists are not equally long, or None."""
        lengths = {
            name: len(items)
            for name in self.__struct_fields__
            if (items := getattr(self, name)) is not None
        }
        if len(set(lengths.values())) <= 1:
            return None
        said = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        return f"the lists are not equally long ({said}); send one item for each"


class Screenings(_Lists, frozen=True, kw_only=True):
    """The screenings that the events speak of, described once each."""

    screening: list[str]
    start: list[str]
    cinema: list[str] | None = None
    screen: list[str] | None = None
    work: list[str] | None = None
    programme: list[tuple[ProgrammePart, ...]] | None = None
    version: list[str] | None = None
    seats: Maybe | None = None


class Columns(_Lists, frozen=True, kw_only=True):
    """The events, one item each; texts by their place in their list (first is 0)."""

    screening: Whole
    number: Whole
    sold_at: Whole
    paid: Whole
    event: Whole | None = None
    ticket_type: Whole | None = None
    channel: Whole | None = None
    quantity: Whole | None = None
    net: Maybe | None = None
    tax: Maybe | None = None
    levy: Maybe | None = None
    fee: Maybe | None = None
    declared_value: Maybe | None = None


class ColumnarTickets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole message."""

    pharos: int
    columnar: str
    screenings: Screenings
    columns: Columns
    id: Id | None = None
    stream: Text | None = None
    epoch: Annotated[int, msgspec.Meta(ge=0, le=limits.LARGEST_EPOCH)] = 0
    currency: Text | None = None
    cinema: Id | None = None
    ticket_types: list[str] = []
    channels: list[str] = []
    rehearsed: Moment | None = None


class _Version(msgspec.Struct):
    pharos: int


_decoder = msgspec.json.Decoder(ColumnarTickets)


def decode(body: bytes) -> ColumnarTickets | Reading:
    """The message, or its refusal."""
    try:
        said = _decoder.decode(body)
    except (ValueError, RecursionError) as problem:
        return _refused(body, problem)
    if said.pharos != VERSION:
        return _wrong_version(said.pharos)
    if said.columnar != "tickets":
        return refusal(
            "bad_header",
            f"columnar is {said.columnar[:40]!r}; only tickets are sent by the column: send other "
            "kinds as rows",
        )
    if not said.columns.number:
        return refusal("empty", "the columns hold no event; send at least one")
    for lists, name in ((said.screenings, "screenings"), (said.columns, "columns")):
        if (sentence := lists.uneven()) is not None:
            return refusal("uneven_columns", f"{name}: {sentence}")
    return said


def _refused(body: bytes, problem: Exception) -> Reading:
    try:
        version = msgspec.json.decode(body, type=_Version).pharos
    except (ValueError, RecursionError):
        version = VERSION
    if version != VERSION:
        return _wrong_version(version)
    if (refused := undeclared_in(str(problem))) is not None:
        return refusal("undeclared_field", str(refused))
    return refusal(
        "bad_columns", f"the message is no columnar tickets ({problem}); see the native format"
    )


def _wrong_version(version: int) -> Reading:
    return refusal(
        "unknown_version",
        f"version {str(version)[:20]} of the format is not known here; send version {VERSION}, or "
        "update Pharos",
    )
