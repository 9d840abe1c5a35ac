"""Completeness counts the days of which something stands, not those once spoken of."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pharos.arrive.administration import Closing
from pharos.measure.coverage import status, statuses
from pharos.measure.edition import edition_in
from pharos.serve.home import Home
from pharos.words.period import Period
from tests.measure.small_home import TICKET, TOTAL, registered, send, small_home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with small_home(tmp_path) as opened:
        send(opened, "1", registered("cinema", id="c1", expected=True), TOTAL)
        yield opened


def reported(home: Home, day: str, **rest: Any) -> int:  # noqa: ANN401
    return int(home.ask("gross", period=day, **rest).completeness["cinemas_reported"])


def test_a_day_that_a_screening_left_is_not_reported(home: Home) -> None:
    before = home.journal.size
    assert (reported(home, "2024-03-05"), reported(home, "2024-03-06")) == (1, 0)
    send(home, "2", TOTAL | {"start": "2024-03-06T19:00:00-05:00"})
    assert (reported(home, "2024-03-05"), reported(home, "2024-03-06")) == (0, 1)
    assert reported(home, "2024-03-05", as_of=before) == 1


def test_a_day_that_one_of_two_screenings_left_is_still_reported(home: Home) -> None:
    send(home, "2", TOTAL | {"screening": "2"})
    send(home, "3", TOTAL | {"start": "2024-03-06T19:00:00-05:00"})
    assert (reported(home, "2024-03-05"), reported(home, "2024-03-06")) == (1, 1)


@pytest.mark.slow
def test_tickets_that_were_all_refunded_are_a_report(home: Home) -> None:
    later = TICKET | {"screening": "3", "start": "2024-03-08T19:00:00-05:00"}
    send(home, "2", later, later | {"number": 2, "event": "refund"})
    assert reported(home, "2024-03-08") == 1


def test_a_day_that_was_left_and_taken_again_is_reported(home: Home) -> None:
    send(home, "2", TOTAL | {"start": "2024-03-06T19:00:00-05:00"})
    send(home, "3", TOTAL)
    assert (reported(home, "2024-03-05"), reported(home, "2024-03-06")) == (1, 0)


def test_each_day_has_the_status_that_it_has_alone(home: Home) -> None:
    send(home, "2", TOTAL | {"screening": "2", "start": "2024-03-06T19:00:00-05:00"})
    home.administer(Closing(first=date(2024, 3, 4), last=date(2024, 3, 6)))
    send(home, "3", TOTAL | {"gross": "99.00"})
    home.ledger.wait()
    now = datetime(2024, 3, 8, 18, tzinfo=UTC)
    with home.ledger.view() as view:
        edition = edition_in(view, None)
        days = [date(2024, 3, nth) for nth in range(3, 10)]
        found = statuses(edition, Period(days[0], days[-1], ""), now)
        assert found == {day: status(edition, Period(day, day, ""), now) for day in days}
    said = ["provisional", "final", "corrected", "final", "provisional", "live", "live"]
    assert list(found.values()) == said
