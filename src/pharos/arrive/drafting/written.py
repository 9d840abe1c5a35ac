"""A plan as the text of a mapping, with its questions as comments to be answered.

In: a plan. Out: TOML that people read and edit. Knows no file.
"""

import json
from collections.abc import Iterator
from typing import Any

from pharos.arrive.drafting.plan import Plan, Question

_CONSTANTS = ("cinema", "territory", "zone", "currency")
_WHY = {
    "cinema": "the id of the cinema",
    "territory": "only where the home has several",
    "zone": "where the register does not say it; needed for times of day",
    "currency": "where it is not the home's",
}


def mapping_text(plan: Plan, name: str, file: str) -> str:
    """The text of a mapping; lines that begin ``# ASK:`` wait for an answer."""
    return "\n".join(_lines(plan, name, file)) + "\n"


def _lines(plan: Plan, name: str, file: str) -> Iterator[str]:
    asked = {question.key: question for question in plan.questions}
    if file:
        yield f"# Drafted from {_plain(file)}. Lines with ASK wait for your answer."
    yield f"name = {_text(name)}"
    yield f"kind = {_text(plan.kind)}"
    lists = {"screening_key": plan.screening_key, "ignore": plan.ignore}
    yield from (f"{key} = {_text(said)}" for key, said in lists.items() if said)
    if {"admissions", "price", "gross"} <= plan.columns.keys():
        yield 'checks = ["admissions * price = gross"]'
    yield from _section("table", plan.table)
    yield from _asked(asked, "encoding")
    yield from _section("derived", plan.derived)
    yield from ("", "[constants]")
    yield from _constants(plan, asked)
    yield from _section("columns", plan.columns) if plan.columns else ("", "[columns]")
    yield from _asked(asked, "dates")
    for key in asked.keys() - {*_CONSTANTS, "dates", "encoding"}:
        yield f'# ASK: {key} = "..."  # {asked[key].sentence}'
    yield from _numbers(plan)
    if plan.spans:
        yield from ("", "# A file speaks for all its days: a later one replaces what it said.")
        yield from ("[scope]", 'kind = "span"')
    for total in plan.totals:
        yield from ("", "[[total]]", *(f"{key} = {_text(said)}" for key, said in total.items()))


def _asked(asked: dict[str, Question], key: str) -> Iterator[str]:
    if key in asked:
        yield f"# ASK: {asked[key].sentence}"


def _constants(plan: Plan, asked: dict[str, Question]) -> Iterator[str]:
    for key in _CONSTANTS:
        if key in plan.constants:
            yield f"{key} = {_text(plan.constants[key])}"
        elif key in asked:
            yield f"# ASK: {key} = {_text(asked[key].likely)}  # {_WHY[key]}"


def _numbers(plan: Plan) -> Iterator[str]:
    said = plan.numbers
    written: dict[str, Any] = {}
    if said.decimal != ".":
        written["decimal"] = said.decimal
    if said.thousands:
        written["thousands"] = said.thousands
    if said.signs:
        written["signs"] = [*said.signs]
    yield from _section("numbers", written)


def _section(name: str, written: dict[str, Any]) -> Iterator[str]:
    if written:
        yield from ("", f"[{name}]", *(f"{key} = {_text(said)}" for key, said in written.items()))


def _text(said: Any) -> str:  # noqa: ANN401
    """A value as TOML writes it."""
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, int):
        return str(said)
    if isinstance(said, dict):
        pairs = (f"{_key(key)} = {_text(value)}" for key, value in said.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(said, list | tuple):
        return f"[{', '.join(map(_text, said))}]"
    if isinstance(said, str) and "\\" in said and "'" not in said and said.isprintable():
        return f"'{said}'"
    return _quoted(str(said))


def _quoted(said: str) -> str:
    # TOML takes one sign less than JSON does.
    return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(text: str) -> str:
    """A text without signs that end a comment, or steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _key(key: str) -> str:
    plain = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if plain else _quoted(key)
