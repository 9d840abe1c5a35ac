"""The harness fails where it should: a spec that cannot fail proves nothing.

In: one small spec with wrong expectations. Out: failures. Must not know the ledger.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.spec.harness import Spec, _differs, ratio, unknown
from tests.spec.tables import cells_of


def small() -> Spec:
    """Two works in one cinema."""
    spec = Spec()
    spec.send(
        "screening_totals",
        """
        cinema | screening | start            | work | admissions | gross
        A1     | s1        | 2024-03-01 19:00 | X    | 10         | 120.00
        A1     | s2        | 2024-03-01 21:30 | Y    | 5          | 60.00
        """,
    )
    return spec


@pytest.mark.parametrize(
    ("measure", "by", "gives"),
    [
        ("gross", "", 180_01),
        ("gross", "", {"USD": 180_01}),
        ("gross", "work", {"X": 120_00}),
        ("gross", "work", {"X": 120_00, "Y": 60_00, "Z": 0}),
        ("gross", "work", {"X": 120_00, "Y": unknown("fee")}),
        ("service_fee", "", unknown("tax")),
        ("service_fee", "", 0),
        ("average_ticket_price", "", ratio(180_00, 16)),
        ("gross", "work", "refused: work"),
        ("screenings", "channel", 2),
        ("screenings", "channel", "refused: channels have no screenings"),
    ],
)
def test_a_wrong_expectation_fails(measure: str, by: str, gives: Any) -> None:  # noqa: ANN401
    spec = small()
    with pytest.raises(AssertionError):
        spec.ask(measure, by=by, gives=gives)


def test_a_right_expectation_passes() -> None:
    spec = small()
    spec.ask("gross admissions", by="work", gives={"X": (120_00, 10), "Y": (60_00, 5)})
    spec.ask("gross", gives={"USD": 180_00})
    spec.ask("service_fee", gives=unknown("fee"))


def test_a_finding_that_is_not_there_fails() -> None:
    spec = small()
    for rule in ("conflict", "exists"):
        with pytest.raises(AssertionError):
            spec.found(rule, message=1)


@pytest.mark.parametrize(
    ("got", "right"),
    [("1200", True), ("1200.0", True), ("1199", False), ("1200.4", False), ("1.2E+3", True)],
)
def test_a_rounded_number_is_the_nearest_one(got: str, right: bool) -> None:
    assert (not _differs(Fraction(120_00, 10), Decimal(got), "")) == right


def test_an_empty_cell_at_the_end_is_a_cell() -> None:
    assert cells_of("a | b\n1 |") == [["a", "b"], ["1", ""]]
