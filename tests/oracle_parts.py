"""The oracle of what compared periods are made of: days of the nation, shares of works.

In: published figures, as `oracle_published` reads them. Out: the days of one publisher, and how
the works of his lists share a period. Must not know any SQL.
"""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from tests.oracle_published import Lists, Row, Said, Span, days_of, last_words

Whose = tuple[str, str]


def two_places(part: int, whole: int) -> Decimal:
    """A part in percent of the whole."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


def shares(said: Iterable[Said], whose: Whose, span: Span) -> Row:
    """The works that a publisher's lists name in a span, and what each has of all."""
    publisher, basis = whose
    own = [one for one in said if one.of.publisher == publisher and one.of.scope == "work"]
    ranked = Lists(own, basis, {}).ranked(span)
    known = {work: one for work, (_, one) in ranked.items() if one.known("gross") is not None}
    gross = {work: one.total("gross") for work, one in known.items()}
    complete = bool(known) and all(one.complete for one in known.values())
    whole = not any(
        one.row.get("coverage") == "top"
        for one in own
        if one.of.measure == "gross" and span[0] <= one.of.span[0] and one.of.span[1] <= span[1]
    )
    row = {"works": len(known), "complete": complete, "new_works": new_works(own, span)}
    if not complete:
        return row | {"gross_minor": None, "leader_id": None, "hhi": None}
    made = sorted((value or 0 for value in gross.values()), reverse=True)
    listed = sum(made)
    squares = sum((Decimal(value) ** 2 for value in made), Decimal(0)) * 10_000 / listed**2
    return row | {
        "gross_minor": listed,
        "leader_id": next(iter(gross)),
        "leader_share_pct": two_places(made[0], listed) if whole else None,
        "top_3_share_pct": two_places(sum(made[:3]), listed) if whole else None,
        "hhi": int(squares.quantize(Decimal(1), ROUND_HALF_UP)) if whole else None,
    }


def new_works(said: Iterable[Said], span: Span) -> int | None:
    """Works that were first listed in a span, where lists are known before it."""
    first: dict[str, date] = {}
    for one in said:
        if one.of.measure in ("gross", "admissions"):
            day = one.of.span[0]
            first[one.of.subject] = min(day, first.get(one.of.subject, day))
    if not first or min(first.values()) >= span[0]:
        return None
    return sum(span[0] <= day <= span[1] for day in first.values())


def nation_days(said: Iterable[Said], span: Span) -> dict[Whose, dict[date, int]]:
    """What each publisher last said of single days of the nation."""
    days = set(days_of(span))
    exact = (
        ((one.of.publisher, one.of.basis, one.of.span[0]), one)
        for one in said
        if one.of.scope == "nation" and one.of.measure == "gross" and one.of.span[0] in days
        if one.of.span[0] == one.of.span[1] and one.row.get("relation", "=") == "="
    )
    found: dict[Whose, dict[date, int]] = {}
    for (publisher, basis, day), one in last_words(exact).items():
        found.setdefault((publisher, basis), {})[day] = one.minor
    return found
