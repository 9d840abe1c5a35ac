"""What the page behind a number says: its formula, sums, reports and rows.

In: a query and what `measure.trace` found. Out: a value for the page, so many reports at a time. No
arithmetic: every sum was made where the number was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from pharos.errors import BadQuestion
from pharos.measure.catalogue import BY_NAME
from pharos.measure.dimensions import BY_NAME as DIMENSIONS
from pharos.measure.edition import Edition
from pharos.measure.question import Question
from pharos.serve.asking import as_of, moment, said_once
from pharos.serve.asking import asked as asked_question
from pharos.serve.definitions import meaning_of, measure_name
from pharos.serve.language import NOTHING, Language
from pharos.serve.names import in_language
from pharos.words.money import decimal_text

#: Reports on one page, and rows listed of each.
REPORTS, ROWS = 20, 20
_SAID_ONCE = ("measure", "period", "territory", "basis", "as_of", "sold_until", "page")
#: Sums that are money, in minor units.
_MONEY = ("gross", "fee", "tax", "net_of_fee", "net_of_tax", "presold")


@dataclass(frozen=True, slots=True)
class Traced:
    """A number to explain, and which page of its reports."""

    question: Question
    page: int
    pairs: tuple[tuple[str, str], ...]


def asked(pairs: Sequence[tuple[str, str]]) -> Traced:
    """The number that the query of an address asks for. Raises what a question raises."""
    said = said_once(pairs, _SAID_ONCE, many=("where",))
    page = said.pop("page", "1")
    if not (page.isascii() and page.isdecimal() and int(page[:9]) >= 1):
        raise BadQuestion(f"page={page[:20]!r} is none; write 1 or more")
    made = asked_question(
        [said.get("measure", "")], (), [value for name, value in pairs if name == "where"],
        period=said.get("period", ""), territory=said.get("territory", ""),
        basis=said.get("basis") or "paid", as_of=as_of(said.get("as_of") or None),
        sold_until=moment(said.get("sold_until") or None),
    )  # fmt: skip
    kept = tuple((name, value) for name, value in pairs if name != "page")
    return Traced(made, int(page[:9]), kept)


def view(
    edition: Edition, wanted: Traced, found: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    """Everything that the page says."""
    measure = BY_NAME[found["measure"]]
    meaning, formula = meaning_of(measure, language)
    spoken = _Spoken(edition, language, _currency(found))
    most = max((len(term["reports"]) for term in found["terms"]), default=0)
    pages = max(1, -(-most // REPORTS))
    page = min(wanted.page, pages)
    first = (page - 1) * REPORTS
    query = urlencode(wanted.pairs)
    sold = wanted.question.sold_until
    until = (
        [language.say("trace.sold_until", moment=spoken.moment(sold.isoformat()))] if sold else []
    )
    return {
        "rehearsed": edition.home.rehearsed,
        "title": language.say("trace.title", measure=measure_name(measure, language)),
        "measure": measure.name,
        "meaning": meaning,
        "formula": formula,
        "values": [spoken.value(measure.name, row) for row in found["values"]],
        "conditions": [*_conditions(edition, wanted.question, language), *until],
        "period": wanted.question.period or language.say("trace.everything"),
        "basis": language.words["bases"][found["basis"]],
        "status": found["status"],
        "status_text": language.words["statuses"][found["status"]],
        "version": language.say("board.version", edition=language.exact(found["edition"])),
        "as_of": language.say(
            "board.as_of",
            moment=spoken.moment(found["as_of"]),
        ),
        "terms": [spoken.term(term, first) for term in found["terms"]],
        "page": page,
        "pages": pages,
        "page_text": language.say(
            "trace.page", page=language.exact(page), pages=language.exact(pages)
        ),
        "earlier": f"?{query}&page={page - 1}" if page > 1 else "",
        "later": f"?{query}&page={page + 1}" if page < pages else "",
        "json": f"/api/v1/trace?{query}",
    }


def _conditions(edition: Edition, question: Question, language: Language) -> list[str]:
    """What the number is of, in words."""
    said = []
    for name, values in question.where.items():
        dimension = DIMENSIONS[name]
        head = dimension.chinese if language.code == "zh" else name.replace("_", " ")
        shown = [
            in_language(edition, name, value, language.code)[0]
            if name in ("work", "cinema")
            else value
            for value in values
        ]
        said.append(f"{head}: {', '.join(shown)}")
    return said


def _currency(found: Mapping[str, Any]) -> str:
    """The currency of sums; empty where there are several, or none."""
    currencies = {row.get("currency") for row in found["values"]}
    return (currencies.pop() or "") if len(currencies) == 1 else ""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The parts of a trace in words."""

    edition: Edition
    language: Language
    currency: str

    def value(self, name: str, row: Mapping[str, Any]) -> dict[str, str]:
        """The number itself, exactly."""
        number = row[name]
        if number is None:
            return {"number": NOTHING, "note": self.language.reason(row[f"{name}_reason"])}
        is_money = BY_NAME[name].unit == "money"
        return {
            "number": self.language.exact(number),
            "note": row.get("currency", "") if is_money else "",
        }

    def moment(self, text: str) -> str:
        """A moment in the home's zone."""
        return self.language.moment(datetime.fromisoformat(text), self.edition.zone)

    def sum(self, quantity: str, number: int) -> str:
        """A sum of postings, exactly."""
        if quantity not in _MONEY:
            return self.language.exact(number)
        if not self.currency:
            exact = self.language.exact(number)
            return self.language.say("trace.minor_units", number=exact)
        return self.language.exact(decimal_text(number, self.currency))

    def term(self, term: Mapping[str, Any], first: int) -> dict[str, Any]:
        """One sum with a page of its reports."""
        reports = term["reports"]
        name, say = term["name"], self.language.say
        return {
            "name": say("trace.term", name=self.language.words["quantities"][name]),
            "value": say("trace.term_value", value=self.sum(name, term["value"])),
            "count": say("trace.reports", count=self.language.exact(len(reports))),
            "reports": [self._report(name, one) for one in reports[first : first + REPORTS]],
        }

    def _report(self, quantity: str, report: Mapping[str, Any]) -> dict[str, Any]:
        say, shown = self.language.say, len(report["rows"])
        return {
            "name": say("trace.report", position=self.language.exact(report["position"])),
            "sender": report["sender"],
            "message": f"{report['stream']} / {report['id']}",
            "arrived": self.moment(report["arrived_at"]),
            "verdict": self.language.words["verdicts"][report["verdict"]],
            "file": report["file"] or "",
            "mapping": report["mapping"] or "",
            "digest": report["digest"],
            "value": self.sum(quantity, report["value"]),
            "postings": say("trace.postings", count=self.language.exact(report["postings"])),
            "more": say("trace.shown_of", shown=shown) if shown < report["postings"] else "",
            "rows": [self._row(quantity, row) for row in report["rows"]],
        }

    def _row(self, quantity: str, row: Mapping[str, Any]) -> dict[str, Any]:
        words, code = self.language.words, self.language.code
        origin = ""
        if row.get("from_position") is not None:
            origin = self.language.say(
                "trace.from_row", row=row["from_row"], position=row["from_position"]
            )
        return {
            "row": NOTHING if row["row"] is None else str(row["row"]),
            "what": words["events"][row["what"]],
            "book": words["books"][row["book"]],
            "cinema": in_language(self.edition, "cinema", row["cinema"], code)[0],
            "work": in_language(self.edition, "work", row["work"], code)[0],
            "screening": row["screening"] or "",
            "business_date": row["business_date"],
            "value": self.sum(quantity, row["value"]),
            "origin": origin,
        }
