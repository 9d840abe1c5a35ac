"""A home of one office's reports, small enough to see every number in it.

In: rows of the native format. Out: the home's answers. Must not know what any answer should be.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pharos.serve.home import Home, init
from pharos.words.home import HomeSettings

Row = dict[str, Any]
TOTAL: Row = {
    "kind": "screening_totals", "cinema": "c1", "screening": "1", "work": "W",
    "start": "2024-03-05T19:00:00-05:00", "admissions": 10, "gross": "100.00",
}  # fmt: skip
TICKET: Row = {
    "kind": "tickets", "cinema": "c1", "screening": "1", "work": "W", "number": 1, "paid": "9.00",
    "start": "2024-03-05T19:00:00-05:00", "sold_at": "2024-03-05T18:00:00-05:00",
}  # fmt: skip


@contextmanager
def small_home(folder: Path, *territories: str) -> Iterator[Home]:
    """A new home in these territories, the United States if none is named."""
    settings = HomeSettings(scope="nation", territories=territories or ("US",), currency="USD")
    init(folder / "home", settings)
    with Home(folder / "home") as opened:
        yield opened


def send(home: Home, said: str, *rows: Row) -> None:
    """Send rows as one message of the only sender; none of them may be held."""
    body = "\n".join([json.dumps({"pharos": 1}), *(json.dumps(row) for row in rows)])
    done = home.send("x", "s", said, body.encode() + b"\n")
    assert not done.held, done.findings


def registered(subject: str, **said: Any) -> Row:  # noqa: ANN401
    """A register row."""
    return {"kind": "register", subject: said}


def answers(home: Home, measure: str, by: str, **rest: Any) -> dict[Any, Any]:  # noqa: ANN401
    """One measure by one dimension; money as decimal text."""
    return {row[by]: row[measure] for row in home.ask(measure, by=by, **rest).rows}
