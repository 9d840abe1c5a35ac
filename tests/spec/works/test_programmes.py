"""Double features: money is split over the works to the last cent; people saw all of them."""

from tests.spec.harness import Spec, ratio


def test_money_is_split_to_the_last_cent(spec: Spec) -> None:
    """Of 10.01 the first half is rounded down, and the second is what remains."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work  | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X + Y | 3          | 10.01
        """,
    )
    spec.ask("gross", by="work", gives={"X": 5_00, "Y": 10_01 - 5_00})
    spec.ask("gross", gives=5_00 + 5_01)


def test_people_and_screenings_belong_to_every_work(spec: Spec) -> None:
    """They count in full for each work and once in the total, so they do not add over works."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work  | seats | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X + Y | 100   | 30         | 360.00
        A1     | s2        | 2024-03-01 22:00 | X     | 100   | 10         | 120.00
        """,
    )
    spec.ask(
        "admissions screenings seats_offered",
        by="work",
        gives={"X": (30 + 10, 1 + 1, 100 + 100), "Y": (30, 1, 100)},
    )
    spec.ask("admissions screenings seats_offered works", gives=(30 + 10, 1 + 1, 100 + 100, 2))
    spec.ask("gross", by="work", gives={"X": 180_00 + 120_00, "Y": 180_00})
    spec.ask(
        "box_office_share screening_share",
        by="work",
        gives={
            "X": (ratio(180_00 + 120_00, 360_00 + 120_00), ratio(2, 2)),
            "Y": (ratio(180_00, 360_00 + 120_00), ratio(1, 2)),
        },
    )


def test_weights_share_the_money(spec: Spec) -> None:
    """The long film has 2 parts of 3: of 10.00 the first third is 3.33 and the rest 6.67."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work      | admissions | gross | tax
        A1     | s1        | 2024-03-01 19:00 | X:1 + Y:2 | 2          | 10.00 | 0.50
        """,
    )
    spec.ask(
        "gross tax net_gross",
        by="work",
        gives={"X": (3_33, 16, 3_33 - 16), "Y": (6_67, 34, 6_67 - 34)},
    )


def test_three_works_and_odd_cents(spec: Spec) -> None:
    """Every line is split by itself, so ticket types add up for each work too."""
    spec.send(
        "screening_totals",
        """
        ticket_type | admissions | gross
        adult       | 1          | 10.00
        child       | 1          | 5.00
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X + Y + Z",
    )
    spec.ask(
        "gross",
        by="work ticket_type",
        gives={
            ("X", "adult"): 3_33,
            ("Y", "adult"): 6_66 - 3_33,
            ("Z", "adult"): 10_00 - 6_66,
            ("X", "child"): 1_66,
            ("Y", "child"): 3_33 - 1_66,
            ("Z", "child"): 5_00 - 3_33,
        },
    )
    spec.ask("gross", by="work", gives={"X": 3_33 + 1_66, "Y": 3_33 + 1_67, "Z": 3_34 + 1_67})
    spec.ask("gross", gives=10_00 + 5_00)


def test_a_refund_undoes_its_sale_in_every_work(spec: Spec) -> None:
    """A refund is split as its sale was: nothing is left over in either work."""
    spec.send(
        "tickets",
        """
        number | event  | paid  | sold_at
        1      | sale   | 10.01 | 2024-03-01 18:00
        2      | sale   | 10.01 | 2024-03-01 18:00
        3      | refund | 10.01 | 2024-03-01 18:30
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X + Y",
    )
    spec.ask(
        "gross admissions",
        by="work",
        gives={
            "X": (5_00 + 5_00 - 5_00, 1 + 1 - 1),
            "Y": (5_01 + 5_01 - 5_01, 1 + 1 - 1),
        },
    )


def test_a_distributor_of_both_works_has_the_screening_once(spec: Spec) -> None:
    """Whatever the dimension: people and screenings count once in each of its values."""
    spec.send(
        "register work",
        """
        work | names   | distributor
        X    | en:One  | North
        Y    | en:Two  | North
        Z    | en:Three | South
        """,
    )
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work      | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X + Y + Z | 9          | 9.00
        """,
    )
    spec.ask(
        "gross admissions screenings",
        by="distributor",
        gives={"North": (3_00 + 3_00, 9, 1), "South": (3_00, 9, 1)},
    )
