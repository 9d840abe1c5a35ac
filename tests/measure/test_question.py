"""Words become a question, or an error that helps.

In: words. Out: a checked question, or the reason why there is none.
"""

import pytest

from pharos.errors import BadQuestion, RefusedCombination, UnknownWord
from pharos.measure.question import BASES, question
from tests.spec.refusals import NEEDS


def test_words_become_measures_dimensions_and_conditions() -> None:
    made = question(
        ["gross", "admissions"], ["work", "city"], ["cinema=A1", "cinema=A=2", "work=X"]
    )
    assert [measure.name for measure in made.measures] == ["gross", "admissions"]
    assert [dimension.name for dimension in made.by] == ["work", "city"]
    # Several values of one dimension are "or"; a value may hold a sign of equality.
    assert made.where == {"cinema": ("A1", "A=2"), "work": ("X",)}
    assert made.used == ("work", "city", "cinema")


@pytest.mark.parametrize(
    ("measures", "by", "where", "hint"),
    [
        (["gros"], [], [], "did you mean gross"),
        (["gross"], ["wrok"], [], "did you mean work"),
        (["gross"], [], ["citi=Avon"], "did you mean city"),
        (["zzz"], [], [], "known are"),
    ],
)
def test_unknown_words_name_the_nearest(
    measures: list[str], by: list[str], where: list[str], hint: str
) -> None:
    with pytest.raises(UnknownWord, match=hint):
        question(measures, by, where)


@pytest.mark.parametrize("where", ["city", "city:Avon", "", "="])
def test_a_condition_without_a_value_is_told_how_to_write_one(where: str) -> None:
    with pytest.raises((BadQuestion, UnknownWord)):
        question(["gross"], [], [where])


def test_no_measure_is_no_question() -> None:
    with pytest.raises(BadQuestion, match="gross"):
        question([])


def test_a_basis_is_one_of_four() -> None:
    assert {question(["gross"], basis=basis).basis for basis in BASES} == set(BASES)
    with pytest.raises(UnknownWord, match="did you mean without_fee"):
        question(["gross"], basis="without_fees")


def test_another_source_is_refused_by_name() -> None:
    with pytest.raises(RefusedCombination, match="newspaper"):
        question(["gross"], source="newspaper")


@pytest.mark.parametrize(("measure", "need"), [(m, need) for need in NEEDS for m in need.measures])
def test_what_needs_a_split_says_so_and_is_content_with_any(measure: str, need: object) -> None:
    (found,) = [one for one in NEEDS if one is need]
    with pytest.raises(RefusedCombination, match=found.word):
        question([measure])
    for name in found.one_of:
        assert question([measure], [name]).used == (name,)
        assert question([measure], where=[f"{name}=1"]).used == (name,)


def test_changes_and_ranks_need_something_to_compare() -> None:
    with pytest.raises(RefusedCombination, match="period"):
        question(["change_day"], ["work"])
    assert question(["change_day"], ["work"], period="2024-03-08").period
    assert question(["change_day"], ["business_date"]).by
    with pytest.raises(RefusedCombination, match="ask by"):
        question(["rank"])


def test_one_refused_measure_refuses_the_question_and_is_named() -> None:
    with pytest.raises(RefusedCombination, match="screenings by channel"):
        question(["gross", "screenings"], ["channel"])
