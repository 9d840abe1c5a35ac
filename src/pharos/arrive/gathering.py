"""Rows become figures: one mention per described screening or day, one line per figure.

In: typed rows of the native format, whatever they were read from. Out: a `Reading`. Knows no wire
format; a row that breaks a rule of its own is held, and the rest counts.
"""

from collections import Counter

import numpy as np

from pharos.arrive.checks import NATIVE_CHECKS, Check
from pharos.arrive.describing import Describer, Said
from pharos.arrive.identity import statement_line
from pharos.arrive.limits import LARGEST_EPOCH, LARGEST_NUMBER, amount, count
from pharos.arrive.native_rows import DayTotals, Schedule, Screening, ScreeningTotals, Tickets
from pharos.arrive.reading import Fact, Places, Reading
from pharos.arrive.starts import read_micros
from pharos.errors import PharosError, UnreadableRow
from pharos.words.descriptions import Numbering
from pharos.words.figures import (
    ABSENT,
    LINE_COLUMNS,
    Book,
    Event,
    Figures,
    Ints,
    Mentions,
    empty_lines,
)
from pharos.words.report import Finding, Severity

Figured = Schedule | Tickets | ScreeningTotals | DayTotals

EVENTS = {
    "sale": Event.SALE,
    "refund": Event.REFUND,
    "void": Event.VOID,
    "exchange_out": Event.EXCHANGE_OUT,
    "exchange_in": Event.EXCHANGE_IN,
}


