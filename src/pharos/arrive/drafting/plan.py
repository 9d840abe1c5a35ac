"""What a drafted mapping will say, before it is written down.

In: nothing. Out: the sections of a mapping as values, and questions. Knows no table and no TOML.
"""

from dataclasses import dataclass, field
from typing import Any

from pharos.arrive.drafting.numbers import NumbersWritten


@dataclass(frozen=True, slots=True)
class Question:
    """What a file does not say: a word for the answer, a sentence, and what is likely."""

    key: str
    sentence: str
    likely: str = ""


@dataclass(slots=True)
class Plan:
    """The sections of a mapping; a value of ``columns`` is a name or the keys of a table."""

    kind: str
    table: dict[str, Any] = field(default_factory=dict)
    derived: dict[str, dict[str, str]] = field(default_factory=dict)
    columns: dict[str, str | dict[str, Any]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    screening_key: list[str] = field(default_factory=list)
    numbers: NumbersWritten = field(default_factory=NumbersWritten)
    spans: bool = False
    totals: list[dict[str, Any]] = field(default_factory=list)
    ignore: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
