"""Write the generated pages of docs/: the chapters of tests/spec, and the dictionary of measures.

In: the spec tests, run on the oracle; the catalogue. Out: Markdown with tables, questions, sums.
Must not know what any answer should be: a spec that fails makes no page.
"""

import ast
import importlib
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

from tests.spec.harness import Nothing, Spec, Step
from tools import measures_page
from tools.spec_sums import cell

ROOT = Path(__file__).parents[1]
SPECS = ROOT / "tests" / "spec"
PAGES = ROOT / "docs" / "spec"

#: Chapters and their sections in the order in which they are read, with what each is about.
CHAPTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "money": (
        "What was paid: sums, tax and fee, currencies, passes",
        ("sums", "tax_and_fee", "currencies", "passes"),
    ),
    "tickets": ("Ticket events: sales, refunds, repeats", ("events", "repeats")),
    "totals": ("Stated totals of a screening", ("statements",)),
    "days": ("Day totals, and three grains side by side", ("day_totals", "grains")),
    "screenings": (
        "Screenings, seats, changes of the programme, the clock",
        ("supply", "changes", "clock"),
    ),
    "works": ("Works: double features, names, runs", ("programmes", "names", "runs")),
    "places": ("Cinemas, chains and cities", ("cinemas",)),
    "time": ("Weeks, periods, windows, changes", ("weeks", "periods", "changes")),
    "files": ("Files that replace what earlier files said", ("replacement",)),
    "editions": (
        "Editions, corrections, status, refusals",
        ("as_of", "corrections", "status", "refusals"),
    ),
}
_MADE = "<!-- Made by `make docs` from tests/spec; edit the specs, not this page. -->\n"
_INTRODUCTION = """\
# What the numbers mean, by example

Each example is a test: report lines as a table, a question as `pharos ask` takes it, and the
expected numbers with their sums written out. All of them run on the ledger and on an oracle in
plain Python that knows only what was sent.

- The home is in the United States unless an example names other territories; times without an
  offset are local.
- Rows with the same sender and id are one message. Without a column `sender` the sender is A;
  without a column `id` each message gets the sender's next number.
- `--as-of 2` stands for the edition right after message 2.
- **–** means that there is no such number, with the reason.

"""


def pages() -> dict[str, str]:
    """The text of every generated page by its file name."""
    found = {}
    index = [_MADE, _INTRODUCTION, "| chapter | examples |\n|---|---|\n"]
    for chapter, (about, names) in CHAPTERS.items():
        modules = (importlib.import_module(f"tests.spec.{chapter}.test_{name}") for name in names)
        sections = [_section(module) for module in modules]
        examples = sum(count for _, count in sections)
        body = "\n".join(text for text, _ in sections)
        found[f"{chapter}.md"] = f"{_MADE}\n# {about}\n\n{body}"
        index.append(f"| [{about}]({chapter}.md) | {examples} |\n")
    return {"README.md": "".join(index), **found}


def write() -> None:
    """Write all pages and take away those that no chapter makes any more."""
    PAGES.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in PAGES.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    measures_page.PAGE.write_text(measures_page.page(), encoding="utf-8")
    print(f"docs/spec: {len(made)} pages; docs/measures.md")


def _section(module: ModuleType) -> tuple[str, int]:
    title = module.__name__.rpartition(".test_")[2].replace("_", " ").capitalize()
    examples = [_example(test) for test in _tests(module)]
    said = inspect.cleandoc(module.__doc__ or "")
    return f"## {title}\n\n{said}\n\n" + "\n".join(examples), len(examples)


def _tests(module: ModuleType) -> list[Callable[[Spec], None]]:
    """The tests that a reader is meant to read: those that take nothing but a spec."""
    return [
        test
        for name, test in vars(module).items()
        if name.startswith("test_") and list(inspect.signature(test).parameters) == ["spec"]
    ]


def _example(test: Callable[[Spec], None]) -> str:
    spec = Spec()
    test(spec)
    title = test.__name__.removeprefix("test_").replace("_", " ")
    said = inspect.cleandoc(test.__doc__ or "")
    steps = "\n".join(_STEPS[step.kind](step) for step in spec.steps)
    return f"### {title[0].upper()}{title[1:]}\n\n{said}\n\n{steps}"


def _home(step: Step) -> str:
    return f"The home: {step.text}.\n"


def _sent(step: Step) -> str:
    first, last = step.messages[0], step.messages[-1]
    which = f"Message {first}" if first == last else f"Messages {first} to {last}"
    file = ", a file" if step.kind == "file" else ""
    kind, *rest = step.text.split("; ")
    more = "".join(f"; {part.replace('in every row ', 'in every row `', 1)}" for part in rest)
    more = re.sub(r"(in every row `[^;]*)", r"\1`", more)
    return f"{which}{file}: `{kind}`{more}\n\n{_block(step.table)}"


