"""Why a question has no answer.

In: nothing. Out: one class each.
"""

from collections.abc import Iterable

from pharos.errors.kinds import RefusedError, UnreachableError, UsageError, nearest


class AskedTooMuch(UnreachableError):
    """A question that was broken off: it took too long, or more memory than there is."""

    code = "asked-too-much"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"the question was broken off: {problem}; ask for less at once: a shorter period, "
            "fewer dimensions, or one cinema or work"
        )


class BadPeriod(UsageError):
    """A text names no period."""

    code = "bad-period"


class BadQuestion(UsageError):
    """A question that cannot be read; the message says how to write it."""

    code = "bad-question"


class Busy(UnreachableError):
    """More questions are waiting than are taken; it says so instead of letting them wait."""

    code = "busy"


class CatchingUp(UnreachableError):
    """The ledger is behind what counted before; its numbers would be too small."""

    code = "catching-up"


class CurrencyMismatch(RefusedError):
    """Amounts of two currencies were to be added."""

    code = "currency-mismatch"


class NoNumber(RefusedError):
    """There is no honest number for a measure in one row; the message is the reason shown there."""

    code = "no-number"


class NoSuchEdition(UsageError):
    """An edition that is not there (yet)."""

    code = "no-such-edition"

    def __init__(self, asked: int, newest: int) -> None:
        super().__init__(f"there is no edition {asked}; editions go from 0 to {newest}")


class NotPublic(RefusedError):
    """Something that is not open to an anonymous reader; the message says what is."""

    code = "not-public"
    exit_code = 4


class NoWeek(RefusedError):
    """The territory has no rule for its week, so that nothing can be counted by it."""

    code = "no-week"


class RefusedCombination(RefusedError):
    """A measure that has no honest answer for what it was asked by; the message is the reason."""

    code = "refused-combination"


class UnknownWindow(UsageError):
    """The territory has no such holiday window."""

    code = "unknown-window"


class UnknownWord(UsageError):
    """A measure, dimension or value that is not known; the message names the nearest."""

    code = "unknown-word"

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no {kind} {name!r}; {nearest(name, known)}")
