"""Which book is published: for one screening, or one cinema, work and day, exactly one.

In: which sender spoke in which book about which cinema and business date. Out: rows of the table
``unpublished``, +1 where a book stops counting and -1 where it counts again, so that what was
published at an edition is a sum like everything else. Knows no measure.

The rule (its order of books is data, see `check/rules.toml`): of several senders on one cinema
and date, the cinema's declared reporter counts if it gives figures, else the one with the more
detailed book, else the first to have spoken. Of that sender, each screening counts from its most
detailed book, and each work's day from its screenings or from its day total, never both.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from pharos.keep.ledger import Ledger, dates
from pharos.words.descriptions import grown
from pharos.words.figures import Book, Chosen, Ints

MONEY_BOOKS = (Book.TICKETS, Book.SCREENING_TOTALS, Book.DAY_TOTALS)

#: One cinema (its code) on one business date.
CinemaDay = tuple[int, date]
#: Who spoke in which book: (sender, book).
Voices = frozenset[tuple[int, int]]
_NOBODY: Voices = frozenset()
#: Stand for a sender: nobody has spoken, or several have.
_NONE, _SEVERAL = -1, -2


@dataclass(frozen=True, slots=True)
class Voice:
    """What one account says in one book: ``said`` rows stand behind it, the first at ``since``."""

    account: int
    book: int
    sender: int
    screening: int
    work: str
    day_level: bool
    said: int
    since: int


@dataclass(frozen=True, slots=True)
class Rule:
    """The order of books, most trusted first, and who reports for a cinema on a day ("" nobody)."""

    order: Sequence[int] = MONEY_BOOKS
    reporter: Callable[[str, date], str] = lambda _, __: ""


def unpublished(voices: Iterable[Voice], rule: Rule, reporter: int | None) -> set[tuple[int, int]]:
    """The (account, book) pairs of one cinema and date that must not count."""
    alive = [v for v in voices if v.said > 0]
    winner = _winner(alive, rule, reporter)
    dropped = {(v.account, v.book) for v in alive if v.sender != winner}
    mine = [v for v in alive if v.sender == winner]
    dropped |= _less_detailed(mine, rule)
    return dropped | _days_or_screenings(mine, rule)


def _winner(alive: list[Voice], rule: Rule, reporter: int | None) -> int | None:
    """The declared reporter if it gives figures, else the better book, else the first to speak."""
    spoken: dict[int, tuple[int, int]] = {}
    for voice in alive:
        rank = rule.order.index(voice.book) if voice.book in rule.order else len(rule.order)
        before = spoken.get(voice.sender, (rank, voice.since))
        spoken[voice.sender] = (min(rank, before[0]), min(voice.since, before[1]))

    def place(sender: int) -> tuple[bool, int, int]:
        best, since = spoken[sender]
        # A mere schedule takes nobody's figures away.
        return sender != reporter or best == len(rule.order), best, since

    return min(spoken, key=place, default=None)


def _less_detailed(mine: list[Voice], rule: Rule) -> set[tuple[int, int]]:
    """Of each screening, every money book but its first in the rule's order."""
    by_account: dict[int, list[int]] = defaultdict(list)
    for voice in mine:
        if voice.book in rule.order and not voice.day_level:
            by_account[voice.account].append(voice.book)
    dropped = set()
    for account, books in by_account.items():
        best = min(books, key=rule.order.index)
        dropped |= {(account, book) for book in books if book != best}
    return dropped


def _days_or_screenings(mine: list[Voice], rule: Rule) -> set[tuple[int, int]]:
    """Of each work's day, its screenings or its day total."""
    by_work: dict[str, list[Voice]] = defaultdict(list)
    for voice in mine:
        by_work[voice.work].append(voice)
    dropped = set()
    for voices in by_work.values():
        days = [v for v in voices if v.day_level]
        screenings = [v for v in voices if not v.day_level]
        money = [v.book for v in screenings if v.book in rule.order]
        if not days or not screenings:
            continue
        best = min((rule.order.index(book) for book in money), default=len(rule.order))
        losers = days if best < rule.order.index(Book.DAY_TOTALS) else screenings
        dropped |= {(v.account, v.book) for v in losers}
    return dropped


