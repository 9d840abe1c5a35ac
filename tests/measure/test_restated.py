"""The log of revisions: what a publisher stated anew, with both values.

In: statements in their order. Out: rows of the log, the latest first.
"""

from pathlib import Path
from typing import Any

import pytest

from pharos.errors import BadQuestion
from pharos.measure.restated import RestatedAsked
from pharos.serve.hands import AtHome
from pharos.serve.home import Home
from tests.fresh_homes import fresh_home
from tests.serve.terminal import native

pytestmark = pytest.mark.slow

DAY = {"kind": "published", "date": "2024-03-01", "unit": "USD", "measure": "gross"}


def log(folder: Path, *messages: dict[str, Any], **asked: Any) -> list[tuple[str, ...]]:  # noqa: ANN401
    with Home(fresh_home(folder / "home", ("US",))) as home:
        for nth, row in enumerate(messages):
            home.send("press", "s", str(nth), native(DAY | row))
        found = AtHome(home).history(RestatedAsked(**asked))
    assert found["count"] == len(found["rows"])
    names = ("publisher", "before", "after", "difference")
    return [tuple(row[name] for name in names) for row in found["rows"]]


def test_what_moved_is_told_in_the_order_of_statements(tmp_path: Path) -> None:
    said = (
        {"publisher": "P", "value": "110", "stated_at": "2024-03-05"},
        {"publisher": "P", "value": "100", "stated_at": "2024-03-02"},
        {"publisher": "P", "value": "105", "stated_at": "2024-03-09"},
    )
    assert log(tmp_path, *said) == [
        ("P", "110.00", "105.00", "-5.00"),
        ("P", "100.00", "110.00", "10.00"),
    ]


def test_other_publishers_bases_and_repeats_are_no_revisions(tmp_path: Path) -> None:
    said = (
        {"publisher": "P", "value": "110"},
        {"publisher": "P", "value": "110"},
        {"publisher": "P", "value": "100", "basis": "without_fee"},
        {"publisher": "Q", "value": "90"},
    )
    assert log(tmp_path, *said) == []


def test_one_publishers_alone(tmp_path: Path) -> None:
    said = [{"publisher": p, "value": v} for p in ("P", "Q") for v in ("1", "2")]
    assert log(tmp_path, *said, publisher="Q") == [("Q", "1.00", "2.00", "1.00")]


def test_no_rows_are_no_log(tmp_path: Path) -> None:
    with pytest.raises(BadQuestion):
        log(tmp_path, limit=0)
