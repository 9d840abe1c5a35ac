"""What may be told of places without telling of fewer than so many cinemas.

In: an edition, a dimension of place, business dates. Out: the places and the films whose figures
may be told beside those of the whole home. Knows no reader.

Every film's day is told of the whole home, and a reader may know which cinema shows what. So that
nobody finds a few cinemas by adding and subtracting, it is decided for each day (decision 0018):

- A film is told by place if in each place that is told, and in all others together, either none
  or at least so many cinemas show it, and none shows it in a double feature.
- Where some films are not told, one that at least so many cinemas show in each place with any of
  those is not told either: it ties the places together, so that no sum of the rest is a few
  cinemas'. If no film does, the smallest place is withheld, and so on.

A period is told where each of its days is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from pharos.errors import NotPublic
from pharos.measure import sql
from pharos.measure.dimensions import BY_NAME
from pharos.measure.edition import Edition
from pharos.measure.passes import Passes
from pharos.measure.plan import Frame
from pharos.measure.question import question
from pharos.measure.shown import key_cells
from pharos.words.period import Period

#: A place or a work, by the id that answers give it; None is a place that is not known.
Id = str | None

#: Days of one question: each is decided by itself.
MOST_DAYS = 31
#: Periods of which it is kept what may be told.
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Shown:
    """How many cinemas had figures on a day, by place, and by place and film."""

    cinemas: Mapping[Id, int]
    films: Mapping[tuple[Id, Id], int]
    #: Films that were part of a double feature anywhere.
    doubled: frozenset[Id] = frozenset()


@dataclass(frozen=True, slots=True)
class Tellable:
    """Places of which totals may be told, and films of which figures may be told in each."""

    places: frozenset[Id]
    films: frozenset[Id]


def tellable(day: Shown, least: int) -> Tellable:
    """What may be told of one day, if no sum may be that of fewer than ``least`` cinemas."""
    places = sorted(day.cinemas, key=lambda one: (-day.cinemas[one], one or ""))
    films = sorted({film for _, film in day.films}, key=str)
    table = np.zeros((len(places), len(films)), dtype=np.int64)
    row, column = ({one: nth for nth, one in enumerate(ids)} for ids in (places, films))
    for (place, film), count in day.films.items():
        table[row[place], column[film]] = count
    doubled = np.array([film in day.doubled for film in films], dtype=np.bool_)
    told = sum(day.cinemas[place] >= least for place in places)
    while told:
        chosen = _films(table[:told], table[told:].sum(axis=0), doubled, least)
        if chosen is not None:
            return Tellable(frozenset(places[:told]), frozenset(films[nth] for nth in chosen))
        told -= 1
    return Tellable(frozenset(), frozenset())


def _films(inside: Any, outside: Any, doubled: Any, least: int) -> list[int] | None:  # noqa: ANN401
    """The films that may be told by place if these places are told; None if these may not be.

    ``inside`` counts cinemas by told place and film, ``outside`` those of all other places by film.
    """
    good = ((inside == 0) | (inside >= least)).all(axis=0)
    good &= ((outside == 0) | (outside >= least)) & ~doubled
    if good.all():
        return [int(nth) for nth in np.flatnonzero(good)]
    mixed = inside[:, ~good].any(axis=1)
    ties = good & (inside[mixed] >= least).all(axis=0)
    if outside[~good].any():
        ties &= outside >= least
    if not ties.any():
        return None
    # The one that the fewest cinemas show is missed least.
    size = inside.sum(axis=0) + outside
    tie = min(np.flatnonzero(ties), key=lambda nth: (size[nth], nth))
    return [int(nth) for nth in np.flatnonzero(good) if nth != tie]


def told_in(edition: Edition, dimension: str, period: Period, least: int) -> Tellable:
    """What may be told of a period: what may be told of each of its days with figures.

    Raises NotPublic.
    """
    if period.days > MOST_DAYS:
        raise NotPublic(
            f"{period.text} has {period.days} days; ask for at most {MOST_DAYS} of places at once"
        )
    known: dict[Any, Tellable] = edition.memo.setdefault("told", {})
    key = (edition.position, dimension, period.first, period.last, least)
    if key not in known:
        if len(known) >= _KEPT:
            known.clear()
        days = list(_days(edition, dimension, period).values())
        known[key] = together((day, tellable(day, least)) for day in days)
    return known[key]


def together(days: Iterable[tuple[Shown, Tellable]]) -> Tellable:
    """What may be told of several days: a place or a film is left out if one day leaves it out."""
    places: set[Id] = set()
    films: set[Id] = set()
    no_place: set[Id] = set()
    no_film: set[Id] = set()
    for day, told in days:
        places |= told.places
        films |= told.films
        no_place |= day.cinemas.keys() - told.places
        no_film |= {film for _, film in day.films} - told.films
    return Tellable(frozenset(places - no_place), frozenset(films - no_film))


def _days(edition: Edition, dimension: str, period: Period) -> dict[date, Shown]:
    """Who had figures on each day."""
    place, work = BY_NAME[dimension], BY_NAME["work"]
    asked = question(
        ["gross"],
        by=["business_date", dimension, "work", "cinema"],
        period=f"{period.first}..{period.last}",
    )
    passes = Passes(edition, asked)
    first, last = period.first, period.last
    frame = Frame("now", "cinemas with figures", asked.by, (), (), first, last)
    passes.prepare([frame])
    steps = sql.standing(passes.plan, [frame]) + sql.frame_steps(passes.plan, frame)
    rows = passes.run(f"{steps}{_COUNTED}")
    if len({row[end] for row in rows for end in ("lowest", "highest")}) > 1:
        raise NotPublic("places are shown only in one currency: another one tells cinemas apart")
    doubled = _doubled(edition, period)
    cinemas: dict[date, dict[Id, int]] = {}
    films: dict[date, dict[tuple[Id, Id], int]] = {}
    for row in rows:
        day, said = row["day"], key_cells(edition, place, row["place"])[f"{dimension}_id"]
        if row["whole"]:
            cinemas.setdefault(day, {})[said] = row["cinemas"]
        else:
            film = key_cells(edition, work, row["work"])["work_id"]
            films.setdefault(day, {})[said, film] = row["cinemas"]
    return {
        day: Shown(found, films.get(day, {}), doubled.get(day, frozenset()))
        for day, found in cinemas.items()
    }


def _doubled(edition: Edition, period: Period) -> dict[date, frozenset[Id]]:
    """By day the films that were part of a double feature."""
    texts, one = edition.terms["work"].texts, edition.canonical("work")
    found: dict[date, set[Id]] = {}
    span = (period.first, period.last)
    for day, code in edition.rows(_DOUBLED, *span, *span):
        said = texts[code]
        found.setdefault(day, set()).add(f"work:{one.get(said, said)}")
    return {day: frozenset(films) for day, films in found.items()}


_COUNTED = """
-- how many cinemas, by place and film, and by place alone
SELECT k0 AS day, k1 AS place, k2 AS work, count(DISTINCT k3) AS cinemas,
       min(currency) AS lowest, max(currency) AS highest, grouping(k2) = 1 AS whole
FROM now GROUP BY GROUPING SETS ((k0, k1, k2), (k0, k1))
"""
_DOUBLED = """
SELECT DISTINCT business_date, work FROM account
WHERE business_date BETWEEN ? AND ? AND screening IN (
  SELECT screening FROM account WHERE NOT lead AND business_date BETWEEN ? AND ?)
"""
