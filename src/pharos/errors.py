"""Every failure that a user can meet, one class each.

In: nothing. Out: exceptions with a code, a sentence and an exit code. Knows no room.

    PharosError
    ├── UsageError            exit 2: the question or the command is wrong
    ├── RefusedError          exit 3: the rules refuse it
    ├── VerificationError     exit 5: what is stored is not what was written
    └── UnreachableError      exit 6: the home cannot be opened now

A bad report is no exception: it is a list of findings and one verdict.
"""

import difflib
from collections.abc import Iterable
from typing import ClassVar


class PharosError(Exception):
    """Something the user can act on; its message says what is wrong and what to do."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1


class UsageError(PharosError):
    """The question or the command is wrong."""

    code = "usage"
    exit_code = 2


class RefusedError(PharosError):
    """The rules refuse it."""

    code = "refused"
    exit_code = 3


class VerificationError(PharosError):
    """What is stored is not what was written."""

    code = "verification"
    exit_code = 5


class UnreachableError(PharosError):
    """The home cannot be opened now."""

    code = "unreachable"
    exit_code = 6


class AskedTooMuch(UnreachableError):
    """A question that was broken off: it took too long, or more memory than there is."""

    code = "asked-too-much"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"the question was broken off: {problem}; ask for less at once: a shorter period, "
            "fewer dimensions, or one cinema or work"
        )


class BadAmount(UsageError):
    """A text is not an exact amount of its currency."""

    code = "bad-amount"


class BadDecision(RefusedError):
    """A decision does not follow on from the one before it, or lies beyond the journal."""

    code = "bad-decision"


class BadDraft(RefusedError):
    """A message without a usable sender, stream or id, which the journal cannot keep."""

    code = "bad-draft"


class BadMapping(UsageError):
    """A mapping cannot be used to read tables."""

    code = "bad-mapping"


class BadPeriod(UsageError):
    """A text names no period."""

    code = "bad-period"


class BadProgramme(UsageError):
    """The works of a screening, or their weights, cannot be a programme."""

    code = "bad-programme"


class BadTerritory(UsageError):
    """A territory file cannot be read."""

    code = "bad-territory"


class BodyTooLarge(RefusedError):
    """The body of a message is larger than this journal takes."""

    code = "body-too-large"


class Busy(UnreachableError):
    """More questions are waiting than are taken; it says so instead of letting them wait."""

    code = "busy"


class Conflicting(RefusedError):
    """Another report had arrived under the same id; that one counts."""

    code = "conflict"


class CurrencyMismatch(RefusedError):
    """Amounts of two currencies were to be added."""

    code = "currency-mismatch"


class CatchingUp(UnreachableError):
    """The ledger is behind what counted before; its numbers would be too small."""

    code = "catching-up"

    def __init__(self, applied: int, due: int) -> None:
        super().__init__(
            f"the ledger is being made from the journal: {applied:,} of {due:,} reports count "
            "again; ask again in a moment"
        )


class Crowded(UnreachableError):
    """More is waiting than the server can hold; what was sent was not kept."""

    code = "crowded"

    def __init__(self, what: str, *, sender: bool = False) -> None:
        #: One sender has taken its share; there is room for others.
        self.sender = sender
        super().__init__(f"{what}; nothing of this was kept: wait a moment and send it again")


class HomeBusy(UnreachableError):
    """Another process writes to this home."""

    code = "home-busy"


class HomeUnreadable(UnreachableError):
    """The system does not let the home be opened."""

    code = "home-unreadable"


class JournalDamaged(VerificationError):
    """The journal is not what was written; nothing more is done with it."""

    code = "journal-damaged"


class JournalFailed(VerificationError):
    """A commit of the journal failed; it takes nothing more until it is opened again."""

    code = "journal-failed"


class JournalReadOnly(UsageError):
    """The journal was opened for reading only."""

    code = "journal-read-only"


class Stopping(UnreachableError):
    """The server is about to end; what was sent was not kept."""

    code = "stopping"

    def __init__(self) -> None:
        super().__init__(
            "the server is being stopped; nothing of this was kept: send it again once it is back"
        )


class NotServed(UnreachableError):
    """No server answers, or it takes nothing now; what lies in an outbox stays there."""

    code = "not-served"


class NoSpace(UnreachableError):
    """The disk is (nearly) full; what was sent was not kept, what was acknowledged is."""

    code = "no-space"


class NoSuchMessage(UsageError):
    """The journal has no message at this position."""

    code = "no-such-message"


class MissingColumn(RefusedError):
    """A table lacks a column that its mapping names."""

    code = "missing-column"


class NotKept(RefusedError):
    """A report that has no known form, or says what its form does not declare; it was not kept.

    ``rule`` names what was broken.
    """

    code = "not-kept"

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule


class NoWeek(RefusedError):
    """The territory has no rule for its week, so that nothing can be counted by it."""

    code = "no-week"


class RequestGone(UsageError):
    """A client went away, or its body broke off, before the request was complete."""

    code = "request-gone"


class RequestTooSlow(UsageError):
    """The body of a request came so slowly that it was not waited for."""

    code = "request-too-slow"

    def __init__(self, received: int) -> None:
        super().__init__(
            f"only {received:,} bytes of the report had come when its time was over; nothing of it "
            "was kept: send it again over a better line, or in smaller messages"
        )


class ListenerFailed(UnreachableError):
    """The address cannot be listened on."""

    code = "listener-failed"


class SegmentUnwritten(UnreachableError):
    """A segment could not be written; every message is still where it was."""

    code = "segment-unwritten"


class UndeclaredField(RefusedError):
    """A report names something that its format does not declare, so that it is refused whole."""

    code = "undeclared-field"


class UnknownCurrency(UsageError):
    """A code is no currency of ISO 4217."""

    code = "unknown-currency"


class UnknownMapping(UsageError):
    """No mapping with this name or digest is known here."""

    code = "unknown-mapping"


class UnknownTerritory(UsageError):
    """No territory file has this code."""

    code = "unknown-territory"


class UnknownWindow(UsageError):
    """The territory has no such holiday window."""

    code = "unknown-window"


class UnreadableRow(RefusedError):
    """One row of a report cannot be read; its reader holds it, and the rest counts.

    ``rule`` names what was broken and becomes the rule of the finding.
    """

    code = "unreadable-row"

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule


class UnreadableTable(RefusedError):
    """A file is no table that its mapping can read."""

    code = "unreadable-table"


def nearest(word: str, known: Iterable[str]) -> str:
    """A half-sentence that names what the user may have meant, or lists what there is."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"known are: {', '.join(names[:40]) or 'none yet'}"


