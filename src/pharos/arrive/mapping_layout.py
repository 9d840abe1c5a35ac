"""The part of a mapping that says how a table lies in its file, checked.

In: its sections as they are written. Out: a `Shape`, derived columns, and the rows that are no
figures. Knows no field of the native format but which of them can be summed.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pharos.arrive.checks import AMOUNTS, COUNTS
from pharos.arrive.code_pages import AUTO
from pharos.arrive.mapping_wire import DerivedWritten, FileWritten, TableWritten, TotalWritten
from pharos.arrive.sheets import Shape
from pharos.errors import BadMapping, nearest
from pharos.words.works import tidy_name

#: The column that tells blocks apart, where the sender knows them and totals need them.
BLOCK = "@block"
#: Fields of which a total row states the sum.
SUMMED = (COUNTS | AMOUNTS) - {"price"}


@dataclass(frozen=True, slots=True)
class Skip:
    """Rows that are no figures: by what a cell equals or starts with.

    ``ends``: nothing after such a row belongs to its block.
    """

    column: str
    equals: tuple[str, ...]
    starts_with: tuple[str, ...]
    ends: bool = False

    def meets(self, cell: str) -> bool:
        """Whether the cell of its column makes a row one of these."""
        text = tidy_name(cell)
        return text in self.equals or text.startswith(self.starts_with)


@dataclass(frozen=True, slots=True)
class Total:
    """Rows that state a sum: which rows, over what, of which fields (empty: all that are said).

    ``scope`` is what a published total is kept as a figure of; empty: it is only compared.
    """

    rows: Skip
    over: str
    fields: tuple[str, ...]
    tolerance: Decimal
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Derived:
    """A column that the table does not have: the text of ``source``, or a group of its pattern.

    ``source`` is ``title`` (the lines just above a header), ``top`` (those above the first),
    ``sheet``, ``file`` or ``column``.
    """

    name: str
    source: str
    pattern: re.Pattern[str]
    column: str = ""


def shape_of(table: TableWritten) -> Shape:
    """How the table lies in its file. Raises BadMapping."""
    encodings = (table.encoding,) if isinstance(table.encoding, str) else table.encoding
    for encoding in encodings:
        _check_encoding(encoding)
    if table.delimiter == table.quote or {table.delimiter, table.quote} & {"\r", "\n"}:
        raise BadMapping("table.delimiter and table.quote must be two signs, no line breaks")
    sheets = (table.sheets,) if isinstance(table.sheets, str) else table.sheets
    if table.sheet and sheets:
        raise BadMapping("table.sheet names one sheet and table.sheets several; keep one of them")
    if table.header == "find" and table.header_row != 1:
        raise BadMapping('table.header is "find", so that header_row has no meaning; remove one')
    if table.json and table != TableWritten(json=table.json):
        raise BadMapping(
            "table.json says that the file is JSON, which has names instead of a header, sheets "
            "and delimiters; remove the rest of [table]"
        )
    return Shape(
        encodings=encodings,
        delimiter=table.delimiter,
        quote=table.quote,
        sheet=table.sheet,
        sheets=sheets,
        except_sheets=table.except_sheets,
        header=table.header,
        header_row=table.header_row,
        header_rows=table.header_rows,
        skips_notes=table.notes == "skip",
        json=table.json,
    )


def _check_encoding(encoding: str) -> None:
    try:
        codec = codecs.lookup(encoding)
    except (LookupError, ValueError):
        codec = None
    # Python also has codecs that are no text encodings, such as zip and rot13.
    known = codec is not None and getattr(codec, "_is_text_encoding", True)
    if encoding != AUTO and not known:
        raise BadMapping(
            f"table.encoding {encoding!r} is not known; use auto, or one such as utf-8, utf-16, "
            "gb18030, big5, cp949, shift_jis or windows-1252"
        )


def derived_of(said: FileWritten) -> tuple[Derived, ...]:
    """The derived columns. Raises BadMapping."""
    return tuple(_derived(tidy_name(name), spec) for name, spec in said.derived.items())


def _derived(name: str, spec: DerivedWritten) -> Derived:
    sources = [s for s in ("title", "top", "sheet", "file", "column") if getattr(spec, s)]
    if len(sources) != 1 or bool(spec.match) != bool(spec.column):
        raise BadMapping(
            f"derived.{name} needs exactly one of title, top, sheet, file, each with a pattern, or "
            "column with match"
        )
    source = sources[0]
    written = spec.match or getattr(spec, source)
    try:
        pattern = re.compile(written)
    except re.error as problem:
        raise BadMapping(f"derived.{name}: {written!r} is no pattern ({problem})") from problem
    if pattern.groups != 1:
        raise BadMapping(
            f"derived.{name}: {written!r} must have one group in brackets, which is the text that "
            r"is taken, such as '(\d+\.\d+\.\d+)'"
        )
    return Derived(name, source, pattern, tidy_name(spec.column))


def skips_of(said: FileWritten) -> tuple[Skip, ...]:
    """The rows that are no figures."""
    return tuple(Skip(tidy_name(s.column), s.equals, s.starts_with, s.ends) for s in said.skip)


def totals_of(said: FileWritten) -> tuple[Total, ...]:
    """The rows that state sums. Raises BadMapping."""
    return tuple(_total(total, said) for total in said.total)


def _total(total: TotalWritten, said: FileWritten) -> Total:
    if not total.equals and not total.starts_with:
        raise BadMapping(
            f"total: say by which words its rows are known in {total.column!r}, as equals or "
            "starts_with"
        )
    for field in total.fields:
        known = SUMMED & {*said.columns, *measures_once([one.measure for one in said.figure])}
        if field not in known:
            raise BadMapping(
                f"total: {field} is no column, or not one alone, with a sum; "
                f"{nearest(field, known)}"
            )
    rows = Skip(tidy_name(total.column), total.equals, total.starts_with, total.ends)
    if total.scope and said.kind != "published":
        raise BadMapping("total: only published figures have a scope; remove it")
    return Total(rows, total.over, total.fields, Decimal(total.tolerance), total.scope)


def measures_once(named: Iterable[object]) -> frozenset[str]:
    """The measures that a mapping itself names, for one column alone: a total means that one.

    A measure that stands on several bases has several sums, and no row says which it states.
    """
    times = Counter(one for one in named if isinstance(one, str))
    return frozenset(measure for measure, count in times.items() if count == 1)
