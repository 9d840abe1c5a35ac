"""A ledger that is opened again knows of every event what it knew before it was closed.

In: streams of numbers with gaps wherever blocks of them begin and end. Out: the marks a new
process makes of the table ``heard``, beside what a set of the numbers says.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np
import pytest

from pharos.keep.hearing import BLOCK, Hearing
from pharos.keep.ledger import Ledger
from pharos.keep.marks import Heard
from pharos.words.descriptions import Numbering

#: Names of streams, and their numbers as they are heard.
SHAPES = {
    "nothing but the first": [1],
    "no first": [2, 3],
    "short of a block": range(1, BLOCK - 1),
    "one block": range(1, BLOCK),
    "one block and one": range(1, BLOCK + 1),
    "two blocks": range(1, 2 * BLOCK),
    "a gap at the end of a block": {*range(1, 3 * BLOCK)} - {BLOCK - 1},
    "a gap where a block begins": {*range(1, 3 * BLOCK)} - {BLOCK},
    "a gap after that": {*range(1, 3 * BLOCK)} - {BLOCK + 1},
    "a block is missing": {*range(1, 4 * BLOCK)} - {*range(BLOCK, 2 * BLOCK)},
    "the first block is missing": range(BLOCK, 3 * BLOCK),
    "far ahead": [1, 2, 3, 5_000_000_000],
}


def content(number: int) -> int:
    return number * 3 + 1


def heard_again(path: Path, streams: dict[str, Iterable[int]]) -> Hearing:
    """What a new process knows of streams, the events of which came in any order."""
    rows = [(nth, number) for nth, numbers in enumerate(streams.values()) for number in numbers]
    Random(1).shuffle(rows)
    ledger = Ledger(path)
    with ledger.transaction(1, datetime(2026, 1, 1, tzinfo=UTC), lambda: None):
        for nth, name in enumerate(streams):
            sender, cinema = ledger.terms["sender"].code("s"), ledger.terms["cinema"].code("c")
            row = {"stream": nth, "sender": sender, "cinema": cinema, "name": name, "epoch": 0}
            ledger.append_rows("stream", [row])
        codes, numbers = zip(*rows, strict=True)
        columns = {"position": [1] * len(rows), "stream": codes, "number": numbers}
        ledger.append("heard", columns | {"content": [content(number) for number in numbers]})
    ledger.close()
    return Hearing(Ledger(path), Numbering())


def first_gap(numbers: Iterable[int]) -> int:
    """The number before the first that is missing."""
    known, last = set(numbers), 0
    while last + 1 in known:
        last += 1
    return last


def test_the_marks_are_where_they_were(tmp_path: Path) -> None:
    again = heard_again(tmp_path / "ledger.duckdb", dict(SHAPES))
    found = dict(zip(SHAPES, again.marks.high.tolist(), strict=False))
    assert found == {name: first_gap(numbers) for name, numbers in SHAPES.items()}


@pytest.mark.parametrize("name", SHAPES)
def test_every_event_is_known_again(tmp_path: Path, name: str) -> None:
    numbers = sorted(SHAPES[name])
    again = heard_again(tmp_path / "ledger.duckdb", {name: numbers})
    some = np.array([*range(1, 5 * BLOCK), 5_000_000_000, 5_000_000_001])
    known, there = set(numbers), np.zeros(len(some), dtype=np.int64)
    said = np.array([content(number) for number in some.tolist()])
    asked = again.marks.ask(there, some, said)
    expected = [Heard.REPEAT if number in known else Heard.NEW for number in some.tolist()]
    assert asked.tolist() == expected
    if known:
        other = again.marks.ask(there[: len(numbers)], np.array(numbers), said[: len(numbers)] - 7)
        assert set(other.tolist()) == {Heard.CONFLICT}
