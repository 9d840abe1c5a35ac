"""What the cell of a table says: numbers and times as people write them.

In: the text of a cell and the notation that its mapping declares. Out: plain decimal text, local
or aware times. Knows no column and no row.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from pharos.errors import UnreadableRow
from pharos.words.published import Relation
from pharos.words.works import tidy_name

#: Directives of strptime that read the same everywhere; names of months and days are English.
DIRECTIVES = frozenset("aAbBdfHIjmMpSyYzZ%")


@dataclass(frozen=True, slots=True)
class Notation:
    """How numbers are written: decimal sign, thousands separator, signs to be left out.

    ``multipliers`` are words behind a number and what they multiply it by (万 is 10000); ``none``
    are cells that say nothing.
    """

    decimal: str = "."
    thousands: str = ""
    signs: tuple[str, ...] = ()
    multipliers: tuple[tuple[str, Decimal], ...] = ()
    none: tuple[str, ...] = ()


@lru_cache(maxsize=16_384)
def plain_number(field: str, cell: str, notation: Notation) -> str:
    """The plain decimal text of a number: "1 257,75 €" becomes "1257.75". Raises UnreadableRow.

    A thousands separator is accepted only before full groups of digits, so that a decimal sign
    is never taken for one.
    """
    said = cell
    for sign in notation.signs:
        said = said.replace(sign, "")
    said = " ".join(said.split()).replace("\N{MINUS SIGN}", "-")
    match = _pattern(notation).fullmatch(said)
    if match is None:
        raise UnreadableRow(
            "bad_number",
            f"{field} is {cell[:40]!r}; expected a number with {notation.decimal!r} before the "
            f"decimals and {_thousands(notation)}: correct the cell, or [numbers] in the mapping",
        )
    whole = match["whole"].replace(notation.thousands or ",", "")
    decimals = f".{match['decimals']}" if match["decimals"] else ""
    return f"{match['sign']}{whole}{decimals}"


def whole_number(field: str, cell: str, notation: Notation) -> int:
    """A whole number; decimals may only be zeros. Raises UnreadableRow."""
    whole, _, decimals = plain_number(field, cell, notation).partition(".")
    if decimals.strip("0") or len(whole) > 19:
        raise UnreadableRow(
            "bad_number", f"{field} is {cell[:40]!r}; expected a whole number: correct the cell"
        )
    return int(whole)


@dataclass(frozen=True, slots=True)
class Stated:
    """A number as it was printed, what a word behind it multiplies it by, and its relation."""

    number: Decimal
    factor: Decimal = Decimal(1)
    relation: Relation = Relation.EQUAL


#: How a printed number says that it is a bound or about right.
_RELATIONS = {
    "<": Relation.BELOW,
    "\N{FULLWIDTH LESS-THAN SIGN}": Relation.BELOW,
    ">": Relation.ABOVE,
    "\N{FULLWIDTH GREATER-THAN SIGN}": Relation.ABOVE,
    "~": Relation.ABOUT,
    "\N{ALMOST EQUAL TO}": Relation.ABOUT,
}


@lru_cache(maxsize=65_536)
def stated_number(field: str, cell: str, notation: Notation) -> Stated | None:
    """What a cell prints as a number: "<0.1%", "5.11亿"; None where it says nothing.

    Raises UnreadableRow.
    """
    said = tidy_name(cell)
    if not said or said in notation.none:
        return None
    relation = _RELATIONS.get(said[0])
    rest = said[1:] if relation else said
    factor = Decimal(1)
    for word, times in notation.multipliers:
        if rest.endswith(word):
            rest, factor = rest[: -len(word)], times
            break
    number = Decimal(plain_number(field, rest, notation))
    return Stated(number, factor, relation or Relation.EQUAL)


@lru_cache(maxsize=16_384)
def read_time(field: str, cell: str, formats: tuple[str, ...]) -> datetime:
    """A time as one of the formats, or else ISO 8601, says it. Raises UnreadableRow."""
    said = tidy_name(cell)
    for form in formats:
        try:
            return datetime.strptime(said, form)
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(said)
    except ValueError as problem:
        expected = " or ".join([*map(repr, formats), "ISO 8601 such as 2022-10-01 19:30"])
        raise UnreadableRow(
            "bad_time",
            f"{field} is {cell[:40]!r}; expected {expected}: correct the cell, or the format in "
            "the mapping",
        ) from problem


@lru_cache(maxsize=64)
def _pattern(notation: Notation) -> re.Pattern[str]:
    decimal, group = re.escape(notation.decimal), re.escape(notation.thousands)
    whole = r"\d+"
    if notation.thousands:
        # Groups of two digits are those of lakh and crore; the last group always has three.
        whole = rf"\d+|\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}}"
    return re.compile(
        rf"(?P<sign>-?)\+?(?P<whole>{whole})(?:{decimal}(?P<decimals>\d*))?", re.ASCII
    )


def _thousands(notation: Notation) -> str:
    if not notation.thousands:
        return "no sign between thousands"
    return f"{notation.thousands!r} or nothing between thousands"
