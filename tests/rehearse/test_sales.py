"""Tickets as they were sent: numbers without gaps, halls never overfull, refunds of real sales."""

from collections import Counter, defaultdict

import pytest

from pharos.rehearse.country import Grain
from pharos.rehearse.rehearsal import Rehearsal
from tests.rehearse.said import Ticket, tickets
from tests.rehearse.short import UNSAID, short
from tests.rehearse.short import played as _played

SIGN = {"sale": 1, "exchange_in": 1, "refund": -1, "void": -1, "exchange_out": -1}

Said = dict[tuple[str, str, int], Ticket]


@pytest.fixture(scope="module")
def played() -> tuple[Rehearsal, Said]:
    rehearsal = short("national-day-2022", 5, 20)
    return rehearsal, tickets(rehearsal, "CNY")


@pytest.mark.slow
def test_numbers_of_a_cinema_have_no_gaps(played: tuple[Rehearsal, Said]) -> None:
    numbers = defaultdict(list)
    for sender, cinema, number in played[1]:
        numbers[sender, cinema].append(number)
    assert len(numbers) > 10
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in numbers.values())


def test_numbers_follow_the_clock_of_the_till(played: tuple[Rehearsal, Said]) -> None:
    last: dict[tuple[str, str], int] = {}
    for (sender, cinema, _), one in sorted(played[1].items()):
        assert one.sold_at >= last.get((sender, cinema), 0)
        last[sender, cinema] = one.sold_at


def overfull(said: Said) -> list[Ticket]:
    """Events after which a hall held more than its seats, or less than nobody."""
    sold: Counter[tuple[str, str]] = Counter()
    found = []
    for (_, cinema, _), one in sorted(said.items()):
        sold[cinema, one.screening] += SIGN[one.act]
        if not 0 <= sold[cinema, one.screening] <= one.seats:
            found.append(one)
    return found


def test_no_hall_is_ever_overfull(played: tuple[Rehearsal, Said]) -> None:
    assert not overfull(played[1])


@pytest.mark.slow
def test_no_hall_is_ever_overfull_on_the_fullest_day() -> None:
    crowded = short("peak-day", 5, 20)
    assert not overfull(tickets(crowded, "CNY"))
    full = [row for row in crowded.truth.table().to_pylist() if row["admissions"] == row["seats"]]
    assert len(full) > 50


def test_what_takes_back_refers_to_an_earlier_event_with_the_same_price(
    played: tuple[Rehearsal, Said],
) -> None:
    said, acts, referred = played[1], Counter[str](), set()
    for (sender, cinema, number), one in said.items():
        if one.act == "sale":
            continue
        acts[one.act] += 1
        earlier = said[sender, cinema, one.refers]
        assert one.refers < number
        assert (earlier.paid, earlier.fee, earlier.ticket_type) == (
            one.paid, one.fee, one.ticket_type,
        )  # fmt: skip
        if one.act == "exchange_in":
            assert earlier.act == "exchange_out"
        else:
            assert earlier.act in ("sale", "exchange_in")
            assert earlier.screening == one.screening
        assert (sender, cinema, one.refers) not in referred
        referred.add((sender, cinema, one.refers))
    assert acts.keys() == SIGN.keys() - {"sale"}
    assert acts["exchange_in"] == acts["exchange_out"]
    assert 0.008 < acts["refund"] / len(said) < 0.015


def test_what_was_sent_adds_up_to_the_truth(played: tuple[Rehearsal, Said]) -> None:
    rehearsal, said = played
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (_, cinema, _), one in said.items():
        mine, sign = sums[cinema], SIGN[one.act]
        mine[0] += sign
        mine[1] += sign * one.paid
        mine[2] += sign * one.fee
        mine[3] += one.act == "refund"
    truth = {
        row["cinema"]: [row["admissions"], row["gross"], row["fee"], row["refunds"]]
        for row in rehearsal.truth.sums("cinema", "book")
        if row["book"] == Grain.TICKETS.name.lower()
    }
    assert sums == truth


def test_only_online_tickets_bear_a_fee_and_prices_are_whole_tenths(
    played: tuple[Rehearsal, Said],
) -> None:
    for one in played[1].values():
        assert one.fee == 0 or one.channel == "online"
        assert (one.paid - one.fee) % 10 == 0
        assert (one.paid == 0) == (one.ticket_type == "invitation")


@pytest.mark.slow
def test_sold_out_ghosts_are_marked_in_the_truth_only() -> None:
    haunted = short("national-day-2022", 5, 200, UNSAID, days=1)
    ghosts = [row for row in _played(haunted).truth.table().to_pylist() if row["ghosts"]]
    assert ghosts
    assert all(row["admissions"] == row["seats"] for row in ghosts)
    assert all(row["screening_hour"] == 3 for row in ghosts)
