"""`pharos map`: drafts a mapping for a file, shows what it understood, asks what it cannot know.

In: parsed arguments and, on a terminal, answers. Out: printed text, or the draft as a file. Opens
no home and sends nothing.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from pharos.arrive.drafting.draft import Draft
from pharos.arrive.formats import read
from pharos.arrive.mapping import parse_mapping
from pharos.arrive.reading import Nowhere, Reading
from pharos.errors import BadMapping, BadQuestion, MissingColumn, NoSuchFile, UnreadableTable
from pharos.serve.apart import draft_apart, extract_apart
from pharos.serve.encoded import as_json
from pharos.serve.show import table
from pharos.words.figures import ABSENT
from pharos.words.money import decimal_text
from pharos.words.report import Severity

Arguments = argparse.Namespace

#: Of the picture: so many columns, and so many letters of a cell.
_COLUMNS, _LETTERS = 9, 18
#: Rows and findings that are shown of what would be read.
_READ, _SAID = 5, 5
#: Answers that a mapping does well without where the home says them.
_OPTIONAL = frozenset({"territory", "zone", "currency"})


def map_file(arguments: Arguments) -> int:
    """Draft a mapping for a file."""
    path = Path(arguments.file)
    output = Path(arguments.output) if arguments.output else None
    if output is not None and output.exists():
        raise BadQuestion(f"{output} is there already; name another file with -o, or remove it")
    answers = _answers(arguments)
    drafted = _drafted(path, arguments.kind, answers)
    if drafted.questions and _asks(arguments):
        print(_picture(drafted), end="\n\n")
        drafted = _drafted(path, arguments.kind, answers | _asked(drafted))
    if arguments.json:
        print(as_json({"mapping": drafted.text, **_as_json(path, drafted)}))
    else:
        print("\n".join(_told(path, drafted, output)))
    if output is not None:
        _write(output, drafted.text)
    return 0


def _answers(arguments: Arguments) -> dict[str, str]:
    answers = {"cinema": arguments.cinema} if arguments.cinema else {}
    for said in arguments.answer:
        key, sign, value = said.partition("=")
        if not sign or not value:
            raise BadQuestion(f"--answer {said!r} is no answer; write one such as zone=Asia/Seoul")
        answers[key] = value
    return answers


def _drafted(path: Path, kind: str | None, answers: dict[str, str]) -> Draft:
    return msgspec.convert(draft_apart(path, {"kind": kind or "", "answers": answers}), Draft)


def _asks(arguments: Arguments) -> bool:
    return not arguments.json and sys.stdin.isatty() and sys.stdout.isatty()


def _asked(drafted: Draft) -> dict[str, str]:
    """What somebody at the terminal says to each question; nothing leaves it open."""
    answers = {}
    for question in drafted.questions:
        likely = f" [{question.likely}]" if question.likely else ""
        leave = ", - to leave it out" if question.key in _OPTIONAL else ""
        said = input(f"{question.key}: {question.sentence}{likely}{leave} ").strip()
        if said != "-" and (answer := said or question.likely):
            answers[question.key] = answer
    return answers


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NoSuchFile(output, error.strerror or str(error)) from error


def _told(path: Path, drafted: Draft, output: Path | None) -> Iterator[str]:
    yield _picture(drafted)
    yield ""
    yield from _trial_told(path, drafted)
    yield from (f"  {remark}" for remark in drafted.remarks)
    if drafted.questions:
        yield "it cannot know, and waits at the lines with ASK:"
        for question in drafted.questions:
            likely = f" (perhaps {question.likely})" if question.likely else ""
            yield f"  {question.key}: {question.sentence}{likely}"
    if output is not None:
        yield f"written: {output}; look through it, then try it without sending:"
        yield f"  pharos submit {path} --map {output} --dry-run"
    else:
        yield from ("", drafted.text.rstrip())


def _picture(drafted: Draft) -> str:
    """The sheet with the fields over its columns."""
    width = max((len(line.cells) for line in drafted.lines), default=0)
    heads = [*drafted.fields, *[""] * width][:width]
    shown = [n for n, head in enumerate(heads) if head]
    shown += [n for n in range(width) if n not in shown][: max(0, _COLUMNS - len(shown))]
    shown.sort()
    letters = {place: f"{place + 1}" for place in shown}
    names = ["row", "is", *letters.values()]
    rows: list[dict[str, Any]] = [{letters[n]: heads[n] and f"<{heads[n]}>" for n in shown}]
    for line in drafted.lines:
        cells = [*line.cells, *[""] * width]
        rows.append({"row": line.row, "is": line.mark, **{
            letters[n]: _clipped(cells[n]) for n in shown}})  # fmt: skip
    title = f"sheet {drafted.sheet!r}\n" if drafted.sheet else ""
    return title + table(rows, names)


def _clipped(cell: str) -> str:
    # A cell must not steer the terminal that shows it.
    said = " ".join("".join(one if one.isprintable() else " " for one in cell).split())
    return said if len(said) <= _LETTERS else f"{said[: _LETTERS - 1]}…"


def _trial(path: Path, drafted: Draft) -> Reading | str:
    """What the draft would read with likely answers, or why it cannot be tried."""
    try:
        mapping = parse_mapping(drafted.trial)
        body = extract_apart(path, drafted.trial)
    except (BadMapping, MissingColumn, UnreadableTable) as problem:
        return str(problem)
    return read(body, Nowhere(), {mapping.digest: drafted.trial}.get)


def _trial_told(path: Path, drafted: Draft) -> Iterator[str]:
    reading = _trial(path, drafted)
    if isinstance(reading, str):
        yield f"it cannot be tried yet: {reading}"
        return
    held = [one for one in reading.findings if one.severity is not Severity.NOTICE]
    yield f"it would read {len(reading.figures)} rows and hold {len({one.row for one in held})}"
    rows = [*_first_rows(reading)]
    if rows:
        yield table(rows, [*rows[0]])
    agree = sum(one.agrees for one in reading.totals)
    if reading.totals:
        yield f"total rows: {agree} of {len(reading.totals)} figures are what their lines make"
    said = [f"  row {one.row}: {one.sentence}" for one in (*held, *_differing(reading))]
    yield from said[:_SAID]
    if len(said) > _SAID:
        yield f"  and {len(said) - _SAID} more"


def _differing(reading: Reading) -> list[Any]:
    return [one for one in reading.findings if one.rule.startswith("total_")]


def _first_rows(reading: Reading) -> Iterator[dict[str, Any]]:
    figures = reading.figures
    for line in range(min(len(figures), _READ)):
        place = int(figures.lines["mention"][line])
        told = {name: figures.mentions.column(name)[place] for name in (
            "business_date", "cinema", "programme", "currency")}  # fmt: skip
        admissions, paid = (int(figures.lines[name][line]) for name in ("quantity", "paid"))
        yield {
            "row": int(figures.lines["row"][line]),
            "business_date": told["business_date"],
            "cinema": told["cinema"],
            "work": _clipped(told["programme"].partition("\x1f")[0]),
            "admissions": None if admissions == ABSENT else admissions,
            "gross": decimal_text(paid, told["currency"]),
        }


def _as_json(path: Path, drafted: Draft) -> dict[str, Any]:
    reading = _trial(path, drafted)
    said = msgspec.to_builtins(drafted)
    found: dict[str, Any] = {key: said[key] for key in ("questions", "remarks", "fields", "lines")}
    if isinstance(reading, str):
        return found | {"trial": {"problem": reading}}
    trial = {
        "rows": len(reading.figures),
        "held": len({f.row for f in reading.findings if f.severity is not Severity.NOTICE}),
        "totals": len(reading.totals),
        "totals_agree": sum(one.agrees for one in reading.totals),
        "findings": [
            {"row": f.row, "rule": f.rule, "sentence": f.sentence} for f in reading.findings
        ],
    }
    return found | {"trial": trial}
