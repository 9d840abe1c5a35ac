"""A change is against a period of equal length: a day, seven days or a year before."""

from tests.spec.harness import Spec, ratio, unknown


def test_against_the_day_and_the_week_before(spec: Spec) -> None:
    """(250 - 200) / 200 is a quarter more; where nothing was before, there is no change."""
    spec.send(
        "day_totals",
        """
        date       | work | gross
        2024-03-01 | X    | 400.00
        2024-03-07 | X    | 200.00
        2024-03-08 | X    | 250.00
        2024-03-08 | Y    | 90.00
        """,
        each="cinema=A1, admissions=1",
    )
    spec.ask(
        "change_day change_week",
        by="work",
        period="2024-03-08",
        gives={
            "X": (ratio(250_00 - 200_00, 200_00), ratio(250_00 - 400_00, 400_00)),
            "Y": (unknown("before"), unknown("before")),
        },
    )


def test_each_day_against_its_own_day_before(spec: Spec) -> None:
    """By business date, every row has a period of one day."""
    spec.send(
        "day_totals",
        """
        date       | gross
        2024-03-01 | 100.00
        2024-03-02 | 150.00
        2024-03-03 | 75.00
        """,
        each="cinema=A1, work=X, admissions=1",
    )
    spec.ask(
        "gross change_day",
        by="business_date",
        gives={
            "2024-03-01": (100_00, unknown("before")),
            "2024-03-02": (150_00, ratio(150_00 - 100_00, 100_00)),
            "2024-03-03": (75_00, ratio(75_00 - 150_00, 150_00)),
        },
    )


def test_a_week_against_the_week_before(spec: Spec) -> None:
    """A row of a week is compared with all seven days before it, also those without a show."""
    spec.send(
        "day_totals",
        """
        date       | gross
        2024-02-23 | 100.00
        2024-02-29 | 20.00
        2024-03-01 | 60.00
        """,
        each="cinema=A1, work=X, admissions=1",
    )
    spec.ask(
        "change_week",
        by="week",
        period="2024-W10",
        gives={"2024-W10": ratio(60_00 - (100_00 + 20_00), 100_00 + 20_00)},
    )


def test_the_same_dates_a_year_before(spec: Spec) -> None:
    """February 2024 has 29 days, and is compared with the 28 of February 2023."""
    spec.send(
        "day_totals",
        """
        date       | gross
        2023-02-01 | 100.00
        2023-02-28 | 50.00
        2023-03-01 | 900.00
        2024-02-01 | 120.00
        2024-02-29 | 60.00
        """,
        each="cinema=A1, work=X, admissions=1",
    )
    spec.ask(
        "gross change_year",
        period="2024-02",
        gives=(120_00 + 60_00, ratio(180_00 - (100_00 + 50_00), 100_00 + 50_00)),
    )
