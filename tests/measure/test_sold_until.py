"""What had been sold until a moment: tickets by then, of the screenings that are held anyway."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pharos.serve.home import Home
from tests.measure.small_home import TICKET, TOTAL, send, small_home

NOON, EVENING = (datetime.fromisoformat(f"2024-03-05T{h}:00-05:00") for h in (12, 22))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with small_home(tmp_path) as opened:
        early = TICKET | {"sold_at": "2024-03-05T09:00:00-05:00", "seats": 50}
        send(opened, "1", early, TICKET | {"number": 2, "seats": 50})
        yield opened


def told(home: Home, until: datetime | None, *measures: str) -> tuple[Any, ...]:
    (row,) = home.ask(*measures, sold_until=until).rows
    return tuple(row[measure] for measure in measures)


def test_screenings_and_seats_are_there_before_the_last_ticket(home: Home) -> None:
    asked = ("gross", "admissions", "screenings", "seats_offered", "occupancy")
    assert told(home, NOON, *asked) == ("9.00", 1, 1, 50, Decimal("0.02"))
    assert told(home, EVENING, *asked) == told(home, None, *asked)


def test_totals_do_not_say_when_they_were_sold(home: Home) -> None:
    send(home, "2", TOTAL | {"screening": "2"})
    assert told(home, NOON, "gross") == ("9.00",)
    assert told(home, None, "gross") == ("118.00",)
    assert any("ticket" in note for note in home.ask("gross", sold_until=NOON).notes)
