"""Lines become postings: signs, what is missing, and money split to the last unit.

In: lines as columns. Out: the quantities of their postings.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharos.keep.postings import WITHDRAWN, Columns, Parts, negated, post, supply
from pharos.keep.schema import MONEY, QUANTITIES
from pharos.words.figures import ABSENT, LINE_COLUMNS, Book, Event
from pharos.words.money import split

WEIGHTS = st.lists(st.integers(1, 9), min_size=1, max_size=4)


def line(**said: int) -> Columns:
    """One line; what is not said is absent."""
    columns = dict.fromkeys((*LINE_COLUMNS, "position", "untyped"), 0)
    columns |= dict.fromkeys(("tax", "levy", "fee", "declared", "refunds"), ABSENT)
    columns |= {"event": int(Event.SALE), "book": int(Book.TICKETS), "quantity": 1, **said}
    return {name: np.array([value], dtype=np.int64) for name, value in columns.items()}


def posted(columns: Columns, weights: tuple[int, ...] = (1,)) -> dict[str, list[int]]:
    parts = Parts(np.array([5]), np.array([len(weights)]), {5: weights})
    return {name: column.tolist() for name, column in post(columns, parts).items()}


@settings(deadline=None, database=None, derandomize=True)
@given(st.integers(0, 10**9), WEIGHTS, st.sampled_from(list(Event)))
def test_money_is_split_by_weight_and_adds_up(paid: int, weights: list[int], event: Event) -> None:
    book = Book.SCREENING_TOTALS if event == Event.TOTAL else Book.TICKETS
    found = posted(line(paid=paid, fee=paid // 3, event=event, book=book), tuple(weights))
    sign = 1 if event in (Event.SALE, Event.EXCHANGE_IN, Event.TOTAL) else -1
    assert found["gross"] == [sign * share for share in split(paid, weights)]
    assert sum(found["fee"]) == sign * (paid // 3)
    assert found["account"] == [5 + nth for nth in range(len(weights))]
    # Tickets belong to each work in full.
    assert found["admissions"] == [sign] * len(weights)


@pytest.mark.parametrize(
    ("event", "admissions", "refunded", "gross"),
    [
        (Event.SALE, 2, 0, 900),
        (Event.REFUND, -2, 2, -900),
        (Event.VOID, -2, 0, -900),
        (Event.EXCHANGE_OUT, -2, 0, -900),
        (Event.EXCHANGE_IN, 2, 0, 900),
    ],
)
def test_what_each_event_adds(event: Event, admissions: int, refunded: int, gross: int) -> None:
    found = posted(line(event=event, quantity=2, paid=900))
    assert (found["admissions"], found["refunded"]) == ([admissions], [refunded])
    assert (found["gross"], found["free"], found["said"]) == ([gross], [0], [1])
    assert (found["fee"], found["fee_missing"], found["tax_missing"]) == ([0], [1], [1])


def test_tickets_for_nothing_are_free_and_taken_back_as_free() -> None:
    assert posted(line(quantity=3, paid=0))["free"] == [3]
    assert posted(line(quantity=3, paid=0, event=Event.REFUND))["free"] == [-3]


def test_a_total_over_all_types_hides_its_free_tickets() -> None:
    stated = {"event": Event.TOTAL, "book": Book.SCREENING_TOTALS, "quantity": 5}
    assert posted(line(**stated, paid=900, untyped=1))["free_missing"] == [1]
    assert posted(line(**stated, paid=900, untyped=0))["free_missing"] == [0]
    assert posted(line(**stated, paid=0, untyped=1))["free"] == [5]


def test_a_day_misses_seats_only_if_no_line_says_them() -> None:
    day = {"event": Event.TOTAL, "book": Book.DAY_TOTALS, "paid": 1}
    silent = line(**day, seats=ABSENT, screenings=ABSENT)
    saying = line(**day, seats=40, screenings=2)
    for several, missing in (((silent, saying), 0), ((silent, silent), 1)):
        columns = {name: np.concatenate([one[name] for one in several]) for name in silent}
        made = post(columns, Parts(np.array([5, 5]), np.array([1, 1]), {}))
        assert int(made["seats_missing"].sum()) == missing
        assert int(made["screenings_missing"].sum()) == missing


def test_supply_counts_once_and_not_when_cancelled() -> None:
    made = supply([(1, 2, 7, 40, False), (1, 3, 8, ABSENT, False), (1, 4, 9, 40, True)])
    assert made["screenings"].tolist() == [1, 1, 0]
    assert made["seats"].tolist() == [40, 0, 0]
    assert made["seats_missing"].tolist() == [0, 1, 0]
    assert made["said"].tolist() == [1, 1, 1]


def test_a_counter_posting_undoes_every_quantity() -> None:
    lines = line(paid=901, fee=100, tax=7, quantity=2)
    made = post(lines, Parts(np.array([5]), np.array([3]), {5: (1, 2, 3)}))
    back = negated(made, WITHDRAWN)
    assert all(int((made[name] + back[name]).sum()) == 0 for name in QUANTITIES)
    assert set(back["event"].tolist()) == {WITHDRAWN}
    assert set(MONEY) <= set(QUANTITIES)
