"""A judgement is made of two ids of one kind that somebody has spoken of, and changes something.

In: ids as people type them. Out: a judgement, or the reason why there is none.
"""

from collections.abc import Iterator

import pytest

from pharos.errors import BadJudgement
from pharos.match.judgements import judgement
from tests.oracle_said import Sent
from tests.property.homes import Lived, lived

ROWS = tuple(
    {"kind": "day_totals", "cinema": cinema, "date": "2024-03-08", "work": work, "gross": "1.00"}
    for cinema, work in (("C1", "Crane"), ("C2", "Heron"), ("C3", "Owl"))
)


@pytest.fixture
def home() -> Iterator[Lived]:
    with lived([Sent("north", "", "1", ROWS)]) as made:
        yield made


def judge(home: Lived, one: str, other: str, why: str = "seen", *, same: bool = True) -> None:
    real = home.home
    made = judgement(real.writer.registers, real.ledger.terms, (one, other), why, same=same)
    real.administer(made)


def works(home: Lived) -> list[str]:
    return sorted(row["work_id"] for row in home.home.ask("gross", by="work"))


@pytest.mark.parametrize(
    ("one", "other", "why", "reason"),
    [
        ("work:Crane", "cinema:C1", "seen", "cannot be one"),
        ("work:Crane", "work:Crane", "seen", "same id twice"),
        ("work:Crane", "work:  Crane ", "seen", "same id twice"),
        ("work:Crane", "work:Heron", "  ", "--why"),
        ("work:Crane", "work:Herom", "seen", "did you mean Heron"),
        ("cinema:C1", "cinema:Heron", "seen", "nobody has spoken of cinema:Heron"),
        ("Crane", "work:Heron", "seen", "write work:ID"),
        ("film:Crane", "film:Heron", "seen", "write work:ID"),
        ("work:", "work:Heron", "seen", "write work:ID"),
    ],
)
def test_what_means_nothing_is_refused_with_a_reason(
    home: Lived, one: str, other: str, why: str, reason: str
) -> None:
    with pytest.raises(BadJudgement, match=reason):
        judge(home, one, other, why)


def test_a_join_that_holds_already_is_refused_through_others_too(home: Lived) -> None:
    judge(home, "work:Crane", "work:Heron")
    judge(home, "work:Heron", "work:Owl")
    assert works(home) == ["work:Crane"]
    with pytest.raises(BadJudgement, match="one already"):
        judge(home, "work:Owl", "work:Crane")


def test_only_a_direct_join_can_be_taken_back_and_the_joins_are_named(home: Lived) -> None:
    judge(home, "work:Crane", "work:Heron")
    judge(home, "work:Heron", "work:Owl")
    with pytest.raises(BadJudgement, match=r"not joined directly.*Crane = Heron"):
        judge(home, "work:Crane", "work:Owl", same=False)
    judge(home, "work:Heron", "work:Crane", same=False)
    assert works(home) == ["work:Crane", "work:Heron"]


def test_what_was_never_joined_cannot_be_parted(home: Lived) -> None:
    with pytest.raises(BadJudgement, match="were not joined directly"):
        judge(home, "work:Crane", "work:Owl", same=False)


def test_joined_again_after_it_was_parted(home: Lived) -> None:
    for same in (True, False, True):
        judge(home, "cinema:C1", "cinema:C2", same=same)
    rows = home.home.ask("gross", by="cinema")
    assert sorted(row["cinema_id"] for row in rows) == ["cinema:C1", "cinema:C3"]
