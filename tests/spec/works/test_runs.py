"""Runs: days on release, cumulative figures and legs are counted within one run of a work."""

import pytest

from tests.spec.harness import Spec, ratio, unknown


def test_the_release_day_is_day_one(spec: Spec) -> None:
    """Declared, or else the first day on which it was shown; before the release it is a preview."""
    spec.send(
        "register release",
        """
        work | date
        X    | 2024-03-01
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-02-28 | X    | 1          | 10.00
        A1     | 2024-03-01 | X    | 2          | 20.00
        A1     | 2024-03-03 | X    | 4          | 40.00
        A1     | 2024-03-02 | Y    | 8          | 80.00
        A1     | 2024-03-03 | Y    | 16         | 160.00
        """,
    )
    spec.ask(
        "days_on_release",
        by="work business_date",
        gives={
            ("X", "2024-02-28"): unknown("preview"),
            ("X", "2024-03-01"): 1,
            ("X", "2024-03-03"): 1 + 2,
            ("Y", "2024-03-02"): 1,
            ("Y", "2024-03-03"): 1 + 1,
        },
    )
    spec.ask(
        "gross",
        by="day_of_release",
        gives={None: 10_00, 1: 20_00 + 80_00, 2: 160_00, 3: 40_00},
    )


def test_previews_count_in_the_run(spec: Spec) -> None:
    """They are part of the cumulative gross, and of no day of release."""
    spec.send(
        "register release",
        """
        work | date
        X    | 2024-03-01
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-02-24 | X    | 3          | 30.00
        A1     | 2024-03-01 | X    | 10         | 100.00
        A1     | 2024-03-02 | X    | 20         | 200.00
        """,
    )
    spec.ask(
        "gross cumulative_gross cumulative_admissions",
        by="business_date",
        where="work=X",
        gives={
            "2024-02-24": (30_00, 30_00, 3),
            "2024-03-01": (100_00, 30_00 + 100_00, 3 + 10),
            "2024-03-02": (200_00, 30_00 + 100_00 + 200_00, 3 + 10 + 20),
        },
    )


def test_a_period_does_not_shorten_what_is_cumulative(spec: Spec) -> None:
    """The period says until when; the run says from when."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 100.00
        A1     | 2024-03-02 | X    | 20         | 200.00
        A1     | 2024-03-03 | X    | 5          | 50.00
        """,
    )
    spec.ask(
        "gross cumulative_gross",
        by="work",
        period="2024-03-02",
        gives={"X": (200_00, 100_00 + 200_00)},
    )


@pytest.mark.slow
def test_an_opening_balance_is_brought_forward(spec: Spec) -> None:
    """Brought forward through a day, and everything counted after it: two terms, one sum."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 100.00
        A1     | 2024-03-02 | X    | 20         | 200.00
        A1     | 2024-03-03 | X    | 30         | 300.00
        """,
    )
    spec.send(
        "opening_balance",
        """
        work | through    | gross   | admissions | publisher
        X    | 2024-03-01 | 5000.00 | 480        | national office
        """,
    )
    spec.ask(
        "cumulative_gross cumulative_admissions",
        by="work",
        gives={"X": (5000_00 + 200_00 + 300_00, 480 + 20 + 30)},
    )
    spec.ask("cumulative_gross", by="work", as_of=1, gives={"X": 100_00 + 200_00 + 300_00})
    spec.ask("gross", by="work", gives={"X": 100_00 + 200_00 + 300_00})


def test_a_balance_is_one_number_and_cannot_be_divided(spec: Spec) -> None:
    """Nobody said how much of it each cinema took, or how much of it was fee."""
    spec.send(
        "opening_balance",
        """
        work | through    | gross   | publisher
        X    | 2024-02-29 | 5000.00 | national office
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 100.00
        """,
    )
    spec.ask("cumulative_gross", by="work cinema", gives={("X", "A1"): unknown("opening balance")})
    spec.ask("cumulative_admissions", by="work", gives={"X": unknown("opening balance")})
    spec.ask(
        "cumulative_gross",
        by="work",
        basis="without_fee",
        gives={"X": unknown("fee")},
    )


