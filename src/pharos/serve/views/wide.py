"""Tables with one column for each thing that is compared: films, places, versions.

In: cells by the key of their row. Out: a `Table`. Turning an answer on its side is layout: every
cell is a number of an answer, and leads to its own trace.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pharos.serve.views.answered import About, Asked, number_cell, row_trace
from pharos.serve.views.asking import Asker
from pharos.serve.views.table import Cell, Head, Row, Table

#: A row's key, and the currency of its money.
Key = tuple[str | int, str]


@dataclass(frozen=True, slots=True)
class Series:
    """One column: its name, what it is called, and its cells by the key of their row.

    ``missing`` stands where it has none.
    """

    name: str
    text: str
    cells: Mapping[Key, Cell]
    missing: Cell


def traced_cell(asker: Asker, asked: Asked, row: Mapping[str, Any], measure: str) -> Cell:
    """A number of an answer, leading to its own trace."""
    cell = number_cell(measure, row, asker.language)
    return replace(cell, link=row_trace(asker, asked, row) + measure)


def heads_of_series(series: Iterable[Series], measured: Head) -> tuple[Head, ...]:
    """The heads of the columns: all of one measure."""
    return tuple(replace(measured, name=one.name, text=one.text) for one in series)


def wide(
    about: About,
    keyed: tuple[Sequence[Head], Mapping[Key, tuple[Cell, ...]]],
    series: Sequence[Series],
    measured: Head,
) -> Table:
    """The table of some series; ``keyed`` has the first heads, and their cells by key in order."""
    first, rows = keyed
    made = tuple(
        Row((*cells, *(one.cells.get(key, one.missing) for one in series)))
        for key, cells in rows.items()
    )
    heads = (*first, *heads_of_series(series, measured))
    return Table(about.name, about.title, heads, made, about.order, about.chart, about.note)
