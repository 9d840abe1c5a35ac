"""From the columns of a table to the plan of its mapping: when, what, who, which sums.

In: the sheets of a file and what its columns are. Out: a `Plan`, with questions about what could
not be known. Knows no TOML.
"""

import re
from collections.abc import Mapping
from typing import Any

from pharos.arrive.drafting.columns import Table
from pharos.arrive.drafting.dates import (
    YEAR,
    Written,
    date_inside,
    date_written,
    short_date,
    time_written,
)
from pharos.arrive.drafting.look import Looked
from pharos.arrive.drafting.numbers import NumbersWritten, numbers_written
from pharos.arrive.drafting.plan import Plan, Question
from pharos.arrive.drafting.total_rules import total_rules
from pharos.arrive.drafting.words import HOMES
from pharos.words.works import tidy_name

#: Fields of totals, in the order in which a mapping lists them.
_FIELDS = (
    *("cinema", "screen", "work", "version", "ticket_type", "channel", "admissions", "price"),
    *("gross", "net", "tax", "levy", "fee", "screenings", "seats", "refunds"),
)
_FIGURES = _FIELDS[6:]
_OF_SCREENINGS = {"screen", "seats", "price"}
_NOT_OF_SCREENINGS = {"screenings"}
#: A line above a table that names its cinema.
_CINEMA = re.compile(
    r"(?i)\b(?:cinema|cinéma|kino|theatre|theater|cine|影院|影城|戲院|극장|劇場|кинотеатр)"
    r"\s*[:：]\s*(.+)"
)


