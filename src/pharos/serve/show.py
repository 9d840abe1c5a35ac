"""What the terminal shows: tables, receipts, differences; and the same as JSON.

In: answers and outcomes. Out: text. Knows no ledger.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pharos.keep.changes import RowSaid
from pharos.keep.schema import MONEY
from pharos.measure.answer import Answer
from pharos.measure.trace import Trace
from pharos.serve.home import Submitted
from pharos.serve.said import findings_said, receipt_said
from pharos.words.figures import ABSENT
from pharos.words.money import Money, decimal_text
from pharos.words.report import Finding

#: Findings and changed rows that are printed one by one; the rest is counted.
LISTED = 20


def table(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    """Rows under their names, numbers to the right, aligned for Chinese letters too."""
    cells = [[_text(row.get(name)) for name in names] for row in rows]
    right = [all(_numeric(row.get(name)) for row in rows) for name in names]
    widths = [
        max(_width(name), *(_width(line[n]) for line in cells)) if cells else _width(name)
        for n, name in enumerate(names)
    ]

    def line(texts: Sequence[str]) -> str:
        padded = [
            " " * (w - _width(t)) + t if r else t + " " * (w - _width(t))
            for t, w, r in zip(texts, widths, right, strict=True)
        ]
        return "  ".join(padded).rstrip()

    rule = "  ".join("─" * width for width in widths)
    return "\n".join([line(names), rule, *(line(texts) for texts in cells)])


def answer_text(answer: Answer) -> str:
    """An answer for people: the table, then what stands behind it."""
    hidden = {c.name for c in answer.columns if c.unit in ("id", "minor units")}
    names = [c.name for c in answer.columns if c.name not in hidden]
    names = [n for n in names if any(n in row for row in answer.rows)] if answer.rows else names
    body = table(answer.rows, names) if answer.rows else "no figures"
    reasons = sorted(
        {f"{n}: {row[f'{n}_reason']}" for row in answer.rows for n in names if f"{n}_reason" in row}
    )
    lines = [body, "", *(f"  no {reason}" for reason in reasons), _stands(answer), *answer.notes]
    return "\n".join(lines)


def _stands(answer: Answer) -> str:
    whole = answer.completeness
    if whole.get("cinemas_expected") is None:
        said = f"{_counted(whole['cinemas_reported'], 'cinema')} reported ({whole['reason']})"
    else:
        said = (
            f"{whole['cinemas_reported']} of {whole['cinemas_expected']} expected cinemas reported "
            f"in full ({whole['cinema_days_reported']} of {whole['cinema_days_expected']} days)"
        )
    return f"{answer.status} · version {answer.edition}, as of {answer.as_of} · {said}"


def submitted_text(done: Submitted, *, dry_run: bool) -> str:
    """What became of a report, or would: verdict, changes, findings."""
    lines = [f"{'would be ' if dry_run else ''}{done.verdict.value}"]
    if done.receipt is not None:
        lines.append(f"  receipt: position {done.receipt.position}, leaf {done.receipt.leaf}")
    if done.scope:
        lines.append(f"  covers:  {done.scope[0]}, {done.scope[1]} to {done.scope[2]}")
    if done.rows or done.held:
        repeats = f"{_counted(done.repeats, 'repeat')} dropped"
        lines.append(f"  rows:    {done.rows} read, {done.held} held, {repeats}")
    elif done.facts:
        lines.append(f"  facts:   {done.facts}")
    change = done.changes
    if change:
        lines.append(
            f"  changes: {len(change.added)} added, {len(change.changed)} changed, "
            f"{len(change.withdrawn)} withdrawn, {change.unchanged} as before"
        )
        lines += _changes(done) if dry_run else []
    lines += _findings(done.findings)
    return "\n".join(lines)


def _changes(done: Submitted) -> list[str]:
    lines = []
    change = done.changes
    for before, after in change.changed[:LISTED]:
        lines.append(f"    changed row {after.row}: {_figures(before)} -> {_figures(after)}")
    lines += [
        f"    withdrawn (row {before.row} of before): {_figures(before)}"
        for before in change.withdrawn[:LISTED]
    ]
    if change.unchanged or change.changed or change.withdrawn:
        lines += [
            f"    added row {after.row}: {_figures(after)}" for after in change.added[:LISTED]
        ]
    return lines


def _figures(row: RowSaid) -> str:
    return f"{_counted(row.admissions, 'admission')}, {_money(row.gross, row.currency)}"


def _money(minor: int, currency: str) -> str:
    return str(Money(minor, currency)) if currency else f"{minor} minor units"


def _findings(findings: Iterable[Finding]) -> list[str]:
    found = list(findings)
    lines = []
    for finding in found[:LISTED]:
        where = f" row {finding.row}" if finding.row is not None else ""
        lines.append(f"  {finding.severity}{where}: {finding.sentence} [{finding.rule}]")
    if len(found) > LISTED:
        lines.append(f"  ... and {len(found) - LISTED} more findings (--json lists all)")
    return lines


def submitted_json(done: Submitted, *, dry_run: bool) -> dict[str, Any]:
    """The same as a value for JSON."""
    receipt = done.receipt
    change = done.changes
    return {
        "verdict": done.verdict.value,
        "dry_run": dry_run,
        "receipt": receipt and receipt_said(receipt),
        "scope": done.scope and dict(zip(("cinema", "from", "to"), done.scope, strict=True)),
        "rows": done.rows,
        "facts": done.facts,
        "held": done.held,
        "repeats": done.repeats,
        "added": len(change.added),
        "changed": len(change.changed),
        "withdrawn": len(change.withdrawn),
        "unchanged": change.unchanged,
        "changes": {
            "added": [_row(row) for row in change.added] if dry_run else [],
            "changed": [{"before": _row(b), "after": _row(a)} for b, a in change.changed],
            "withdrawn": [_row(row) for row in change.withdrawn],
        },
        "findings": findings_said(done.findings),
    }


def _row(row: RowSaid) -> dict[str, int | str]:
    figures = {"admissions": row.admissions, "gross_minor": row.gross}
    return {"row": row.row, **figures, "currency": row.currency}


def trace_text(trace: Trace) -> str:
    """A trace for people: formula, terms, the reports behind each, their rows."""
    found = trace.to_json()
    lines = [f"{found['measure']}: {found['definition']}", f"  = {found['formula']}"]
    lines += [
        f"  = {_text(row.get(found['measure']))} {row.get('currency', '')}".rstrip()
        for row in found["values"]
    ]
    currencies = {row["currency"] for row in found["values"] if row.get("currency")}
    for term in found["terms"]:
        # Sums in several currencies have no decimal text; a sum of money then stays as it is.
        told = currencies if term["name"] in MONEY and len(currencies) == 1 else {""}
        lines += _term_lines(term, *told)
    return "\n".join(lines)


def _term_lines(term: Mapping[str, Any], currency: str) -> list[str]:
    def said(value: int) -> str:
        return decimal_text(value, currency) if currency else str(value)

    whole = f"{said(term['value'])} {currency}".rstrip()
    lines = [f"\n{term['name']} = {whole}, the sum of {_counted(len(term['reports']), 'report')}"]
    for report in term["reports"]:
        lines += _report_lines(report, said)
    return lines


def _report_lines(report: Mapping[str, Any], text: Callable[[int], str]) -> list[str]:
    source = report["file"] or report["id"]
    said = f"report {report['position']} from {report['sender']}, {source}"
    safe = f"{report['arrived_at']}, sha256 {report['digest'][:16]}"
    lines = [f"  {text(report['value']):>12}  {said}, {safe}"]
    for row in report["rows"]:
        where = f"row {row['row']}" if row["row"] else f"from report {row.get('from_position')}"
        when = row["screening"] or row["business_date"]
        lines.append(f"  {text(row['value']):>14}  {where}, {row['what']}, {row['work']}, {when}")
    left = report["postings"] - len(report["rows"])
    return (
        [*lines, f"                  ... and {_counted(left, 'more posting')}"] if left else lines
    )


def _text(value: Any) -> str:  # noqa: ANN401
    if value is None or value == ABSENT:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) and abs(value) > 9999 else str(value)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _numeric(value: Any) -> bool:  # noqa: ANN401
    text = str(value).replace(",", "").lstrip("-")
    return value is None or (text.replace(".", "", 1).isdigit() and not isinstance(value, bool))


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide
