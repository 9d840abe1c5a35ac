"""The outcome of a report is the same from the memory of a server as from the ledger."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pharos.keep.batch import Decided
from pharos.measure.edition import edition_in
from pharos.serve.home import Home
from pharos.serve.verdicts import told_in, told_of
from pharos.words.report import Verdict
from tests.fresh_homes import fresh_home
from tests.serve.terminal import native


def rows() -> list[dict[str, Any]]:
    day: dict[str, Any] = {"kind": "day_totals", "cinema": "c", "date": "2024-03-05", "work": "W"}
    bad: list[dict[str, Any]] = [day | {"admissions": "many"}, day | {"gross": "x"}]
    register = {"kind": "register", "cinema": {"id": "k", "territory": "XX"}}
    return [*bad, day | {"admissions": 1, "gross": "1.00"}, register, *bad]


def test_findings_have_one_order(tmp_path: Path) -> None:
    with Home(fresh_home(tmp_path / "home")) as home:
        done = home.send("x", "", "1", native(*rows()))
        assert done.receipt is not None
        assert len(done.findings) > 3
        position = done.receipt.position
        again = home.send("x", "", "1", native(*rows()))
        assert again.findings == done.findings == home.findings_of(position)
        with home.ledger.view() as view:
            told = told_in(edition_in(view, None), position)
        assert told is not None
        assert told.findings == done.findings


def test_what_is_remembered_is_in_the_same_order(tmp_path: Path) -> None:
    with Home(fresh_home(tmp_path / "home")) as home:
        found = home.send("x", "", "1", native(*rows())).findings
    said = list(reversed(found))
    report = Decided(1, "x", "", "1", "", datetime.now(UTC), Verdict.HELD, said, [])
    assert told_of(report).findings == found
