"""The coming day: what is on, what is sold already, and what was sold last week at this hour.

In: a business date, perhaps places or a film. Out: tables by film, cinema and hour of screening.

Presales are tickets sold until a moment: that of the version that is asked, so that it says the
same again; for a day that has begun the start of that day. Seven days before, the clock on the
wall showed the same. Only ticket events say when they were sold, and the page says so.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pharos.measure.answer import Answer
from pharos.measure.standings import BOARD_PLACES
from pharos.serve.language import NOTHING
from pharos.serve.views.answered import About, Asked, answered, titled
from pharos.serve.views.asking import Asker
from pharos.serve.views.choices import days_near, film_choice, place_choice
from pharos.serve.views.table import Cell, Chart, Table, joined, leading, named
from pharos.serve.views.view import Control, Page, View
from pharos.words.calendar import earlier_on_the_wall, resolve

_SOLD = ("presales", "admissions")
_OFFERED = ("screenings", "seats_offered", "occupancy")
_SHARES = ("box_office_share", "screening_share", "seat_share", "prime_time_share")
#: The tables with what is said above them, the first that of files.
_TABLES = {
    "films": ("tomorrow_page.films", "tomorrow_page.films_note"),
    "market": ("tomorrow_page.market", "tomorrow_page.market_note"),
    "pace": ("tomorrow_page.pace", "tomorrow_page.pace_note"),
    "cinemas": ("tomorrow_page.cinemas", "tomorrow_page.cinemas_note"),
    "hours": ("tomorrow_page.hours", "tomorrow_page.hours_note"),
    "grains": ("tomorrow_page.grains", "tomorrow_page.grains_note"),
}
_WEEK = timedelta(days=7)
#: Coming days that a reader may go to at once.
_DAYS = 7
#: Day start of a home without territories.
_MORNING = time(6)


@dataclass(frozen=True, slots=True)
class _Day:
    """The day, what of it is asked, and until when tickets were sold; as ``then`` a week before."""

    asker: Asker
    day: date
    until: datetime
    where: tuple[str, ...]

    @property
    def then(self) -> "_Day":
        """The same day of the week before, at the same time of the wall's clock."""
        zone = ZoneInfo(self.asker.edition.zone)
        until = earlier_on_the_wall(self.until, _WEEK, zone)
        return replace(self, day=self.day - _WEEK, until=until)

    @property
    def moment(self) -> str:
        """Until when, in words."""
        return self.asker.language.moment(self.until, self.asker.edition.zone)

    def sold(self, measures: tuple[str, ...], *by: str) -> Asked:
        """A question about what was sold until the moment."""
        return replace(self.ever(measures, *by), sold_until=self.until.isoformat())

    def ever(self, measures: tuple[str, ...], *by: str) -> Asked:
        """A question about whatever was sold."""
        return Asked(measures, by, self.where, self.day.isoformat())


def _make(asker: Asker) -> View:
    wanted = asker.wanted
    coming = asker.today() + timedelta(days=1)
    day = wanted.day("date") or coming
    where = wanted.conditions(("work", *BOARD_PLACES))
    found = _Day(asker, day, _until(asker, day), where)
    all_films = found.sold((*_SOLD, *_OFFERED))
    films = found.sold((*_SOLD, *_OFFERED, *_SHARES), "work")
    total, by_work = all_films.answer(asker), films.answer(asker)
    tables = (
        _paced(found, "market", all_films, total),
        answered(asker, _about(found, "films", "-presales"), films, by_work),
        _paced(found, "pace", replace(films, measures=_SOLD), by_work),
        _by_hour(found) if wanted.get("cinema") else _by_cinema(found),
        answered(asker, _about(found, "grains"), found.ever(("theatres", *_OFFERED[:2]), "grain")),
    )
    lead = asker.language.say("tomorrow_page.lead", moment=found.moment)
    days = days_near(asker, day, coming, _DAYS)
    return View(
        _title(found), tables, total, lead, periods=days, controls=_controls(found, by_work)
    )


def _until(asker: Asker, day: date) -> datetime:
    """The moment of the version; the start of the day, where that was earlier."""
    edition = asker.edition
    rules = edition.territories.get(edition.default_territory)
    start = rules.day_start if rules else _MORNING
    begins, _ = resolve(datetime.combine(day, start), ZoneInfo(edition.zone))
    # Not the clock: what was sold since the last report is not known, and last week it is.
    return min(edition.at, begins).astimezone(UTC)


def _about(found: _Day, name: str, order: str = "", chart: Chart | None = None) -> About:
    title, note = (found.asker.language.say(word) for word in _TABLES[name])
    return About(name, title, order, chart, note)


def _paced(found: _Day, name: str, asked: Asked, answer: Answer) -> Table:
    """What was sold, beside the same a week before at this hour, and that whole day."""
    asker, then, say = found.asker, found.then, found.asker.language.say
    nothing = Cell(None, NOTHING, say("tomorrow_page.nothing_sold"))
    table = answered(asker, _about(found, name, "-presales" if asked.by else ""), asked, answer)
    sold = answered(asker, About("", ""), then.sold(_SOLD, *asked.by))
    ever = answered(asker, About("", ""), then.ever(("gross",), *asked.by))
    earlier = (say("tomorrow_page.presales_then"), say("tomorrow_page.admissions_then"))
    table = joined(table, sold, dict(zip(_SOLD, earlier, strict=True)), nothing)
    return joined(table, ever, {"gross": say("tomorrow_page.gross_then")}, nothing)


def _by_cinema(found: _Day) -> Table:
    """Cinemas; each leads to its own films and hours."""
    asker, wanted = found.asker, found.asker.wanted
    asked = found.sold((*_SOLD, *_OFFERED), "cinema")
    table = answered(asker, _about(found, "cinemas", "-presales"), asked)

    def own(cinema: str) -> str:
        return wanted.address(asker.language, cinema=cinema, **{"page.cinemas": None, "name": None})

    return leading(named(table, wanted.get("name")), "cinema", "cinema_id", own)


def _by_hour(found: _Day) -> Table:
    """Films of one cinema by the hour in which they start."""
    asked = found.sold((*_SOLD, *_OFFERED), "work", "screening_hour")
    return answered(found.asker, _about(found, "hours", "screening_hour"), asked)


def _title(found: _Day) -> str:
    language = found.asker.language
    title = language.say("tomorrow_page.title", day=language.day(found.day))
    return titled(found.asker, title, ("work", *BOARD_PLACES))


def _controls(found: _Day, films: Answer) -> tuple[Control, ...]:
    asker, language = found.asker, found.asker.language
    day = Control("date", language.say("tomorrow_page.date"), found.day.isoformat(), "date")
    film = film_choice(asker, films.rows)
    if not asker.sight.splits("cinema"):
        # Of places nobody is told what is sold, and there are no cinemas to search.
        return day, film
    places = tuple(place_choice(asker, name) for name in BOARD_PLACES)
    name = Control("name", language.say("view.search"), asker.wanted.get("name"), "search")
    return (day, film, *places, name)


PAGE = Page("tomorrow", ("date", "work", *BOARD_PLACES, "name"), tuple(_TABLES), _make)
