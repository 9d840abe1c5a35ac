"""Bodies of reports and places for the tests of readers.

In: rows as dictionaries. Out: bytes, and a fixed answer to where cinemas are.
"""

import json
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from pharos.arrive.identity import fill_content
from pharos.arrive.reading import Place, Reading
from pharos.words.descriptions import Descriptions, Mention
from pharos.words.figures import ABSENT, LINE_COLUMNS
from pharos.words.report import Severity

Row = dict[str, Any]

SALE: Row = {
    "kind": "tickets",
    "cinema": "A1",
    "screening": "s1",
    "start": "2022-10-01T19:30:00+08:00",
    "work": "Wandering",
    "number": 1,
    "sold_at": "2022-10-01T12:00:00+08:00",
    "paid": "41.40",
}
SCREENING: Row = {name: SALE[name] for name in ("cinema", "screening", "start", "work")}
TOTAL: Row = SCREENING | {"kind": "screening_totals", "admissions": 3, "gross": "120.00"}
DAY: Row = {
    "kind": "day_totals",
    "cinema": "A1",
    "date": "2022-10-01",
    "work": "Wandering",
    "gross": "900.00",
}


@dataclass
class Fixed:
    """Places: all that is asked is known to be the same, unless ``by_cinema`` says otherwise."""

    here: Place = field(default_factory=lambda: Place("CN", "Asia/Shanghai", "CNY", time(6), True))
    by_cinema: dict[str, Place] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    descriptions: Descriptions = field(default_factory=Descriptions)

    def place(self, cinema: str, territory: str = "") -> Place:
        """The place of a cinema."""
        self.asked.append((cinema, territory))
        return self.by_cinema.get(cinema, self.here)


def body(*rows: Row | str, **header: object) -> bytes:
    """A message in the native format; a row that is a text stands as it is."""
    lines = [{"pharos": 1} | header, *rows]
    written = [one if isinstance(one, str) else json.dumps(one) for one in lines]
    return "\n".join(written).encode()


def rows_of(reading: Reading) -> list[dict[str, Any]]:
    """The lines of a reading with what their numbers stand for; what is not said is left out."""
    figures = reading.figures
    fill_content(figures)
    found = []
    for index in range(len(figures)):
        line: dict[str, Any] = {name: int(figures.lines[name][index]) for name in LINE_COLUMNS}
        mention = line.pop("mention")
        told = {name: figures.mentions.column(name)[mention] for name in Mention._fields}
        line = {f"line_{name}": value for name, value in line.items() if value != ABSENT}
        line["line_ticket_type"] = figures.ticket_types[line["line_ticket_type"]]
        line["line_channel"] = figures.channels[line["line_channel"]]
        if "line_stream" in line:
            line["line_stream"] = figures.streams[line["line_stream"]]
        if figures.event_ids:
            line["event_id"] = figures.event_ids[index]
        found.append(told | line)
    return found


def contents(reading: Reading) -> list[int]:
    """The fingerprints of the events of a reading."""
    fill_content(reading.figures)
    found: list[int] = reading.figures.lines["content"].tolist()
    return found


def held(reading: Reading) -> dict[int | None, str]:
    """The rules by which rows are held."""
    return {f.row: f.rule for f in reading.findings if f.severity is Severity.HOLD}
