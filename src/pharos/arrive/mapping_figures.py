"""The part of a mapping that says which columns hold published figures, checked.

In: its [[figure]] sections as they are written. Out: `FigureColumn`s. Knows no row.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from pharos.arrive.mapping_wire import FigureWritten, FileWritten, FromColumn
from pharos.arrive.stating import unit_of
from pharos.errors import BadMapping, UnreadableRow, nearest
from pharos.words.published import STATED, Basis
from pharos.words.works import tidy_name

#: Fields of a published row that a mapping says for each figure, not for the row.
OF_FIGURE = frozenset({"measure", "value", "unit", "basis", "relation"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word that a column says in each row, and what other words mean."""

    column: str
    values: dict[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A published figure: measure, the column of its number, unit and basis.

    ``decimals`` is how many decimal places were printed, where a spreadsheet does not say it;
    ``rounded_to`` what the publisher rounds to, where more digits are printed.
    """

    measure: str | Word
    column: str
    unit: str | Word
    basis: str | Word
    decimals: int | None = None
    rounded_to: Decimal = Decimal(0)

    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        words = (self.measure, self.unit, self.basis)
        return (self.column, *(one.column for one in words if isinstance(one, Word)))


def figures_of(said: FileWritten) -> tuple[FigureColumn, ...]:
    """The published figures of a mapping. Raises BadMapping."""
    if bool(said.figure) != (said.kind == "published"):
        raise BadMapping(
            'a mapping of kind "published" says with [[figure]] which columns hold figures, and '
            "no other has them; add or remove them"
        )
    return tuple(map(_figure, said.figure))


def _figure(said: FigureWritten) -> FigureColumn:
    measure, basis, unit = map(_word, (said.measure, said.basis, said.unit))
    for name in _said(measure):
        if name not in STATED:
            raise BadMapping(f"figure: no measure is named {name!r}; {nearest(name, STATED)}")
    for name in _said(basis):
        if name not in tuple(Basis):
            raise BadMapping(f"figure: no basis is named {name!r}; {nearest(name, Basis)}")
    for text in _said(unit):
        try:
            unit_of(text)
        except UnreadableRow as problem:
            raise BadMapping(f"figure: {problem}") from problem
    column, rounded_to = tidy_name(said.column), Decimal(said.rounded_to)
    return FigureColumn(measure, column, unit, basis, said.decimals, rounded_to)


def _word(said: str | FromColumn) -> str | Word:
    return said if isinstance(said, str) else Word(tidy_name(said.column), said.values)


def _said(word: str | Word) -> tuple[str, ...]:
    return (word,) if isinstance(word, str) else tuple(word.values.values())