def _command(step: Step) -> str:
    return f"Message {step.messages[0]}: `pharos {step.text}`\n"


def _found(step: Step) -> str:
    said = "has the verdict" if step.text == "exists" else "has the finding"
    return f"Message {step.messages[0]} {said} `{step.text}`.\n"


def _shown(step: Step) -> str:
    names = ", ".join(f"`{thing}` as “{name}”" for thing, name in step.gives.items())
    return f"Names that are shown: {names}.\n"


def _stands(step: Step) -> str:
    return f"{step.text}.\n"


def _asked(step: Step) -> str:
    question = step.question
    assert question is not None
    words = ["pharos ask", *question.measures]
    words += [f"--by {','.join(question.by)}"] if question.by else []
    words += [f'--where "{name}={value}"' for name, value in question.where.items()]
    words += [f"--period {question.period}"] if question.period else []
    words += [f"--basis {question.basis}"] if question.basis != "paid" else []
    words += [f"--as-of {question.as_of}"] if question.as_of else []
    return f"{_block(' '.join(words), 'sh')}\n{_answer(step)}"


def _answer(step: Step) -> str:
    question, gives = step.question, step.gives
    assert question is not None
    if isinstance(gives, str):
        return f"Refused: {step.text.partition(': ')[2] or step.text}.\n"
    expected = gives if isinstance(gives, dict) else {(): gives}
    if not expected:
        return "No rows.\n"
    keys = [key if isinstance(key, tuple) else (key,) for key in expected]
    by = (*question.by, *(("currency",) if len(keys[0]) > len(question.by) else ()))
    sources = _sources(step, len(question.measures), len(expected))
    lines = [f"| {' | '.join((*by, *question.measures))} |", "|---" * (len(by) + 1) + "|"]
    lines[1] = "|" + "---|" * (len(by) + len(question.measures))
    for key, value, row_sources in zip(keys, expected.values(), sources, strict=True):
        values = value if isinstance(value, tuple) else (value,)
        row = _row(step, by, key)
        cells = [
            _cell(row, measure, number, source)
            for measure, number, source in zip(question.measures, values, row_sources, strict=True)
        ]
        named = ["–" if part is None else str(part) for part in key]
        lines.append(f"| {' | '.join((*named, *cells))} |")
    return "\n".join(lines) + "\n"


def _cell(row: dict[str, Any], measure: str, number: Any, source: ast.expr | None) -> str:  # noqa: ANN401
    if isinstance(number, Nothing):
        return f"– ({row['why'][measure]})"
    return cell(measure, number, row.get("currency", ""), source)


def _row(step: Step, by: tuple[str, ...], key: tuple[Any, ...]) -> dict[str, Any]:
    wanted = ["" if part is None else str(part) for part in key]
    for row in step.rows:
        if ["" if row[d] is None else str(row[d]) for d in by] == wanted:
            return row
    raise LookupError(f"no row {key}")


def _sources(step: Step, measures: int, rows: int) -> list[list[ast.expr | None]]:
    """The source of each number's sum, by row and measure; None where it is not written out."""
    gives = _source_of_gives(step)
    values = gives.values if isinstance(gives, ast.Dict) else [gives]
    if len(values) != rows:
        return [[None] * measures for _ in range(rows)]
    found: list[list[ast.expr | None]] = []
    for value in values:
        parts = value.elts if isinstance(value, ast.Tuple) else [value]
        written = len(parts) == measures and not any(isinstance(p, ast.Starred) for p in parts)
        found.append([*parts] if written else [None] * measures)
    return found


def _source_of_gives(step: Step) -> ast.expr | None:
    """What the spec wrote after ``gives=``, found by the place of the call in its file."""
    where = step.where
    if where is None or where.positions is None:
        return None
    tree = ast.parse(Path(where.filename).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and (node.lineno, node.col_offset)
            == (where.positions.lineno, where.positions.col_offset)
            and (node.end_lineno, node.end_col_offset)
            == (where.positions.end_lineno, where.positions.end_col_offset)
        ):
            return next((k.value for k in node.keywords if k.arg == "gives"), None)
    return None


def _block(text: str, language: str = "") -> str:
    return f"```{language}\n{dedent(text).strip()}\n```\n"


_STEPS: dict[str, Callable[[Step], str]] = {
    "home": _home,
    "send": _sent,
    "file": _sent,
    "command": _command,
    "found": _found,
    "shows": _shown,
    "stands": _stands,
    "ask": _asked,
}

if __name__ == "__main__":
    write()
