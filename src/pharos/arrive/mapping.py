"""Mappings: how the columns of one source's table become rows of the native format, as data.

In: the text of a mapping (TOML). Out: a checked `Mapping`. Knows no file: a mapping is written
once for a source, and no code is. How to write one: docs/formats/mappings.md.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from importlib import resources

from pharos.arrive.cells import DIRECTIVES, Notation
from pharos.arrive.checks import AMOUNTS, COUNTS, Check, parse_check
from pharos.arrive.mapping_figures import OF_FIGURE, FigureColumn, figures_of
from pharos.arrive.mapping_layout import (
    BLOCK,
    SUMMED,
    Derived,
    Skip,
    Total,
    derived_of,
    measures_once,
    shape_of,
    skips_of,
    totals_of,
)
from pharos.arrive.mapping_wire import ColumnWritten, FileWritten, Kind, read_mapping_text
from pharos.arrive.native_facts import check_territory, check_zone
from pharos.arrive.native_rows import FIELDS
from pharos.arrive.sheets import Shape
from pharos.errors import BadMapping, UnknownCurrency, UnknownMapping, UnreadableRow, nearest
from pharos.words.money import exponent
from pharos.words.works import tidy_name

#: What constants say of the cinema beside the fields of a row.
OF_CINEMA = (
    *("cinema_name", "territory", "zone", "city", "province", "tier"),
    *("chain", "management", "owner"),
)
#: Columns that give the names of what other columns give the ids of.
NAMES = ("cinema_name", "work_name")
#: Fields that hold a time or a date.
TIMES = ("start", "sold_at", "date", "from", "to", "stated_at")
#: Fields that hold a date, to which days can be added.
DATES = ("date", "from", "to")
#: Fields that hold whole numbers, and all that hold numbers.
WHOLE = COUNTS | {"number", "epoch"}
NUMBERS = WHOLE | AMOUNTS

_NEEDED: dict[str, tuple[str, ...]] = {
    "published": ("publisher",),
    "screening_totals": ("cinema", "start", "work", "admissions", "gross"),
    "day_totals": ("cinema", "date", "work", "gross"),
    "tickets": ("cinema", "start", "work", "sold_at", "paid"),
    "schedule": ("cinema", "start", "work"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """Where a native field comes from: columns whose cells are joined, and how they are read.

    ``days`` are added to a date: a week that is named by its last day begins six days before.
    """

    field: str
    columns: tuple[str, ...]
    join: str
    formats: tuple[str, ...]
    values: dict[str, str]
    default: str
    fill: bool = False
    days: int = 0


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping; ``digest`` is the SHA-256 of its text, by which reports name it."""

    name: str
    title: str
    kind: Kind
    digest: str
    shape: Shape
    notation: Notation
    constants: dict[str, str]
    columns: tuple[Column, ...]
    screening_key: tuple[str, ...]
    row_key: tuple[str, ...]
    ignored: tuple[str, ...]
    spans: bool
    checks: tuple[Check, ...]
    skips: tuple[Skip, ...]
    totals: tuple[Total, ...] = ()
    derived: tuple[Derived, ...] = ()
    figures: tuple[FigureColumn, ...] = ()

    def named_columns(self) -> tuple[str, ...]:
        """The columns that are sent: all that the mapping names, once each, but not the ignored."""
        named = [name for column in self.columns for name in column.columns]
        named += [name for figure in self.figures for name in figure.columns()]
        skipped = [rows.column for rows in self.no_figures()]
        if self.totals and self.shape.header == "find":
            skipped.append(BLOCK)
        return tuple(dict.fromkeys([*named, *self.screening_key, *self.row_key, *skipped]))

    def no_figures(self) -> tuple[Skip, ...]:
        """The rows that are no figures: first totals, then what is skipped."""
        return (*(total.rows for total in self.totals), *self.skips)

    def table_columns(self) -> tuple[str, ...]:
        """The columns that the table itself must have."""
        made = {one.name for one in self.derived} | {BLOCK}
        read = [one.column for one in self.derived if one.source == "column"]
        return tuple(n for n in dict.fromkeys([*self.named_columns(), *read]) if n not in made)

    def number_columns(self) -> frozenset[str]:
        """The columns that hold numbers."""
        figures = (figure.column for figure in self.figures)
        fields = (n for c in self.columns if c.field in NUMBERS for n in c.columns)
        return frozenset([*fields, *figures])

    def summed_columns(self) -> dict[str, tuple[str, ...]]:
        """The columns of each figure of which a total row can state the sum."""
        fields = {c.field: c.columns for c in self.columns if c.field in SUMMED}
        once = SUMMED & measures_once(figure.measure for figure in self.figures)
        plain = {str(f.measure): (f.column,) for f in self.figures if f.measure in once}
        return fields | plain

    def filled_columns(self) -> frozenset[str]:
        """The columns of which an empty cell says what the cell above it says."""
        return frozenset(name for column in self.columns if column.fill for name in column.columns)


