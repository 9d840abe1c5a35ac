"""The films of a board as a sheet to take away: exactly the rows of the page.

In: what the board page says. Out: a sheet. No arithmetic.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pharos.measure.board import BOARD_MEASURES
from pharos.measure.catalogue import BY_NAME
from pharos.serve.exports import Column, Sheet, Value
from pharos.serve.language import Language
from pharos.words.money import exponent

View = Mapping[str, Any]

#: Decimals of a ratio in an answer.
_RATIO_DECIMALS = 6


def board_sheet(view: View, language: Language) -> Sheet:
    """The rows of a board, best first, with everything that tells one board from another."""
    currencies = [section["currency"] for section in view["sections"]]
    money = max(map(exponent, currencies), default=0)
    say = language.say
    columns = [
        Column("currency", say("board.currency")),
        Column("rank", say("board.rank"), "whole"),
        Column("rank_change", say("board.move"), "whole"),
        Column("work_id", say("board.work_id")),
        Column("work", say("board.film")),
        *(_column(name, money, language) for name in BOARD_MEASURES),
    ]
    if view["rehearsed"]:
        columns.append(Column("rehearsed", say("board.made_up"), "yes_no"))
    return Sheet(
        view["shown"]["title"],
        tuple(columns),
        tuple(_rows(view)),
        dict(_about(view, language)),
        datetime.fromisoformat(view["as_of"]).replace(tzinfo=None),
    )


def file_name(view: View) -> str:
    """What a file of these rows is called, without its end."""
    parts = ["rehearsed"] if view["rehearsed"] else []
    return "-".join([*parts, "board", view["date"], f"version-{view['edition']}"])


def _column(name: str, money: int, language: Language) -> Column:
    unit = BY_NAME[name].unit
    head = language.words["heads"][name]
    if unit == "money":
        return Column(name, head, "decimal", money)
    if unit == "ratio":
        return Column(name, head, "decimal", _RATIO_DECIMALS)
    return Column(name, head, "whole")


def _rows(view: View) -> Iterator[tuple[Value, ...]]:
    for section in view["sections"]:
        for row in section["films"]:
            cells = [_exact(row[name]) for name in BOARD_MEASURES]
            rehearsed = [True] if view["rehearsed"] else []
            name = row["shown"]["name"]
            first = (section["currency"], row["rank"], row["rank_change"], row["work_id"], name)
            yield (*first, *cells, *rehearsed)


def _exact(value: Any) -> Value:  # noqa: ANN401
    """A number as it is; money stands in an answer as decimal text."""
    return Decimal(value) if isinstance(value, str) else value


def _about(view: View, language: Language) -> Iterator[tuple[str, str]]:
    """What the rows are of, in words."""
    shown, say = view["shown"], language.say
    if view["rehearsed"]:
        yield say("about.rehearsed"), shown["rehearsed"]
    yield say("about.what"), shown["headline"]
    yield say("about.day"), view["date"]
    if shown["place"]:
        yield say("about.place"), shown["place"]
    for section in view["sections"]:
        total = say("about.total")
        yield f"{total} {section['currency']}", str(section["total"]["gross"] or "")
    yield say("about.status"), shown["status"]
    yield say("about.completeness"), shown["completeness"]
    yield say("about.version"), f"{view['edition']}"
    yield say("about.as_of"), view["as_of"]
    yield say("about.basis"), shown["basis"]
    if view["links"]["this"]:
        yield say("about.address"), view["links"]["this"]
    for name in BOARD_MEASURES:
        yield language.words["heads"][name], f"/{language.code}/definitions#{name}"