class BadQuestion(UsageError):
    """A question that cannot be read; the message says how to write it."""

    code = "bad-question"


class BadRules(UsageError):
    """A rules file that cannot be used."""

    code = "bad-rules"

    def __init__(self, problem: str) -> None:
        super().__init__(f"the rules file cannot be used: {problem}")


class LedgerUnusable(UnreachableError):
    """A ledger file that DuckDB or this version cannot read; the journal has everything."""

    code = "ledger-unusable"

    def __init__(self, path: object, problem: str, *, in_use: bool = False) -> None:
        #: Another process has it open, or the system refuses it: it must not be thrown away.
        self.in_use = in_use
        self.problem = problem
        advice = "try again in a moment" if in_use else "`pharos rebuild` makes it from the journal"
        super().__init__(f"the ledger {path} cannot be used now ({problem}); {advice}")


class UnknownRecord(UnreachableError):
    """Decisions were recorded by another version of Pharos, in a form that is not known here."""

    code = "unknown-record"


class NoSuchEdition(UsageError):
    """An edition that is not there (yet)."""

    code = "no-such-edition"

    def __init__(self, asked: int, newest: int) -> None:
        super().__init__(f"there is no edition {asked}; editions go from 0 to {newest}")


class RefusedCombination(RefusedError):
    """A measure that has no honest answer for what it was asked by; the message is the reason."""

    code = "refused-combination"


class UnknownWord(UsageError):
    """A measure, dimension or value that is not known; the message names the nearest."""

    code = "unknown-word"

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no {kind} {name!r}; {nearest(name, known)}")


class BadJudgement(UsageError):
    """A join or unjoin that means nothing; the message says why."""

    code = "bad-judgement"


class HomeExists(UsageError):
    """A home that is to be made is there already."""

    code = "home-exists"

    def __init__(self, path: object) -> None:
        super().__init__(f"{path} holds a home already; choose another folder with --home")


class NoHome(UsageError):
    """A folder that holds no home."""

    code = "no-home"

    def __init__(self, path: object) -> None:
        super().__init__(f"{path} holds no home; make one with `pharos --home {path} init`")


class NoSuchFile(UsageError):
    """A file that cannot be read."""

    code = "no-such-file"

    def __init__(self, path: object, problem: str) -> None:
        super().__init__(f"{path} cannot be read ({problem}); check the path and its rights")


class NoNumber(RefusedError):
    """There is no honest number for a measure in one row; the message is the reason shown there."""

    code = "no-number"
