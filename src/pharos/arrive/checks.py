"""Sums that a row promises, such as "admissions * price = gross".

In: a sum as text, and the figures of a row. Out: a sentence where it does not hold. Changes no
figure: what the row states counts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from pharos.errors import BadMapping, nearest
from pharos.words.figures import ABSENT
from pharos.words.money import decimal_text

COUNTS = frozenset({"admissions", "quantity", "refunds", "screenings", "seats"})
AMOUNTS = frozenset({"gross", "paid", "price", "net", "tax", "levy", "fee", "declared_value"})

_SUM = re.compile(r"\s*([a-z_]+)\s*([*+])\s*([a-z_]+(?:\s*\+\s*[a-z_]+)*)\s*=\s*([a-z_]+)\s*")


@dataclass(frozen=True, slots=True)
class Check:
    """Terms that multiply (``*``) or add up (``+``) to a stated figure."""

    text: str
    terms: tuple[str, ...]
    sign: str
    total: str

    def problem(self, figures: Mapping[str, int], currency: str) -> str | None:
        """A sentence if the sum does not hold; None if it does, or if a term is not said."""
        terms = [figures.get(name, ABSENT) for name in self.terms]
        stated = figures.get(self.total, ABSENT)
        if ABSENT in terms or stated == ABSENT:
            return None
        made = prod(terms) if self.sign == "*" else sum(terms)
        if made == stated:
            return None
        shown = [
            _shown(name, value, currency) for name, value in zip(self.terms, terms, strict=True)
        ]
        return (
            f"{self.text} does not hold: {f' {self.sign} '.join(shown)} is "
            f"{_shown(self.total, made, currency)}, the row says "
            f"{_shown(self.total, stated, currency)}, which counts; check the row"
        )


def parse_check(text: str) -> Check:
    """The check that a text writes, such as "net + tax + levy + fee = gross". Raises BadMapping."""
    match = _SUM.fullmatch(text)
    if match is None or (match[2] == "*" and "+" in match[3]):
        raise BadMapping(
            f'check {text!r} cannot be read; write "admissions * price = gross" or '
            '"net + tax = gross"'
        )
    terms = (match[1], *(name.strip() for name in match[3].split("+")))
    total = match[4]
    for name in (*terms, total):
        if name not in COUNTS | AMOUNTS:
            known = nearest(name, COUNTS | AMOUNTS)
            raise BadMapping(f"check {text!r}: {name} is no figure; {known}")
    amounts = sum(name in AMOUNTS for name in terms)
    # Counts may only make a count; one amount times a count, or a sum of amounts, makes an amount.
    needed = 0 if total in COUNTS else 1 if match[2] == "*" else len(terms)
    if amounts != needed:
        raise BadMapping(f"check {text!r} mixes counts and amounts so that its units do not fit")
    return Check(" ".join(text.split()), terms, match[2], total)


#: What a native row of totals promises by stating a price.
NATIVE_CHECKS = (parse_check("admissions * price = gross"),)


def _shown(name: str, value: int, currency: str) -> str:
    return f"{decimal_text(value, currency)} {currency}" if name in AMOUNTS else str(value)
