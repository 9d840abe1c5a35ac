"""Money as whole minor units of one currency; nothing is ever rounded.

In: decimal text, integers, currency codes. Out: minor units, exact texts, exact shares.
Knows no exchange rate: amounts of two currencies are never added.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel.core import get_global

from pharos.errors import BadAmount, BadProgramme, CurrencyMismatch, UnknownCurrency, nearest

#: The largest amount that a text may state, so that sums of many fit into 64 bits.
LARGEST_MINOR = 10**15

_AMOUNT = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,9}))?")


@lru_cache(maxsize=512)
def exponent(currency: str) -> int:
    """Decimal places of a currency: 2 for USD, 0 for JPY; from Unicode CLDR, by babel.

    CLDR gives what is in use, which for a few currencies is less than ISO 4217 allows (RSD 0).
    Raises UnknownCurrency.
    """
    # babel.numbers.get_currency_precision answers 2 for any nonsense, so the table is read here.
    if currency not in get_global("all_currencies"):
        raise UnknownCurrency(
            f"{currency!r} is no currency code; give an ISO 4217 code in capitals such as CNY: "
            + nearest(currency.upper(), ("BRL", "CAD", "CNY", "EUR", "GBP", "KRW", "TWD", "USD"))
        )
    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[0])


def to_minor(text: str, currency: str) -> int:
    """Minor units of plain decimal text: "-41.40" in USD is -4140. Raises BadAmount.

    Digits beyond the currency's places are accepted only where they are zero.
    """
    places = exponent(currency)
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise BadAmount(
            f"{text[:40]!r} is not an amount; write plain digits with a point, such as "
            f"{decimal_text(-4140, currency)}, without signs of thousands or currency"
        )
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if fraction[places:].strip("0"):
        raise BadAmount(
            f"{text!r} is finer than {currency} allows ({places} decimal places); "
            "state the exact amount, Pharos rounds nothing"
        )
    minor = int(whole + fraction[:places].ljust(places, "0"))
    if minor > LARGEST_MINOR:
        raise BadAmount(
            f"{text!r} {currency} is above the largest amount one figure may state "
            f"({decimal_text(LARGEST_MINOR, currency)}); correct it or split it"
        )
    return -minor if sign else minor


def decimal_text(minor: int, currency: str) -> str:
    """Minor units as exact decimal text without grouping: 84600825 in USD is "846008.25"."""
    whole, fraction = _digits(minor, currency)
    return f"{whole}.{fraction}" if fraction else whole


def split(minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share an amount by integer weights to the last minor unit; the parts add up to it exactly.

    Part i is floor(|m| c_i / W) - floor(|m| c_{i-1} / W) with c the running sum of the weights and
    W their total, with the sign of m; so each part is less than one unit off its exact share.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise BadProgramme(
            f"weights {tuple(weights)} cannot share an amount; give whole numbers, none negative, "
            "at least one of them above 0"
        )
    sign = -1 if minor < 0 else 1
    parts: list[int] = []
    running, given = 0, 0
    for weight in weights:
        running += weight
        reached = abs(minor) * running // total
        parts.append(sign * (reached - given))
        given = reached
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of its currency; adds only to the same currency."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __str__(self) -> str:
        """Grouped for people: "846,008.25 USD"."""
        whole, fraction = _digits(self.minor, self.currency, ",")
        return f"{whole}.{fraction} {self.currency}" if fraction else f"{whole} {self.currency}"

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(
                f"{self} and {other} cannot be added; ask for each currency by itself"
            )


@dataclass(frozen=True, slots=True)
class Price:
    """What was paid, in minor units, and its parts; None where a part is not known."""

    paid: int
    net: int | None = None
    tax: int | None = None
    levy: int | None = None
    fee: int | None = None

    def problem(self, currency: str) -> str | None:
        """A sentence that says why the parts cannot make up what was paid, or None."""
        stated = {"net": self.net, "tax": self.tax, "levy": self.levy, "fee": self.fee}
        parts = {name: part for name, part in stated.items() if part is not None}
        total = sum(parts.values())
        sum_text = " + ".join(f"{name} {decimal_text(m, currency)}" for name, m in parts.items())
        if any(part and (part < 0) != (self.paid < 0) for part in parts.values()):
            fault = "have not all its sign"
        elif len(parts) == len(stated) and total != self.paid:
            fault = f"add up to {decimal_text(total, currency)}"
        elif abs(total) > abs(self.paid):
            fault = f"exceed it: they add up to {decimal_text(total, currency)}"
        else:
            return None
        paid = decimal_text(self.paid, currency)
        return f"paid is {paid} {currency} but its parts {sum_text} {fault}; send the exact parts"


def _digits(minor: int, currency: str, group: str = "") -> tuple[str, str]:
    places = exponent(currency)
    sign = "-" if minor < 0 else ""
    whole, fraction = divmod(abs(minor), 10**places)
    text = f"{sign}{whole:,}" if group else f"{sign}{whole}"
    return text, f"{fraction:0{places}d}" if places else ""
