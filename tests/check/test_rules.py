"""Rules notice what they must, in the right rows, and leave everything else alone.

In: rows of a report through a home. Out: its findings.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from pharos.check.parameters import packaged_rules, parse_parameters
from pharos.check.rules import RULES, decide
from pharos.errors import BadRules
from pharos.serve.home import Submitted
from pharos.words.report import Finding, Severity, Verdict
from tests.oracle_said import Row, Sent
from tests.property.homes import Lived, draft_of, lived

REGISTERS: tuple[Row, ...] = (
    {"kind": "register", "cinema": {"id": "C1", "zone": "America/New_York"}},
    {"kind": "register", "work": {"id": "X", "names": [{"language": "en", "name": "X"}]}},
)
SCREENING = {"cinema": "C1", "screening": "s1", "start": "2024-03-08T19:00-05:00", "work": "X"}
TICKET = {"kind": "tickets", **SCREENING, "number": 1, "paid": "9.00",
          "sold_at": "2024-03-08T10:00-05:00"}  # fmt: skip
TOTALS = {"kind": "screening_totals", **SCREENING, "admissions": 9, "gross": "81.00"}


@pytest.fixture
def home() -> Iterator[Lived]:
    with lived([Sent("office", "", "1", REGISTERS)]) as made:
        yield made


def told(home: Lived, *rows: Row) -> Submitted:
    draft = draft_of(Sent("north", "", str(home.home.journal.size), rows))
    return home.home.send(draft.sender, draft.stream, draft.id, draft.body)


def rules(done: Submitted) -> list[tuple[str, str, int | None]]:
    return [(found.rule, found.severity.value, found.row) for found in done.findings]


@pytest.mark.slow
def test_a_report_without_anything_odd_has_no_finding(home: Lived) -> None:
    done = told(home, TICKET, TOTALS | {"screening": "s2", "seats": 9})
    assert (done.verdict, done.findings) == (Verdict.ACCEPTED, ())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "rule", "severity"),
    [
        (TOTALS | {"start": "1979-12-31T19:00-05:00"}, "too_early", "hold"),
        (TOTALS | {"start": "2025-06-01T19:00-05:00"}, "too_far", "hold"),
        (TOTALS | {"tax": "50.00", "fee": "40.00"}, "parts_exceed_price", "notice"),
        (TICKET | {"sold_at": "2024-03-09T03:00-05:00"}, "sold_after_start", "notice"),
        (TICKET | {"sold_at": "2024-03-25T03:00-05:00"}, "sold_in_the_future", "notice"),
        (TOTALS | {"seats": 8}, "more_than_seats", "notice"),
        (TOTALS | {"cinema": "C9"}, "unknown_cinema", "notice"),
        (TOTALS | {"work": "Y"}, "unknown_work", "notice"),
    ],
)
def test_each_rule_notices_its_row_and_the_rest_counts(
    home: Lived, row: dict[str, Any], rule: str, severity: str
) -> None:
    done = told(home, TOTALS | {"screening": "fine"}, row)
    found = [one for one in rules(done) if one[0] == rule]
    # The header is line 1 of the report; what is not known is told once for the whole report.
    row_told = None if rule.startswith("unknown") else 3
    assert found == [(rule, severity, row_told)], done.findings
    (answer,) = home.home.ask("screenings")
    assert answer["screenings"] == (1 if severity == "hold" else 2)
    assert done.held == (1 if severity == "hold" else 0)


def test_two_screenings_in_one_slot(home: Lived) -> None:
    rows = [TOTALS | {"screening": f"s{n}", "screen": "1"} for n in (1, 2)]
    assert [one[0] for one in rules(told(home, *rows))] == ["shared_slot"]
    apart = [TOTALS | {"screening": f"t{n}", "screen": str(n)} for n in (1, 2)]
    assert rules(told(home, *apart)) == []


def test_one_slot_is_noticed_in_one_report_however_reports_are_decided(home: Lived) -> None:
    def ticket(n: int, screening: str) -> Row:
        return TICKET | {"number": n, "screening": screening, "screen": "1"}

    apart = [(ticket(1, "s1"),), (ticket(2, "s2"),)]
    both = (ticket(3, "s3"), ticket(4, "s4"))
    said = [Sent("north", "", str(n), rows) for n, rows in enumerate([*apart, both], 1)]
    home.send_at_once(said)
    noticed = [len(home.home.findings_of(position)) for position in (3, 4, 5)]
    assert noticed == [0, 0, 1]


def test_every_rule_has_been_tried() -> None:
    tried = {"too_early", "too_far", "parts_exceed_price", "sold_after_start", "shared_slot",
             "sold_in_the_future", "more_than_seats", "unknown_cinema", "unknown_work"}  # fmt: skip
    assert {rule.__name__ for rule in RULES} == tried


def test_the_verdict_is_the_worst_that_happened() -> None:
    notice, hold, refuse = (Finding("r", severity, "s") for severity in Severity)
    assert decide([], 1) == Verdict.ACCEPTED
    assert decide([notice], 1) == Verdict.ACCEPTED_WITH_FINDINGS
    assert decide([notice, hold], 1) == Verdict.ACCEPTED_WITH_FINDINGS
    assert decide([hold], 0) == Verdict.HELD
    assert decide([hold, refuse], 1) == Verdict.REFUSED


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('["tickets", ', '["tickets", "tickets", ', "order"),
        ('"day_totals"]', '"weeks"]', "weeks"),
        ("furthest_days = 400", "furthest_days = 'many'", "furthest_days"),
        ("furthest_days = 400", "colour = 1", "colour"),
        ("[books]", "[books", "cannot be used"),
    ],
)
def test_rules_that_cannot_be_used_say_why(old: str, new: str, word: str) -> None:
    text = packaged_rules()
    assert old in text
    with pytest.raises(BadRules, match=word):
        parse_parameters(text.replace(old, new))
