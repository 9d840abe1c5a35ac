"""What the board page says: the same for the page and for its JSON.

In: the query of a URL, an edition. Out: a value with each row as answers give it, and the texts
that a reader sees. No arithmetic, no HTTP.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pharos.errors import BadQuestion, UnknownWord
from pharos.measure.beside import Beside, beside, nothing_beside
from pharos.measure.board import BOARD_MEASURES, Board, Cut, board, questions
from pharos.measure.board import latest_day as latest_day_of
from pharos.measure.edition import Edition
from pharos.measure.places import known_places
from pharos.measure.question import BASES, Question
from pharos.measure.standings import (
    BOARD_PLACES,
    Standings,
    anything_said,
    standings,
)
from pharos.serve import board_beside
from pharos.serve.asking import as_of, day, said_once
from pharos.serve.language import NOTHING, Language
from pharos.serve.names import in_language
from pharos.serve.policy import PLACE_MEASURES, Sight, everything, permit
from pharos.serve.sight import ask, is_cut, last_day_of_places
from pharos.serve.views.names import ENDS

Said = Mapping[str, Any]
View = dict[str, Any]

#: What the address of a board may say.
PARAMETERS = ("date", *BOARD_PLACES, "place", "basis", "as_of", "wall")
_DAY = timedelta(days=1)
#: What a board of a place says instead of what an anonymous reader is not told of places.
_NOT_TOLD = {
    f"{name}{end}": text
    for name in BOARD_MEASURES
    if name not in PLACE_MEASURES
    for end, text in (("", None), ("_reason", "it is not told of places"))
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A board as an address asks for it; ``day`` None is the latest."""

    day: date | None = None
    place: tuple[str, str] | None = None
    basis: str = "paid"
    as_of: str = ""
    #: For a big screen that nobody stands in front of.
    wall: bool = False

    @property
    def edition(self) -> int | datetime | None:
        """The edition that is asked; None is the newest."""
        return as_of(self.as_of or None)

    def address(self, language: Language, **other: str | None) -> str:
        """The page's own address; ``other`` replaces parts of it, None leaves one out."""
        said: dict[str, str | None] = {"date": self.day.isoformat() if self.day else None}
        said |= dict([self.place] if self.place else [])
        said |= {"basis": None if self.basis == BASES[0] else self.basis}
        said |= {"as_of": self.as_of or None, "wall": "1" if self.wall else None} | other
        query = urlencode({name: value for name, value in said.items() if value})
        return f"/{language.code}/board" + (f"?{query}" if query else "")

    def file(self, language: Language, kind: str) -> str:
        """The address of the same rows as a file."""
        return self.address(language, wall=None).replace("/board", f"/board.{kind}", 1)


def asked(pairs: Sequence[tuple[str, str]]) -> Asked:
    """The board that the query of an address asks for. Raises BadQuestion or UnknownWord."""
    said = {name: text for name, text in said_once(pairs, PARAMETERS).items() if text}
    places = [(name, said[name]) for name in BOARD_PLACES if name in said]
    # What the form of the page sends: a place of its list, or a cinema in a field of its own.
    if "place" in said and not places:
        name, _, value = said["place"].partition("=")
        if name not in BOARD_PLACES or not value:
            raise BadQuestion(f"place={said['place'][:60]!r} is none; write province=NAME")
        places = [(name, value)]
    if len(places) > 1:
        raise BadQuestion(f"a board has one place; {' and '.join(n for n, _ in places)} are two")
    basis = said.get("basis", BASES[0])
    if basis not in BASES:
        raise UnknownWord("basis", basis, BASES)
    moment, wall = said.get("as_of", ""), said.get("wall", "")
    as_of(moment or None)
    if wall not in ("", "0", "1"):
        raise UnknownWord("wall", wall, ("0", "1"))
    place = places[0] if places else None
    return Asked(day("date", said.get("date", "")), place, basis, moment, wall == "1")


#: Gives a cut's newest board from memory to a function; None where SQL has to be asked.
Live = Callable[[Cut, datetime, Callable[[Edition, Board], View]], View | None]


