"""The one writer of the ledger: a decided batch becomes postings, in one transaction.

In: batches as the journal records them. Out: a ledger that has reached the batch's position.
Decides nothing: the same batches in the same order always give the same ledger.
"""

from collections.abc import Callable

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


def _recorded() -> None:
    """A recorded decision is in the journal already."""


class Writer:
    """The ledger with everything that the writer keeps in mind about it."""

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
        ledger = self.ledger
        self.registers = Registers(ledger)
        self.screenings = Screenings(ledger)
        self.hearing = Hearing(ledger, self.registers.descriptions.cinemas)
        self.books = Books(ledger)
        self.cinemas = Cinemas(ledger, self.books, self.registers.descriptions.cinemas)
        self.checkpoints = Checkpoints(ledger, self._span)
        self._failed = False
        self._join_cinemas()

    def apply(self, batch: Batch, record: Callable[[], None] = _recorded) -> Outcome:
        """Post one batch and the position it reaches: all of it or nothing.

        ``record`` writes the decision down once it is known that it can be posted.
        After an error this writer refuses everything: what it has in mind may then be ahead of
        the ledger. The journal has the batch; whoever opens the home again posts it.
        """
        if self._failed:
            raise LedgerUnusable(self.ledger.path, "an earlier batch failed; open the home again")
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
        terms = self.ledger.terms["cinema"]
        joined = self.registers.canonical("cinema")
        self.cinemas.join(joined)
        self.books.join({terms.code(said): terms.code(one) for said, one in joined.items()})

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
