"""One batch on its way into the ledger: lines find their accounts and become postings.

In: a batch in normal form. Out: rows of ``account``, ``posting`` and ``moved``, and what became
news: who spoke about which cinema and day. Knows neither rules nor measures.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from pharos.arrive.message_order import Said, latest
from pharos.arrive.reading import Correction
from pharos.keep import corrections, movements, statements
from pharos.keep.at_once import Meant
from pharos.keep.batch import Batch, Decided
from pharos.keep.books import CinemaDay
from pharos.keep.described import SAME_SCREENING_DAYS, Described, mention_at, merged, same
from pharos.keep.ledger import Ledger, instants
from pharos.keep.postings import Columns, Parts, columns_of, post, supply, together
from pharos.keep.screenings import Screenings
from pharos.words.figures import ABSENT, Book, Ints, Level
from pharos.words.works import works_of


@dataclass(slots=True)
class Outcome:
    """What a batch changed, for those who show it: the difference of each statement it held."""

    differences: list[tuple[Decided, statements.Difference]] = field(default_factory=list)
    postings: int = 0


class Turn:
    """Posts one batch; afterwards `outcome`, `news` and `touched` say what happened.

    ``news`` holds (position, cinema, business date, sender, book) as codes, ``touched`` the first
    position that brought news of a cinema day.
    """

    def __init__(self, ledger: Ledger, screenings: Screenings, batch: Batch) -> None:
        """Prepare a batch; nothing is written yet."""
        self.outcome = Outcome()
        self.news: list[tuple[int, int, date, int, int]] = []
        self.touched: dict[CinemaDay, int] = {}
        self._ledger = ledger
        self._screenings = screenings
        self._batch = batch
        self._lines = _coded(batch, ledger)
        self._first_line = _first_places(self._lines["mention"], len(batch.figures.mentions))
        stated = self._lines["mention"][self._lines["book"] == Book.SUPPLY]
        self._scheduled = np.zeros(len(batch.figures.mentions), dtype=bool)
        self._scheduled[stated] = True
        self._positions = np.array([r.position for r in batch.reports])[batch.report_of]
        self._meant = Meant(batch, screenings.at_once)
        self._meant.open |= self._scheduled
        self._last_below_zero = 0
        self._opened: list[tuple[int, int, int, int, bool]] = []
        self._scoped: dict[tuple[int, int], list[Columns]] = defaultdict(list)

    def post(self) -> None:
        """Post every line, in stretches between which some screening was described anew."""
        new = np.flatnonzero(self._meant.first < 0).tolist()
        said = {index: mention_at(self._batch, index) for index in new}
        self._screenings.known(list(said.values()))
        begin = 0
        for index in self._meant.look():
            if not self._resolve(index, said.pop(index, None)):
                # Reports before this one spoke of the old description; this whole report means
                # the new one.
                own = self._first_of_report(index)
                if own > begin:
                    self._post_stretch(begin, own)
                    begin = own
                self._describe_anew(index, own)
        self._post_stretch(begin, len(self._meant))
        self._post_scopes()
        self._post_corrections()

    def _resolve(self, index: int, said: Described | None) -> bool:
        """Find or open what is mentioned; False if it describes a screening anew."""
        said = said or mention_at(self._batch, index)
        scheduled = bool(self._scheduled[index])
        now = self._screenings.find(said)
        if now is None:
            now = self._open(said, index)
        elif not same(now, merged(now, said, scheduled=scheduled)):
            return False
        self._meant.set(index, now)
        if said.mention.level == Level.SCREENING and not scheduled:
            number = int(self._batch.figures.mentions.numbers[index])
            self._screenings.at_once.remember(number, now)
        return True

    def _open(self, mention: Described, index: int) -> Described:
        position = int(self._positions[index])
        opened = self._screenings.open(mention, position)
        if opened.mention.level == Level.SCREENING:
            row = int(self._lines["row"][self._first_line[index]])
            self._opened += [
                (position, row, opened.first + part, opened.mention.seats, opened.mention.cancelled)
                for part in range(opened.parts)
            ]
            self._tell(opened, Book.SUPPLY, position)
        return opened

    def _first_of_report(self, index: int) -> int:
        """The first mention of the report that a mention belongs to."""
        return int(np.searchsorted(self._positions, self._positions[index]))

    def _describe_anew(self, index: int, own: int) -> None:
        """Move a screening's figures to its new description, if that is the later one.

        ``own`` is the first mention of the same report.
        """
        mention, again = self._in_the_end(index)
        if (now := self._screenings.find(mention)) is None:
            return
        scheduled = bool(self._scheduled[again].any())
        said = merged(now, mention, scheduled=scheduled)
        position = int(self._positions[index])
        for each in again.tolist():
            self._meant.set(each, now)
        if same(now, said):
            return
        if _contradicts(now, said) and not self._is_later(now, position):
            # An older report says nothing new, except what nobody has said since.
            last_word = scheduled and self._is_later(now, position, scheduled=True)
            said = merged(mention, now, scheduled=not last_word)
            if same(now, said):
                return
        self._screenings.at_once.forget(now)
        opened = self._open(said, index)
        self._flush()
        moved = movements.move(self._ledger, now, opened, position, self._below_zero)
        self._write(moved.postings)
        if moved.origins:
            self._ledger.append("moved", moved.origins)
        self._tell_accounts(moved.postings)
        opened.books = now.books
        last = int(np.searchsorted(self._positions, position, side="right"))
        for other in np.flatnonzero(self._meant.first == now.first).tolist():
            if own <= other < last:
                self._meant.set(other, opened)
            elif other >= last:
                # It led to the old description.
                self._meant.doubt(other)

    def _in_the_end(self, index: int) -> tuple[Described, Ints]:
        """What a report says of a screening from a mention on, and all mentions that say it.

        Only its last word counts, however often a report contradicts itself.
        """
        mention = mention_at(self._batch, index)
        mentions = self._batch.figures.mentions
        alike = self._positions == self._positions[index]
        for name in ("level", "cinema", "screening_print"):
            values = mentions.ints(name)
            alike &= values == values[index]
        alike &= np.abs(mentions.ints("day") - mentions.ints("day")[index]) <= SAME_SCREENING_DAYS
        again = np.flatnonzero(alike)
        again = again[again >= index]
        for other in again[1:].tolist():
            said = mention_at(self._batch, other)
            mention = merged(mention, said, scheduled=bool(self._scheduled[other]))
        return mention, again

    def _below_zero(self, count: int) -> Ints:
        """Row numbers for postings that no row of a report says, each once in this batch."""
        first = self._last_below_zero - 1
        self._last_below_zero -= count
        return first - np.arange(count, dtype=np.int64)

    def _is_later(self, now: Described, position: int, *, scheduled: bool = False) -> bool:
        """Whether the report at ``position`` was said after those that describe it so far.

        ``scheduled``: after those with a schedule, which alone say whether it is held.
        """
        report = next(r for r in self._batch.reports if r.position == position)
        mine = Said(report.sender, report.stream, report.id, position)
        return latest([*movements.describing(self._ledger, now, scheduled=scheduled), mine]) == mine

    def _post_stretch(self, begin: int, end: int) -> None:
        """Post the lines of mentions begin to end, each of which holds one description."""
        self._flush()
        lines = self._lines
        if (begin, end) != (0, len(self._meant)):
            mention = lines["mention"]
            lines = _where(lines, (mention >= begin) & (mention < end))
        if not len(lines["row"]):
            return
        made = post(lines, self._accounts(lines["mention"]))
        if bool((lines["book"] >= Book.SCREENING_TOTALS).any()):
            made = self._post_statements(lines, made)
        self._write(made)
        self._speak(lines)

    def _accounts(self, mention: Ints) -> Parts:
        weights = {}
        for index in np.flatnonzero(self._meant.parts > 1).tolist():
            if (described := self._meant.described(index)) is not None:
                weights[described.first] = described.weights
        return Parts(self._meant.first[mention], self._meant.parts[mention], weights)

    def _post_statements(self, lines: Columns, made: Columns) -> Columns:
        """Replace what the same statements said before; a file replaces its scope at the end."""
        kept = [_where(made, made["book"] < Book.SCREENING_TOTALS)]
        for report in self._batch.reports:
            for book in (Book.SCREENING_TOTALS, Book.DAY_TOTALS):
                mine = (made["position"] == report.position) & (made["book"] == book)
                if not mine.any():
                    continue
                if report.scope is not None:
                    self._scoped[report.position, book].append(_where(made, mine))
                else:
                    standing = self._standing(lines, report.position, book)
                    kept.append(self._replace(report, _where(made, mine), standing, book))
        return together(kept)

    def _standing(self, lines: Columns, position: int, book: int) -> list[dict[str, int]]:
        chosen = (lines["position"] == position) & (lines["book"] == book)
        mentioned = np.unique(lines["mention"][chosen]).tolist()
        described = [d for index in mentioned if (d := self._meant.described(index))]
        if book == Book.SCREENING_TOTALS:
            accounts = [d.first + part for d in described for part in range(d.parts)]
        else:
            accounts = statements.accounts_of_days(self._ledger, _work_days(described))
        return statements.standing_in_accounts(self._ledger, accounts, book)

    def _replace(
        self, report: Decided, fresh: Columns, standing: list[dict[str, int]], book: int
    ) -> Columns:
        difference = statements.compare(fresh, standing)
        self.outcome.differences.append((report, difference))
        numbers = self._below_zero
        counters = statements.counter_postings(difference, report.position, book, numbers)
        if len(counters["account"]):
            self._ledger.append("moved", statements.origins(difference, counters))
            self._tell_accounts(counters)
        rows = statements.to_post(difference)
        return together([counters, columns_of(rows)]) if rows else counters

    def _post_scopes(self) -> None:
        """A file replaces what its sender said in its scope, rows that are gone included."""
        for report in self._batch.reports:
            if (scope := report.scope) is None:
                continue
            for book in (Book.SCREENING_TOTALS, Book.DAY_TOTALS):
                if several := self._scoped.pop((report.position, book), None):
                    standing = statements.standing_in_scope(
                        self._ledger, report.sender, scope, book
                    )
                    self._write(self._replace(report, together(several), standing, book))
            gone = movements.without_lines(self._ledger, report.sender, scope)
            self._write(movements.taken_back(gone, report.position, self._below_zero))
            for row in gone:
                self._screenings.forget(self._screenings.of_row(row), report.position)
            self._screenings.write()

    def _post_corrections(self) -> None:
        """Post what corrections add to, or take from, the books they speak of."""
        for report in self._batch.reports:
            for fact in report.facts:
                if isinstance(fact, Correction):
                    made = corrections.postings(self._ledger, fact, report.position)
                    self._write(made)
                    self._tell_accounts(made)

    def _flush(self) -> None:
        """Write the accounts, and the supply of screenings, that lines may refer to."""
        self._screenings.write()
        if self._opened:
            opened, self._opened = self._opened, []
            self._write(supply(opened))

    def _write(self, made: Columns) -> None:
        if not len(made["account"]):
            return
        columns: dict[str, Any] = {n: c for n, c in made.items() if n not in ("row", "sold_at")}
        columns["row_number"] = made["row"]
        columns["sold_at"] = instants(made["sold_at"])
        self._ledger.append_arrow("posting", pa.table(columns))
        self.outcome.postings += len(made["account"])

    def _speak(self, lines: Columns) -> None:
        """Take note of books in which a screening or a day had no figures before."""
        said = np.zeros((len(self._meant), 4), dtype=bool)
        said[lines["mention"], lines["book"]] = True
        said &= (self._meant.books[:, np.newaxis] >> np.arange(4)) & 1 == 0
        for index, book in np.argwhere(said).tolist():
            if (described := self._meant.described(index)) is not None:
                self._tell(described, book, int(self._positions[index]))
                self._screenings.at_once.heard(self._batch, index, described)

    def _tell(self, described: Described, book: int, position: int) -> None:
        described.books |= 1 << book
        terms = self._ledger.terms
        cinema = terms["cinema"].code(described.mention.cinema)
        sender = terms["sender"].code(described.sender)
        day = described.mention.business_date
        self.news.append((position, cinema, day, sender, int(book)))
        self._touch((cinema, day), position)

    def _tell_accounts(self, made: Columns) -> None:
        """The same for postings of accounts that no mention of this stretch stands behind."""
        for row in movements.days_of(self._ledger, made):
            day = (row["cinema"], row["business_date"])
            self.news.append((row["position"], *day, row["sender"], row["book"]))
            self._touch(day, row["position"])

    def _touch(self, day: CinemaDay, position: int) -> None:
        self.touched[day] = min(position, self.touched.get(day, position))


def _coded(batch: Batch, ledger: Ledger) -> Columns:
    figures, terms = batch.figures, ledger.terms
    lines = dict(figures.lines)
    untyped = np.array([not text for text in figures.ticket_types], dtype=np.int64)
    for name, texts in (("ticket_type", figures.ticket_types), ("channel", figures.channels)):
        if len(lines[name]):
            if name == "ticket_type":
                lines["untyped"] = untyped[lines[name]]
            lines[name] = terms[name].codes(texts)[lines[name]]
    return lines


def _first_places(values: Ints, count: int) -> Ints:
    """Where each of the numbers below ``count`` first stands; 0 for those that do not."""
    first = np.zeros(count, dtype=np.int64)
    first[values[::-1]] = np.arange(len(values))[::-1]
    return first


def _where(columns: Columns, chosen: Any) -> Columns:  # noqa: ANN401
    return {name: column[chosen] for name, column in columns.items()}


def _contradicts(now: Described, said: Described) -> bool:
    """Whether more changes than fields that were not known so far."""
    old, new = now.mention, said.mention
    if (old.start, old.programme, old.cancelled) != (new.start, new.programme, new.cancelled):
        return True
    other_screen = bool(old.screen) and old.screen != new.screen
    other_seats = old.seats not in (ABSENT, new.seats)
    return other_screen or other_seats or old.currency != new.currency


def _work_days(described: list[Described]) -> set[tuple[str, str, date, str]]:
    return {
        (d.sender, d.mention.cinema, d.mention.business_date, works_of(d.mention.programme)[0])
        for d in described
    }
