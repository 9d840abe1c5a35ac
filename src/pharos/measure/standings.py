"""Who stands where on a board: its films with their places, one table for each currency.

In: a board. Out: standings, best first. Never writes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pharos.measure.board import Board
from pharos.measure.edition import Edition

Row = Mapping[str, Any]

#: Places that a board can be narrowed down to.
BOARD_PLACES = ("province", "city", "city_tier", "chain", "cinema")


@dataclass(frozen=True, slots=True)
class Standings:
    """The total and the films in one currency; each film with its place, None without a gross."""

    currency: str
    total: Row
    films: tuple[tuple[int | None, Row], ...]


def standings(board: Board) -> tuple[Standings, ...]:
    """The tables of a board: currencies are never compared, and seldom several."""
    return tuple(
        Standings(row["currency"], row, tuple(_placed(board, row["currency"])))
        for row in board.total.rows
    )


def _placed(board: Board, currency: str) -> Iterator[tuple[int | None, Row]]:
    """Films of one currency with their places; equals share one."""
    place, before = 0, None
    films = [row for row in board.films.rows if row["currency"] == currency]
    for nth, row in enumerate(films, 1):
        gross = row["gross_minor"]
        place = place if gross == before else nth
        before = gross
        yield (None if gross is None else place), row


def anything_said(edition: Edition) -> bool:
    """Whether any report speaks of any business date."""
    return bool(edition.rows(_SAID, edition.position))


_SAID = "SELECT 1 FROM spoke WHERE position <= ? LIMIT 1"
