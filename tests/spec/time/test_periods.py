"""Periods are business dates, both ends included; a holiday window is one with a name."""

from tests.spec.harness import Spec


def test_days_months_quarters_and_years(spec: Spec) -> None:
    """The same figures, asked by each kind of period."""
    spec.send(
        "day_totals",
        """
        date       | gross
        2023-12-31 | 1.00
        2024-02-29 | 2.00
        2024-03-01 | 4.00
        2024-03-31 | 8.00
        2024-04-01 | 16.00
        """,
        each="cinema=A1, work=X, admissions=1",
    )
    spec.ask("gross", period="2024-02-29", gives=2_00)
    spec.ask("gross", period="2024-02-29..2024-03-31", gives=2_00 + 4_00 + 8_00)
    spec.ask("gross", period="2024-03", gives=4_00 + 8_00)
    spec.ask("gross", period="2024-Q1", gives=2_00 + 4_00 + 8_00)
    spec.ask("gross", period="2024", gives=2_00 + 4_00 + 8_00 + 16_00)
    spec.ask("gross", by="quarter", gives={"2023-Q4": 1_00, "2024-Q1": 14_00, "2024-Q2": 16_00})


def test_a_holiday_window_moves_from_year_to_year(spec: Spec) -> None:
    """National Day was 1 to 7 October in 2022, and 29 September to 6 October in 2023."""
    spec.home_in("CN")
    spec.send(
        "day_totals",
        """
        date       | gross
        2022-09-30 | 1.00
        2022-10-01 | 2.00
        2022-10-07 | 4.00
        2022-10-08 | 8.00
        2023-09-29 | 16.00
        2023-10-06 | 32.00
        2023-10-07 | 64.00
        """,
        each="cinema=A1, work=X, admissions=1",
    )
    spec.ask("gross", period="window:national-day/2022", gives=2_00 + 4_00)
    spec.ask(
        "gross",
        by="window",
        gives={
            "national-day/2022": 2_00 + 4_00,
            "national-day/2023": 16_00 + 32_00,
            None: 1_00 + 8_00 + 64_00,
        },
    )
    spec.ask(
        "gross",
        by="day_of_window",
        period="window:national-day/2023/official",
        gives={1: 16_00, 8: 32_00},
    )


def test_an_unknown_window_is_refused(spec: Spec) -> None:
    """Windows are declared; nobody guesses when a festival was."""
    spec.home_in("CN")
    spec.send("day_totals", "cinema | date | work | gross\nA1 | 2022-10-01 | X | 2.00")
    spec.ask("gross", period="window:national-day/1922", gives="refused: window")
