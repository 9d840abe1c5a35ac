"""The oracle of published figures: charts, comparisons and identities, from what was sent.

In: published rows of the native format, in the order of their sending. Out: the rows of a chart
or of a comparison, and the pairs that an identity holds together. Days are counted one by one;
must not know any SQL, nor the calendar of the thing it checks.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

Row = dict[str, Any]
Span = tuple[date, date]
Words = Mapping["Figure", "Said"]

ONE_DAY = timedelta(days=1)
FRIDAY = 4
#: The weekday on which weeks begin (0 is Monday); weekends are Friday to Sunday in both.
WEEK_FIRST = {"KR": 0, "US": 4}
#: Decimal places of amounts.
PLACES = {"KRW": 0, "USD": 2}
#: A longer gap ends a run, in both.
RUN_GAP_DAYS = 120
SUMMED = ("gross", "admissions", "screenings")


def length(span: Span) -> int:
    """How many days a span has."""
    return (span[1] - span[0]).days + 1


def days_of(span: Span) -> list[date]:
    """The days of a span, one by one."""
    return [span[0] + n * ONE_DAY for n in range(length(span))]


def common(one: Span, other: Span) -> int:
    """How many days two spans share."""
    return max(length((max(one[0], other[0]), min(one[1], other[1]))), 0)


def grain(days: int) -> int:
    """So many days; but all months are as long as one another, and so are quarters, and years."""
    if 28 <= days <= 31:
        return 30
    return 91 if 89 <= days <= 92 else min(days, 365)


def begins(kind: str, day: date, territory: str) -> bool:
    """Whether a period of a kind begins on a day."""
    if kind in ("weekend", "week"):
        return day.weekday() == (FRIDAY if kind == "weekend" else WEEK_FIRST[territory])
    months = {"month": 1, "quarter": 3, "year": 12}
    return kind == "daily" or (day.day == 1 and (day.month - 1) % months[kind] == 0)


def all_of(kind: str, near: Span, territory: str) -> list[Span]:
    """The periods of a kind around some dates, in order; weekends have three days, others touch."""
    around = days_of((near[0] - 800 * ONE_DAY, near[1] + 400 * ONE_DAY))
    firsts = [day for day in around if begins(kind, day, territory)]
    if kind == "weekend":
        return [(first, first + 2 * ONE_DAY) for first in firsts]
    return [(first, beyond - ONE_DAY) for first, beyond in pairwise(firsts)]


def stretches(kind: str, asked: Span, territory: str) -> Sequence[tuple[Span | None, Span]]:
    """What begins within the dates asked, else what overlaps them; each after the one before it."""
    if kind == "window":
        return [(None, asked)]
    several = [*pairwise(all_of(kind, asked, territory))]
    begun = [(before, one) for before, one in several if asked[0] <= one[0] <= asked[1]]
    return begun or [(before, one) for before, one in several if common(one, asked)]


class Figure(NamedTuple):
    """What somebody stated something of."""

    publisher: str
    territory: str
    scope: str
    subject: str
    span: Span
    measure: str
    basis: str
    source: str


@dataclass(frozen=True)
class Said:
    """One figure as it was sent; ``value`` in whole currency, pieces or hours."""

    of: Figure
    value: Decimal
    #: The unit of the last digit that was printed.
    digit: Decimal
    currency: str
    row: Mapping[str, Any]
    #: What orders statements: when they were made, unknown first, then their sending.
    spoken: tuple[str, int]

    @property
    def minor(self) -> int:
        """The value in the smallest units of its currency, or in pieces."""
        return int(self.value.scaleb(PLACES.get(self.currency, 0)))


def said_of(nth: int, row: Mapping[str, Any], home: str) -> Said:
    """A row of the native format as a figure."""
    factor, _, unit = row.get("unit", "count").rpartition(" ")
    number, times = Decimal(row["value"]), Decimal(factor or 1)
    scope = "work" if "work" in row else "nation"
    first, last = (date.fromisoformat(row.get("date") or row[end]) for end in ("from", "to"))
    of = Figure(
        *(row["publisher"], row.get("territory", home), scope, row.get("work", ""), (first, last)),
        *(row["measure"], row.get("basis", "unknown"), row.get("source", "")),
    )
    digit = Decimal(1).scaleb(int(number.as_tuple().exponent)) * times
    currency = unit if unit in PLACES else ""
    return Said(of, number * times, digit, currency, row, (row.get("stated_at", ""), nth))


def last_words(said: Iterable[tuple[Hashable, Said]]) -> dict[Any, Said]:
    """The last word on each thing: what was stated last, else what was sent last."""
    return dict(sorted(said, key=lambda one: one[1].spoken))


class Asked(NamedTuple):
    """A chart of one publisher's figures on one basis."""

    kind: str
    span: Span
    publisher: str
    basis: str


