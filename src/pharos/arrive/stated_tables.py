"""Tables of published figures, by the mapping that their sender named.

In: the rows of a message, the mapping, where its territory is. Out: a `Reading` with published
figures; rows that cannot be read are held, the rest counts. Knows no source by name.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from pharos.arrive import limits
from pharos.arrive.cells import Stated, read_time, stated_number
from pharos.arrive.mapping import Mapping
from pharos.arrive.mapping_figures import FigureColumn, Word
from pharos.arrive.mapping_layout import Total
from pharos.arrive.reading import Places, Reading
from pharos.arrive.rows import joined, numbered
from pharos.arrive.stating import (
    FigureColumns,
    StatedFigure,
    Statement,
    Stating,
    choice,
    columns_of,
    unit_of,
)
from pharos.arrive.totals import Totals, differences
from pharos.errors import PharosError, UnreadableRow
from pharos.words.figures import Figures, Mentions, empty_lines
from pharos.words.published import STATED, Basis, Coverage, Scope, Status, Unit
from pharos.words.report import Finding, Severity
from pharos.words.works import tidy_name

#: Texts of one column that are remembered with what they state.
_KNOWN = 100_000
#: The scopes that a column of their own names, before the nation, which needs none.
_NAMED = tuple(one for one in Scope if one is not Scope.NATION)


@dataclass(frozen=True, slots=True)
class _Known:
    """A figure of the mapping, the columns it reads, and what their texts were read as."""

    figure: FigureColumn
    columns: tuple[str, ...]
    read: dict[tuple[str, ...], FigureColumns | None] = field(default_factory=dict)


class StatedTable:
    """Reads the rows of one table of published figures."""

    def __init__(self, mapping: Mapping, places: Places) -> None:
        """Nothing is read yet."""
        self._mapping = mapping
        self._place = places.place("", mapping.constants.get("territory", ""))
        self._columns = {column.field: column for column in mapping.columns}
        self._totals = Totals(mapping)
        self._stating = Stating()
        self._known = [_Known(figure, figure.columns()) for figure in mapping.figures]
        self._findings: list[Finding] = []
        self._names: dict[str, str] = {}

    def read(self, place: int, line: bytes, columns: tuple[str, ...]) -> None:
        """Read one line of the message, which stands at a place in it."""
        try:
            number, cells = numbered(line, columns)
        except UnreadableRow as problem:
            self._hold(place, problem)
            return
        if (rule := self._totals.rule_for(cells)) is not None:
            self._totals.total(number, rule, cells)
            if rule.scope:
                self._state(number, cells, rule)
        elif not any(skip.meets(cells[skip.column]) for skip in self._mapping.skips):
            counts = self._state(number, cells)
            self._totals.line(number, cells, counts=counts)

    def reading(self) -> Reading:
        """Everything that was read."""
        totals = self._totals.checked()
        currency = self._mapping.constants.get("currency", "")
        findings = [*self._findings, *self._totals.findings, *differences(totals, currency)]
        if not len(self._stating) and not findings:
            findings.append(_NO_FIGURES)
        return Reading(
            Figures(Mentions(), empty_lines(0)),
            findings=sorted(findings, key=lambda finding: finding.row or 0),
            names=self._names,
            totals=totals,
            published=self._stating.table(),
        )

    def _hold(self, row: int, problem: PharosError) -> None:
        self._findings.append(Finding.held(row, problem))

    def _state(self, row: int, cells: dict[str, str], total: Total | None = None) -> bool:
        """Take in what a row states and say so, or hold it with its reason."""
        try:
            texts = self._texts(cells)
            statement = self._statement(texts, total)
            figures = self._figures(cells, texts.get("currency") or self._place.currency, total)
            if figures:
                self._stating.add(row, statement, figures)
        except PharosError as problem:
            self._hold(row, problem)
            return False
        if name := texts.get(f"{statement.scope.value}_name"):
            self._names[f"{statement.scope.value}:{statement.subject}"] = name
        return True

    def _texts(self, cells: dict[str, str]) -> dict[str, str]:
        """The fields that the row or a constant says, as text. Raises UnreadableRow."""
        texts = dict(self._mapping.constants)
        for name, column in self._columns.items():
            if text := joined(cells, column):
                limits.length(name, text)
                limits.plain(name, text)
                texts[name] = text
        return texts

    def _statement(self, texts: dict[str, str], total: Total | None) -> Statement:
        """What the row's figures share. Raises UnreadableRow."""
        scope = Scope(total.scope) if total is not None else _scope(texts)
        subject = "" if scope is Scope.NATION else texts.get(scope.value, "")
        if scope is not Scope.NATION and not subject:
            raise UnreadableRow("missing_field", f"the figure of a {scope.value} names none")
        first, last = self._span(texts)
        return Statement(
            publisher=texts["publisher"],
            territory=texts.get("territory") or self._place.territory,
            scope=scope,
            subject=subject,
            first=first,
            last=last,
            status=choice(Status, "status", texts.get("status", "actual")),
            coverage=choice(Coverage, "coverage", texts.get("coverage", "whole")),
            stated_as=self._stated_as(texts.get("stated_at", "")),
            zone=texts.get("zone") or self._place.zone or "",
            source=texts.get("source", ""),
        )

    def _span(self, texts: dict[str, str]) -> tuple[date, date]:
        if "date" in texts:
            day = self._day("date", texts)
            return day, day
        if "from" not in texts or "to" not in texts:
            raise UnreadableRow(
                "missing_field", "nobody said for when the figure is: date, or from and to"
            )
        return self._day("from", texts), self._day("to", texts)

    def _day(self, field: str, texts: dict[str, str]) -> date:
        column = self._columns.get(field)
        formats, days = (column.formats, column.days) if column else ((), 0)
        return _day_of(field, texts[field], formats, days)

    def _stated_as(self, text: str) -> str:
        column = self._columns.get("stated_at")
        if not text or column is None or not column.formats:
            return text
        return read_time("stated_at", text, column.formats).isoformat()

    def _figures(
        self, cells: dict[str, str], currency: str, total: Total | None
    ) -> list[FigureColumns]:
        """The figures of a row; a total row is read as far as its rule says."""
        found = []
        for one in self._known:
            # Publishers print the same numbers again and again: each text is read once.
            said = (currency, *(cells[name] for name in one.columns))
            if said not in one.read:
                if len(one.read) > _KNOWN:
                    one.read.clear()
                one.read[said] = self._figure(one.figure, cells, currency)
            figure = one.read[said]
            if figure is None:
                continue
            if total is None or not total.fields or figure[0] in total.fields:
                found.append(figure)
        return found

    def _figure(
        self, column: FigureColumn, cells: dict[str, str], currency: str
    ) -> FigureColumns | None:
        """What a cell states; None where it says nothing. Raises UnreadableRow."""
        measure = _word(cells, column.measure)
        number = stated_number(measure, cells[column.column], self._mapping.notation)
        if number is None:
            return None
        words = measure, _word(cells, column.unit), _word(cells, column.basis)
        return columns_of(_figure(column, words, number, currency))


