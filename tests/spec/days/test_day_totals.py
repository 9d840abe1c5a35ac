"""Day totals: one cinema, one work, one business date; what they do not state is not known."""

from tests.spec.harness import Spec, unknown


def test_day_totals_add_up_over_works_and_cinemas(spec: Spec) -> None:
    """They state their business date themselves."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross   | screenings | seats
        A1     | 2024-03-01 | X    | 100        | 1100.00 | 4          | 480
        A1     | 2024-03-01 | Y    | 30         | 310.00  | 2          | 160
        A2     | 2024-03-01 | X    | 55         | 605.50  | 3          | 300
        """,
    )
    spec.ask(
        "gross admissions screenings seats_offered",
        by="work",
        gives={
            "X": (1100_00 + 605_50, 100 + 55, 4 + 3, 480 + 300),
            "Y": (310_00, 30, 2, 160),
        },
    )
    spec.ask("theatres works", gives=(2, 2))


def test_a_newer_day_total_replaces_the_older_one(spec: Spec) -> None:
    """For each cinema, work and date that the newer message names, and for no other."""
    spec.send(
        "day_totals",
        """
        id | cinema | date       | work | admissions | gross
        1  | A1     | 2024-03-01 | X    | 100        | 1100.00
        1  | A1     | 2024-03-01 | Y    | 30         | 310.00
        1  | A1     | 2024-03-02 | X    | 80         | 880.00
        2  | A1     | 2024-03-01 | X    | 102        | 1122.00
        """,
    )
    spec.ask(
        "gross",
        by="work business_date",
        gives={
            ("X", "2024-03-01"): 1122_00,
            ("Y", "2024-03-01"): 310_00,
            ("X", "2024-03-02"): 880_00,
        },
    )


def test_what_a_day_total_does_not_state_is_not_known(spec: Spec) -> None:
    """Seats, screens and hours of a day total are no zeros; the reason says what is missing."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross   | screenings
        A1     | 2024-03-01 | X    | 100        | 1100.00 | 4
        A1     | 2024-03-01 | Y    |            | 310.00  | 2
        """,
    )
    spec.ask(
        "gross admissions average_ticket_price",
        gives=(1100_00 + 310_00, unknown("admissions"), unknown("admissions")),
    )
    spec.ask("screenings", gives=4 + 2)
    spec.ask(
        "seats_offered occupancy screens",
        where="work=X",
        gives=(unknown("seats"),) * 2 + (unknown("screen"),),
    )
    spec.ask("presales", where="work=X", gives=unknown("sold"))
    spec.ask("prime_time_share", where="work=X", gives=unknown("start"))
    spec.ask("gross", by="screening_hour", where="work=X", gives={None: 1100_00})


def test_ticket_types_of_a_day_share_its_screenings(spec: Spec) -> None:
    """One line states the screenings of the day for all lines of its message."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | ticket_type | admissions | gross  | screenings
        A1     | 2024-03-01 | X    | adult       | 60         | 660.00 | 4
        A1     | 2024-03-01 | X    | child       | 20         | 140.00 |
        """,
    )
    spec.ask("gross admissions screenings", gives=(660_00 + 140_00, 60 + 20, 4))
    spec.ask("gross", by="ticket_type", gives={"adult": 660_00, "child": 140_00})


def test_a_cinema_that_shows_nothing_says_so(spec: Spec) -> None:
    """No screenings is a report: nothing is missing, and nothing is added."""
    spec.send(
        "register cinema",
        """
        cinema | expected
        A1     | yes
        A2     | yes
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 100        | 1100.00
        """,
    )
    spec.stands("2024-03-01", reported=(1, 2))
    spec.send(
        "no_screenings",
        """
        cinema | date       | reason
        A2     | 2024-03-01 | closed for repairs
        """,
    )
    spec.stands("2024-03-01", reported=(1 + 1, 2))
    spec.ask("gross theatres", gives=(1100_00, 1))
