"""A file speaks for the span it covers: what its sender's earlier files said there is replaced."""

from tests.spec.harness import Spec

MARCH = """
    screening | start            | work | admissions | gross
    s1        | 2024-03-01 19:00 | X    | 10         | 100.00
    s2        | 2024-03-02 19:00 | X    | 20         | 200.00
    s3        | 2024-03-31 19:00 | Y    | 30         | 300.00
"""


def test_a_newer_file_replaces_its_span(spec: Spec) -> None:
    """One row changed, one gone, one new: the answer is the newer file and nothing else."""
    spec.send("screening_totals", MARCH, each="cinema=A1", file=True)
    spec.send(
        "screening_totals",
        """
        screening | start            | work | admissions | gross
        s1        | 2024-03-01 19:00 | X    | 11         | 110.00
        s4        | 2024-03-05 19:00 | Z    | 40         | 400.00
        s3        | 2024-03-31 19:00 | Y    | 30         | 300.00
        """,
        each="cinema=A1",
        file=True,
    )
    spec.ask("gross", by="work", as_of=1, gives={"X": 100_00 + 200_00, "Y": 300_00})
    spec.ask(
        "gross admissions screenings",
        by="work",
        gives={"X": (110_00, 11, 1), "Y": (300_00, 30, 1), "Z": (400_00, 40, 1)},
    )


def test_a_file_of_one_month_replaces_that_month_only(spec: Spec) -> None:
    """Its span goes from its first business date to its last; before and after it nothing moves."""
    spec.send(
        "screening_totals",
        """
        screening | start            | work | admissions | gross
        s1        | 2024-02-29 19:00 | X    | 1          | 10.00
        s2        | 2024-03-01 19:00 | X    | 2          | 20.00
        s3        | 2024-03-15 19:00 | X    | 4          | 40.00
        s4        | 2024-03-31 19:00 | X    | 8          | 80.00
        s5        | 2024-04-01 19:00 | X    | 16         | 160.00
        """,
        each="cinema=A1",
        file=True,
    )
    spec.send(
        "screening_totals",
        """
        screening | start            | work | admissions | gross
        s2        | 2024-03-01 19:00 | X    | 3          | 30.00
        s4        | 2024-03-31 19:00 | X    | 9          | 90.00
        """,
        each="cinema=A1",
        file=True,
    )
    spec.ask(
        "gross admissions",
        by="month",
        gives={
            "2024-02": (10_00, 1),
            "2024-03": (30_00 + 90_00, 3 + 9),
            "2024-04": (160_00, 16),
        },
    )


def test_the_same_file_again_exists(spec: Spec) -> None:
    """Its id is its digest; sent again after a newer one, it does not bring old figures back."""
    spec.send("screening_totals", MARCH, each="cinema=A1", file=True)
    spec.send(
        "screening_totals",
        """
        screening | start            | work | admissions | gross
        s1        | 2024-03-01 19:00 | X    | 11         | 110.00
        s3        | 2024-03-31 19:00 | Y    | 30         | 300.00
        """,
        each="cinema=A1",
        file=True,
    )
    spec.send("screening_totals", MARCH, each="cinema=A1", file=True)
    spec.found("exists", message=3)
    spec.ask("gross", gives=110_00 + 300_00)


def test_a_file_touches_neither_other_cinemas_nor_other_senders(spec: Spec) -> None:
    """The span is one cinema's, and a sender replaces its own words only."""
    for each in ("sender=chain, cinema=A1", "sender=chain, cinema=A2", "sender=other, cinema=A3"):
        spec.send(
            "day_totals",
            """
            date       | work | admissions | gross
            2024-03-01 | X    | 4          | 40.00
            """,
            each=each,
            file=True,
        )
    spec.send(
        "day_totals",
        """
        date       | work | admissions | gross
        2024-03-01 | Y    | 8          | 80.00
        """,
        each="sender=chain, cinema=A1",
        file=True,
    )
    spec.ask(
        "gross",
        by="cinema work",
        gives={("A1", "Y"): 80_00, ("A2", "X"): 40_00, ("A3", "X"): 40_00},
    )


def test_overlapping_files_of_two_senders_do_not_double(spec: Spec) -> None:
    """The cinema's day comes from the one who spoke first; the other is a finding."""
    spec.send("screening_totals", MARCH, each="sender=house, cinema=A1", file=True)
    spec.send(
        "screening_totals",
        """
        screening | start            | work | admissions | gross
        r7        | 2024-03-02 19:00 | X    | 21         | 210.00
        r8        | 2024-04-01 19:00 | X    | 50         | 500.00
        """,
        each="sender=ticketer, cinema=A1",
        file=True,
    )
    spec.found("overlap", message=2)
    spec.ask(
        "gross screenings",
        by="business_date sender",
        gives={
            ("2024-03-01", "house"): (100_00, 1),
            ("2024-03-02", "house"): (200_00, 1),
            ("2024-03-31", "house"): (300_00, 1),
            ("2024-04-01", "ticketer"): (500_00, 1),
        },
    )


def test_a_file_of_day_totals(spec: Spec) -> None:
    """Any mapped table: works that are gone from a cinema's span are withdrawn."""
    spec.send(
        "day_totals",
        """
        date       | work | admissions | gross
        2024-03-01 | X    | 10         | 100.00
        2024-03-01 | Y    | 5          | 50.00
        2024-03-02 | X    | 20         | 200.00
        """,
        each="cinema=A1",
        file=True,
    )
    spec.send(
        "day_totals",
        """
        date       | work | admissions | gross
        2024-03-01 | X    | 12         | 120.00
        """,
        each="cinema=A1",
        file=True,
    )
    spec.ask("gross", by="work", gives={"X": 120_00 + 200_00})
    spec.ask("gross", by="work", as_of=1, gives={"X": 100_00 + 200_00, "Y": 50_00})