def by_sql_only(cut: Cut, now: datetime, use: Callable[[Edition, Board], View]) -> None:
    """No board is in memory."""
    del cut, now, use


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a board: in which language, when, where live boards come from, what he sees."""

    language: Language
    now: datetime
    live: Live = by_sql_only
    sight: Sight = field(default_factory=everything)
    #: What stands beside the newest board of a cut.
    beside: Callable[[Edition, Cut, datetime], Beside] = beside


def view(edition: Edition, wanted: Asked, reader: Reader) -> View:
    """Everything that the board page says. Raises what a question raises."""
    sight = reader.sight
    latest = latest_day_of(edition, reader.now)
    if sight.is_anonymous and wanted.place:
        latest = min(latest, last_day_of_places(sight, edition, reader.now))
    cut = Cut(wanted.day or latest, wanted.place, wanted.basis)
    asked = [_narrowed(one, sight) for one in questions(cut)]
    for one in asked:
        permit(sight, replace(one, as_of=wanted.edition))
    _require_place(edition, wanted)

    is_narrow = any(sight.is_narrow(one) for one in asked)
    find = reader.beside if wanted.edition is None else beside

    def said(newest: Edition, found: Board) -> View:
        # Of places nobody is told what looks at other days.
        others = (nothing_beside if is_narrow else find)(edition, cut, reader.now)
        links = _Links(wanted, reader.language, cut.day, newest.position, sight)
        return _view(newest, found, others, links, latest)

    if is_narrow:
        total, films = (ask(sight, edition, one, reader.now) for one in asked)
        rows = tuple({**row, **_NOT_TOLD} for row in films.rows)
        return said(edition, Board(cut, total, replace(films, rows=rows)))
    if wanted.edition is None and (live := reader.live(cut, reader.now, said)) is not None:
        return live
    return said(edition, board(edition, cut, reader.now))


def _narrowed(asked: Question, sight: Sight) -> Question:
    """A board's question, without what somebody is not told of places."""
    if not sight.is_narrow(asked):
        return asked
    told = tuple(one for one in asked.measures if one.name in PLACE_MEASURES)
    return replace(asked, measures=told)


def _view(edition: Edition, found: Board, others: Beside, links: "_Links", latest: date) -> View:
    wanted, language, day = links.wanted, links.language, links.day
    sections = [_section(edition, table, others, links) for table in standings(found)]
    made: View = {
        "language": language.code,
        "rehearsed": edition.home.rehearsed,
        "date": day.isoformat(),
        "place": dict([wanted.place]) if wanted.place else None,
        "edition": edition.position,
        "as_of": found.films.as_of,
        "pinned": bool(wanted.as_of),
        "wall": wanted.wall,
        "basis": wanted.basis,
        "territory": found.films.territory,
        "status": found.films.status,
        "completeness": dict(found.films.completeness),
        "sections": sections,
    }
    silent = "no_day" if anything_said(edition) else "empty"
    made["state"] = "shown" if sections else silent
    made["shown"] = _shown(edition, made, language, wanted)
    made["shown"]["withheld"] = language.say("view.withheld") if is_cut(found.films) else ""
    made["links"] = _around(wanted, language, day, latest) | {"this": links.pinned()}
    return made


