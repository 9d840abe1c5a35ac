"""A change leads from one version of a board to the next, whatever differs between them.

In: pairs of made-up boards. Out: a difference, if any.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharos.serve.changes import change_of, changed

MEASURES = ("gross", "admissions", "occupancy")
NUMBERS = st.one_of(st.none(), st.integers(-5, 5))


@st.composite
def row(draw: st.DrawFn, work: str, edition: int) -> dict[str, Any]:
    """A row: a measure that is not known has a reason instead."""
    made: dict[str, Any] = {"work_id": work, "rank": draw(st.integers(1, 3))}
    shown: dict[str, Any] = {"name": draw(st.sampled_from(["A", "B"]))}
    for name in MEASURES:
        value = made[name] = draw(NUMBERS)
        shown[name] = str(value)
        if value is None:
            made[f"{name}_reason"] = draw(st.sampled_from(["none was sold", "not said"]))
            shown[f"{name}_title"] = "why"
    return made | {"shown": shown, "trace": f"/en/trace?where={work}&as_of={edition}&measure="}


@st.composite
def view(draw: st.DrawFn, currencies: tuple[str, ...]) -> dict[str, Any]:
    """A board with a table for each currency."""
    edition = draw(st.integers(1, 30))
    works = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)
    return {
        "language": "en",
        "state": "shown",
        "date": "2022-10-01",
        "edition": edition,
        "status": draw(st.sampled_from(["live", "provisional"])),
        "shown": {"title": draw(st.sampled_from(["1", "2"]))},
        "sections": [
            {
                "currency": currency,
                "total": draw(row("", edition)),
                "films": [draw(row(work, edition)) for work in draw(works)],
            }
            for currency in currencies
        ],
    }


CURRENCIES = st.sampled_from([("CNY",), ("CNY", "USD")])
PAIRS = CURRENCIES.flatmap(lambda known: st.tuples(view(known), view(known)))


@pytest.mark.slow
@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@given(PAIRS)
def test_a_change_leads_to_the_next_version(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    before, after = pair
    change = change_of(before, after)
    assert change is not None
    assert changed(before, change) == after


def test_what_has_not_changed_is_not_told() -> None:
    film = {"work_id": "a", "gross": 1, "shown": {"gross": "1"}, "trace": "/t?as_of=1&measure="}
    other = {**film, "work_id": "b"}
    before = {
        "date": "d",
        "edition": 1,
        "sections": [{"currency": "CNY", "total": film, "films": [film, other]}],
    }
    sold = {**other, "gross": 2, "shown": {"gross": "2"}, "trace": "/t?as_of=2&measure="}
    section = {"currency": "CNY", "total": film, "films": [film, sold]}
    after = {**before, "edition": 2, "sections": [section]}
    assert change_of(before, after) == {
        "view": {"edition": 2},
        "sections": [{"currency": "CNY", "films": {"b": {"gross": 2, "shown": {"gross": "2"}}}}],
    }


def test_another_day_has_to_be_read_whole() -> None:
    before = {"date": "2022-10-01", "state": "shown", "sections": []}
    for other in ({"date": "2022-10-02"}, {"state": "empty"}, {"place": {"city": "Albany"}}):
        assert change_of(before, {**before, **other}) is None
    more = {**before, "sections": [{"currency": "CNY", "total": {}, "films": []}]}
    assert change_of(before, more) is None
