"""Charts of works by published figures: who was first in a day, a weekend, a week, a window.

In: a kind of chart, a period, perhaps whose figures. Out: one table, with the periods beside. What
is not known of all days of a period is said to be, and is never shown as a total.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pharos.errors import NoWeek
from pharos.measure import chart_latest
from pharos.measure.chart_periods import CHARTS, Stretch, neighbours, stretches
from pharos.measure.charts import Chart as Ranking
from pharos.measure.charts import ChartAsked, chart
from pharos.serve.language import NOTHING, Language
from pharos.serve.names import in_language
from pharos.serve.views import published
from pharos.serve.views.asking import Asker
from pharos.serve.views.links import page_about
from pharos.serve.views.table import Cell, Chart, Head, Row, Table
from pharos.serve.views.view import Control, Page, Tab, View
from pharos.serve.views.year import window_title
from pharos.words.territory import Territory

#: Places of each period unless more are asked for, and the most.
_PLACES, _MOST = 50, 10_000
#: Bars that are drawn.
_BARS = 10
#: Beside gross, what a publisher may state of a work.
_COUNTS = ("admissions", "screenings", "theatres", "screens")
_SAID = (*_COUNTS, "cumulative_gross")
#: What a chart of another kind or period leaves behind.
_TURNED: dict[str, str | None] = {"page.charts": None, "sort.charts": None}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A chart that an address asks: its kind, its periods, the rules of its territory."""

    asker: Asker
    rules: Territory
    kind: str
    several: tuple[Stretch, ...]

    @property
    def title(self) -> str:
        """The periods in words."""
        language = self.asker.language
        if not self.several:
            return language.say("charts_page.nav")
        first, last = self.several[0], self.several[-1]
        text = _period(self.rules, self.kind, first, language)
        if first != last:
            until = _period(self.rules, self.kind, last, language)
            text = language.say("published.span", first=text, last=until)
        return language.say(
            "charts_page.title", kind=language.words["chart_kinds"][self.kind], period=text
        )


def _make(asker: Asker) -> View:
    wanted, say = asker.wanted, asker.language.say
    code = wanted.get("territory") or asker.edition.default_territory
    if not code:
        return _nothing(
            View(say("charts_page.nav"), ()), say("charts_page.empty", territory=NOTHING)
        )
    asked = _asked(asker, code)
    view = View(
        asked.title,
        (),
        tabs=tuple(_kinds(asked)),
        periods=tuple(_periods(asked)),
        controls=tuple(_controls(asked)),
    )
    if not asked.several:
        territory = published.territory_name(asker, code)
        return _nothing(view, say("charts_page.empty", territory=territory))
    found = chart(asker.edition, _question(asker, asked.kind, _text(asked)))
    if not found.rows:
        return _nothing(view, say("charts_page.no_figures"))
    lead = say("charts_page.lead", **_lead(asked, found))
    return View(
        view.title, (_table(asked, found),), lead=lead, tabs=view.tabs,
        periods=view.periods, controls=view.controls,
    )  # fmt: skip


def _nothing(view: View, why: str) -> View:
    """A page without rows that says what to do."""
    nothing = Table("charts", "", (), ())
    return View(
        view.title, (nothing,), tabs=view.tabs, periods=view.periods, controls=view.controls,
        empty=why,
    )  # fmt: skip


def _question(asker: Asker, kind: str, period: str) -> ChartAsked:
    wanted = asker.wanted
    limit = wanted.number("limit", _PLACES, _MOST)
    of = wanted.get("territory"), wanted.get("publisher"), wanted.basis
    return ChartAsked(kind, period, *of, limit)


def _asked(asker: Asker, code: str) -> _Asked:
    """What is ranked; the latest period with figures unless the address names one."""
    wanted, edition = asker.wanted, asker.edition
    empty = _question(asker, "", "")
    rules = edition.rules(code)
    kind = wanted.get("kind") and wanted.one_of("kind", CHARTS)
    kind = kind or chart_latest.kind_with_figures(edition, empty, rules)
    if text := wanted.get("period"):
        return _Asked(asker, rules, kind, stretches(kind, text, rules))
    found = chart_latest.latest(edition, _question(asker, kind, ""), rules)
    return _Asked(asker, rules, kind, () if found is None else (found,))


