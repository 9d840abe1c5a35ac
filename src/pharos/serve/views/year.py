"""A year as the calendar shows it: its span, windows and notes, and what each day says.

In: what an address asks; the answer by business date. Out: a `Year`, a `Calendar`, columns of
days. No arithmetic.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from pharos.measure import days as of_days
from pharos.measure.answer import Answer
from pharos.measure.board import latest_day
from pharos.measure.catalogue import BY_NAME
from pharos.measure.coverage import statuses
from pharos.measure.standings import BOARD_PLACES
from pharos.serve.language import Language
from pharos.serve.views import months
from pharos.serve.views.answered import dimension_name, measure_text
from pharos.serve.views.asking import Asker
from pharos.serve.views.links import page_about
from pharos.serve.views.months import Calendar, Day
from pharos.serve.views.noted import notes_in, told
from pharos.serve.views.table import Cell, Head, Table, beside
from pharos.words.notes import Note
from pharos.words.period import Period
from pharos.words.territory import Window

#: What the calendar counts, the first unless the address says another.
MEASURES = ("gross", "admissions", "screenings", "average_ticket_price", "occupancy")
_PLACES = ("territory", *BOARD_PLACES)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Year:
    """A year that is asked. ``last`` is its last day, or today while it runs.

    ``windows`` are those of ``territory`` that touch the year.
    """

    asker: Asker
    number: int
    measure: str
    territory: str
    last: date
    windows: tuple[Window, ...]
    notes: Sequence[Note]

    @property
    def where(self) -> tuple[str, ...]:
        """Of what film and places everything is."""
        wanted = self.asker.wanted
        return tuple(f"{n}={wanted.get(n)}" for n in ("work", *_PLACES) if wanted.get(n))

    def span(self, years: int = 1) -> str:
        """The period of the year, and of the years before it that make ``years`` together."""
        return f"{self.number - years + 1}-01-01..{self.last}"


def year_of(asker: Asker) -> Year:
    """The year that an address asks, the newest with figures unless it says one."""
    edition, wanted = asker.edition, asker.wanted
    newest = latest_day(edition, asker.now).year
    number = wanted.number("year", newest, 2199)
    # A period of such a year is refused in words; so is one before it.
    asker.edition.period(str(number))
    measure = wanted.one_of("measure", MEASURES)
    territory = wanted.get("territory") or edition.default_territory
    first, last, now = date(number, 1, 1), date(number, 12, 31), asker.today()
    touching = [
        window
        for window in of_days.windows(edition, territory)
        if window.first <= last and first <= window.last
    ]
    upto = now if first <= now <= last else last
    notes = notes_in(asker, first, last)
    return Year(asker, number, measure, territory, upto, tuple(touching), notes)


def window_title(window: Window, language: Language) -> str:
    """What a window is called, with those that it is merged with."""
    return " + ".join(window_name(name, language) for name in (window.name, *window.merged))


def window_name(name: str, language: Language) -> str:
    """What a window is called; one of a user's own as its file has it."""
    words = name.replace("-", " ")
    return language.known("windows", name) or words[:1].upper() + words[1:]


def with_days(year: Year, table: Table, answer: Answer) -> Table:
    """The table of days with the status of each, its windows and notes."""
    asker, language = year.asker, year.asker.language
    said = language.words["statuses"]
    heads = (
        Head("status", language.say("about.status")),
        Head("window", dimension_name("window", language)),
        Head("note", language.say("calendar_page.notes")),
    )
    span = Period(date(year.number, 1, 1), year.last, "")
    found = statuses(asker.edition, span, asker.now)
    windows, notes = _windows(year), _notes(year)
    cells = []
    for row in answer.rows:
        day = date.fromisoformat(row["business_date_id"])
        cells.append((_text(said[found[day]]), _texts(windows[day]), _texts(notes[day])))
    return beside(table, heads, cells)


def _text(text: str) -> Cell:
    return Cell(text or None, text)


def _texts(texts: Iterable[str]) -> Cell:
    return _text("; ".join(texts))


