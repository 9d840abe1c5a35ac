"""Measures that look back over a work's run: cumulative, days on release, opening weekend.

In: the members of one row of an answer. Out: an exact number, or why there is none.
Must not know how the question was written.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pharos.words.money import exponent
from pharos.words.territory import Territory
from tests.oracle_calendar import ONE_DAY
from tests.oracle_measures import PLAIN, Group, Number, Unknown, gross, ratio
from tests.oracle_runs import Run, opening_weekend
from tests.oracle_said import Row
from tests.oracle_view import TIME_DIMENSIONS, Span, as_text, lines_in, without

#: A balance that was brought forward is one number; it cannot be divided by anything else.
UNDIVIDED = ("work", "run", "territory", "currency", "distributor", "day_of_release")


@dataclass(frozen=True)
class _Since:
    """One work in one territory: the run that a row has reached, and on which day."""

    work: str
    rules: Territory
    run: Run
    reached: date


def _since(group: Group) -> list[_Since]:
    """Every work and territory of a row, at the last day that it has figures of.

    Only a row of nothing but screenings has reached the last of those.
    """
    last: dict[tuple[str, str], tuple[Territory, date]] = {}
    for member in list(lines_in(group.members)) or group.members:
        for part in member.parts:
            rules = group.view.rules(member.fact)
            key = (member.fact.parts[part].work, rules.code)
            day = last[key][1] if key in last else member.fact.day
            last[key] = (rules, max(day, member.fact.day))
    return [
        _Since(work, rules, group.view.runs.at(work, rules, day), day)
        for (work, _), (rules, day) in sorted(last.items())
    ]


def _of_run(group: Group, since: _Since, span: Span) -> Group:
    """What the row's other conditions select of one run in a span of dates."""
    conditions = without(group.conditions, TIME_DIMENSIONS) | {
        "work": frozenset([since.work]),
        "territory": frozenset([since.rules.code]),
        "run": frozenset([str(since.run.number)]),
    }
    return group.other(conditions, span)


def _balance(group: Group, since: _Since) -> Row | None:
    """The newest balance brought forward into this run; None if there is none.

    Currencies are never summed: a row of one currency knows nothing of balances in another.
    """
    wanted = group.conditions.get("currency")
    rows = [
        row
        for row in group.view.balances.get((since.work, since.rules.code), [])
        if group.view.runs.at(since.work, since.rules, _through(row)) is since.run
        and (wanted is None or row["currency"] in wanted)
    ]
    if not rows:
        return None
    in_time = [row for row in rows if _through(row) <= since.reached]
    if not in_time:
        raise Unknown("the opening balance speaks of a later day")
    divided = [d for d in group.conditions if d not in (*UNDIVIDED, *TIME_DIMENSIONS)]
    if divided:
        raise Unknown(f"the opening balance cannot be divided by {', '.join(divided)}")
    return max(in_time, key=_through)


def _through(row: Row) -> date:
    return date.fromisoformat(row["through"])


def _cumulative(
    group: Group, counted: Callable[[Group], Number], brought: Callable[[Group, Row], int]
) -> Number:
    total: Number = 0
    for since in _since(group):
        balance = _balance(group, since)
        first = _through(balance) + ONE_DAY if balance else date.min
        total += counted(_of_run(group, since, (first, since.reached)))
        total += brought(group, balance) if balance else 0
    return total


def _brought_gross(group: Group, balance: Row) -> int:
    if group.basis != "paid":
        raise Unknown("the opening balance does not state fee and tax")
    return int(Decimal(balance["gross"]).scaleb(exponent(balance["currency"])))


def _brought_admissions(group: Group, balance: Row) -> int:
    if "admissions" not in balance:
        raise Unknown("the opening balance does not state admissions")
    return int(balance["admissions"])


def cumulative_gross(group: Group) -> Number:
    """Brought forward through a day, and everything counted after it in the run."""
    return _cumulative(group, gross, _brought_gross)


def cumulative_admissions(group: Group) -> Number:
    """The same for admissions."""
    return _cumulative(group, PLAIN["admissions"], _brought_admissions)


def days_on_release(group: Group) -> int:
    """The day of the run that the row has reached; the release day is 1."""
    days = {since.run.day(since.reached) for since in _since(group)}
    if None in days:
        raise Unknown("preview: not released yet")
    if len(days) > 1:
        raise Unknown("its works or territories are on different days")
    return int(days.pop() or 0)


def opening_weekend_gross(group: Group) -> Number:
    """Gross of the weekend that holds the release, or of the first after it, once it is over."""
    opening: Number = 0
    for since in _since(group):
        if since.rules.weekend is None:
            raise Unknown(f"territory {since.rules.code} has no weekend")
        first, last = opening_weekend(since.run, since.rules.weekend)
        if since.reached < last:
            raise Unknown("the opening weekend is not over")
        balance = _balance(group, since)
        if balance and _through(balance) >= first:
            raise Unknown("the opening weekend lies in the opening balance")
        opening += gross(_of_run(group, since, (first, last)))
    return opening


def multiplier(group: Group) -> Fraction:
    """Cumulative gross as a multiple of the opening weekend of the run."""
    opening = opening_weekend_gross(group)
    return ratio(cumulative_gross(group), opening, "gross on the opening weekend")


def rank(group: Group) -> int:
    """Place by gross, most first, among the values of the first dimension asked; ties share it.

    Only values with figures compete: what is merely scheduled is ahead of nobody, not even of a
    gross below zero. A condition on that dimension only says which places are shown.
    """
    if not any(group.lines()):
        raise Unknown("it has no figures to rank by")
    ranked, rest = group.by[0], group.by[1:]
    conditions = without(group.conditions, (ranked,))
    everyone = group.other(conditions, group.span)
    mine = gross(group)
    ahead = 0
    for (value,) in group.view.keys(list(lines_in(everyone.members)), (ranked,)):
        rival = group.other({**conditions, ranked: frozenset([as_text(value)])}, group.span)
        ahead += gross(replace(rival, by=rest)) > mine
    return ahead + 1


MEASURES: dict[str, Callable[[Group], Number]] = PLAIN | {
    "cumulative_gross": cumulative_gross,
    "cumulative_admissions": cumulative_admissions,
    "days_on_release": days_on_release,
    "opening_weekend_gross": opening_weekend_gross,
    "multiplier": multiplier,
    "rank": rank,
}
