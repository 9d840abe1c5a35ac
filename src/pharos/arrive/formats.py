"""The formats that reports arrive in, in the order in which they are tried.

In: the bytes of a message, where cinemas are, the mappings by digest. Out: a `Reading`; it never
raises. A new format is one module and one line in FORMATS. Knows no meaning of any row.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pharos.arrive import limits
from pharos.arrive.administration import read_administration
from pharos.arrive.columnar import read_columnar
from pharos.arrive.columnar_wire import decode
from pharos.arrive.mapping import Mapping, parse_mapping
from pharos.arrive.native import read_native, read_rows
from pharos.arrive.reading import Nowhere, Places, Reading, refusal
from pharos.arrive.tables import read_header, read_table, wrong_columns
from pharos.errors import BadMapping
from pharos.words.report import Finding, Severity

#: The text of a mapping by the SHA-256 of that text in hex; None if it is not known.
Mappings = Callable[[str], str | None]

_HEAD = 4096
ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, what it looks like, how a first line shows it, and its readers.

    ``frame`` reads no further than the frame: what makes the whole message unfit to be kept, and
    whether it is rehearsed. A door that knows no mappings gives None for them.
    """

    name: str
    looks_like: str
    key: bytes
    read: Callable[[bytes, Places, Mappings], Reading]
    frame: Callable[[bytes, Mappings | None], object]

    def sniff(self, head: bytes) -> bool:
        """Whether the first line of a body bears the key of this format."""
        quoted = b'"' + self.key + b'"'
        # A columnar message is one long line: look for the plain bytes first.
        return quoted in head and re.search(quoted + rb"\s*:", head) is not None


def _read_mapped(body: bytes, places: Places, mappings: Mappings) -> Reading:
    mapping = _mapping_of(body, mappings)
    return mapping if isinstance(mapping, Reading) else read_table(body, mapping, places)


def _frame_mapped(body: bytes, mappings: Mappings | None) -> object:
    return read_header(body) if mappings is None else _mapping_of(body, mappings)


def _mapping_of(body: bytes, mappings: Mappings) -> Mapping | Reading:
    """The mapping that a table names and whose columns it has, or the refusal of the table."""
    header = read_header(body)
    if isinstance(header, Reading):
        return header
    text = mappings(header.mapping)
    if text is None:
        return refusal(
            "unknown_mapping",
            f"mapping {header.table[:40]!r} with the digest {header.mapping[:12]} is not known "
            "here; add it to the home, then send the file again",
        )
    try:
        mapping = _parsed(text)
    except BadMapping as problem:
        return refusal("bad_mapping", str(problem))
    return wrong_columns(header, mapping) or mapping


#: Tables of one mapping come again and again.
_parsed = lru_cache(maxsize=32)(parse_mapping)


#: All formats; the first that recognises a body reads it.
FORMATS: tuple[Format, ...] = (
    Format(
        ADMINISTRATION,
        'administration of the home: {"pharos": 1, "administration": [...]}',
        b"administration",
        lambda body, places, _: read_administration(body, places),
        lambda body, _: read_administration(body, Nowhere()),
    ),
    Format(
        "columnar",
        'ticket events by the column: {"pharos": 1, "columnar": "tickets", ...} in one line',
        b"columnar",
        lambda body, places, _: read_columnar(body, places),
        lambda body, _: decode(body),
    ),
    Format(
        "table",
        'tables prepared with a mapping: a first line {"pharos": 1, "table": ...}',
        b"table",
        _read_mapped,
        _frame_mapped,
    ),
    Format(
        "native",
        'rows of the native format: a first line {"pharos": 1}, then one JSON object per line',
        b"pharos",
        lambda body, places, _: read_native(body, places),
        lambda body, _: read_rows(body),
    ),
)


def read(body: bytes, places: Places, mappings: Mappings) -> Reading:
    """What a message says, in whichever format it is."""
    found = _format_of(body)
    return found.read(body, places, mappings) if isinstance(found, Format) else found


@dataclass(frozen=True, slots=True)
class Frame:
    """What a door knows of a message before it is kept.

    ``refusal`` is why it may not even be kept, if so: no form, or what its form does not declare.
    That might be somebody's name; so it is refused before it is stored. ``rehearsed`` is the moment
    that a rehearsed report bears; ``administration`` are the acts of the home itself.
    """

    refusal: Finding | None = None
    rehearsed: datetime | None = None
    administration: bool = False


def frame_of(body: bytes, mappings: Mappings | None = None) -> Frame:
    """The frame of a message; see `Frame`.

    What a table declares stands in its mapping: without ``mappings`` only its header is looked at.
    """
    found = _format_of(body)
    if isinstance(found, Reading):
        return Frame(_refusal(found))
    framed, acts = found.frame(body, mappings), found.name == ADMINISTRATION
    if isinstance(framed, Reading):
        return Frame(_refusal(framed), administration=acts)
    return Frame(None, getattr(framed, "rehearsed", None), acts)


def _refusal(reading: Reading) -> Finding | None:
    return next((one for one in reading.findings if one.severity == Severity.REFUSE), None)


def mixed(frame: Frame, *, rehearsed: bool) -> Finding | None:
    """Why a message does not belong into a home that is rehearsed, or is not; None: it does."""
    said = frame.rehearsed
    if said is not None and not limits.FIRST_YEAR <= said.year <= limits.LAST_YEAR:
        first, last = limits.FIRST_YEAR, limits.LAST_YEAR
        sentence = f"a report is rehearsed between the years {first} and {last}, not in {said.year}"
        return Finding("bad_header", Severity.REFUSE, sentence, row=1)
    if frame.administration or rehearsed == (said is not None):
        return None
    if rehearsed:
        return Finding(
            "not_rehearsed",
            Severity.REFUSE,
            "this home is a rehearsal, and the header of the report does not say `rehearsed`: real "
            "reports go to a home of their own (pharos init)",
        )
    return Finding(
        "rehearsed",
        Severity.REFUSE,
        "the report is rehearsed, and this home takes real reports only: make a home for the "
        "rehearsal (pharos rehearse)",
    )


def is_administration(body: bytes) -> bool:
    """Whether a message is one of the home itself."""
    found = _format_of(body)
    return isinstance(found, Format) and found.name == ADMINISTRATION


def _format_of(body: bytes) -> Format | Reading:
    head = _head(body)
    for one in FORMATS:
        if one.sniff(head):
            return one
    if not body.strip():
        return refusal("empty", "the message is empty; send a header line and rows")
    known = "; ".join(one.looks_like for one in FORMATS)
    return refusal(
        "unknown_format",
        f"no known format starts like this message; known are: {known}. A spreadsheet or CSV "
        "file is sent through a mapping: pharos submit FILE --map NAME",
    )


def _head(body: bytes) -> bytes:
    """The first line; of an object written over several lines its beginning."""
    first = body[: body.find(b"\n") + 1] or body
    return body[:_HEAD] if first.strip() == b"{" else first
