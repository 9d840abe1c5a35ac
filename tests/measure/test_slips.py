"""Totals beside the periods of a work, and what a telling multiple hints at.

In: weeks and totals whose sums are written out. Out: the pairs that break, and a guess why.
"""

from pathlib import Path

import pytest

from pharos.measure.identities import CheckAsked, looks_like
from pharos.serve.hands import AtHome
from tests.measure.test_published_charts import home_of, said
from tests.oracle_published import Row

WEEKS = ("2024-01-01..2024-01-07", "2024-01-08..2024-01-14", "2024-01-15..2024-01-21")


def weeks(work: str, *values: int) -> list[Row]:
    return [said(work, week, value) for week, value in zip(WEEKS, values, strict=True)]


def total(work: str, value: int, day: str = "2024-03-01") -> Row:
    return said(work, day, value, "cumulative_gross")


def test_the_listed_periods_of_a_work_make_its_total(tmp_path: Path) -> None:
    rows = [
        *weeks("Owl", 600, 300, 80), total("Owl", 1_000),  # 980: the last days are not listed
        *weeks("Heron", 600, 300, 100), total("Heron", 500),  # each week twice
        *weeks("Crane", 60, 30, 10), total("Crane", 10_000 * 100),  # one of both in 10,000
        *weeks("Ibis", 60, 30, 10), total("Ibis", 140),  # neither
        *weeks("Stork", 60, 30, 10),  # no total
        said("Egret", WEEKS[0], 60), total("Egret", 600),  # one week is no run
        # The total of a day before the last week is of what came before it.
        *weeks("Rail", 60, 30, 10), total("Rail", 90, "2024-01-14"),
    ]  # fmt: skip
    with home_of(tmp_path, *rows) as home:
        asked = CheckAsked("periods-make-total")
        (found,) = AtHome(home).history(asked)["rows"]
    assert (found["pairs"], found["broken"]) == (5, 3)
    broken = {one["subject_id"]: one for one in found["breaks"]}
    names = ("stated", "expected", "looks_like")
    assert {work: tuple(one[name] for name in names) for work, one in broken.items()} == {
        "Heron": ("500", "1000", "doubled"),
        "Crane": ("1000000", "100", "unit"),
        "Ibis": ("140", "100", None),
    }


def test_a_running_cumulative_is_no_total(tmp_path: Path) -> None:
    rows = [*weeks("Owl", 600, 300, 80), total("Owl", 5, "2024-01-07"), total("Owl", 9)]
    with home_of(tmp_path, *rows) as home:
        assert AtHome(home).history(CheckAsked("periods-make-total"))["rows"] == []


@pytest.mark.parametrize(
    ("stated", "expected", "currency", "guess"),
    [
        (690, 100, "CNY", "currency"),
        (100, 690, "USD", "currency"),
        (690, 100, "KRW", None),
        (1_000, 100, "CNY", "unit"),
        (100, 10_000_000_000, "CNY", "unit"),
        (195, 100, "CNY", "doubled"),
        (-195, 100, "CNY", None),
        (0, 100, "CNY", None),
        (100, None, "CNY", None),
    ],
)
def test_a_multiple_hints_at_a_slip(
    stated: int, expected: int | None, currency: str, guess: str | None
) -> None:
    assert looks_like(stated, expected, currency) == guess
