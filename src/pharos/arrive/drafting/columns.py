"""Which column holds which field: by what stands over it, and by what stands in it.

In: a header and the rows below it. Out: fields with their columns. Knows no file.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from pharos.arrive.cells import Notation, plain_number
from pharos.arrive.drafting.dates import has_clock, is_iso
from pharos.arrive.drafting.look import Header
from pharos.arrive.drafting.numbers import NOTHING, is_number, numbers_written
from pharos.arrive.drafting.words import fields_of, total_word
from pharos.arrive.sheets import Sheet
from pharos.errors import UnreadableRow
from pharos.words.works import tidy_name

_FIGURES = frozenset(
    {"admissions", "gross", "price", "net", "tax", "levy", "fee", "screenings", "seats", "refunds"}
)


@dataclass(slots=True)
class Table:
    """One table: its sheet, its header, its rows, and which column holds which field."""

    sheet: Sheet
    header: Header
    language: str = "en"
    places: dict[str, int] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    totals: list[tuple[int, int]] = field(default_factory=list)

    def cells(self, name: str) -> list[str]:
        """What stands in the column of a field, in the rows of figures, empty cells apart."""
        return [cell for row in self.rows if (cell := self.cell(row, self.places[name])).strip()]

    def cell(self, row: int, place: int) -> str:
        """One cell, empty beyond the end of its row."""
        cells = self.sheet.rows[row][1]
        return cells[place] if place < len(cells) else ""

    def column(self, place: int) -> str:
        """How a mapping names a column."""
        names = self.header.names
        name = names[place]
        if names.count(name) == 1:
            return name
        return f"{name}#{names[: place + 1].count(name)}"


def understand(sheet: Sheet, header: Header, wanted: dict[str, str]) -> Table:
    """The table below a header; ``wanted`` are columns that somebody named for a field."""
    table = Table(sheet, header, _language(header))
    _choose(table, wanted)
    _sort_rows(table)
    _check(table, wanted)
    if "gross" not in table.places and {"admissions", "price"} <= table.places.keys():
        _find_gross(table)
    return table


def _language(header: Header) -> str:
    votes: Counter[str] = Counter()
    for name in header.names:
        for language in {one for _, langs, _ in fields_of(name) for one in langs}:
            # A word that is the same in many languages tells little.
            votes[language] += 1 if name.isascii() else 3
    return min(votes, key=lambda one: (-votes[one], one != "en", one), default="en")


def _choose(table: Table, wanted: dict[str, str]) -> None:
    """Give each field the column that fits best, and no column to two fields."""
    offers = []
    for place, name in enumerate(table.header.names):
        for one, langs, fit in fields_of(name):
            offers.append((fit, table.language in langs, -place, one))
    for name, said in wanted.items():
        if said in table.header.names:
            table.places[name] = table.header.names.index(said)
    for _, _, place, one in sorted(offers, reverse=True):
        if one not in table.places and -place not in table.places.values():
            table.places[one] = -place


def _sort_rows(table: Table) -> None:
    """Tell rows of figures from totals, notes and further headers."""
    header = [tidy_name(cell) for cell in table.sheet.rows[table.header.at][1]]
    figures = [place for name, place in table.places.items() if name in _FIGURES]
    for row in range(table.header.first, len(table.sheet.rows)):
        cells = table.sheet.rows[row][1]
        filled = [place for place, cell in enumerate(cells) if cell.strip()]
        if len(filled) < 2 or [tidy_name(cell) for cell in cells] == header:
            continue
        has_figure = any(is_number(table.cell(row, place)) for place in figures)
        if has_figure and (place := _total_place(table, row, filled)) is not None:
            table.totals.append((row, place))
        elif has_figure:
            table.rows.append(row)


def _total_place(table: Table, row: int, filled: list[int]) -> int | None:
    """The cell by which a row is a total: its word stands alone, or where no film's name does."""
    texts = [place for place in filled if not is_number(table.cell(row, place))]
    named = [place for place in texts if any(table.header.names[place : place + 1])]
    for place in named:
        how = total_word(table.cell(row, place))
        if how and (len(texts) == 1 or (how == "equals" and place != table.places.get("work"))):
            return place
        if how == "equals" and len(texts) <= 2:
            return place
    return None


def _find_gross(table: Table) -> None:
    """The column that is admissions times price, whatever it is called."""
    taken = table.places.values()
    written = numbers_written([*table.cells("admissions"), *table.cells("price")], table.language)
    notation = Notation(written.decimal, written.thousands, written.signs)
    for place in range(len(table.header.names)):
        if place not in taken and table.header.names[place] and _multiplies(table, place, notation):
            table.places["gross"] = place
            return


def _multiplies(table: Table, place: int, notation: Notation) -> bool:
    held = 0
    for row in table.rows[:200]:
        cells = [table.cell(row, one) for one in (
            table.places["admissions"], table.places["price"], place)]  # fmt: skip
        try:
            count, price, gross = (Decimal(plain_number("", cell, notation)) for cell in cells)
        except UnreadableRow:
            return False
        held += count * price == gross
    return held > 0 and held * 10 >= len(table.rows[:200]) * 9


def _check(table: Table, wanted: dict[str, str]) -> None:
    """Take back what the cells of a column do not bear out."""
    for name in [*table.places]:
        cells = table.cells(name)
        if name in wanted or not cells:
            continue
        numbers = sum(is_number(cell) or cell.strip() in NOTHING for cell in cells)
        if name in _FIGURES and numbers * 2 < len(cells):
            del table.places[name]
    if "date" in table.places and (cells := table.cells("date")):
        clocks = sum(has_clock(cell) or (is_iso(cell) and len(cell) > 10) for cell in cells)
        if clocks * 2 > len(cells):
            table.places["start"] = table.places.pop("date")
            table.places.pop("time", None)
    elif "time" in table.places and all(is_iso(cell) for cell in table.cells("time")):
        table.places["start"] = table.places.pop("time")
