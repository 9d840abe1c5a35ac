"""JOURNEY 2: from a question to an answer.

In: a question and a ledger to read. Out: an Answer: one SQL text (measure/sql, passes), exact
arithmetic (compute, since), and what stands behind it (coverage). Never writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pharos.errors import NoNumber
from pharos.keep.ledger import Ledger
from pharos.measure.answer import Answer
from pharos.measure.catalogue import Measure
from pharos.measure.compute import Cell, Number, difference, number
from pharos.measure.coverage import completeness, status
from pharos.measure.edition import Edition, edition_in
from pharos.measure.lookback import Lookback
from pharos.measure.passes import Keys, Passes
from pharos.measure.question import Question
from pharos.measure.shown import columns, key_cells, ordered, unit_cells


@dataclass(slots=True)
class Computed:
    """One row of an answer before it is shown: keys, currency, cells and named terms."""

    keys: Keys
    currency: str
    cells: dict[str, Cell]
    terms: dict[str, Mapping[str, Any]]


def ask(ledger: Ledger, question: Question, now: datetime) -> Answer:
    """Answer a question from one edition of the ledger.

    ``now`` decides whether a day is still live when the newest edition is asked; an older one is
    judged by its own time, so that it always says the same.
    """
    with ledger.view() as view:
        return ask_in(edition_in(view, question.as_of), question, now)


def ask_in(edition: Edition, question: Question, now: datetime) -> Answer:
    """The same in an edition that somebody else has opened, and may stop."""
    moment = edition.moment(now, newest=question.as_of is None)
    return answer(Passes(edition, question), moment)


class LooksBack(Protocol):
    """Who knows the measures that look back over a run; `Lookback` asks the ledger for them."""

    def knows(self, measure: Measure) -> bool:
        """Whether it is such a measure."""

    def number(
        self, measure: Measure, keys: Keys, currency: int | None
    ) -> tuple[Number, Mapping[str, Any]]:
        """A measure of one row and its named terms. Raises NoNumber."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind an answer, where somebody knows it without asking the ledger."""

    lookback: LooksBack | None
    status: str
    completeness: Mapping[str, Any]


def answer(passes: Passes, moment: datetime) -> Answer:
    """The answer with what stands behind its numbers; ``moment`` is what "now" means."""
    edition, span = passes.edition, passes.span
    lookback = None
    if passes.looks_back():
        passes.prepare(passes.frames())
        lookback = Lookback(passes)
    stands = status(edition, span, moment), completeness(edition, span, passes.only())
    return answer_with(passes, Behind(lookback, *stands))


def answer_with(passes: Passes, behind: Behind) -> Answer:
    """The answer once it is known what stands behind it."""
    question, edition = passes.question, passes.edition
    rows = _Rows(passes, behind.lookback).computed()
    span = passes.span
    shown = [_shown(passes, row) for row in ordered(edition, rows, question)]
    limit = question.limit if question.limit is not None else len(shown)
    return Answer(
        columns=columns(question, by_currency=passes.by_currency),
        rows=tuple(shown[:limit]),
        edition=edition.position,
        as_of=edition.at.isoformat(),
        territory=question.territory or ",".join(edition.home.territories),
        basis=question.basis,
        status=behind.status,
        completeness=behind.completeness,
        source="postings",
        period={"first": str(span.first), "last": str(span.last)} if span else None,
        notes=_notes(question),
        sql=passes.text,
    )


class _Rows:
    """The rows of one answer, computed measure by measure."""

    def __init__(self, passes: Passes, lookback: LooksBack | None) -> None:
        self._passes = passes
        self._lookback = lookback
        self._found = passes.main()
        asked = {measure.name for measure in passes.question.measures}
        self._ranking = passes.ranking(self._found) if "rank" in asked else None
        self._differences = passes.differences() if "book_difference" in asked else {}

    def computed(self) -> list[Computed]:
        """Every row, unordered."""
        return [self._row(row) for row in self._found]

    def _row(self, row: Mapping[str, Any]) -> Computed:
        passes, now = self._passes, row["now"]
        code = now.get("currency")
        currency = "" if code is None else passes.edition.terms["currency"].texts[code]
        computed = Computed(passes.keys(now), currency, {}, {})
        for measure in passes.question.measures:
            try:
                self._compute(computed, measure, row, code)
            except NoNumber as reason:
                computed.cells[measure.name] = Cell(None, str(reason))
        return computed

    def _compute(self, computed: Computed, measure: Any, row: Any, code: int | None) -> None:  # noqa: ANN401
        name, at = measure.name, (computed.keys, code)
        if self._ranking is not None and name == "rank":
            computed.cells[name] = Cell(self._ranking.place(*at))
        elif name == "book_difference":
            if at not in self._differences:
                raise NoNumber("no other book of the same sender speaks of this")
            basis = self._passes.question.basis
            computed.cells[name] = Cell(difference(self._differences[at], basis))
        elif self._lookback is not None and self._lookback.knows(measure):
            found, computed.terms[name] = self._lookback.number(measure, *at)
            computed.cells[name] = Cell(found)
        else:
            basis = self._passes.question.basis
            computed.cells[name] = Cell(number(measure, row["now"], row, basis))


def _shown(passes: Passes, row: Computed) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for dimension, key in zip(passes.question.by, row.keys, strict=True):
        cells |= key_cells(passes.edition, dimension, key)
    if passes.by_currency:
        cells["currency"] = row.currency
    for measure in passes.question.measures:
        cell, named = row.cells[measure.name], row.terms.get(measure.name, {})
        cells |= unit_cells(measure, cell, row.currency, named)
    return cells


def _notes(question: Question) -> tuple[str, ...]:
    if question.sold_until:
        return ("sold_until counts ticket events only: totals do not say when",)
    return ()
