"""A home: one installation's journal and ledger, opened to write or to read.

In: a folder. Out: receipts and verdicts for what is sent, answers and traces for what is asked.
The journal is the record; the ledger is brought up to it before any answer is given.
"""

import secrets
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from pharos.arrive.administration import (
    HOME_SENDER,
    HOME_STREAM,
    Act,
    Setting,
    administration_body,
    rehearses,
)
from pharos.arrive.formats import is_administration
from pharos.arrive.head import HEAD_NAME
from pharos.arrive.journal import Draft, Journal, always
from pharos.check.parameters import packaged_rules
from pharos.errors import (
    HomeExists,
    HomeUnreadable,
    JournalFailed,
    LedgerUnusable,
    NoHome,
    NoSpace,
)
from pharos.keep.batch import Decided
from pharos.keep.changes import Changes, changes_of
from pharos.keep.ledger import LEDGER_FAILURES, LEDGER_FILE, Ledger, is_damage
from pharos.keep.receive import (
    NOT_THE_MESSAGE,
    Progress,
    Step,
    catch_up,
    discard,
    open_to_write,
    receive,
)
from pharos.keep.registers import Registers, findings_about, reports_of
from pharos.keep.turn import Outcome
from pharos.measure.answer import Answer
from pharos.measure.ask import ask
from pharos.measure.trace import SHOWN, Trace, trace
from pharos.serve.addressed import Keeps, digest_of, unkeepable
from pharos.serve.asking import asked
from pharos.serve.clock import HomeClock
from pharos.serve.space import is_short
from pharos.words.home import HomeSettings
from pharos.words.period import Period, parse_period
from pharos.words.report import Finding, Receipt, Verdict, in_order
from pharos.words.territory import packaged_territory

JOURNAL_FILE = "journal.db"
#: Messages after which older ones are sealed into compressed segments, and how many stay open.
SEALED_AFTER, KEPT_OPEN = 20_000, 2_000


def utc_now() -> datetime:
    """The clock of the doors."""
    return datetime.now(UTC)


