"""The ledger answers as the oracle does, on made-up worlds and made-up questions.

In: worlds. Out: a failure where the two differ, at any edition.
"""

from random import Random
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from pharos.measure.catalogue import BY_NAME
from tests.oracle import Oracle
from tests.oracle_calendar import Refused
from tests.oracle_said import Sent
from tests.oracle_view import DIMENSIONS
from tests.property.worlds import DAYS, World, shown, worlds
from tests.spec.harness import Nothing, _compare, territory
from tests.spec.ledger_adapter import Home, LedgerRefused, Question, answer, close_all

QUESTIONS = 15
VALUES: dict[str, tuple[str, ...]] = {
    "work": ("W1", "W2", "W3"),
    "version": ("V1", ""),
    "format": ("IMAX", ""),
    "cinema": ("A1", "A2", "B1", "S1"),
    "screen": ("A1/1", "S1/2", ""),
    "city": ("Avon", "Bath"),
    "chain": ("Crane", "Heron", ""),
    "province": ("BB", ""),
    "territory": ("US",),
    "sender": ("north", "south"),
    "grain": ("tickets", "screening_totals", "day_totals", "supply"),
    "screening_hour": ("5", "19", "23"),
    "daypart": ("prime", "other", ""),
    "business_date": DAYS,
    "weekday": ("5", "6", "7"),
    "week": ("2024-W10", "2024-W11"),
    "weekend": ("2024-03-08",),
    "month": ("2024-03",),
    "year": ("2024",),
    "run": ("1",),
    "day_of_release": ("1", "2", "7", ""),
    "distributor": ("Owl", "Elk", ""),
    "ticket_type": ("adult", "child", ""),
    "channel": ("online", "counter", ""),
}
PERIODS = (
    *("", "", "", *DAYS, "2024-03-08..2024-03-10", "2024-03-09..2024-03-20"),
    *("2024-W10", "2024-W11", "2024-03", "2024-Q1", "2024", "2023"),
)
BASES = ("paid", "paid", "paid", "without_fee", "without_tax", "without_fee_and_tax")


def drawn(random: Random, messages: int) -> Question:
    """A question of any kind, refused ones among them."""
    measures = random.sample(sorted(BY_NAME), random.choice((1, 1, 2, 3)))
    by = tuple(random.sample(DIMENSIONS, random.choice((0, 1, 1, 2))))
    chosen = random.sample(sorted(VALUES), random.choice((0, 0, 1, 1, 2)))
    if random.random() < 0.3 and not {"work"} & {*by, *chosen}:
        by = (*by, "work")
    return Question(
        tuple(measures),
        by,
        {name: random.choice(VALUES[name]) for name in chosen},
        random.choice(PERIODS),
        random.choice(BASES),
        random.choice((None, None, random.randint(1, messages))),
    )


def compare(messages: list[Sent], question: Question) -> None:
    """Both refuse, or both say the same."""
    oracle = Oracle(messages, {"US": territory("US")}, "US")
    refused, complained, expected, rows = "", "", [], []
    try:
        expected = oracle.ask(
            question.measures, question.by, question.where, question.period or None,
            basis=question.basis, edition=question.as_of,
        )  # fmt: skip
    except Refused as reason:
        refused = f"the oracle refuses: {reason}"
    try:
        rows = answer(Home(), messages, question)
    except LedgerRefused as reason:
        complained = str(reason)
    if complained:
        # A value that nobody has spoken of yet is unknown to the ledger and empty for the oracle.
        unknown = complained.startswith("there is no ") and not any(map(_says, expected))
        assert refused or unknown, f"the ledger refuses: {complained}\nnot so: {expected}"
        return
    assert not refused, f"{refused}\nthe ledger answers {rows}"
    # Rows of money are told apart by currency.
    names = (*question.by, "currency") if any(row["currency"] for row in rows) else question.by
    there = {_key(row, names) for row in rows}
    wanted = {}
    for row in expected:
        if _says(row) or _key(row, names) in there:
            wanted[_key(row, names)] = tuple(
                Nothing("") if row[measure] is None else row[measure]
                for measure in question.measures
            )
    _compare(question, wanted, rows)


def _key(row: dict[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("" if row[name] is None else str(row[name]) for name in names)


def _says(row: dict[str, Any]) -> bool:
    return any(row[name] not in (None, 0) for name in row if name in BY_NAME and name != "works")


def try_worlds(made: st.SearchStrategy[World], profile: settings) -> None:
    @profile
    @given(made, st.integers(0, 10_000))
    def holds(world: World, seed: int) -> None:
        note(f"{shown(world)}")
        messages, random = world.messages, Random(seed)
        for _ in range(QUESTIONS):
            question = drawn(random, len(messages))
            note(f"{question}")
            compare(messages, question)

    try:
        holds()
    finally:
        close_all()


@pytest.mark.slow
def test_ledger_and_oracle_agree(profile: settings) -> None:
    try_worlds(worlds(judged=True), profile)


@pytest.mark.torture
def test_ledger_and_oracle_agree_in_very_many_worlds(profile: settings) -> None:
    try_worlds(worlds(judged=True), profile)
