"""A home that was told a rehearsal, and the comparison of its answers with the truth.

In: a rehearsal. Out: an open home, and differences by cut. Must not know how totals are made.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from pharos.arrive.journal import Draft
from pharos.rehearse.post import Message
from pharos.rehearse.rehearsal import Rehearsal
from pharos.serve.home import Home, init

#: The dimension of a question, and the column of the truth.
CUTS = {
    "work": "work",
    "cinema": "cinema",
    "province": "province",
    "city": "city",
    "city_tier": "city_tier",
    "chain": "chain",
    "business_date": "business_date",
    "version": "version",
    "screening_hour": "screening_hour",
}
MEASURES = ("gross", "admissions", "screenings", "seats_offered", "refunds")
#: What day totals know nothing of.
FINER = ("version", "screening_hour")
_BATCH = 500


def batched(messages: Iterable[Message], size: int) -> Iterator[list[Message]]:
    """Messages, so many at a time."""
    rest = iter(messages)
    while some := list(islice(rest, size)):
        yield some


@contextmanager
def told(rehearsal: Rehearsal, folder: Path) -> Iterator[Home]:
    """A new home that was sent everything, in order."""
    init(folder / "home", rehearsal.settings, lambda: rehearsal.first)
    with Home(folder / "home") as home:
        for said in batched(rehearsal, _BATCH):
            # What a door does; this is the way past it.
            home.clock.heard(said[-1].moment)
            home.keep([Draft(m.sender, m.stream, m.id, m.body) for m in said])
        home.catch_up()
        yield home


def differences(home: Home, rehearsal: Rehearsal, cut: str) -> list[str]:
    """Where an answer by a cut differs from the truth; empty if it is right to the last cent."""
    key = CUTS[cut]
    by = (key,) if cut not in FINER else (key, "book")
    want: dict[str, dict[str, int]] = {}
    for row in rehearsal.truth.sums(*by):
        # Day totals have no hour and no version: their sums stand under none.
        name = "None" if row.get("book") == "day_totals" else str(row[key])
        sums = want.setdefault(name, dict.fromkeys(MEASURES, 0))
        for measure in MEASURES:
            sums[measure] += row["seats" if measure == "seats_offered" else measure]
    got = {_key(row, cut): _figures(row) for row in home.ask(*MEASURES, by=(cut,)).rows}
    return [
        f"{cut} {name}: {got.get(name)} for {want.get(name)}"
        for name in sorted(want.keys() | got.keys())
        if got.get(name) != want.get(name)
    ]


def _key(row: Mapping[str, Any], cut: str) -> str:
    said = row.get(f"{cut}_id", row[cut])
    if said is None:
        return "None"
    text = str(said).removeprefix(f"{cut}:")
    return str(int(text[:2])) if cut == "screening_hour" else text


def _figures(row: Mapping[str, Any]) -> dict[str, int]:
    return {m: row["gross_minor" if m == "gross" else m] for m in MEASURES}
