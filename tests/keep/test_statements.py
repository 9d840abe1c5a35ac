"""What a newer statement changes against what stands: added, changed, withdrawn, as before.

In: lines of two statements. Out: the difference, and postings that lead from one to the other.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharos.keep.postings import WITHDRAWN, Columns, columns_of
from pharos.keep.schema import QUANTITIES
from pharos.keep.statements import LINE_KEY, compare, counter_postings, origins, to_post
from pharos.words.figures import Ints

Said = tuple[int, int, int, int, int]  # account, ticket type, line, admissions, gross
LINES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 1),
        st.integers(0, 2),
        st.integers(0, 3),
        st.integers(0, 2),
    ),
    max_size=8,
    unique_by=lambda said: said[:3],
)


def rows(lines: Iterable[Said]) -> list[dict[str, int]]:
    made = []
    for nth, (account, ticket_type, line, admissions, gross) in enumerate(lines, 1):
        row = dict.fromkeys(QUANTITIES, 0) | {"said": 1, "admissions": admissions, "gross": gross}
        row |= {"account": account, "ticket_type": ticket_type, "channel": 0, "line": line}
        made.append(row | {"row": nth, "position": 9, "book": 2, "event": 5, "sold_at": 0})
    return made


def standing(lines: Iterable[Said]) -> list[dict[str, int]]:
    names = (*LINE_KEY, *QUANTITIES)
    return [
        {name: row[name] for name in names} | {"said_position": 3, "said_row": row["row"]}
        for row in rows(lines)
    ]


def downwards(count: int) -> Ints:
    """Numbers of rows that no report says."""
    return -1 - np.arange(count, dtype=np.int64)


def sums(columns: Columns) -> Counter[tuple[int, ...]]:
    found: Counter[tuple[int, ...]] = Counter()
    for nth in range(len(columns["account"])):
        key = tuple(int(columns[name][nth]) for name in LINE_KEY)
        for at, name in enumerate(QUANTITIES):
            found[*key, at] += int(columns[name][nth])
    return Counter({key: value for key, value in found.items() if value})


def fresh(lines: Iterable[Said]) -> Columns:
    made = rows(lines)
    return columns_of(made) if made else columns_of([])


@pytest.mark.slow
@settings(deadline=None, database=None, derandomize=True, max_examples=200)
@given(LINES, LINES)
def test_the_difference_leads_from_one_statement_to_the_next(
    before: list[Said], after: list[Said]
) -> None:
    found = compare(fresh(after), standing(before))
    counters = counter_postings(found, 9, 2, downwards)
    posted = columns_of(to_post(found)) if to_post(found) else columns_of([])
    whole = sums(fresh(before))
    whole.update(sums(counters))
    whole.update(sums(posted))
    left = Counter({key: value for key, value in whole.items() if value})
    assert left == sums(fresh(after))
    assert len(found.unchanged) == len(set(before) & set(after))
    assert len(found.added) + len(found.changed) + len(found.unchanged) == len(after)
    assert len(found.withdrawn) + len(found.changed) + len(found.unchanged) == len(before)


def test_the_same_again_changes_nothing() -> None:
    lines = [(0, 0, 1, 2, 3), (0, 1, 2, 2, 3)]
    found = compare(fresh(lines), standing(lines))
    assert (found.added, found.changed, found.withdrawn) == ([], [], [])
    assert len(found.unchanged) == 2


def test_another_figure_in_the_same_place_is_a_change() -> None:
    found = compare(fresh([(0, 0, 7, 2, 4)]), standing([(0, 0, 1, 2, 3)]))
    ((before, after),) = found.changed
    assert (before["gross"], after["gross"]) == (3, 4)
    assert not found.added
    assert not found.withdrawn


def test_counter_postings_know_what_they_take_back() -> None:
    found = compare(fresh([]), standing([(0, 0, 1, 2, 3), (1, 0, 1, 5, 6)]))
    counters = counter_postings(found, 9, 2, downwards)
    assert counters["gross"].tolist() == [-3, -6]
    assert set(counters["event"].tolist()) == {WITHDRAWN}
    assert (counters["row"] < 0).all()
    assert len(np.unique(counters["row"])) == 2
    told = origins(found, counters)
    assert (told["from_position"], told["from_row"]) == ([3, 3], [1, 2])