#: How long one Python thread may keep another waiting. The one that writes the ledger needs Python
#: for moments only, many times a batch; at Python's own 5 ms it would wait most of its time.
SWITCH_SECONDS = 0.0002


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of one report: its receipt, verdict, findings, and what it changed."""

    receipt: Receipt | None
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    rows: int = 0
    facts: int = 0
    repeats: int = 0
    held: int = 0
    changes: Changes = field(default_factory=Changes)
    scope: tuple[str, str, str] | None = None


def together(parts: Sequence[Submitted]) -> Submitted:
    """What became of the parts of one report: the worst verdict, all findings, the last receipt."""
    worst = max((part.verdict for part in parts), key=list(Verdict).index)
    return Submitted(
        receipt=parts[-1].receipt,
        verdict=worst,
        findings=in_order(finding for part in parts for finding in part.findings),
        rows=sum(part.rows for part in parts),
        repeats=sum(part.repeats for part in parts),
        held=sum(part.held for part in parts),
    )


def guarded(steps: Iterator[Step]) -> Step | Exception | None:
    """The guard of the doors: what nobody foresaw about one message must not stop the others."""
    try:
        return next(steps, None)
    except NOT_THE_MESSAGE:
        raise
    except Exception as error:
        if is_damage(error):
            raise
        return error


class _Asked:
    """What every open home answers."""

    ledger: Ledger
    _now: Callable[[], datetime]

    def ask(self, *measures: str, by: Any = (), where: Any = (), **rest: Any) -> Answer:  # noqa: ANN401
        """Answer a question in the words of the command line; see `asked`."""
        self.ledger.wait()
        return ask(self.ledger, asked(measures, by, where, **rest), self._now())

    def trace(self, measure: str, where: Any = (), shown: int = SHOWN, **rest: Any) -> Trace:  # noqa: ANN401
        """Explain one number down to the rows of the reports behind it."""
        self.ledger.wait()
        return trace(self.ledger, asked((measure,), (), where, **rest), self._now(), shown)


class Home(_Asked):
    """An open home. Writing takes the home for oneself; reading alone does not."""

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        """Open a home to write. Raises NoHome, HomeBusy or JournalDamaged."""
        self.path = path
        self._now = self.clock = HomeClock(now)
        self._closed = False
        self._mending = threading.Lock()
        sys.setswitchinterval(SWITCH_SECONDS)
        self.journal = open_journal(path, self.clock)
        #: Why the ledger was thrown away and is made anew; empty: it was not.
        self.made_anew = ""
        try:
            self._set_clock()
            self._open_ledger()
        except BaseException:
            self.journal.close()
            raise

    def _set_clock(self) -> None:
        """What the home was made for stands in its first message, for ever."""
        size = self.journal.size
        if size:
            rehearsed = rehearses(self.journal.message(1).body) is True
            newest = self.journal.message(size).envelope.arrived_at if rehearsed else None
            self.clock.declare(newest)

    def _open_ledger(self) -> None:
        self.writer, self.made_anew = open_to_write(self.path)
        self.ledger = self.writer.ledger

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the home back; a second time does nothing."""
        if not self._closed:
            self._closed = True
            try:
                self.ledger.close()
            finally:
                self.journal.close()

    def mend_journal(self) -> None:
        """Open the journal anew if a commit met a full disk, as a restart would.

        Raises NoSpace, or what `open_journal` raises, while that is not possible.
        """
        with self._mending:
            if self.journal.full:
                self.journal.close()
                try:
                    self.journal = open_journal(self.path, self._now)
                except HomeUnreadable as failure:
                    if is_short(self.path, failure):
                        raise NoSpace(str(failure)) from failure
                    raise

    def keep(self, drafts: Sequence[Draft]) -> list[Receipt]:
        """Keep messages; in a journal opened anew, if the disk of the one at hand was full.

        Raises what `Journal.append` raises.
        """
        while True:
            self.mend_journal()
            journal = self.journal
            try:
                return journal.append(drafts)
            except (HomeUnreadable, JournalFailed):
                # Another thread's commit met the full disk, or opened the journal anew meanwhile.
                if journal is self.journal and not journal.full:
                    raise

    def mend_ledger(self, why_anew: str = "") -> None:
        """Go on from what the ledger's file holds, after a batch failed.

        ``why_anew`` throws the file away; the journal has everything. Raises LedgerUnusable.
        """
        if not why_anew:
            with suppress(*LEDGER_FAILURES):
                self.writer.renew()
                return
        with suppress(*LEDGER_FAILURES):
            self.ledger.close()
        if why_anew or not self.ledger.path.exists():
            discard(self.ledger.path)
        self._open_ledger()
        self.made_anew = self.made_anew or why_anew

    def catch_up(self, progress: Progress | None = None) -> None:
        """Decide and post everything that the journal holds; seal what has grown old."""
        catch_up(self.journal, self.writer, progress, guarded)
        self.seal_what_is_old()

    def seal_what_is_old(self, go_on: Callable[[], bool] = always) -> None:
        """Move old messages into compressed segments once there are enough of them.

        ``go_on`` is asked after each segment, and may take its time.
        """
        sealed = self.journal.segments()
        reached = sealed[-1].last_position if sealed else 0
        if self.journal.size - reached > SEALED_AFTER:
            self.journal.seal(KEPT_OPEN, go_on)

    def send(self, sender: str, stream: str, id: str, body: bytes) -> Submitted:
        """Keep one report, decide it and post it; the answer comes once it counts.

        ``id`` empty takes the digest of the body. What has no form, or says what its form does not
        declare, is not kept and gets no receipt.
        """
        own_act = sender == HOME_SENDER and is_administration(body)
        if (finding := unkeepable(body, Keeps(self._mapping, self.clock), act=own_act)) is not None:
            return Submitted(None, Verdict.REFUSED, (finding,))
        receipt = self.journal.append([Draft(sender, stream, id or digest_of(body), body)])[0]
        if receipt.exists and not receipt.conflict:
            self.catch_up()
            return Submitted(receipt, Verdict.EXISTS, self.findings_of(receipt.position))
        done = Submitted(receipt, Verdict.REFUSED, self.findings_of(receipt.position))
        for batch, outcome in receive(self.journal, self.writer, guarded):
            for report in batch.reports:
                if report.position == receipt.position:
                    done = submitted(self.ledger, receipt, report, outcome)
        return done

    def _mapping(self, digest: str) -> str | None:
        """The text of a mapping that stands in the journal."""
        if self.writer.registers.mapping(digest) is None:
            # It may stand there and not be decided yet.
            self.catch_up()
        return self.writer.registers.mapping(digest)

    def administer(self, *acts: Act) -> Submitted:
        """Send an administration message of the home itself."""
        self.catch_up()
        number = reports_of(self.ledger, HOME_SENDER, HOME_STREAM) + 1
        return self.send(HOME_SENDER, HOME_STREAM, str(number), administration_body(*acts))

    def findings_of(self, position: int) -> tuple[Finding, ...]:
        """The findings about one report."""
        return findings_about(self.ledger, position)


