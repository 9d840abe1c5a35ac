"""The tally beside SQL and the oracle: the same cut asked of each.

In: a home that is watched, and cuts. Out: a failure where two of them differ.
Must not know what any answer should be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from random import Random
from typing import Any

from pharos.measure.answer import Answer
from pharos.measure.board import Board, Cut, board
from pharos.measure.edition import Edition
from pharos.measure.tally import Tally
from pharos.measure.tally_day import DIMENSIONS
from pharos.measure.tally_ranking import Ranked, measures_of
from pharos.serve.home import Home
from tests.oracle import Oracle

NOW = datetime(2024, 3, 9, 18, tzinfo=UTC)
BYS = ("work", *DIMENSIONS)
BASES = ("paid", "paid", "without_fee", "without_tax", "without_fee_and_tax")
#: Values of places in `property.worlds`, and some that are nowhere.
PLACES = {
    "province": ("BB", "", "XX"),
    "city": ("Avon", "Bath", "city:Avon", ""),
    "city_tier": ("1", ""),
    "chain": ("Crane", "Heron", ""),
    "cinema": ("A1", "A2", "B1", "S1", "cinema:A1"),
}


def drawn(random: Random, days: Sequence[str]) -> Cut:
    """Any cut of these days."""
    place = None
    if random.random() < 0.6:
        name = random.choice(DIMENSIONS)
        place = (name, random.choice(PLACES[name]))
    return Cut(date.fromisoformat(random.choice(days)), place, random.choice(BASES))


def drawn_there(random: Random, tally: Tally) -> Cut:
    """Any cut of a day that is live, of a place that there is."""
    day, basis = random.choice(tally.days), random.choice(BASES)
    name = random.choice((*DIMENSIONS, ""))
    found = tally.ranking(Cut(day), name) if name else None
    keys = [key for key in found.keys if key is not None] if found else []
    return Cut(day, (name, random.choice(keys)) if keys else None, basis)


def compare(home: Home, tally: Tally, cut: Cut, by: str) -> None:
    """The tally says what SQL says: the board, and every measure of the ranking."""
    home.ledger.wait()
    assert tally.position == home.ledger.position
    expected = board_by_sql(home, tally.position, cut)
    got = tally.board(cut, NOW)
    assert got is not None, cut
    for name in ("total", "films"):
        same_answer(getattr(got, name), getattr(expected, name), cut)
    same_ranking(home, tally, cut, by)


def board_by_sql(home: Home, position: int, cut: Cut) -> Board:
    with home.ledger.view() as view:
        return board(Edition(view, position), cut, NOW)


def same_answer(got: Answer, expected: Answer, cut: Cut) -> None:
    assert replace(got, sql="") == replace(expected, sql=""), cut
    assert list(got.columns) == list(expected.columns)


def same_ranking(home: Home, tally: Tally, cut: Cut, by: str) -> None:
    """Every measure of the ranking as `ask` answers it, rounded as it rounds."""
    found = tally.ranking(cut, by)
    assert found is not None
    where = [f"{cut.place[0]}={cut.place[1]}"] if cut.place else []
    names = [*(measure.name for measure in measures_of(by)), "rank"]
    asked = home.ask(*names, by=by, where=where, period=str(cut.day), basis=cut.basis)
    key = f"{by}_id"
    prefix = f"{by}:" if by in ("work", "cinema") else ""
    rows = {(row[key] and row[key].removeprefix(prefix), row["currency"]): row for row in asked}
    assert set(names) == set(found.measures)
    assert set(shown(found)) == set(rows), (cut, by)
    for (at, said), cells in zip(shown(found).items(), _cells(found), strict=True):
        for name in names:
            _same_cell(rows[at], name, cells[name], (cut, by, at, said))
    grosses = [row["gross_minor"] for row in asked]
    ranked = [rows[at]["gross_minor"] for at in shown(found)]
    assert ranked == grosses, (cut, by)


def shown(found: Ranked) -> dict[tuple[str | None, str], int]:
    pairs = zip(found.keys, found.currencies, strict=True)
    return {pair: nth for nth, pair in enumerate(pairs)}


def _cells(found: Ranked) -> list[dict[str, tuple[int | None, str]]]:
    """For each row the shown number of each measure, or why there is none."""
    rows: list[dict[str, tuple[int | None, str]]] = [{} for _ in range(len(found))]
    for name, cells in found.measures.items():
        numbers = cells.shown().tolist()
        for nth, why in enumerate(cells.why.tolist()):
            rows[nth][name] = (None, cells.reasons[why - 1]) if why else (numbers[nth], "")
    return rows


def _same_cell(row: Mapping[str, Any], name: str, got: tuple[int | None, str], at: Any) -> None:  # noqa: ANN401
    number, reason = got
    if number is None:
        assert row[name] is None, (name, at)
        if name != "rank":
            assert row[f"{name}_reason"] == reason, (name, at)
        else:
            assert row[f"{name}_reason"].partition(":")[0] == reason.partition(":")[0], at
        return
    expected = row.get(f"{name}_minor", row[name])
    if not isinstance(expected, int):
        expected = int(expected * 1_000_000)
    assert number == expected, (name, at, row)


def same_as_oracle(oracle: Oracle, tally: Tally, cut: Cut, by: str) -> None:
    """Every measure exactly as the oracle in plain Python says it."""
    found = tally.ranking(cut, by)
    assert found is not None
    where = (
        {} if cut.place is None else {cut.place[0]: cut.place[1].removeprefix(f"{cut.place[0]}:")}
    )
    names = [measure.name for measure in measures_of(by)]
    rows = oracle.ask(names, [by], where, cut.day.isoformat(), basis=cut.basis)
    expected = {(row[by] or None, row["currency"]): row for row in rows}
    for at, nth in shown(found).items():
        row = expected.pop(at)
        for name in names:
            cells = found.measures[name]
            if cells.why[nth]:
                assert row[name] is None, (name, at, cut)
                continue
            bottom = 1 if cells.bottom is None else int(cells.bottom[nth])
            assert Fraction(int(cells.top[nth]), bottom) == row[name], (name, at, cut)
    for row in expected.values():
        # The oracle may have rows of which nothing stands.
        assert not any(row[name] for name in names), (cut, row)


def same_when_rebuilt(followed: Tally, fresh: Tally) -> None:
    """A tally that followed every batch holds what one does that was made of the ledger now."""
    assert (followed.position, followed.days) == (fresh.position, fresh.days)
    for day in fresh.days:
        for by in BYS:
            one, other = followed.ranking(Cut(day), by), fresh.ranking(Cut(day), by)
            assert one is not None
            assert other is not None
            assert _told(one) == _told(other), (day, by)


def _told(found: Ranked) -> dict[Any, dict[str, tuple[int | None, str]]]:
    pairs = zip(found.keys, found.currencies, strict=True)
    return dict(zip(pairs, _cells(found), strict=True))
