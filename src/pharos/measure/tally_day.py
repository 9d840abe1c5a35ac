"""One live business day: the sums of every screening, and running totals by place and line.

In: accounts and postings of the day, as the ledger told them. Out: sums by work and place. Knows
no SQL; its answers are those of `measure.sql` over the same rows.

What was said of an account never changes; who is one and where cinemas stand may. So the figures
stand by account and book, and everything else is derived from them, anew where registers say so.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, TypeVar

import numpy as np

from pharos.measure.tally_figures import Figures
from pharos.measure.tally_places import ATTRIBUTES, Place, Places
from pharos.measure.tally_running import AT, COLUMNS, COUNTS, Adds, Running, Whole, distinct
from pharos.words.descriptions import grown
from pharos.words.figures import Book, Chosen, Ints

#: What is kept of an account; all are codes of the ledger's words, or numbers.
ACCOUNT = ("screening", "level", "cinema", "work", "lead", "minute", "currency")
#: The dimension of which every cinema is a value of its own.
CINEMA = "cinema"
DIMENSIONS = (*ATTRIBUTES, CINEMA)
#: What a posting must know of its account: whether it is a day's, its cinema's site, its line,
#: whether it counts once and lies in prime time, and its cells of running totals.
_DERIVED = ("level", "site", "line", "once", "prime", *DIMENSIONS)
_AT = {name: nth for nth, name in enumerate(_DERIVED)}

T = TypeVar("T")


class Line(NamedTuple):
    """A work (the id that stands for all) in a territory; ``lead`` is false for further parts."""

    work: str
    territory: str
    currency: int
    lead: bool


class Day:
    """The tally of one business date."""

    def __init__(self, when: date) -> None:
        """Nothing is known of it."""
        self.date = when
        #: Counted up whenever something of the day changes.
        self.version = 0
        self.count = 0
        self._account = {name: np.zeros(0, dtype=np.int32) for name in ACCOUNT}
        self._figures = Figures()
        #: By the code of a cinema whether a book of money speaks of it, and whether of all that
        #: it said nothing is left (None: that has to be looked up).
        self._spoken = np.zeros(0, dtype=bool)
        self._emptied: Chosen | None = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Forget everything that is derived."""
        self.lines: list[Line] = []
        self._line_of: dict[Line, int] = {}
        self.sites: list[str] = []
        self._site_of: dict[str, int] = {}
        self._places: list[Place] = []
        #: By site its territory, and the minutes from and to which its prime time lasts.
        self._site = {n: np.zeros(0, dtype=np.int64) for n in ("territory", "from", "to")}
        self._territories: dict[str, int] = {}
        #: By dimension of place the numbers of its values.
        self._numbers: dict[str, dict[str | None, int]] = {name: {} for name in ATTRIBUTES}
        #: By dimension the value at which each site stands.
        self.standing = {name: np.zeros(0, dtype=np.int32) for name in DIMENSIONS}
        #: By the code of a cinema its site, where it is known.
        self._site_of_code = np.full(0, -1, dtype=np.int32)
        #: One row of what is derived for each account.
        self._derived = np.zeros((len(self._account["work"]), len(_DERIVED)), dtype=np.int32)
        #: What tells sums of a place apart where works are not: currency, and whether they lead.
        self.purses: list[tuple[int, bool]] = []
        self._purse_of_line = np.zeros(0, dtype=np.int64)
        #: By place and line; of cinemas, which are many, by site and purse.
        self.running = {name: Running() for name in DIMENSIONS}

    def open(self, accounts: Mapping[str, Ints], places: Places | None) -> Ints:
        """Take in new accounts, in the order of their numbers; their slots.

        Without ``places`` what registers decide waits for `derive_anew`.
        """
        fresh = np.arange(self.count, self.count + len(accounts["work"]))
        self.count += len(fresh)
        for name, column in self._account.items():
            self._account[name] = grown(column, self.count, 0)
            self._account[name][fresh] = accounts[name]
        room = len(self._account["work"])
        self._figures.grow(room)
        if len(self._derived) < room:
            larger = np.zeros((room, len(_DERIVED)), dtype=np.int32)
            larger[: len(self._derived)] = self._derived
            self._derived = larger
        if places is not None:
            self._derive(fresh, places)
        self.version += 1
        return fresh

    def post(self, slots: Ints, books: Ints, figures: Mapping[str, Ints]) -> None:
        """Add postings to their accounts and, where their books count, to the totals."""
        for book in distinct(books).tolist():
            chosen = slice(None) if (books == book).all() else books == book
            here = slots[chosen]
            said = {n: v[chosen] for n, v in figures.items()}
            said = {n: v for n, v in said.items() if v.any()}
            self._figures.add(here, book, said)
            if self._emptied is not None:
                # Only what is taken back empties a cinema, and only what is said fills it again.
                back = "said" in said and bool((said["said"] < 0).any())
                self._emptied = None if back or self._emptied.any() else self._emptied
            counts = self._figures.counts(here, book)
            if counts is not None:
                here, said = here[counts], {n: v[counts] for n, v in said.items()}
            self._run(here, book, said)
        self.version += 1

    def load(self, slots: Ints, books: Ints, figures: Mapping[str, Ints]) -> None:
        """Add postings to their accounts only; `derive_anew` makes the totals afterwards."""
        for book in distinct(books).tolist():
            chosen = slice(None) if (books == book).all() else books == book
            said = {n: v[chosen] for n, v in figures.items()}
            self._figures.add(slots[chosen], book, {n: v for n, v in said.items() if v.any()})

    def drop(self, slots: Ints, books: Ints, deltas: Ints, *, total: bool = True) -> None:
        """Let books of accounts count no more (+1) or again (-1)."""
        for book in distinct(books).tolist():
            chosen = books == book
            for turned, sign in self._figures.drop(slots[chosen], book, deltas[chosen]):
                if total and len(turned):
                    figures = self._figures.of(turned, book)
                    self._run(turned, book, {n: sign * v for n, v in figures.items()})
        self.version += 1

    def derive_anew(self, places: Places) -> None:
        """Make everything again that registers decide, and all totals."""
        self._begin_anew()
        slots = np.arange(self.count)
        self._derive(slots, places)
        for book in self._figures.books:
            here = self._counting(slots, book)
            self._run(here, book, self._figures.of(here, book))
        self.version += 1

    def moved(self, cinemas: set[str], places: Places) -> bool:
        """Whether any of these cinemas stands elsewhere than it was taken to stand."""
        return any(
            self._places[site] != places.place(cinema, self.date)
            for cinema in cinemas
            if (site := self._site_of.get(cinema)) is not None
        )

    def value(self, dimension: str, key: str | None) -> int:
        """The number of a value of a dimension of place; -1 if nothing stands there."""
        if dimension == CINEMA:
            return self._site_of.get(key or "", -1)
        return self._numbers[dimension].get(key, -1)

    def names(self, dimension: str) -> list[str | None]:
        """The values of a dimension of place, by their numbers."""
        return list(self.sites) if dimension == CINEMA else list(self._numbers[dimension])

    def sums(self, place: tuple[str, str | None] | None) -> tuple[list[Line], Ints]:
        """Lines of a place (None: of all), and their sums, one row for each column."""
        if place is None:
            # The dimension with the fewest values adds up fastest.
            fewest = min((self.running[name] for name in ATTRIBUTES), key=lambda one: one.count)
            return list(self.lines), fewest.over_places(len(self.lines))
        if place[0] == CINEMA:
            lines, sums = self._sums_of_cinema(self.value(*place))
        else:
            lines, sums = self.running[place[0]].of(self.value(*place))
        return [self.lines[line] for line in lines.tolist()], sums

    def _sums_of_cinema(self, site: int) -> tuple[Ints, Ints]:
        """Lines of one cinema and their sums, from its few accounts."""
        said, codes = self._account["cinema"][: self.count], self._site_of_code == site
        # Codes lie side by side in memory; most cinemas have one.
        chosen = (said == code for code in np.flatnonzero(codes).tolist())
        slots = np.flatnonzero(np.logical_or.reduce([*chosen, np.zeros(len(said), dtype=bool)]))
        lines = distinct(self._derived[slots, _AT["line"]])
        sums = np.zeros((len(COLUMNS), len(lines)), dtype=np.int64)
        for book in self._figures.books:
            here = self._counting(slots, book)
            derived = self._derived[here]
            at = np.searchsorted(lines, derived[:, _AT["line"]])
            for name, values in _adds(derived, book, self._figures.of(here, book)).items():
                np.add.at(sums[AT[name]], at, values)
        return lines, sums

    def sums_of_sites(self) -> tuple[Whole, Whole, Ints]:
        """Sites and purses with their sums over all works, one row for each column."""
        sites, purses, sums = self.running[CINEMA].of_all()
        return sites.copy(), purses.copy(), sums.copy()

    def speak(self, cinemas: Ints) -> None:
        """Take note of cinemas (codes) that gave figures."""
        self._spoken = grown(self._spoken, int(cinemas.max(initial=-1)) + 1, filler=False)
        self._spoken[cinemas] = True
        self._emptied = None
        self.version += 1

    def spoken(self, place: tuple[str, str | None] | None) -> Ints:
        """Cinemas (codes) of a place that gave figures, some of which are left."""
        if self._emptied is None:
            told = self._figures.rows_behind(self._account["cinema"][: self.count])
            left = grown(told, len(self._spoken), 0)[: len(self._spoken)]
            self._emptied = self._spoken & (left == 0)
        codes = np.flatnonzero(self._spoken & ~self._emptied)
        if place is not None:
            codes = codes[self.standing[place[0]][self._site_of_code[codes]] == self.value(*place)]
        return codes

    def _counting(self, slots: Ints, book: int) -> Ints:
        """Those of some accounts of which a book counts."""
        counts = self._figures.counts(slots, book)
        return slots if counts is None else slots[counts]

    def _run(self, slots: Ints, book: int, figures: Mapping[str, Ints]) -> None:
        """Add figures to the running totals of all dimensions."""
        derived = self._derived.take(slots, axis=0)
        adds = _adds(derived, book, figures)
        for name, running in self.running.items():
            running.add(derived[:, _AT[name]], adds)

    def _derive(self, slots: Ints, places: Places) -> None:
        """Site, line and the like of some accounts."""
        account = {name: column[slots] for name, column in self._account.items()}
        sites = self._sites_of(account["cinema"], places)
        begin, end = self._site["from"][sites], self._site["to"][sites]
        minute = account["minute"]
        lines = self._lines_of(account, sites, places)
        once = None if account["lead"].all() else self._once(account, places)
        derived: dict[str, Whole | Chosen | int] = {
            "level": account["level"],
            "site": sites,
            "line": lines,
            "once": 1 if once is None else once,
            "prime": (minute >= begin) & (minute < end),
        }
        for name, running in self.running.items():
            told_apart = self._purse_of_line[lines] if name == CINEMA else lines
            derived[name] = running.cells(self.standing[name][sites], told_apart)
        for name, values in derived.items():
            self._derived[slots, _AT[name]] = values

    def _sites_of(self, cinemas: Whole, places: Places) -> Ints:
        self._site_of_code = grown(self._site_of_code, int(cinemas.max(initial=-1)) + 1, -1)
        unknown = distinct(cinemas[self._site_of_code[cinemas] < 0]).tolist()
        before = len(self.sites)
        for code in unknown:
            cinema = places.one("cinema", places.texts["cinema"][code])
            if cinema not in self._site_of:
                self._site_of[cinema] = len(self.sites)
                self.sites.append(cinema)
                self._places.append(places.place(cinema, self.date))
            self._site_of_code[code] = self._site_of[cinema]
        if len(self.sites) > before:
            self._stand(before)
        return self._site_of_code[cinemas].astype(np.int64)

    def _stand(self, begin: int) -> None:
        """Note where the sites from ``begin`` on stand."""
        fresh, end = self._places[begin:], len(self.sites)
        known = self._territories
        codes = [_number(known, place.territory) for place in fresh]
        for column, values in zip(
            ("territory", "from", "to"),
            (codes, [p.prime[0] for p in fresh], [p.prime[1] for p in fresh]),
            strict=True,
        ):
            self._site[column] = grown(self._site[column], end, 0)
            self._site[column][begin:end] = values
        for nth, name in enumerate(ATTRIBUTES):
            self.standing[name] = grown(self.standing[name], end, 0)
            numbers = [_number(self._numbers[name], place.names[nth]) for place in fresh]
            self.standing[name][begin:end] = numbers
        self.standing[CINEMA] = grown(self.standing[CINEMA], end, 0)
        self.standing[CINEMA][begin:end] = np.arange(begin, end)

    def _lines_of(self, account: Mapping[str, Whole], sites: Ints, places: Places) -> Ints:
        territory, territories = self._site["territory"][sites], list(self._territories)
        keys = account["work"].astype(np.int64)
        for part, many in (
            (territory, len(territories)),
            (account["currency"], int(account["currency"].max(initial=0)) + 1),
            (account["lead"], 2),
        ):
            keys = keys * many + part
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        found = []
        for nth in first.tolist():
            line = Line(
                places.one("work", places.texts["work"][int(account["work"][nth])]),
                territories[int(territory[nth])],
                int(account["currency"][nth]),
                bool(account["lead"][nth]),
            )
            if line not in self._line_of:
                self._begin_line(line)
            found.append(self._line_of[line])
        return np.array(found, dtype=np.int64)[inverse]

    def _begin_line(self, line: Line) -> None:
        self._line_of[line] = len(self.lines)
        self.lines.append(line)
        purse = (line.currency, line.lead)
        if purse not in self.purses:
            self.purses.append(purse)
        self._purse_of_line = np.append(self._purse_of_line, self.purses.index(purse))

    def _once(self, account: Mapping[str, Whole], places: Places) -> Ints:
        """0 for parts of a double feature of which an earlier part is the same work."""
        texts = places.texts["work"]
        known: dict[str, int] = {}
        codes = distinct(account["work"])
        same = {
            c: known.setdefault(places.one("work", texts[c]), len(known)) for c in codes.tolist()
        }
        works = np.array([same[code] for code in codes.tolist()])
        work = works[np.searchsorted(codes, account["work"])]
        pairs = account["screening"].astype(np.int64) * (len(known) + 1) + work
        _, first = np.unique(pairs, return_index=True)
        once = np.zeros(len(pairs), dtype=np.int64)
        once[first] = 1
        return once


def _number(known: dict[T, int], value: T) -> int:
    """The number of a value, a new one if it is met for the first time."""
    return known.setdefault(value, len(known))


def _adds(derived: Whole, book: int, figures: Mapping[str, Ints]) -> Adds:
    """What postings of a book add to running totals; a row of ``derived`` for each."""
    adds = {name: values for name, values in figures.items() if name != "said"}
    if "screenings" in figures:
        adds["prime"] = figures["screenings"] * derived[:, _AT["prime"]]
        adds |= {"held": figures["screenings"]} if book == Book.SUPPLY else {}
    if "said" in figures:
        of_days = figures["said"] * derived[:, _AT["level"]]
        if of_days.any():
            adds["prime_missing"] = of_days
            adds |= {"day_rows": of_days} if book > Book.SUPPLY else {}
        adds |= {"said_rows": figures["said"]} if book > Book.SUPPLY else {}
    once = derived[:, _AT["once"]]
    if not once.all():
        adds |= {name: adds[name] * once for name in COUNTS if name in adds}
    return adds