@dataclass(frozen=True)
class Standing:
    """What is known of a work in a stretch, by its periods of one grain."""

    work: str
    stretch: Span
    parts: Mapping[Span, Mapping[str, int]]
    complete: bool

    def values(self, name: str) -> list[int]:
        """What was said of a measure."""
        return [said[name] for said in self.parts.values() if name in said]

    def known(self, name: str) -> int | None:
        """The sum of what was said."""
        return sum(self.values(name)) if self.values(name) else None

    def total(self, name: str) -> int | None:
        """The sum of all there is: None as soon as one of its parts is not known."""
        whole = self.complete and len(self.values(name)) == len(self.parts)
        return self.known(name) if whole else None

    @property
    def worth(self) -> int:
        """What it is ranked by: gross, else admissions."""
        gross = self.known("gross")
        return (self.known("admissions") or 0) if gross is None else gross

    def row(self) -> Row:
        """The row of a chart, but for what others' rows decide."""
        last = [said for span, said in self.parts.items() if span[1] == self.stretch[1]]
        return {
            "period_start": str(self.stretch[0]),
            "period_end": str(self.stretch[1]),
            "work_id": self.work,
            "gross_minor": self.total("gross"),
            **{name: self.total(name) for name in ("admissions", "screenings")},
            **{name: max(self.values(name), default=None) for name in ("theatres", "screens")},
            "cumulative_gross_minor": last[0].get("cumulative_gross") if last else None,
            "complete": self.complete,
            "days_known": sum(map(length, self.parts)),
            "known_gross_minor": self.known("gross"),
        }


class Lists:
    """The lists of works of one publisher in one territory, read on one basis."""

    def __init__(self, said: Iterable[Said], basis: str, one: Mapping[str, str]) -> None:
        """``one`` gives for each joined work the one that stands for all."""
        self._said = [(one.get(each.of.subject, each.of.subject), each) for each in said]
        self._basis = basis

    @cached_property
    def parts(self) -> dict[str, dict[Span, dict[str, int]]]:
        """The last word on each figure by work, period and measure.

        Counts that were said on no basis stand beside amounts on any; a period of which neither
        gross nor admissions are said is none.
        """
        read = (
            ((work, said.of.span, said.of.measure), said)
            for work, said in self._said
            if said.of.basis in (self._basis, self._basis if said.currency else "unknown")
        )
        found: dict[str, dict[Span, dict[str, int]]] = {}
        for (work, span, measure), said in last_words(read).items():
            found.setdefault(work, {}).setdefault(span, {})[measure] = said.minor
        return {
            work: {span: said for span, said in spans.items() if {"gross", "admissions"} & {*said}}
            for work, spans in found.items()
        }

    @cached_property
    def named(self) -> dict[Span, set[str]]:
        """The works that the list of each period names, on any basis."""
        found: dict[Span, set[str]] = {}
        for work, said in self._said:
            if said.of.measure in ("gross", "admissions"):
                found.setdefault(said.of.span, set()).add(work)
        return found

    def nothing(self, work: str, one_grain: int) -> set[date]:
        """Days on which a work made nothing: a whole list was published that does not name it.

        What lies between two listed periods of a run is a hole: nobody knows what it made there.
        """
        lists = sorted(span for span in self.named if grain(length(span)) == one_grain)
        listed = [span for span in lists if work in self.named[span]]
        between = [(a[1] + ONE_DAY, b[0] - ONE_DAY) for a, b in pairwise(listed)]
        holes = {day for gap in between if length(gap) <= RUN_GAP_DAYS for day in days_of(gap)}
        tops = {said.of.span for _, said in self._said if said.row.get("coverage") == "top"}
        silent = {*lists} - {*listed} - tops
        return {day for span in silent for day in days_of(span)} - holes

    def standing(self, work: str, stretch: Span) -> Standing | None:
        """What is known of a work: of the finest grain that is complete, else that knows most."""
        spans = [span for span in self.parts[work] if common(span, stretch) == length(span)]
        several = []
        for one in sorted({grain(length(span)) for span in spans}):
            parts = {span: self.parts[work][span] for span in spans if grain(length(span)) == one}
            covered = self.nothing(work, one).union(*map(days_of, parts))
            # Gross of some of the days is no gross of all.
            alike = len({"gross" in said for said in parts.values()}) == 1
            complete = alike and covered.issuperset(days_of(stretch))
            several.append(Standing(work, stretch, parts, complete))
        most = max(several, key=lambda one: sum(map(length, one.parts)), default=None)
        return next((one for one in several if one.complete), most)

    def ranked(self, stretch: Span) -> dict[str, tuple[int | None, Standing]]:
        """Works in their order with their ranks: what is not complete takes a place without one.

        Equal worth is equal rank; among equals more admissions stand first, then the smaller id.
        """
        several = filter(None, (self.standing(work, stretch) for work in self.parts))
        order = sorted(several, key=lambda x: (-x.worth, -(x.known("admissions") or 0), x.work))
        better = {one.work: sum(other.worth > one.worth for other in order) for one in order}
        return {x.work: (better[x.work] + 1 if x.complete else None, x) for x in order}


