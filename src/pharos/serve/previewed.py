"""What a report would change, or has changed, as a page shows it.

In: outcomes. Out: texts for templates. Writes nothing and knows no route.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pharos.arrive.said import row_said
from pharos.keep.changes import RowSaid
from pharos.measure.edition import Edition
from pharos.serve.home import Submitted
from pharos.serve.language import NO_LANGUAGE, NOTHING, Language
from pharos.serve.said import Told
from pharos.serve.sending import Parcel
from pharos.serve.trying import Totals
from pharos.words.figures import ABSENT
from pharos.words.money import decimal_text
from pharos.words.report import Finding, Receipt, Severity, Verdict

#: Rows of each kind that are shown; the others are counted.
LISTED = 50


@dataclass(frozen=True, slots=True)
class Looked:
    """A parcel that was tried, under the key by which it can be confirmed.

    ``before`` and ``after`` are the figures of a correction: gross with its currency, admissions.
    """

    parcel: Parcel
    key: str
    done: Submitted
    totals: Totals
    what: str
    before: tuple[str, str] = ("", "")
    after: tuple[str, str] = ("", "")


def preview_view(edition: Edition, spoken: Language, looked: Looked) -> dict[str, Any]:
    """What a page shows of something that was not sent yet."""
    done, draft = looked.done, looked.parcel.draft
    held = [one for one in done.findings if one.severity is Severity.HOLD]
    others = [one for one in done.findings if one.severity is not Severity.HOLD]
    change = done.changes
    # What is there already needs no second sending, and what is refused must be corrected first.
    sendable = done.verdict not in (Verdict.REFUSED, Verdict.EXISTS)
    return {
        "language": spoken.code,
        "rehearsed": edition.home.rehearsed,
        "no_language": NO_LANGUAGE,
        "what": looked.what,
        "key": looked.key if sendable else "",
        "verdict": {"code": done.verdict.value, "text": spoken.words["verdicts"][done.verdict]},
        "sender": draft.sender,
        "stream": draft.stream or NOTHING,
        "id": draft.id,
        "exists": done.receipt and _listed(spoken, done.receipt),
        "scope": done.scope and spoken.say("preview_page.scope_said", cinema=done.scope[0],
                                           first=done.scope[1], last=done.scope[2]),
        "counts": list(_counts(spoken, looked)),
        "correction": looked.before[0] and {"before": looked.before, "after": looked.after},
        "held": _findings(spoken, held, draft.body),
        "findings": _findings(spoken, others, draft.body),
        "changed": _changed(spoken, change.changed),
        "withdrawn": _rows(spoken, change.withdrawn),
        "added": _rows(spoken, change.added),
    }  # fmt: skip


def _counts(spoken: Language, looked: Looked) -> Iterable[tuple[str, str]]:
    words, done = spoken.words["counts"], looked.done
    change, totals = done.changes, looked.totals
    counted = [("rows", done.rows), ("rows_held", done.held), ("repeats", done.repeats)]
    if done.facts:
        counted.append(("facts", done.facts))
    if change:
        counted += [
            ("added", len(change.added)), ("changed", len(change.changed)),
            ("withdrawn", len(change.withdrawn)), ("unchanged", change.unchanged),
        ]  # fmt: skip
    yield from ((words[name], spoken.exact(number)) for name, number in counted)
    if totals.checked:
        yield (
            words["totals"],
            spoken.say(
                "preview_page.totals_said",
                agree=spoken.exact(totals.agree),
                checked=spoken.exact(totals.checked),
            ),
        )


def _findings(spoken: Language, findings: list[Finding], body: bytes) -> dict[str, Any]:
    return _some(spoken, [_finding(spoken, one, body) for one in findings[:LISTED]], len(findings))


def _finding(spoken: Language, one: Finding, body: bytes) -> dict[str, Any]:
    sentence, lang = spoken.sentence(one.sentence)
    return {
        "row": NOTHING if one.row is None else str(one.row),
        "rule": spoken.known("rules", one.rule) or one.rule,
        "severity": spoken.words["severities"][one.severity],
        "sentence": sentence,
        "lang": lang,
        "said": (row_said(body, one.row) or "") if one.row is not None and body else "",
    }


def _changed(spoken: Language, pairs: list[tuple[RowSaid, RowSaid]]) -> dict[str, Any]:
    rows = [
        {
            "row": str(after.row),
            "before": _figures(spoken, before),
            "after": _figures(spoken, after),
        }
        for before, after in pairs[:LISTED]
    ]
    return _some(spoken, rows, len(pairs))


def _rows(spoken: Language, said: list[RowSaid]) -> dict[str, Any]:
    rows = [{"row": str(one.row), "figures": _figures(spoken, one)} for one in said[:LISTED]]
    return _some(spoken, rows, len(said))


def _some(spoken: Language, rows: list[dict[str, Any]], count: int) -> dict[str, Any]:
    more = count - len(rows)
    said = spoken.say("preview_page.more", count=spoken.exact(more)) if more else ""
    return {"rows": rows, "count": spoken.exact(count), "more": said}


def _figures(spoken: Language, row: RowSaid) -> tuple[str, str]:
    """Gross and admissions of a row."""
    admissions = NOTHING if row.admissions == ABSENT else spoken.exact(row.admissions)
    if not row.currency:
        gross = spoken.say("trace.minor_units", number=spoken.exact(row.gross))
    else:
        gross = spoken.money(spoken.exact(decimal_text(row.gross, row.currency)), row.currency)
    return gross, admissions


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a parcel that was sent; ``told`` is None while it does not count yet."""

    receipt: Receipt
    told: Told | None
    body: bytes


def sent_view(edition: Edition, spoken: Language, kept: Kept) -> dict[str, Any]:
    """A receipt, and the verdict if there is one."""
    receipt, told = kept.receipt, kept.told
    findings = list(told.findings) if told else []
    return {
        "language": spoken.code,
        "rehearsed": edition.home.rehearsed,
        "no_language": NO_LANGUAGE,
        "receipt": _receipt(edition, spoken, receipt),
        "exists": receipt.exists,
        "conflict": receipt.conflict,
        "verdict": told and {"code": told.verdict.value,
                             "text": spoken.words["verdicts"][told.verdict]},
        "counts": told and [
            (spoken.words["counts"][name], spoken.exact(number)) for name, number in (
                ("rows", told.rows), ("rows_held", told.held), ("repeats", told.repeats))
        ],
        "findings": _findings(spoken, findings, kept.body),
        "address": _listed(spoken, receipt),
    }  # fmt: skip


def _listed(spoken: Language, receipt: Receipt) -> str:
    """Where a report stands among the others."""
    return f"/{spoken.code}/reports?show=reports&report={receipt.position}"


def _receipt(edition: Edition, spoken: Language, receipt: Receipt) -> Mapping[str, str]:
    return {
        "position": str(receipt.position),
        "sender": receipt.sender,
        "stream": receipt.stream or NOTHING,
        "id": receipt.id,
        "digest": receipt.digest,
        "leaf": receipt.leaf,
        "arrived": spoken.moment(receipt.arrived_at, edition.zone),
    }
