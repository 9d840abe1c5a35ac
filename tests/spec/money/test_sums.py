"""Gross is the sum of what was paid, to the last cent; an average is a ratio of sums."""

from tests.spec.harness import Spec, ratio, unknown


def test_what_was_paid_adds_up(spec: Spec) -> None:
    """Ticket types, screenings and cinemas add up; nothing is rounded on the way."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | ticket_type | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | adult       | 10         | 120.00
        A1     | s1        | 2024-03-01 19:00 | X    | child       | 4          | 30.00
        A1     | s2        | 2024-03-01 21:30 | Y    | adult       | 7          | 84.50
        A2     | s1        | 2024-03-01 20:00 | X    | adult       | 3          | 40.05
        """,
    )
    spec.ask("gross", gives=120_00 + 30_00 + 84_50 + 40_05)
    spec.ask(
        "gross admissions",
        by="work",
        gives={"X": (120_00 + 30_00 + 40_05, 10 + 4 + 3), "Y": (84_50, 7)},
    )
    spec.ask(
        "gross admissions",
        by="cinema",
        gives={"A1": (120_00 + 30_00 + 84_50, 10 + 4 + 7), "A2": (40_05, 3)},
    )


def test_a_condition_selects_before_anything_is_added(spec: Spec) -> None:
    """``where`` keeps what it names, in any dimension, also one that is not shown."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | ticket_type | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | adult       | 10         | 120.00
        A1     | s1        | 2024-03-01 19:00 | X    | child       | 4          | 30.00
        A1     | s2        | 2024-03-02 21:30 | X    | child       | 6          | 45.00
        A2     | s1        | 2024-03-01 20:00 | Y    | child       | 2          | 15.00
        """,
    )
    spec.ask("gross", where="ticket_type=child", gives=30_00 + 45_00 + 15_00)
    spec.ask("gross", by="work", where="ticket_type=child, cinema=A1", gives={"X": 30_00 + 45_00})
    spec.ask("gross", where="cinema=A1", period="2024-03-02", gives=45_00)


def test_an_average_price_is_a_ratio_of_sums(spec: Spec) -> None:
    """Never the mean of the prices of the ticket types, and none where nobody came."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | ticket_type | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | adult       | 9          | 108.00
        A1     | s1        | 2024-03-01 19:00 | X    | child       | 1          | 7.00
        A1     | s2        | 2024-03-01 21:30 | Y    | adult       | 3          | 10.00
        """,
    )
    spec.ask(
        "average_ticket_price",
        by="work",
        gives={"X": ratio(108_00 + 7_00, 9 + 1), "Y": ratio(10_00, 3)},
    )
    spec.ask("average_ticket_price", gives=ratio(108_00 + 7_00 + 10_00, 9 + 1 + 3))


def test_shares_are_of_all_works_in_the_same_place_and_time(spec: Spec) -> None:
    """The denominator keeps every condition except those on works."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | 10         | 120.00
        A1     | s2        | 2024-03-01 21:30 | Y    | 7          | 80.00
        A2     | s1        | 2024-03-01 20:00 | X    | 3          | 50.00
        """,
    )
    spec.ask(
        "box_office_share",
        by="work",
        gives={
            "X": ratio(120_00 + 50_00, 120_00 + 80_00 + 50_00),
            "Y": ratio(80_00, 120_00 + 80_00 + 50_00),
        },
    )
    spec.ask(
        "box_office_share",
        by="cinema",
        where="work=X",
        gives={"A1": ratio(120_00, 120_00 + 80_00), "A2": ratio(50_00, 50_00)},
    )


def test_a_rank_counts_those_ahead(spec: Spec) -> None:
    """Works with the same gross share a place; a condition on works does not change places."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | W    | 9          | 90.00
        A1     | 2024-03-01 | X    | 5          | 60.00
        A1     | 2024-03-01 | Y    | 6          | 60.00
        A1     | 2024-03-01 | Z    | 1          | 10.00
        """,
    )
    spec.ask("rank", by="work", gives={"W": 1, "X": 1 + 1, "Y": 1 + 1, "Z": 1 + 3})
    spec.ask("rank", by="work", where="work=Z", gives={"Z": 1 + 3})


def test_a_rank_is_among_what_has_figures(spec: Spec) -> None:
    """What is only scheduled has no place; a gross below zero comes after one of zero.

    On a basis that one of them does not state, nobody's place is known.
    """
    spec.send(
        "tickets",
        """
        number | screening | start            | work | event | paid | tax
        1      | s1        | 2024-03-01 19:00 | X    | sale  | 0.00 | 0.00
        2      | s2        | 2024-03-01 19:00 | Y    | void  | 9.00 |
        """,
        each="cinema=A1, sold_at=2024-03-01 18:00",
    )
    spec.send(
        "schedule",
        """
        screening | start            | work
        s3        | 2024-03-01 19:00 | Z
        """,
        each="cinema=A1",
    )
    spec.ask("gross rank", by="work", gives={"X": (0, 1), "Y": (-9_00, 2)})
    spec.ask(
        "screenings rank", by="work", gives={"X": (1, 1), "Y": (1, 2), "Z": (1, unknown("figures"))}
    )
    spec.ask(
        "rank", by="work", basis="without_tax", gives={"X": unknown("tax"), "Y": unknown("tax")}
    )


def test_averages_over_theatres_count_each_cinema_once(spec: Spec) -> None:
    """A cinema with many screenings is one theatre; its screens are counted apart."""
    spec.send(
        "screening_totals",
        """
        cinema | screen | screening | start            | work | admissions | gross
        A1     | 1      | s1        | 2024-03-01 19:00 | X    | 10         | 120.00
        A1     | 2      | s2        | 2024-03-01 19:30 | X    | 8          | 96.00
        A1     | 2      | s3        | 2024-03-01 22:00 | X    | 5          | 60.00
        A2     | 1      | s1        | 2024-03-01 20:00 | X    | 3          | 24.00
        """,
    )
    spec.ask("theatres screens screenings", gives=(2, 2 + 1, 3 + 1))
    spec.ask("per_theatre_average", gives=ratio(120_00 + 96_00 + 60_00 + 24_00, 2))
    spec.ask("per_screen_average", gives=ratio(120_00 + 96_00 + 60_00 + 24_00, 2 + 1))


def test_gross_for_each_seat_counts_a_seat_once_for_each_screening(spec: Spec) -> None:
    """Seats offered are those of all screenings; unsold ones and free tickets are in it."""
    spec.send(
        "screening_totals",
        """
        cinema | screen | screening | start            | work | seats | admissions | gross
        A1     | 1      | s1        | 2024-03-01 19:00 | X    | 100   | 10         | 120.00
        A1     | 1      | s2        | 2024-03-01 22:00 | Y    | 100   | 0          | 0.00
        A2     | 1      | s1        | 2024-03-01 20:00 | X    | 60    | 3          | 30.00
        """,
    )
    spec.ask("per_seat_average", gives=ratio(120_00 + 0 + 30_00, 100 + 100 + 60))
    spec.ask(
        "per_seat_average",
        by="work",
        gives={"X": ratio(120_00 + 30_00, 100 + 60), "Y": ratio(0, 100)},
    )
    spec.ask("per_seat_average", by="channel", gives="refused: screening")
    spec.send(
        "screening_totals",
        """
        cinema | screen | screening | start            | work | admissions | gross
        A3     | 1      | s1        | 2024-03-01 19:00 | X    | 10         | 120.00
        """,
    )
    spec.ask("per_seat_average", where="cinema=A3", gives=unknown("seats"))
