"""What is wrong with a report, a table, a mapping.

In: nothing. Out: one class each. Most are caught by readers and become findings.
"""

from pharos.errors.kinds import RefusedError, UsageError


class BadAmount(UsageError):
    """A text is not an exact amount of its currency."""

    code = "bad-amount"


class BadDraft(RefusedError):
    """A message without a usable sender, stream or id, which the journal cannot keep."""

    code = "bad-draft"


class BadMapping(UsageError):
    """A mapping cannot be used to read tables."""

    code = "bad-mapping"


class BadProgramme(UsageError):
    """The works of a screening, or their weights, cannot be a programme."""

    code = "bad-programme"


class BodyTooLarge(RefusedError):
    """The body of a message is larger than this journal takes."""

    code = "body-too-large"


class Conflicting(RefusedError):
    """Another report had arrived under the same id; that one counts."""

    code = "conflict"


class MissingColumn(RefusedError):
    """A table lacks a column that its mapping names."""

    code = "missing-column"


class NoSuchFile(UsageError):
    """A file that cannot be read."""

    code = "no-such-file"

    def __init__(self, path: object, problem: str) -> None:
        super().__init__(f"{path} cannot be read ({problem}); check the path and its rights")


class NotKept(RefusedError):
    """A report that has no known form, or says what its form does not declare; it was not kept.

    ``rule`` names what was broken.
    """

    code = "not-kept"

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule


class UndeclaredField(RefusedError):
    """A report names something that its format does not declare, so that it is refused whole."""

    code = "undeclared-field"


class UnknownCurrency(UsageError):
    """A code is no currency of ISO 4217."""

    code = "unknown-currency"


class UnknownMapping(UsageError):
    """No mapping with this name or digest is known here."""

    code = "unknown-mapping"


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
