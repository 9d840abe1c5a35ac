"""A small made-up cinema week, so that there is something to see before there is anything real.

In: nothing. Out: text: what was sent and what the numbers are. Every name in it is invented.
"""

import json
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pharos.serve.home import Home, init
from pharos.serve.show import answer_text, submitted_text
from pharos.words.home import HomeSettings

_MONDAY = date(2024, 3, 4)
_WORKS = ("The Lamp Keeper", "Salt and Harbour", "Night Ferry")
_STARTS = (14, 17, 20)
_PRICE = "11.50"


def show() -> str:
    """Send the week to a home in a temporary folder, and ask it three questions."""
    with tempfile.TemporaryDirectory(prefix="pharos-demo-") as folder:
        path = Path(folder) / "home"
        settings = HomeSettings(scope="cinema", territories=("US",), currency="USD", rehearsed=True)
        now = datetime(2024, 3, 12, 9, 0, tzinfo=UTC)
        init(path, settings, lambda: now)
        with Home(path, lambda: now) as home:
            sent = home.send("lighthouse-cinema", "tickets", "1", week())
            questions = [
                home.ask("gross", "admissions", "screenings", "occupancy"),
                home.ask("gross", "admissions", "box_office_share", by="work"),
                home.ask("gross", "admissions", "average_ticket_price", by="business_date"),
            ]
    asked = (
        "pharos ask gross admissions screenings occupancy",
        "pharos ask gross admissions box_office_share --by work",
        "pharos ask gross admissions average_ticket_price --by business_date",
    )
    parts = [
        "A made-up week of an invented cinema (rehearsed, not real):",
        submitted_text(sent, dry_run=False),
    ]
    for words, answer in zip(asked, questions, strict=True):
        parts.append(f"\n$ {words}\n{answer_text(answer)}")
    return "\n".join(parts)


def week() -> bytes:
    """One native message: a register row, and the ticket events of seven days."""
    cinema = {"id": "lighthouse", "name": "Lighthouse Cinema", "zone": "America/New_York",
              "city": "Portsmouth", "expected": True}  # fmt: skip
    rows: list[dict[str, object]] = [{"kind": "register", "cinema": cinema}]
    for work in _WORKS:
        named = {"id": work, "names": [{"language": "en", "name": work}]}
        rows.append({"kind": "register", "work": named})
    number = 0
    for day in range(7):
        for nth, hour in enumerate(_STARTS):
            work = _WORKS[(day + nth) % len(_WORKS)]
            for ticket in range(8 + 5 * nth + 6 * (day >= 4)):
                number += 1
                rows.append(_ticket(day, hour, work, ticket) | {"number": number})
    lines = [json.dumps({"pharos": 1}), *(json.dumps(row) for row in rows)]
    return "\n".join(lines).encode() + b"\n"


def _ticket(day: int, hour: int, work: str, ticket: int) -> dict[str, object]:
    when = _MONDAY + timedelta(days=day)
    free = ticket == 0
    return {
        "kind": "tickets",
        "cinema": "lighthouse",
        "screening": f"{when:%m%d}-{hour}",
        "start": f"{when}T{hour:02d}:00:00{'-04:00' if when >= date(2024, 3, 10) else '-05:00'}",
        "screen": "1",
        "seats": 60,
        "work": work,
        "event": "sale",
        "sold_at": f"{when}T{hour - 1:02d}:30:00-05:00",
        "ticket_type": "Guest" if free else "Adult",
        "paid": "0.00" if free else _PRICE,
    }