def _windows(year: Year) -> Mapping[date, list[str]]:
    """The names of the windows of each day."""
    language = year.asker.language
    return _by_day(year, ((w.first, w.last, window_title(w, language)) for w in year.windows))


def _notes(year: Year) -> Mapping[date, list[str]]:
    """The notes of each day, in words."""
    return _by_day(year, ((n.first, n.last, told(year.asker, n)) for n in year.notes))


def _by_day(year: Year, spans: Iterable[tuple[date, date, str]]) -> Mapping[date, list[str]]:
    found: dict[date, list[str]] = defaultdict(list)
    for first, last, text in spans:
        day = max(first, date(year.number, 1, 1))
        while day <= min(last, date(year.number, 12, 31)):
            found[day].append(text)
            day += _DAY
    return found


def calendar_of(year: Year, answer: Answer) -> Calendar:
    """The year as twelve months, each day in the shade of its rank."""
    asker, language = year.asker, year.asker.language
    numbers, texts = _numbers(year, answer)
    shaded, windows, notes = months.shades(numbers), _windows(year), _notes(year)
    name = measure_text(year.measure, language)
    days = {}
    for day in months.every_day(year.number):
        number = f"{name} {texts[day]}" if day in texts else language.say("calendar_page.nothing")
        about = [*windows[day], *notes[day]]
        says = language.say("calendar_page.day", day=language.day(day), number=number)
        marks = [mark for mark, some in (("w", windows[day]), ("m", notes[day])) if some]
        days[day] = Day(
            day.isoformat(), language.exact(day.day), shaded.get(day, 0),
            " · ".join([says, *about]), _board(year, day), " ".join(marks),
        )  # fmt: skip
    rules = asker.edition.territories.get(year.territory)
    week_first = (rules.week_first if rules else 0) or 0
    told_marks = (
        ("w", dimension_name("window", language)),
        ("m", language.say("calendar_page.notes")),
    )
    return Calendar(
        title=language.say("calendar_page.by_day", measure=name),
        weekdays=months.weekdays(week_first, language),
        months=months.months(year.number, days, week_first, language),
        legend=tuple(_legend(numbers, texts, language)),
        marked=tuple(one for one in told_marks if any((windows, notes)[one[0] == "m"].values())),
        beside=tuple(_beside(year)),
    )


def _legend(
    numbers: Mapping[date, Decimal], texts: Mapping[date, str], language: Language
) -> Iterable[tuple[int, str]]:
    yield 0, language.say("calendar_page.nothing")
    for shade, least in months.legend(numbers, texts):
        yield shade, language.say("calendar_page.least", least=least)


def _numbers(year: Year, answer: Answer) -> tuple[dict[date, Decimal], dict[date, str]]:
    """The number of each day, and how it is written; of the home's currency if there are many."""
    asker, name = year.asker, year.measure
    many = len({row.get("currency") for row in answer.rows}) > 1
    numbers, texts = {}, {}
    for row in answer.rows:
        if row[name] is None or (many and row["currency"] != asker.edition.home.currency):
            continue
        day = date.fromisoformat(row["business_date_id"])
        numbers[day] = Decimal(str(row[name]))
        texts[day] = _written(name, row, asker.language)
    return numbers, texts


def _written(name: str, row: Mapping[str, Any], language: Language) -> str:
    text = language.number(name, row[name])
    return language.money(text, row["currency"]) if BY_NAME[name].unit == "money" else text


def _board(year: Year, day: date) -> str:
    """The board of a day, of the same place if it is of one."""
    wanted = year.asker.wanted
    link = page_about(year.asker.language, wanted, "business_date", day.isoformat())
    said = {name: wanted.get(name) for name in BOARD_PLACES if wanted.get(name)}
    return f"{link}&{urlencode(said)}" if len(said) == 1 else link


def _beside(year: Year) -> Iterable[tuple[str, str]]:
    """The years before and after of which there are figures."""
    asker = year.asker
    for number in of_days.years(asker.edition):
        if abs(number - year.number) == 1:
            turned: dict[str, str | None] = {"year": str(number), "page.days": None}
            yield str(number), asker.wanted.address(asker.language, **turned)