class Planner:
    """Makes the plan of one file."""

    def __init__(
        self, looked: Looked, file: str, tables: list[Table], wishes: Mapping[str, Any]
    ) -> None:
        self._looked = looked
        self._file = file
        self._tables = tables
        self._table = tables[0]
        self._wishes = wishes
        self._answers: dict[str, str] = dict(wishes.get("answers", {}))

    def plan(self) -> Plan:
        """Everything that a mapping of this file says."""
        plan = Plan(self._kind())
        self._lay(plan)
        self._time(plan)
        self._fields(plan)
        self._who(plan)
        plan.numbers = self._numbers()
        self._nothing(plan)
        plan.totals = self._totals()
        used = self._used(plan)
        plan.ignore = [n for n in dict.fromkeys(self._table.header.names) if n and n not in used]
        return plan

    def _kind(self) -> str:
        if wish := self._wishes.get("kind"):
            return str(wish)
        timed = {"start", "time"} & self._table.places.keys()
        return "screening_totals" if timed else "day_totals"

    # --- where the table lies

    def _lay(self, plan: Plan) -> None:
        header, looked = self._table.header, self._looked
        if looked.encoding:
            plan.table["encoding"] = looked.encoding
            if not looked.sure:
                likely = looked.encoding
                plan.questions.append(Question("encoding", "which code page is it?", likely))
        if looked.delimiter not in {"", ","}:
            plan.table["delimiter"] = looked.delimiter
        if len(self._tables) > 1:
            plan.table["sheets"] = "*"
            known = {table.sheet.name for table in self._tables}
            others = [sheet.name for sheet in looked.sheets if sheet.name not in known]
            if others:
                plan.table["except_sheets"] = others
        elif len(looked.sheets) > 1:
            plan.table["sheet"] = self._table.sheet.name
        if header.at or len(self._tables) > 1 or self._blocks() > 1:
            plan.table["header"] = "find"
        if header.height > 1:
            plan.table["header_rows"] = header.height
        if plan.table.get("header") or self._notes():
            plan.table["notes"] = "skip"

    def _blocks(self) -> int:
        first = self._line(self._table.header.at)
        return sum(self._line(row) == first for row in range(len(self._table.sheet.rows)))

    def _notes(self) -> bool:
        rows = self._table.sheet.rows[self._table.header.first :]
        return any(sum(bool(cell.strip()) for cell in cells) == 1 for _, cells in rows)

    def _line(self, row: int, table: Table | None = None) -> str:
        cells = (table or self._table).sheet.rows[row][1]
        return " ".join(filter(None, (tidy_name(cell) for cell in cells)))

    # --- when

    def _time(self, plan: Plan) -> None:
        places = self._table.places
        if plan.kind == "day_totals":
            name = "date" if "date" in places else "start" if "start" in places else ""
            self._date(plan, "date", name)
            return
        if "start" in places:
            self._date(plan, "start", "start")
            plan.screening_key = [*_names(plan.columns["start"])]
            return
        self._date(plan, "start", "date" if "date" in places else "")
        day = plan.columns.pop("start", "day")
        clock = self._table.column(places["time"]) if "time" in places else ""
        written = time_written(map(tidy_name, self._cells("time"))) if clock else None
        columns = [*_names(day), *([clock] if clock else [])]
        formats = day.get("format", "") if isinstance(day, dict) else ""
        joined: dict[str, Any] = {"columns": columns}
        if formats or written not in {"%H:%M", "%H:%M:%S"}:
            joined["format"] = f"{formats or '%Y-%m-%d'} {written or '%H:%M'}"
        plan.columns["start"] = joined
        plan.screening_key = [*columns]

    def _date(self, plan: Plan, one: str, name: str) -> None:
        """The column of a date, or where else the file says it."""
        written, column = None, ""
        if name:
            written = date_written(map(tidy_name, self._cells(name)))
            column = self._table.column(self._table.places[name])
        if written is None and not name:
            written = self._outside(plan)
            column = "day" if written else ""
        elif written is not None and written.pattern:
            plan.derived["day"] = {"column": column, "match": written.pattern}
            column = "day"
        if written is None and (short := self._short(plan, name, column)) is not None:
            plan.columns[one] = short
            return
        if not column:
            plan.questions.append(Question("date", "in which column does the date stand?"))
            return
        if written is None:
            plan.remarks.append(f"the dates in {column!r} are written in no way that is known")
            written = Written(())
        plan.columns[one] = column
        if written.formats:
            form = self._chosen(plan, written)
            plan.columns[one] = {"column": column, "format": form}
        if any(not cell for cell in self._column_of(name)) and name:
            plan.columns[one] = _table(plan.columns[one]) | {"fill": True}

    def _chosen(self, plan: Plan, written: Written) -> str:
        """The format of a date; of two that fit, the one that somebody named, else a question."""
        first = written.formats[0]
        if not written.twin:
            return first
        wish = self._answers.get("dates", "")
        if wish:
            month_first = first.index("%m") < first.index("%d")
            return first if (wish == "month first") == month_first else written.twin
        sentence = f"is the day or the month first? {first} and {written.twin} read all dates"
        plan.questions.append(Question("dates", sentence, "day first"))
        return first

    def _outside(self, plan: Plan) -> Written | None:
        """A date above the table, in the name of its sheet, or of the file."""
        names = [table.sheet.name for table in self._tables]
        sources = [("sheet", names)] if len(self._tables) > 1 else []
        for source, texts in [*sources, ("title", self._titles()), ("file", [self._file])]:
            if (written := date_inside(texts)) is not None:
                plan.derived["day"] = {source: written.pattern}
                return written
        return None

    def _short(self, plan: Plan, name: str, column: str) -> dict[str, Any] | None:
        """A day and a month in a column or in the names of sheets, with the year from elsewhere."""
        year = self._year()
        texts = self._cells(name) if name else [table.sheet.name for table in self._tables]
        written = short_date(map(tidy_name, texts))
        if year is None or written is None or not (name or len(self._tables) > 1):
            return None
        source = (
            {"column": column, "match": written.pattern} if name else {"sheet": written.pattern}
        )
        plan.derived |= {"day": source, "year": {year: YEAR}}
        return {"columns": ["day", "year"], "format": written.formats[0]}

    def _year(self) -> str | None:
        """Where every sheet says the year: in a line above its table, else in the file's name."""
        above = [
            " ".join(self._line(row, table) for row in range(table.header.at))
            for table in self._tables
        ]
        if all(re.search(YEAR, text) for text in above):
            return "top"
        return "file" if re.search(YEAR, self._file) else None

    def _titles(self) -> list[str]:
        """For each block of each table, the line above its header that bears a date."""
        found = []
        for table in self._tables:
            first = [tidy_name(cell) for cell in table.sheet.rows[table.header.at][1]]
            for row, (_, cells) in enumerate(table.sheet.rows):
                if [tidy_name(cell) for cell in cells] == first:
                    found.append(_dated_line(table, row))
        return found

    # --- what

    def _fields(self, plan: Plan) -> None:
        ofs = _NOT_OF_SCREENINGS if plan.kind == "screening_totals" else _OF_SCREENINGS - {"seats"}
        for one in _FIELDS:
            if one in self._table.places and one not in ofs:
                plan.columns[one] = self._table.column(self._table.places[one])
        if plan.kind == "screening_totals":
            if "screening" in self._table.places:
                plan.columns["screening"] = self._table.column(self._table.places["screening"])
                plan.screening_key = []
            else:
                also = [plan.columns[one] for one in ("screen", "work") if one in plan.columns]
                plan.screening_key += [str(one) for one in also]
        for one in ("work", "cinema", "screen"):
            if one in plan.columns and self._is_filled_down(one):
                plan.columns[one] = {"column": plan.columns[one], "fill": True}
        needed = ("work", "gross", *(("admissions",) if plan.kind == "screening_totals" else ()))
        for one in needed:
            if one not in plan.columns:
                plan.questions.append(Question(one, f"which column is the {one}?"))

    def _is_filled_down(self, one: str) -> bool:
        """Whether an empty cell of a column stands for the one above it."""
        return any(not cell for cell in self._column_of(one))

    def _column_of(self, one: str) -> list[str]:
        if one not in self._table.places:
            return []
        place = self._table.places[one]
        return [self._table.cell(row, place).strip() for row in self._table.rows]

    def _cells(self, one: str) -> list[str]:
        return [cell for table in self._tables if one in table.places for cell in table.cells(one)]

    def _who(self, plan: Plan) -> None:
        home = HOMES[self._table.language]
        asked: dict[str, tuple[str, str]] = {
            "cinema": ("what is the id of the cinema?", self._cinema()),
            "territory": ("in which territory is it?", home.territory),
            "zone": ("in which time zone is it?", home.zone),
            "currency": ("in which currency are the amounts?", home.currency),
        }
        if "cinema" in plan.columns:
            del asked["cinema"]
        elif len(self._tables) > 1 and "sheet" not in plan.derived.get("day", {}):
            plan.derived["house"] = {"sheet": "(.*)"}
            plan.columns["cinema"] = "house"
            del asked["cinema"]
        plan.spans = "cinema" in asked
        for key, (sentence, likely) in asked.items():
            if key in self._answers:
                plan.constants[key] = self._answers[key]
            else:
                plan.questions.append(Question(key, sentence, likely))

    def _cinema(self) -> str:
        for row in range(self._table.header.at):
            if match := _CINEMA.search(self._line(row)):
                return re.split(r"\s{2,}|[;|]", match[1])[0].strip()
        return ""

    # --- numbers and totals

    def _numbers(self) -> NumbersWritten:
        cells = [cell for one in _FIGURES for cell in self._cells(one)]
        for table in self._tables:
            # A total is often the only number that is large enough for a sign between thousands.
            cells += [
                table.cell(row, table.places[one])
                for row, _ in table.totals
                for one in _FIGURES
                if one in table.places
            ]
        return numbers_written(cells, self._table.language)

    def _nothing(self, plan: Plan) -> None:
        """Let a dash say nothing where it stands in a column of numbers."""
        for one in _FIGURES:
            said = [cell.strip() for cell in self._cells(one)]
            dashes = [word for word in plan.numbers.nothing if word in said]
            if one in plan.columns and dashes:
                written = _table(plan.columns[one])
                plan.columns[one] = written | {"values": dict.fromkeys(dashes, "")}

    def _totals(self) -> list[dict[str, Any]]:
        """Rules for the total rows of all sheets."""
        cells = [
            (table.column(place), tidy_name(table.cell(row, place)))
            for table in self._tables
            for row, place in table.totals
        ]
        return total_rules(cells)

    def _used(self, plan: Plan) -> set[str]:
        named = {name for spec in plan.columns.values() for name in _names(spec)}
        derived = {one["column"] for one in plan.derived.values() if "column" in one}
        totals = {total["column"] for total in plan.totals}
        return named | derived | totals | {*plan.screening_key} | {
            name.partition("#")[0] for name in named
        }  # fmt: skip


def _dated_line(table: Table, header: int) -> str:
    """The nearest line above a header that bears a date."""
    for row in range(header - 1, max(header - 12, -1), -1):
        text = " ".join(filter(None, (tidy_name(cell) for cell in table.sheet.rows[row][1])))
        if date_inside([text]) is not None:
            return text
    return ""


def _names(spec: str | dict[str, Any]) -> list[str]:
    if isinstance(spec, str):
        return [spec]
    return [*spec.get("columns", ()), *([spec["column"]] if "column" in spec else [])]


def _table(spec: str | dict[str, Any]) -> dict[str, Any]:
    return {"column": spec} if isinstance(spec, str) else spec
