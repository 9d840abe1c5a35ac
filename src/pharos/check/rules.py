"""The rules: each looks at all lines of a batch at once and says which of them it notices.

In: figures in normal form and what is known. Out: findings by line. A new rule is one function
and one line in RULES. Knows no ledger: what a rule must know of the past is passed in.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from pharos.check.parameters import Parameters
from pharos.words.descriptions import Answers, Mention, unix_day
from pharos.words.figures import ABSENT, Chosen, Event, Figures, Ints
from pharos.words.report import Finding, Severity, Verdict
from pharos.words.works import works_of

_DAY_US = 86_400_000_000
_HOUR_US = 3_600_000_000
#: Names listed in one sentence; the rest is counted.
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What rules may know beside the report: parameters, its arrival, what is registered.

    ``cinemas`` and ``programmes`` answer 1 where a cinema, or every work of a programme, is
    registered. ``fresh`` holds the mentions that were not said in exactly these words before.
    """

    parameters: Parameters
    arrived_at: datetime
    cinemas: Answers
    programmes: Answers
    work_known: Callable[[str], bool]
    fresh: Ints


#: A finding and the line (index) that it speaks of, by which it is known whose report it is.
Noticed = tuple[int, Finding]
Rule = Callable[[Figures, Known], Iterator[Noticed]]


def check(figures: Figures, known: Known) -> list[Noticed]:
    """What all rules notice in the lines of a batch, in the order of the rules.

    ``figures.lines`` also holds ``position``, the report of each line.
    """
    if not len(figures):
        return []
    return [noticed for rule in RULES for noticed in rule(figures, known)]


def decide(findings: list[Finding], counting: int) -> Verdict:
    """The verdict on a report of which ``counting`` rows or facts are left to count."""
    severities = {finding.severity for finding in findings}
    if Severity.REFUSE in severities:
        return Verdict.REFUSED
    if Severity.HOLD in severities and not counting:
        return Verdict.HELD
    return Verdict.ACCEPTED_WITH_FINDINGS if findings else Verdict.ACCEPTED


def too_early(figures: Figures, known: Known) -> Iterator[Noticed]:
    """Business dates before the earliest that a home takes."""
    early = figures.mentions.ints("day") < unix_day(known.parameters.earliest)
    if not early.any():
        return
    for line in np.flatnonzero(early[figures.lines["mention"]]).tolist():
        day = _mention(figures, line).business_date
        yield line, _held(
            "too_early", figures, line,
            f"business date {day} is before {known.parameters.earliest}; correct the date and "
            "send the row again",
        )  # fmt: skip


def too_far(figures: Figures, known: Known) -> Iterator[Noticed]:
    """Screenings further in the future than anybody sells tickets for."""
    limit = known.arrived_at.date() + timedelta(days=known.parameters.furthest_days)
    far = figures.mentions.ints("day") > unix_day(limit)
    if not far.any():
        return
    for line in np.flatnonzero(far[figures.lines["mention"]]).tolist():
        day = _mention(figures, line).business_date
        yield line, _held(
            "too_far", figures, line,
            f"business date {day} is more than {known.parameters.furthest_days} days after the "
            "report arrived; correct the date and send the row again",
        )  # fmt: skip


def parts_exceed_price(figures: Figures, known: Known) -> Iterator[Noticed]:  # noqa: ARG001
    """Tax, levy and fee that are more than what was paid."""
    lines = figures.lines
    parts = sum(np.where(lines[n] == ABSENT, 0, lines[n]) for n in ("tax", "levy", "fee"))
    wrong = (parts > lines["paid"]) & (lines["paid"] != ABSENT)
    for line in np.flatnonzero(wrong).tolist():
        yield line, _notice(
            "parts_exceed_price", figures, line,
            "tax, levy and service fee together are more than what was paid; the row counts as "
            "sent, correct the parts",
        )  # fmt: skip


def sold_after_start(figures: Figures, known: Known) -> Iterator[Noticed]:
    """Tickets sold long after their screening began."""
    lines = figures.lines
    sold = lines["sold_at"]
    tickets = (lines["event"] == Event.SALE) & (sold != ABSENT)
    if not tickets.any():
        return
    starts = figures.mentions.ints("start")[lines["mention"]]
    late = tickets & (sold > starts + known.parameters.sold_after_start_hours * _HOUR_US)
    for line in np.flatnonzero(late).tolist():
        yield line, _notice(
            "sold_after_start", figures, line,
            f"sold more than {known.parameters.sold_after_start_hours} hours after the screening "
            "began; the ticket counts, check the till's clock",
        )  # fmt: skip


def sold_in_the_future(figures: Figures, known: Known) -> Iterator[Noticed]:
    """Tickets said to be sold more than a day after the report arrived: a clock that is off."""
    sold = figures.lines["sold_at"]
    limit = int(known.arrived_at.timestamp()) * 1_000_000 + _DAY_US
    for line in np.flatnonzero(sold > limit).tolist():
        yield line, _notice(
            "sold_in_the_future", figures, line,
            "sold more than a day after the report arrived; the ticket counts, check the clock",
        )  # fmt: skip


