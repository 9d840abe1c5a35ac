"""Looking back over a run: sums since it began, balances brought forward, opening weekends.

In: daily sums made by hand. Out: numbers with their terms, or why there are none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pharos.errors import NoNumber
from pharos.measure.catalogue import BY_NAME
from pharos.measure.edition import Edition
from pharos.measure.runs import Release, Runs
from pharos.measure.since import Days, Reached, Since
from pharos.words.territory import Territory, packaged_territory, parse_territory

US = parse_territory(packaged_territory("US"))
FRIDAY = date(2024, 3, 8)

Told = tuple[Any, Mapping[str, Any]]


def day(n: int) -> date:
    """So many days after the Friday."""
    return FRIDAY + timedelta(days=n)


@dataclass(frozen=True, slots=True)
class Made:
    """A work with its runs and balances, and the gross of each of its days."""

    edition: Edition
    runs: Runs
    gross: dict[date, int]
    basis: str

    def number(self, measure: str, reached: list[Reached], *split: str) -> Told:
        """A measure of a row and its terms; the days it has behind it are summed here."""
        made = Since(self.edition, self.runs, self.basis, {"work", *split})
        for one in reached:
            one.counted = self._sums(one, made.days(one))
            one.opened = self._sums(one, made.opening_days(one))
        return made.number(BY_NAME[measure], reached)

    def _sums(self, one: Reached, days: Days | None) -> dict[str, int]:
        if days is None or one.work != "X":
            return {}
        found = [gross for day, gross in self.gross.items() if days[0] <= day <= days[1]]
        return {"gross": sum(found), "admissions": sum(gross // 10 for gross in found)}


def since(
    sums: dict[int, int],
    *,
    balances: tuple[dict[str, Any], ...] = (),
    released: int | None = None,
    basis: str = "paid",
    rules: Territory = US,
) -> Made:
    """A work with so much gross (and a tenth as many admissions) on days after the Friday."""
    at = ("X", "US")
    shown = sorted({*(day(n) for n in sums), *(row["through"] for row in balances)})
    releases: list[Release] = [] if released is None else [(day(released), None)]
    edition = SimpleNamespace(territories={"US": rules}, balances=lambda: {at: list(balances)})
    runs = Runs({at: shown}, {at: releases}, {"US": rules})
    return Made(cast(Edition, edition), runs, {day(n): sums[n] for n in sums}, basis)


def reached(n: int, work: str = "X") -> Reached:
    """A row in dollars that holds the work up to so many days after the Friday."""
    return Reached(work, "US", day(n), "USD")


def told(made: Made, measure: str, until: int, *split: str) -> Any:  # noqa: ANN401
    """A measure on the row that has reached a day."""
    return made.number(measure, [reached(until)], *split)[0]


def balance(through: int, gross: int, admissions: int | None = 9) -> dict[str, Any]:
    return {"through": day(through), "gross": gross, "admissions": admissions, "currency": "USD"}


def test_a_cumulative_counts_the_run_up_to_the_day() -> None:
    made = since({0: 100, 1: 50, 200: 7, 201: 3})
    assert told(made, "cumulative_gross", 0) == 100
    assert told(made, "cumulative_gross", 5) == 100 + 50
    assert told(made, "cumulative_gross", 201) == 7 + 3
    assert told(made, "cumulative_admissions", 1) == 10 + 5


def test_terms_are_named() -> None:
    made = since({0: 100, 2: 50}, balances=(balance(0, 1000),))
    number, terms = made.number("cumulative_gross", [reached(2)])
    assert number == 1050
    assert terms == {"brought_forward": 1000, "counted": 50, "since": day(1)}


def test_the_newest_balance_in_time_is_brought_forward() -> None:
    made = since({0: 100, 1: 50, 3: 25}, balances=(balance(0, 1000), balance(2, 2000)))
    assert told(made, "cumulative_gross", 1) == 1000 + 50
    assert told(made, "cumulative_gross", 3) == 2000 + 25
    with pytest.raises(NoNumber, match="later day"):
        told(since({0: 100}, balances=(balance(2, 2000),)), "cumulative_gross", 0)


@pytest.mark.parametrize(
    ("measure", "basis", "split", "reason"),
    [
        ("cumulative_gross", "paid", ("cinema",), "divided by cinema"),
        ("cumulative_gross", "without_fee", (), "fee and tax"),
        ("cumulative_admissions", "paid", (), "does not state admissions"),
    ],
)
def test_a_balance_is_one_number(
    measure: str, basis: str, split: tuple[str, ...], reason: str
) -> None:
    made = since({0: 100, 2: 50}, balances=(balance(0, 1000, None),), basis=basis)
    with pytest.raises(NoNumber, match=reason):
        told(made, measure, 2, *split)


def test_a_balance_in_another_currency_is_none() -> None:
    foreign = balance(0, 1000) | {"currency": "CAD"}
    made = since({0: 100, 2: 50}, balances=(foreign,))
    assert told(made, "cumulative_gross", 2) == 100 + 50


def test_days_on_release_begin_at_one_and_previews_have_none() -> None:
    made = since({0: 100, 7: 50}, released=7)
    assert told(made, "days_on_release", 7) == 1
    assert told(made, "days_on_release", 9) == 3
    with pytest.raises(NoNumber, match="preview"):
        told(made, "days_on_release", 6)


def test_a_row_on_two_days_of_release_has_none() -> None:
    made = since({0: 100})
    with pytest.raises(NoNumber, match="different days"):
        made.number("days_on_release", [reached(0), reached(3, "Y"), reached(2)])


def test_a_multiplier_waits_for_its_weekend_and_leaves_previews_out_of_it() -> None:
    made = since({-2: 10, 0: 100, 2: 50, 5: 25}, released=0)
    with pytest.raises(NoNumber, match="not over"):
        told(made, "multiplier", 1)
    assert told(made, "multiplier", 2) == Fraction(10 + 100 + 50, 100 + 50)
    assert told(made, "multiplier", 5) == Fraction(10 + 100 + 50 + 25, 100 + 50)
    assert told(made, "opening_weekend_gross", 5) == 100 + 50


def test_a_multiplier_needs_the_days_of_its_weekend() -> None:
    made = since({0: 100, 5: 50}, balances=(balance(2, 1000),))
    with pytest.raises(NoNumber, match="opening balance"):
        told(made, "multiplier", 5)


def test_a_work_without_a_run_counts_nothing_and_is_on_its_first_day() -> None:
    made, unknown = since({0: 100}), [reached(4, "Z")]
    assert made.number("days_on_release", unknown)[0] == 1
    assert made.number("cumulative_gross", unknown)[0] == 0
