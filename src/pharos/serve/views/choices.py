"""What a reader may choose from: films, places, and dates near those that are shown.

In: what an address asks, rows of an answer. Out: fields of a form and links. Counts nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from pharos.measure.places import known_places
from pharos.serve.names import in_language
from pharos.serve.views.answered import dimension_name
from pharos.serve.views.asking import Asker
from pharos.serve.views.view import Control, Tab
from pharos.words.calendar import month_label, week_label, week_start
from pharos.words.period import Period

_DAY = timedelta(days=1)


def film_choice(asker: Asker, rows: Iterable[Mapping[str, Any]]) -> Control:
    """The films of an answer by work, in its order; the one that is wanted stands among them."""
    language, wanted = asker.language, asker.wanted.get("work")
    said = [str(row["work_id"]).removeprefix("work:") for row in rows if row["work_id"]]
    said = list(dict.fromkeys([*said, *([wanted] if wanted else [])]))
    films = [(one, in_language(asker.edition, "work", one, language.code)[0]) for one in said]
    options = (("", language.say("view.all_films")), *films)
    return Control("work", dimension_name("work", language), wanted, "select", options)


def place_choice(asker: Asker, name: str) -> Control:
    """The places of a kind that the registers know, cinemas apart: they are too many."""
    language, wanted = asker.language, asker.wanted.get(name)
    if name == "cinema":
        return Control(name, language.say("view.id", name=dimension_name(name, language)), wanted)
    known = known_places(asker.edition)[name]
    said = dict.fromkeys([*known, *([wanted] if wanted else [])])
    options = (("", language.say("view.everywhere")), *((one, one) for one in said))
    return Control(name, dimension_name(name, language), wanted, "select", options)


def periods_near(
    asker: Asker, shown: Period, is_open: Callable[[str], bool] = lambda _: True
) -> tuple[Tab, ...]:
    """The stretch before and after, and the day, week and month in which the shown one begins.

    Those are left out that the reader may not ask for.
    """
    before, after = shown.first - _DAY, shown.last + _DAY
    kind = next((k for k in _KINDS if _written(asker, k, shown.first) == shown.text), "")
    around = [_written(asker, kind, before), _written(asker, kind, after)] if kind else []
    if not kind:
        days = timedelta(days=shown.days)
        around = [f"{shown.first - days}..{before}", f"{after}..{shown.last + days}"]
    inside = [_written(asker, k, shown.first) for k in _KINDS]
    texts = [around[0], *(text for text in inside if text), around[1]]
    arrows = {around[0]: "‹ {}", around[1]: "{} ›"}
    return tuple(
        Tab(arrows.get(text, "{}").format(text), _at(asker, "period", text), text == shown.text)
        for text in dict.fromkeys(texts)
        if is_open(text)
    )


_KINDS = ("day", "week", "month")


def _written(asker: Asker, kind: str, day: date) -> str:
    """The day, week or month of a day as a period; empty where there are no weeks."""
    if kind == "day":
        return day.isoformat()
    if kind == "month":
        return month_label(day)
    rules = asker.edition.territories.get(asker.edition.default_territory)
    first = rules.week_first if rules else None
    return "" if first is None else week_label(week_start(day, first))


def days_near(asker: Asker, shown: date, coming: date, count: int) -> tuple[Tab, ...]:
    """So many days from ``coming``, and the shown day with its neighbours."""
    days = {coming + n * _DAY for n in range(count)} | {shown - _DAY, shown, shown + _DAY}
    return tuple(
        Tab(
            asker.language.short_day(day.isoformat()),
            _at(asker, "date", day.isoformat()),
            day == shown,
        )
        for day in sorted(days)
    )


def _at(asker: Asker, name: str, text: str) -> str:
    """The page at another date, its tables from their first page again."""
    turned: Iterator[str] = (one for one in asker.wanted.said if one.startswith("page."))
    unturned: dict[str, str | None] = dict.fromkeys(turned)
    return asker.wanted.address(asker.language, **unturned, **{name: text})
