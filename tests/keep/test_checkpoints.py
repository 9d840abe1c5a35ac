"""Checkpoints change no answer, at any edition, and cover what they say.

In: a home whose ledger makes a checkpoint every few postings. Out: its answers beside a home's
that has none.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from pharos.keep import checkpoints
from pharos.keep.checkpoints import Span, all_spans, spans_for
from pharos.keep.schema import DESCRIPTION, QUANTITIES
from pharos.keep.writer import Writer
from tests.oracle_said import Row, Sent
from tests.property.homes import Lived

SPAN = 5


def tickets(random: Random, first: int) -> tuple[Row, ...]:
    rows = []
    for number in range(first, first + random.randint(1, 9)):
        day = random.randint(1, 4)
        rows.append(
            {
                "kind": "tickets", "cinema": f"C{random.randint(1, 2)}", "number": number,
                "screening": f"{day}", "start": f"2024-03-0{day}T19:00-05:00",
                "work": random.choice("XYZ"), "paid": f"{random.randint(0, 20)}.10",
                "sold_at": "2024-03-01T10:00-05:00", "seats": 40,
            }
        )  # fmt: skip
    return tuple(rows)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lived, Lived]]:
    """Two homes with the same messages: without checkpoints, and with very many."""
    random, number, messages = Random(5), 1, []
    for nth in range(1, 21):
        rows = tickets(random, number)
        number += len(rows)
        messages.append(Sent("north", "", str(nth), rows))
    plain, spanned = (Lived(tmp_path_factory.mktemp(name)) for name in ("plain", "spanned"))
    spanned.home.writer = Writer(spanned.home.ledger, span=SPAN)
    with pytest.MonkeyPatch.context() as always:
        # So few postings have little in common: here spans are summed even so.
        always.setattr(checkpoints, "WORTH_SUMMING", 1000)
        for home in (plain, spanned):
            home.send(messages)
    yield plain, spanned
    plain.close()
    spanned.close()


@pytest.mark.slow
def test_answers_at_all_editions_equal_those_without(both: tuple[Lived, Lived]) -> None:
    plain, spanned = both
    assert not all_spans(plain.home.ledger)
    assert len(all_spans(spanned.home.ledger)) > 20
    for edition in range(0, plain.positions[-1] + 1, 3):
        assert plain.answers(edition) == spanned.answers(edition), edition
    assert plain.answers() == spanned.answers()


@pytest.mark.slow
def test_spans_follow_one_another_and_few_cover_much(both: tuple[Lived, Lived]) -> None:
    spans = all_spans(both[1].home.ledger)
    last = both[1].positions[-1]
    for edition in range(last + 1):
        chosen = spans_for(spans, edition)
        ends = [0, *(span.high for span in chosen)]
        assert [span.low for span in chosen] == ends[:-1]
        assert ends[-1] <= edition
        # Nothing that fits is left out.
        assert not [s for s in spans if s.low == ends[-1] and s.high <= edition]
    assert max(span.level for span in spans) >= 3
    assert len(spans_for(spans, last)) <= 2 * max(span.level for span in spans) + 2


@pytest.mark.slow
def test_a_writer_that_starts_again_goes_on_with_them(tmp_path: Path) -> None:
    home, random = Lived(tmp_path), Random(1)
    number = 1
    for nth in range(1, 13):
        home.home.writer = Writer(home.home.ledger, span=SPAN)
        rows = tickets(random, number)
        number += len(rows)
        home.send([Sent("north", "", str(nth), rows)])
    spans = all_spans(home.home.ledger)
    at_bottom = [span for span in spans if span.level == 0]
    assert [span.low for span in at_bottom] == [0, *(span.high for span in at_bottom[:-1])]
    before = home.answers()
    for table in ("checkpoint", "checkpoint_span"):
        home.home.ledger.connection.execute(f"DELETE FROM {table}")
    assert home.answers() == before
    home.close()


@pytest.mark.slow
def test_a_span_grows_by_a_portion_with_each_batch_and_is_begun_again_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "PORTION", 1)
    monkeypatch.setattr(checkpoints, "BUCKET", 4)
    monkeypatch.setattr(checkpoints, "PACE", 0)
    plain, spanned = Lived(tmp_path / "plain"), Lived(tmp_path / "spanned")
    random, number, unfinished = Random(3), 1, 0
    for nth in range(1, 41):
        rows = tickets(random, number)
        number += len(rows)
        if nth % 9 == 1:
            # A crash: what was in mind is gone.
            spanned.home.writer = Writer(spanned.home.ledger, span=SPAN)
        for home in (plain, spanned):
            home.send([Sent("north", "", str(nth), rows)])
        (left,) = spanned.home.ledger.connection.execute(
            "SELECT count(*) FROM checkpoint WHERE span NOT IN (SELECT span FROM checkpoint_span)"
        ).fetchall()
        unfinished += left[0] > 0
    assert unfinished > 10
    assert len(all_spans(spanned.home.ledger)) > 3
    assert not checkpoints.unbalanced(spanned.home.ledger)
    assert plain.answers() == spanned.answers()
    plain.close()
    spanned.close()


def day_totals(day: int) -> tuple[Row, ...]:
    return tuple(
        {
            "kind": "day_totals", "cinema": f"C{cinema}", "date": f"2024-03-{day:02}", "work": "X",
            "admissions": 10 + cinema, "gross": f"{100 + day}.00", "screenings": 2,
        }
        for cinema in range(SPAN)
    )  # fmt: skip


@pytest.mark.slow
def test_a_checkpoint_is_the_sum_of_its_postings_and_says_what_their_accounts_say(
    both: tuple[Lived, Lived],
) -> None:
    ledger = both[1].home.ledger
    sums = ", ".join(f"CAST(sum(p.{name}) AS BIGINT)" for name in QUANTITIES)
    said = ", ".join(f"a.{name}" for name in DESCRIPTION)
    for span in all_spans(ledger):
        kept = ledger.connection.execute(
            f"SELECT account, book, {', '.join((*DESCRIPTION, *QUANTITIES))} FROM checkpoint "
            "WHERE span = ? ORDER BY account, book",
            [span.number],
        ).fetchall()
        posted = ledger.connection.execute(
            f"SELECT p.account, p.book, {said}, {sums} FROM posting p JOIN account a "
            "USING (account) WHERE p.position > ? AND p.position <= ? "
            "GROUP BY ALL ORDER BY p.account, p.book",
            [span.low, span.high],
        ).fetchall()
        assert kept == posted, span


@pytest.mark.slow
def test_spans_that_have_nothing_in_common_are_not_written_again(tmp_path: Path) -> None:
    home = Lived(tmp_path)
    home.home.writer = Writer(home.home.ledger, span=SPAN)
    home.send([Sent("north", "", str(day), day_totals(day)) for day in range(1, 9)])
    assert [span.level for span in all_spans(home.home.ledger)] == [0] * 8
    rows = home.home.ask("gross admissions", by="business_date").rows
    assert [row["gross_minor"] for row in rows] == [
        (10000 + day * 100) * SPAN for day in range(1, 9)
    ]
    home.close()


def test_the_largest_spans_are_chosen() -> None:
    spans = [Span(0, 0, 2), Span(0, 2, 4), Span(1, 0, 4), Span(0, 4, 6), Span(0, 6, 8),
             Span(1, 4, 8), Span(2, 0, 8)]  # fmt: skip
    assert spans_for(spans, 9) == [Span(2, 0, 8)]
    assert spans_for(spans, 7) == [Span(1, 0, 4), Span(0, 4, 6)]
    assert spans_for(spans, 1) == []
    assert spans_for([], 9) == []
