"""A total is a statement: the newest that a sender has made of a screening holds."""

from tests.spec.harness import Spec, ratio, unknown


def test_a_newer_total_replaces_the_older_one(spec: Spec) -> None:
    """The second statement is the whole truth about its screening; they never add up."""
    spec.send(
        "screening_totals",
        """
        id | cinema | screening | start            | work | admissions | gross
        1  | A1     | s1        | 2024-03-01 19:00 | X    | 10         | 120.00
        1  | A1     | s2        | 2024-03-01 21:30 | X    | 5          | 60.00
        2  | A1     | s1        | 2024-03-01 19:00 | X    | 12         | 144.00
        """,
    )
    spec.ask("gross admissions", as_of=1, gives=(120_00 + 60_00, 10 + 5))
    spec.ask("gross admissions", gives=(144_00 + 60_00, 12 + 5))


def test_ticket_types_of_one_message_add_up(spec: Spec) -> None:
    """Two lines alike in everything are two lines: only a newer message replaces."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | ticket_type | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | adult       | 10         | 120.00
        A1     | s1        | 2024-03-01 19:00 | X    | child       | 4          | 30.00
        A1     | s1        | 2024-03-01 19:00 | X    | adult       | 1          | 12.00
        """,
    )
    spec.ask(
        "gross admissions",
        by="ticket_type",
        gives={"adult": (120_00 + 12_00, 10 + 1), "child": (30_00, 4)},
    )


def test_a_replaced_statement_takes_all_its_ticket_types_with_it(spec: Spec) -> None:
    """The newer message names no children, so there were none."""
    spec.send(
        "screening_totals",
        """
        id | cinema | screening | start            | work | ticket_type | admissions | gross
        1  | A1     | s1        | 2024-03-01 19:00 | X    | adult       | 10         | 120.00
        1  | A1     | s1        | 2024-03-01 19:00 | X    | child       | 4          | 30.00
        2  | A1     | s1        | 2024-03-01 19:00 | X    | adult       | 14         | 168.00
        """,
    )
    spec.ask("gross admissions", by="ticket_type", gives={"adult": (168_00, 14)})


def test_an_older_statement_that_arrives_late_changes_nothing(spec: Spec) -> None:
    """Inside one stream the ids say what was said last, not the order of arrival."""
    spec.send(
        "screening_totals",
        """
        id | cinema | screening | start            | work | admissions | gross
        2  | A1     | s1        | 2024-03-01 19:00 | X    | 12         | 144.00
        1  | A1     | s1        | 2024-03-01 19:00 | X    | 10         | 120.00
        """,
    )
    spec.found("superseded", message=2)
    spec.ask("gross admissions", as_of=1, gives=(144_00, 12))
    spec.ask("gross admissions", gives=(144_00, 12))


def test_ids_that_hold_a_time_are_in_order_too(spec: Spec) -> None:
    """A UUID of version 7 begins with its time: the second row was said first."""
    spec.send(
        "screening_totals",
        """
        id                                   | screening | admissions | gross
        018df7d0-0002-7000-8000-000000000001 | s1        | 12         | 144.00
        018df7d0-0001-7fff-bfff-ffffffffffff | s1        | 10         | 120.00
        """,
        each="cinema=A1, start=2024-03-01 19:00, work=X",
    )
    spec.found("superseded", message=2)
    spec.ask("gross admissions", gives=(144_00, 12))


def test_between_streams_the_last_to_arrive_holds(spec: Spec) -> None:
    """Ids of two streams cannot be compared."""
    spec.send(
        "screening_totals",
        """
        stream | id | cinema | screening | start            | work | admissions | gross
        night  | 7  | A1     | s1        | 2024-03-01 19:00 | X    | 10         | 120.00
        office | 1  | A1     | s1        | 2024-03-01 19:00 | X    | 12         | 144.00
        """,
    )
    spec.ask("gross", gives=144_00)


def test_stated_nought_withdraws_a_screening(spec: Spec) -> None:
    """The figures are gone, the screening itself stays until its schedule cancels it."""
    spec.send(
        "screening_totals",
        """
        id | cinema | screening | start            | work | admissions | gross
        1  | A1     | s1        | 2024-03-01 19:00 | X    | 10         | 120.00
        2  | A1     | s1        | 2024-03-01 19:00 | X    | 0          | 0.00
        """,
    )
    spec.ask("gross admissions screenings", gives=(120_00 - 120_00, 10 - 10, 1))


def test_totals_may_state_their_refunds(spec: Spec) -> None:
    """Stated admissions are after refunds; tickets issued are both together, if both are known."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | refunds | gross
        A1     | s1        | 2024-03-01 19:00 | X    | 45         | 5       | 540.00
        A1     | s2        | 2024-03-01 21:30 | Y    | 10         |         | 120.00
        """,
    )
    spec.ask(
        "admissions refunds tickets_issued refund_rate",
        by="work",
        gives={
            "X": (45, 5, 45 + 5, ratio(5, 45 + 5)),
            "Y": (10, unknown("refund"), unknown("issued"), unknown("refund")),
        },
    )


def test_tickets_go_before_totals_of_the_same_screening(spec: Spec) -> None:
    """Per screening one book counts: its tickets if there are any, else its total."""
    spec.send(
        "tickets",
        """
        cinema | screening | start            | work | number | paid  | sold_at
        A1     | s1        | 2024-03-01 19:00 | X    | 1      | 12.00 | 2024-03-01 18:00
        """,
    )
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | 2          | 24.00
        A1     | s2        | 2024-03-01 21:30 | X    | 3          | 36.00
        """,
    )
    spec.ask(
        "gross admissions screenings",
        by="grain",
        gives={"tickets": (12_00, 1, 1), "screening_totals": (36_00, 3, 1)},
    )
    spec.ask("gross admissions screenings", gives=(12_00 + 36_00, 1 + 3, 1 + 1))
