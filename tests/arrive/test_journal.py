"""The book of record: receipts, repeats, conflicts, decisions, segments, one writer."""

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pharos.arrive import journal_sealing
from pharos.arrive.envelope import encode
from pharos.arrive.head import read_tail
from pharos.arrive.journal import Decision, Draft, Journal
from pharos.arrive.merkle import CompactRange
from pharos.arrive.verify import verify_journal
from pharos.errors import (
    BadDecision,
    BadDraft,
    BodyTooLarge,
    HomeBusy,
    HomeUnreadable,
    JournalReadOnly,
    NoSuchMessage,
)
from tests.arrive.journal_home import (
    START,
    commit_book,
    decision,
    draft,
    drafts,
    journal_in,
    reader_in,
    salts,
)


def test_a_receipt_says_what_was_kept(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        first, second = journal.append(drafts(1, 2))
    assert (first.position, second.position) == (1, 2)
    assert (first.sender, first.stream, first.id) == ("yanjing", "till", "1")
    assert first.digest == hashlib.sha256(draft(1).body).hexdigest()
    assert first.arrived_at == START
    assert not first.exists
    assert not first.conflict


def test_a_leaf_covers_salt_and_envelope(tmp_path: Path) -> None:
    salt = salts()
    tree = CompactRange()
    with journal_in(tmp_path) as journal:
        receipts = journal.append(drafts(1, 5))
        for receipt in receipts:
            envelope = encode(journal.message(receipt.position).envelope)
            leaf = hashlib.sha256(b"\x00" + salt(32) + envelope).digest()
            assert leaf.hex() == receipt.leaf
            tree.append(leaf)
        assert journal.root() == tree.root()


def test_messages_come_back_as_sent(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        journal.append([*drafts(1, 3), draft(4, b"")])
        messages = journal.read(2, 10)
        assert [message.position for message in messages] == [2, 3, 4]
        assert messages[0].body == draft(2).body
        assert messages[2].body == b""
        assert messages[0].envelope.id == "2"
        assert journal.message(3) == messages[1]
        assert journal.read(1, 2) == [journal.message(1), journal.message(2)]
        assert journal.read(5, 10) == []


def test_an_arrival_in_any_zone_is_kept_in_utc(tmp_path: Path) -> None:
    arrived = datetime(2022, 10, 1, 14, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=8)))
    with Journal(tmp_path, lambda: arrived, salts()) as journal:
        (receipt,) = journal.append(drafts(1, 1))
        assert receipt.arrived_at == arrived
        assert receipt.arrived_at.tzinfo is UTC
        assert journal.message(1).envelope.arrived_at == arrived