def change(now: Standing, before: Standing | None) -> Decimal | None:
    """By how many percent gross changed, to two decimals, where all of both is known."""
    new, old = now.total("gross"), before.total("gross") if before else None
    if new is None or not old:
        return None
    return (Decimal(new - old) * 100 / old).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Published:
    """Answers from everything that was sent, in a home of one territory."""

    def __init__(self, rows: Iterable[Row], home: str, joined: Mapping[str, str]) -> None:
        """An earlier edition is made of fewer rows; ``joined`` says which work stands for which."""
        self._home, self._one = home, joined
        self._said = [said_of(nth, row, home) for nth, row in enumerate(rows)]

    def chart(self, asked: Asked) -> list[Row]:
        """The rows of a chart: each stretch in its order, beside the one before it."""
        of = (asked.publisher, self._home, "work")
        lists = Lists((x for x in self._said if x.of[:3] == of), asked.basis, self._one)
        rows = []
        for earlier_stretch, stretch in stretches(asked.kind, asked.span, self._home):
            before = lists.ranked(earlier_stretch) if earlier_stretch else {}
            for work, (rank, standing) in lists.ranked(stretch).items():
                rank_before, earlier = before.get(work, (None, None))
                told = {"rank": rank, "rank_before": rank_before}
                rows.append(standing.row() | told | {"change_pct": change(standing, earlier)})
        return rows

    def compare(self, windows: Sequence[tuple[str, Span]], basis: str = "") -> list[Row]:
        """Every version of each window, in the order of their statements."""
        spoken = sorted(self._said, key=lambda x: x.spoken)
        nation = [x for x in spoken if x.of[1:3] == (self._home, "nation")]
        gross = [x for x in nation if x.of.measure == "gross" and basis in ("", x.of.basis)]
        versions = [(name, x) for name, span in windows for x in gross if is_meant(x.of.span, span)]
        stated = [x for name, x in versions if name == windows[0][0]]
        first = next((x for x in reversed(stated) if x.row.get("relation", "=") == "="), None)
        return [version(x, name, first) | sum_of_days(x, gross) for name, x in versions]

    def pairs(self) -> Iterator["Pair"]:
        """Everything that an identity holds together, by last words in each source."""
        words = last_words((x.of, x) for x in self._said)
        for x in words.values():
            checks = (cumulative(x, words), views(x, words), days(x, words), works(x, words))
            yield from filter(None, checks)


