"""Which film is meant, and its runs: on which dates each of them has figures or screenings.

In: an id or a name, a run, a period of the address. Out: a `Film`, which the page's questions are
asked of. Knows no table.
"""

from dataclasses import dataclass

from pharos.errors import BadQuestion, nearest
from pharos.measure.edition import Edition
from pharos.measure.lists import meant_id
from pharos.serve.names import in_language
from pharos.serve.views.answered import Asked
from pharos.serve.views.asking import Asker


@dataclass(frozen=True, slots=True)
class Run:
    """A run: its number, and the first and last date with figures or screenings."""

    number: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Film:
    """A film as a page asks for it.

    ``run`` is the one that is looked at, None where there are no figures; ``where`` and ``period``
    narrow every question down to it, or to the period that the address says.
    """

    work: str
    name: str
    also: str
    runs: tuple[Run, ...]
    run: Run | None
    where: tuple[str, ...]
    period: str

    def asked(self, measures: tuple[str, ...], by: tuple[str, ...] = ()) -> Asked:
        """A question about this film."""
        return Asked(measures, by, self.where, self.period)


def film_of(asker: Asker, said: str) -> Film:
    """The film that an id or a name means. Raises UnknownWord, BadQuestion."""
    wanted, language = asker.wanted, asker.language
    work = meant_id(asker.edition, "work", said)
    name, also = in_language(asker.edition, "work", work, language.code)
    runs = runs_of(asker, work)
    run = _chosen(runs, wanted.get("run"))
    where = [f"work={work}"]
    period = wanted.get("period")
    # A single run needs no condition; without one the whole of it is asked, and no more.
    if run is not None and len(runs) > 1 and (wanted.get("run") or not period):
        where.append(f"run={run.number}")
    if run is not None and not period:
        period = f"{run.first}..{run.last}"
    return Film(work, name, also, runs, run, tuple(where), period)


def runs_of(asker: Asker, work: str) -> tuple[Run, ...]:
    """All runs of a film, the earliest first."""
    days: dict[int, list[str]] = {}
    answer = asker.ask(("gross", "screenings"), ("business_date", "run"), (f"work={work}",))
    for row in answer.rows:
        if row["run"] is not None:
            days.setdefault(row["run"], []).append(row["business_date"])
    return tuple(Run(number, min(dates), max(dates)) for number, dates in days.items())


def _chosen(runs: tuple[Run, ...], said: str) -> Run | None:
    """The run that is said, else the latest."""
    if not said:
        return runs[-1] if runs else None
    known = {str(run.number): run for run in runs}
    if said not in known:
        raise BadQuestion(f"run={said[:20]!r} is none of this film; {nearest(said, known)}")
    return known[said]


def has_weeks(edition: Edition) -> bool:
    """Whether every territory has a week and a weekend, so that films have an opening one."""
    rules = edition.territories.values()
    return all(one.week_first is not None and one.weekend is not None for one in rules)
