"""Cinemas, cities, provinces and chains of a period, ranked.

In: a kind of place, a period, perhaps one film. Out: a table of places.
"""

from pharos.measure.board import latest_day
from pharos.measure.standings import BOARD_PLACES
from pharos.serve.names import in_language
from pharos.serve.sight import last_day_of_places
from pharos.serve.views.answered import About, Asked, answered, dimension_name
from pharos.serve.views.asking import Asker
from pharos.serve.views.view import Control, Page, Tab, View

MEASURES = (
    "gross", "admissions", "screenings", "theatres", "screens", "average_ticket_price",
    "occupancy", "admissions_per_screening", "per_theatre_average", "per_screen_average",
)  # fmt: skip
#: What says nothing about a single cinema that its gross does not say.
_OF_MANY = ("theatres", "per_theatre_average")
_KINDS = ("province", "city", "city_tier", "chain", "cinema")


def _make(asker: Asker) -> View:
    wanted, language = asker.wanted, asker.language
    kinds = [kind for kind in _KINDS if asker.sight.splits(kind)] or _KINDS
    by = wanted.one_of("by", (*kinds, *_KINDS))
    latest = latest_day(asker.edition, asker.now)
    latest = min(latest, last_day_of_places(asker.sight, asker.edition, asker.now))
    period = wanted.get("period") or latest.isoformat()
    where = [f"{name}={wanted.get(name)}" for name in ("work", *BOARD_PLACES) if wanted.get(name)]
    measures = tuple(name for name in MEASURES if by != "cinema" or name not in _OF_MANY)
    asked = Asked(measures, (by,), tuple(where), period)
    answer = asked.answer(asker)
    title = language.say("places_page.title", kind=dimension_name(by, language), period=period)
    if wanted.get("work"):
        film, _ = in_language(asker.edition, "work", wanted.get("work"), language.code)
        title = language.say("places_page.of_film", film=film, title=title)
    table = answered(asker, About("places", "", "-gross"), asked, answer)
    unsorted: dict[str, str | None] = {"sort.places": None, "page.places": None}
    tabs = tuple(
        Tab(
            dimension_name(kind, language),
            wanted.address(language, by=kind, **unsorted),
            kind == by,
        )
        for kind in kinds
    )
    controls = (
        Control("period", language.say("view.period"), period),
        Control("work", language.say("board.work_id"), wanted.get("work")),
        Control("by", "", by, "hidden"),
    )
    return View(title, (table,), answer, tabs=tabs, controls=controls)


PAGE = Page("places", ("by", "period", "work", *BOARD_PLACES), ("places",), _make)
