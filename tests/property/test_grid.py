"""Every measure by every dimension: refused with its reason, or answered.

In: the catalogue and the dimensions, whole. Out: a combination that does neither.
"""

from collections.abc import Iterator

import pytest

from pharos.errors import RefusedCombination
from pharos.measure.catalogue import BY_NAME, MEASURES, Measure
from pharos.measure.dimensions import DIMENSIONS, Dimension
from pharos.measure.question import question, refusal
from tests.oracle_said import Sent
from tests.property.homes import Lived, lived
from tests.property.worlds import REGISTERS
from tests.spec.refusals import REFUSALS

PAIRS = [(measure, dimension) for measure in MEASURES for dimension in DIMENSIONS]
SCREENING = {
    "cinema": "A1", "screening": "s1", "start": "2024-03-09T19:00-05:00", "screen": "1",
    "seats": 60, "work": "W1", "version": "V1",
}  # fmt: skip
TICKET = {
    "kind": "tickets", **SCREENING, "number": 1, "sold_at": "2024-03-09T10:00-05:00",
    "paid": "9.00", "fee": "1.00", "tax": "0.50", "ticket_type": "adult", "channel": "online",
}  # fmt: skip
DOUBLE = {
    "kind": "screening_totals", "cinema": "A2", "screening": "d1", "gross": "20.01",
    "start": "2024-03-10T19:00-04:00", "admissions": 5,
    "programme": [{"work": "W1"}, {"work": "W2"}],
}  # fmt: skip
DAY = {
    "kind": "day_totals", "cinema": "B1", "date": "2024-03-10", "work": "W3", "gross": "99.00",
}  # fmt: skip
#: One of each: what measures that need more than a measure are asked with.
PERIOD = "2024-03-09..2024-03-10"


@pytest.fixture(scope="module")
def home() -> Iterator[Lived]:
    """A home with all three books."""
    messages = [
        Sent("office", "register", "1", REGISTERS),
        Sent("north", "", "1", (TICKET, DOUBLE)),
        Sent("south", "", "1", (DAY,)),
    ]
    with lived(messages) as made:
        yield made


def asked_by(measures: list[Measure], dimension: Dimension) -> tuple[str, ...]:
    """A split in which all these measures have a meaning."""
    return (dimension.name,) if dimension.name == "work" else (dimension.name, "work")


def test_what_the_specs_refuse_is_refused_and_names_the_reason() -> None:
    for rule in REFUSALS:
        for name in rule.measures:
            for dimension in rule.dimensions:
                for words in ({"by": [dimension]}, {"where": [f"{dimension}=x"]}):
                    with pytest.raises(RefusedCombination) as refused:
                        question([name], period="2024-03", **words)
                    said = str(refused.value)
                    assert name in said
                    assert rule.word.casefold() in said.casefold(), (dimension, said)


def test_nothing_else_is_refused_but_ranks_over_time() -> None:
    listed = {(m, d) for rule in REFUSALS for m in rule.measures for d in rule.dimensions}
    more = {(m.name, d.name) for m, d in PAIRS if refusal(m, d)} - listed
    assert {measure for measure, _ in more} <= {"rank"}
    assert all(next(d for d in DIMENSIONS if d.name == name).family == "time" for _, name in more)


def test_every_reason_is_a_sentence() -> None:
    for measure, dimension in PAIRS:
        if reason := refusal(measure, dimension):
            assert len(reason.split()) > 5, (measure.name, dimension.name, reason)


@pytest.mark.slow
@pytest.mark.parametrize("dimension", DIMENSIONS, ids=lambda dimension: dimension.name)
def test_every_other_combination_is_answered(home: Lived, dimension: Dimension) -> None:
    measures = [measure for measure in MEASURES if not refusal(measure, dimension)]
    names = [measure.name for measure in measures]
    rows = list(home.home.ask(*names, by=asked_by(measures, dimension), period=PERIOD))
    assert rows
    for row in rows:
        for name in names:
            assert row[name] is not None or len(row[f"{name}_reason"].split()) > 1, (name, row)
    values = {row[f"{dimension.name}_id"] for row in rows}
    for value in sorted(map(str, values - {None}))[:1] or [""]:
        where = [f"{dimension.name}={value}"]
        if dimension.family == "time":
            timed = [n for n in names if not n.startswith("change_")]
        else:
            timed = names
        found = list(home.home.ask(*timed, by="work", where=where, period=PERIOD))
        assert found, where
        for row in found:
            for name in timed:
                assert row[name] is not None or row[f"{name}_reason"], (name, where)


@pytest.mark.torture
@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_single_combination_is_answered_by_itself(home: Lived, name: str) -> None:
    measure = BY_NAME[name]
    for dimension in DIMENSIONS:
        if refusal(measure, dimension):
            continue
        for by in {asked_by([measure], dimension), (dimension.name,)}:
            try:
                list(home.home.ask(name, by=by, period=PERIOD))
            except RefusedCombination as refused:
                said = str(refused)
            else:
                continue
            assert "work" in said or "denominator" in said, said
