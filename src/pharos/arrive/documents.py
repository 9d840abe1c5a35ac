"""JSON documents become rows of text: what stands in the document itself, then each of its rows.

In: the bytes of a document and where its rows are. Out: a header with every name, one row for the
document, one for each object of the list. Knows no name and no meaning.
"""

from typing import Any

import msgspec

from pharos.errors import UnreadableTable, nearest

NumberedRow = tuple[int, list[str]]


class Shown(str):
    """The text of a cell that holds a number, with a point before its decimals."""

    __slots__ = ()


#: Numbers stay as they are written: 41.40 is not 41.4.
_decoder = msgspec.json.Decoder(float_hook=Shown)


def document_rows(content: bytes, name: str, path: str) -> list[NumberedRow]:
    """A header of all names, the document's own values as row 2, its list from row 3 on.

    ``path`` names the list, with points between the names on the way ("data.list"); "." is a
    document that is the list itself. Values that are objects or lists are left out; what stands
    in the list must be objects. Raises UnreadableTable.
    """
    try:
        document = _decoder.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as problem:
        raise UnreadableTable(
            f"{name} is no JSON ({problem}); send the answer as it came from its source"
        ) from problem
    own, rows = _found(document, name, path)
    objects = [own, *rows]
    header = list(dict.fromkeys(key for one in objects for key in one))
    return [(1, header)] + [
        (number, [one.get(key, "") for key in header]) for number, one in enumerate(objects, 2)
    ]


def _found(document: Any, name: str, path: str) -> tuple[dict[str, str], list[dict[str, str]]]:  # noqa: ANN401
    """The plain values above the list, and those of its rows. Raises UnreadableTable."""
    own: dict[str, str] = {}
    here = document
    for step in [] if path == "." else path.split("."):
        if not isinstance(here, dict) or step not in here:
            known = list(here) if isinstance(here, dict) else []
            raise UnreadableTable(
                f"{name} has no {path!r}: there is no {step!r} ({nearest(step, known)}); correct "
                "json in the mapping's [table]"
            )
        own |= _plain(here)
        here = here[step]
    if not isinstance(here, list):
        raise UnreadableTable(
            f"{path!r} of {name} is no list; correct json in the mapping's [table]"
        )
    return own, [_row(one, place, name) for place, one in enumerate(here, 1)]


def _row(said: object, place: int, name: str) -> dict[str, str]:
    if isinstance(said, dict):
        return _plain(said)
    raise UnreadableTable(
        f"number {place} of the list in {name} is no object with named values; send the answer as "
        "it came from its source, or correct json in the mapping's [table]"
    )


def _plain(said: dict[str, Any]) -> dict[str, str]:
    return {key: _text(value) for key, value in said.items() if not isinstance(value, dict | list)}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return Shown(value)
