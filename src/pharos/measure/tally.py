"""The tally: live totals in memory, beside the ledger and equal to it to the last cent.

In: a ledger that tells what it commits, and the first live day. Out: the full ranking of a cut in
arrays, and its board as two answers; None where only the ledger knows. SQL is its oracle.

It follows the ledger in the pen's thread. If it fails of anything, it answers nothing until
`mend` has made it again from the ledger; the ledger goes on.
"""

import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from pharos.keep.ledger import Ledger
from pharos.measure.ask import Behind, answer_with
from pharos.measure.board import Board, Cut, questions
from pharos.measure.coverage import completeness_of, status, today
from pharos.measure.edition import Edition, edition_position
from pharos.measure.passes import Passes
from pharos.measure.tables import meant, plain
from pharos.measure.tally_board import Taken, TallyPasses, spoken_codes
from pharos.measure.tally_day import CINEMA, DIMENSIONS
from pharos.measure.tally_live import Live, Rows
from pharos.measure.tally_load import load
from pharos.measure.tally_ranking import Asked, Ranked, ranked
from pharos.measure.tally_rows import Where, by_place, by_work, whole
from pharos.measure.tally_since import Earlier, TallyLookback, earlier_of, reached_in, told_of
from pharos.words.period import Period

T = TypeVar("T")

#: A batch may be committed between two looks; so often a board is tried again.
_TRIES = 5
#: Cuts of which the sums before the live days are kept.
_CUTS_KNOWN = 64


