from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharos.errors import BadAmount, BadProgramme, CurrencyMismatch, UnknownCurrency
from pharos.words.money import (
    LARGEST_MINOR,
    Money,
    Price,
    decimal_text,
    exponent,
    split,
    to_minor,
)

CURRENCIES = st.sampled_from(("CNY", "USD", "JPY", "KRW", "KWD", "CLF"))
AMOUNTS = st.integers(-LARGEST_MINOR, LARGEST_MINOR)
WEIGHTS = st.lists(st.integers(1, 10_000), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("currency", "places"), [("CNY", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("CLF", 4)]
)
def test_exponent(currency: str, places: int) -> None:
    assert exponent(currency) == places


@pytest.mark.parametrize("code", ["", "cny", "ABC", "CN", "CNYY", "DEFAULT", "人民币"])
def test_a_code_that_is_no_currency_is_refused(code: str) -> None:
    with pytest.raises(UnknownCurrency, match="give an ISO 4217 code in capitals"):
        exponent(code)


def test_a_currency_in_small_letters_is_told_its_name() -> None:
    with pytest.raises(UnknownCurrency, match="did you mean CNY"):
        exponent("cny")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("41.40", "CNY", 4140),
        ("-41.40", "CNY", -4140),
        ("41.4", "CNY", 4140),
        ("41", "CNY", 4100),
        ("41.4000", "CNY", 4140),
        ("0.05", "USD", 5),
        ("-0.00", "USD", 0),
        ("007.50", "USD", 750),
        ("12000", "KRW", 12000),
        ("12000.00", "KRW", 12000),
        ("1.234", "KWD", 1234),
        ("10000000000000.00", "USD", LARGEST_MINOR),
    ],
)
def test_to_minor_is_exact(text: str, currency: str, minor: int) -> None:
    assert to_minor(text, currency) == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "+1",
        "1,000.00",
        "1.",
        ".5",
        "1e3",
        "--1",
        "NaN",
        "$5",
        "１",
        "1\n",
        "9" * 5000,
    ],
)
def test_a_text_that_is_no_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount, match=r"write plain digits with a point, such as -41\.40"):
        to_minor(text, "USD")


@pytest.mark.parametrize(
    ("text", "currency"), [("0.005", "USD"), ("12.5", "JPY"), ("1.2345", "KWD")]
)
def test_an_amount_finer_than_its_currency_is_refused(text: str, currency: str) -> None:
    with pytest.raises(BadAmount, match="state the exact amount, Pharos rounds nothing"):
        to_minor(text, currency)


def test_an_amount_beyond_the_largest_is_refused() -> None:
    with pytest.raises(BadAmount, match=r"largest amount one figure may state \(10000000000000"):
        to_minor("10000000000000.01", "USD")


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (84600825, "USD", "846008.25"),
        (-5, "USD", "-0.05"),
        (0, "USD", "0.00"),
        (-12000, "KRW", "-12000"),
        (7, "KWD", "0.007"),
    ],
)
def test_decimal_text(minor: int, currency: str, text: str) -> None:
    assert decimal_text(minor, currency) == text


@given(AMOUNTS, CURRENCIES)
def test_text_and_minor_units_are_each_others_inverse(minor: int, currency: str) -> None:
    text = decimal_text(minor, currency)
    assert to_minor(text, currency) == minor
    assert Decimal(text).scaleb(exponent(currency)) == minor


@given(AMOUNTS, WEIGHTS)
def test_split_parts_add_up_to_the_whole(minor: int, weights: list[int]) -> None:
    parts = split(minor, weights)
    assert len(parts) == len(weights)
    assert sum(parts) == minor


@given(AMOUNTS, WEIGHTS)
def test_split_is_symmetric_in_sign(minor: int, weights: list[int]) -> None:
    assert split(-minor, weights) == tuple(-part for part in split(minor, weights))


