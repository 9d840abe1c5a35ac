"""Every question of a page or of the interface, answered as far as its reader may see.

In: who asks, a question, an edition. Out: an answer, or NotPublic. No arithmetic: what of places
may be told is worked out in `measure.withheld`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pharos.errors import NotPublic
from pharos.measure.answer import Answer
from pharos.measure.ask import ask_in
from pharos.measure.coverage import today
from pharos.measure.edition import Edition
from pharos.measure.lists import meant_id
from pharos.measure.question import Question
from pharos.measure.tables import plain
from pharos.measure.withheld import Tellable, told_in
from pharos.serve.policy import Sight, permit

#: What an answer notes from which something may be missing.
WITHHELD = (
    "withheld are places and films of which few cinemas had figures, or that would give those away "
    "by subtraction"
)


def ask(sight: Sight, edition: Edition, asked: Question, now: datetime) -> Answer:
    """The answer as far as a reader may see it. Raises NotPublic and what a question raises."""
    told = _checked(sight, edition, asked, now)
    if told is None:
        return ask_in(edition, asked, now)
    # The first so many of all would say where those stand that are withheld.
    found = ask_in(edition, replace(asked, limit=None), now)
    rows = tuple(row for row in found.rows if _is_told(row, sight.policy.place, told))
    return replace(found, rows=rows[: asked.limit], notes=(*found.notes, WITHHELD), sql="")


def tells(sight: Sight, edition: Edition, asked: Question, now: datetime) -> bool:
    """Whether a reader may ask this: what would be refused should not be offered."""
    try:
        _checked(sight, edition, asked, now)
    except NotPublic:
        return False
    return True


def _checked(sight: Sight, edition: Edition, asked: Question, now: datetime) -> Tellable | None:
    """What may be told of places, None where nothing is withheld. Raises NotPublic."""
    permit(sight, asked)
    if not sight.is_narrow(asked):
        return None
    told = _told(sight, edition, asked, now)
    _require(sight, edition, asked, told)
    return told


def is_cut(answer: Answer) -> bool:
    """Whether something may be missing from an answer, since its reader may not see it."""
    return WITHHELD in answer.notes


def last_day_of_places(sight: Sight, edition: Edition, now: datetime) -> date:
    """The last business date of which figures of places are shown."""
    if not sight.is_anonymous:
        return today(edition, now)
    return today(edition, now) - timedelta(days=sight.policy.days_over)


def _told(sight: Sight, edition: Edition, asked: Question, now: datetime) -> Tellable:
    policy = sight.policy
    if len(edition.home.territories) != 1:
        raise NotPublic(
            f"{policy.place} is told only where a home has one territory: figures of territories "
            "are told, and of two partings of the same cinemas the overlaps can be found"
        )
    period = edition.period(asked.period, asked.territory)
    moment = edition.moment(now, newest=True)
    last = last_day_of_places(sight, edition, moment)
    if period.last > last:
        raise NotPublic(
            f"figures of places are shown up to {last}; ask for a period that ends then"
        )
    return told_in(edition, policy.place, period, policy.least_cinemas)


def _require(sight: Sight, edition: Edition, asked: Question, told: Tellable) -> None:
    """Refuse a place or a film that is asked for and withheld."""
    place, least = sight.policy.place, sight.policy.least_cinemas
    for value in asked.where.get(place, ()):
        if (plain(place, value) or None) not in told.places:
            raise NotPublic(
                f"{place} {value[:60]!r} is withheld for this period: fewer than {least} cinemas "
                "had figures on one of its days, or those of others could be found by subtraction"
            )
    for value in asked.where.get("work", ()):
        if f"work:{meant_id(edition, 'work', value)}" not in told.films:
            raise NotPublic(
                f"work {value[:60]!r} is not told by {place} for this period: somewhere fewer than "
                f"{least} cinemas showed it, or it keeps others from being found by subtraction"
            )


def _is_told(row: Mapping[str, Any], place: str, told: Tellable) -> bool:
    pairs: Iterable[tuple[str, frozenset[str | None]]] = (
        (f"{place}_id", told.places),
        ("work_id", told.films),
    )
    return all(name not in row or row[name] in known for name, known in pairs)
