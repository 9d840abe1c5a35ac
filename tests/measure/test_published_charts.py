"""Charts, comparisons and identities of published figures, beside an oracle in plain Python.

In: small lists whose sums are written out, and many lists drawn from a seed. Out: the same rows
from the ledger and from the oracle.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pharos.arrive.administration import Setting
from pharos.arrive.extract import extract
from pharos.errors import UnknownWord
from pharos.measure.chart_periods import CHARTS
from pharos.measure.charts import ChartAsked
from pharos.measure.comparing import CompareAsked
from pharos.measure.identities import CheckAsked
from pharos.serve.addressed import mapping_setting
from pharos.serve.hands import AtHome
from pharos.serve.home import Home
from tests.fresh_homes import fresh_home
from tests.oracle_published import Asked, Published, Row, Span, grain, length, stretches
from tests.serve.terminal import native

pytestmark = pytest.mark.slow

#: A weekend of January 2024 in Korea; its week begins on Monday the 1st.
THU, FRI, SAT, SUN = "2024-01-04", "2024-01-05", "2024-01-06", "2024-01-07"
WEEKEND, WEEK = f"{FRI}..{SUN}", f"2024-01-01..{SUN}"


@contextmanager
def home_of(folder: Path, *rows: Row, territory: str = "KR") -> Iterator[Home]:
    """A home to which rows were sent as one message."""
    with Home(fresh_home(folder / "home", (territory,))) as home:
        send(home, "1", *rows)
        yield home


def send(home: Home, id: str, *rows: Row) -> None:
    done = home.send("press", "s", id, native(*rows))
    assert not done.held, done.findings


def said(work: str, when: str, value: int, measure: str = "gross", **more: str) -> Row:
    """A figure of a work, or of the nation where no work is named, as its publisher P states it."""
    first, _, last = when.partition("..")
    about = {"publisher": "P", "from": first, "to": last or first, "measure": measure}
    unit = "KRW" if "gross" in measure else "count"
    row = {"kind": "published", **about, "value": str(value), "unit": unit, **more}
    return row | ({"work": work} if work else {})


def days(work: str, *values: int, **more: str) -> list[Row]:
    """Gross from Friday on; 0 is a day on which the work is not listed."""
    named = zip((FRI, SAT, SUN), values, strict=True)
    return [said(work, day, value, **more) for day, value in named if value]


def asked(home: Home, kind: str, period: str, as_of: int | None = None, **more: Any) -> Row:  # noqa: ANN401
    return dict(AtHome(home).history(ChartAsked(kind, period, **more), as_of))


def shown(found: Row, *names: str) -> list[tuple[Any, ...]]:
    names = names or ("work", "rank", "gross_minor", "known_gross_minor", "complete")
    return [tuple(row[name] for name in names) for row in found["rows"]]


def weekend(folder: Path, *rows: Row) -> list[tuple[Any, ...]]:
    with home_of(folder, *rows) as home:
        return shown(asked(home, "weekend", WEEKEND))


def test_a_top_list_with_a_missing_day_is_not_complete(tmp_path: Path) -> None:
    rows = days("Owl", 10, 0, 10, coverage="top") + days("Elk", 5, 5, 5, coverage="top")
    found = weekend(tmp_path, *rows)
    assert found == [("Owl", None, None, 20, False), ("Elk", 2, 15, 15, True)]


def test_a_hole_inside_a_run_is_not_complete(tmp_path: Path) -> None:
    found = weekend(tmp_path, *days("Owl", 10, 0, 10), *days("Elk", 5, 5, 5))
    assert found == [("Owl", None, None, 20, False), ("Elk", 2, 15, 15, True)]


def test_what_starts_on_saturday_in_a_whole_list_is_complete(tmp_path: Path) -> None:
    found = weekend(tmp_path, *days("Owl", 0, 10, 10), *days("Elk", 5, 5, 5))
    assert found == [("Owl", 1, 20, 20, True), ("Elk", 2, 15, 15, True)]


def test_a_weekend_stated_as_one_figure_stands_where_days_are_missing(tmp_path: Path) -> None:
    rows = days("Owl", 10, 0, 0, coverage="top") + days("Elk", 10, 1, 1, coverage="top")
    whole = [said(work, WEEKEND, 33, coverage="top") for work in ("Owl", "Elk")]
    found = weekend(tmp_path, *rows, *whole)
    assert found == [("Owl", 1, 33, 33, True), ("Elk", 2, 12, 12, True)]


def test_a_weekend_is_no_week(tmp_path: Path) -> None:
    with home_of(tmp_path, said("Owl", WEEKEND, 30), said("Owl", WEEK, 50)) as home:
        # The only weekend of its run: nobody said anything of Monday to Thursday but the week.
        send(home, "2", said("Elk", "2024-01-12..2024-01-14", 1))
        assert shown(asked(home, "week", WEEK)) == [("Owl", 1, 50, 50, True)]


def test_a_day_before_the_first_list_and_after_the_last_is_not_known(tmp_path: Path) -> None:
    found = weekend(tmp_path / "first", *days("Owl", 0, 10, 10))
    assert found == [("Owl", None, None, 20, False)]
    found = weekend(tmp_path / "last", *days("Owl", 10, 0, 0), *days("Elk", 5, 6, 0))
    assert found == [("Elk", None, None, 11, False), ("Owl", None, None, 10, False)]


def test_each_days_list_says_whether_it_is_whole(tmp_path: Path) -> None:
    found = weekend(tmp_path, *days("Elk", 5, 0, 0, coverage="top"), *days("Owl", 0, 10, 10))
    assert found[0] == ("Owl", None, None, 20, False)


def test_a_day_known_on_another_basis_alone_is_not_complete(tmp_path: Path) -> None:
    other = days("Owl", 0, 9, 0, basis="without_fee")
    found = weekend(tmp_path, *days("Owl", 10, 0, 10, basis="with_fee"), *other)
    assert found == [("Owl", None, None, 20, False)]


def test_gross_of_some_days_is_no_gross_of_all(tmp_path: Path) -> None:
    found = weekend(tmp_path, *days("Owl", 10, 0, 10), said("Owl", SAT, 3, "admissions"))
    assert found == [("Owl", None, None, 20, False)]


def test_screenings_of_some_days_are_not_of_all(tmp_path: Path) -> None:
    with home_of(tmp_path, *days("Owl", 10, 10, 10), said("Owl", FRI, 3, "screenings")) as home:
        assert shown(asked(home, "weekend", WEEKEND), "gross_minor", "screenings") == [(30, None)]


def test_a_later_statement_replaces_and_an_edition_remembers(tmp_path: Path) -> None:
    with home_of(tmp_path, said("Owl", FRI, 10, stated_at="2024-01-06")) as home:
        send(home, "2", said("Owl", FRI, 12, stated_at="2024-01-08"))
        send(home, "3", said("Owl", FRI, 11, stated_at="2024-01-07"), said("Elk", FRI, -4))
        names = ("work", "gross_minor")
        assert shown(asked(home, "daily", FRI), *names) == [("Owl", 12), ("Elk", -4)]
        newest = asked(home, "daily", FRI)["edition"]
        assert shown(asked(home, "daily", FRI, newest - 1), *names) == [("Owl", 12)]
        assert shown(asked(home, "daily", FRI, newest - 2), *names) == [("Owl", 10)]


def test_joined_works_are_one_and_the_last_word_stands(tmp_path: Path) -> None:
    with home_of(tmp_path, *days("Eule", 10, 4, 0, stated_at="2024-01-09")) as home:
        send(home, "2", *days("Owl", 0, 3, 20, stated_at="2024-01-08"))
        AtHome(home).judge(("work:Owl", "work:Eule"), "one film", same=True)
        assert shown(asked(home, "weekend", WEEKEND)) == [("Eule", 1, 34, 34, True)]


def test_declared_sources_come_first_and_amounts_with_fee(tmp_path: Path) -> None:
    fees = [said("Owl", FRI, 9, basis="without_fee"), said("Owl", FRI, 10, basis="with_fee")]
    other = [said(work, FRI, 7, publisher="Q") for work in ("Owl", "Elk", "Yak")]
    with home_of(tmp_path, *fees, *other) as home:
        assert asked(home, "daily", FRI)["source"] == "Q"
        own = asked(home, "daily", FRI, publisher="P")
        assert (own["basis"], shown(own, "gross_minor")) == ("with_fee", [(10,)])
        declared = '[sources]\nKR = ["P", "Q"]'
        home.administer(Setting(kind="sources", name="sources", text=declared))
        assert asked(home, "daily", FRI)["source"] == "P"
        assert shown(asked(home, "daily", FRI, basis="without_fee"), "gross_minor") == [(9,)]


def test_limit_counts_places_of_each_stretch(tmp_path: Path) -> None:
    days = [said(work, day, 10) for work in ("Owl", "Elk", "Yak") for day in (FRI, SAT)]
    with home_of(tmp_path, *days, said("Cow", FRI, 99)) as home:
        found = asked(home, "daily", f"{FRI}..{SAT}", limit=2)
    assert shown(found, "work", "rank") == [("Cow", 1), ("Elk", 2), ("Elk", 1), ("Owl", 1)]


def test_change_is_between_what_is_complete(tmp_path: Path) -> None:
    for_two = [("Owl", 30, 20), ("Elk", 30, 25), ("Yak", 0, 5)]
    next_one = "2024-01-12..2024-01-14"
    rows = [said(work, next_one, value, coverage="top") for work, _, value in for_two]
    rows += [said(work, WEEKEND, value, coverage="top") for work, value, _ in for_two if value]
    with home_of(tmp_path, *rows, *days("Yak", 50, 50, 0, coverage="top")) as home:
        found = asked(home, "weekend", next_one)
    changed = [("Elk", 2, Decimal("-16.67")), ("Owl", 2, Decimal("-33.33")), ("Yak", None, None)]
    assert shown(found, "work", "rank_before", "change_pct") == changed


def test_the_reference_is_what_was_stated_last(tmp_path: Path) -> None:
    own_cut = said("", "2024-01-02..2024-01-07", 90, stated_at="2024-01-08")
    whole = said("", WEEK, 100, publisher="Q", stated_at="2025-01-08")
    with home_of(tmp_path, own_cut, whole) as home:
        found = compared(home, WEEK)
    assert [row["difference_from_first_minor"] for row in found] == [-10, 0]


def test_figures_of_rows_of_their_own_are_held_together(tmp_path: Path) -> None:
    made = [said("Owl", FRI, 50, "cumulative_gross"), said("Owl", SAT, 61, "cumulative_gross")]
    with home_of(tmp_path, *days("Owl", 10, 10, 0), *made) as home:
        assert checked(home).get(("cumulative-gross", 1)) == (1, 1)


def test_a_day_in_two_sources_is_one_day(tmp_path: Path) -> None:
    rows = days("Owl", 10, 10, 0, source="a") + days("Owl", 10, 0, 0, source="b")
    with home_of(tmp_path, *rows, said("Owl", WEEKEND, 45, source="a")) as home:
        assert ("days-make-period", 3) not in checked(home)


def test_what_is_printed_in_full_must_be_equal(tmp_path: Path) -> None:
    rows = [said("Owl", f"2024-01-{day:02}", 20, unit="USD") for day in range(5, 12)]
    week = said("Owl", "2024-01-05..2024-01-11", 141, unit="USD")
    with home_of(tmp_path, *rows, week, territory="US") as home:
        assert checked(home)["days-make-period", 7] == (1, 1)


def test_what_is_printed_in_hundreds_is_known_to_the_hundred(tmp_path: Path) -> None:
    of_hundreds = {"value": "1.2", "unit": "1000 count"}
    rows = [said("Owl", day, 0, "admissions") | of_hundreds for day in (FRI, SAT, SUN)]
    with home_of(tmp_path, *rows, said("Owl", WEEKEND, 3_646, "admissions")) as home:
        assert checked(home)["days-make-period", 3] == (1, 0)


def compared(home: Home, *periods: str, basis: str = "") -> list[Row]:
    rows = AtHome(home).history(CompareAsked(periods, basis=basis))["rows"]
    made = [row["sum_of_days"] and row["sum_of_days"]["gross_minor"] for row in rows]
    return [row | {"sum_of_days": days} for row, days in zip(rows, made, strict=True)]


def checked(home: Home) -> dict[tuple[str, int], tuple[int, int]]:
    """Pairs and breaks by identity and grain."""
    return {
        (one["identity"], group["days"]): (group["pairs"], group["broken"])
        for one in AtHome(home).history(CheckAsked(limit=0))["rows"]
        for group in one["groups"]
    }


FIRST, LAST = date(2024, 1, 1), date(2024, 3, 10)
KINDS = ("daily", "weekend", "week", "month")
WINDOWS = {"KR": ("window:seollal/2024", date(2024, 2, 9), date(2024, 2, 12)),
           "US": ("window:presidents-day/2024", date(2024, 2, 16), date(2024, 2, 19))}  # fmt: skip
BASES = (("with_fee", "without_fee"), ("with_fee",), ("unknown",))


class World:
    """Lists of three publishers of six works over ten weeks, with holes and restated values."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.territory = "KR" if seed % 2 else "US"
        self.runs = {work: self._run() for work in "ABCDEF"}
        self.rows: list[Row] = []
        self.bases = {publisher: self.chance.choice(BASES) for publisher in "PQR"}
        for publisher in self.bases:
            self._publish(publisher)
        self.chance.shuffle(self.rows)

    def dates(self, longest: int = 70) -> Span:
        first = FIRST + timedelta(self.chance.randrange(length((FIRST, LAST))))
        return first, min(first + timedelta(self.chance.randrange(longest)), LAST)

    def _run(self) -> dict[date, int]:
        """What a work makes on each of its days, as whole units; now and then a correction."""
        spans = [self.dates(40), *([self.dates(9)] if self.chance.random() < 0.3 else ())]
        days = {span[0] + timedelta(n) for span in spans for n in range(length(span))}
        return {day: self.chance.choice((-7, 50, 50, *range(60, 900))) for day in sorted(days)}

    def _publish(self, publisher: str) -> None:
        coverage = self.chance.choice(("whole", "whole", "top"))
        counts = ["admissions", *self.chance.sample(("screenings", "theatres", "screens"), 2)]
        for kind in self.chance.sample(KINDS, self.chance.randint(1, 4)):
            for _, span in stretches(kind, (FIRST, LAST), self.territory):
                about = {"publisher": publisher, "coverage": coverage, "kind": "published"}
                self._list(about | {"from": str(span[0]), "to": str(span[1])}, span, counts)

    def _list(self, about: Row, span: Span, counts: list[str]) -> None:
        for work, run in self.runs.items():
            made = [value for day, value in run.items() if span[0] <= day <= span[1]]
            bases = self.bases[about["publisher"]] if self.chance.random() > 0.07 else ()
            for basis in bases if made else ():
                if self.chance.random() > 0.03:
                    row = about | {"work": work, "basis": basis}
                    cumulative = self.chance.choice(((), ("cumulative_gross",)))
                    self._state(row, sum(made) + len(basis), ("gross", *counts, *cumulative))

    def _state(self, about: Row, value: int, measures: tuple[str, ...]) -> None:
        for measure in measures:
            row = about | {"measure": measure} | self._amount(measure, value)
            self.rows.append(row)
            if self.chance.random() < 0.05:
                again = row | self._amount(measure, value + self.chance.randint(-40, 40))
                day = str(LAST + timedelta(self.chance.randint(1, 5)))
                self.rows.append(again | self.chance.choice(({}, {"stated_at": day})))

    def _amount(self, measure: str, value: int) -> Row:
        if "gross" not in measure:
            return {"value": str(abs(value) // 7), "unit": "count"}
        cents = f".{abs(value) % 100:02}" if self.territory == "US" else ""
        return {"value": f"{value}{cents}", "unit": "USD" if cents else "KRW"}

    def asks(self) -> tuple[str, Asked]:
        """A chart of somebody's, and how its period is written."""
        kind, publisher = self.chance.choice(CHARTS), self.chance.choice([*self.bases])
        basis, span = self.chance.choice(self.bases[publisher]), self.dates()
        if kind != "window":
            return f"{span[0]}..{span[1]}", Asked(kind, span, publisher, basis)
        text, first, last = WINDOWS[self.territory]
        return text, Asked(kind, (first, last), publisher, basis)


@pytest.mark.parametrize("seed", range(8))
def test_charts_are_what_the_oracle_says(tmp_path: Path, seed: int) -> None:
    world = World(seed)
    oracle = Published(world.rows, world.territory, {})
    with home_of(tmp_path, *world.rows, territory=world.territory) as home:
        for _ in range(25):
            period, plain = world.asks()
            expected = oracle.chart(plain)
            assert charted(home, period, plain) == expected, (period, plain)


def charted(home: Home, period: str, plain: Asked) -> list[Row]:
    """The rows of a chart but for names, and amounts as texts; none where nothing is known."""
    found: Row = {"rows": []}
    with suppress(UnknownWord):
        found = asked(home, plain.kind, period, publisher=plain.publisher, basis=plain.basis)
    texts = {"work", "currency", "gross", "known_gross", "cumulative_gross"}
    return [{name: row[name] for name in row.keys() - texts} for row in found["rows"]]


def version(chance: random.Random) -> Row:
    """A day of the nation, or several, as somebody printed it at some time."""
    first = FIRST + timedelta(chance.randrange(10))
    last = first + timedelta(chance.choice((0, 0, 0, 3, 4, 5, 6, 7)))
    more = {"publisher": chance.choice("PQ"), "basis": chance.choice(("with_fee", "unknown"))}
    more |= chance.choice(({}, {"stated_at": str(LAST + timedelta(chance.randrange(9)))}))
    more["relation"] = chance.choice("===~")
    return said("", f"{first}..{last}", chance.randrange(1, 999), **more)


@pytest.mark.parametrize("seed", range(5))
def test_comparisons_are_what_the_oracle_says(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = [version(chance) for _ in range(150)]
    with home_of(tmp_path, *rows) as home:
        for _ in range(10):
            drawn = [version(chance) for _ in range(3)]
            spans = [(date.fromisoformat(x["from"]), date.fromisoformat(x["to"])) for x in drawn]
            windows = {f"{span[0]}..{span[1]}": span for span in spans}
            basis = chance.choice(("", "with_fee", "unknown"))
            expected = Published(rows, "KR", {}).compare([*windows.items()], basis)
            found = compared(home, *windows, basis=basis)
            assert [{name: row[name] for name in expected[0]} for row in found] == expected


UNITS = {"gross": "KRW", "cumulative_gross": "KRW", "hours_viewed": "number",
         "runtime": "hours", "views": "count"}  # fmt: skip
ABOUT = ("publisher", "work", "from", "to")


def statements(times: int) -> Iterator[Row]:
    """What works and the nation made by days, weekends and months, in units of so many won."""
    chance = random.Random(times)
    made = {work: chance.choices(range(10**6, 10**7), k=60) for work in "ABC"}
    made[""] = [sum(day) for day in zip(*made.values(), strict=True)]
    for kind in ("daily", "weekend", "month"):
        for _, span in stretches(kind, (FIRST, FIRST + timedelta(59)), "KR"):
            start, end = ((day - FIRST).days for day in (span[0], span[1] + timedelta(1)))
            for work, values in made.items():
                gross, so_far = (sum(values[n:end]) + times // 2 for n in (start, 0))
                figures = {"gross": gross // times, "cumulative_gross": so_far // times}
                figures |= {"hours_viewed": gross * 3 // 2, "views": gross}
                if chance.random() < 0.1:
                    figures[chance.choice(("gross", "cumulative_gross", "views"))] += 100
                if chance.random() > 0.05:
                    yield {"work": work, "from": str(span[0]), "to": str(span[1])} | figures


@pytest.mark.parametrize("times", [1, 10_000])
def test_identities_are_what_the_oracle_says(tmp_path: Path, times: int) -> None:
    units = {name: f"{times} {unit}" if "gross" in name else unit for name, unit in UNITS.items()}
    table = [{"publisher": "P", "runtime": "1.5000"} | row for row in statements(times)]
    rows = [
        {key: row[key] for key in ABOUT if row[key]}
        | {"measure": one, "value": str(row[one]), "unit": units[one]}
        for row in table
        for one in UNITS
    ]
    lines = [",".join(table[0]), *(",".join(map(str, row.values())) for row in table)]
    columns = [f'{name} = "{name}"' for name in ABOUT]
    figures = [f'[[figure]]\nmeasure = "{x}"\ncolumn = "{x}"\nunit = "{units[x]}"' for x in units]
    mapping = "\n".join(['name = "press"\nkind = "published"\n[columns]', *columns, *figures])
    with Home(fresh_home(tmp_path / "home", ("KR",))) as home:
        home.administer(mapping_setting(mapping))
        home.send("press", "s", "1", extract("\n".join(lines).encode(), "table.csv", mapping))
        found = checked(home)
    expected: dict[tuple[str, int], tuple[int, int]] = {}
    for identity, whole, holds in Published(rows, "KR", {}).pairs():
        pairs, broken = expected.get(key := (identity, grain(length(whole.of.span))), (0, 0))
        expected[key] = pairs + 1, broken + (not holds)
    assert {key: found[key] for key in found if key[0] != "repeated"} == expected
