"""Money of two currencies is never added; every row of money bears one currency."""

from tests.spec.harness import Spec, ratio


def test_two_currencies_in_one_market(spec: Spec) -> None:
    """A market of two countries answers money once for each currency, admissions in one sum."""
    spec.home_in("US", "CA")
    spec.send(
        "register cinema",
        """
        cinema | territory
        A1     | US
        C1     | CA
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 120.00
        C1     | 2024-03-01 | X    | 6          | 90.00
        C1     | 2024-03-01 | Y    | 2          | 30.00
        """,
    )
    spec.ask("gross", gives={"USD": 120_00, "CAD": 90_00 + 30_00})
    spec.ask(
        "gross admissions",
        by="work",
        gives={("X", "USD"): (120_00, 10), ("X", "CAD"): (90_00, 6), ("Y", "CAD"): (30_00, 2)},
    )
    spec.ask("admissions", by="work", gives={"X": 10 + 6, "Y": 2})
    spec.ask(
        "box_office_share",
        by="work",
        gives={
            ("X", "USD"): ratio(120_00, 120_00),
            ("X", "CAD"): ratio(90_00, 90_00 + 30_00),
            ("Y", "CAD"): ratio(30_00, 90_00 + 30_00),
        },
    )


def test_a_cinema_may_have_a_currency_of_its_own(spec: Spec) -> None:
    """The register entry goes before the territory's currency, and a row's own word before both."""
    spec.home_in("US")
    spec.send(
        "register cinema",
        """
        cinema | currency
        B1     | CAD
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | currency | admissions | gross
        A1     | 2024-03-01 | X    |          | 1          | 12.00
        B1     | 2024-03-01 | X    |          | 2          | 26.00
        B1     | 2024-03-01 | Y    | USD      | 3          | 33.00
        """,
    )
    spec.ask("gross", gives={"USD": 12_00 + 33_00, "CAD": 26_00})


def test_a_currency_without_cents(spec: Spec) -> None:
    """In won a minor unit is one won: 14,000 is not 140.00."""
    spec.home_in("KR")
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | 10         | 140000
        A1     | s2        | 2024-03-01 21:30 | X    | 3          | 43500
        """,
    )
    spec.ask("gross", by="work", gives={"X": 140_000 + 43_500})
    spec.ask("average_ticket_price", gives=ratio(140_000 + 43_500, 10 + 3))
