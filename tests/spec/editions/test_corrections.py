"""A correction says what it expects to find; if the book says otherwise, it changes nothing."""

from tests.spec.harness import Spec, unknown


def test_a_correction_sets_what_is_right(spec: Spec) -> None:
    """A figure with a digit too many, corrected with a reason; the old answer stays askable."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | 100        | 1200.00
        A1     | s2        | 2024-03-01 21:30 | X    | 5          | 60.00
        """,
    )
    spec.send(
        "correction",
        """
        screening | expect_gross | expect_admissions | set_gross | set_admissions
        s1        | 1200.00      | 100               | 120.00    | 10
        """,
        each="cinema=A1, book=screening_totals, reason=a nought too many, by=desk",
    )
    spec.ask("gross admissions", as_of=1, gives=(1200_00 + 60_00, 100 + 5))
    spec.ask("gross admissions screenings", gives=(120_00 + 60_00, 10 + 5, 2))


def test_a_correction_that_expects_something_else_changes_nothing(spec: Spec) -> None:
    """The cinema had repaired its figure before the correction came."""
    spec.send(
        "day_totals",
        """
        id | cinema | date       | work | admissions | gross
        1  | A1     | 2024-03-01 | X    | 100        | 1200.00
        2  | A1     | 2024-03-01 | X    | 10         | 120.00
        """,
    )
    spec.send(
        "correction",
        """
        work | date       | expect_gross | expect_admissions | set_gross | set_admissions
        X    | 2024-03-01 | 1200.00      | 100               | 120.00    | 10
        """,
        each="cinema=A1, book=day_totals, reason=a nought too many, by=desk",
    )
    spec.found("correction", message=3)
    spec.ask("gross admissions", gives=(120_00, 10))


def test_a_newer_statement_ends_a_correction(spec: Spec) -> None:
    """What the sender says anew is the whole truth again."""
    spec.send(
        "day_totals",
        """
        id | cinema | date       | work | admissions | gross
        1  | A1     | 2024-03-01 | X    | 100        | 1200.00
        """,
    )
    spec.send(
        "correction",
        """
        work | date       | expect_gross | expect_admissions | set_gross | set_admissions
        X    | 2024-03-01 | 1200.00      | 100               | 120.00    | 10
        """,
        each="sender=A, id=2, cinema=A1, book=day_totals, reason=a nought too many, by=desk",
    )
    spec.send(
        "day_totals",
        """
        id | cinema | date       | work | admissions | gross
        3  | A1     | 2024-03-01 | X    | 11         | 132.00
        """,
    )
    spec.ask("gross admissions", as_of=2, gives=(120_00, 10))
    spec.ask("gross admissions", gives=(132_00, 11))


def test_a_correction_of_tickets(spec: Spec) -> None:
    """A till lost two sales: they are added to the screening, of no ticket type and unknown fee."""
    spec.send(
        "tickets",
        """
        number | ticket_type | paid  | fee  | sold_at
        1      | adult       | 12.00 | 1.00 | 2024-03-01 18:00
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X",
    )
    spec.send(
        "correction",
        """
        screening | expect_gross | expect_admissions | set_gross | set_admissions
        s1        | 12.00        | 1                 | 36.00     | 3
        """,
        each="cinema=A1, book=tickets, reason=till broke down, by=desk",
    )
    spec.ask("gross admissions tickets_issued", gives=(12_00 + 24_00, 1 + 2, 1 + 2))
    spec.ask(
        "gross service_fee",
        by="ticket_type",
        gives={"adult": (12_00, 1_00), None: (36_00 - 12_00, unknown("fee"))},
    )


def test_a_desk_may_correct_what_a_cinema_said(spec: Spec) -> None:
    """A correction speaks of its sender's own figures, else of the only sender's there are."""
    spec.send(
        "day_totals",
        """
        sender | cinema | date       | work | admissions | gross
        house  | A1     | 2024-03-01 | X    | 100        | 1200.00
        """,
    )
    spec.send(
        "correction",
        """
        cinema | expect_gross | expect_admissions | set_gross | set_admissions
        A1     | 1200.00      | 100               | 120.00    | 10
        A2     | 1200.00      | 100               | 120.00    | 10
        """,
        each="sender=desk, date=2024-03-01, work=X, book=day_totals, reason=typing, by=desk",
    )
    spec.found("correction", message=2)
    spec.ask("gross admissions", by="sender", gives={"house": (120_00, 10)})