def is_meant(span: Span, window: Span) -> bool:
    """A figure of several days is of a window if it shares more than half of the longer of both."""
    return length(span) > 1 and common(span, window) * 2 > max(length(span), length(window))


def version(said: Said, window: str, first: Said | None) -> Row:
    """One version of a window, and how far it is from the last exact word on the first."""
    per_day = (Decimal(said.minor) / length(said.of.span)).quantize(Decimal(1), ROUND_HALF_UP)
    return {
        "window": window,
        "start": str(said.of.span[0]),
        "end": str(said.of.span[1]),
        "days": length(said.of.span),
        "publisher": said.of.publisher,
        "basis": said.of.basis,
        "gross_minor": said.minor,
        "per_day": str(per_day.scaleb(-PLACES[said.currency])),
        "difference_from_first_minor": None if first is None else said.minor - first.minor,
        "stated_at": said.row.get("stated_at"),
    }


def sum_of_days(said: Said, gross: Iterable[Said]) -> Row:
    """What the same publisher's days make on the same basis, if each of them was published."""
    words = last_words((x.of._replace(source=""), x) for x in gross)
    wanted = [said.of._replace(span=(day, day), source="") for day in days_of(said.of.span)]
    found = [words[of].minor for of in wanted if of in words]
    return {"sum_of_days": sum(found) if len(found) == len(wanted) else None}


class Pair(NamedTuple):
    """Figures that must agree: of which identity, what was stated, whether it holds."""

    identity: str
    said: Said
    holds: bool


def rounded(said: Said) -> Decimal:
    """How far the truth may lie from what was printed: nothing, if it was printed in full."""
    return said.digit if said.digit > 1 else Decimal(0)


def sums_up(identity: str, whole: Said, parts: Sequence[Said]) -> Pair:
    """Parts make the whole, but for what each of them was rounded by."""
    slack = sum(rounded(x) for x in (whole, *parts)) / 2
    return Pair(identity, whole, abs(whole.value - sum(x.value for x in parts)) <= slack)


def beside(said: Said, measure: str, words: Words) -> Said | None:
    """Another measure of the same thing: on the same basis, or on none."""
    of = said.of._replace(measure=measure)
    return words.get(of) or words.get(of._replace(basis="unknown"))


def cumulative(said: Said, words: Words) -> Pair | None:
    """A cumulative is that of the period just before, of the same grain, and the gross."""
    gross = beside(said, "gross", words)
    if said.of.measure != "cumulative_gross" or gross is None:
        return None
    # Months, quarters and years are of several lengths.
    sizes = [size for size in range(1, 367) if grain(size) == grain(length(said.of.span))]
    spans = [(said.of.span[0] - size * ONE_DAY, said.of.span[0] - ONE_DAY) for size in sizes]
    before = [words[of] for of in (said.of._replace(span=x) for x in spans) if of in words]
    return sums_up("cumulative-gross", said, (before[0], gross)) if before else None


def views(said: Said, words: Words) -> Pair | None:
    """Views are hours divided by the running time; each may have been rounded or cut."""
    hours, runtime = beside(said, "hours_viewed", words), beside(said, "runtime", words)
    if said.of.measure != "views" or hours is None or runtime is None:
        return None
    low = (hours.value - rounded(hours) / 2) / runtime.value - said.digit
    high = (hours.value + rounded(hours)) / runtime.value + said.digit
    return Pair("views", said, low <= said.value <= high)


def days(said: Said, words: Words) -> Pair | None:
    """All days of a period make its figure."""
    if length(said.of.span) == 1 or said.of.measure not in SUMMED:
        return None
    found = [words.get(said.of._replace(span=(day, day))) for day in days_of(said.of.span)]
    every = [one for one in found if one is not None]
    return sums_up("days-make-period", said, every) if len(every) == len(found) else None


def works(said: Said, words: Words) -> Pair | None:
    """The works of a whole list make the nation's figure."""
    if said.of.scope != "nation" or said.of.measure not in SUMMED:
        return None
    nation = said.of._replace(scope="work")
    listed = [x for of, x in words.items() if of._replace(subject="") == nation]
    whole = [x for x in listed if x.row.get("coverage") != "top"]
    return sums_up("works-make-nation", said, whole) if whole else None
