"""What reports describe, numbered: a till says the same words all day.

In: mentions of screenings and days. Out: one number for each that differs, and what they say as
columns by that number, so that whoever works on many lines works on arrays. The numbers hold for
one process; they are never written down.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Texts = NDArray[np.object_]
Column = TypeVar("Column", bound=NDArray[Any])

#: Descriptions kept; a day of a large country has 450,000 screenings.
REMEMBERED = 1_000_000
#: Days are described about once, so fewer of them are kept.
REMEMBERED_DAYS = 10_000

_LOW_63 = (1 << 63) - 1
_UNIX_DAY = date(1970, 1, 1).toordinal()
_SCREENING_LEVEL = 0


class Mention(NamedTuple):
    """A screening, or one work's business day in a cinema, as a report describes it.

    ``start`` is microseconds since 1970 UTC (ABSENT for a day), ``offset_minutes`` local minus UTC,
    ``programme`` the text of a `words.works.Programme`, ``screen`` and ``screening`` empty when
    not said, ``seats`` ABSENT when not said, ``cancelled`` from a schedule.
    """

    level: int
    cinema: str
    screening: str
    start: int
    offset_minutes: int
    screen: str
    programme: str
    business_date: date
    seats: int
    cancelled: bool
    currency: str


class Numbering(dict[str, int]):
    """Texts numbered in the order in which they are first said."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """Start with these texts, each of which differs."""
        self.texts = list(texts)
        super().__init__({text: number for number, text in enumerate(self.texts)})

    def __missing__(self, text: str) -> int:
        """The next number, for a text that is new."""
        self[text] = len(self.texts)
        self.texts.append(text)
        return self[text]


#: The integer columns of descriptions. Texts are numbers of a Numbering, or fingerprints.
COLUMNS = (
    "level",
    "cinema",  # number in Descriptions.cinemas
    "programme",  # number in Descriptions.programmes
    "start",  # microseconds since 1970 UTC
    "offset_minutes",
    "day",  # business date as days since 1970
    "seats",
    "cancelled",
    "screening_print",
    "currency_print",
)


#: The text columns.
TEXTS = ("cinema", "screening", "screen", "programme", "currency")


class Descriptions:
    """Mentions by number: ``items``, and the columns of COLUMNS and TEXTS. For one thread."""

    def __init__(self, before: "Descriptions | None" = None) -> None:
        """Start empty; the numbers of cinemas and programmes go on from ``before``."""
        self.items: list[Mention] = []
        self.cinemas: Numbering = before.cinemas if before else Numbering()
        self.programmes: Numbering = before.programmes if before else Numbering()
        #: Numbers by the very words of a row, for what needs no second look.
        self.by_words: dict[str, int] = {}
        self._numbers: dict[Mention, int] = {}
        self._days = 0
        self._filled = 0
        self._columns: dict[str, Ints] = {name: np.zeros(0, dtype=np.int64) for name in COLUMNS}
        self._texts: dict[str, Texts] = {name: np.zeros(0, dtype=object) for name in TEXTS}

    def __len__(self) -> int:
        """How many descriptions are known."""
        return len(self.items)

    @property
    def full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self.items) > REMEMBERED or self._days > REMEMBERED_DAYS

    def number(self, mention: Mention) -> int:
        """The number of a mention."""
        number = self._numbers.get(mention)
        if number is None:
            number = self._numbers[mention] = len(self.items)
            self.items.append(mention)
            self._days += mention.level != _SCREENING_LEVEL
        return number

    def numbers(self, mentions: Iterable[Mention]) -> Ints:
        """The numbers of mentions."""
        return np.array([self.number(mention) for mention in mentions], dtype=np.int64)

    def column(self, name: str) -> Ints:
        """One column of all descriptions, shape (n,) or longer."""
        if self._filled < len(self.items):
            self._fill()
        return self._columns[name]

    def texts(self, name: str) -> Texts:
        """One text column of all descriptions, shape (n,) or longer."""
        if self._filled < len(self.items):
            self._fill()
        return self._texts[name]

    def _fill(self) -> None:
        fresh, place = self.items[self._filled :], slice(self._filled, len(self.items))
        numbers = np.array([self._row(item) for item in fresh], dtype=np.int64)
        for name, values in zip(COLUMNS, numbers.T, strict=True):
            self._columns[name] = grown(self._columns[name], len(self.items), 0)
            self._columns[name][place] = values
        for name in TEXTS:
            self._texts[name] = grown(self._texts[name], len(self.items), "")
            self._texts[name][place] = [getattr(item, name) for item in fresh]
        self._filled = len(self.items)

    def _row(self, item: Mention) -> tuple[int, ...]:
        return (
            item.level,
            self.cinemas[item.cinema],
            self.programmes[item.programme],
            item.start,
            item.offset_minutes,
            unix_day(item.business_date),
            item.seats,
            item.cancelled,
            text_hash(item.screening),
            text_hash(item.currency),
        )


class Answers:
    """What a question says of each text of a numbering; asked once for each.

    ``question`` gives a number that is not negative, or None while it cannot be answered.
    """

    def __init__(self, numbering: Numbering, question: Callable[[str], int | None]) -> None:
        """Nothing is asked yet."""
        self._texts = numbering.texts
        self._question = question
        self._answers: Ints = np.full(0, -1, dtype=np.int64)

    def of(self, numbers: Ints) -> Ints:
        """The answers for numbers of the numbering; -1 where there is none yet."""
        self._answers = grown(self._answers, len(self._texts), -1)
        open_ones = numbers[self._answers[numbers] < 0]
        for number in set(open_ones.tolist()):
            answer = self._question(self._texts[number])
            if answer is not None:
                self._answers[number] = answer
        return self._answers[numbers]


def grown(column: Column, size: int, filler: int | str) -> Column:
    """The same column with room for ``size`` values, what is new holds ``filler``."""
    if len(column) >= size:
        return column
    room = max(size, len(column) + len(column) // 2) - len(column)
    longer: Column = np.append(column, np.full(room, filler, dtype=column.dtype))  # type: ignore[assignment]
    return longer


def unix_day(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - _UNIX_DAY


@lru_cache(maxsize=65_536)
def text_hash(text: str) -> int:
    """The first 8 bytes of BLAKE2b of a text, without the top bit; 1 instead of 0."""
    digest = blake2b(text.encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") & _LOW_63) or 1
