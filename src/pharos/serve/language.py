"""The languages of pages: their words, and how numbers, days and moments are written.

In: the catalogues in locale/, a folder of TOML files for each language. Out: a Language. Knows no
page.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import get_currency_name

from pharos.measure.catalogue import BY_NAME, Measure
from pharos.words import numerals

#: The languages of pages, the first for readers who ask for neither.
LANGUAGES = ("en", "zh")
#: Ratios that are a part of a whole; others are plain quotients.
_PARTS_OF_ONE = ("box_office_share", "screening_share", "seat_share", "prime_time_share",
                 "online_share", "occupancy", "refund_rate", "change_day", "change_week",
                 "change_year")  # fmt: skip
#: Small amounts, days and places, which no language counts in tens of thousands.
_IN_FULL = ("average_ticket_price", "per_seat_average", "days_on_release", "rank")
#: What stands where there is no number.
NOTHING = "–"
#: The tag of what is in no language, such as names and rows of files.
NO_LANGUAGE = "zxx"


@dataclass(frozen=True, slots=True)
class Language:
    """One language of pages."""

    code: str
    words: Mapping[str, Any]

    @property
    def tag(self) -> str:
        """What ``lang`` of a page says."""
        return str(self.words["tag"])

    def say(self, key: str, **parts: Any) -> str:  # noqa: ANN401
        """A sentence of the catalogue, ``section.key``, with its parts filled in."""
        section, _, name = key.partition(".")
        return str(self.words[section][name]).format(**parts)

    def known(self, section: str, name: str) -> str | None:
        """A word if the catalogue has it."""
        found = self.words[section].get(name)
        return None if found is None else str(found)

    def number(self, measure: str, value: Any) -> str:  # noqa: ANN401
        """A cell of an answer as a reader sees it."""
        if value is None:
            return NOTHING
        made: Measure = BY_NAME[measure]
        if measure.startswith("change_"):
            return numerals.change(value)
        if measure in _PARTS_OF_ONE:
            return numerals.percent(value)
        if made.unit == "ratio":
            return numerals.one_decimal(value)
        if measure in _IN_FULL:
            return numerals.grouped(value)
        return self.amount(value)

    def amount(self, value: str | int | Decimal) -> str:
        """An amount or a count, as large numbers are written in this language."""
        return _AMOUNT[self.code](value)

    def exact(self, value: Any) -> str:  # noqa: ANN401
        """All digits of a number."""
        return numerals.grouped(value)

    def money(self, amount: str, currency: str) -> str:
        """An amount, already written, with its currency."""
        if self.code == "en":
            return f"{currency} {amount}"
        return amount + ("元" if currency == "CNY" else get_currency_name(currency, locale="zh"))

    def part_of(self, number: int, whole: int) -> str:
        """A part of a whole in per cent."""
        return numerals.part_of(number, whole)

    def day(self, day: date) -> str:
        """A day with its weekday."""
        return self.written(day, _DAY[self.code])

    def short_day(self, day: str) -> str:
        """A date (ISO 8601) as short as it can be told within a year."""
        return self.written(date.fromisoformat(day), _SHORT_DAY[self.code])

    def month(self, first: date) -> str:
        """The month of a day, and its year."""
        return self.written(first, _MONTH[self.code])

    def written(self, day: date, form: str) -> str:
        """A day by a pattern of the Common Locale Data Repository (UTS 35, Dates)."""
        return format_date(day, form, locale=self.tag.replace("-", "_"))

    def move(self, places: int) -> str:
        """Places gained or lost."""
        return f"▲{places}" if places > 0 else f"▼{-places}" if places else "="

    def weekday(self, number: int) -> str:
        """A day of the week, 1 is Monday."""
        # The first of January 2024 was one.
        return self.written(date(2024, 1, number), "EEEE")

    def moment(self, moment: datetime, zone: str) -> str:
        """A moment in a zone, to the second, with the offset that it has there."""
        local = moment.astimezone(ZoneInfo(zone))
        offset = f"{local:%z}"
        return f"{local:%Y-%m-%d %H:%M:%S} UTC{offset[:3]}:{offset[3:]}"

    def reason(self, said: str) -> str:
        """Why there is no number; in English where no translation is known."""
        known = self.words["reasons"].items()
        return next((told for start, told in known if said.startswith(start)), said)

    def sentence(self, said: str) -> tuple[str, str]:
        """What a rule says, and its language where that is not this one.

        The catalogue translates sentences of rules with their parts, such as "{work} is missing".
        """
        if self.code == "en":
            return said, ""
        for pattern, told in _sentences(self.code):
            if match := pattern.fullmatch(said):
                return told.format(**match.groupdict()), ""
        return said, "en"


@cache
def _sentences(code: str) -> list[tuple[re.Pattern[str], str]]:
    """The sentences of rules that a language translates: what finds them, and what they become."""
    known = language(code).words["sentences"].items()
    return [(re.compile(_PART.sub(r"(?P<\1>.*?)", re.escape(said))), told) for said, told in known]


#: A part of a sentence, as `re.escape` writes it.
_PART = re.compile(r"\\\{(\w+)\\\}")
_AMOUNT: Mapping[str, Callable[[Any], str]] = {"en": numerals.grouped, "zh": numerals.in_wan}
_DAY = {"en": "EEEE, d MMMM y", "zh": "y年M月d日 EEEE"}
_MONTH = {"en": "MMMM y", "zh": "y年M月"}
_SHORT_DAY = {"en": "EEE d MMM", "zh": "M月d日 EEE"}


@cache
def language(code: str) -> Language:
    """A language by its code, one of LANGUAGES."""
    words: dict[str, Any] = {}
    for file in (resources.files("pharos.serve") / "locale" / code).iterdir():
        found = tomllib.loads(file.read_text("utf-8"))
        if known := words.keys() & found.keys():
            raise ValueError(f"{file.name} says {known} a second time")
        words |= found
    return Language(code, words)


def preferred(accepted: str) -> str:
    """The language that a reader prefers, by ``Accept-Language``."""
    found = []
    for nth, part in enumerate(accepted.split(",")[:20]):
        tag, _, quality = part.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        weight = quality.strip().removeprefix("q=") or "1"
        if code in LANGUAGES and weight.replace(".", "", 1).isdecimal() and Decimal(weight):
            found.append((-Decimal(weight), nth, code))
    return min(found)[2] if found else LANGUAGES[0]
