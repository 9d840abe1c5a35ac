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

from pharos.measure.tally_places import ATTRIBUTES, Place, Places
from pharos.measure.tally_running import COUNTS, MONEY, Adds, Running, distinct
from pharos.words.descriptions import grown
from pharos.words.figures import Book, Chosen, Ints

#: What is kept of an account; all are codes of the ledger's words, or numbers.
ACCOUNT = ("screening", "level", "cinema", "work", "lead", "minute", "currency")
#: What is kept of its figures, by book.
FIGURES = ("said", *MONEY, *(name for name in COUNTS if not name.startswith("prime")))
#: The dimension of which every cinema is a value of its own.
CINEMA = "cinema"
DIMENSIONS = (*ATTRIBUTES, CINEMA)
#: Totals of every cinema over all its works.
PURSES = "purses"

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
        self._figures: dict[tuple[int, str], Ints] = {}
        #: By book how often each account was dropped; it counts where this is not above zero.
        self._dropped: dict[int, Ints] = {}
        #: Cinemas (codes) of which a book of money speaks; whether figures were taken back.
        self.spoken: set[int] = set()
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
        self._derived = {
            name: np.zeros(len(self._account["work"]), dtype=np.int32)
            for name in ("site", "line", "once", "prime")
        }
        #: What tells sums of a place apart where works are not: currency, and whether they lead.
        self.purses: list[tuple[int, bool]] = []
        self._purse_of_line = np.zeros(0, dtype=np.int64)
        self.running = {name: Running() for name in (*DIMENSIONS, PURSES)}

    def open(self, accounts: Mapping[str, Ints], places: Places | None) -> Ints:
        """Take in new accounts, in the order of their numbers; their slots.

        Without ``places`` what registers decide waits for `derive_anew`.
        """
        fresh = np.arange(self.count, self.count + len(accounts["work"]))
        self.count += len(fresh)
        for columns in (self._account, self._derived):
            for name, column in columns.items():
                columns[name] = grown(column, self.count, 0)
        for name in ACCOUNT:
            self._account[name][fresh] = accounts[name]
        for key, column in self._figures.items():
            self._figures[key] = grown(column, self.count, 0)
        for book, column in self._dropped.items():
            self._dropped[book] = grown(column, self.count, 0)
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
            self._add(here, book, said)
            counts = self._counts(here, book)
            if counts is not None:
                here, said = here[counts], {n: v[counts] for n, v in said.items()}
            self._run(here, book, said)
        self.version += 1

    def load(self, slots: Ints, books: Ints, figures: Mapping[str, Ints]) -> None:
        """Add postings to their accounts only; `derive_anew` makes the totals afterwards."""
        for book in distinct(books).tolist():
            chosen = slice(None) if (books == book).all() else books == book
            said = {n: v[chosen] for n, v in figures.items()}
            self._add(slots[chosen], book, {n: v for n, v in said.items() if v.any()})

    def drop(self, slots: Ints, books: Ints, deltas: Ints, *, total: bool = True) -> None:
        """Let books of accounts count no more (+1) or again (-1)."""
        for book in distinct(books).tolist():
            chosen = books == book
            times = self._dropped.setdefault(book, np.zeros(len(self._account["work"]), np.int64))
            touched = distinct(slots[chosen])
            before = times[touched] > 0
            np.add.at(times, slots[chosen], deltas[chosen])
            after = times[touched] > 0
            for turned, sign in ((after & ~before, -1), (before & ~after, 1)):
                if total and turned.any():
                    self._run(touched[turned], book, self._of_accounts(touched[turned], book, sign))
        self.version += 1

    def derive_anew(self, places: Places) -> None:
        """Make everything again that registers decide, and all totals."""
        self._begin_anew()
        slots = np.arange(self.count)
        self._derive(slots, places)
        for book in sorted({book for book, _ in self._figures}):
            counts = self._counts(slots, book)
            here = slots if counts is None else slots[counts]
            self._run(here, book, self._of_accounts(here, book, 1))
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
            fewest = min((self.running[name] for name in DIMENSIONS), key=lambda one: one.count)
            return list(self.lines), fewest.over_places(len(self.lines))
        lines, sums = self.running[place[0]].of(self.value(*place))
        return [self.lines[line] for line in lines.tolist()], sums

    def sums_of_sites(self) -> tuple[Ints, Ints, Ints]:
        """Sites and purses with their sums over all works, one row for each column."""
        sites, purses, sums = self.running[PURSES].of_all()
        return sites.copy(), purses.copy(), sums.copy()

    def emptied(self) -> set[int]:
        """Cinemas (codes) of which figures were taken back until none were left."""
        told = np.zeros(int(self._account["cinema"].max(initial=0)) + 1, dtype=np.int64)
        for (book, name), values in self._figures.items():
            if name == "said" and book > Book.SUPPLY:
                np.add.at(told, self._account["cinema"][: self.count], values[: self.count])
        return {code for code in self.spoken if code >= len(told) or told[code] == 0}

    def _add(self, slots: Ints, book: int, figures: Adds) -> None:
        for name, values in figures.items():
            if (column := self._figures.get((book, name))) is None:
                column = np.zeros(len(self._account["work"]), dtype=np.int64)
                self._figures[book, name] = column
            np.add.at(column, slots, values)

    def _of_accounts(self, slots: Ints, book: int, sign: int) -> dict[str, Ints]:
        return {
            name: sign * column[slots] for (of, name), column in self._figures.items() if of == book
        }

    def _counts(self, slots: Ints, book: int) -> Chosen | None:
        """Of which accounts a book counts; None is all of them."""
        times = self._dropped.get(book)
        if times is None:
            return None
        counts: Chosen = times[slots] <= 0
        return None if counts.all() else counts

    def _run(self, slots: Ints, book: int, figures: Mapping[str, Ints]) -> None:
        """Add figures to the running totals of all dimensions."""
        adds = self._adds(slots, book, figures)
        sites, lines = self._derived["site"][slots], self._derived["line"][slots]
        for name in DIMENSIONS:
            self.running[name].add(self.standing[name][sites], lines, adds)
        self.running[PURSES].add(sites, self._purse_of_line[lines], adds)

    def _adds(self, slots: Ints, book: int, figures: Mapping[str, Ints]) -> Adds:
        adds = {name: values for name, values in figures.items() if name != "said"}
        if book == Book.SUPPLY and "screenings" in figures:
            adds["held"] = figures["screenings"]
        if "screenings" in figures:
            adds["prime"] = figures["screenings"] * self._derived["prime"][slots]
        if "said" in figures:
            day = figures["said"] * self._account["level"][slots]
            if book > Book.SUPPLY:
                adds["said_rows"] = figures["said"]
            if day.any():
                adds["prime_missing"] = day
                adds |= {"day_rows": day} if book > Book.SUPPLY else {}
        once = self._derived["once"][slots]
        if not once.all():
            adds |= {name: adds[name] * once for name in COUNTS if name in adds}
        return adds

    def _derive(self, slots: Ints, places: Places) -> None:
        """Site, line and the like of some accounts."""
        account = {name: column[slots] for name, column in self._account.items()}
        sites = self._sites_of(account["cinema"], places)
        begin, end = self._site["from"][sites], self._site["to"][sites]
        minute = account["minute"]
        self._derived["site"][slots] = sites
        self._derived["line"][slots] = self._lines_of(account, sites, places)
        self._derived["prime"][slots] = (minute >= begin) & (minute < end)
        self._derived["once"][slots] = 1
        if not account["lead"].all():
            self._derived["once"][slots] = self._once(account, places)

    def _sites_of(self, cinemas: Ints, places: Places) -> Ints:
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

    def _lines_of(self, account: Mapping[str, Ints], sites: Ints, places: Places) -> Ints:
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

    def _once(self, account: Mapping[str, Ints], places: Places) -> Ints:
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
