"""Every cinema's day comes from one book of three, and the answer says from which."""

from tests.spec.harness import Spec, ratio, unknown


def test_sixty_cinemas_by_day_and_twenty_by_ticket_are_one_exact_total(spec: Spec) -> None:
    """Each day-total cinema took 1,000.50; each ticketing cinema sold three tickets for 34.35."""
    spec.send_each(
        "day_totals",
        range(1, 61),
        """
        sender | cinema | date       | work | admissions | gross
        D{n}   | D{n}   | 2024-03-01 | X    | 90         | 1000.50
        """,
    )
    spec.send_each(
        "tickets",
        range(1, 21),
        """
        sender | number | quantity | paid  | sold_at
        T{n}   | 1      | 1        | 11.45 | 2024-03-01 18:00
        T{n}   | 2      | 2        | 22.90 | 2024-03-01 18:30
        """,
        each="cinema=T{n}, screening=s1, start=2024-03-01 19:00, work=X",
    )
    spec.ask(
        "gross admissions theatres",
        gives=(60 * 1000_50 + 20 * (11_45 + 22_90), 60 * 90 + 20 * (1 + 2), 60 + 20),
    )
    spec.ask(
        "gross admissions theatres",
        by="grain",
        gives={
            "day_totals": (60 * 1000_50, 60 * 90, 60),
            "tickets": (20 * (11_45 + 22_90), 20 * (1 + 2), 20),
        },
    )
    spec.ask("screenings", by="grain", gives={"day_totals": unknown("screenings"), "tickets": 20})


def test_one_cinema_in_three_books_counts_once(spec: Spec) -> None:
    """Tickets of a screening go before its total; both go before the work's day total."""
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
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 9          | 99.00
        A1     | 2024-03-01 | Y    | 4          | 44.00
        """,
    )
    spec.ask("gross admissions", gives=(12_00 + 36_00 + 44_00, 1 + 3 + 4))
    spec.ask(
        "gross",
        by="work grain",
        gives={
            ("X", "tickets"): 12_00,
            ("X", "screening_totals"): 36_00,
            ("Y", "day_totals"): 44_00,
        },
    )


def test_the_difference_between_books_is_a_measure(spec: Spec) -> None:
    """Published gross less what another book of the same sender says of the same thing."""
    spec.send(
        "tickets",
        """
        cinema | screening | start            | work | number | quantity | paid   | sold_at
        A1     | s1        | 2024-03-01 19:00 | X    | 1      | 10       | 120.00 | 2024-03-01 18:00
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 11         | 132.00
        A1     | 2024-03-01 | Y    | 4          | 44.00
        """,
    )
    spec.ask(
        "gross book_difference",
        by="cinema work",
        gives={
            ("A1", "X"): (120_00, 120_00 - 132_00),
            ("A1", "Y"): (44_00, unknown("no other book")),
        },
    )


def test_a_schedule_gives_way_to_the_day_total_that_counts(spec: Spec) -> None:
    """The day total states its own screenings; those of the schedule are not added to them."""
    spec.send(
        "schedule",
        """
        cinema | screening | start            | work | seats
        A1     | s1        | 2024-03-01 17:00 | X    | 120
        A1     | s2        | 2024-03-01 20:00 | X    | 120
        A1     | s3        | 2024-03-01 22:00 | Y    | 80
        """,
    )
    spec.ask("screenings", by="work", gives={"X": 2, "Y": 1})
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross  | screenings
        A1     | 2024-03-01 | X    | 40         | 480.00 | 3
        """,
    )
    spec.ask("gross screenings", by="work", gives={"X": (480_00, 3), "Y": (0, 1)})


def test_a_double_feature_gives_way_with_its_first_work(spec: Spec) -> None:
    """Over all works a screening counts with the first work of its programme, or in its day total.

    The film's two showings are stated by the day total, one of them with the short after it; over
    both works that showing is not counted again. The short has no day total, and counts its own.
    """
    spec.send(
        "schedule",
        """
        cinema | screening | start            | work       | seats
        A1     | s1        | 2024-03-01 17:00 | Film       | 120
        A1     | s2        | 2024-03-01 20:00 | Film+Short | 120
        """,
    )
    spec.ask("screenings", gives=2)
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross  | screenings
        A1     | 2024-03-01 | Film | 40         | 480.00 | 2
        """,
    )
    spec.ask("screenings", by="work", gives={"Film": 2, "Short": 1})
    spec.ask("screenings", gives=2 + 0)
    spec.ask("screening_share", by="work", gives={"Film": ratio(2, 2), "Short": ratio(1, 2)})


def test_two_senders_of_one_cinema_do_not_double(spec: Spec) -> None:
    """A vendor with tickets goes before an office with day totals, for the cinema's whole day."""
    spec.send(
        "day_totals",
        """
        sender | cinema | date       | work | admissions | gross
        office | A1     | 2024-03-01 | X    | 100        | 1100.00
        office | A1     | 2024-03-01 | Y    | 10         | 100.00
        office | A1     | 2024-03-02 | X    | 80         | 880.00
        """,
    )
    spec.send(
        "tickets",
        """
        sender | number | quantity | paid    | sold_at
        vendor | 1      | 101      | 1111.00 | 2024-03-01 18:00
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X",
    )
    spec.found("overlap", message=2)
    spec.ask(
        "gross",
        by="business_date sender",
        gives={("2024-03-01", "vendor"): 1111_00, ("2024-03-02", "office"): 880_00},
    )


def test_of_equal_books_the_first_to_speak_counts(spec: Spec) -> None:
    """Until the register names the cinema's reporter, who then goes before everybody."""
    spec.send(
        "day_totals",
        """
        sender | cinema | date       | work | admissions | gross
        first  | A1     | 2024-03-01 | X    | 100        | 1100.00
        second | A1     | 2024-03-01 | X    | 99         | 1089.00
        """,
    )
    spec.ask("gross", by="sender", gives={"first": 1100_00})
    spec.send(
        "register cinema",
        """
        sender | cinema | reporter
        office | A1     | second
        """,
    )
    spec.ask("gross", by="sender", gives={"second": 1089_00})
    spec.ask("gross", by="sender", as_of=2, gives={"first": 1100_00})