def more_than_seats(figures: Figures, known: Known) -> Iterator[Noticed]:  # noqa: ARG001
    """Stated admissions above the seats of the screening."""
    lines, mentions = figures.lines, figures.mentions
    stated = (lines["event"] == Event.TOTAL) & (lines["quantity"] > 0)
    if not stated.any():
        return
    sums = np.zeros(len(mentions), dtype=np.int64)
    np.add.at(sums, lines["mention"][stated], lines["quantity"][stated])
    seats = mentions.ints("seats")
    over = np.flatnonzero((seats != ABSENT) & (sums > seats))
    for index in over.tolist():
        line = _first_line(figures, index)
        yield line, _notice(
            "more_than_seats", figures, line,
            f"{sums[index]} admissions for {seats[index]} seats; the row counts, check both",
        )  # fmt: skip


def shared_slot(figures: Figures, known: Known) -> Iterator[Noticed]:
    """Two screenings of one report that begin at one time on one screen.

    Reports that happen to be decided together are looked at one by one: what is noticed must not
    depend on when they arrived.
    """
    slots: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for index in known.fresh.tolist():
        said = figures.mentions[index]
        if said.screen and not said.cancelled:
            slots[said.cinema, said.screen, said.start].append(index)
    for (cinema, screen, _), indices in slots.items():
        for line, screenings in _by_report(figures, indices) if len(indices) > 1 else ():
            if len(screenings) < 2:
                continue
            yield line, _notice(
                "shared_slot", figures, line,
                f"{len(screenings)} screenings begin at one time on screen {screen}: "
                f"{_few(sorted(screenings))}; both count, withdraw the one that was not held",
                f"cinema:{cinema}",
            )  # fmt: skip


def unknown_cinema(figures: Figures, known: Known) -> Iterator[Noticed]:
    """Cinemas that no register report has named; told once for each report and cinema."""
    strange = known.cinemas.of(figures.mentions.ints("cinema")) != 1
    for cinema, line in _first_in_report(figures, strange, "cinema"):
        yield line, Finding(
            "unknown_cinema", Severity.NOTICE,
            f"cinema {cinema!r} is not registered; its figures count and are marked provisional, "
            "send a register row for it",
            subject=f"cinema:{cinema}",
        )  # fmt: skip


def unknown_work(figures: Figures, known: Known) -> Iterator[Noticed]:
    """Works that no register report has named; told once for each report."""
    strange = known.programmes.of(figures.mentions.ints("programme")) != 1
    reports: dict[int, tuple[int, set[str]]] = {}
    for programme, line in _first_in_report(figures, strange, "programme"):
        unknown = {work for work in works_of(programme) if not known.work_known(work)}
        _, works = reports.setdefault(int(figures.lines["position"][line]), (line, set()))
        works.update(unknown)
    for line, works in reports.values():
        names = sorted(works)
        count = f"{len(names)} works are" if len(names) > 1 else "1 work is"
        yield line, Finding(
            "unknown_work", Severity.NOTICE,
            f"{count} not registered ({_few(names)}); the figures count and are marked "
            "provisional, send register rows or join to registered works",
            subject=f"work:{names[0]}",
        )  # fmt: skip


#: All rules, in the order in which their findings are told.
RULES: tuple[Rule, ...] = (
    too_early,
    too_far,
    parts_exceed_price,
    sold_after_start,
    sold_in_the_future,
    more_than_seats,
    shared_slot,
    unknown_cinema,
    unknown_work,
)


def _notice(rule: str, figures: Figures, line: int, sentence: str, subject: str = "") -> Finding:
    return Finding(rule, Severity.NOTICE, sentence, int(figures.lines["row"][line]), subject)


def _held(rule: str, figures: Figures, line: int, sentence: str) -> Finding:
    return Finding(rule, Severity.HOLD, sentence, int(figures.lines["row"][line]))


def _few(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"


def _first_line(figures: Figures, mention: int) -> int:
    return int(np.flatnonzero(figures.lines["mention"] == mention)[0])


def _mention(figures: Figures, line: int) -> Mention:
    return figures.mentions[int(figures.lines["mention"][line])]


def _by_report(figures: Figures, mentions: list[int]) -> Iterator[tuple[int, set[str]]]:
    """Of each report the screenings among some mentions, and the first line of the last of them."""
    found: dict[int, tuple[int, set[str]]] = {}
    for mention in mentions:
        line = _first_line(figures, mention)
        position = int(figures.lines["position"][line])
        screenings = found[position][1] if position in found else set()
        found[position] = line, screenings | {figures.mentions[mention].screening}
    yield from found.values()


def _first_in_report(figures: Figures, wanted: Chosen, name: str) -> Iterator[tuple[str, int]]:
    """The first line of each report that says a text of a wanted mention, text by text."""
    if not wanted.any():
        return
    seen: set[tuple[int, str]] = set()
    lines = np.flatnonzero(wanted[figures.lines["mention"]])
    mentions, first = np.unique(figures.lines["mention"][lines], return_index=True)
    for mention, line in zip(mentions.tolist(), lines[first].tolist(), strict=True):
        text = getattr(figures.mentions[mention], name)
        key = (int(figures.lines["position"][line]), text)
        if key not in seen:
            seen.add(key)
            yield text, line
