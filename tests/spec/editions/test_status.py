"""Every answer says how complete it is and whether its days are over, closed or changed since."""

from tests.spec.harness import Spec

EXPECTED = """
    cinema | expected
    A1     | yes
    A2     | yes
    A3     |
"""


def test_a_day_goes_from_live_to_final(spec: Spec) -> None:
    """Live while it lasts, provisional until it is closed, then final."""
    spec.send("register cinema", EXPECTED, at="2024-02-29 12:00")
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 100.00
        """,
        at="2024-03-01 22:00",
    )
    spec.send(
        "day_totals",
        """
        sender | cinema | date       | work | admissions | gross
        B      | A2     | 2024-03-01 | X    | 5          | 50.00
        """,
        at="2024-03-02 09:00",
    )
    spec.close("2024-03-01", at="2024-03-02 12:00")
    spec.stands("2024-03-01", status="live", reported=(1, 2), as_of=2)
    spec.stands("2024-03-01", status="provisional", reported=(2, 2), as_of=3)
    spec.stands("2024-03-01", status="final", reported=(2, 2))
    spec.ask("gross", period="2024-03-01", gives=100_00 + 50_00)


def test_the_night_is_still_live(spec: Spec) -> None:
    """At 03:00 the business date is still yesterday's; at 06:00 it is over."""
    spec.send(
        "day_totals",
        """
        id | cinema | date       | work | admissions | gross
        1  | A1     | 2024-03-01 | X    | 10         | 100.00
        """,
        at="2024-03-02 03:00",
    )
    spec.send(
        "day_totals",
        """
        id | cinema | date       | work | admissions | gross
        2  | A1     | 2024-03-01 | X    | 11         | 110.00
        """,
        at="2024-03-02 06:00",
    )
    spec.stands("2024-03-01", status="live", as_of=1)
    spec.stands("2024-03-01", status="provisional")


def test_a_closed_day_that_changes_is_corrected(spec: Spec) -> None:
    """It counts all the same, and says so; as of the closing it is final for ever."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 100.00
        """,
        at="2024-03-01 22:00",
    )
    spec.close("2024-03-01", at="2024-03-02 12:00")
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 11         | 110.00
        """,
        at="2024-03-05 10:00",
    )
    spec.stands("2024-03-01", status="final", as_of=2)
    spec.stands("2024-03-01", status="corrected")
    spec.ask("gross", period="2024-03-01", gives=110_00)


def test_a_period_is_as_unfinished_as_its_last_day(spec: Spec) -> None:
    """One closed day does not close the week."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 100.00
        A1     | 2024-03-02 | X    | 20         | 200.00
        """,
        at="2024-03-03 08:00",
    )
    spec.close("2024-03-01", at="2024-03-03 09:00")
    spec.stands("2024-03-01", status="final")
    spec.stands("2024-03-01..2024-03-02", status="provisional")


def test_a_schedule_is_no_report(spec: Spec) -> None:
    """A cinema that is expected and has only announced its screenings has not reported."""
    spec.send("register cinema", EXPECTED)
    spec.send(
        "schedule",
        """
        cinema | screening | start            | work
        A1     | s1        | 2024-03-01 19:00 | X
        """,
    )
    spec.stands("2024-03-01", reported=(0, 2))
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | 0          | 0.00
        A3     | s1        | 2024-03-01 19:00 | X    | 7          | 70.00
        """,
    )
    spec.stands("2024-03-01", reported=(1, 2))
