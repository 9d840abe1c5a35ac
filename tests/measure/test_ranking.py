"""Places by gross: ties, grosses below zero, and grosses that nobody knows."""

import pytest

from pharos.errors import NoNumber
from pharos.measure.ranking import Ranking


def places(*rivals: tuple[str, int]) -> dict[str, int]:
    """The place of each key by its gross."""
    ranking = Ranking([((key,), 1, {"gross": gross}) for key, gross in rivals], "paid")
    return {key: ranking.place((key,), 1) for key, _ in rivals}


def test_equals_share_a_place_and_the_next_one_is_skipped() -> None:
    assert places(("W", 90), ("X", 60), ("Y", 60), ("Z", 10)) == {"W": 1, "X": 2, "Y": 2, "Z": 4}


def test_a_gross_below_zero_comes_after_one_of_zero() -> None:
    assert places(("W", -5), ("X", 0), ("Y", -7)) == {"W": 2, "X": 1, "Y": 3}


def test_what_has_no_figures_has_no_place() -> None:
    with pytest.raises(NoNumber, match="no figures"):
        Ranking([(("W",), 1, {"gross": 5})], "paid").place(("X",), 1)


def test_rivals_are_alike_in_all_other_dimensions_and_in_currency() -> None:
    rows = [(("W", "A1"), 1, 5), (("X", "A1"), 1, 9), (("X", "A2"), 1, 9), (("W", "A1"), 2, 1)]
    ranking = Ranking([(keys, currency, {"gross": n}) for keys, currency, n in rows], "paid")
    assert ranking.place(("W", "A1"), 1) == 2
    assert ranking.place(("X", "A2"), 1) == 1
    assert ranking.place(("W", "A1"), 2) == 1


def test_nobody_has_a_place_beside_a_rival_whose_tax_is_not_known() -> None:
    rows = [
        (("W",), 1, {"gross": 5, "tax_missing": 0}),
        (("X",), 1, {"gross": 4, "tax_missing": 1}),
    ]
    with pytest.raises(NoNumber, match="ranks among: the tax"):
        Ranking(rows, "without_tax").place(("W",), 1)
    with pytest.raises(NoNumber, match="the tax was not stated"):
        Ranking(rows, "without_tax").place(("X",), 1)
    assert Ranking(rows, "paid").place(("X",), 1) == 2
