"""One line or one set of fields becomes a typed row, or a sentence that says why not.

In: a line of JSON, or fields by name. Out: a row of the native format. Knows no figures.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from pharos.arrive import limits
from pharos.arrive.native_rows import (
    CHOICES,
    FIELDS,
    PARTS,
    PARTS_OF_ANY_KIND,
    Plain,
    Row,
    parts_of,
)
from pharos.errors import UndeclaredField, UnreadableRow, nearest

#: An escape for a control character, not preceded by an odd number of backslashes. JSON allows
#: control characters in no other way.
ESCAPED_CONTROL = re.compile(rb"(?<!\\)(?:\\\\)*\\(?:[bfnrt]|u00[01])")

_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`(?: - at `\$\.?([^`]*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*?)`(?: - at `\$\.?(.*)`)?")
_AT = re.compile(r"(.*?) - at `\$\.?(.*)`", re.DOTALL)
_EXPECTED = re.compile(r"Expected `(.*?)`(?: of length ([<>])= (\d+))?(?:, got `(.*)`)?")

#: What msgspec calls a type, in the words of the manual.
_PLAIN_WORDS = {
    "str": "text in quotes",
    "int": "a whole number without quotes",
    "bool": "true or false",
    "date": 'a date such as "2022-10-01"',
    "array": "a list [...]",
    "object": "an object {...}",
    "null": "nothing (null)",
    "float": "a number with a point",
}

_WHY = "what is not declared is not taken, so that no personal data slips in"

_decoder: msgspec.json.Decoder[Row] = msgspec.json.Decoder(Row)
_fields: msgspec.json.Decoder[dict[str, msgspec.Raw]] = msgspec.json.Decoder(dict[str, msgspec.Raw])


def read_line(line: bytes) -> Row:
    """The row that a line of JSON says. Raises UnreadableRow, UndeclaredField."""
    try:
        row = _decoder.decode(line)
    except msgspec.ValidationError as problem:
        _refuse_undeclared(_fields_of(line))
        raise _as_held(str(problem)) from problem
    except (ValueError, RecursionError) as problem:
        raise _malformed(problem) from problem
    if b"\\" in line and ESCAPED_CONTROL.search(line):
        for name, value in _fields_of(line).items():
            if ESCAPED_CONTROL.search(bytes(value)):
                raise limits.control_character(name)
    return row


def read_fields(fields: Mapping[str, Any]) -> Row:
    """The row that named values say, as on the wire. Raises UnreadableRow, UndeclaredField."""
    for name, value in fields.items():
        if isinstance(value, str):
            limits.plain(name, value)
        elif isinstance(value, tuple):
            for part in value:
                limits.plain(name, f"{part.work}{part.version or ''}")
    try:
        row: Row = msgspec.convert(fields, Row)
    except msgspec.ValidationError as problem:
        raise _as_held(str(problem)) from problem
    return row


def with_defaults(line: bytes, defaults: Mapping[str, msgspec.Raw]) -> bytes:
    """The line with the header's defaults where it is silent and its kind has such a field.

    A default never joins what the row says in another way: a work beside its programme, a date
    beside its span, an event id beside its number. A register row says one thing, and by itself:
    the cinema of a default is that of the figures. Raises UnreadableRow.
    """
    said = _fields_of(line)
    kind = _kind_of({**defaults, **said})
    if kind == _REGISTER:
        defaults = {name: value for name, value in defaults.items() if name == "kind"}
    allowed = FIELDS.get(kind, frozenset()) | {"kind"}
    silenced = {other for name in said for other in _OTHER_WAY.get(name, ())}
    filled = {k: v for k, v in defaults.items() if k in allowed and k not in silenced}
    return msgspec.json.encode(filled | said)


_REGISTER = "register"
_OTHER_WAY: dict[str, tuple[str, ...]] = {
    "work": ("programme",),
    "programme": ("work", "version"),
    "date": ("from", "to", "screening"),
    "from": ("date",),
    "to": ("date",),
    "screening": ("date",),
    "number": ("event_id",),
    "event_id": ("number",),
}


def undeclared(name: str, owner: str, known: Iterable[str]) -> UndeclaredField:
    """The refusal of a field that the format does not declare."""
    return UndeclaredField(
        f"{owner} has no field {name[:40]!r} ({nearest(name, known)}); leave it out and send the "
        f"report again: {_WHY}"
    )


def undeclared_in(message: str) -> UndeclaredField | None:
    """The refusal that a message of the decoder stands for, if it speaks of an unknown field."""
    match = _UNKNOWN.fullmatch(message)
    if match is None:
        return None
    owner = match[2] or "the row"
    return UndeclaredField(
        f"{owner} has no field {match[1][:40]!r}; leave it out and send the report again: {_WHY}"
    )


def _fields_of(line: bytes) -> dict[str, msgspec.Raw]:
    try:
        return _fields.decode(line)
    except msgspec.ValidationError as problem:
        raise UnreadableRow(
            "malformed_row", 'the row is no JSON object; expected {"kind": ..., ...}'
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise _malformed(problem) from problem


def _kind_of(fields: Mapping[str, msgspec.Raw]) -> str:
    try:
        return msgspec.json.decode(fields["kind"], type=str)
    except (KeyError, ValueError):
        return ""


#: What a row may say that does not tell its kind.
_OF_ANY_KIND = frozenset[str]().union(*FIELDS.values())


def _refuse_undeclared(fields: Mapping[str, msgspec.Raw]) -> None:
    # The decoder stops at the first fault of a row, which may stand before an undeclared field.
    kind = _kind_of(fields)
    if kind and kind not in FIELDS:
        raise UndeclaredField(
            f"there is no kind {kind[:40]!r} ({nearest(kind, FIELDS)}); correct the kind"
        )
    declared = FIELDS[kind] if kind else _OF_ANY_KIND
    for name in fields:
        if name not in declared and name != "kind":
            raise undeclared(name, f"a {kind} row" if kind else "no row", declared)
    for name, value in fields.items():
        refuse_undeclared_within(name, value, kind)


def refuse_undeclared_within(name: str, value: msgspec.Raw, kind: str = "") -> None:
    """Raise UndeclaredField for what the field of a row says in parts that are not declared.

    Without a kind, for what no kind of row declares there.
    """
    if bytes(value).lstrip()[:1] not in (b"[", b"{"):
        return
    parts = PARTS[kind] if kind else PARTS_OF_ANY_KIND
    todo: list[tuple[str, Any, type[Plain] | None]] = [(name, _plain(value), parts.get(name))]
    while todo:
        owner, said, part = todo.pop()
        if isinstance(said, list):
            todo += [(owner, one, part) for one in said]
        elif isinstance(said, dict):
            declared = part.__struct_encode_fields__ if part else ()
            for field in said:
                if field not in declared:
                    raise undeclared(field, owner, declared)
            within = parts_of(part) if part else {}
            todo += [(f"{owner}.{field}", one, within.get(field)) for field, one in said.items()]


def _plain(value: msgspec.Raw) -> Any:  # noqa: ANN401
    try:
        return msgspec.json.decode(value)
    except (ValueError, RecursionError) as problem:
        raise _malformed(problem) from problem


def _malformed(problem: Exception) -> UnreadableRow:
    return UnreadableRow(
        "malformed_row",
        f"the row is no valid JSON ({problem}); expected one object on one line, such as "
        '{"kind": "no_screenings", "cinema": "A1", "date": "2022-10-01"}',
    )


def _as_held(message: str) -> UnreadableRow | UndeclaredField:
    """What msgspec says, in the words of the manual."""
    if (refused := undeclared_in(message)) is not None:
        return refused
    if match := _MISSING.fullmatch(message):
        name = f"{match[2]}.{match[1]}" if match[2] else match[1]
        return UnreadableRow("missing_field", f"{name} is missing; add it, or set it in defaults")
    if match := _AT.fullmatch(message):
        return UnreadableRow("bad_field", f"{match[2] or 'the row'}: {_wanted(match[1], match[2])}")
    return UnreadableRow("bad_field", f"the row: {_wanted(message, '')}")


def _wanted(message: str, path: str) -> str:
    name = path.rpartition(".")[2]
    if choices := CHOICES.get(name):
        return f"expected one of {', '.join(choices)}; correct it and send the row again"
    match = _EXPECTED.match(message)
    if match is None:
        if "date" in message:
            return f"expected {_PLAIN_WORDS['date']}; correct it and send the row again"
        return f"{message}; correct it and send the row again"
    if match[2] == ">":
        return "it is empty; say it, or leave the field out where it may be absent"
    if match[2] == "<":
        return f"longer than {match[3]} characters; shorten it and send the row again"
    wanted = " or ".join(_PLAIN_WORDS.get(kind, kind) for kind in match[1].split(" | "))
    if name in _MONEY and "str" in match[1]:
        wanted = 'an amount as text in quotes, such as "41.40"'
    got = f", got {_PLAIN_WORDS.get(match[4], match[4])}" if match[4] else ""
    return f"expected {wanted}{got}; correct it and send the row again"


_MONEY = frozenset({"paid", "gross", "net", "tax", "levy", "fee", "price", "declared_value"})
