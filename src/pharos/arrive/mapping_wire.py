"""A mapping as it is written in TOML, checked for its shape only.

In: the text of a mapping. Out: its sections as typed values. Knows no meaning of any field.
"""

import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from pharos.errors import BadMapping, nearest
from pharos.words.toml import toml

Kind = Literal["screening_totals", "day_totals", "tickets", "schedule", "published"]

_SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the mapping; undeclared keys are refused."""


class TableWritten(Section, frozen=True):
    """How the table lies in its file."""

    encoding: str | Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = "utf-8"
    delimiter: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] = ","
    quote: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] = '"'
    sheet: str = ""
    sheets: str | tuple[str, ...] = ()
    except_sheets: tuple[str, ...] = ()
    header: Literal["row", "find", "none"] = "row"
    header_row: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    header_rows: Annotated[int, msgspec.Meta(ge=1, le=5)] = 1
    notes: Literal["read", "skip"] = "read"
    json: str = ""


class ColumnWritten(Section, frozen=True):
    """Where a field comes from."""

    column: str = ""
    columns: tuple[str, ...] = ()
    join: str = " "
    format: str | tuple[str, ...] = ()
    values: dict[str, str] = {}
    default: str = ""
    fill: bool = False
    days: Annotated[int, msgspec.Meta(ge=-366, le=366)] = 0


class FromColumn(Section, frozen=True):
    """A word that stands in a column of each row."""

    column: str
    values: dict[str, str] = {}


class FigureWritten(Section, frozen=True):
    """A published figure: its measure, the column of its number, its unit and basis."""

    measure: str | FromColumn
    column: str
    unit: str | FromColumn = ""
    basis: str | FromColumn = "unknown"
    decimals: Annotated[int, msgspec.Meta(ge=0, le=4)] | None = None
    rounded_to: Annotated[str, msgspec.Meta(pattern=r"^\d{1,12}(\.\d{1,4})?$")] = "0"


class DerivedWritten(Section, frozen=True):
    """A column that the table does not have: where its text is found, as patterns of one group."""

    title: str = ""
    top: str = ""
    sheet: str = ""
    file: str = ""
    column: str = ""
    match: str = ""


class NumbersWritten(Section, frozen=True):
    """How numbers are written."""

    decimal: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] = "."
    thousands: Annotated[str, msgspec.Meta(max_length=1)] = ""
    signs: tuple[Annotated[str, msgspec.Meta(min_length=1)], ...] = ()
    multipliers: dict[
        Annotated[str, msgspec.Meta(min_length=1)],
        Annotated[str, msgspec.Meta(pattern=r"^\d{1,15}(\.\d{1,9})?$")],
    ] = {}
    none: tuple[str, ...] = ()


class ScopeWritten(Section, frozen=True):
    """What a file replaces."""

    kind: Literal["span", "none"] = "none"


class SkipWritten(Section, frozen=True):
    """Rows that are no figures."""

    column: str
    equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    ends: bool = False


class TotalWritten(Section, frozen=True):
    """Rows that state the sum of others."""

    column: str
    equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    ends: bool = False
    over: Literal["lines", "below", "block", "sheet", "file"] = "lines"
    fields: tuple[str, ...] = ()
    tolerance: Annotated[str, msgspec.Meta(pattern=r"^\d{1,9}(\.\d{1,9})?$")] = "0"
    scope: Literal["", "nation"] = ""


class FileWritten(Section, frozen=True, kw_only=True):
    """The whole mapping."""

    name: Annotated[str, msgspec.Meta(pattern=_SLUG, max_length=80)]
    kind: Kind
    title: str = ""
    screening_key: tuple[str, ...] = ()
    row_key: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    table: TableWritten = TableWritten()
    derived: dict[str, DerivedWritten] = {}
    constants: dict[str, str | int] = {}
    columns: dict[str, str | ColumnWritten]
    numbers: NumbersWritten = NumbersWritten()
    scope: ScopeWritten = ScopeWritten()
    skip: tuple[SkipWritten, ...] = ()
    total: tuple[TotalWritten, ...] = ()
    figure: tuple[FigureWritten, ...] = ()


def read_mapping_text(text: str) -> FileWritten:
    """The sections of a mapping. Raises BadMapping."""
    try:
        written = toml(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadMapping(f"the mapping is no TOML ({problem}); correct it there") from problem
    _refuse_unknown_keys(written)
    try:
        return msgspec.convert(written, FileWritten)
    except msgspec.ValidationError as problem:
        raise BadMapping(f"the mapping cannot be used ({problem}); correct it there") from problem


_SECTIONS: dict[str, type[Section]] = {
    "table": TableWritten,
    "numbers": NumbersWritten,
    "scope": ScopeWritten,
    "skip": SkipWritten,
    "total": TotalWritten,
    "figure": FigureWritten,
}

#: Sections that name their own keys, and what each of those holds.
_NAMED: dict[str, type[Section]] = {"columns": ColumnWritten, "derived": DerivedWritten}


def _refuse_unknown_keys(written: Mapping[str, Any]) -> None:
    _refuse_keys("the mapping", written, FileWritten)
    for name, shape in _SECTIONS.items():
        section = written.get(name)
        for one in section if isinstance(section, list) else [section]:
            _refuse_keys(f"[{name}]", one, shape)
    for section, shape in _NAMED.items():
        named = written.get(section)
        for name, one in named.items() if isinstance(named, dict) else ():
            _refuse_keys(f"{section}.{name}", one, shape)


def _refuse_keys(where: str, section: object, shape: type[Section]) -> None:
    for key in section if isinstance(section, dict) else ():
        if key not in shape.__struct_fields__:
            known = nearest(key, shape.__struct_fields__)
            raise BadMapping(f"{where} has no key {key!r}; {known} Correct the mapping")
