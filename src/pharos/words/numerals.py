"""Numbers as people read them, in English and Chinese.

In: exact numbers. Out: texts; rounding is half up, away from zero. Knows no measure.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

Exact = str | int | Decimal

_WAN, _YI = Decimal(10_000), Decimal(100_000_000)
_HUNDREDTH, _TENTH = Decimal("0.01"), Decimal("0.1")


def grouped(number: Exact) -> str:
    """All digits that there are, in groups of three: 1,234,567.20."""
    return f"{Decimal(number):,f}"


def percent(ratio: Exact) -> str:
    """A ratio in per cent with one decimal: 18.4%."""
    return f"{_rounded(Decimal(ratio) * 100, _TENTH):,f}%"


def change(ratio: Exact) -> str:
    """A change in per cent, its sign always with it: +18.4%, -3.0%."""
    sign = "+" if Decimal(ratio) > 0 else ""
    return sign + percent(ratio)


def part_of(number: int, whole: int) -> str:
    """A part in per cent, rounded down: only the whole is 100.0%."""
    return f"{(Decimal(number) * 100 / whole).quantize(_TENTH, ROUND_DOWN):,f}%"


def one_decimal(number: Exact) -> str:
    """A number with one decimal: 1,234.5."""
    return f"{_rounded(Decimal(number), _TENTH):,f}"


def in_wan(number: Exact) -> str:
    """As Chinese readers count: 1,234.56万 from ten thousand on, 1.23亿 from a hundred million.

    Smaller numbers keep all their digits.
    """
    exact = Decimal(number)
    if abs(exact) < _WAN:
        return grouped(exact)
    in_tens_of_thousands = _rounded(exact / _WAN, _HUNDREDTH)
    # 99,999,999 would be 10,000.00万: the next unit is chosen by what is shown.
    if abs(in_tens_of_thousands) < _WAN:
        return f"{in_tens_of_thousands:,f}万"
    return f"{_rounded(exact / _YI, _HUNDREDTH):,f}亿"


def _rounded(number: Decimal, step: Decimal) -> Decimal:
    return number.quantize(step, ROUND_HALF_UP)
