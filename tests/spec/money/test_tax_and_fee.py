"""Price paid holds fee and tax; a basis takes them off where they are known, never by a guess."""

from tests.spec.harness import Spec, ratio, unknown


def test_tax_in_and_out(spec: Spec) -> None:
    """Gross has the tax inside; on the basis without tax, gross is what remains."""
    spec.home_in("FR")
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | gross  | tax
        A1     | s1        | 2024-03-01 19:00 | X    | 10         | 105.50 | 5.50
        A1     | s2        | 2024-03-01 21:30 | X    | 2          | 21.10  | 1.10
        """,
    )
    spec.ask("gross tax net_gross", gives=(105_50 + 21_10, 5_50 + 1_10, 100_00 + 20_00))
    spec.ask("gross", basis="without_tax", gives=(105_50 - 5_50) + (21_10 - 1_10))
    spec.ask("average_ticket_price", basis="without_tax", gives=ratio(100_00 + 20_00, 10 + 2))


def test_fee_in_and_out(spec: Spec) -> None:
    """The service fee is part of the price paid; what is shared with the distributor is not."""
    spec.home_in("CN")
    spec.send(
        "tickets",
        """
        cinema | screening | start            | work | number | paid  | fee  | sold_at
        A1     | s1        | 2024-03-01 19:00 | X    | 1      | 42.90 | 3.00 | 2024-02-28 10:00
        A1     | s1        | 2024-03-01 19:00 | X    | 2      | 42.90 | 3.00 | 2024-02-28 10:00
        A1     | s1        | 2024-03-01 19:00 | X    | 3      | 39.90 | 0.00 | 2024-03-01 18:50
        """,
    )
    spec.ask("gross service_fee", gives=(42_90 + 42_90 + 39_90, 3_00 + 3_00 + 0))
    spec.ask("net_of_fee_gross", gives=(42_90 - 3_00) + (42_90 - 3_00) + 39_90)
    spec.ask("gross", basis="without_fee", gives=39_90 + 39_90 + 39_90)


def test_a_fee_that_is_not_known_is_not_nought(spec: Spec) -> None:
    """One line without its fee makes the fee of its sum unknown, and nothing else."""
    spec.home_in("CN")
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | gross  | fee
        A1     | s1        | 2024-03-01 19:00 | X    | 10         | 429.00 | 30.00
        A1     | s2        | 2024-03-01 21:30 | Y    | 5          | 210.00 |
        """,
    )
    spec.ask("gross", by="work", gives={"X": 429_00, "Y": 210_00})
    spec.ask(
        "net_of_fee_gross service_fee",
        by="work",
        gives={"X": (429_00 - 30_00, 30_00), "Y": (unknown("fee"), unknown("fee"))},
    )
    spec.ask("gross net_of_fee_gross", gives=(429_00 + 210_00, unknown("fee")))


def test_fee_and_tax_both_out(spec: Spec) -> None:
    """Each is taken off once; both must be known."""
    spec.home_in("CN")
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | gross  | fee   | tax
        A1     | s1        | 2024-03-01 19:00 | X    | 10         | 429.00 | 30.00 | 13.20
        A2     | s1        | 2024-03-01 19:00 | X    | 10         | 400.00 | 0.00  |
        """,
    )
    spec.ask(
        "gross",
        by="cinema",
        basis="without_fee_and_tax",
        gives={"A1": 429_00 - 30_00 - 13_20, "A2": unknown("tax")},
    )
    spec.ask("gross", by="cinema", basis="without_fee", gives={"A1": 399_00, "A2": 400_00})


def test_a_refund_gives_back_its_own_tax_and_fee(spec: Spec) -> None:
    """A refund may keep the fee: it subtracts what it says, not what the sale said."""
    spec.home_in("CN")
    spec.send(
        "tickets",
        """
        number | event  | paid  | fee  | tax  | sold_at
        1      | sale   | 43.00 | 3.00 | 1.20 | 2024-02-28 10:00
        2      | sale   | 43.00 | 3.00 | 1.20 | 2024-02-28 10:00
        3      | refund | 40.00 | 0.00 | 1.20 | 2024-02-29 09:00
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X",
    )
    spec.ask(
        "gross service_fee tax admissions",
        gives=(43_00 + 43_00 - 40_00, 3_00 + 3_00 - 0, 1_20 + 1_20 - 1_20, 1 + 1 - 1),
    )
