"""What is wrong with a home: its journal, its ledger, its settings.

In: nothing. Out: one class each.
"""

from pharos.errors.kinds import RefusedError, UnreachableError, UsageError, VerificationError


class BadDecision(RefusedError):
    """A decision does not follow on from the one before it, or lies beyond the journal."""

    code = "bad-decision"


class BadJudgement(UsageError):
    """A join or unjoin that means nothing; the message says why."""

    code = "bad-judgement"


class BadNotes(UsageError):
    """A file of notes that cannot be used; every wrong line is named."""

    code = "bad-notes"

    def __init__(self, problem: str) -> None:
        super().__init__(f"the notes cannot be used: {problem}")


class BadPolicy(UsageError):
    """A policy of what anonymous readers may see cannot be used."""

    code = "bad-policy"

    def __init__(self, problem: str) -> None:
        super().__init__(f"the policy cannot be used: {problem}")


class BadRules(UsageError):
    """A rules file that cannot be used."""

    code = "bad-rules"

    def __init__(self, problem: str) -> None:
        super().__init__(f"the rules file cannot be used: {problem}")


class BadScenario(UsageError):
    """A scenario of a rehearsal cannot be used."""

    code = "bad-scenario"


class BadTerritory(UsageError):
    """A territory file cannot be read."""

    code = "bad-territory"


class HomeBusy(UnreachableError):
    """Another process writes to this home."""

    code = "home-busy"


class HomeExists(UsageError):
    """A home that is to be made is there already."""

    code = "home-exists"

    def __init__(self, path: object) -> None:
        super().__init__(f"{path} holds a home already; choose another folder with --home")


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


class LedgerUnusable(UnreachableError):
    """A ledger file that DuckDB or this version cannot read; the journal has everything."""

    code = "ledger-unusable"

    def __init__(self, path: object, problem: str, *, in_use: bool = False) -> None:
        #: Another process has it open, or the system refuses it: it must not be thrown away.
        self.in_use = in_use
        self.problem = problem
        advice = "try again in a moment" if in_use else "`pharos rebuild` makes it from the journal"
        super().__init__(f"the ledger {path} cannot be used now ({problem}); {advice}")


class NoHome(UsageError):
    """A folder that holds no home."""

    code = "no-home"

    def __init__(self, path: object) -> None:
        super().__init__(f"{path} holds no home; make one with `pharos --home {path} init`")


class NoSpace(UnreachableError):
    """The disk is (nearly) full; what was sent was not kept, what was acknowledged is."""

    code = "no-space"


class NoSuchMessage(UsageError):
    """The journal has no message at this position."""

    code = "no-such-message"


class RehearsalOver(UsageError):
    """A rehearsal is played once; its truth would count everything twice."""

    code = "rehearsal-over"


class SegmentUnwritten(UnreachableError):
    """A segment could not be written; every message is still where it was."""

    code = "segment-unwritten"


class UnknownRecord(UnreachableError):
    """Decisions were recorded by another version of Pharos, in a form that is not known here."""

    code = "unknown-record"


class UnknownScenario(UsageError):
    """No scenario of a rehearsal has this name."""

    code = "unknown-scenario"


class UnknownTerritory(UsageError):
    """No territory file has this code."""

    code = "unknown-territory"
