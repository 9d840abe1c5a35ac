"""One film: its run by day, week and weekend, its hours, places, versions, prices and revisions.

In: a film, a run or a period of it, and a way to look at it. Out: a few tables; without a film
those of the home, to choose from.
"""

from pharos.errors import NotPublic
from pharos.serve.language import Language
from pharos.serve.views.asking import Asker, Wanted
from pharos.serve.views.film_list import film_list
from pharos.serve.views.film_revisions import revisions
from pharos.serve.views.film_run import Film, film_of, has_weeks
from pharos.serve.views.film_tables import PLACES, SPLITS, tables_of, to_date
from pharos.serve.views.links import kept
from pharos.serve.views.table import Table
from pharos.serve.views.view import Control, Page, Tab, View

#: Ways to look at a film, and what each is called.
_BY = {
    "day": "film_page.by_day",
    "weekend": "film_page.by_weekend",
    "week": "film_page.by_week",
    "hour": "film_page.by_hour",
    "province": "film_page.by_province",
    "city": "film_page.by_city",
    "city_tier": "film_page.by_city_tier",
    "chain": "film_page.by_chain",
    "version": "film_page.by_version",
    "price": "film_page.by_price",
    "run": "film_page.by_run",
    "revision": "film_page.by_revision",
}
#: What a way to look at a film leaves behind: the order and the page of another table.
_RESET: dict[str, str | None] = {
    "table": None,
    **{f"{way}.{name}": None for way in ("sort", "page") for name in ("film", "more", "so_far")},
}


def _make(asker: Asker) -> View:
    if not asker.wanted.get("work"):
        return film_list(asker)
    by = asker.wanted.one_of("by", tuple(_BY))
    film = film_of(asker, asker.wanted.get("work"))
    say = asker.language.say
    lead = " · ".join(part for part in (film.also, _dates(film, asker.language)) if part)
    if not film.runs:
        nothing = (Table("film", "", (), ()),)
        return View(film.name, nothing, None, lead, empty=say("film_page.no_figures"))
    if by not in PLACES and not _is_open(asker, film, by):
        raise NotPublic(f"a film by {by} is not open to anonymous readers")
    made = revisions(asker, film) if by == "revision" else tables_of(asker, film, by)
    empty = "film_page.no_earlier" if by == "revision" else "film_page.no_figures"
    summary, answer = to_date(asker, film)
    return View(
        film.name, (summary, *made), answer, lead,
        tabs=_tabs(asker, film, by), controls=_controls(asker, film, by),
        empty=say(empty),
    )  # fmt: skip


def _dates(film: Film, language: Language) -> str:
    run = film.run
    if run is None:
        return ""
    if len(film.runs) > 1:
        return language.say("film_page.run_of", run=run.number, first=run.first, last=run.last)
    return language.say("film_page.dates", first=run.first, last=run.last)


def _tabs(asker: Asker, film: Film, by: str) -> tuple[Tab, ...]:
    language, wanted = asker.language, asker.wanted
    ways = [way for way in _BY if way not in ("week", "weekend") or has_weeks(asker.edition)]
    ways = [way for way in ways if _is_open(asker, film, way)]
    tabs = [
        Tab(
            language.say(_BY[way]),
            wanted.address(language, **{**_RESET, "by": way}),
            way == by,
        )
        for way in ways
    ]
    compared = {"works": film.work, **kept(wanted)}
    beside = language.say("film_page.compare")
    return (*tabs, Tab(beside, Wanted("compare", compared).address(language)))


def _is_open(asker: Asker, film: Film, way: str) -> bool:
    """Whether a reader may look at a film in this way."""
    if way == "revision":
        return not asker.sight.is_anonymous
    if way in PLACES:
        return film.asked(("gross",), (way,)).is_open(asker)
    return any(all(map(asker.sight.splits, by)) for by in SPLITS.get(way, ((way,),)))


def _controls(asker: Asker, film: Film, by: str) -> tuple[Control, ...]:
    say, wanted = asker.language.say, asker.wanted
    controls = [
        Control("work", "", film.work, "hidden"),
        Control("by", "", by, "hidden"),
        Control("period", say("film_page.period"), wanted.get("period")),
    ]
    if len(film.runs) > 1:
        runs = tuple(
            (str(r.number), say("film_page.run_of", run=r.number, first=r.first, last=r.last))
            for r in reversed(film.runs)
        )
        controls.append(Control("run", say("film_page.by_run"), wanted.get("run"), "select", runs))
    return tuple(controls)


PAGE = Page(
    "film",
    ("work", "by", "period", "run", "name"),
    ("film", "more", "so_far"),
    _make,
)