def _text(asked: _Asked) -> str:
    """The period as a chart is asked for it."""
    return asked.asker.wanted.get("period") or asked.several[0].label


def _period(rules: Territory, kind: str, one: Stretch, language: Language) -> str:
    """A period as people call it."""
    if kind == "window":
        for window in rules.windows:
            if (window.first, window.last) == (one.first, one.last):
                name = window_title(window, language)
                return language.say("published.window_of", window=name, year=window.year)
    if kind == "daily":
        return language.day(one.first)
    if kind == "month":
        return language.month(one.first)
    if kind == "year":
        return str(one.first.year)
    return language.say("published.span", first=one.first, last=one.last)


def _lead(asked: _Asked, found: Ranking) -> dict[str, str]:
    """Whose figures these are, and what the works make of the nation's."""
    asker, language = asked.asker, asked.asker.language
    nation = (
        "" if len(asked.several) > 1 else "".join(_nation(one, language) for one in found.nation)
    )
    return {
        "territory": published.territory_name(asker, found.territory),
        "period": published.span_text(
            str(asked.several[0].first), str(asked.several[-1].last), language
        ),
        "publisher": found.source,
        "basis": language.words["published_bases"][found.basis],
        "nation": nation,
    }


def _nation(one: Mapping[str, Any], language: Language) -> str:
    if one["works_share_pct"] is None:
        return ""
    return language.say(
        "charts_page.nation",
        count=language.exact(one["works"]),
        works=language.money(language.amount(one["works_gross"]), one["currency"]),
        gross=language.money(language.amount(one["gross"]), one["currency"]),
        share=published.share(one["works_share_pct"], language),
    )


def _kinds(asked: _Asked) -> Iterator[Tab]:
    """The latest chart of each kind; a kind that the territory has no rule for is left out."""
    asker = asked.asker
    for kind in CHARTS:
        try:
            stretches(kind, "2000-01-01", asked.rules)
        except NoWeek:
            continue
        address = asker.wanted.address(asker.language, **_TURNED, kind=kind, period=None)
        yield Tab(asker.language.words["chart_kinds"][kind], address, kind == asked.kind)


def _periods(asked: _Asked) -> Iterator[Tab]:
    """The period before and the one after, as far as there are figures."""
    asker = asked.asker
    known = chart_latest.reach(asker.edition, asked.rules.code)
    if known is None or not asked.several:
        return
    before, after = neighbours(asked.kind, asked.several, asked.rules)
    named = partial(_period, asked.rules, asked.kind, language=asker.language)
    if before is not None and before.last >= known[0]:
        yield Tab(f"‹ {named(one=before)}", _address(asked, before))
    if after is not None and after.first <= known[1]:
        yield Tab(f"{named(one=after)} ›", _address(asked, after))


def _address(asked: _Asked, one: Stretch) -> str:
    words: dict[str, str | None] = {**_TURNED, "kind": asked.kind, "period": one.label}
    return asked.asker.wanted.address(asked.asker.language, **words)


def _controls(asked: _Asked) -> Iterator[Control]:
    asker, say = asked.asker, asked.asker.language.say
    yield Control("kind", "", asked.kind, "hidden")
    period = _text(asked) if asked.several else asker.wanted.get("period")
    yield Control("period", say("view.period"), period)
    yield from published.choices(asker, chart_latest.publishers(asker.edition, asked.rules.code))
    limit = asker.wanted.number("limit", _PLACES, _MOST)
    yield Control("limit", say("charts_page.limit"), str(limit), "number")


