"""What earlier versions said of the days of a film that were over, beside what is said now.

In: a film. Out: one table; one question for each of the last seven ends of a business date. Only
days that were over in a version stand under it: others were still coming in.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pharos.measure.answer import Answer
from pharos.measure.edition import Edition, edition_position
from pharos.serve.language import NOTHING
from pharos.serve.views.answered import About, Asked, dimension_name, key_cell, measured
from pharos.serve.views.asking import Asker
from pharos.serve.views.film_run import Film
from pharos.serve.views.table import Cell, Head, Table
from pharos.serve.views.wide import Key, Series, traced_cell, wide
from pharos.words.money import exponent

#: Ends of business dates that are looked back at.
DAYS = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Version:
    """What a version said of a film; ``over`` is the last business date that was over then."""

    asker: Asker
    over: date
    answer: Answer


def revisions(asker: Asker, film: Film) -> tuple[Table, ...]:
    """The days of a film that are over: what each version said of its gross."""
    asked = Asked(("gross",), ("business_date",), (f"work={film.work}",), film.period)
    over = asker.today() - _DAY
    now = _Version(asker, over, asked.answer(asker))
    versions = [now, *_earlier(asker, asked, over)]
    if len(versions) == 1:
        return (Table("film", asker.language.say("film_page.by_revision"), (), ()),)
    return (_compared(asker, asked, versions),)


def _earlier(asker: Asker, asked: Asked, over: date) -> list[_Version]:
    """The versions at the ends of the last days, the newest first; equal ones once."""
    found, seen = [], {asker.edition.position}
    for back in range(DAYS):
        day = over - back * _DAY
        position = _position(asker.edition, day)
        # Before the first report there is nothing that could have been said.
        if position and position not in seen:
            seen.add(position)
            then = _at(asker, position)
            if then.edition.territories:
                found.append(_Version(then, day, asked.answer(then)))
    return found


def _position(edition: Edition, day: date) -> int:
    """The edition at the end of a business date; never one after the page's own."""
    rules = edition.territories[edition.default_territory]
    zone = ZoneInfo(edition.zone)
    ends = datetime.combine(day + _DAY, rules.day_start, zone)
    return min(edition.position, edition_position(edition.cursor, ends))


def _at(asker: Asker, position: int) -> Asker:
    wanted = replace(asker.wanted, said={**asker.wanted.said, "as_of": str(position)})
    return replace(asker, edition=Edition(asker.edition.view, position), wanted=wanted)


def _compared(asker: Asker, asked: Asked, versions: list[_Version]) -> Table:
    say = asker.language.say
    rows = {_key(row): row for one in reversed(versions) for row in one.answer.rows}
    over = versions[0].over
    shown = {key: rows[key] for key in sorted(rows) if date.fromisoformat(key[0]) <= over}
    series = [_series(asked, one, shown) for one in versions]
    columns = list(zip(versions, series, strict=True))
    keyed: dict[Key, tuple[Cell, ...]] = {
        key: _keyed(asker, row, _revised(key, columns)) for key, row in shown.items()
    }
    currencies = {currency for _, currency in shown}
    heads = (
        Head("business_date", dimension_name("business_date", asker.language)),
        Head("currency", say("board.currency"), shown=len(currencies) > 1),
        Head("revised", say("film_page.revised"), "yes_no"),
    )
    places = max((exponent(code) for code in currencies if code), default=0)
    note = say("film_page.revisions_note")
    about = About("film", say("film_page.by_revision"), "-business_date", note=note)
    return wide(about, (heads, keyed), series, measured("gross", asker.language, places))


def _key(row: Any) -> tuple[str, str]:  # noqa: ANN401
    return row["business_date"], row["currency"]


def _series(asked: Asked, version: _Version, shown: dict[tuple[str, str], Any]) -> Series:
    """One version's column; days that were not over then are left open."""
    asker = version.asker
    say, position = asker.language.say, asker.edition.position
    cells: dict[Key, Cell] = {
        _key(row): traced_cell(asker, asked, row, "gross") for row in version.answer.rows
    }
    for key in shown:
        if date.fromisoformat(key[0]) > version.over:
            cells[key] = Cell(None, NOTHING, say("film_page.not_over"))
    text = say(
        "film_page.version_of", version=asker.language.exact(position), day=version.over.isoformat()
    )
    missing = Cell(None, NOTHING, say("film_page.nothing_then"))
    return Series(f"gross:{position}", text, cells, missing)


def _revised(key: Key, columns: list[tuple[_Version, Series]]) -> bool:
    """Whether a version in which the day was over said another number than now."""
    said = [
        one.cells.get(key, one.missing).value
        for version, one in columns
        if date.fromisoformat(str(key[0])) <= version.over
    ]
    return any(value not in (None, said[0]) for value in said)


def _keyed(asker: Asker, row: Any, revised: bool) -> tuple[Cell, ...]:  # noqa: ANN401
    say, currency = asker.language.say, row["currency"]
    text = say("film_page.yes") if revised else say("film_page.no")
    day = key_cell(asker, "business_date", row)
    return day, Cell(currency or None, currency), Cell(revised, text)
