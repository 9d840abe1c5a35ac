"""Total rows of a table beside the lines that they are the sum of.

In: the lines of a table and its total rows, as texts. Out: what each total states and what its
lines make. A total is never counted, and corrects nothing.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from pharos.arrive.cells import plain_number
from pharos.arrive.checks import COUNTS
from pharos.arrive.layout import SHEET_STEP
from pharos.arrive.mapping import Mapping
from pharos.arrive.mapping_layout import BLOCK, Total
from pharos.arrive.reading import TotalChecked
from pharos.errors import UnreadableRow
from pharos.words.report import Finding, Severity
from pharos.words.works import tidy_name

Cells = dict[str, str]
Figures = dict[str, Decimal]
#: A block of lines: its sheet, and its number there.
Key = tuple[int, str]

_NOTHING = Decimal(0)


@dataclass(slots=True)
class _Stated:
    """A total row: its rule, the lines above it, its block, its figures; the lines it sums."""

    row: int
    rule: Total
    above: int
    block: Key
    figures: Figures
    first: int = 0
    last: int = 0


class Totals:
    """Collects the lines and the total rows of one table."""

    def __init__(self, mapping: Mapping) -> None:
        self.findings: list[Finding] = []
        self._mapping = mapping
        self._fields = mapping.summed_columns()
        self._blocks: list[Key] = []
        self._counted: list[Figures] = []
        self._held: list[Figures] = []
        self._is_held: list[bool] = []
        self._stated: list[_Stated] = []

    @property
    def rules(self) -> tuple[Total, ...]:
        """The rules for total rows."""
        return self._mapping.totals

    def rule_for(self, cells: Cells) -> Total | None:
        """The rule by which a row is a total; None for other rows."""
        for total in self._mapping.totals:
            if total.rows.meets(cells[total.rows.column]):
                return total
        return None

    def total(self, row: int, rule: Total, cells: Cells) -> None:
        """Note a total row."""
        figures = self._figures(cells, row)
        wanted = {name: figures[name] for name in rule.fields or figures if name in figures}
        self._stated.append(_Stated(row, rule, len(self._blocks), _block(row, cells), wanted))

    def line(self, row: int, cells: Cells, *, counts: bool) -> None:
        """Note a line of figures, which counts or is held."""
        if not self._mapping.totals:
            return
        figures = self._figures(cells)
        self._blocks.append(_block(row, cells))
        self._counted.append(figures if counts else {})
        self._held.append({} if counts else figures)
        self._is_held.append(not counts)

    def checked(self) -> list[TotalChecked]:
        """Every figure of every total beside the sum of its lines."""
        self._find_ranges()
        held_lines = _sums(self._is_held)
        found = []
        for field in self._fields:
            counted = _sums([figures.get(field, _NOTHING) for figures in self._counted])
            held = _sums([figures.get(field, _NOTHING) for figures in self._held])
            found += [
                TotalChecked(
                    row=one.row,
                    field=field,
                    stated=one.figures[field],
                    summed=counted[one.last] - counted[one.first],
                    held=held[one.last] - held[one.first],
                    lines=one.last - one.first,
                    lines_held=int(held_lines[one.last] - held_lines[one.first]),
                    tolerance=one.rule.tolerance,
                )
                for one in self._stated
                if field in one.figures
            ]
        return sorted(found, key=lambda one: one.row)

    def _find_ranges(self) -> None:
        """Which lines each total is the sum of."""
        blocks, sheets = _spans(self._blocks), _spans([block[0] for block in self._blocks])
        for one in self._stated:
            one.first, one.last = blocks.get(one.block, (one.above, one.above))
            if one.rule.over == "sheet":
                one.first, one.last = sheets.get(one.block[0], (one.above, one.above))
            elif one.rule.over == "file":
                one.first, one.last = 0, len(self._blocks)
            elif one.rule.over == "lines":
                one.last = one.above
            elif one.rule.over == "below":
                one.first = one.above
        self._narrow("lines", "first", self._stated)
        self._narrow("below", "last", self._stated[::-1])

    def _narrow(self, over: str, edge: str, totals: list[_Stated]) -> None:
        """Let totals reach no further than the next of their rule in their block."""
        next_to: dict[tuple[int, Key], int] = {}
        for one in totals:
            if one.rule.over == over:
                key = (id(one.rule), one.block)
                setattr(one, edge, next_to.get(key, getattr(one, edge)))
                next_to[key] = one.above

    def _figures(self, cells: Cells, total_row: int | None = None) -> Figures:
        figures = {}
        for field, columns in self._fields.items():
            text = " ".join(filter(None, (tidy_name(cells[column]) for column in columns)))
            try:
                if text:
                    figures[field] = Decimal(plain_number(field, text, self._mapping.notation))
            except UnreadableRow as problem:
                if total_row is not None:
                    sentence = f"the total row cannot be checked: {problem}"
                    self.findings.append(_notice("total_unreadable", sentence, total_row))
        return figures


def differences(checked: list[TotalChecked], currency: str) -> list[Finding]:
    """A finding for each total that its lines do not make."""
    return [
        _notice("total_differs", _sentence(one, currency), one.row)
        for one in checked
        if not one.agrees
    ]


def _sentence(one: TotalChecked, currency: str) -> str:
    unit = f" {currency}" if currency and one.field not in COUNTS else ""
    difference = one.stated - one.summed
    said = (
        f"the total row states {one.field} {one.stated}{unit}, its {one.lines} lines make "
        f"{one.summed}{unit}: {abs(difference)} {'more' if difference > 0 else 'less'} is stated"
    )
    if not one.lines:
        return f"{said}; no lines belong to it: correct over in the mapping's [[total]]"
    if one.held and abs(difference - one.held) <= one.tolerance:
        return (
            f"{said}, which is what the held lines among them say ({one.lines_held}); correct those"
        )
    if one.lines_held:
        return f"{said}; some of the lines are held ({one.lines_held}): correct those first"
    return (
        f"{said}; the lines count, the total does not: look for a line that is missing, twice or "
        "changed, or set tolerance in the mapping's [[total]] if sums are rounded"
    )


def _notice(rule: str, sentence: str, row: int) -> Finding:
    return Finding(rule, Severity.NOTICE, sentence, row)


def _block(row: int, cells: Cells) -> Key:
    return row // SHEET_STEP, cells.get(BLOCK, "")


def _spans(keys: list[Key] | list[int]) -> dict[object, tuple[int, int]]:
    """The first line of each key and the one after its last; lines of a key stand together."""
    spans: dict[object, tuple[int, int]] = {}
    for place, key in enumerate(keys):
        spans[key] = (spans.get(key, (place, place))[0], place + 1)
    return spans


def _sums(numbers: list[Decimal] | list[bool]) -> list[Decimal]:
    return list(accumulate(map(Decimal, numbers), initial=_NOTHING))
