"""What must be true of a home after everything that was done to it.

In: what senders meant to send, the receipts they hold, and the home. Out: a failure where a report
was lost, doubled or made up, where a receipt is not true, or where a number is not the oracle's.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pharos.arrive.merkle import node_hash
from pharos.arrive.verify import verify_journal
from pharos.serve.home import Home, open_journal
from tests.oracle import Oracle
from tests.serve.faults.intents import Intent
from tests.serve.faults.senders import Crowd
from tests.serve.faults.served import Failing
from tests.spec.harness import territory
from tests.spec.ledger_adapter import Question, _row

QUESTIONS = (
    Question(("gross", "admissions", "refunds", "tickets_issued"), ("sender",)),
    Question(("gross", "admissions"), ("cinema", "business_date")),
    Question(("gross", "admissions"), ("work",)),
    Question(("gross",), ("cinema", "work"), period="2024-03-06"),
)

Rows = dict[tuple[str, ...], tuple[Any, ...]]


def reckon(crowd: Crowd, server: Failing) -> None:
    """Everything at once; the server must be ready, and is stopped on the way."""
    oracle = oracle_of(crowd)
    expected = [oracle_rows(oracle, question) for question in QUESTIONS]
    for question, rows in zip(QUESTIONS, expected, strict=True):
        query = [("measure", name) for name in question.measures]
        query += [("by", ",".join(question.by)), ("period", question.period)]
        status, answer = server.answer(f"/api/v1/ask?{urlencode([q for q in query if q[1]])}")
        assert status == 200, answer
        differ(rows, answered(question, answer["rows"]))
    assert server.stop() == 0, server.said()
    true_to_receipts(crowd, server.home)
    assert verify_journal(server.home) == []
    for file in server.home.glob("ledger.duckdb*"):
        file.unlink()
    with Home(server.home) as home:
        home.catch_up()
        for question, rows in zip(QUESTIONS, expected, strict=True):
            found = home.ask(*question.measures, by=question.by, period=question.period)
            differ(rows, answered(question, found.rows))


def oracle_of(crowd: Crowd) -> Oracle:
    """What was meant, in the order in which it arrived."""
    sent = [intent.sent(receipt["position"]) for intent, receipt in crowd.receipts.items()]
    sent.sort(key=lambda message: message.position)
    return Oracle(sent, {"US": territory("US")}, "US")


def oracle_rows(oracle: Oracle, question: Question) -> Rows:
    """The same question to the oracle."""
    rows = oracle.ask(question.measures, question.by, period=question.period or None)
    return _said(question, rows)


def answered(question: Question, rows: Sequence[Any]) -> Rows:
    """The rows of an answer."""
    return _said(question, [_row(question, row) for row in rows])


def _said(question: Question, rows: Sequence[Any]) -> Rows:
    found = {}
    for row in rows:
        key = tuple(str(row[name] or "") for name in question.by)
        values = tuple(row[name] or 0 for name in question.measures)
        if any(values):
            found[key] = values
    return found


def differ(expected: Rows, got: Rows) -> None:
    """Name what is not the same."""
    wrong = {
        key: (expected.get(key), got.get(key))
        for key in expected.keys() | got.keys()
        if expected.get(key) != got.get(key)
    }
    assert not wrong, f"expected, got: {dict(sorted(wrong.items())[:5])}"


def true_to_receipts(crowd: Crowd, path: Path) -> None:
    """Acknowledged is stored, once, as the receipt says; stored is sent; the root is theirs."""
    # Two contradictions of one report may happen to say the same.
    meant = Counter(_name(intent) for intent in crowd.sent if not intent.other)
    assert max(meant.values()) == 1
    sent = {_name(intent) for intent in crowd.sent}
    journal = open_journal(path)
    try:
        stored = {}
        leaves = []
        for position in range(1, journal.size + 1):
            receipt, message = journal.receipt(position), journal.message(position)
            leaves.append(bytes.fromhex(receipt.leaf))
            name = (receipt.sender, receipt.stream, receipt.id, receipt.digest)
            assert hashlib.sha256(message.body).hexdigest() == receipt.digest
            assert name not in stored, f"{name} is stored twice"
            stored[name] = receipt
        assert plain_root(leaves) == journal.root()
    finally:
        journal.close()
    made_up = {name for name in stored if name[0] != "home"} - sent
    assert not made_up, made_up
    for intent, held in crowd.receipts.items():
        found = stored[_name(intent)]
        told = (held["position"], held["leaf"], held["arrived_at"])
        assert told == (found.position, found.leaf, found.arrived_at.isoformat()), intent


def _name(intent: Intent) -> tuple[str, str, str, str]:
    digest = hashlib.sha256(intent.body).hexdigest()
    return (intent.sender, intent.stream, intent.id, digest)


def plain_root(leaves: Sequence[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, as it is written there."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))
