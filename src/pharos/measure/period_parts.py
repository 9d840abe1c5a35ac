"""What compared periods are made of: their days, their works, their place among all years.

In: an edition and a comparison. Out: its answer with those parts beside the versions. Days and
works are of one publisher on one basis each, who is named: parts of several would not add up.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from pharos.errors import UnknownWindow
from pharos.measure.answer import rounded
from pharos.measure.chart_periods import Stretch
from pharos.measure.comparing import CompareAsked, compare
from pharos.measure.edition import Edition
from pharos.measure.precedence import source_of
from pharos.measure.published_figures import joined_works, percent, words
from pharos.measure.published_works import Whose, nation_over, works_over
from pharos.measure.window_years import WindowsAsked, label_of, window_years
from pharos.words.money import decimal_text
from pharos.words.period import Period
from pharos.words.territory import Territory

Row = dict[str, Any]

_WINDOW = "window:"
#: The squares of shares in percent add up to this where one work makes everything.
_ALONE = 10_000


def compared(edition: Edition, asked: CompareAsked) -> Row:
    """A comparison as one value for JSON, with ``days``, ``works`` and ``places`` of its periods.

    Raises what `compare` raises.
    """
    said = compare(edition, asked).to_json()
    rules = edition.rules(asked.territory)
    periods = [edition.period(text, rules.code) for text in asked.period]
    return said | {
        "days": list(_days(edition, rules.code, asked.basis, periods)),
        "works": [_works(edition, rules, asked.basis, period) for period in periods],
        "places": list(_places(edition, rules.code, asked.basis, periods)),
    }


def _days(edition: Edition, code: str, basis: str, periods: Sequence[Period]) -> Iterator[Row]:
    """Each published day of the nation by its place in its period, beside that of the first."""
    first: dict[int, Row] = {}
    for period in periods:
        for row in _best_days(edition, code, basis, period):
            nth = (row["first"] - period.first).days + 1
            same = first.setdefault(nth, row) if period is periods[0] else first.get(nth)
            comparable = same is not None and same["currency"] == row["currency"]
            difference = row["value"] - same["value"] if same and comparable else None
            yield {
                "window": period.text,
                "day": nth,
                "date": str(row["first"]),
                "weekday": row["first"].strftime("%A"),
                "gross": decimal_text(row["value"], row["currency"]),
                "gross_minor": row["value"],
                "currency": row["currency"],
                "publisher": row["publisher"],
                "basis": row["basis"],
                "difference_from_first": None
                if difference is None
                else decimal_text(difference, row["currency"]),
                "difference_from_first_minor": difference,
            }


def _best_days(edition: Edition, code: str, basis: str, period: Period) -> list[Row]:
    """The days of whoever comes first in the territory's order, then of who published most."""
    found = edition.dicts(_NATION_DAYS, edition.position, code, period.first, period.last,
                          basis, basis)  # fmt: skip
    of: dict[tuple[str, str], list[Row]] = {}
    for row in found:
        of.setdefault((row["publisher"], row["basis"]), []).append(row)
    declared = edition.sources.get(code, ())
    order = {name: place for place, name in enumerate(declared)}
    best = min(
        of, key=lambda one: (order.get(one[0], len(order)), -len(of[one]), one), default=None
    )
    return of[best] if best else []


def _works(edition: Edition, rules: Territory, basis: str, period: Period) -> Row:
    """How the works of a period share it, as far as all of them are known on every day of it."""
    stretch = Stretch(period.first, period.last, period.text)
    source = source_of(edition, rules.code, "", basis, (stretch,))
    if source is None:
        return {"window": period.text, "works": 0, "complete": False} | dict.fromkeys(_UNKNOWN)
    whose = Whose(rules.code, source.publisher, source.basis, rules.run_gap_days)
    rows = [row for row in works_over(edition, whose, [stretch]) if row["gross"] is not None]
    complete = bool(rows) and all(row["complete"] for row in rows)
    nation = next((one["value"] for one in nation_over(edition, whose, [stretch])), None)
    whole = _lists_are_whole(edition, whose, period)
    shared = _shares(edition, rows, nation, whole=whole) if complete else dict.fromkeys(_SHARES)
    return {
        "window": period.text,
        "works": len(rows),
        "complete": complete,
        "publisher": source.publisher,
        "basis": source.basis,
        "new_works": _new_works(edition, whose, period),
        **shared,
    }


