"""How numbers are written in the cells of a table.

In: cells. Out: decimal sign, sign between thousands, further signs. Knows no column.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pharos.arrive.cells import Notation, plain_number
from pharos.arrive.documents import Shown
from pharos.errors import UnreadableRow

_POINT, _COMMA = (".", ","), (",", ".")
_ALL = (_POINT, _COMMA, (",", " "), (".", " "), (".", "'"), (".", "’"), (",", "'"))
_FIRST = {
    **dict.fromkeys(("de", "es", "it", "pt"), _COMMA),
    **dict.fromkeys(("fr", "pl", "ru"), (",", " ")),
}
#: A number and what stands around it.
_AROUND = re.compile(r"([^\d.,+\-−]*?)\s*[-+−]?[\d.,'’ ]*\d[^\w]*?\s*([^\d\s.,]*)")
#: What people write where there is nothing.
NOTHING = frozenset({"-", "–", "—", "--", "n/a", "N/A", "x", "/", "."})


@dataclass(frozen=True, slots=True)
class NumbersWritten:
    """How numbers are written; ``nothing`` are the words for none."""

    decimal: str = "."
    thousands: str = ""
    signs: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()


def is_number(cell: str) -> bool:
    """Whether a cell holds a number in any notation."""
    if isinstance(cell, Shown):
        return True
    match = _AROUND.fullmatch(" ".join(cell.split()))
    return match is not None and len(match[1]) <= 4 and len(match[2]) <= 4


def numbers_written(cells: Iterable[str], language: str) -> NumbersWritten:
    """How the cells that are texts write numbers; spreadsheets hold most numbers as such."""
    filled = [cell for cell in cells if cell.strip()]
    texts = [" ".join(cell.split()) for cell in filled if not isinstance(cell, Shown)]
    nothing = tuple(dict.fromkeys(text for text in texts if text in NOTHING))
    said = [text for text in dict.fromkeys(texts) if is_number(text)]
    signs = Counter(sign.strip() for text in texts for sign in _signs(text))
    # A letter in one cell is a slip of the hand, in many it is a unit.
    often = [s for s, times in signs.items() if _is_money(s) or times > max(1, len(filled) // 5)]
    found = tuple(sign for sign in often if sign)
    ways = dict.fromkeys((_FIRST.get(language, _POINT), *_ALL))
    fitting = {way: sum(_fits(text, Notation(*way, found)) for text in said) for way in ways}
    # One slip of the hand must not hide how the others are written; of two ways the first.
    decimal, thousands = max(ways, key=lambda way: fitting[way])
    if not fitting[decimal, thousands]:
        return NumbersWritten(signs=found, nothing=nothing)
    used = any(thousands in text for text in said)
    return NumbersWritten(decimal, thousands if used else "", found, nothing)


def _signs(text: str) -> set[str]:
    match = _AROUND.fullmatch(text)
    return set(match.groups()) if match else set()


def _is_money(sign: str) -> bool:
    return all(unicodedata.category(letter) == "Sc" for letter in sign)


def _fits(text: str, notation: Notation) -> bool:
    try:
        number = plain_number("", text, notation)
    except UnreadableRow:
        return False
    # No currency of a cinema has three decimals: 1,257 is more than a thousand.
    return len(number.partition(".")[2]) <= 2
