"""Works, their names, versions and releases, and the programme of a screening.

In: ids and names as they were said. Out: frozen values, and the one text form of a programme.
Knows no register: which ids mean the same work is decided elsewhere.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from pharos.errors import BadProgramme

#: Weights up to basis points; a share of any amount then stays inside wide integers.
LARGEST_WEIGHT = 10_000

_WEIGHT = re.compile(r"[0-9]{1,5}")
_PART_END = "\x1e"
_FIELD_END = "\x1f"


def tidy_name(text: str) -> str:
    """A name in Unicode NFC with white space collapsed to single spaces and stripped."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@dataclass(frozen=True, slots=True)
class Name:
    """A name in one language; ``kind`` such as original, alternative or former."""

    language: str
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A film, or a series, season or programme, as its sender registered it."""

    id: str
    names: tuple[Name, ...]
    year: int | None = None
    distributor: str = ""
    runtime_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A form of a work: its format (2D, 3D, IMAX), audio and subtitle language."""

    id: str
    work: str
    format: str = ""
    audio: str = ""
    subtitles: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """A work in a territory from a date; a re-release is a further run (first is 1)."""

    work: str
    territory: str
    date: date
    run: int = 1
    distributor: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One work of a programme; ``weight`` is its share of the money against the other parts."""

    work: str
    version: str = ""
    weight: int = 1

    def __post_init__(self) -> None:
        if not self.work:
            raise BadProgramme("a part of a programme names no work; give the work's id or name")
        if not 1 <= self.weight <= LARGEST_WEIGHT:
            raise BadProgramme(
                f"work {self.work!r} has a weight in its programme that cannot share money; "
                f"give a whole number from 1 to {LARGEST_WEIGHT}"
            )
        if any(mark in self.work + self.version for mark in (_PART_END, _FIELD_END)):
            raise BadProgramme(
                f"work {self.work!r} or its version holds a control character (U+001E, U+001F); "
                "send the id without it"
            )


@dataclass(frozen=True, slots=True)
class Programme:
    """What one screening shows: one part, or several as in a double feature."""

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if not self.parts:
            raise BadProgramme("a programme holds no work; name at least one")

    @classmethod
    def single(cls, work: str, version: str = "") -> "Programme":
        """The programme of a screening that shows one work."""
        return cls((Part(work, version),))

    @classmethod
    def parse(cls, text: str) -> "Programme":
        """The programme that `text` wrote. Raises BadProgramme."""
        parts = []
        for written in text.split(_PART_END):
            fields = written.split(_FIELD_END)
            if len(fields) != 3 or _WEIGHT.fullmatch(fields[2]) is None:
                raise BadProgramme(
                    f"{text[:80]!r} is no programme; each part is work, version and weight, "
                    "as Programme.text() writes them"
                )
            parts.append(Part(fields[0], fields[1], int(fields[2])))
        return cls(tuple(parts))

    def text(self) -> str:
        """One text for the programme: U+001F inside a part, U+001E between parts."""
        return _PART_END.join(
            f"{part.work}{_FIELD_END}{part.version}{_FIELD_END}{part.weight}" for part in self.parts
        )


def works_of(programme: str) -> list[str]:
    """The works that the text of a programme names, without looking closer."""
    return [part.split(_FIELD_END, 1)[0] for part in programme.split(_PART_END)]
