"""A holiday window over its years: every published version, and where each year stands.

In: an edition, the name of a window. Out: the comparison of its years with the newest, and a
reference of each year with its rank. Ranks are among all years of which somebody stated a figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pharos.errors import BadQuestion, UnknownWindow, nearest
from pharos.measure.comparing import CompareAsked, Comparison, compare, is_meant
from pharos.measure.edition import Edition
from pharos.measure.tables import chosen_windows
from pharos.words.period import Period
from pharos.words.territory import Territory, Window


@dataclass(frozen=True, slots=True)
class WindowsAsked:
    """A window as somebody asks for it; ``years`` empty takes every year."""

    name: str
    territory: str = ""
    basis: str = ""
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowYears:
    """The years of a window, the newest first."""

    name: str
    territory: Territory
    #: Those of which somebody stated a figure of the nation.
    windows: tuple[Window, ...]
    comparison: Comparison
    #: The reference of each year with its ranks, the oldest first.
    references: tuple[dict[str, Any], ...]
    #: Years up to the newest of which nobody stated a figure.
    unknown: tuple[int, ...]
    #: Windows of another name that are these days as well.
    inside: tuple[Window, ...]


def window_years(edition: Edition, asked: WindowsAsked) -> WindowYears:
    """The years of a window. Raises UnknownTerritory, UnknownWindow, BadQuestion."""
    rules = edition.rules(asked.territory)
    named = _newest_first(w for w in chosen_windows(rules) if w.name == asked.name)
    inside = _newest_first(w for w in chosen_windows(rules) if asked.name in w.merged)
    if not (named or inside):
        names = {window.name for window in rules.windows}
        raise UnknownWindow(
            f"territory {rules.code} has no window {asked.name!r}; {nearest(asked.name, names)}"
        )
    _check(asked, (*named, *inside))
    known = _with_figures(edition, rules.code, asked.basis, named)
    wanted = [one for one in known if not asked.years or one.year in asked.years]
    newest = max((one.year for one in known), default=0)
    years = {one.year for one in known}
    whole = compare(edition, _asked(asked, rules.code, known))
    ranked = _ranked(whole, known)
    return WindowYears(
        name=asked.name,
        territory=rules,
        windows=tuple(wanted),
        comparison=whole
        if wanted == known
        else compare(edition, _asked(asked, rules.code, wanted)),
        references=tuple(row for row in ranked if row["year"] in {one.year for one in wanted}),
        unknown=tuple(w.year for w in named if w.year < newest and w.year not in years),
        inside=inside,
    )


def latest_window(edition: Edition, territory: str, basis: str) -> str:
    """The name of the latest window with a figure of the nation; empty where there is none."""
    rules = edition.rules(territory)
    known = _with_figures(edition, rules.code, basis, chosen_windows(rules))
    return max(known, key=lambda window: (window.last, window.first)).name if known else ""


def label_of(window: Window) -> str:
    """A window as a period names it: of each year one stands for its variants."""
    return f"window:{window.name}/{window.year}"


def _newest_first(windows: Iterable[Window]) -> tuple[Window, ...]:
    return tuple(sorted(windows, key=lambda window: window.year, reverse=True))


def _check(asked: WindowsAsked, windows: Sequence[Window]) -> None:
    known = {one.year for one in windows}
    for year in asked.years:
        if year not in known:
            raise BadQuestion(
                f"window {asked.name} is not known for {year}, only for "
                f"{', '.join(map(str, sorted(known)))}"
            )


def _with_figures(
    edition: Edition, territory: str, basis: str, windows: Sequence[Window]
) -> list[Window]:
    """The windows of which a figure of the nation was stated, in the order given."""
    spans = edition.dicts(_SPANS, edition.position, territory, basis, basis)
    return [
        window
        for window in windows
        if any(is_meant(span, Period(window.first, window.last, "")) for span in spans)
    ]


def _asked(asked: WindowsAsked, territory: str, windows: Sequence[Window]) -> CompareAsked:
    return CompareAsked(tuple(label_of(one) for one in windows), territory, asked.basis)


def _ranked(found: Comparison, windows: Sequence[Window]) -> list[dict[str, Any]]:
    """The reference of each year, with its ranks by total and by day among all of them."""
    by_label = {row["window"]: row for row in found.rows if row["relation"] == "="}
    rows = [by_label[label_of(one)] | {"year": one.year} for one in windows
            if label_of(one) in by_label]  # fmt: skip
    totals = [row["gross_minor"] for row in rows]
    daily = [Fraction(row["gross_minor"], row["days"]) for row in rows]
    ranked = [
        row | {"rank": _rank(total, totals), "rank_per_day": _rank(mean, daily), "of": len(rows)}
        for row, total, mean in zip(rows, totals, daily, strict=True)
    ]
    return sorted(ranked, key=lambda row: int(row["year"]))


def _rank(value: int | Fraction, among: Sequence[int | Fraction]) -> int:
    return 1 + sum(other > value for other in among)


_SPANS = """
SELECT DISTINCT first, last FROM published
WHERE position <= ? AND territory = ? AND scope = 'nation' AND measure = 'gross' AND last > first
  AND (? = '' OR basis = ?)
"""
