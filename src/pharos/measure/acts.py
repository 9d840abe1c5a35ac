"""What an act of administration would say, checked against what is known; nothing is done.

In: an edition and the words of a person. Out: the act, or why it would mean nothing. Never writes.
"""

from dataclasses import dataclass

from pharos.arrive.administration import Closing, Judgement
from pharos.errors import BadQuestion
from pharos.match.judgements import KINDS, judgement
from pharos.measure.edition import Edition
from pharos.words.identity import Joined


@dataclass(frozen=True, slots=True)
class _Registers:
    """Who is known besides by figures, and what was judged of them."""

    works: set[str]
    cinemas: set[str]
    joins: dict[str, list[Joined]]


def judged(edition: Edition, pair: tuple[str, str], why: str, *, same: bool) -> Judgement:
    """That two ids such as ``work:A`` and ``work:B`` are one, or no longer are.

    Raises BadJudgement.
    """
    known = _Registers(
        edition.registered_works | _stated(edition, "work"),
        edition.registered_cinemas | _stated(edition, "cinema"),
        {kind: edition.judged(kind) for kind in KINDS},
    )
    return judgement(known, edition.terms, pair, why, same=same)


def _stated(edition: Edition, kind: str) -> set[str]:
    """Works or cinemas that published figures name."""
    return {said for (said,) in edition.rows(_STATED, edition.position, kind)}


_STATED = "SELECT DISTINCT subject FROM published WHERE position <= ? AND scope = ?"


def closed(edition: Edition, period: str, why: str) -> Closing:
    """That business dates are closed. Raises BadPeriod and its kin."""
    if not period:
        raise BadQuestion("say which business dates, such as 2024-03")
    found = edition.period(period)
    return Closing(first=found.first, last=found.last, why=why)