def _shares(edition: Edition, rows: Sequence[Row], nation: int | None, *, whole: bool) -> Row:
    """What works, the largest first, make together, and who has how much of it.

    Shares are of the nation's figure where the same publisher states it, else of all works where
    the lists name all; concentration is among all works.
    """
    listed, currency, leader = sum(row["gross"] for row in rows), rows[0]["currency"], rows[0]
    of = nation if nation is not None else listed if whole else 0
    squares = [Fraction(row["gross"], listed) ** 2 for row in rows] if whole and listed > 0 else []
    return {
        "gross": decimal_text(listed, currency),
        "gross_minor": listed,
        "currency": currency,
        "leader": edition.name("work", leader["work"]),
        "leader_id": leader["work"],
        "share_of": ("listed works" if nation is None else "nation") if of else None,
        "leader_share_pct": percent(leader["gross"], of),
        "top_3_share_pct": percent(sum(row["gross"] for row in rows[:3]), of),
        "hhi": rounded(_ALONE * sum(squares, Fraction(0))) if squares else None,
    }


def _lists_are_whole(edition: Edition, whose: Whose, period: Period) -> bool:
    """Whether a publisher's lists in a period name all that made something."""
    ((beginnings,),) = edition.rows(
        _BEGINNINGS, edition.position, whose.territory, whose.publisher, period.first, period.last
    )
    return not beginnings


#: What is said of works that are all known, and of those of which somebody stated something.
_SHARES = (
    *("gross", "gross_minor", "currency", "leader", "leader_id", "share_of"),
    *("leader_share_pct", "top_3_share_pct", "hhi"),
)
_UNKNOWN = ("publisher", "basis", "new_works", *_SHARES)


def _new_works(edition: Edition, whose: Whose, period: Period) -> int | None:
    """Works that a publisher first listed in a period; None if that is where the lists begin."""
    said = edition.position, whose.territory, whose.publisher
    with joined_works(edition):
        listed: list[date] = [day for (day,) in edition.rows(_FIRST_LISTED, *said)]
    if min(listed, default=period.first) >= period.first:
        return None
    return sum(period.first <= day <= period.last for day in listed)


def _places(edition: Edition, code: str, basis: str, periods: Sequence[Period]) -> Iterator[Row]:
    """Where each window that is compared stands among all years of its name."""
    wanted = {period.text for period in periods if period.text.startswith(_WINDOW)}
    names = dict.fromkeys(text.removeprefix(_WINDOW).split("/")[0] for text in sorted(wanted))
    for name in names:
        try:
            years = window_years(edition, WindowsAsked(name, code, basis))
        except UnknownWindow:
            continue
        labels = {label_of(window) for window in years.windows} & wanted
        for row in years.references:
            if row["window"] in labels:
                places = ("window", "gross", "publisher", "basis", "rank", "rank_per_day", "of")
                yield {one: row[one] for one in places}


_NATION_DAYS = f"""
-- the last word of each publisher, on each basis, on each day of the nation
SELECT publisher, basis, first, value, currency FROM published
WHERE position <= ? AND territory = ? AND scope = 'nation' AND measure = 'gross'
  AND relation = '=' AND first = last AND first BETWEEN ? AND ? AND (? = '' OR basis = ?)
QUALIFY {words("publisher, basis, first")} = 1
ORDER BY first
"""
_FIRST_LISTED = """
SELECT min(first) FROM published p LEFT JOIN same ON same.said = p.subject
WHERE position <= ? AND territory = ? AND publisher = ? AND scope = 'work'
  AND measure IN ('gross', 'admissions')
GROUP BY coalesce(same.one, p.subject)
"""
_BEGINNINGS = """
SELECT count(*) FROM published
WHERE position <= ? AND territory = ? AND publisher = ? AND scope = 'work' AND measure = 'gross'
  AND first >= ? AND last <= ? AND coverage <> 'whole'
"""
