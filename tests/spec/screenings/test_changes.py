"""A screening that moves takes its figures along; one that is cancelled leaves its tickets."""

from tests.spec.harness import Spec, unknown


def test_a_moved_screening_takes_its_tickets_along(spec: Spec) -> None:
    """Sold for Friday, shown on Saturday: Saturday has all of it, and as of before, Friday had."""
    spec.send(
        "tickets",
        """
        id | screening | start            | number | paid  | sold_at
        1  | s1        | 2024-03-01 19:00 | 1      | 12.00 | 2024-02-28 12:00
        1  | s1        | 2024-03-01 19:00 | 2      | 12.00 | 2024-02-28 12:01
        """,
        each="cinema=A1, work=X",
    )
    spec.send(
        "schedule",
        """
        id | cinema | screening | start            | work
        2  | A1     | s1        | 2024-03-02 15:00 | X
        """,
    )
    spec.send(
        "tickets",
        """
        id | screening | start            | number | paid  | sold_at
        3  | s1        | 2024-03-02 15:00 | 3      | 9.00  | 2024-03-02 14:30
        """,
        each="cinema=A1, work=X",
    )
    spec.ask(
        "gross admissions screenings",
        by="business_date",
        as_of=1,
        gives={"2024-03-01": (12_00 + 12_00, 1 + 1, 1)},
    )
    spec.ask(
        "gross admissions screenings",
        by="business_date",
        gives={"2024-03-02": (12_00 + 12_00 + 9_00, 1 + 1 + 1, 1)},
    )


def test_a_schedule_that_arrives_late_moves_nothing(spec: Spec) -> None:
    """In one stream the ids say which description is the newest."""
    spec.send(
        "schedule",
        """
        id | cinema | screening | start            | work
        2  | A1     | s1        | 2024-03-02 15:00 | X
        1  | A1     | s1        | 2024-03-01 19:00 | X
        """,
    )
    spec.ask("screenings", by="business_date", gives={"2024-03-02": 1})


def test_another_work_is_shown_instead(spec: Spec) -> None:
    """The projector broke and Y was shown: the whole screening is Y's."""
    spec.send(
        "screening_totals",
        """
        id | cinema | screening | start            | work | admissions | gross
        1  | A1     | s1        | 2024-03-01 19:00 | X    | 10         | 120.00
        """,
    )
    spec.send(
        "schedule",
        """
        id | cinema | screening | start            | work
        2  | A1     | s1        | 2024-03-01 19:00 | Y
        """,
    )
    spec.ask("gross admissions screenings", by="work", gives={"Y": (120_00, 10, 1)})


def test_a_cancelled_screening_is_not_held(spec: Spec) -> None:
    """Its screening and seats go at once; its tickets count until they are refunded."""
    spec.send(
        "schedule",
        """
        id | cinema | screening | start            | work | seats
        1  | A1     | s1        | 2024-03-01 17:00 | X    | 100
        1  | A1     | s2        | 2024-03-01 20:00 | X    | 100
        """,
    )
    spec.send(
        "tickets",
        """
        id | screening | start            | number | event | paid  | sold_at
        2  | s1        | 2024-03-01 17:00 | 1      | sale  | 12.00 | 2024-02-28 12:00
        2  | s2        | 2024-03-01 20:00 | 2      | sale  | 13.00 | 2024-02-28 12:00
        """,
        each="cinema=A1, work=X",
    )
    spec.send(
        "schedule",
        """
        id | cinema | screening | start            | work | status
        3  | A1     | s1        | 2024-03-01 17:00 | X    | cancelled
        """,
    )
    spec.ask("screenings seats_offered gross", as_of=2, gives=(1 + 1, 100 + 100, 12_00 + 13_00))
    spec.ask("screenings seats_offered gross", as_of=3, gives=(1, 100, 12_00 + 13_00))
    spec.send(
        "tickets",
        """
        id | screening | start            | number | event  | paid  | sold_at
        4  | s1        | 2024-03-01 17:00 | 3      | refund | 12.00 | 2024-03-01 09:00
        """,
        each="cinema=A1, work=X",
    )
    spec.ask(
        "screenings seats_offered gross admissions",
        gives=(1, 100, 12_00 + 13_00 - 12_00, 1 + 1 - 1),
    )


def test_a_cancelled_screening_may_be_held_after_all(spec: Spec) -> None:
    """Only a schedule says so, and the newest one holds."""
    spec.send(
        "schedule",
        """
        id | cinema | screening | start            | work | seats | status
        1  | A1     | s1        | 2024-03-01 17:00 | X    | 100   |
        2  | A1     | s1        | 2024-03-01 17:00 | X    |       | cancelled
        3  | A1     | s1        | 2024-03-01 17:00 | X    |       | on
        """,
    )
    spec.ask("screenings", as_of=2, gives={})
    spec.ask("screenings seats_offered", gives=(1, 100))


def test_a_screening_is_given_another_room(spec: Spec) -> None:
    """Moved to a bigger screen, with its seats and all tickets sold before."""
    spec.send(
        "tickets",
        """
        id | screen | seats | number | paid  | sold_at
        1  | 2      | 80    | 1      | 12.00 | 2024-02-28 12:00
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X",
    )
    spec.send(
        "schedule",
        """
        id | screen | seats
        2  | 1      | 240
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X",
    )
    spec.ask("gross seats_offered", by="screen", as_of=1, gives={"A1/2": (12_00, 80)})
    spec.ask("gross seats_offered", by="screen", gives={"A1/1": (12_00, 240)})


def test_a_schedule_alone_says_nothing_of_money(spec: Spec) -> None:
    """Screenings are there before anybody has sold; a price of nobody is no price."""
    spec.send(
        "schedule",
        """
        cinema | screening | start            | work | seats
        A1     | s1        | 2024-03-01 19:00 | X    | 100
        """,
    )
    spec.ask("screenings theatres works", gives=(1, 1, 1))
    spec.ask("gross", gives={})
    spec.ask("screenings average_ticket_price", by="work", gives={"X": (1, unknown("admissions"))})