def test_a_rerelease_is_a_new_run(spec: Spec) -> None:
    """Declared as its second run: days and cumulative begin anew, lifetime is the sum of runs."""
    spec.send(
        "register release",
        """
        work | date       | run
        X    | 2023-12-01 | 1
        X    | 2024-03-01 | 2
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2023-12-01 | X    | 50         | 500.00
        A1     | 2023-12-02 | X    | 40         | 400.00
        A1     | 2024-03-01 | X    | 10         | 100.00
        A1     | 2024-03-02 | X    | 20         | 200.00
        """,
    )
    spec.ask("gross", by="work run", gives={("X", 1): 500_00 + 400_00, ("X", 2): 100_00 + 200_00})
    spec.ask(
        "cumulative_gross days_on_release",
        by="work business_date",
        period="2024-03-02",
        gives={("X", "2024-03-02"): (100_00 + 200_00, 2)},
    )
    spec.ask("gross", by="work", gives={"X": 500_00 + 400_00 + 100_00 + 200_00})


def test_a_long_gap_begins_a_run_by_itself(spec: Spec) -> None:
    """More than 120 days between two showings: what follows is another run."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-01-01 | X    | 50         | 500.00
        A1     | 2024-04-30 | X    | 10         | 100.00
        A1     | 2024-08-29 | X    | 20         | 200.00
        """,
    )
    spec.ask("gross", by="run", where="work=X", gives={1: 500_00 + 100_00, 2: 200_00})
    spec.ask("cumulative_gross days_on_release", by="work", gives={"X": (200_00, 1)})


def test_legs(spec: Spec) -> None:
    """Cumulative gross, previews inside, as a multiple of the opening weekend, Friday to Sunday."""
    spec.send(
        "register release",
        """
        work | date
        X    | 2024-03-01
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-02-29 | X    | 5          | 50.00
        A1     | 2024-03-01 | X    | 10         | 100.00
        A1     | 2024-03-02 | X    | 20         | 200.00
        A1     | 2024-03-03 | X    | 10         | 100.00
        A1     | 2024-03-04 | X    | 5          | 50.00
        """,
    )
    spec.ask(
        "multiplier",
        by="work",
        gives={"X": ratio(50_00 + 100_00 + 200_00 + 100_00 + 50_00, 100_00 + 200_00 + 100_00)},
    )
    spec.ask("opening_weekend_gross", by="work", gives={"X": 100_00 + 200_00 + 100_00})
    for measure in ("multiplier", "opening_weekend_gross"):
        spec.ask(measure, by="work", period="2024-03-02", gives={"X": unknown("opening weekend")})


def test_a_wednesday_release_opens_on_the_next_weekend(spec: Spec) -> None:
    """Wednesday and Thursday are in the cumulative gross and not in the opening weekend."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-02-28 | X    | 5          | 50.00
        A1     | 2024-02-29 | X    | 5          | 50.00
        A1     | 2024-03-01 | X    | 10         | 100.00
        A1     | 2024-03-03 | X    | 30         | 300.00
        """,
    )
    spec.ask(
        "multiplier",
        by="work",
        gives={"X": ratio(50_00 + 50_00 + 100_00 + 300_00, 100_00 + 300_00)},
    )
    spec.ask("opening_weekend_gross", by="work", gives={"X": 100_00 + 300_00})


def test_an_announced_release_makes_previews_of_what_came_before(spec: Spec) -> None:
    """Shown in February, it was on its first day; then its release in March was declared."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-02-24 | X    | 3          | 30.00
        """,
    )
    spec.send(
        "register release",
        """
        work | date
        X    | 2024-03-01
        """,
    )
    spec.ask("days_on_release", by="work", as_of=1, gives={"X": 1})
    spec.ask("days_on_release", by="work", gives={"X": unknown("preview")})


@pytest.mark.slow
def test_a_work_has_a_release_in_each_territory(spec: Spec) -> None:
    """On one date it is on day 3 here and on day 1 there; money stays in its currency."""
    spec.home_in("US", "CA")
    spec.send(
        "register cinema",
        """
        cinema | territory
        A1     | US
        C1     | CA
        """,
    )
    spec.send(
        "register release",
        """
        work | territory | date
        X    | US        | 2024-03-01
        X    | CA        | 2024-03-03
        """,
    )
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 100.00
        A1     | 2024-03-03 | X    | 20         | 200.00
        C1     | 2024-03-03 | X    | 4          | 60.00
        """,
    )
    spec.ask(
        "days_on_release",
        by="work territory",
        period="2024-03-03",
        gives={("X", "US"): 3, ("X", "CA"): 1},
    )
    spec.ask(
        "cumulative_gross",
        by="work",
        gives={("X", "USD"): 100_00 + 200_00, ("X", "CAD"): 60_00},
    )
    spec.ask("cumulative_admissions", by="work", gives={"X": 10 + 20 + 4})