_NO_FIGURES = Finding(
    "no_rows",
    Severity.NOTICE,
    "the table has no figures and changes nothing; send it with its rows",
)


def _scope(texts: dict[str, str]) -> Scope:
    if "scope" in texts:
        return choice(Scope, "scope", texts["scope"])
    return next((one for one in _NAMED if texts.get(one.value)), Scope.NATION)


def _word(cells: dict[str, str], word: str | Word) -> str:
    if isinstance(word, str):
        return word
    text = tidy_name(cells[word.column])
    return word.values.get(text, text)


def _figure(
    column: FigureColumn, words: tuple[str, str, str], said: Stated, currency: str
) -> StatedFigure:
    """One figure as it was printed. Raises UnreadableRow."""
    measure, unit, basis = words
    factor, own = unit_of(unit)
    of = STATED.get(measure)
    number = said.number
    if column.decimals is not None:
        # Further digits are an artefact of the spreadsheet's binary numbers.
        number = (number * factor).quantize(Decimal(1).scaleb(-column.decimals), ROUND_HALF_UP)
        factor = Decimal(1)
    figure = StatedFigure(
        measure=measure,
        number=number,
        factor=factor * said.factor,
        relation=said.relation,
        basis=choice(Basis, "basis", basis),
        currency=own or currency,
        rounded_to=column.rounded_to,
    )
    return figure if of is None or of.unit is Unit.MONEY else replace(figure, currency="")


@lru_cache(maxsize=16_384)
def _day_of(field: str, text: str, formats: tuple[str, ...], days: int) -> date:
    day = read_time(field, text, formats).date()
    limits.year(field, day.year)
    return day + timedelta(days=days)
