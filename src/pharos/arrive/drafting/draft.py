"""The draft of a mapping: its text, what is asked, and a picture of the sheet beside it.

In: the bytes of a file and what somebody has said already. Out: a `Draft`. Reads nothing else.
"""

import re
from collections.abc import Mapping as Words
from dataclasses import replace
from typing import Any

import msgspec

from pharos.arrive.drafting.columns import Table, understand
from pharos.arrive.drafting.look import Looked, find_header, look, plain_header
from pharos.arrive.drafting.plan import Plan, Question
from pharos.arrive.drafting.planner import Planner
from pharos.arrive.drafting.written import mapping_text
from pharos.arrive.layout import lay_out
from pharos.arrive.mapping import parse_mapping
from pharos.arrive.totals import Totals
from pharos.errors import BadMapping, MissingColumn, UnreadableTable

#: Rows of the picture: so many lines from the top, and so many in all with those that are marked.
_PICTURED, _MOST_PICTURED = 6, 18
_OVER = ("lines", "block", "below", "sheet", "file")


class Line(msgspec.Struct, frozen=True):
    """A row of the picture: its number, what it is, its cells."""

    row: int
    mark: str
    cells: list[str]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A drafted mapping; ``trial`` is its text with every question answered by what is likely."""

    text: str
    trial: str
    questions: list[Question]
    remarks: list[str]
    sheet: str
    fields: list[str]
    lines: list[Line]


def draft(content: bytes, file: str, wishes: Words[str, Any]) -> Draft:
    """Draft a mapping. Raises UnreadableTable."""
    answers: dict[str, str] = dict(wishes.get("answers", {}))
    looked = look(content, file, answers.get("encoding", ""))
    tables = _tables(looked, file, answers)
    plan = Planner(looked, file, tables, wishes).plan()
    name = _slug(file)
    _try_totals(plan, content, file, name)
    return Draft(
        text=mapping_text(plan, name, file),
        trial=_trial(plan, name),
        questions=plan.questions,
        remarks=plan.remarks,
        sheet=tables[0].sheet.name,
        fields=_heads(tables[0], plan),
        lines=_lines(tables[0]),
    )


def _tables(looked: Looked, file: str, answers: dict[str, str]) -> list[Table]:
    found = [(sheet, find_header(sheet)) for sheet in looked.sheets]
    known = [(sheet, header) for sheet, header in found if header is not None]
    if not known:
        plain = [(sheet, plain_header(sheet)) for sheet in looked.sheets]
        known = [(sheet, header) for sheet, header in plain if header is not None][:1]
    if not known:
        raise UnreadableTable(
            f"no row of {file} looks like a header over figures; check whether it holds the table, "
            "or write the mapping by hand: docs/formats/mappings.md"
        )
    best = max(known, key=lambda one: one[1].fields)
    tables = [understand(*best, answers)]
    wanted = {tables[0].header.names[place] for place in tables[0].places.values()}
    for sheet, header in known:
        if sheet is not best[0] and wanted <= set(header.names):
            tables.append(understand(sheet, header, answers))
    return sorted(tables, key=lambda table: table.sheet.number)


def _try_totals(plan: Plan, content: bytes, file: str, name: str) -> None:
    """Find out over which lines each total sums, by trying."""
    if not plan.totals:
        return
    try:
        mapping = parse_mapping(_trial(plan, name))
        rows = [*lay_out(content, file, mapping)]
    except (BadMapping, MissingColumn, UnreadableTable):
        return
    columns = mapping.named_columns()
    lines = [(number, dict(zip(columns, texts, strict=False))) for number, texts in rows]
    for place, total in enumerate(plan.totals):
        agreed = {}
        for over in _OVER:
            rules = [replace(rule, over=over if at == place else "lines")
                     for at, rule in enumerate(mapping.totals)]  # fmt: skip
            agreed[over] = _agreed(Totals(replace(mapping, totals=tuple(rules))), lines, place)
        best = max(_OVER, key=lambda over: agreed[over])
        if not agreed[best]:
            (cell, *_) = total.get("equals") or total["starts_with"]
            plan.remarks.append(f"no lines were found that make what the total {cell!r} states")
        elif best != "lines":
            total["over"] = best


def _agreed(totals: Totals, lines: list[tuple[int, dict[str, str]]], place: int) -> int:
    """How many figures of the total rows of one rule are what their lines make."""
    mine = set()
    wanted = totals.rules[place]
    for number, cells in lines:
        rule = totals.rule_for(cells)
        if rule is None:
            totals.line(number, cells, counts=True)
        else:
            totals.total(number, rule, cells)
            if rule is wanted:
                mine.add(number)
    return sum(one.agrees and one.lines > 0 for one in totals.checked() if one.row in mine)


def _trial(plan: Plan, name: str) -> str:
    """The text with likely answers, to show what it would read."""
    said = dict(plan.constants)
    for question in plan.questions:
        if question.key in {"cinema", "territory", "zone", "currency"}:
            said[question.key] = question.likely or "this-cinema"
    return mapping_text(replace(plan, constants=said, questions=[]), name, "")


def _heads(table: Table, plan: Plan) -> list[str]:
    """The field over each column of the picture."""
    heads = [""] * len(table.header.names)
    for field, spec in plan.columns.items():
        names = [spec] if isinstance(spec, str) else [*spec.get("columns", ()), spec.get("column")]
        for place in range(len(heads)):
            if table.header.names[place] and table.column(place) in names:
                heads[place] = field
    return heads


def _lines(table: Table) -> list[Line]:
    rows, totals = set(table.rows), {row for row, _ in table.totals}
    header = range(table.header.at, table.header.first)
    repeats = [tuple(cells) for _, cells in table.sheet.rows[table.header.at :][:1]]
    found = []
    for row, (number, cells) in enumerate(table.sheet.rows):
        mark = "header" if row in header else "row" if row in rows else ""
        mark = "total" if row in totals else mark
        if tuple(cells) in repeats:
            mark = "header"
        is_told = row < table.header.first + _PICTURED or mark in {"total", "header"}
        if is_told and any(cell.strip() for cell in cells):
            found.append(Line(number, mark or "note", [*map(str, cells)]))
    return found[:_MOST_PICTURED]


def _slug(file: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", file.rpartition(".")[0].lower()).strip("-")
    return re.sub(r"(-?\d{2,})+-?", "-", stem).strip("-")[:60] or "table"
