"""A ticket event counts once, however often and in whatever order it arrives."""

from tests.spec.harness import Spec


def test_the_same_event_in_another_message_changes_nothing(spec: Spec) -> None:
    """Events are known by their number in their sender's stream, not by the message."""
    spec.send(
        "tickets",
        """
        id | cinema | screening | start            | work | number | paid  | sold_at
        1  | A1     | s1        | 2024-03-01 19:00 | X    | 1      | 12.00 | 2024-03-01 18:00
        1  | A1     | s1        | 2024-03-01 19:00 | X    | 2      | 12.00 | 2024-03-01 18:01
        2  | A1     | s1        | 2024-03-01 19:00 | X    | 2      | 12.0  | 2024-03-01 18:01
        2  | A1     | s1        | 2024-03-01 19:00 | X    | 3      | 12.00 | 2024-03-01 18:02
        """,
    )
    spec.ask("gross admissions", gives=(12_00 + 12_00 + 12_00, 1 + 1 + 1))


def test_the_same_message_again_exists(spec: Spec) -> None:
    """A sender that got no answer sends again, and gets the same receipt."""
    spec.send(
        "tickets",
        """
        id | cinema | screening | start            | work | number | paid  | sold_at
        1  | A1     | s1        | 2024-03-01 19:00 | X    | 1      | 12.00 | 2024-03-01 18:00
        """,
    )
    spec.send(
        "tickets",
        """
        id | cinema | screening | start            | work | number | paid  | sold_at
        1  | A1     | s1        | 2024-03-01 19:00 | X    | 1      | 12.00 | 2024-03-01 18:00
        """,
    )
    spec.found("exists", message=2)
    spec.ask("gross admissions", gives=(12_00, 1))


def test_the_same_number_with_other_content_is_a_conflict(spec: Spec) -> None:
    """The first to arrive counts; the other is held until somebody says which is true."""
    spec.send(
        "tickets",
        """
        id | cinema | screening | start            | work | number | paid  | sold_at
        1  | A1     | s1        | 2024-03-01 19:00 | X    | 1      | 12.00 | 2024-03-01 18:00
        2  | A1     | s1        | 2024-03-01 19:00 | X    | 1      | 15.00 | 2024-03-01 18:00
        2  | A1     | s1        | 2024-03-01 19:00 | X    | 2      | 10.00 | 2024-03-01 18:05
        """,
    )
    spec.found("conflict", message=2)
    spec.ask("gross admissions", gives=(12_00 + 10_00, 1 + 1))


def test_numbers_may_arrive_out_of_order(spec: Spec) -> None:
    """A gap is reported, not waited for; every event counts as soon as it is there."""
    spec.send(
        "tickets",
        """
        id | cinema | screening | start            | work | number | paid  | sold_at
        3  | A1     | s1        | 2024-03-01 19:00 | X    | 3      | 10.00 | 2024-03-01 18:02
        1  | A1     | s1        | 2024-03-01 19:00 | X    | 1      | 12.00 | 2024-03-01 18:00
        2  | A1     | s1        | 2024-03-01 19:00 | X    | 2      | 11.00 | 2024-03-01 18:01
        """,
    )
    spec.ask("gross", as_of=2, gives=10_00 + 12_00)
    spec.ask("gross admissions", gives=(10_00 + 12_00 + 11_00, 1 + 1 + 1))


def test_streams_and_epochs_count_on_their_own(spec: Spec) -> None:
    """Two tills both have a number 1, and a till that was set back begins a new epoch."""
    spec.send(
        "tickets",
        """
        stream | epoch | number | paid  | sold_at
        till-1 | 0     | 1      | 12.00 | 2024-03-01 18:00
        till-2 | 0     | 1      | 12.00 | 2024-03-01 18:00
        till-2 | 1     | 1      | 12.00 | 2024-03-01 18:30
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X",
    )
    spec.ask("gross admissions", gives=(12_00 + 12_00 + 12_00, 1 + 1 + 1))


def test_events_without_numbers_are_known_by_their_ids(spec: Spec) -> None:
    """The same rule for senders that give each event an id."""
    spec.send(
        "tickets",
        """
        id | cinema | screening | start            | work | event_id | paid  | sold_at
        1  | A1     | s1        | 2024-03-01 19:00 | X    | t-77     | 12.00 | 2024-03-01 18:00
        2  | A1     | s1        | 2024-03-01 19:00 | X    | t-77     | 12.00 | 2024-03-01 18:00
        3  | A1     | s1        | 2024-03-01 19:00 | X    | t-78     | 12.00 | 2024-03-01 18:00
        4  | A1     | s1        | 2024-03-01 19:00 | X    | t-78     | 99.00 | 2024-03-01 18:00
        """,
    )
    spec.found("conflict", message=4)
    spec.ask("gross admissions", gives=(12_00 + 12_00, 1 + 1))
