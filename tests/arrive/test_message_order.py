"""Later by id inside a stream, by arrival otherwise."""

from itertools import permutations

import pytest

from pharos.arrive.message_order import Said, later, latest, said_order

EARLY = "01890a5d-ac96-774b-bcce-b302099a8057"
LATE = "01890a5d-ac97-7000-8000-000000000000"


def said(id: str, position: int, stream: str = "till") -> Said:
    return Said("yanjing", stream, id, position)


@pytest.mark.parametrize(
    ("id", "order"),
    [
        ("0", ("counter", 0)),
        ("7", ("counter", 7)),
        ("9223372036854775807", ("counter", 2**63 - 1)),
        (EARLY, ("uuid7", int(EARLY.replace("-", ""), 16))),
        (EARLY.upper(), ("uuid7", int(EARLY.replace("-", ""), 16))),
    ],
)
def test_ids_with_a_place(id: str, order: tuple[str, int]) -> None:
    assert said_order(id) == order


@pytest.mark.parametrize(
    "id",
    [
        "",
        "007",
        "-1",
        "+1",
        "1.0",
        "1_000",
        " 1",
        "1\n",
        "٣",
        "1" * 20,
        "a" * 64,
        "01890a5d-ac96-474b-bcce-b302099a8057",  # version 4
        "01890a5d-ac96-774b-7cce-b302099a8057",  # another variant
        "01890a5dac96774bbcceb302099a8057",
    ],
)
def test_ids_without_a_place(id: str) -> None:
    assert said_order(id) is None


def test_inside_a_stream_the_id_says_it() -> None:
    assert later(said("10", position=1), said("9", position=2))
    assert not later(said("9", position=2), said("10", position=1))
    assert later(said(LATE, position=1), said(EARLY, position=2))


def test_otherwise_the_arrival_says_it() -> None:
    assert later(said("9", position=2, stream="office"), said("10", position=1))
    assert later(said("b", position=2), said("c", position=1))
    assert later(said(EARLY, position=2), said("10", position=1))
    assert later(said("9", position=2), Said("other", "till", "10", 1))


def test_a_repeated_id_falls_back_to_arrival() -> None:
    assert later(said("9", position=2), said("9", position=1))


def test_the_latest_does_not_hang_on_the_order_inside_a_stream() -> None:
    messages = [said("2", 1), said("9", 2, stream="office"), said("1", 3)]
    assert {latest(order).position for order in permutations(messages)} == {2}


def test_a_stream_of_mixed_ids_goes_by_arrival() -> None:
    messages = [said("5", 1), said(EARLY, 2), said("3", 3)]
    assert {latest(order).position for order in permutations(messages)} == {3}
