"""What a board says of other days: exact values for its JSON, texts for its page.

In: what was found beside a board. Out: parts of its total and of its films. No arithmetic.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from pharos.measure.beside import COMING_DAYS, Beside, Earlier
from pharos.measure.question import BASES
from pharos.serve.drawn import line_path
from pharos.serve.language import Language
from pharos.words import numerals


def of_total(
    beside: Beside, currency: str, language: Language, asked: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Values and texts of a total: other days at the same minute, presales of days to come.

    ``asked`` has the place and the basis of the board, as addresses say them.
    """
    values: dict[str, Any] = {
        "beside": {"edition": beside.edition, "moment": beside.moment.isoformat()},
        "earlier": [_value(one, beside.earlier[0], currency) for one in beside.earlier],
        "coming": [
            {"date": row["business_date_id"]}
            | {name: row[name] for name in ("gross", "admissions", "screenings")}
            for row in beside.coming
            if row["currency"] == currency
        ],
    }
    texts: dict[str, str] = {}
    for one in beside.earlier:
        texts |= _of_earlier(beside, one, currency, language, asked)
    return values, texts | _of_coming(values["coming"], language, asked)


def _value(one: Earlier, same: Earlier, currency: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "date": one.day.isoformat(),
        "sold_until": one.until.isoformat() if one.until else None,
        "gross": one.gross.get(currency, {}).get("gross"),
        "change": None if one is same else same.change(one, currency),
    }


def _of_earlier(
    beside: Beside, one: Earlier, currency: str, language: Language, asked: Mapping[str, str]
) -> dict[str, str]:
    gross = one.gross.get(currency, {}).get("gross")
    same = beside.earlier[0]
    change = None if one is same else same.change(one, currency)
    query = {**_where(asked), "period": one.day.isoformat(), "as_of": str(beside.edition)}
    if one.until:
        query["sold_until"] = one.until.isoformat()
    name = f"earlier_{one.name}"
    return {
        name: language.number("gross", gross),
        f"{name}_change": "" if change is None else numerals.change(change),
        f"{name}_way": "" if not change else "up" if change > 0 else "down",
        f"{name}_link": f"/{language.code}/trace?{urlencode(query)}&measure=gross",
    }


def _where(asked: Mapping[str, str]) -> dict[str, str]:
    basis = asked.get("basis", BASES[0])
    places = [f"{name}={value}" for name, value in asked.items() if name != "basis"]
    said = {"where": places[0]} if places else {}
    return said | ({"basis": basis} if basis != BASES[0] else {})


def _of_coming(
    coming: Sequence[Mapping[str, Any]], language: Language, asked: Mapping[str, str]
) -> dict[str, str]:
    """As many days as there may be, so that each has its place on the page."""
    texts: dict[str, str] = {}
    for nth in range(COMING_DAYS):
        row = coming[nth] if nth < len(coming) else None
        name = f"coming_{nth + 1}"
        texts |= {
            name: "" if row is None else language.number("gross", row["gross"]),
            f"{name}_day": "" if row is None else language.short_day(row["date"]),
            f"{name}_link": ""
            if row is None
            else f"/{language.code}/board?{urlencode({'date': row['date'], **asked})}",
        }
    return texts


def of_film(
    beside: Beside, film: tuple[str, str], place: int | None, language: Language
) -> tuple[dict[str, Any], dict[str, str]]:
    """Values and texts of a film: places gained, and the gross of the week before."""
    move, trend = beside.moved(film, place), beside.trend.get(film, ())
    # Where nothing is known of the day before, nothing is new.
    is_new = bool(beside.ranks) and place is not None and film not in beside.ranks
    shown = language.move(move) if move is not None else ""
    texts = {
        "move": language.say("board.new") if is_new else shown,
        "move_way": "" if not move else "up" if move > 0 else "down",
        "trend": line_path(trend),
        "trend_title": ", ".join(
            f"{language.short_day(day.isoformat())} {language.number('gross', gross)}"
            for day, gross in zip(beside.days, trend, strict=False)
        ),
    }
    return {"rank_change": move, "trend": list(trend)}, texts
