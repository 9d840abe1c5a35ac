"""The marks say of every event what a plain dictionary of all events would say.

In: batches of events in any order, repeats and conflicts among them. Out: a difference, if any.
"""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharos.keep import marks
from pharos.keep.marks import NUMBER_BITS, RECENT, Heard, Marks
from pharos.words.figures import Ints

Event = tuple[int, int, int]  # stream, number, content


class Model:
    """A plain dictionary of everything that was heard, and marks that must agree with it."""

    def __init__(self) -> None:
        self.heard: dict[tuple[int, int], int] = {}
        self.marks = Marks(self._older)
        self.asked_ledger = 0

    def _older(self, keys: Ints) -> Ints:
        self.asked_ledger += len(keys)
        mask = (1 << NUMBER_BITS) - 1
        said = [self.heard.get((key >> NUMBER_BITS, key & mask), 0) for key in keys.tolist()]
        return np.array(said, dtype=np.int64)

    def hear(self, batch: list[Event]) -> None:
        expected = []
        fresh: list[Event] = []
        heard = dict(self.heard)
        for stream, number, content in batch:
            before = heard.get((stream, number))
            if before is None:
                expected.append(Heard.NEW)
                heard[stream, number] = content
                fresh.append((stream, number, content))
            else:
                expected.append(Heard.REPEAT if before == content else Heard.CONFLICT)
        got = self.marks.ask(*columns(batch))
        assert got.tolist() == [int(one) for one in expected], batch
        self.marks.remember(*columns(fresh))
        self.heard = heard

    def check(self) -> None:
        missing: list[tuple[int, int, int]] = []
        for stream in sorted({stream for stream, _ in self.heard}):
            numbers = sorted(number for one, number in self.heard if one == stream)
            last = 0
            for number in numbers:
                if number > last + 1:
                    missing.append((stream, last + 1, number - 1))
                last = number
        assert sorted(self.marks.gaps()) == missing

    def restarted(self) -> None:
        """A new process: of each stream some number without gaps before it, and all above it."""
        floor = self.marks.high // 2
        kept = [(*key, said) for key, said in self.heard.items() if key[1] > floor[key[0]]]
        streams, numbers, contents = columns(kept)
        self.marks = Marks(self._older)
        self.marks.restore(floor, (streams << NUMBER_BITS) | numbers, contents)


def columns(events: list[Event]) -> tuple[Ints, Ints, Ints]:
    table = np.array(events, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


EVENTS = st.tuples(st.integers(0, 3), st.integers(1, 12), st.sampled_from((7, 7, 7, 8, -9)))


@pytest.mark.slow
@settings(deadline=None, max_examples=150, derandomize=True, database=None)
@given(st.lists(st.one_of(st.none(), st.lists(EVENTS, max_size=12)), max_size=8))
def test_marks_agree_with_a_dictionary(batches: list[list[Event] | None]) -> None:
    model = Model()
    for batch in batches:
        if batch is None:
            model.restarted()
        else:
            model.hear(batch)
        model.check()


def test_far_below_the_mark_the_ledger_is_asked() -> None:
    model = Model()
    model.hear([(0, n, n + 1) for n in range(1, 3 * RECENT + 1)])
    model.hear([(0, n, n + 1) for n in range(2 * RECENT + 1, 3 * RECENT + 1)])
    assert model.asked_ledger == 0
    model.hear([(0, 1, 2), (0, 2, 99), (0, 2 * RECENT, 2 * RECENT + 1)])
    assert model.asked_ledger == 3


def test_a_gap_is_told_until_it_is_filled() -> None:
    model = Model()
    model.hear([(1, 1, 5), (1, 4, 5), (1, 9, 5)])
    assert model.marks.gaps() == [(1, 2, 3), (1, 5, 8)]
    model.hear([(1, n, 5) for n in (3, 2, 8, 7, 6, 5)])
    assert model.marks.gaps() == []
    assert int(model.marks.high[1]) == 9


def test_numbers_that_arrive_backwards() -> None:
    model = Model()
    for number in range(2_500, 0, -1):
        model.hear([(0, number, number)])
    assert model.marks.gaps() == []
    model.hear([(0, number, number) for number in range(1, 2_501)])


@pytest.mark.parametrize("seed", range(20))
def test_many_that_wait(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Those that came lately are put among the others again and again."""
    monkeypatch.setattr(marks, "LATELY", 5)
    random, model = Random(seed), Model()
    events = [(stream, n, n % 7 + 1) for stream in range(5) for n in range(1, 60)]
    # Neighbours mostly stay near one another, a few come much too late.
    events.sort(key=lambda event: event[1] + random.expovariate(1) * random.choice([1, 50]))
    while events:
        size = random.randrange(1, 25)
        batch, events = events[:size], events[size:]
        model.hear(batch + random.sample(batch, 1))
        model.check()
        if random.random() < 0.1:
            model.restarted()
    assert model.marks.gaps() == []


@pytest.mark.parametrize("number", [1, RECENT, RECENT + 1, (1 << NUMBER_BITS) - 1])
def test_one_number_twice_in_one_batch(number: int) -> None:
    Model().hear([(0, number, 3), (0, number, 3), (0, number, 4)])
