"""The small tables that a question's SQL joins: who is one, what is where, weeks, windows, runs.

In: an edition, a question, a cursor. Out: Arrow tables under the names that the builder uses, and
the sets of keys that conditions mean. Knows no measure.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from pharos.errors import BadQuestion, NoWeek, UnknownWord
from pharos.measure.dimensions import BY_NAME, Dimension
from pharos.measure.edition import Edition
from pharos.measure.runs import Runs
from pharos.words.calendar import week_start, weekend_start
from pharos.words.territory import Territory, Window
from pharos.words.works import tidy_name

_DAY = timedelta(days=1)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: No year, hour, run or day of anything has a larger number.
_LARGEST = 1_000_000
_BOOKS = {"supply": 0, "tickets": 1, "screening_totals": 2, "day_totals": 3}


def calendar(edition: Edition, span: tuple[date, date]) -> pa.Table:
    """Week and weekend of every day of a span in every territory; NULL where there is none."""
    (first, last), rows = span, []
    for code, rules in edition.territories.items():
        day = first
        while day <= last:
            week = None if rules.week_first is None else week_start(day, rules.week_first)
            weekend = None if rules.weekend is None else weekend_start(day, rules.weekend)
            rows.append({"territory": code, "day": day, "week": week, "weekend": weekend})
            day += _DAY
    return pa.Table.from_pylist(rows, schema=_CALENDAR)


def holidays(edition: Edition, span: tuple[date, date]) -> pa.Table:
    """Every day of the windows that touch a span: its label NAME/YEAR, its place in the window."""
    (first, last), rows = span, []
    for code, rules in edition.territories.items():
        for window in chosen_windows(rules):
            if window.last < first or last < window.first:
                continue
            for nth in range(window.length):
                day = window.first + nth * _DAY
                label = f"{window.name}/{window.year}"
                rows.append({"territory": code, "day": day, "label": label, "nth": nth + 1})
    return pa.Table.from_pylist(rows, schema=_HOLIDAY)


def chosen_windows(rules: Territory) -> list[Window]:
    """Of each window and year its official variant, else its only one."""
    found: dict[tuple[str, int], list[Window]] = {}
    for window in rules.windows:
        found.setdefault((window.name, window.year), []).append(window)
    chosen = []
    for variants in found.values():
        official = [w for w in variants if w.variant == "official"]
        if official or len(variants) == 1:
            chosen.append((official or variants)[0])
    return chosen


def work_details(edition: Edition) -> pa.Table:
    """Distributor of every said work (code) in every territory."""
    known = edition.distributors()
    one = edition.canonical("work")
    rows = []
    for code, said in enumerate(edition.terms["work"].texts):
        work = one.get(said, said)
        for territory in {*edition.territories, edition.default_territory}:
            found = known.get((work, territory)) or known.get((work, ""))
            if found:
                rows.append({"code": code, "territory": territory, "distributor": found})
    return pa.Table.from_pylist(rows, schema=_WORK_DETAIL)


def channel_names(edition: Edition) -> pa.Table:
    """For every channel (code) whether it is online, and whether it was said at all."""
    texts = edition.terms["channel"].texts
    codes = range(len(texts))
    return pa.table(
        {
            "code": pa.array(codes, pa.int32()),
            "online": [text == "online" for text in texts],
            "silent": [not text for text in texts],
        }
    )


def no_screens(edition: Edition) -> pa.Table:
    """The code of a screen that was not said."""
    code = edition.terms["screen"].known("")
    return pa.table({"code": pa.array([] if code is None else [code], pa.int32())})


def run_table(runs: Runs, edition: Edition) -> pa.Table:
    """Every run of every work (canonical code) in every territory."""
    terms = edition.terms["work"]
    rows = []
    for (work, territory), found in runs.all().items():
        for nth, run in enumerate(found):
            last = found[nth + 1].first - _DAY if nth + 1 < len(found) else date.max
            first = run.first if nth else date.min
            rows.append(
                {
                    "code": terms.code(work), "territory": territory, "number": run.number,
                    "first": first, "last": last, "release": run.release,
                }
            )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=_RUN)


def silent_codes(edition: Edition) -> dict[str, int]:
    """By kind of word the code of "not said", which is shown as not known; -1 if never met."""
    kinds = ("screen", "ticket_type", "channel", "version")
    codes = {kind: edition.terms[kind].known("") for kind in kinds}
    return {kind: -1 if code is None else code for kind, code in codes.items()}


def needs_weeks(edition: Edition, dimensions: Iterable[Dimension], territory: str) -> None:
    """Refuse weeks and weekends where a territory has none. Raises NoWeek."""
    names = {dimension.name for dimension in dimensions}
    rules = [edition.territories[territory]] if territory else edition.territories.values()
    for one in rules:
        if "week" in names and one.week_first is None:
            raise NoWeek(f"territory {one.code} has no rule for its week; ask by day or month")
        if "weekend" in names and one.weekend is None:
            raise NoWeek(f"territory {one.code} has no rule for its weekend; ask by day or week")


def meant(edition: Edition, name: str, values: tuple[str, ...]) -> tuple[pa.Table, bool]:
    """Keys that the values of a condition mean, and whether "not known" is among them.

    Raises UnknownWord or BadQuestion.
    """
    dimension = BY_NAME[name]
    keys = [_key(edition, dimension, value) for value in values if value]
    return pa.table({"key": pa.array(keys, type=_KEY_TYPES[dimension.shape])}), "" in values


def plain(name: str, value: str) -> str:
    """A value of a dimension without what people write around it."""
    return tidy_name(value).removeprefix(f"{name}:")


def _key(edition: Edition, dimension: Dimension, value: str) -> Any:  # noqa: ANN401
    value = plain(dimension.name, value)
    read = _READ.get(dimension.shape)
    return read(edition, dimension, value) if read else value


def _screen(edition: Edition, _: Dimension, value: str) -> int:
    cinema, slash, screen = value.rpartition("/")
    if not slash:
        raise BadQuestion(
            f"screen={value!r}: screens are numbered inside a cinema; write CINEMA/SCREEN"
        )
    code = edition.terms["screen"].known(screen)
    return _said(edition, "cinema", cinema) * 4294967296 + (-1 if code is None else code)


def _weekday(_: Edition, dimension: Dimension, value: str) -> int:
    name = value.capitalize()
    return _WEEKDAYS.index(name) + 1 if name in _WEEKDAYS else _number(dimension, value)


def _said(edition: Edition, kind: str, value: str) -> int:
    """The code of a work or cinema by id, else by a name that only one has."""
    one = edition.canonical(kind)
    terms = edition.terms[kind]
    code = terms.known(one.get(value, value))
    if code is not None:
        return code
    registered = edition.registered_works if kind == "work" else edition.registered_cinemas
    if value in registered or value in one:
        return terms.code(one.get(value, value))
    named = {
        one.get(said, said)
        for (of, said), names in edition.names.items()
        if of == kind and value.casefold() in {n.casefold() for n in names.values()}
    }
    if len(named) == 1:
        return terms.code(named.pop())
    if named:
        raise BadQuestion(f"several {kind}s are called {value!r}: {', '.join(sorted(named))}")
    shown = {
        name for (of, _), names in edition.names.items() if of == kind for name in names.values()
    }
    raise UnknownWord(kind, value, {*terms.texts, *registered, *shown})


def _coded(edition: Edition, kind: str, value: str) -> int:
    code = edition.terms[kind].known(value)
    if code is None:
        raise UnknownWord(kind, value, filter(None, edition.terms[kind].texts))
    return code


def _number(dimension: Dimension, value: str) -> int:
    try:
        number = int(value)
    except ValueError:
        number = _LARGEST + 1
    if abs(number) > _LARGEST:
        raise BadQuestion(f"{dimension.name}={value[:40]!r}: write a number")
    return number


def _date(edition: Edition, dimension: Dimension, value: str) -> date:
    """The first day of the span that a value names."""
    from_label = edition.period(value)
    if dimension.shape == "week":
        rules = edition.territories[edition.default_territory]
        return week_start(from_label.first, rules.week_first or 0)
    return from_label.first


#: How values of each shape are read; others are texts as they are.
_READ: dict[str, Callable[[Edition, Dimension, str], Any]] = {
    "work": lambda edition, _, value: _said(edition, "work", value),
    "cinema": lambda edition, _, value: _said(edition, "cinema", value),
    "screen": _screen,
    "sender": lambda edition, _, value: _coded(edition, "sender", value),
    "version": lambda edition, _, value: _coded(edition, "version", value),
    "term": lambda edition, dimension, value: _coded(edition, dimension.of, value),
    "book": lambda _, __, value: _BOOKS.get(value, -1),
    "weekday": _weekday,
    **dict.fromkeys(
        ("hour", "number", "year", "run"),
        lambda _, dimension, value: _number(dimension, value.removesuffix(":00")),
    ),
    **dict.fromkeys(("date", "week", "month", "quarter"), _date),
}
_KEY_TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys(("work", "cinema", "sender", "version", "term", "hour"), pa.int64()),
    **dict.fromkeys(("screen", "book", "weekday", "number", "year", "run"), pa.int64()),
    **dict.fromkeys(("date", "week", "month", "quarter"), pa.date32()),
    "text": pa.string(),
}
_CALENDAR = pa.schema(
    [(n, pa.string() if n == "territory" else pa.date32())
     for n in ("territory", "day", "week", "weekend")]
)  # fmt: skip
_HOLIDAY = pa.schema(
    [("territory", pa.string()), ("day", pa.date32()), ("label", pa.string()), ("nth", pa.int32())]
)
_WORK_DETAIL = pa.schema(
    [("code", pa.int32()), ("territory", pa.string()), ("distributor", pa.string())]
)
_RUN = pa.schema(
    [("code", pa.int32()), ("territory", pa.string()), ("number", pa.int32()),
     *((n, pa.date32()) for n in ("first", "last", "release"))]
)  # fmt: skip
