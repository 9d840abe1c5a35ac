"""An answer: rows with their units and definitions, and what stands behind them.

In: computed rows. Out: a value that prints, exports and travels. Knows no ledger.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from html import escape
from typing import Any, Self

import pyarrow as pa

from pharos.words.money import decimal_text

#: Decimals of a ratio in an answer; inside, ratios are exact.
RATIO_DECIMALS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer: its name, unit and what it means."""

    name: str
    unit: str
    definition: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows, and everything that a number must not be shown without.

    ``status``: live, provisional, final or corrected. ``completeness`` counts cinemas and cinema
    days that reported against those expected. ``notes`` say what a reader must know.
    """

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    edition: int
    as_of: str
    territory: str
    basis: str
    status: str
    completeness: Mapping[str, Any]
    source: str
    period: Mapping[str, str] | None = None
    notes: tuple[str, ...] = ()
    sql: str = field(default="", repr=False)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries; money as decimal text and as minor units."""
        return [dict(row) for row in self.rows]

    def to_json(self) -> dict[str, Any]:
        """Everything as one value for JSON."""
        return {
            "columns": [
                {"name": c.name, "unit": c.unit, "definition": c.definition} for c in self.columns
            ],
            "rows": self.to_dicts(),
            "edition": self.edition,
            "as_of": self.as_of,
            "territory": self.territory,
            "basis": self.basis,
            "status": self.status,
            "completeness": dict(self.completeness),
            "source": self.source,
            "period": self.period,
            "notes": list(self.notes),
        }

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """The answer whose ``to_json`` this is."""
        columns = tuple(Column(**column) for column in said["columns"])
        many = {"columns": columns, "rows": tuple(said["rows"]), "notes": tuple(said["notes"])}
        return cls(**{**said, **many})

    def arrow(self) -> pa.Table:
        """The rows as an Arrow table; an answer without rows keeps its columns."""
        if self.rows:
            return pa.Table.from_pylist(self.to_dicts())
        return pa.table({column.name: pa.array([]) for column in self.columns})

    def polars(self) -> Any:  # noqa: ANN401  (a polars.DataFrame; Polars is no dependency)
        """The rows as a Polars frame, where Polars is installed."""
        import polars as pl  # noqa: PLC0415  (only those who have it should pay for it)

        return pl.from_arrow(self.arrow())

    def pandas(self) -> Any:  # noqa: ANN401  (a pandas.DataFrame; pandas is no dependency)
        """The rows as a pandas frame, where pandas is installed."""
        return self.arrow().to_pandas()

    def _repr_html_(self) -> str:
        names = [column.name for column in self.columns]
        head = "".join(f"<th>{escape(name)}</th>" for name in names)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_shown(row.get(n)))}</td>" for n in names) + "</tr>"
            for row in self.rows
        )
        said = f"version {self.edition}, as of {self.as_of}, {self.status}"
        return f"<table><caption>{escape(said)}</caption><tr>{head}</tr>{body}</table>"


def _shown(value: Any) -> str:  # noqa: ANN401
    return "" if value is None else str(value)


def money_cells(name: str, number: int | Fraction, currency: str) -> dict[str, Any]:
    """A measure of money: decimal text under its name, minor units beside it."""
    minor = number if isinstance(number, int) else rounded(number)
    return {name: decimal_text(minor, currency), f"{name}_minor": minor}


def rounded(number: Fraction) -> int:
    """A fraction rounded half up (away from zero) to an integer."""
    whole = (abs(number) + Fraction(1, 2)).__floor__()
    return whole if number >= 0 else -whole


def ratio_cell(number: int | Fraction) -> Decimal:
    """A ratio with six decimals, rounded half up."""
    exact = Fraction(number)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        RATIO_DECIMALS, ROUND_HALF_UP
    )
