"""Pages in JSON with a chart of every kind, as a server would say them.

In: a kind. Out: a page. Every name and figure in it is invented.
"""

from datetime import date, timedelta
from typing import Any

FIRST = date(2022, 9, 20)
#: Names that a library may read as its markup, or a browser as its own.
FILMS = ("守灯人 {a|b}", "<b>Salt</b> & \"Harbour'", "<b>Salt</b> & \"Harbour'")
NOTES = [
    {"first": "2022-10-01", "last": "2022-10-07", "name": "National Day", "kind": "window"},
    {"first": "2022-09-25", "last": "2022-09-25", "name": "Storm", "kind": "event"},
    {"first": "2023-01-21", "last": "2023-01-27", "name": "Spring", "kind": "window"},
]
Row = dict[str, Any]


def _head(name: str, kind: str = "text") -> Row:
    return {"name": name, "text": name.capitalize(), "kind": kind, "measure": "", "shown": True}


HEADS = [
    _head("business_date"), _head("work"), _head("currency"), _head("weekday"),
    _head("gross", "decimal"), _head("admissions", "whole"), _head("hour", "whole"),
]  # fmt: skip


def _row(day: date, nth: int, currency: str = "CNY") -> Row:
    fen = (day.toordinal() * 7919 + nth * 104729) % 10**9
    said = {
        "business_date": day.isoformat(), "work_id": f"work:{nth}", "work": FILMS[nth],
        "currency": currency, "weekday": f"{day:%A}", "gross": f"{fen}.50",
        "admissions": fen // 4000, "hour": 10 + day.toordinal() % 14,
    }  # fmt: skip
    shown = {name: str(value) for name, value in said.items()} | {"gross": f"{fen:,}.50"}
    return said | {"shown": shown}


def rows(days: int, films: int = 1, currency: str = "CNY") -> list[Row]:
    """So many days, the last first, of so many films."""
    dates = [FIRST + timedelta(days=nth) for nth in reversed(range(days))]
    return [_row(day, nth, currency) for day in dates for nth in range(films)]


def page_of(kind: str, found: list[Row], **said: Any) -> Row:  # noqa: ANN401
    """A page with one table and its chart; ``notes`` are what happened, if a page has any."""
    plain = {"x": "business_date", "y": ["gross"], "split": ""}
    notes = {"notes": said.pop("notes")} if "notes" in said else {}
    chart = {"kind": kind, "title": "Gross", "description": "By day.", **plain, **said}
    table = {"name": "places", "heads": HEADS, "rows": found, "chart": chart}
    stand = {"version": "Version 4", "as_of": "as of 2022-11-01"}
    return {
        "page": "places", "title": "Places", "edition": 4, "rehearsed": True, "stand": stand,
        "tables": [table], **notes,
    }  # fmt: skip