class Gatherer:
    """Collects the rows of one report.

    ``stream`` is the stream that the report says for its ticket events, empty for that of its
    envelope; ``checks`` are the sums that its rows promise.
    """

    def __init__(
        self, places: Places, stream: str = "", checks: tuple[Check, ...] = NATIVE_CHECKS
    ) -> None:
        self.facts: list[Fact] = []
        self.findings: list[Finding] = []
        self.describer = Describer(places)
        self.ticket_types = Numbering([""])
        self.channels = Numbering([""])
        self.streams: dict[tuple[str, int], int] = {}
        self._stream = stream
        self._checks = checks
        self._lines: list[tuple[int, ...]] = []
        self._event_ids: list[str] = []
        self._occurrences: Counter[tuple[object, ...]] = Counter()

    def add(self, row: int, said: Figured, key: str = "") -> bool:
        """Take one row in and say so, or hold it with its reason.

        ``key`` tells the row from other lines of its statement; without it, ticket type, channel
        and price do.
        """
        try:
            self._add(row, said, key)
        except PharosError as problem:
            self.hold(row, problem, f"cinema:{said.cinema}")
            return False
        return True

    def hold(self, row: int, problem: PharosError, subject: str = "") -> None:
        """Keep a row out and say why."""
        self.findings.append(Finding.held(row, problem, subject))

    def notice(self, row: int, rule: str, sentence: str, subject: str = "") -> None:
        """Say something about a row that counts."""
        self.findings.append(Finding(rule, Severity.NOTICE, sentence, row, subject))

    def stream_number(self, stream: str, epoch: int) -> int:
        """The number of a stream of events; every cinema has its own of that name."""
        return self.streams.setdefault((stream or self._stream, epoch), len(self.streams))

    def reading(self) -> Reading:
        """Everything gathered, in normal form."""
        lines = empty_lines(0)
        if self._lines:
            columns = np.array(self._lines, dtype=np.int64).T
            lines = dict(zip(LINE_COLUMNS, np.ascontiguousarray(columns), strict=True))
        ids = self._event_ids if any(self._event_ids) else []
        return self.reading_of(self.describer.mentions(), lines, ids)

    def reading_of(
        self, mentions: Mentions, lines: dict[str, Ints], event_ids: list[str]
    ) -> Reading:
        """The reading that mentions make with finished columns."""
        for number, doubt in self.describer.doubts.items():
            doubtful = mentions.numbers[lines["mention"]] == number
            if len(rows := lines["row"][doubtful]):
                cinema = mentions.of.items[number].cinema
                self.notice(int(rows.min()), "start_offset", doubt, f"cinema:{cinema}")
        self.findings.sort(key=lambda finding: finding.row or 0)
        figures = Figures(
            _only_mentioned(mentions, lines),
            lines,
            self.ticket_types.texts,
            self.channels.texts,
            list(self.streams),
            event_ids,
        )
        return Reading(figures, self.facts, self.findings)

    def _add(self, row: int, said: Figured, key: str) -> None:
        if isinstance(said, Tickets):
            self._add_event(row, said)
        elif isinstance(said, ScreeningTotals):
            self._add_screening_total(row, said, key)
        elif isinstance(said, DayTotals):
            self._add_day_total(row, said, key)
        else:
            mention = self.describer.screening(_said(said, cancelled=said.status == "cancelled"))
            self._line(row, mention, Book.SUPPLY, {"event": Event.TOTAL, "quantity": 0})

    def _add_event(self, row: int, said: Tickets) -> None:
        if said.number is None and said.event_id is None:
            raise UnreadableRow(
                "no_identity",
                "the event has neither number nor event_id; add the number that it has in its "
                "stream, so that the same event sent again is not counted again",
            )
        epoch = count("epoch", said.epoch, 0, LARGEST_EPOCH)
        number = count("number", said.number, 1, LARGEST_NUMBER)
        mention = self.describer.screening(_said(said))
        values = {
            "event": EVENTS[said.event],
            "number": number,
            "sold_at": read_micros("sold_at", said.sold_at),
            "quantity": count("quantity", said.quantity),
            **self._amounts(mention, "paid", said.paid, said),
        }
        values["declared"] = amount(
            "declared_value", said.declared_value, self.describer.currency(mention)
        )
        values["stream"] = self.stream_number(said.stream or "", epoch)
        self._line(row, mention, Book.TICKETS, values | self._kinds(said))
        self._event_ids[-1] = (said.event_id or "") if said.number is None else ""

    def _add_screening_total(self, row: int, said: ScreeningTotals, key: str) -> None:
        mention = self.describer.screening(_said(said))
        values = {
            "event": Event.TOTAL,
            "quantity": count("admissions", said.admissions),
            "refunds": count("refunds", said.refunds),
            **self._amounts(mention, "gross", said.gross, said),
        }
        price = amount("price", said.price, self.describer.currency(mention))
        values["line"] = self._statement_line(
            (said.cinema, said.screening), key or _kind(said, price)
        )
        self._line(row, mention, Book.SCREENING_TOTALS, values | self._kinds(said))
        stated = {"admissions": values["quantity"], "gross": values["paid"], "price": price}
        self._check(row, mention, values | stated)

    def _add_day_total(self, row: int, said: DayTotals, key: str) -> None:
        mention = self.describer.day(said)
        values = {
            "event": Event.TOTAL,
            "quantity": count("admissions", said.admissions),
            "screenings": count("screenings", said.screenings),
            "seats": count("seats", said.seats),
            "refunds": count("refunds", said.refunds),
            **self._amounts(mention, "gross", said.gross, said),
        }
        subject = (said.cinema, said.date, self.describer[mention].programme)
        values["line"] = self._statement_line(subject, key or _kind(said, ABSENT))
        self._line(row, mention, Book.DAY_TOTALS, values | self._kinds(said))
        stated = {"admissions": values["quantity"], "gross": values["paid"]}
        self._check(row, mention, values | stated)

    def _amounts(
        self, mention: int, field: str, paid: str, said: Tickets | ScreeningTotals | DayTotals
    ) -> dict[str, int]:
        currency = self.describer.currency(mention)
        return {
            "paid": amount(field, paid, currency),
            "net": amount("net", said.net, currency),
            "tax": amount("tax", said.tax, currency),
            "levy": amount("levy", said.levy, currency),
            "fee": amount("fee", said.fee, currency),
        }

    def _kinds(self, said: Tickets | ScreeningTotals | DayTotals) -> dict[str, int]:
        return {
            "ticket_type": self.ticket_types[said.ticket_type or ""],
            "channel": self.channels[said.channel or ""],
        }

    def _statement_line(self, subject: tuple[object, ...], key: str) -> int:
        self._occurrences[subject, key] += 1
        return statement_line(key, self._occurrences[subject, key])

    def _check(self, row: int, mention: int, values: dict[str, int]) -> None:
        for check in self._checks:
            if (sentence := check.problem(values, self.describer.currency(mention))) is not None:
                subject = f"cinema:{self.describer[mention].cinema}"
                self.notice(row, "does_not_add_up", sentence, subject)

    def _line(self, row: int, mention: int, book: Book, values: dict[str, int]) -> None:
        line = _BLANK | values | {"row": row, "mention": mention, "book": book}
        self._lines.append(tuple(line.values()))
        self._event_ids.append("")


_BLANK: dict[str, int] = {name: int(column[0]) for name, column in empty_lines(1).items()}


def _said(row: Screening, *, cancelled: bool = False) -> Said:
    return Said(
        row.cinema,
        row.screening,
        row.start,
        row.screen,
        row.work,
        row.programme,
        row.version,
        row.seats,
        row.currency,
        cancelled,
    )


def _kind(said: ScreeningTotals | DayTotals, price: int) -> str:
    """What tells a stated line from others about the same screening or day."""
    price_text = "" if price == ABSENT else str(price)
    return f"{said.ticket_type or ''}\x1f{said.channel or ''}\x1f{price_text}"


def _only_mentioned(mentions: Mentions, lines: dict[str, Ints]) -> Mentions:
    """The mentions that have lines; those of held rows go. Renumbers the lines."""
    uses = np.bincount(lines["mention"], minlength=len(mentions))
    if bool(uses.all()):
        return mentions
    kept = np.flatnonzero(uses)
    lines["mention"] = np.searchsorted(kept, lines["mention"]).astype(np.int64)
    return Mentions(mentions.numbers[kept], mentions.of)