class Books:
    """Keeps the table ``unpublished`` true while reports come in."""

    def __init__(self, ledger: Ledger) -> None:
        """Start from what the ledger holds."""
        self._ledger = ledger
        self._voices: dict[CinemaDay, Voices] = {}
        #: Most days are spoken of alike: they share one set.
        self._sets: dict[Voices, Voices] = {}
        #: By cinema: the only sender who has ever spoken of it, _NONE or _SEVERAL.
        self._only = np.full(0, _NONE, dtype=np.int64)
        #: By cinema: 1 where somebody gave other figures than ticket events.
        self._totals = np.zeros(0, dtype=np.int64)
        #: Days on which something was once not published.
        self._settled: set[CinemaDay] = set()
        self._one: dict[int, int] = {}
        self._members: dict[int, set[int]] = {}
        spoken = ledger.connection.execute("SELECT cinema, business_date, sender, book FROM spoke")
        # Ten years of a chain are 300,000 rows: all at once they would take 100 MiB for a moment.
        while rows := spoken.fetchmany(10_000):
            for cinema, day, sender, book in rows:
                self._hear((cinema, day), sender, book)
        self._settled.update(ledger.connection.execute(_SETTLED).fetchall())

    def join(self, same: dict[int, int]) -> None:
        """Take over which cinemas are one (code -> code that stands for it)."""
        self._one = same
        self._members = {}
        for cinema, one in same.items():
            self._members.setdefault(one, {one}).add(cinema)

    def senders(self, cinema: int | None, day: date) -> set[int]:
        """The senders who have spoken about a cinema and business date; None is a new cinema."""
        if cinema is None:
            return set()
        return {sender for sender, _ in self._together(self.one((cinema, day)))}

    def shared(self, cinemas: Ints, senders: Ints) -> Chosen:
        """Of which cinemas somebody but the sender beside it has ever spoken.

        -1 is a cinema, or a sender, of whom nobody has heard.
        """
        if not self._members:
            return self._strange(cinemas, senders)
        pairs = zip(map(self._together_with, cinemas.tolist()), senders, strict=True)
        return np.array([self._strange(one, who).any() for one, who in pairs], dtype=bool)

    def delicate(self, cinemas: Ints, sender: int) -> bool:
        """Whether figures other than this sender's ticket events were given of any cinema."""
        if self._members:
            cinemas = np.concatenate([self._together_with(one) for one in cinemas.tolist()])
        self._make_room(int(cinemas.max(initial=0)))
        strange = self._strange(cinemas, np.int64(sender))
        return bool((self._totals[cinemas] > 0).any() or strange.any())

    def _strange(self, cinemas: Ints, sender: Ints | np.int64) -> Chosen:
        self._make_room(int(cinemas.max(initial=0)))
        only = self._only[cinemas]
        strange: Chosen = (only != _NONE) & (only != sender)
        return strange

    def _make_room(self, cinema: int) -> None:
        """For one more than asked: -1, a cinema that is new, finds nobody at the end."""
        self._only = grown(self._only, cinema + 2, _NONE)
        self._totals = grown(self._totals, cinema + 2, 0)

    def _together_with(self, cinema: int) -> Ints:
        return np.array(sorted(self._members.get(self._one.get(cinema, cinema), {cinema})))

    def spoke(self, said: Iterable[tuple[int, int, date, int, int]]) -> None:
        """Take note of (position, cinema, business date, sender, book)."""
        fresh = []
        for row in said:
            _, cinema, day, sender, book = row
            if (sender, book) not in self._voices.get((cinema, day), _NOBODY):
                self._hear((cinema, day), sender, book)
                fresh.append(row)
        if fresh:
            positions, cinemas, days, senders, books = zip(*fresh, strict=True)
            self._ledger.append(
                "spoke",
                {
                    "position": positions,
                    "cinema": cinemas,
                    "business_date": dates(days),
                    "sender": senders,
                    "book": books,
                },
            )

    def one(self, day: CinemaDay) -> CinemaDay:
        """The cinema day that stands for this one, where cinemas were joined."""
        return (self._one.get(day[0], day[0]), day[1])

    def contested(self, days: Iterable[CinemaDay] | None = None) -> set[CinemaDay]:
        """Of the given days (all if None) those on which more than one book could count."""
        wanted = {self.one(day) for day in (self._voices if days is None else days)}
        settled = {self.one(day) for day in self._settled}
        return {day for day in wanted if day in settled or self._contested(day)}

    def settle(self, days: dict[CinemaDay, int], rule: Rule, work_of: dict[str, str]) -> None:
        """Publish one book on each contested day; ``days`` maps it to the position of the cause.

        ``work_of`` gives the work that stands for each joined one.
        """
        if not days:
            return
        rows = []
        for day, voices in self._read(set(days), work_of).items():
            reporter = self._reporter(day, rule)
            want = unpublished(voices[0], rule, reporter)
            for pair in want ^ voices[1]:
                delta = 1 if pair in want else -1
                rows.append((days[day], pair[0], pair[1], delta))
                self._settled.update((one, day[1]) for one in self._members.get(day[0], {day[0]}))
        if rows:
            columns = zip(*rows, strict=True)
            names = ("position", "account", "book", "delta")
            self._ledger.append("unpublished", dict(zip(names, columns, strict=True)))

    def _reporter(self, day: CinemaDay, rule: Rule) -> int | None:
        """The declared reporter of a cinema, under its own id or one that was joined to it."""
        texts = self._ledger.terms["cinema"].texts
        cinema, when = day
        members = [cinema, *sorted(self._members.get(cinema, set()) - {cinema})]
        named = [name for one in members if (name := rule.reporter(texts[one], when))]
        return self._ledger.terms["sender"].known(named[0]) if named else None

    def _hear(self, day: CinemaDay, sender: int, book: int) -> None:
        voices = self._voices.get(day, _NOBODY) | {(sender, book)}
        self._voices[day] = self._sets.setdefault(voices, voices)
        self._make_room(day[0])
        if self._only[day[0]] != sender:
            self._only[day[0]] = sender if self._only[day[0]] == _NONE else _SEVERAL
        if book > Book.TICKETS:
            self._totals[day[0]] = 1

    def _together(self, day: CinemaDay) -> Voices:
        """Who has spoken about a cinema day under any of the cinema's ids."""
        members = self._members.get(day[0])
        if members is None:
            return self._voices.get(day, _NOBODY)
        return _NOBODY.union(*(self._voices.get((one, day[1]), _NOBODY) for one in members))

    def _contested(self, day: CinemaDay) -> bool:
        voices = self._together(day)
        money = {v for v in voices if v[1] != Book.SUPPLY}
        several = len(money) > 1 or len({sender for sender, _ in voices}) > 1
        day_total = any(book == Book.DAY_TOTALS for _, book in voices)
        return several or (len(voices) > 1 and day_total)

    def _read(
        self, days: set[CinemaDay], work_of: dict[str, str]
    ) -> dict[CinemaDay, tuple[list[Voice], set[tuple[int, int]]]]:
        wanted = [(c, day) for one, day in days for c in self._members.get(one, {one})]
        cinemas, dates_wanted = zip(*wanted, strict=True)
        table = pa.table(
            {"cinema": pa.array(cinemas, pa.int32()), "business_date": dates(dates_wanted)}
        )
        works = self._ledger.terms["work"].texts
        found: dict[CinemaDay, tuple[list[Voice], set[tuple[int, int]]]] = {
            day: ([], set()) for day in days
        }
        for row in self._ledger.rows(_VOICES, wanted_day=table):
            voices, now = found[self.one((row["cinema"], row["business_date"]))]
            work = works[row["work"]]
            voices.append(
                Voice(
                    row["account"], row["book"], row["sender"], row["screening"],
                    work_of.get(work, work), row["level"] == 1, row["said"], row["since"],
                )
            )  # fmt: skip
            if row["dropped"]:
                now.add((row["account"], row["book"]))
        return found


_VOICES = """
WITH accounts AS (
  SELECT a.* FROM account a JOIN wanted_day USING (cinema, business_date) WHERE a.account >= 0),
-- what each account says in each book, as it stands now
spoken AS (
  SELECT account, book, CAST(sum(said) AS BIGINT) AS said
  FROM posting WHERE account IN (SELECT account FROM accounts) GROUP BY account, book),
-- when each sender first spoke of the cinema and day, whatever became of it
first_words AS (
  SELECT cinema, business_date, sender, min(position) AS since
  FROM spoke JOIN wanted_day USING (cinema, business_date) GROUP BY ALL),
dropped AS (
  SELECT account, book FROM unpublished WHERE account IN (SELECT account FROM accounts)
  GROUP BY account, book HAVING sum(delta) > 0)
SELECT s.account, s.book, s.said, f.since, a.cinema, a.business_date, a.sender, a.level,
       a.screening, a.work, d.account IS NOT NULL AS dropped
FROM spoken s JOIN accounts a USING (account)
JOIN first_words f USING (cinema, business_date, sender) LEFT JOIN dropped d USING (account, book)
"""
_SETTLED = """
SELECT DISTINCT cinema, business_date FROM account
WHERE account IN (SELECT account FROM unpublished)
"""
