"""What the books say of one screening, or of one work's day: what a correction would change.

In: an edition and the thing that is meant, by the ids that its sender gave. Out: the figures of
each sender and book. Never writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pharos.errors import BadQuestion, UnknownWord
from pharos.measure.edition import Edition
from pharos.words.figures import Book
from pharos.words.money import decimal_text
from pharos.words.works import Programme


@dataclass(frozen=True, slots=True)
class Thing:
    """A screening of a cinema, or a work's business day there; ids as they were said."""

    cinema: str
    screening: str = ""
    day: date | None = None
    work: str = ""

    def check(self) -> None:
        """Raise BadQuestion unless it is one of the two."""
        by_day = self.day is not None and bool(self.work) and not self.screening
        if not by_day and (not self.screening or self.day is not None or self.work):
            raise BadQuestion("say which: a screening, or a date and a work")


def standing(edition: Edition, thing: Thing) -> dict[str, Any]:
    """The figures that stand, by sender and book; ``rows`` is empty where nothing is said.

    Raises BadQuestion, UnknownWord.
    """
    thing.check()
    rows = [_row(edition, thing, found) for found in _found(edition, thing)]
    return {"rows": rows, "edition": edition.position, "as_of": edition.at.isoformat()}


def _found(edition: Edition, thing: Thing) -> list[dict[str, Any]]:
    cinema = _code(edition, "cinema", thing.cinema)
    values: tuple[Any, ...]
    where, values = _SCREENING, (thing.screening,)
    if not thing.screening:
        where, values = _DAY, (thing.day, _code(edition, "work", thing.work))
    return edition.dicts(_STANDING.format(where), edition.position, cinema, *values)


def _code(edition: Edition, kind: str, said: str) -> int:
    code = edition.terms[kind].known(said)
    if code is None:
        raise UnknownWord(kind, said, filter(None, edition.terms[kind].texts))
    return code


def _row(edition: Edition, thing: Thing, found: Mapping[str, Any]) -> dict[str, Any]:
    terms = edition.terms
    currency = terms["currency"].texts[found["currency"]]
    parts = Programme.parse(found["programme"]).parts
    return {
        "cinema": thing.cinema,
        "screening": thing.screening or None,
        "business_date": found["day"],
        "works": [part.work for part in parts],
        "book": Book(found["book"]).name.lower(),
        "sender": terms["sender"].texts[found["sender"]],
        "currency": currency or None,
        "gross": decimal_text(found["gross"], currency) if currency else None,
        "gross_minor": found["gross"],
        "admissions": found["admissions"],
    }


_SCREENING = "a.level = 0 AND a.said = ?"
_DAY = "a.level = 1 AND a.business_date = ? AND a.work = ?"
_STANDING = """
-- each work's part of what stands; a double feature has several, with the same admissions
WITH part AS (
  SELECT a.account, a.screening, a.sender, a.programme, a.currency, a.business_date, p.book,
    sum(p.gross) AS gross, sum(p.admissions) AS admissions
  FROM account a JOIN posting p USING (account)
  WHERE p.position <= ? AND a.cinema = ? AND p.book > 0 AND {}
  GROUP BY ALL HAVING sum(p.said) > 0)
SELECT sender, book, programme, currency, CAST(business_date AS VARCHAR) AS day,
  CAST(sum(gross) AS BIGINT) AS gross, CAST(arg_min(admissions, account) AS BIGINT) AS admissions
FROM part GROUP BY screening, sender, book, programme, currency, business_date
ORDER BY book, sender, day, screening
"""
