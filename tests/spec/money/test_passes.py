"""Passes and free tickets are ticket types: people who came, with what they paid here and now."""

from tests.spec.harness import Spec, ratio, unknown


def test_free_tickets_are_admissions(spec: Spec) -> None:
    """They count as people and add nothing to gross, and so they lower the average price."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | ticket_type | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | adult       | 6          | 52.50
        A1     | s1        | 2024-03-01 19:00 | X    | member      | 1          | 0.00
        A1     | s1        | 2024-03-01 19:00 | X    | press       | 3          | 0.00
        """,
    )
    spec.ask(
        "admissions free_admissions paid_admissions",
        gives=(6 + 1 + 3, 1 + 3, 6),
    )
    spec.ask("average_ticket_price", gives=ratio(52_50, 6 + 1 + 3))


def test_a_pass_pays_nothing_at_the_door(spec: Spec) -> None:
    """What a pass is worth is stated beside what was paid, and is no part of gross."""
    spec.send(
        "tickets",
        """
        number | ticket_type | paid  | declared_value | sold_at
        1      | adult       | 12.00 |                | 2024-03-01 18:00
        2      | pass        | 0.00  | 9.00           | 2024-03-01 18:05
        3      | voucher     | 2.50  | 9.50           | 2024-03-01 18:10
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X",
    )
    spec.ask(
        "gross admissions free_admissions",
        by="ticket_type",
        gives={"adult": (12_00, 1, 0), "pass": (0, 1, 1), "voucher": (2_50, 1, 0)},
    )
    spec.ask("gross admissions free_admissions", gives=(12_00 + 0 + 2_50, 1 + 1 + 1, 0 + 1 + 0))


def test_a_free_ticket_given_back_is_no_longer_free_admission(spec: Spec) -> None:
    """A refund of nothing takes back one person who had paid nothing."""
    spec.send(
        "tickets",
        """
        cinema | screening | start            | work | number | event  | paid | sold_at
        A1     | s1        | 2024-03-01 19:00 | X    | 1      | sale   | 0.00 | 2024-03-01 18:00
        A1     | s1        | 2024-03-01 19:00 | X    | 2      | sale   | 0.00 | 2024-03-01 18:00
        A1     | s1        | 2024-03-01 19:00 | X    | 3      | refund | 0.00 | 2024-03-01 18:30
        """,
    )
    spec.ask("gross admissions free_admissions", gives=(0, 1 + 1 - 1, 1 + 1 - 1))


def test_a_sum_over_all_ticket_types_does_not_tell_who_came_free(spec: Spec) -> None:
    """A total that names no ticket type may hold free tickets; how many is not known."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 96.00
        A1     | 2024-03-01 | Y    | 4          | 0.00
        """,
    )
    spec.ask(
        "admissions free_admissions paid_admissions",
        by="work",
        gives={"X": (10, unknown("free"), unknown("free")), "Y": (4, 4, 4 - 4)},
    )
