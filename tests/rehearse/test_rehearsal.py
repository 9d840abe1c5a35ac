"""A play is the same each time, in order, complete, and says what it is."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
import pytest

from pharos.errors import BadScenario, RehearsalOver
from pharos.rehearse.post import Message
from pharos.rehearse.rehearsal import Choices, play
from tests.rehearse.short import UNSAID, played, short

SCENARIO, CINEMAS = "small-country", 20


def digest(messages: Iterable[Message]) -> str:
    """One digest of everything that is sent, in order."""
    found = hashlib.sha256()
    for one in messages:
        head = f"{one.moment.isoformat()} {one.sender} {one.stream} {one.id} {len(one.body)} "
        found.update(head.encode() + one.body)
    return found.hexdigest()


@pytest.fixture(scope="module")
def sent() -> list[Message]:
    return list(short(SCENARIO, 3, CINEMAS))


@pytest.mark.slow
def test_one_seed_sends_the_same_bytes(sent: list[Message]) -> None:
    assert digest(short(SCENARIO, 3, CINEMAS)) == digest(sent)


def test_another_seed_sends_other_bytes(sent: list[Message]) -> None:
    assert digest(short(SCENARIO, 4, CINEMAS)) != digest(sent)


def test_what_was_sent_before_can_be_passed_over(sent: list[Message]) -> None:
    rest = list(short(SCENARIO, 3, CINEMAS, Choices(skip=len(sent) - 40)))
    assert rest == sent[-40:]


def test_a_rehearsal_goes_on_from_a_moment(sent: list[Message]) -> None:
    moment = sent[-40].moment
    rest = list(short(SCENARIO, 3, CINEMAS, Choices(since=moment)))
    assert rest == [one for one in sent if one.moment >= moment]


def test_a_rehearsal_is_played_once() -> None:
    rehearsal = played(short(SCENARIO, 3, CINEMAS, UNSAID, days=1))
    with pytest.raises(RehearsalOver):
        next(iter(rehearsal))


def test_messages_leave_in_the_order_of_the_clock(sent: list[Message]) -> None:
    assert [one.moment for one in sent] == sorted(one.moment for one in sent)


def test_moments_are_those_of_the_rehearsal(sent: list[Message]) -> None:
    assert sent[0].moment == datetime(2024, 3, 7, 12, tzinfo=UTC)
    assert (sent[0].sender, sent[0].stream, sent[0].id) == ("registry", "register", "1")


def test_ids_count_from_one_in_each_stream(sent: list[Message]) -> None:
    ids = defaultdict(set)
    for one in sent:
        ids[one.sender, one.stream].add(int(one.id))
    assert all(found == set(range(1, len(found) + 1)) for found in ids.values())


def test_every_header_says_at_which_moment_it_was_sent(sent: list[Message]) -> None:
    first: dict[tuple[str, str, str], Message] = {}
    for one in sent:
        line = one.body.split(b"\n", 1)[0]
        said = datetime.fromisoformat(msgspec.json.decode(line)["rehearsed"])
        assert said.utcoffset() is not None
        # The same bytes again name the moment at which they were sent first.
        assert said == first.setdefault((one.sender, one.stream, one.id), one).moment


def test_a_home_that_knows_no_rehearsal_can_be_told_without_the_header() -> None:
    bare = short(SCENARIO, 3, CINEMAS, Choices(header=False))
    assert all(b"rehearsed" not in one.body for one in bare)


def test_messages_hold_no_more_events_than_asked(sent: list[Message]) -> None:
    sizes = [
        (len(msgspec.json.decode(one.body)["columns"]["number"]), one.events)
        for one in short(SCENARIO, 3, CINEMAS, Choices(events_per_message=7))
        if b'"columnar"' in one.body
    ]
    assert max(sizes) == (7, 7)
    assert all(held == said for held, said in sizes)


@pytest.mark.slow
def test_the_size_of_messages_changes_nothing_that_happens() -> None:
    small, large = (
        played(short(SCENARIO, 3, CINEMAS, Choices(events_per_message=size, skip=2**62)))
        for size in (7, 500)
    )
    assert small.truth.table().equals(large.truth.table())


def test_disorder_is_on_the_way(sent: list[Message]) -> None:
    by_id = defaultdict(list)
    by_events = defaultdict(set)
    for one in sent:
        by_id[one.sender, one.stream, one.id].append(one.body)
        if b'"columnar"' in one.body:
            by_events[one.sender, one.body.partition(b'"columnar"')[2]].add(one.id)
    again = [bodies for bodies in by_id.values() if len(bodies) > 1]
    assert again
    assert all(len(set(bodies)) == 1 for bodies in again)
    assert any(len(ids) > 1 for ids in by_events.values())
    ids = [int(one.id) for one in sent if (one.sender, one.stream) == ("vendor-01", "tickets")]
    assert ids != sorted(ids)


@pytest.mark.parametrize("cinemas", [19, 81])
def test_a_country_that_is_too_small_or_too_large_is_refused(cinemas: int) -> None:
    with pytest.raises(BadScenario, match="20 to 80 cinemas"):
        play(SCENARIO, 1, cinemas)
