"""What one value of a report may be: the checks that need nothing but the value itself.

In: values as they were said. Out: integers, or the reason why the row is held.
Knows no format and no other row; what takes a second figure to judge stands in the checks.
"""

import re
from functools import lru_cache

from pharos.errors import BadAmount, UnreadableRow
from pharos.words.figures import ABSENT
from pharos.words.money import to_minor

LARGEST_COUNT = 1_000_000
LARGEST_TOTAL = 10_000_000_000
#: The ledger marks each number that it has heard with its stream in one 64-bit key.
LARGEST_NUMBER = 2**40 - 1
LARGEST_EPOCH = 2**31 - 1
LONGEST_TEXT = 500
MOST_PARTS = 64
FIRST_YEAR = 1895
LAST_YEAR = 2200

_CONTROL = re.compile(r"[\x00-\x1f]")

_minor = lru_cache(maxsize=65_536)(to_minor)


def amount(field: str, text: str | None, currency: str) -> int:
    """Minor units of a stated amount, ABSENT if it is not said. Raises UnreadableRow."""
    if text is None:
        return ABSENT
    try:
        minor = _minor(text, currency)
    except BadAmount as problem:
        raise UnreadableRow("bad_amount", f"{field}: {problem}") from problem
    if minor < 0:
        raise UnreadableRow(
            "negative_amount",
            f"{field} is {text} {currency}; amounts are never negative: "
            "send a refund or void as an event of its own, with what was paid back",
        )
    return minor


def count(field: str, value: int | None, lowest: int = 0, largest: int = LARGEST_COUNT) -> int:
    """A stated count, ABSENT if it is not said. Raises UnreadableRow."""
    if value is None:
        return ABSENT
    if not lowest <= value <= largest:
        raise UnreadableRow(
            "out_of_range",
            f"{field} is {_short(value)}; it must lie between {lowest} and {largest}: "
            "correct it and send the row again",
        )
    return value


def year(field: str, value: int) -> None:
    """Refuse a year before cinema or far ahead. Raises UnreadableRow."""
    if not FIRST_YEAR <= value <= LAST_YEAR:
        raise UnreadableRow(
            "out_of_range",
            f"{field} lies in the year {value}; it must lie between {FIRST_YEAR} and {LAST_YEAR}: "
            "correct it and send the row again",
        )


def length(field: str, text: str) -> None:
    """Refuse a text that is too long. Raises UnreadableRow."""
    if len(text) > LONGEST_TEXT:
        raise UnreadableRow(
            "bad_field",
            f"{field}: longer than {LONGEST_TEXT} characters; shorten it and send the row again",
        )


def plain(field: str, text: str) -> None:
    """Refuse control characters in a text. Raises UnreadableRow."""
    if _CONTROL.search(text):
        raise control_character(field)


def control_character(field: str) -> UnreadableRow:
    """The reason to hold a row of which a field holds a control character."""
    return UnreadableRow(
        "control_character",
        f"{field} holds a control character (such as a tab or line break): send it without",
    )


def _short(value: int) -> str:
    # str() of an int of many thousand digits raises; nobody reads them anyway.
    return str(value) if abs(value) < 10**20 else "a number of more than 20 digits"
