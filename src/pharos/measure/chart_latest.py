"""Where published figures of works lie: the latest period of a kind that has some, their reach.

In: an edition, a kind of chart, a territory, perhaps a publisher. Out: a period as a chart names
it, dates, publishers. Ranks nothing.
"""

from collections.abc import Iterable
from datetime import date

from pharos.measure.chart_periods import CHARTS, Stretch, stretches
from pharos.measure.charts import ChartAsked
from pharos.measure.edition import Edition
from pharos.measure.precedence import source_of
from pharos.words.territory import Territory

Span = tuple[date, date]

#: All dates: whose figures come first is asked of no period.
_EVER = Stretch(date(1000, 1, 1), date(2999, 12, 31), "")


def latest(edition: Edition, asked: ChartAsked, rules: Territory) -> Stretch | None:
    """The last period of a kind in which the territory's first source has figures of works.

    Raises UnknownWord, and NoWeek where the territory has no such period.
    """
    source = source_of(edition, rules.code, asked.publisher, asked.basis, (_EVER,))
    if source is None:
        return None
    said = edition.position, rules.code, source.publisher, source.basis
    spans: list[Span] = edition.rows(_SPANS, *said)
    if asked.kind == "window":
        return _latest_window(spans, rules)
    found = (_around(asked.kind, span, rules) for span in spans)
    return next((one for one in found if one is not None), None)


def _around(kind: str, span: Span, rules: Territory) -> Stretch | None:
    """The period of a kind that holds all of a span: only such figures are of it."""
    first, last = span
    found = stretches(kind, last.isoformat(), rules)
    return next((one for one in found if one.first <= first and last <= one.last), None)


def _latest_window(spans: Iterable[Span], rules: Territory) -> Stretch | None:
    windows = sorted(rules.windows, key=lambda w: (w.last, w.variant == "official"), reverse=True)
    known = list(spans)
    for window in windows:
        if any(window.first <= first and last <= window.last for first, last in known):
            label = f"window:{window.name}/{window.year}/{window.variant}"
            return Stretch(window.first, window.last, label)
    return None


def reach(edition: Edition, territory: str) -> Span | None:
    """The first and the last date of which somebody published figures of works."""
    ((first, last),) = edition.rows(_REACH, edition.position, territory)
    return None if first is None else (first, last)


def publishers(edition: Edition, territory: str) -> list[str]:
    """Who has published figures of works of a territory, in the order of their names."""
    return [name for (name,) in edition.rows(_PUBLISHERS, edition.position, territory)]


def kind_with_figures(edition: Edition, asked: ChartAsked, rules: Territory) -> str:
    """The shortest kind of chart for which there are figures; the first where there are none."""
    for kind in CHARTS:
        if _has_rule(kind, rules):
            one = ChartAsked(kind, "", asked.territory, asked.publisher, asked.basis)
            if latest(edition, one, rules) is not None:
                return kind
    return CHARTS[0]


def _has_rule(kind: str, rules: Territory) -> bool:
    needed = {"week": rules.week_first, "weekend": rules.weekend}
    return kind not in needed or needed[kind] is not None


_WORKS = "position <= ? AND territory = ? AND scope = 'work' AND measure = 'gross'"
_SPANS = f"""
SELECT DISTINCT first, last FROM published WHERE {_WORKS} AND publisher = ? AND basis = ?
ORDER BY last DESC, first DESC
"""
_REACH = f"SELECT min(first), max(last) FROM published WHERE {_WORKS}"
_PUBLISHERS = f"SELECT DISTINCT publisher FROM published WHERE {_WORKS} ORDER BY 1"
