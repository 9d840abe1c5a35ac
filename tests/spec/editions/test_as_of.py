"""An edition is everything up to one message; its answers never change."""

from tests.spec.harness import Spec


def test_every_edition_can_be_asked_again(spec: Spec) -> None:
    """What arrives later changes the newest answer and no older one."""
    spec.send(
        "day_totals",
        """
        id | cinema | date       | work | admissions | gross
        1  | A1     | 2024-03-01 | X    | 10         | 100.00
        2  | A2     | 2024-03-01 | X    | 5          | 50.00
        3  | A1     | 2024-03-01 | X    | 12         | 120.00
        """,
    )
    spec.ask("gross admissions", as_of=1, gives=(100_00, 10))
    spec.ask("gross admissions", as_of=2, gives=(100_00 + 50_00, 10 + 5))
    spec.ask("gross admissions", as_of=3, gives=(120_00 + 50_00, 12 + 5))


def test_administration_is_a_message_too(spec: Spec) -> None:
    """A closing takes an edition of its own and changes no figure."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 100.00
        """,
    )
    spec.close("2024-03-01")
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-02 | X    | 20         | 200.00
        """,
    )
    spec.ask("gross", as_of=2, gives=100_00)
    spec.ask("gross", as_of=3, gives=100_00 + 200_00)


def test_the_better_book_takes_over_when_it_arrives(spec: Spec) -> None:
    """In the evening the day total was all there was; the tickets came later."""
    spec.send(
        "day_totals",
        """
        cinema | date       | work | admissions | gross
        A1     | 2024-03-01 | X    | 10         | 100.00
        """,
    )
    spec.send(
        "tickets",
        """
        number | quantity | paid   | sold_at
        1      | 11       | 110.00 | 2024-03-01 18:00
        """,
        each="cinema=A1, screening=s1, start=2024-03-01 19:00, work=X",
    )
    spec.ask("gross", by="grain", as_of=1, gives={"day_totals": 100_00})
    spec.ask("gross", by="grain", as_of=2, gives={"tickets": 110_00})