def _table(asked: _Asked, found: Ranking) -> Table:
    language = asked.asker.language
    one = len({row["period_start"] for row in found.rows}) == 1
    whole = all(row["complete"] for row in found.rows)
    # Where no film is known whole there is no bar, and a drawing would be an empty frame.
    drawable = one and any(row["gross"] is not None for row in found.rows)
    heads = _heads(found, language, several=not one, whole=whole)
    rows = tuple(_row(asked, row) for row in found.rows)
    drawn = language.say("charts_page.drawn", title=asked.title)
    bars = Chart("bar", "work", ("gross",), drawn, language.say("charts_page.bars"), most=_BARS)
    note = "" if whole else language.say("charts_page.incomplete")
    return Table("charts", "", heads, rows, chart=bars if drawable else None, note=note)


def _heads(found: Ranking, language: Language, *, several: bool, whole: bool) -> tuple[Head, ...]:
    say = language.say
    currencies = {row["currency"] for row in found.rows}
    text = partial(published.heads_text, language=language)
    known = published.money_head("known_gross", say("charts_page.known_gross"), currencies)
    to_date = published.money_head("cumulative_gross", text("cumulative_gross"), currencies)
    heads = (
        Head("period_start", say("calendar_page.first"), shown=several),
        Head("period_end", say("calendar_page.last"), shown=several),
        Head("rank", say("board.rank"), "whole"),
        Head("rank_before", say("charts_page.rank_before"), "whole", shown=False),
        Head("move", say("charts_page.move"), "whole"),
        Head("work_id", say("board.work_id"), shown=False),
        Head("work", say("board.film")),
        Head("currency", say("board.currency"), shown=len(currencies - {None}) > 1),
        published.money_head("gross", text("gross"), currencies),
        Head("change_pct", say("charts_page.change"), "decimal", 2),
        *(Head(name, text(name), "whole") for name in _COUNTS),
        to_date,
        Head("days_known", say("charts_page.days_known"), "whole"),
        Head("complete", say("charts_page.complete"), "yes_no"),
        replace(known, shown=not whole),
    )
    # What this publisher does not state stands in files, as empty as it is.
    unsaid = {name for name in _SAID if all(row[name] is None for row in found.rows)}
    return tuple(replace(one, shown=one.shown and one.name not in unsaid) for one in heads)


def _row(asked: _Asked, row: Mapping[str, Any]) -> Row:
    language = asked.asker.language
    why = "" if row["complete"] else language.say("charts_page.known_only")
    counts = (
        published.amount(row[name], language, why if name in ("admissions", "screenings") else "")
        for name in _COUNTS
    )
    known = language.say("charts_page.whole"), language.say("charts_page.known_only")
    return Row((
        Cell(row["period_start"], row["period_start"]),
        Cell(row["period_end"], row["period_end"]),
        published.amount(row["rank"], language, why),
        published.amount(row["rank_before"], language),
        _move(row, language),
        Cell(row["work_id"], row["work_id"]),
        _work(asked.asker, row["work_id"]),
        Cell(row["currency"], row["currency"] or ""),
        published.amount(row["gross"], language, why),
        published.change(row["change_pct"], language),
        *counts,
        published.amount(row["cumulative_gross"], language),
        published.amount(row["days_known"], language),
        published.yes_no(row["complete"], known),
        published.amount(row["known_gross"], language),
    ))  # fmt: skip


def _move(row: Mapping[str, Any], language: Language) -> Cell:
    """Places gained on the period before; new is who had none there."""
    if row["rank"] is None or row["rank_before"] is None:
        return Cell(None, NOTHING)
    gained = row["rank_before"] - row["rank"]
    places = {"before": row["rank_before"], "now": row["rank"]}
    return Cell(gained, language.move(gained), language.say("charts_page.moved", **places))


def _work(asker: Asker, work: str) -> Cell:
    """A work under the name of its register, with its page if the home has reports of it."""
    name, _ = in_language(asker.edition, "work", work, asker.language.code)
    has_page = asker.edition.terms["work"].known(work) is not None
    link = page_about(asker.language, asker.wanted, "work", work) if has_page else ""
    return Cell(name, name, link=link)


PAGE = Page("charts", ("kind", "period", "territory", "publisher", "limit"), ("charts",), _make)
