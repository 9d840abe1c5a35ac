"""The sums of a spec as people read them: 400_00 + 35_50 becomes 400.00 + 35.50 = 435.50.

In: a measure, an expected number, the source text of its sum. Out: one cell of a page.
Must not know how any number came about.
"""

import ast
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from pharos.words.money import exponent
from tests.oracle import COUNTS

#: Ratios of money to a count, shown as money.
PRICES = (
    *("average_ticket_price", "per_theatre_average"),
    *("per_screen_average", "per_seat_average"),
)
#: Ratios of money to money.
OF_MONEY = ("box_office_share", "change_day", "change_week", "change_year", "multiplier")
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "×"}


def cell(measure: str, value: int | Fraction, currency: str, source: ast.expr | None) -> str:
    """The sum and what it comes to."""
    places = exponent(currency) if currency else 0
    money = measure not in (*COUNTS, "rank")
    if isinstance(value, Fraction):
        shown, sign = _ratio_text(measure, value, places)
    else:
        shown, sign = (_amount(value, places) if money else f"{value:,}"), "="
    sums = _sum_of(source, measure, places) if source is not None else ""
    return f"{sums} {sign} **{shown}**" if sums and sums != shown else f"**{shown}**"


def _sum_of(source: ast.expr, measure: str, places: int) -> str:
    try:
        if isinstance(source, ast.Call):
            top, bottom = source.args
            top_money = measure in (*PRICES, *OF_MONEY)
            bottom_money = measure in OF_MONEY
            upper = _bracketed(top, top_money, places)
            return f"{upper} / {_bracketed(bottom, bottom_money, places)}"
        return _text(source, measure not in (*COUNTS, "rank"), places)
    except (TypeError, ValueError, KeyError):
        # A sum that is not written out in place has no text of its own.
        return ""


def _text(node: ast.expr, money: bool, places: int) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return _amount(node.value, places) if money else f"{node.value:,}"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return f"-{_text(node.operand, money, places)}"
    if isinstance(node, ast.BinOp):
        sign = _SIGNS[type(node.op)]
        if sign == "×":
            # Specs write how many first, and of what after it.
            left = _bracketed(node.left, False, places)
            return f"{left} × {_bracketed(node.right, money, places)}"
        first = _text(node.left, money, places)
        second = node.right
        # A group in brackets stays one, so that what belongs together is seen.
        grouped = isinstance(second, ast.BinOp) and not isinstance(second.op, ast.Mult)
        shown = _bracketed(second, money, places) if grouped else _text(second, money, places)
        return f"{first} {sign} {shown}"
    raise TypeError


def _bracketed(node: ast.expr, money: bool, places: int) -> str:
    text = _text(node, money, places)
    return f"({text})" if isinstance(node, ast.BinOp) else text


def _amount(minor: int, places: int) -> str:
    return f"{Decimal(minor).scaleb(-places):,.{places}f}"


def _ratio_text(measure: str, value: Fraction, places: int) -> tuple[str, str]:
    price = measure in PRICES
    shown_places = places if price else 4
    exact = value / 10**places if price else value
    number = Decimal(exact.numerator) / Decimal(exact.denominator)
    rounded = number.quantize(Decimal(1).scaleb(-shown_places), ROUND_HALF_UP)
    sign = "=" if Fraction(rounded) == exact else "≈"
    return (f"{rounded:,}" if price else f"{rounded.normalize():f}"), sign
