"""The business date is the wall clock's date, with the night before the day's start in it."""

from tests.spec.harness import Spec


def test_the_night_belongs_to_the_day_before(spec: Spec) -> None:
    """00:00 and 05:59 of 2 March are shows of 1 March; 06:00 is one of 2 March."""
    spec.home_in("CN")
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | gross
        A1     | s1        | 2024-03-01 23:59 | X    | 1          | 40.00
        A1     | s2        | 2024-03-02 00:00 | X    | 2          | 80.01
        A1     | s3        | 2024-03-02 05:59 | X    | 4          | 160.02
        A1     | s4        | 2024-03-02 06:00 | X    | 8          | 320.04
        """,
    )
    spec.ask(
        "gross admissions screenings",
        by="business_date",
        gives={
            "2024-03-01": (40_00 + 80_01 + 160_02, 1 + 2 + 4, 3),
            "2024-03-02": (320_04, 8, 1),
        },
    )
    spec.ask("admissions", by="screening_hour", gives={23: 1, 0: 2, 5: 4, 6: 8})


def test_midnight_of_new_year_is_still_the_old_year(spec: Spec) -> None:
    """Month, quarter, year and week follow the business date."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | gross
        A1     | s1        | 2024-01-01 00:00 | X    | 5          | 50.00
        A1     | s2        | 2024-01-01 06:00 | X    | 7          | 70.00
        """,
    )
    spec.ask("gross", by="year", gives={2023: 50_00, 2024: 70_00})
    spec.ask("gross", by="month", gives={"2023-12": 50_00, "2024-01": 70_00})
    spec.ask("gross", by="quarter", gives={"2023-Q4": 50_00, "2024-Q1": 70_00})


def test_the_short_day_when_clocks_go_forward(spec: Spec) -> None:
    """New York, 10 March 2024: 01:59 is followed by 03:00; that night is 23 hours and one date."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start                  | work | admissions | gross
        A1     | s1        | 2024-03-10 01:30-05:00 | X    | 1          | 10.00
        A1     | s2        | 2024-03-10 03:30-04:00 | X    | 2          | 20.00
        A1     | s3        | 2024-03-10 05:59-04:00 | X    | 4          | 40.00
        A1     | s4        | 2024-03-10 06:00-04:00 | X    | 8          | 80.00
        """,
    )
    spec.ask(
        "gross admissions",
        by="business_date",
        gives={
            "2024-03-09": (10_00 + 20_00 + 40_00, 1 + 2 + 4),
            "2024-03-10": (80_00, 8),
        },
    )


def test_the_long_day_when_clocks_go_back(spec: Spec) -> None:
    """3 November 2024 has 01:30 twice: two screenings, an hour apart, on one business date."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start                  | work | admissions | gross
        A1     | s1        | 2024-11-03 01:30-04:00 | X    | 1          | 10.00
        A1     | s2        | 2024-11-03 01:30-05:00 | X    | 2          | 20.00
        A1     | s3        | 2024-11-03 05:59-05:00 | X    | 4          | 40.00
        A1     | s4        | 2024-11-03 06:00-05:00 | X    | 8          | 80.00
        """,
    )
    spec.ask(
        "gross admissions screenings",
        by="business_date",
        gives={
            "2024-11-02": (10_00 + 20_00 + 40_00, 1 + 2 + 4, 3),
            "2024-11-03": (80_00, 8, 1),
        },
    )
    spec.ask("screenings", by="screening_hour", gives={1: 2, 5: 1, 6: 1})


def test_the_clock_of_the_cinema_counts(spec: Spec) -> None:
    """At the same moment it is 05:30 in one zone and 06:30 in another."""
    spec.send(
        "screening_totals",
        """
        cinema | screening | start                  | work | admissions | gross
        C1     | s1        | 2024-07-01 05:30-05:00 | X    | 1          | 10.00
        N1     | s1        | 2024-07-01 06:30-04:00 | X    | 2          | 20.00
        """,
    )
    spec.ask(
        "gross",
        by="cinema business_date",
        gives={("C1", "2024-06-30"): 10_00, ("N1", "2024-07-01"): 20_00},
    )