class Tally:
    """The live days of one ledger, from a first day on."""

    def __init__(self, ledger: Ledger, first: date) -> None:
        """Watch the ledger from now on, and make the tally of what it holds."""
        self._ledger = ledger
        self._first = first
        self._lock = threading.Lock()
        self._arriving = threading.Lock()
        self._live: Live | None = None
        #: Batches that came while the tally was being made; None while it follows.
        self._waiting: list[Rows] | None = None
        self._earlier: dict[Any, tuple[Any, Earlier]] = {}
        self._statuses: dict[date, tuple[Any, str]] = {}
        ledger.watch(self._heard)
        try:
            self.rebuild()
        except BaseException:
            ledger.unwatch(self._heard)
            raise

    @property
    def position(self) -> int | None:
        """The position that it has reached; None while it is broken."""
        live = self._live
        return None if live is None else live.position

    @property
    def days(self) -> tuple[date, ...]:
        """The days that it holds, in order."""
        live = self._live
        return () if live is None else tuple(sorted(live.days.copy()))

    def mend(self) -> None:
        """Make it again if it is broken."""
        if self._live is None:
            self.rebuild()

    def close(self) -> None:
        """Follow the ledger no more."""
        self._ledger.unwatch(self._heard)
        self._live = None

    def forget_before(self, first: date) -> None:
        """Let days go that are no longer live."""
        self._first = max(self._first, first)
        if (live := self._live) is not None:
            live.forget_before(first)

    def rebuild(self) -> None:
        """Make the tally of what the ledger holds; batches that come meanwhile are added."""
        with self._arriving:
            self._waiting = []
        try:
            with self._ledger.view() as view:
                live = load(view, self._first, self._lock)
            self._catch_up(live)
        except BaseException:
            with self._arriving:
                self._live = self._waiting = None
            raise

    def _catch_up(self, live: Live) -> None:
        while True:
            with self._arriving:
                waiting, self._waiting = self._waiting or [], []
                if not waiting:
                    # Versions count from nothing again.
                    self._earlier, self._statuses = {}, {}
                    self._live, self._waiting = live, None
                    return
            for rows in waiting:
                # What was committed before the ledger was looked at is in it already.
                if max(rows["applied"].column("position").to_pylist()) > live.position:
                    live.take(rows)

    def _heard(self, rows: Rows) -> None:
        if "applied" not in rows:
            return
        with self._arriving:
            if self._waiting is not None:
                self._waiting.append(rows)
                return
            live = self._live
        if live is not None:
            try:
                live.take(rows)
            except BaseException:
                # Half of a batch is worse than none.
                self._live = None
                raise

    def ranking(self, cut: Cut, by: str = "work") -> Ranked | None:
        """Every measure of every row of a cut, by work or a place; None if its day is not live."""
        live = self._live
        where = None if cut.place is None else _said(cut.place)
        if live is None:
            return None
        with live.lock:
            if where is not None and where[0] == CINEMA:
                where = (CINEMA, live.places.one(CINEMA, where[1] or ""))
            if (day := live.days.get(cut.day)) is None:
                return None
            position, texts = live.position, live.places.texts["currency"]
            if by == "work":
                rows, only = by_work(*day.sums(where)), None
            elif where is not None and where[0] == by:
                rows, only = by_place(day, by, None), (where[1],)
            else:
                rows, only = by_place(day, by, where), None
        return ranked(rows, Asked(by, cut.basis, only, texts), position)

    def board(self, cut: Cut, now: datetime) -> Board | None:
        """The board of a live day, equal to that by SQL; None where SQL has to be asked."""
        return self.read(cut, now, lambda _, board: board)

    def read(self, cut: Cut, now: datetime, use: Callable[[Edition, Board], T]) -> T | None:
        """What ``use`` makes of the board of a live day, and of the edition that it is of."""
        for _ in range(_TRIES):
            with self._ledger.view() as view:
                seen = edition_position(view.connection, None)
                edition = Edition(view, seen)
                taken = self._take(cut, self._where(edition, cut))
                if taken is None:
                    return None
                if taken.position < seen:
                    # Told a moment later than it was committed.
                    edition = Edition(view, taken.position)
                if taken.position <= seen:
                    return use(edition, self._board(edition, cut, taken, now))
        return None

    def _where(self, edition: Edition, cut: Cut) -> Where | None:
        """The place of a cut, a cinema by the id that stands for it. Raises what `meant` does."""
        if cut.place is None:
            return None
        name, value = cut.place
        if name not in DIMENSIONS:
            return ("", value)
        if name != CINEMA:
            return _said(cut.place)
        keys, _ = meant(edition, name, (value,))
        codes = keys.column("key").to_pylist()
        return (name, edition.terms[CINEMA].texts[codes[0]] if codes else "")

    def _take(self, cut: Cut, where: Where | None) -> Taken | None:
        """Everything of the live days that a board needs, of one position."""
        live = self._live
        if live is None or (where is not None and where[0] not in DIMENSIONS):
            return None
        with live.lock:
            if (day := live.days.get(cut.day)) is None:
                return None
            days = sorted(live.days.items())
            everywhere = {when: one.sums(None) for when, one in days}
            of_cut = everywhere
            if where is not None:
                of_cut = {when: one.sums(where) for when, one in days}
            return Taken(
                live.position,
                day.spoken(where),
                everywhere,
                of_cut,
                (day.version, live.closings),
                (live.older_version, live.first, live.has_older),
            )

    def _board(self, edition: Edition, cut: Cut, taken: Taken, now: datetime) -> Board:
        total, films = questions(cut)
        lines, sums = taken.cut[cut.day]
        of_all = TallyPasses(edition, total, whole(lines, sums))
        of_films = TallyPasses(edition, films, by_work(lines, sums))
        span = Period(cut.day, cut.day, "day")
        stands = (
            self._status(edition, span, taken, now),
            completeness_of(edition, span, of_films.only(), spoken_codes(edition, taken.spoken)),
        )
        lookback = self._lookback(of_films, cut, taken)
        return Board(
            cut,
            answer_with(of_all, Behind(None, *stands)),
            answer_with(of_films, Behind(lookback, *stands)),
        )

    def _lookback(self, passes: Passes, cut: Cut, taken: Taken) -> TallyLookback:
        days = [
            told_of(when, taken.everywhere[when], taken.cut[when], cut.basis)
            for when in taken.everywhere
        ]
        reached = reached_in(cut.day, taken.cut[cut.day])
        works = frozenset(purse[0] for purse, _ in reached)
        return TallyLookback(passes, reached, days, self._before(passes, cut, taken, works))

    def _before(self, passes: Passes, cut: Cut, taken: Taken, works: frozenset[str]) -> Earlier:
        """What is known of earlier days, asked again only when something of them has changed."""
        *version, any_older = taken.older
        if not any_older:
            return Earlier()
        known = self._earlier.get((cut.place, cut.basis))
        if known is not None and known[0] == version and works <= known[1].works:
            return known[1]
        lines = (line for lines, _ in taken.everywhere.values() for line in lines)
        found = earlier_of(passes, works.union(line.work for line in lines), taken.older[1])
        if len(self._earlier) >= _CUTS_KNOWN:
            self._earlier.clear()
        self._earlier[cut.place, cut.basis] = (version, found)
        return found

    def _status(self, edition: Edition, span: Period, taken: Taken, now: datetime) -> str:
        """Asked again only when the day has changed, was closed, or is over."""
        key = (*taken.changes, today(edition, now))
        known = self._statuses.get(span.first)
        if known is None or known[0] != key:
            known = self._statuses[span.first] = (key, status(edition, span, now))
        return known[1]


def _said(place: tuple[str, str]) -> Where:
    """A place as a question reads it; nothing said is what is not known."""
    name, value = place
    return (name, plain(name, value) or None)
