"""What the address of a page asks for, and the questions that it becomes.

In: the query of an address, an edition, a language. Out: checked words, answers. Knows no page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from pharos.errors import BadQuestion, UnknownWord
from pharos.measure.answer import Answer
from pharos.measure.coverage import today
from pharos.measure.edition import Edition
from pharos.measure.question import BASES, Question
from pharos.serve.asking import as_of, asked, day, said_once
from pharos.serve.language import Language
from pharos.serve.policy import Sight, everything
from pharos.serve.sight import ask as asked_by
from pharos.serve.sight import tells
from pharos.serve.views.names import PUBLISHED_PAGES
from pharos.serve.views.table import MOST_ROWS, ROWS
from pharos.words.published import Basis

#: What the address of every page may say beside its own words; ``table`` is that of a file.
COMMON = ("basis", "as_of", "rows", "table")
_PUBLISHED = ("", *map(str, Basis))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page as an address asks for it; ``said`` has what is not empty."""

    page: str
    said: Mapping[str, str]

    def get(self, name: str, default: str = "") -> str:
        """What the address says under a name."""
        return self.said.get(name, default)

    def several(self, name: str) -> list[str]:
        """A list with commas between its parts."""
        return [part for part in self.get(name).split(",") if part]

    def conditions(self, names: Iterable[str]) -> tuple[str, ...]:
        """What the address narrows down to, as questions write it."""
        return tuple(f"{name}={self.get(name)}" for name in names if self.get(name))

    def day(self, name: str) -> date | None:
        """A date. Raises BadQuestion."""
        return day(name, self.get(name))

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1. Raises BadQuestion."""
        text = self.get(name)
        if not text:
            return default
        if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most):
            raise BadQuestion(f"{name}={text[:20]!r} is none; write 1 to {most}")
        return int(text)

    def one_of(self, name: str, known: Sequence[str]) -> str:
        """One of some words, the first unless the address says another. Raises UnknownWord."""
        word = self.get(name) or known[0]
        if word not in known:
            raise UnknownWord(name, word, known)
        return word

    @property
    def basis(self) -> str:
        """What of the price paid the gross is; of published figures empty if it does not matter."""
        return self.one_of("basis", _PUBLISHED if self.is_published else BASES)

    @property
    def is_published(self) -> bool:
        """Whether the page is one of published figures."""
        return self.page in PUBLISHED_PAGES

    @property
    def edition(self) -> int | datetime | None:
        """The edition that is asked; None is the newest."""
        return as_of(self.get("as_of") or None)

    @property
    def rows(self) -> int:
        """Rows of one page of a table."""
        return self.number("rows", ROWS, MOST_ROWS)

    def address(self, language: Language, /, **other: str | None) -> str:
        """The page's own address; ``other`` replaces words, None leaves one out."""
        return self.file(language, "", **other)

    def file(self, language: Language, kind: str, /, **other: str | None) -> str:
        """The address of a file of the same rows; ``kind`` is empty for the page itself."""
        said = {**self.said, **other}
        query = urlencode({name: text for name, text in said.items() if text})
        path = f"/{language.code}/{self.page}" + (f".{kind}" if kind else "")
        return f"{path}?{query}" if query else path


def read_address(page: str, own: Sequence[str], tables: Sequence[str], pairs: Any) -> Wanted:  # noqa: ANN401
    """What an address asks of a page. Raises BadQuestion and UnknownWord.

    ``own`` are the page's words; each of its ``tables`` may be sorted and turned over.
    """
    known = (*own, *COMMON, *(f"{way}.{name}" for name in tables for way in ("sort", "page")))
    said = said_once(pairs, known)
    found = Wanted(page, {name: said[name] for name in known if said.get(name)})
    # What is wrong is told before anything is asked.
    _ = found.basis, found.edition, found.rows
    if found.get("table") and found.get("table") not in tables:
        raise UnknownWord("table", found.get("table"), tables)
    return found


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks for a page: one edition, one language, one moment, one kind of readers."""

    edition: Edition
    language: Language
    wanted: Wanted
    now: datetime
    #: The body of a message by its position, for what a row said.
    body_of: Callable[[int], bytes]
    sight: Sight = field(default_factory=everything)

    def ask(
        self,
        measures: Iterable[str],
        by: Iterable[str] = (),
        where: Iterable[str] = (),
        **rest: Any,  # noqa: ANN401
    ) -> Answer:
        """The answer to a question; ``rest`` as `measure.question.Question` has it.

        Raises NotPublic where the reader may not ask it, and what a question raises.
        """
        question = self._question(measures, by, where, rest)
        return asked_by(self.sight, self.edition, question, self.now)

    def may_ask(
        self,
        measures: Iterable[str],
        by: Iterable[str] = (),
        where: Iterable[str] = (),
        **rest: Any,  # noqa: ANN401
    ) -> bool:
        """Whether the reader may ask a question, so that it can be offered."""
        if not self.sight.is_anonymous:
            return True
        return tells(self.sight, self.edition, self._question(measures, by, where, rest), self.now)

    def _question(
        self,
        measures: Iterable[str],
        by: Iterable[str],
        where: Iterable[str],
        rest: Mapping[str, Any],
    ) -> Question:
        said = {"basis": self.wanted.basis, "as_of": self.wanted.edition, **rest}
        return asked(measures, list(by), list(where), **said)

    def today(self) -> date:
        """The business date that is running, or was when the edition was made."""
        return today(self.edition, self.now)
