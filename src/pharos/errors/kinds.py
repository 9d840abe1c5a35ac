"""The kinds of failures, each with its exit code.

In: nothing. Out: the classes that all others derive from. Knows no failure of its own.
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


def nearest(word: str, known: Iterable[str]) -> str:
    """A half-sentence that names what the user may have meant, or lists what there is."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"known are: {', '.join(names[:40]) or 'none yet'}"
