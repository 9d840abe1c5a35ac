"""Every number explains itself: from a measure to its sums, postings, reports and file rows.

In: a question about one measure without a split. Out: its terms, each the exact sum of its parts.
Never writes.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pharos.errors import AskedTooMuch, BadQuestion
from pharos.keep.ledger import Ledger
from pharos.keep.postings import CORRECTED, MOVED, WITHDRAWN
from pharos.measure import sql
from pharos.measure.ask import answer
from pharos.measure.catalogue import GROSS, SCREENINGS, Measure, Sum
from pharos.measure.compute import columns_of, sums_of
from pharos.measure.edition import Edition, edition_in
from pharos.measure.passes import Passes, of_screenings
from pharos.measure.plan import Frame
from pharos.measure.question import Question
from pharos.words.figures import Book, Event

#: Postings listed for each report unless more are asked for.
SHOWN = 20
#: Postings that one trace goes through; a country's day has more, and nobody reads them one by one.
MOST_POSTINGS = 200_000

_EVENTS = {int(event): event.name.lower() for event in Event} | {
    WITHDRAWN: "withdrawn",
    MOVED: "moved",
    CORRECTED: "corrected",
}
_PARTS = (
    "p.position AS position", "p.row_number AS row_number", "p.book AS book", "p.event AS event",
    "p.cinema AS cinema", "p.work AS work", "p.screening_said AS said", "p.level AS level",
    "p.business_date AS business_date",
)  # fmt: skip


#: What a trace takes over from the answer that it explains.
_OF_ANSWER = ("edition", "as_of", "territory", "basis", "status", "completeness", "source")


@dataclass(frozen=True, slots=True)
class Trace:
    """A measure's value and what it is made of; ``to_json`` is the form that travels."""

    said: Mapping[str, Any]

    @property
    def terms(self) -> tuple[dict[str, Any], ...]:
        """The sums that it is made of, each with its reports."""
        return tuple(self.said["terms"])

    def to_json(self) -> dict[str, Any]:
        """Value, formula, terms with their reports and postings, and what the answer says."""
        return dict(self.said)


def trace(ledger: Ledger, question: Question, now: datetime, shown: int = SHOWN) -> Trace:
    """Explain one measure; ``shown`` postings are listed for each report, all are summed.

    Raises BadQuestion if more than one measure, or a split, is asked, and AskedTooMuch if the
    number stands on more than MOST_POSTINGS.
    """
    with ledger.view() as view:
        return trace_in(edition_in(view, question.as_of), question, now, shown)


def trace_in(edition: Edition, question: Question, now: datetime, shown: int = SHOWN) -> Trace:
    """The same in an edition that somebody else has opened, and may stop."""
    if len(question.measures) != 1 or question.by:
        raise BadQuestion("trace explains one measure without a split; narrow it down with where")
    passes = Passes(edition, question)
    moment = edition.moment(now, newest=question.as_of is None)
    found = answer(passes, moment).to_json()
    measure = question.measures[0]
    terms = [_term(passes, one, measure, shown) for one in _sums(measure)]
    said = {
        "measure": measure.name,
        "definition": measure.sentence,
        "formula": measure.formula,
        "definition_version": measure.version,
        "values": found["rows"],
        "terms": terms,
    }
    return Trace(said | {name: found[name] for name in _OF_ANSWER})


def _sums(measure: Measure) -> tuple[Sum, ...]:
    if sums := sums_of(measure):
        return sums
    return (SCREENINGS,) if of_screenings(measure) else (GROSS,)


def _term(passes: Passes, one: Sum, measure: Measure, shown: int) -> dict[str, Any]:
    """One sum with the reports that it comes from; their sums add up to it."""
    parts = _postings(passes, one, measure)
    reports: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for part in parts:
        reports[part["position"]].append(part)
    described = _reports(passes.edition, list(reports))
    lines = []
    for position in sorted(reports):
        own = reports[position]
        lines.append(
            described[position]
            | {
                "value": sum(part[one.quantity] for part in own),
                "postings": len(own),
                "rows": [_line(passes, part, one) for part in own[:shown]],
            }
        )
    return {"name": one.quantity, "value": sum(r["value"] for r in lines), "reports": lines}


def _postings(passes: Passes, one: Sum, measure: Measure) -> list[dict[str, Any]]:
    plan = replace(passes.plan, by_currency=False, traced=True)
    period = passes.period
    frame = Frame(
        "parts", "every posting behind the sum", (), passes.where, columns_of((one,), plan.basis),
        period.first if period else None, period.last if period else None,
        extra=_PARTS, screenings_too=of_screenings(measure),
    )  # fmt: skip
    text = sql.standing(plan, [frame]) + sql.frame_steps(plan, frame)
    text += f"\nSELECT * FROM parts LIMIT {MOST_POSTINGS + 1}"
    found = passes.table(text)
    if found.num_rows > MOST_POSTINGS:
        raise AskedTooMuch(f"the number stands on more than {MOST_POSTINGS:,} postings")
    order = [(name, "ascending") for name in ("position", "row_number", "work")]
    sorted_parts: list[dict[str, Any]] = found.sort_by(order).to_pylist()
    return sorted_parts


def _line(passes: Passes, part: dict[str, Any], one: Sum) -> dict[str, Any]:
    terms, edition = passes.edition.terms, passes.edition
    origin = _origin(edition, part) if part["row_number"] < 0 else {}
    return {
        "row": part["row_number"] if part["row_number"] > 0 else None,
        "what": _EVENTS[part["event"]],
        "book": Book(part["book"]).name.lower(),
        "cinema": f"cinema:{terms['cinema'].texts[part['cinema']]}",
        "work": f"work:{terms['work'].texts[part['work']]}",
        "screening": part["said"] if part["level"] == 0 else None,
        "business_date": part["business_date"].isoformat(),
        "value": part[one.quantity],
    } | origin


def _origin(edition: Edition, part: dict[str, Any]) -> dict[str, Any]:
    """For a counter-posting or a move: the report and row that it takes back or moves."""
    found = edition.rows(
        "SELECT from_position, from_row FROM moved WHERE position = ? AND row_number = ?",
        part["position"], part["row_number"],
    )  # fmt: skip
    return {"from_position": found[0][0], "from_row": found[0][1]} if found else {}


def _reports(edition: Edition, positions: list[int]) -> dict[int, dict[str, Any]]:
    if not positions:
        return {}
    marks = ", ".join("?" * len(positions))
    rows = edition.rows(
        "SELECT position, sender, stream, message_id, digest, arrived_at, verdict, file, original, "
        f"mapping FROM report WHERE position IN ({marks})",
        *positions,
    )
    names = ("position", "sender", "stream", "id", "digest", "arrived_at", "verdict", "file",
             "original", "mapping")  # fmt: skip
    found = {}
    for row in rows:
        report = dict(zip(names, row, strict=True))
        report["arrived_at"] = row[5].replace(tzinfo=UTC).isoformat()
        found[row[0]] = report
    return found
