"""A screening is one showing; its seats and its start are those that were said last."""

from tests.spec.harness import Spec, ratio, unknown


def test_screenings_and_seats_are_counted_once(spec: Spec) -> None:
    """However many tickets and messages speak of a screening, it is one, with its seats."""
    spec.send(
        "schedule",
        """
        cinema | screening | start            | work | screen | seats
        A1     | s1        | 2024-03-01 17:00 | X    | 1      | 200
        A1     | s2        | 2024-03-01 19:30 | X    | 1      | 200
        A1     | s3        | 2024-03-01 19:00 | Y    | 2      | 80
        """,
    )
    spec.send(
        "tickets",
        """
        screening | start            | number | quantity | paid   | sold_at
        s1        | 2024-03-01 17:00 | 1      | 30       | 360.00 | 2024-03-01 16:00
        s2        | 2024-03-01 19:30 | 2      | 90       | 990.00 | 2024-03-01 18:00
        """,
        each="cinema=A1, work=X",
    )
    spec.ask("screenings seats_offered screens", gives=(3, 200 + 200 + 80, 2))
    spec.ask(
        "screenings seats_offered occupancy admissions_per_screening",
        by="work",
        gives={
            "X": (2, 200 + 200, ratio(30 + 90, 200 + 200), ratio(30 + 90, 2)),
            "Y": (1, 80, ratio(0, 80), ratio(0, 1)),
        },
    )


def test_shares_of_screenings_and_of_seats(spec: Spec) -> None:
    """By seats, a big room weighs more than a small one."""
    spec.send(
        "schedule",
        """
        cinema | screening | start            | work | seats
        A1     | s1        | 2024-03-01 17:00 | X    | 200
        A1     | s2        | 2024-03-01 19:30 | Y    | 50
        A1     | s3        | 2024-03-01 22:00 | Y    | 50
        """,
    )
    spec.ask(
        "screening_share seat_share",
        by="work",
        gives={
            "X": (ratio(1, 3), ratio(200, 200 + 50 + 50)),
            "Y": (ratio(2, 3), ratio(50 + 50, 200 + 50 + 50)),
        },
    )


def test_prime_time_is_from_six_to_nine(spec: Spec) -> None:
    """18:00 is inside and 21:00 is not; the share is of all screenings in prime time."""
    spec.send(
        "schedule",
        """
        cinema | screening | start            | work
        A1     | s1        | 2024-03-01 17:59 | X
        A1     | s2        | 2024-03-01 18:00 | X
        A1     | s3        | 2024-03-01 20:59 | Y
        A1     | s4        | 2024-03-01 20:00 | Y
        A1     | s5        | 2024-03-01 21:00 | Y
        """,
    )
    spec.ask("prime_time_share", by="work", gives={"X": ratio(1, 3), "Y": ratio(2, 3)})
    spec.ask(
        "screenings",
        by="work daypart",
        gives={("X", "prime"): 1, ("X", "other"): 1, ("Y", "prime"): 2, ("Y", "other"): 1},
    )
    spec.ask("screenings", by="screening_hour", gives={17: 1, 18: 1, 20: 2, 21: 1})


def test_seats_that_are_not_known_are_not_nought(spec: Spec) -> None:
    """One screening without its seats makes the seats of its sum unknown, and the occupancy."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | seats | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | 100   | 40         | 480.00
        A1     | s2        | 2024-03-01 19:30 | Y    |       | 20         | 240.00
        """,
    )
    spec.ask(
        "seats_offered occupancy",
        by="work",
        gives={"X": (100, ratio(40, 100)), "Y": (unknown("seats"), unknown("seats"))},
    )
    spec.ask("seats_offered occupancy screenings", gives=(*(unknown("seats"),) * 2, 1 + 1))


def test_what_is_left_out_later_erases_nothing(spec: Spec) -> None:
    """A ticket that does not name its screen leaves the screen that the schedule said."""
    spec.send(
        "schedule",
        """
        cinema | screening | start            | work | screen | seats
        A1     | s1        | 2024-03-01 19:00 | X    | 4      | 100
        """,
    )
    spec.send(
        "tickets",
        """
        cinema | screening | start            | work | number | paid  | sold_at
        A1     | s1        | 2024-03-01 19:00 | X    | 1      | 12.00 | 2024-03-01 18:00
        """,
    )
    spec.ask("gross seats_offered", by="screen", gives={"A1/4": (12_00, 100)})


def test_screens_are_numbered_inside_their_cinema(spec: Spec) -> None:
    """Screen 1 of two cinemas is two screens."""
    spec.send(
        "schedule",
        """
        cinema | screening | start            | work | screen
        A1     | s1        | 2024-03-01 19:00 | X    | 1
        A1     | s2        | 2024-03-01 21:00 | X    | 1
        A2     | s1        | 2024-03-01 19:00 | X    | 1
        """,
    )
    spec.ask("screens", gives=2)
    spec.ask("screenings", by="screen", gives={"A1/1": 2, "A2/1": 1})
