"""The one writer of the ledger: a decided batch becomes postings, in one transaction.

In: batches as the journal records them. Out: a ledger that has reached the batch's position.
Decides nothing: the same batches in the same order always give the same ledger.
"""

from collections.abc import Callable
from functools import cached_property

from pharos.arrive.administration import Judgement, Setting
from pharos.arrive.reading import RegisterCinema
from pharos.check.parameters import parse_parameters
from pharos.errors import LedgerUnusable
from pharos.keep.batch import Batch
from pharos.keep.books import Books, CinemaDay, Rule
from pharos.keep.checkpoints import SPAN, Checkpoints
from pharos.keep.cinemas import Cinemas
from pharos.keep.hearing import Hearing
from pharos.keep.ledger import Ledger
from pharos.keep.registers import Registers, moment
from pharos.keep.screenings import Screenings
from pharos.keep.statements import stated_in
from pharos.keep.turn import Outcome, Turn
from pharos.words.figures import Book

#: Facts after which a book that did not count may count, on any day.
_UNSETTLING = (Judgement, RegisterCinema, Setting)

#: What the writer reads of the ledger when it is first needed.
_IN_MIND = ("screenings", "hearing", "books", "cinemas", "checkpoints")


def _recorded() -> None:
    """A recorded decision is in the journal already."""


class Writer:
    """The ledger with everything that the writer keeps in mind about it.

    What it needs only to decide and to post is read when it is first needed, or by `prepare`: of
    a large home that takes a second, and whoever only asks need not wait for it.
    """

    def __init__(self, ledger: Ledger, span: int = SPAN) -> None:
        """Start from what the ledger holds; ``span`` postings make a checkpoint."""
        self.ledger = ledger
        self._span = span
        self._start()

    def renew(self) -> None:
        """Forget everything in mind after a failure, and start again from the ledger."""
        self.ledger.renew()
        self._start()

    def _start(self) -> None:
        self.registers = Registers(self.ledger)
        for name in _IN_MIND:
            self.__dict__.pop(name, None)
        self._failed = False

    def prepare(self) -> None:
        """Read what is needed to decide and to post; does nothing if it was read before."""
        for name in _IN_MIND:
            getattr(self, name)

    @cached_property
    def screenings(self) -> Screenings:
        """What each screening is said to be."""
        return Screenings(self.ledger)

    @cached_property
    def hearing(self) -> Hearing:
        """Which ticket events were heard."""
        return Hearing(self.ledger, self.registers.descriptions.cinemas)

    @cached_property
    def books(self) -> Books:
        """Who spoke of which cinema and day, and which book is published."""
        books = Books(self.ledger)
        books.join(self._joined_codes())
        return books

    @cached_property
    def cinemas(self) -> Cinemas:
        """Which cinemas are one, and of which several have spoken."""
        cinemas = Cinemas(self.ledger, self.books, self.registers.descriptions.cinemas)
        cinemas.join(self.registers.canonical("cinema"))
        return cinemas

    @cached_property
    def checkpoints(self) -> Checkpoints:
        """The sums of older postings."""
        return Checkpoints(self.ledger, self._span)

    def apply(self, batch: Batch, record: Callable[[], None] = _recorded) -> Outcome:
        """Post one batch and the position it reaches: all of it or nothing.

        ``record`` writes the decision down once it is known that it can be posted.
        After an error this writer refuses everything: what it has in mind may then be ahead of
        the ledger. The journal has the batch; whoever opens the home again posts it.
        """
        if self._failed:
            raise LedgerUnusable(self.ledger.path, "an earlier batch failed; open the home again")
        self.prepare()
        at = moment(batch.reports[-1].arrived_at)
        self._failed = True
        with self.ledger.transaction(batch.last, at, record):
            outcome = self.apply_within(batch)
        self._failed = False
        self.screenings.rest()
        if self.registers.descriptions.full:
            self.registers.begin_descriptions_anew()
        return outcome

    def apply_within(self, batch: Batch) -> Outcome:
        """Post one batch into a transaction that somebody else commits or rolls back."""
        self.registers.write(batch)
        if batch.published is not None:
            self.ledger.append_arrow("published", batch.published)
        unsettling = _unsettled_by(batch)
        if unsettling:
            self._join_cinemas()
        turn = Turn(self.ledger, self.screenings, batch)
        turn.post()
        self.hearing.write(batch)
        self._note_statements(batch)
        self.books.spoke(turn.news)
        self._settle(turn, unsettling)
        self.checkpoints.grown(turn.outcome.postings, batch.last)
        return turn.outcome

    def rule(self) -> Rule:
        """The rule by which a book is published, as it stands now."""
        order = parse_parameters(self.registers.settings.get(("rules", "rules"))).book_order
        return Rule(tuple(Book[name.upper()] for name in order), self.registers.reporter)

    def _join_cinemas(self) -> None:
        self.cinemas.join(self.registers.canonical("cinema"))
        self.books.join(self._joined_codes())

    def _joined_codes(self) -> dict[int, int]:
        terms, joined = self.ledger.terms["cinema"], self.registers.canonical("cinema")
        return {terms.code(said): terms.code(one) for said, one in joined.items()}

    def _note_statements(self, batch: Batch) -> None:
        rows = stated_in(batch, self.ledger)
        if rows["position"]:
            self.ledger.append("statement", rows)

    def _settle(self, turn: Turn, unsettling: int | None) -> None:
        touched: dict[CinemaDay, int] = {}
        for day, position in turn.touched.items():
            one = self.books.one(day)
            touched[one] = min(position, touched.get(one, position))
        days = {day: touched[day] for day in self.books.contested(touched)}
        if unsettling is not None:
            days |= dict.fromkeys(self.books.contested() - days.keys(), unsettling)
        if days:
            self.books.settle(days, self.rule(), self.registers.canonical("work"))


def _unsettled_by(batch: Batch) -> int | None:
    for report in batch.reports:
        if any(isinstance(fact, _UNSETTLING) for fact in report.facts):
            return report.position
    return None