@given(AMOUNTS, WEIGHTS)
def test_split_gives_each_part_its_share_to_less_than_one_unit(
    minor: int, weights: list[int]
) -> None:
    total = sum(weights)
    for part, weight in zip(split(minor, weights), weights, strict=True):
        assert abs(part * total - minor * weight) < total
        assert part * minor >= 0


@given(st.integers(0, LARGEST_MINOR - 1), st.integers(1, 10**6), WEIGHTS)
def test_split_is_monotone_in_the_amount_of_its_first_parts(
    minor: int, more: int, weights: list[int]
) -> None:
    smaller, larger = split(minor, weights), split(minor + more, weights)
    for count in range(1, len(weights) + 1):
        assert sum(smaller[:count]) <= sum(larger[:count])


@given(AMOUNTS, WEIGHTS, st.integers(1, 100))
def test_split_knows_only_the_ratio_of_weights(minor: int, weights: list[int], by: int) -> None:
    assert split(minor, weights) == split(minor, [weight * by for weight in weights])


def test_split_examples() -> None:
    assert split(100, (1, 1, 1)) == (33, 33, 34)
    assert split(-100, (1, 1, 1)) == (-33, -33, -34)
    assert split(1, (1, 1)) == (0, 1)
    assert split(1001, (2, 1)) == (667, 334)
    assert split(5, (0, 1)) == (0, 5)


@pytest.mark.parametrize("weights", [(), (0,), (0, 0), (2, -1)])
def test_split_refuses_weights_that_share_nothing(weights: tuple[int, ...]) -> None:
    with pytest.raises(BadProgramme, match="give whole numbers, none negative"):
        split(100, weights)


def test_money_adds_within_its_currency() -> None:
    assert Money(150, "USD") + Money(50, "USD") == Money(200, "USD")
    assert Money(150, "USD") - Money(50, "USD") == Money(100, "USD")
    assert -Money(150, "USD") == Money(-150, "USD")


def test_money_of_two_currencies_is_never_added() -> None:
    sentence = "1.50 USD and 50 KRW cannot be added; ask for each currency by itself"
    with pytest.raises(CurrencyMismatch, match=sentence):
        Money(150, "USD") + Money(50, "KRW")
    with pytest.raises(CurrencyMismatch):
        Money(150, "USD") - Money(50, "KRW")


def test_money_is_shown_grouped() -> None:
    assert str(Money(84600825, "USD")) == "846,008.25 USD"
    assert str(Money(-84600825, "USD")) == "-846,008.25 USD"
    assert str(Money(6328689622, "KRW")) == "6,328,689,622 KRW"


@pytest.mark.parametrize(
    "price",
    [
        Price(4140),
        Price(4140, fee=300),
        Price(4140, net=3700, tax=120, levy=20, fee=300),
        Price(-4140, net=-3840, fee=-300),
        Price(0, net=0, tax=0, levy=0, fee=0),
        Price(4140, net=4140, tax=0),
    ],
)
def test_a_price_whose_parts_fit(price: Price) -> None:
    assert price.problem("CNY") is None


@pytest.mark.parametrize(
    ("price", "sentence"),
    [
        (
            Price(4140, net=3700, tax=120, levy=20, fee=299),
            (
                "paid is 41.40 CNY but its parts net 37.00 + tax 1.20 + levy 0.20 + fee 2.99 "
                "add up to 41.39; send the exact parts"
            ),
        ),
        (
            Price(4140, net=4000, fee=300),
            (
                "paid is 41.40 CNY but its parts net 40.00 + fee 3.00 exceed it: "
                "they add up to 43.00; send the exact parts"
            ),
        ),
        (
            Price(4140, fee=-300),
            "paid is 41.40 CNY but its parts fee -3.00 have not all its sign; send the exact parts",
        ),
        (
            Price(0, fee=300),
            (
                "paid is 0.00 CNY but its parts fee 3.00 exceed it: they add up to 3.00; "
                "send the exact parts"
            ),
        ),
    ],
)
def test_a_price_whose_parts_do_not_fit(price: Price, sentence: str) -> None:
    assert price.problem("CNY") == sentence
