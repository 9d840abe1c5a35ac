"""A trace goes through so many postings and no more, and says so instead of bursting."""

from pathlib import Path

import pytest

from pharos.errors import AskedTooMuch
from pharos.measure import trace
from tests.measure.small_home import TICKET, send, small_home


def test_a_number_on_too_many_postings_is_not_traced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "MOST_POSTINGS", 5)
    with small_home(tmp_path) as home:
        send(home, "1", *(TICKET | {"number": number} for number in range(1, 6)))
        assert home.trace("gross").terms[0]["value"] == 4500
        send(home, "2", TICKET | {"number": 6})
        with pytest.raises(AskedTooMuch, match="more than 5 postings"):
            home.trace("gross")