def packaged_mapping(name: str) -> str:
    """The text of a mapping that comes with Pharos. Raises UnknownMapping."""
    known = packaged_mappings()
    if name not in known:
        raise UnknownMapping(
            f"no mapping {name!r} comes with Pharos ({nearest(name, known)}); write one, see "
            "docs/formats/mappings.md"
        )
    return known[name]


def packaged_mappings() -> dict[str, str]:
    """The texts of all mappings that come with Pharos, by their names."""
    folder = resources.files(__package__) / "mappings"
    return {
        one.name.removesuffix(".toml"): one.read_text(encoding="utf-8") for one in folder.iterdir()
    }


@lru_cache(maxsize=64)
def parse_mapping(text: str) -> Mapping:
    """The mapping that a text writes. Raises BadMapping."""
    said = read_mapping_text(text)
    constants = {name: tidy_name(str(value)) for name, value in said.constants.items()}
    columns = tuple(_column(field, spec) for field, spec in said.columns.items())
    _check_fields(said, constants, columns)
    _check_constants(constants)
    mapping = Mapping(
        name=said.name,
        title=said.title or said.name,
        kind=said.kind,
        digest=sha256(text.encode()).hexdigest(),
        shape=shape_of(said.table),
        notation=_notation(said),
        constants=constants,
        columns=columns,
        screening_key=tuple(map(tidy_name, said.screening_key)),
        row_key=tuple(map(tidy_name, said.row_key)),
        ignored=tuple(map(tidy_name, said.ignore)),
        spans=_spans(said),
        checks=tuple(parse_check(check) for check in said.checks),
        skips=skips_of(said),
        totals=totals_of(said),
        derived=derived_of(said),
        figures=figures_of(said),
    )
    _check_columns(mapping)
    return mapping


def _check_columns(mapping: Mapping) -> None:
    named = mapping.named_columns()
    for name in named:
        if name in mapping.ignored:
            raise BadMapping(f"the column {name!r} is both read and ignored; remove it from ignore")
    for one in mapping.derived:
        if one.name not in named:
            raise BadMapping(
                f"derived.{one.name} is not used; name it in [columns] as the column of a field, "
                "or remove it"
            )


def _column(field: str, spec: str | ColumnWritten) -> Column:
    if isinstance(spec, str):
        spec = ColumnWritten(column=spec)
    names = spec.columns or ((spec.column,) if spec.column else ())
    if not names or (spec.column and spec.columns):
        raise BadMapping(
            f'columns.{field} names no column, or names them twice; write column = "..." or '
            'columns = ["...", "..."]'
        )
    formats = (spec.format,) if isinstance(spec.format, str) else spec.format
    if formats and field not in TIMES:
        raise BadMapping(
            f"columns.{field} has a format; only {', '.join(TIMES)} have one, numbers are "
            "described in [numbers]"
        )
    if spec.days and field not in DATES:
        raise BadMapping(f"columns.{field} has days; only {', '.join(DATES)} have them")
    for form in formats:
        _check_format(field, form)
    return Column(
        field,
        tuple(map(tidy_name, names)),
        spec.join,
        formats,
        spec.values,
        spec.default,
        spec.fill,
        spec.days,
    )