@dataclass(frozen=True, slots=True)
class _Links:
    """Where the numbers of a board lead: each to what stands behind it, in this very version."""

    wanted: Asked
    language: Language
    day: date
    edition: int
    sight: Sight

    def trace(self, work: str = "") -> str:
        """The trace of a row; the measure is added at its end."""
        where = [f"work={work.removeprefix('work:')}"] if work else []
        where += ["=".join(self.wanted.place)] if self.wanted.place else []
        said = [("where", one) for one in where] + [("period", self.day.isoformat())]
        if self.wanted.basis != BASES[0]:
            said.append(("basis", self.wanted.basis))
        query = urlencode([*said, ("as_of", str(self.edition))])
        return self.sight.link(f"/{self.language.code}/trace?{query}&measure=")

    def of_place(self) -> dict[str, str]:
        """The place and the basis of the board, as an address says them."""
        basis = {} if self.wanted.basis == BASES[0] else {"basis": self.wanted.basis}
        return dict([self.wanted.place] if self.wanted.place else []) | basis

    def film(self, work: str) -> str:
        """The page of a film."""
        said = {"work": work.removeprefix("work:"), "as_of": self.wanted.as_of}
        query = urlencode({name: text for name, text in said.items() if text})
        return self.sight.link(f"/{self.language.code}/film?{query}")

    def offered(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Texts in which those that lead where the reader may not go are empty."""
        return {n: self.sight.link(t) if n.endswith("_link") else t for n, t in texts.items()}

    def pinned(self) -> str:
        """The board as it stands now, for ever."""
        return self.sight.link(
            self.wanted.address(self.language, date=self.day.isoformat(), as_of=str(self.edition))
        )


def _require_place(edition: Edition, wanted: Asked) -> None:
    """Refuse a place that no register knows: its board would be empty, and look like a zero."""
    if wanted.place is None:
        return
    name, value = wanted.place
    known = known_places(edition)
    if name in known and value not in known[name]:
        raise UnknownWord(name, value, known[name])


def _section(edition: Edition, table: Standings, others: Beside, links: _Links) -> View:
    language, currency = links.language, table.currency
    values, texts = board_beside.of_total(others, currency, language, links.of_place())
    shown = _cells(table.total, language) | links.offered(texts)
    # Where large numbers are cut short, the one that is watched stands beside it to the last digit.
    is_short = bool(shown["gross_title"]) and table.total["gross"] is not None
    shown["gross_exact"] = language.exact(table.total["gross"]) if is_short else ""
    total = {**table.total, **values, "shown": shown}
    films = []
    for place, row in table.films:
        film = _film(edition, (place, row), language)
        values, texts = board_beside.of_film(others, (row["work_id"], currency), place, language)
        film["shown"] |= texts | {"film_link": links.film(row["work_id"])}
        films.append(film | values | {"trace": links.trace(row["work_id"])})
    return {
        "currency": currency,
        "total": total | {"trace": links.trace()},
        "films": films,
    }


def _film(edition: Edition, placed: tuple[int | None, Said], language: Language) -> View:
    place, row = placed
    name, also = in_language(edition, "work", row["work_id"], language.code)
    cells = _cells(row, language)
    share = row["box_office_share"]
    cells |= {
        "rank": NOTHING if place is None else language.exact(place),
        "name": name,
        "also": also,
        "unregistered": language.say("board.unregistered") if row["work_provisional"] else "",
        # Where more was given back than sold, a share lies outside of what a bar can be.
        "bar": str(min(max(share, 0), 1)) if share is not None else "0",
    }
    return {**row, "rank": place, "shown": cells}


def _cells(row: Said, language: Language) -> dict[str, str]:
    """Each number as a reader sees it, and under ``_title`` exactly, or why there is none."""
    cells = {}
    for name in (measure for measure in BOARD_MEASURES if measure in row):
        value = row[name]
        cells[name] = language.number(name, value)
        if value is None:
            cells[f"{name}_title"] = language.reason(row[f"{name}_reason"])
        else:
            exact = language.exact(value)
            is_whole = exact == cells[name]
            cells[f"{name}_title"] = "" if is_whole else language.say("board.exactly", exact=exact)
    return cells


def _around(wanted: Asked, language: Language, day: date, latest: date) -> dict[str, Any]:
    """Addresses of the boards beside this one."""

    def at(other: date) -> str:
        return wanted.address(language, date=other.isoformat())

    return {
        "before": at(day - _DAY),
        "after": at(day + _DAY),
        "latest": wanted.address(language, date=None),
        "newest": wanted.address(language, as_of=None),
        "everywhere": Asked(wanted.day, None, wanted.basis, wanted.as_of).address(language),
        "latest_day": latest.isoformat(),
        "wall": wanted.address(language, wall=None if wanted.wall else "1"),
        "json": wanted.file(language, "json"),
        "files": {kind: wanted.file(language, kind) for kind in ENDS},
    }


def _shown(edition: Edition, made: View, language: Language, wanted: Asked) -> dict[str, str]:
    """The texts around the table; the page puts each where its name stands."""
    say, day = language.say, language.day(date.fromisoformat(made["date"]))
    complete, status = made["completeness"], made["status"]
    headline, completeness = _completeness(edition, made, language)
    totals = [_total(section, language) for section in made["sections"]]
    title = say("board.title", total=" + ".join(totals), day=day) if totals else say(
        "board.no_title", day=day)  # fmt: skip
    moment = language.moment(datetime.fromisoformat(made["as_of"]), edition.zone)
    unexpected = complete.get("unexpected_cinemas") or 0
    shown = {
        "title": f"{title} · Pharos",
        "day": day,
        "headline": headline,
        "place": _place(edition, wanted, language),
        "status": language.words["statuses"][status],
        "status_sentence": language.words["status_sentences"][status],
        "completeness": completeness,
        "unexpected": say("board.unexpected", count=language.exact(unexpected))
        if unexpected
        else "",
        "version": say("board.version", edition=language.exact(made["edition"])),
        "as_of": say("board.as_of", moment=moment),
        "basis": language.words["bases"][wanted.basis],
        "summary": _summary(made, headline, language),
    }
    if made["rehearsed"]:
        shown["title"] = say("site.rehearsed_title", title=shown["title"])
        shown["rehearsed"] = say("site.rehearsed")
        shown["rehearsed_more"] = say("site.rehearsed_more")
    return shown


def _completeness(edition: Edition, made: View, language: Language) -> tuple[str, str]:
    """The name of the total by the cinemas behind it, and the part of them."""
    counted = made["completeness"]
    reported, expected = counted["cinemas_reported"], counted["cinemas_expected"]
    parts = {"reported": language.exact(reported)}
    if expected is None:
        return language.say("board.total", **parts), language.say("board.no_expected")
    parts["expected"] = language.exact(expected)
    is_national = edition.home.scope == "nation" and not made["place"]
    name = "national" if is_national and reported == expected else "total_of"
    part = language.part_of(reported, expected)
    return language.say(f"board.{name}", **parts), language.say("board.complete", percent=part)


def _place(edition: Edition, wanted: Asked, language: Language) -> str:
    if wanted.place is None:
        return ""
    name, value = wanted.place
    if name == "cinema":
        value, _ = in_language(edition, "cinema", value, language.code)
    return language.say("board.in_place", dimension=language.words["places"][name], value=value)


def _total(section: View, language: Language) -> str:
    gross = section["total"]["shown"]["gross"]
    return language.money(gross, section["currency"])


def _summary(made: View, headline: str, language: Language) -> str:
    """One sentence for those who listen to the page."""
    for section in made["sections"]:
        if section["films"]:
            first = section["films"][0]["shown"]
            return language.say(
                "board.summary", headline=headline, total=_total(section, language),
                film=first["name"], gross=first["gross"],
            )  # fmt: skip
    return headline
