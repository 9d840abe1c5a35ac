"""The commands that look back: charts of works, windows beside one another.

In: parsed arguments. Out: printed text or JSON, and an exit code. No arithmetic.
"""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from pharos.arrive.mapping import parse_mapping
from pharos.measure.charts import ChartAsked
from pharos.measure.comparing import CompareAsked
from pharos.measure.history import HistoryAsked
from pharos.measure.identities import CheckAsked
from pharos.measure.records import RecordsAsked
from pharos.measure.restated import RestatedAsked
from pharos.serve.asking import as_of
from pharos.serve.encoded import as_json
from pharos.serve.hands import Hands
from pharos.serve.reaching import hands
from pharos.serve.sending import Parcel
from pharos.serve.show import table

Arguments = argparse.Namespace

_CHART = (
    *("period_start", "period_end", "rank", "work", "currency", "gross", "change_pct"),
    *("admissions", "screenings", "theatres", "cumulative_gross"),
)
_COMPARE = (
    *("window", "start", "end", "days", "currency", "gross", "per_day", "difference_from_first"),
    *("publisher", "basis", "status", "stated_at"),
)

_WORKS = (
    *("window", "publisher", "basis", "works", "new_works", "currency", "gross", "leader"),
    *("share_of", "leader_share_pct", "top_3_share_pct", "hhi"),
)
_PLACES = ("window", "gross", "publisher", "basis", "rank", "rank_per_day", "of")

_GROUPS = ("identity", "publisher", "territory", "days", "pairs", "broken")
_BREAKS = (
    *("start", "end", "subject", "measure", "currency", "stated", "expected", "difference"),
    *("undone_next", "looks_like"),
)

_RESTATED = (
    *("publisher", "start", "end", "subject", "measure", "currency", "before", "after"),
    *("difference", "stated_before", "stated_at", "version"),
)


def chart(arguments: Arguments) -> int:
    """Rank works by published figures."""
    return _tell(_found(ChartAsked, arguments), _CHART, arguments)


def compare(arguments: Arguments) -> int:
    """Show periods beside one another."""
    found = _found(CompareAsked, arguments)
    works = [row for row in found["works"] if row["works"]]
    more = ((_by_day(found), ()), (works, _WORKS), (found["places"], _PLACES))
    return _tell(found, _COMPARE, arguments, more)


def _by_day(found: Mapping[str, Any]) -> list[dict[str, str]]:
    """One row for each day of the periods, with a column of each period."""
    days: dict[int, dict[str, str]] = {}
    for row in found["days"]:
        day = days.setdefault(row["day"], {"day": str(row["day"])})
        day[row["window"]] = f"{row['weekday'][:3]} {row['gross']}"
    several = dict.fromkeys(row["window"] for row in found["days"])
    empty = dict.fromkeys(("day", *several), "")
    return [empty | days[nth] for nth in sorted(days)]


def records(arguments: Arguments) -> int:
    """Show the largest."""
    found = _found(RecordsAsked, arguments)
    shown = [
        name
        for name in (found["rows"][0] if found["rows"] else ())
        if not name.endswith(("_minor", "_id"))
    ]
    return _tell(found, shown, arguments)


def identities(arguments: Arguments) -> int:
    """Show what does not add up."""
    found = _found(CheckAsked, arguments)
    print(as_json(found) if arguments.json else "\n".join(identity_lines(found)))
    return 0


def restated(arguments: Arguments) -> int:
    """Show what was revised."""
    found = _found(RestatedAsked, arguments)
    if arguments.json:
        print(as_json(found))
        return 0
    print(table(found["rows"], _RESTATED) if found["rows"] else "nothing was revised")
    print(f"\n{found['count']:,} in all, version {found['edition']}")
    return 0


def _found(kind: type[HistoryAsked], arguments: Arguments) -> Mapping[str, Any]:
    """The answer to a question whose fields are the arguments of the same names."""
    said = vars(arguments)
    asked = kind(**{one.name: said[one.name] for one in fields(kind) if one.name in said})
    with hands(arguments, writing=False) as at:
        return at.history(asked, as_of(arguments.as_of))


def identity_lines(found: Mapping[str, Any]) -> Iterable[str]:
    """What was checked, for people: counts first, then the breaks that are shown."""
    if not found["rows"]:
        yield "no published figures that anything must hold between"
        return
    yield table(
        [group | {"identity": one["identity"]} for one in found["rows"] for group in one["groups"]],
        _GROUPS,
    )
    for one in found["rows"]:
        if one["breaks"]:
            yield f"\n{one['identity']}: {one['sentence']}"
            yield table(one["breaks"], _BREAKS)


def checked_by(at: Hands, parcels: Sequence[Parcel]) -> list[dict[str, Any]]:
    """What holds among the figures of the publishers whose tables were just sent, and what not."""
    text = parcels[0].mapping
    mapping = parse_mapping(text) if text is not None else None
    if mapping is None or mapping.kind != "published":
        return []
    publisher = mapping.constants.get("publisher", "")
    found = at.history(CheckAsked(publisher=publisher, limit=0))
    names = ("identity", "sentence", "pairs", "broken")
    return [{name: one[name] for name in names} for one in found["rows"]]


def _tell(
    found: Mapping[str, Any],
    shown: Sequence[str],
    arguments: Arguments,
    more: Iterable[tuple[Sequence[Mapping[str, Any]], Sequence[str]]] = (),
) -> int:
    """Print an answer and ``more`` tables; where no columns are named, those of the rows."""
    if arguments.json:
        print(as_json(found))
        return 0
    print("\n".join(_lines(found, shown, more)))
    return 0


def _lines(
    found: Mapping[str, Any],
    shown: Sequence[str],
    more: Iterable[tuple[Sequence[Mapping[str, Any]], Sequence[str]]],
) -> Iterable[str]:
    rows = found["rows"]
    yield table(rows, shown) if rows else "no figures"
    for several, names in more:
        if several:
            yield f"\n{table(several, names or [*several[0]])}"
    said = [found["territory"], found.get("source", ""), f"version {found['edition']}"]
    yield f"\n{', '.join(filter(None, said))}"
    yield from found["notes"]
