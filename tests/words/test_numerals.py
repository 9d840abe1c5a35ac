"""Numbers are written as people read them, and lose nothing that they should not."""

from decimal import Decimal
from fractions import Fraction

import pytest
from babel.numbers import format_compact_decimal, format_decimal
from hypothesis import given
from hypothesis import strategies as some

from pharos.words import numerals


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0", "0"),
        ("9999.99", "9,999.99"),
        ("10000", "1.00万"),
        ("10050", "1.01万"),
        ("-10050", "-1.01万"),
        ("12345678.90", "1,234.57万"),
        ("99994999", "9,999.50万"),
        ("99999949.99", "9,999.99万"),
        ("99999950", "1.00亿"),
        ("149701234520", "1,497.01亿"),
        ("-9999.99", "-9,999.99"),
        (406_500, "40.65万"),
    ],
)
def test_in_wan(number: str | int, shown: str) -> None:
    assert numerals.in_wan(number) == shown


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [("0.184500", "18.5%"), ("0.0004", "0.0%"), ("1", "100.0%"), ("-0.5", "-50.0%"),
     ("12.3456", "1,234.6%"), ("0.0005", "0.1%")],
)  # fmt: skip
def test_percent(ratio: str, shown: str) -> None:
    assert numerals.percent(Decimal(ratio)) == shown


def test_only_the_whole_is_all_of_it() -> None:
    assert numerals.part_of(12_103, 12_103) == "100.0%"
    assert numerals.part_of(12_102, 12_103) == "99.9%"
    assert numerals.part_of(0, 12_103) == "0.0%"


def test_one_decimal() -> None:
    assert numerals.one_decimal(Decimal("1234.25")) == "1,234.3"


@given(some.integers(-(10**15), 10**15))
def test_grouped_says_every_digit(minor: int) -> None:
    text = f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"
    shown = numerals.grouped(text)
    assert shown.replace(",", "") == text
    assert shown == format_decimal(Decimal(text), "#,##0.00", locale="en")


@given(some.integers(10_000, 99_999_949) | some.integers(100_000_000, 10**12 - 10**6))
def test_in_wan_agrees_with_unicodes_tables(number: int) -> None:
    unit = 10_000 if number < 99_999_950 else 100_000_000
    hundredths = Fraction(number * 100, unit)
    if hundredths.denominator == 2:
        return  # Babel rounds such to even.
    theirs = format_compact_decimal(number, locale="zh", fraction_digits=2)
    ours = numerals.in_wan(number).replace(",", "")
    digits, letter = ours[:-1].rstrip("0").rstrip("."), ours[-1]
    assert theirs == digits + letter


@pytest.mark.parametrize(
    ("ratio", "text"),
    [("0.184", "+18.4%"), ("-0.03", "-3.0%"), ("0", "0.0%"), ("12.5", "+1,250.0%")],
)
def test_a_change_always_has_its_sign(ratio: str, text: str) -> None:
    assert numerals.change(ratio) == text
