"""Weeks and weekends are those of the territory; where it has none, the question is refused."""

from tests.spec.harness import Spec

EIGHT_DAYS = """
    date       | gross
    2024-02-29 | 1.00
    2024-03-01 | 2.00
    2024-03-02 | 4.00
    2024-03-03 | 8.00
    2024-03-04 | 16.00
    2024-03-06 | 32.00
    2024-03-07 | 64.00
    2024-03-08 | 128.00
"""


def test_the_american_week_is_friday_to_thursday(spec: Spec) -> None:
    """29 February 2024 is a Thursday, the last day of its week; 1 March opens the next."""
    spec.send("day_totals", EIGHT_DAYS, each="cinema=A1, work=X, admissions=1")
    spec.ask(
        "gross",
        by="week",
        gives={
            "2024-W09": 1_00,
            "2024-W10": 2_00 + 4_00 + 8_00 + 16_00 + 32_00 + 64_00,
            "2024-W11": 128_00,
        },
    )
    spec.ask("gross", period="2024-W10", gives=2_00 + 4_00 + 8_00 + 16_00 + 32_00 + 64_00)


def test_the_chinese_week_is_iso(spec: Spec) -> None:
    """Monday to Sunday: 26 February to 3 March 2024 is week 9, as on every calendar."""
    spec.home_in("CN")
    spec.send("day_totals", EIGHT_DAYS, each="cinema=A1, work=X, admissions=1")
    spec.ask(
        "gross",
        by="week",
        gives={"2024-W09": 1_00 + 2_00 + 4_00 + 8_00, "2024-W10": 16_00 + 32_00 + 64_00 + 128_00},
    )


def test_weekends_bear_their_first_day(spec: Spec) -> None:
    """Friday to Sunday; the other days stand in no weekend."""
    spec.send("day_totals", EIGHT_DAYS, each="cinema=A1, work=X, admissions=1")
    spec.ask(
        "gross",
        by="weekend",
        gives={
            "2024-03-01": 2_00 + 4_00 + 8_00,
            "2024-03-08": 128_00,
            None: 1_00 + 16_00 + 32_00 + 64_00,
        },
    )
    spec.ask("gross", by="weekday", where="weekend=2024-03-01", gives={5: 2_00, 6: 4_00, 7: 8_00})


def test_a_weekend_is_refused_in_france(spec: Spec) -> None:
    """No source gives France a weekend, so none is made up; its week begins on Wednesday."""
    spec.home_in("FR")
    spec.send("day_totals", EIGHT_DAYS, each="cinema=A1, work=X, admissions=1")
    spec.ask("gross", by="weekend", gives="refused: weekend")
    spec.ask(
        "gross",
        by="week",
        gives={
            "2024-W09": 1_00 + 2_00 + 4_00 + 8_00 + 16_00,
            "2024-W10": 32_00 + 64_00 + 128_00,
        },
    )


def test_a_week_is_refused_where_there_is_none(spec: Spec) -> None:
    """Days, months and years remain."""
    spec.home_in("RU")
    spec.send("day_totals", EIGHT_DAYS, each="cinema=A1, work=X, admissions=1")
    spec.ask("gross", by="week", gives="refused: week")
    spec.ask("gross", period="2024-W09", gives="refused: week")
    spec.ask("gross", by="month", gives={"2024-02": 1_00, "2024-03": 254_00})


def test_the_first_week_of_a_year_may_begin_in_the_old_one(spec: Spec) -> None:
    """A week belongs to the year of its fourth day: Friday 29 December 2023 opens 2024-W01."""
    spec.send(
        "day_totals",
        """
        date       | gross
        2023-12-28 | 1.00
        2023-12-29 | 2.00
        2024-01-04 | 4.00
        2024-01-05 | 8.00
        """,
        each="cinema=A1, work=X, admissions=1",
    )
    spec.ask(
        "gross", by="week", gives={"2023-W52": 1_00, "2024-W01": 2_00 + 4_00, "2024-W02": 8_00}
    )
    spec.ask("gross", by="year", gives={2023: 1_00 + 2_00, 2024: 4_00 + 8_00})