def test_the_same_report_gets_the_same_receipt_for_ever(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        first, twice = journal.append([draft(1), draft(1)])
        assert twice == replace(first, exists=True)
    with journal_in(tmp_path) as journal:
        again, new = journal.append([draft(1), draft(2)])
        assert again == replace(first, exists=True)
        assert new.position == 2
        assert journal.size == 2
        assert journal.find("yanjing", "till", "1") == first
        assert journal.receipt(1) == first


def test_a_call_of_repeats_only_commits_nothing(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        journal.append(drafts(1, 2))
        before = (tmp_path / "head").read_bytes()
        assert journal.append([]) == []
        assert all(receipt.exists for receipt in journal.append(drafts(1, 2)))
        journal.record([])
        assert (tmp_path / "head").read_bytes() == before


def test_another_body_under_an_id_is_kept_as_a_conflict(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        (first,) = journal.append([draft(1)])
        other, same, third = journal.append([draft(1, b"b"), draft(1, b"b"), draft(1, b"c")])
        assert (other.position, other.conflict, other.exists) == (2, True, False)
        assert same == replace(other, exists=True)
        assert (third.position, third.conflict) == (3, True)
        assert journal.append([draft(1, b"b")]) == [same]
        assert journal.append([draft(1)]) == [replace(first, exists=True)]
        assert journal.find("yanjing", "till", "1") == first
        assert journal.receipt(2) == other
        assert journal.message(2).body == b"b"
        assert journal.conflicts(1, 3) == {2, 3}
        assert journal.conflicts(3, 9) == {3}
        assert journal.size == 3


def test_ids_belong_to_a_sender_and_a_stream(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        receipts = journal.append(
            [
                Draft("a", "till", "1", b"x"),
                Draft("b", "till", "1", b"x"),
                Draft("a", "", "1", b"x"),
                Draft("a", "till", "01", b"x"),
            ]
        )
        assert [receipt.position for receipt in receipts] == [1, 2, 3, 4]
        assert journal.find("b", "", "1") is None


@pytest.mark.parametrize(
    "bad",
    [
        Draft("", "till", "1", b"x"),
        Draft("a", "till", "", b"x"),
        Draft("a" * 201, "till", "1", b"x"),
        Draft("a", "t" * 201, "1", b"x"),
        Draft("a", "till", "1" * 201, b"x"),
        Draft("a", "till", "1\n2", b"x"),
        Draft("a\x00", "till", "1", b"x"),
        Draft("a", "till", "\ud800", b"x"),
    ],
)
def test_a_bad_draft_refuses_the_whole_call(tmp_path: Path, bad: Draft) -> None:
    with journal_in(tmp_path) as journal:
        with pytest.raises(BadDraft):
            journal.append([draft(1), bad])
        assert journal.size == 0
        assert journal.append([draft(1)])[0].position == 1


def test_texts_at_the_limit_and_in_any_language(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        longest = Draft("影" * 200, "放\u3000映", "x" * 200, b"x")
        (receipt,) = journal.append([longest])
        assert journal.find(longest.sender, longest.stream, longest.id) == receipt
    assert verify_journal(tmp_path) == []


def test_a_body_above_the_limit_is_refused(tmp_path: Path) -> None:
    with journal_in(tmp_path, body_limit=10) as journal:
        with pytest.raises(BodyTooLarge, match=r"11 bytes; .* at most 10\."):
            journal.append([draft(1, b"x" * 11)])
        assert journal.append([draft(1, b"x" * 10)])[0].position == 1


def test_a_position_that_does_not_exist(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        journal.append(drafts(1, 2))
        for position in (0, 3, -1):
            with pytest.raises(NoSuchMessage, match="messages 1 to 2"):
                journal.message(position)


def test_decisions_follow_on(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        journal.append(drafts(1, 9))
        assert journal.decided_to() == 0
        journal.record([decision(1, 3), decision(4, 4)])
        journal.record([decision(5, 8)])
        assert journal.decided_to() == 8
        assert journal.decisions(1, 10) == [decision(1, 3), decision(4, 4), decision(5, 8)]
        assert journal.decisions(3, 1) == [decision(1, 3)]
        assert journal.decisions(4, 10) == [decision(4, 4), decision(5, 8)]
        assert journal.decisions(9, 10) == []
        for first, last in ((8, 9), (9, 8), (9, 10), (10, 10), (1, 3)):
            with pytest.raises(BadDecision, match="begins at 9"):
                journal.record([decision(first, last)])
        with pytest.raises(BadDecision):
            journal.record([decision(9, 9), decision(9, 9)])
        assert journal.decided_to() == 8
    with journal_in(tmp_path) as journal:
        journal.record([decision(9, 9)])
        assert journal.decided_to() == 9
    assert verify_journal(tmp_path) == []


def test_every_commit_writes_one_head_line(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        commit_book(journal)
        line = read_tail(tmp_path / "head").line
        assert line is not None
        assert (line.number, line.size, line.root) == (10, 20, journal.root())
        assert (line.decisions, line.segments) == (4, 1)
    assert len((tmp_path / "head").read_bytes().splitlines()) == 10


def test_sealed_messages_read_as_before(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        journal.append(drafts(1, 20))
        decided = [decision(first, first + 4) for first in (1, 6, 11)]
        journal.record(decided)
        before, root = journal.read(1, 100), journal.root()
        assert journal.seal(keep_last=16) == []
        (first,) = journal.seal(keep_last=9)
        assert (first.first_position, first.last_position, first.last_decision) == (1, 10, 2)
        assert journal.seal(keep_last=9) == []
        (second,) = journal.seal(keep_last=0)
        assert (second.first_position, second.last_position) == (11, 15)
        assert journal.read(1, 100) == before
        assert [journal.message(position) for position in (12, 3, 20)] == [
            before[position - 1] for position in (12, 3, 20)
        ]
        assert journal.decisions(1, 10) == decided
        assert journal.root() == root
        assert journal.append([draft(3)])[0].exists
        assert journal.segments() == [first, second]
    with journal_in(tmp_path) as journal:
        assert journal.read(1, 100) == before
        assert journal.decisions(11, 1) == decided[2:]
    assert sorted(path.name for path in (tmp_path / "segments").iterdir()) == [
        "000000000001-000000000010.seg",
        "000000000011-000000000015.seg",
    ]
    assert verify_journal(tmp_path) == []


def test_sealing_may_be_broken_off_between_two_segments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_sealing, "SEGMENT_BYTES", 1)
    with journal_in(tmp_path) as journal:
        journal.append(drafts(1, 6))
        journal.record([decision(number, number) for number in range(1, 7)])
        answers = iter([True, False])
        assert len(journal.seal(keep_last=0, go_on=lambda: next(answers))) == 2
        assert [one.last_position for one in journal.segments()] == [1, 2]
        assert len(journal.seal(keep_last=0)) == 4
        assert [message.body for message in journal.read(1, 6)] == [
            one.body for one in drafts(1, 6)
        ]
    assert verify_journal(tmp_path) == []


def test_large_segments_are_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_sealing, "SEGMENT_BYTES", 3 * len(draft(1).body))
    with journal_in(tmp_path) as journal:
        journal.append(drafts(1, 10))
        journal.record([decision(number, number) for number in range(1, 11)])
        sealed = journal.seal(keep_last=0)
        spans = [(segment.first_position, segment.last_position) for segment in sealed]
        assert [first for first, _ in spans] == [1, *(last + 1 for _, last in spans[:-1])]
        assert spans[-1][1] == 10
        assert len(spans) in {3, 4}
        assert [message.body for message in journal.read(1, 10)] == [
            one.body for one in drafts(1, 10)
        ]
    assert verify_journal(tmp_path) == []


@pytest.mark.slow
def test_a_second_writer_is_told_who_writes(tmp_path: Path) -> None:
    with journal_in(tmp_path):
        script = (
            "import sys; from pathlib import Path; from pharos.arrive.journal import Journal\n"
            "Journal(Path(sys.argv[1]), None, None)"
        )
        other = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)],
            env={"PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        with pytest.raises(HomeBusy, match=r"^process \d+ writes"):
            journal_in(tmp_path)
    assert "HomeBusy" in other.stderr
    journal_in(tmp_path).close()


def test_a_reader_sees_what_the_writer_commits(tmp_path: Path) -> None:
    with journal_in(tmp_path) as writer:
        writer.append(drafts(1, 2))
        with reader_in(tmp_path) as reader:
            assert reader.size == 2
            commit = writer.append(drafts(3, 4))
            writer.record([decision(1, 2)])
            writer.seal(keep_last=0)
            assert reader.size == 4
            assert reader.root() == writer.root()
            assert reader.read(1, 9) == writer.read(1, 9)
            assert reader.receipt(3) == commit[0]
            assert reader.decisions(1, 9) == [decision(1, 2)]
            for write in (
                lambda: reader.append([draft(5)]),
                lambda: reader.record([decision(3, 4)]),
                lambda: reader.seal(0),
            ):
                with pytest.raises(JournalReadOnly):
                    write()


def test_threads_share_a_journal(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:

        def send(thread: int) -> list[int]:
            sent = [journal.append([draft(number, sender=f"{thread}")]) for number in range(25)]
            assert [journal.find(f"{thread}", "till", f"{number}") for number in range(25)] == [
                receipt for (receipt,) in sent
            ]
            return [receipt.position for (receipt,) in sent]

        with ThreadPoolExecutor(4) as pool:
            positions = [position for some in pool.map(send, range(4)) for position in some]
        assert sorted(positions) == list(range(1, 101))
    assert verify_journal(tmp_path) == []


def test_a_home_without_a_journal(tmp_path: Path) -> None:
    with pytest.raises(HomeUnreadable, match="no journal"):
        reader_in(tmp_path)
    with journal_in(tmp_path / "new" / "home") as journal:
        assert (journal.size, journal.read(1, 9), journal.decisions(1, 9)) == (0, [], [])
        assert journal.root() == CompactRange().root()
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeUnreadable):
        journal_in(tmp_path / "file")


def test_the_code_version_and_empty_contents_are_kept(tmp_path: Path) -> None:
    with journal_in(tmp_path) as journal:
        journal.append(drafts(1, 1))
        journal.record([Decision(1, 1, "0.1.0+影", b"")])
        assert journal.decisions(1, 1) == [Decision(1, 1, "0.1.0+影", b"")]
    assert verify_journal(tmp_path) == []
