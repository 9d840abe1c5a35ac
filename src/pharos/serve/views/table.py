"""Tables of pages: heads, rows and cells, in order and cut to a page.

In: rows in any order, and how a reader wants them. Out: the rows that are shown. Knows no measure
and no language: cells bring their texts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from pharos.errors import BadQuestion, nearest
from pharos.serve.exports import Value

#: Rows of one page unless more are asked for, and the most that one page has.
ROWS, MOST_ROWS = 100, 20_000


@dataclass(frozen=True, slots=True)
class Head:
    """A column.

    ``kind`` is ``text``, ``whole``, ``decimal`` (with so many ``decimals``) or ``yes_no``. A
    ``measure`` has a definition, and its numbers have traces. What is not ``shown`` stands in files
    and in JSON only.
    """

    name: str
    text: str
    kind: str = "text"
    decimals: int = 0
    measure: str = ""
    shown: bool = True

    @property
    def is_number(self) -> bool:
        """Whether its cells stand to the right."""
        return self.kind in ("whole", "decimal")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value exactly, and as a reader sees it.

    ``title`` says all digits of a number that is written short, or why there is none.
    """

    value: Value
    text: str
    title: str = ""
    link: str = ""
    #: The language of its text where that is not the page's.
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the order of the heads.

    ``trace`` is where its numbers lead once the name of a measure is put behind it; empty: nowhere.
    """

    cells: tuple[Cell, ...]
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of a table: which column runs along it, and which are drawn.

    ``split`` draws one line for each value of a column. ``calendar`` and ``heat`` draw one ``y``.
    """

    kind: Literal["line", "bar", "calendar", "heat"]
    x: str
    y: tuple[str, ...]
    title: str
    description: str
    split: str = ""
    #: How many of the first rows lying bars show; 0 as many as can be read.
    most: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads. ``order`` is the name of a head, "-" in front for the largest first.

    ``more`` leads to rows of the same kind that are not in the table: a text and an address.
    A table that is ``withheld`` from its reader is no part of the page.
    """

    name: str
    title: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    order: str = ""
    chart: Chart | None = None
    note: str = ""
    more: tuple[str, str] = ("", "")
    withheld: bool = False

    def place(self, name: str) -> int:
        """Which column a head is. Raises BadQuestion."""
        names = [head.name for head in self.heads]
        if name not in names:
            raise BadQuestion(f"cannot sort {self.name} by {name!r}; {nearest(name, names)}")
        return names.index(name)

    def column(self, name: str) -> list[Cell]:
        """The cells under a head. Raises BadQuestion."""
        place = self.place(name)
        return [row.cells[place] for row in self.rows]


def beside(
    table: Table, heads: Sequence[Head], cells: Sequence[Sequence[Cell]], at: int | None = None
) -> Table:
    """A table with further columns, behind the others or from the place ``at`` on.

    ``cells`` has those of each row, in its order.
    """
    at = len(table.heads) if at is None else at
    rows = (
        replace(row, cells=(*row.cells[:at], *further, *row.cells[at:]))
        for row, further in zip(table.rows, cells, strict=True)
    )
    wider = (*table.heads[:at], *heads, *table.heads[at:])
    return replace(table, heads=wider, rows=tuple(rows))


@dataclass(frozen=True, slots=True)
class Cut:
    """A table as a reader wants it: sorted, and so many rows of it."""

    table: Table
    order: str
    page: int
    pages: int
    #: Rows of the whole table.
    count: int


def cut(table: Table, order: str, page: int, rows: int) -> Cut:
    """The rows of one page of a table. Raises BadQuestion for a head that it does not have."""
    order = order or table.order
    placed = _sorted(table, order) if order else list(table.rows)
    pages = max(1, -(-len(placed) // rows))
    page = min(page, pages)
    first = (page - 1) * rows
    shown = replace(table, rows=tuple(placed[first : first + rows]))
    return Cut(shown, order, page, pages, len(placed))


def _sorted(table: Table, order: str) -> list[Row]:
    """Equals stay in the order in which they were answered; what is not known comes last."""
    falling, place = order.startswith("-"), table.place(order.removeprefix("-"))
    known = [row for row in table.rows if row.cells[place].value is not None]
    unknown = [row for row in table.rows if row.cells[place].value is None]
    return sorted(known, key=lambda row: _key(row.cells[place]), reverse=falling) + unknown


def _key(cell: Cell) -> tuple[Decimal, str]:
    value = cell.value
    return (Decimal(0), value) if isinstance(value, str) else (Decimal(value or 0), "")


def joined(table: Table, other: Table, names: Mapping[str, str], nothing: Cell) -> Table:
    """A table with columns of another one beside its own, where both speak of the same.

    ``names`` has the heads taken over, each with its text; in the table they are called NAME_then.
    Rows are the same whose keys are: what both have and do not call a measure. A number leads to
    its own trace. Where the other table has no such row stands ``nothing``.
    """
    both = {head.name for head in other.heads}
    keys = [head.name for head in table.heads if head.name in both and not head.measure]
    found = dict(zip(_keys(other, keys), other.rows, strict=True))
    taken = [(other.place(name), other.heads[other.place(name)]) for name in names]
    heads = [
        replace(head, name=f"{head.name}_then", text=names[head.name], measure="")
        for _, head in taken
    ]
    rows = []
    for row, key in zip(table.rows, _keys(table, keys), strict=True):
        same = found.get(key)
        cells = [_led(same, place, head) if same else nothing for place, head in taken]
        rows.append(replace(row, cells=(*row.cells, *cells)))
    return replace(table, heads=(*table.heads, *heads), rows=tuple(rows))


def _keys(table: Table, names: Sequence[str]) -> list[tuple[Value, ...]]:
    places = [table.place(name) for name in names]
    return [tuple(row.cells[place].value for place in places) for row in table.rows]


def _led(row: Row, place: int, head: Head) -> Cell:
    cell = row.cells[place]
    return replace(cell, link=f"{row.trace}{head.measure}" if row.trace else "")


def named(table: Table, words: str) -> Table:
    """The rows in which some text, an id included, has these words."""
    wanted = words.casefold()
    places = [n for n, head in enumerate(table.heads) if head.kind == "text"]
    rows = [
        row
        for row in table.rows
        if any(wanted in row.cells[place].text.casefold() for place in places)
    ]
    return replace(table, rows=tuple(rows)) if wanted else table


def leading(table: Table, name: str, key: str, address: Callable[[str], str]) -> Table:
    """A table whose cells under ``name`` lead where ``address`` says of the text under ``key``."""
    place, id_place = table.place(name), table.place(key)
    rows = []
    for row in table.rows:
        cells = list(row.cells)
        said = cells[id_place].text
        cells[place] = replace(cells[place], link=address(said) if said else "")
        rows.append(replace(row, cells=tuple(cells)))
    return replace(table, rows=tuple(rows))


def as_rows(table: Table) -> Sequence[Mapping[str, Any]]:
    """The rows as JSON says them: exact values, and under ``shown`` the texts."""
    return [
        {head.name: _plain(cell.value) for head, cell in zip(table.heads, row.cells, strict=True)}
        | {"shown": {h.name: c.text for h, c in zip(table.heads, row.cells, strict=True)}}
        for row in table.rows
    ]


def _plain(value: Value) -> Any:  # noqa: ANN401
    """A decimal stands in JSON as text, so that no reader rounds it."""
    return f"{value:f}" if isinstance(value, Decimal) else value