class ReadingHome(_Asked):
    """A home that is only asked: it takes nothing for itself and writes nothing."""

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        """Open the ledger read-only. Raises NoHome or LedgerUnusable."""
        require_home(path)
        self._now = now
        self.ledger = Ledger(path / LEDGER_FILE, read_only=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the ledger back."""
        self.ledger.close()


def init(
    path: Path,
    settings: HomeSettings,
    now: Callable[[], datetime] = utc_now,
    own: Mapping[str, str] | None = None,
) -> Submitted:
    """Make a home and write its declaration, territories and rules into its journal.

    ``own`` are territory files by code; others are those that come with Pharos.
    """
    if path.exists() and any(path.iterdir()):
        raise HomeExists(path)
    given = own or {}
    texts = [(code, given.get(code) or packaged_territory(code)) for code in settings.territories]
    path.mkdir(parents=True, exist_ok=True)
    Journal(path, now, secrets.token_bytes).close()
    with Home(path, now) as home:
        territories = [Setting(kind="territory", name=code, text=text) for code, text in texts]
        return home.administer(
            Setting(kind="home", name="home", text=settings.text()),
            *territories,
            Setting(kind="rules", name="rules", text=packaged_rules()),
        )


@contextmanager
def reading(path: Path, now: Callable[[], datetime] = utc_now) -> Iterator[Home | ReadingHome]:
    """A home to ask, brought up to its journal first if a crash left it behind."""
    if up_to_date(path):
        with ReadingHome(path, now) as home:
            yield home
        return
    with Home(path, now) as home:
        home.catch_up()
        yield home


def open_journal(path: Path, now: Callable[[], datetime] = utc_now) -> Journal:
    """A home's journal alone, to write. Raises NoHome, HomeBusy or JournalDamaged."""
    require_home(path)
    return Journal(path, now, secrets.token_bytes)


def require_home(path: Path) -> None:
    """Raise NoHome where nothing is; a home that lost a file is damaged, and still a home."""
    if not any((path / name).exists() for name in (JOURNAL_FILE, HEAD_NAME)):
        raise NoHome(path)


def period(registers: Registers, text: str) -> Period:
    """A stretch of business dates as the home's first territory writes it."""
    return parse_period(text, registers.territories[registers.default_territory])


def up_to_date(path: Path) -> bool:
    """Whether the ledger holds everything that the journal does."""
    require_home(path)
    if not (path / LEDGER_FILE).exists():
        return False
    journal = Journal(path, utc_now, secrets.token_bytes, read_only=True)
    try:
        size = journal.size
    finally:
        journal.close()
    try:
        ledger = Ledger(path / LEDGER_FILE, read_only=True)
    except LedgerUnusable:
        return False
    try:
        return ledger.position >= size
    finally:
        ledger.close()


def submitted(
    ledger: Ledger, receipt: Receipt | None, report: Decided, outcome: Outcome
) -> Submitted:
    """What became of one report of a batch; asked while what it posted can be seen."""
    own = [difference for decided, difference in outcome.differences if decided is report]
    scope = report.scope
    return Submitted(
        receipt=receipt,
        verdict=report.verdict,
        findings=in_order(report.findings),
        rows=report.rows,
        facts=len(report.facts),
        repeats=report.repeats,
        held=report.held,
        changes=changes_of(ledger, own),
        scope=(scope.cinema, str(scope.first), str(scope.last)) if scope else None,
    )