def _check_format(field: str, form: str) -> None:
    used = [letter for letter in re.findall(r"%(.?)", form, re.DOTALL) if letter != "%"]
    for letter in used:
        if letter not in DIRECTIVES:
            raise BadMapping(
                f"columns.{field}: the format has %{letter}, which cannot be used; known are "
                f"{' '.join(f'%{one}' for one in sorted(DIRECTIVES))}"
            )
    if len(set(used)) < len(used):
        raise BadMapping(f"columns.{field}: the format {form!r} names one part twice; name it once")


def _check_fields(
    said: FileWritten, constants: dict[str, str], columns: tuple[Column, ...]
) -> None:
    fields = FIELDS[said.kind] - {"programme", *OF_FIGURE}
    for name in constants:
        if name not in fields and name not in OF_CINEMA:
            known = nearest(name, [*fields, *OF_CINEMA])
            raise BadMapping(f"constants: {said.kind} rows have no field {name!r}; {known}")
    for column in columns:
        if column.field not in fields and column.field not in NAMES:
            known = nearest(column.field, [*fields, *NAMES])
            raise BadMapping(f"columns: {said.kind} rows have no field {column.field!r}; {known}")
    given = {column.field for column in columns} | constants.keys()
    for name in _NEEDED[said.kind]:
        if name not in given:
            raise BadMapping(
                f"{said.kind} rows need {name}; add it to columns, or to constants if it is the "
                "same in every row"
            )
    _check_keys(said, given)


def _check_keys(said: FileWritten, given: set[str]) -> None:
    if said.kind in ("day_totals", "published"):
        if said.screening_key:
            raise BadMapping(f"{said.kind} have no screenings; remove screening_key")
    elif ("screening" in given) == bool(said.screening_key):
        raise BadMapping(
            "say how screenings are told apart, in one way: columns.screening for the column with "
            "their id, or screening_key for the columns that together are one"
        )
    if said.kind == "published" and "date" not in given and not {"from", "to"} <= given:
        raise BadMapping("published rows need date, or from and to: for when their figures are")
    if said.kind == "tickets" and not given & {"number", "event_id"}:
        raise BadMapping("tickets need number or event_id, by which a repeat is recognised; add it")


def _check_constants(constants: dict[str, str]) -> None:
    try:
        if "zone" in constants:
            check_zone("constants.zone", constants["zone"])
        if "territory" in constants:
            check_territory("constants.territory", constants["territory"])
        if "currency" in constants:
            exponent(constants["currency"])
    except (UnreadableRow, UnknownCurrency) as problem:
        raise BadMapping(str(problem)) from problem


def _notation(said: FileWritten) -> Notation:
    numbers = said.numbers
    if numbers.decimal == numbers.thousands or re.search(r"[\d\s+-]", numbers.decimal):
        raise BadMapping(
            'numbers: decimal and thousands must be two signs, such as decimal = "," and '
            'thousands = "."'
        )
    # The longest word first, so that one that ends like another is read whole.
    words = sorted(numbers.multipliers, key=len, reverse=True)
    multipliers = tuple((word, Decimal(numbers.multipliers[word])) for word in words)
    none = tuple(map(tidy_name, numbers.none))
    return Notation(numbers.decimal, numbers.thousands, numbers.signs, multipliers, none)


def _spans(said: FileWritten) -> bool:
    if said.scope.kind == "span" and said.kind not in {"screening_totals", "day_totals"}:
        raise BadMapping(f"scope: {said.kind} rows replace nothing, only totals do; remove [scope]")
    return said.scope.kind == "span"
