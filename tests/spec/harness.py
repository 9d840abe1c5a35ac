"""A spec: report lines as a table, one question, the expected numbers with their sums.

In: what a spec test says. Out: failures where oracle or ledger differ, and a record for the docs.
Must not know how anything is counted.
"""

import importlib
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from pharos.words.territory import Territory, packaged_territory, parse_territory
from tests.oracle import Oracle
from tests.oracle_calendar import Refused
from tests.oracle_said import Row, Sent
from tests.spec import ledger_adapter
from tests.spec.ledger_adapter import Home, LedgerRefused, Question
from tests.spec.tables import local_time, rows_of

#: Why the ledger's side of the specs cannot run; empty as soon as it can, and then it must.
LEDGER_MISSING = (
    ""
    if hasattr(importlib.import_module("pharos"), "open")
    else "pharos.open does not exist yet: specs are proved against the oracle only"
)

#: Wall-clock times in tables are those of this zone unless they state an offset.
_ZONES = {"US": "America/New_York", "CN": "Asia/Shanghai", "FR": "Europe/Paris"}
_ZONES |= {"ES": "Europe/Madrid", "GB": "Europe/London", "KR": "Asia/Seoul", "RU": "Europe/Moscow"}

ORACLE, LEDGER = "oracle", "ledger"
_territories: dict[str, Territory] = {}


@dataclass(frozen=True)
class Nothing:
    """Expected instead of a number: there is none, and the reason contains ``word``."""

    word: str


def unknown(word: str) -> Nothing:
    """No number, with a reason that contains a word."""
    return Nothing(word)


def ratio(part: int, whole: int) -> Fraction:
    """A ratio of two sums."""
    return Fraction(part, whole)


@dataclass
class Step:
    """One thing that a spec did, for the docs; ``where`` is the place of the call in its source."""

    kind: str
    text: str = ""
    table: str = ""
    messages: tuple[int, ...] = ()
    question: Question | None = None
    gives: Any = None
    rows: list[Row] = field(default_factory=list)
    where: inspect.Traceback | None = None


class Spec:
    """What one spec test sends and asks, on one side."""

    def __init__(self, side: str = ORACLE) -> None:
        """``side`` is ORACLE or LEDGER."""
        self.side = side
        self.steps: list[Step] = []
        self.messages: list[Sent] = []
        self.home = Home()
        self.asked = 0
        self._zone = ZoneInfo(_ZONES["US"])

    def home_in(self, *territories: str) -> None:
        """The home's territories; unknown cinemas stand in the first. Without this: US."""
        self.home = Home(territories)
        self._zone = ZoneInfo(_ZONES[territories[0]])
        self.steps.append(Step("home", ", ".join(territories)))

    def send(
        self, kind: str, table: str, *, each: str = "", at: str = "", file: bool = False
    ) -> None:
        """Send the rows of a table; rows of one sender, stream and id are one message.

        ``kind`` is a kind of the native format, or "register cinema" (work, version, release).
        Without a column "id" a message gets the next number of its sender. ``each`` gives cells
        that are the same in every row. ``file`` sends the table as a file through a mapping.
        """
        first = len(self.messages) + 1
        self._enqueue(kind, table, each, at=at, file=file)
        sent = tuple(range(first, len(self.messages) + 1))
        said = f"{kind}; in every row {each}" if each else kind
        self.steps.append(Step("file" if file else "send", said, table, sent))

    def send_each(self, kind: str, numbers: Iterable[int], table: str, *, each: str = "") -> None:
        """Send a table once for each number, which stands in it as {n}."""
        first, several = len(self.messages) + 1, list(numbers)
        for n in several:
            self._enqueue(kind, table.replace("{n}", str(n)), each.replace("{n}", str(n)))
        sent = tuple(range(first, len(self.messages) + 1))
        said = f"{kind}; in every row {each}" if each else kind
        span = f"{said}; for n = {several[0]} to {several[-1]}"
        self.steps.append(Step("send", span, table, sent))

    def join(self, one: str, other: str, why: str) -> None:
        """Judge that two ids are one thing."""
        self._judge("join", one, other, why)

    def unjoin(self, one: str, other: str, why: str) -> None:
        """Take such a judgement back."""
        self._judge("unjoin", one, other, why)

    def close(self, first: str, last: str = "", *, at: str = "") -> None:
        """Close business dates."""
        row = {"kind": "close", "from": first, "to": last or first}
        self._administer(row, f"close {first}{f'..{last}' if last else ''}", at)

    def ask(
        self,
        measures: str,
        *,
        by: str = "",
        where: str = "",
        period: str = "",
        basis: str = "paid",
        as_of: int | None = None,
        gives: Any,  # noqa: ANN401
    ) -> None:
        """Ask, and compare with what is expected.

        ``gives`` maps the value of the dimension (a tuple for several) to a number, or to a tuple
        for several measures; without ``by`` it is that number or tuple itself. Where the answer
        holds several currencies, the currency is the last part of the key. "refused: word" expects
        a refusal whose reason contains the word.
        """
        dimensions = tuple(by.split())
        question = Question(
            tuple(measures.split()), dimensions, _pairs(where), period, basis, as_of
        )
        rows, reason = self._answer(question)
        step = Step("ask", reason, question=question, gives=gives, rows=rows, where=_caller())
        self.steps.append(step)
        self.asked += 1
        if isinstance(gives, str) and gives.startswith("refused: "):
            word = gives.removeprefix("refused: ")
            assert reason, f"{measures} by {by} was answered: {rows}"
            assert word.casefold() in reason.casefold(), (
                f"the reason {reason!r} does not say {word!r}"
            )
            return
        assert not reason, f"refused: {reason}"
        _compare(question, _expected(question, gives), rows)

    def found(self, rule: str, message: int) -> None:
        """Expect a finding of a rule about a message; "exists" is the verdict on a repeat."""
        self.asked += 1
        self.steps.append(Step("found", rule, messages=(message,)))
        if self.side == LEDGER:
            verdict, rules = ledger_adapter.outcomes(self.home, self.messages)[message - 1]
            assert rule in {verdict, *rules}, f"message {message}: {verdict}, {sorted(rules)}"
        elif rule == "exists":
            assert self._oracle().exists(message)
        else:
            assert (message, rule) in self._oracle().findings()

    def shows(self, names: Mapping[str, str], as_of: int | None = None) -> None:
        """Expect these names for these things, such as {"work:X": "The Crane"}, in answers."""
        self.asked += 1
        self.steps.append(Step("shows", gives=dict(names)))
        for thing, name in names.items():
            kind, _, id_ = thing.partition(":")
            if self.side == ORACLE:
                got = self._oracle().name(kind, id_, as_of)
            else:
                question = Question(("gross",), (kind,), as_of=as_of)
                rows = ledger_adapter.answer(self.home, self.messages, question)
                got = next(row[f"{kind}_name"] for row in rows if row[kind] == id_)
            assert got == name, f"{thing} is shown as {got!r}"

    def stands(
        self,
        period: str,
        *,
        status: str = "",
        reported: tuple[int, int] | None = None,
        as_of: int | None = None,
    ) -> None:
        """Expect the status of a period, and how many of its expected cinemas have reported."""
        self.asked += 1
        said = [f"status {status}"] if status else []
        said += [f"{reported[0]} of {reported[1]} expected cinemas reported"] if reported else []
        at = f" as of message {as_of}" if as_of else ""
        self.steps.append(Step("stands", f"{period}{at}: {', '.join(said)}"))
        if self.side == LEDGER:
            state = ledger_adapter.state(self.home, self.messages, period, as_of)
            got_status, got = state.status, (state.reported, state.expected)
        else:
            oracle = self._oracle()
            got_status = oracle.status(period, as_of) if status else ""
            got = oracle.completeness(period, as_of)
        assert status in ("", got_status), f"{period} is {got_status}"
        assert reported in (None, got), f"{period}: {got[0]} of {got[1]} reported"

    def _answer(self, question: Question) -> tuple[list[Row], str]:
        try:
            if self.side == LEDGER:
                return ledger_adapter.answer(self.home, self.messages, question), ""
            return (
                self._oracle().ask(
                    question.measures,
                    question.by,
                    question.where,
                    question.period or None,
                    basis=question.basis,
                    edition=question.as_of,
                ),
                "",
            )
        except (Refused, LedgerRefused) as reason:
            return [], str(reason) or "refused without a reason"

    def _oracle(self) -> Oracle:
        rules = {code: territory(code) for code in self.home.territories}
        return Oracle(self.messages, rules, self.home.territories[0])

    def _enqueue(
        self, kind: str, table: str, each: str, *, at: str = "", file: bool = False
    ) -> None:
        groups: dict[tuple[str, str, str], list[Row]] = {}
        for placed in rows_of(kind, table, _pairs(each), self._zone):
            groups.setdefault((placed.sender, placed.stream, placed.id), []).append(placed.row)
        for (sender, stream, said), rows in groups.items():
            # A file's id is its digest; everybody else counts messages.
            said_id = said or ("" if file else self._next_id(sender, stream))
            arrival = self._arrival(at)
            self.messages.append(Sent(sender, stream, said_id, tuple(rows), 0, arrival, file=file))

    def _next_id(self, sender: str, stream: str) -> str:
        used = [m.id for m in self.messages if (m.sender, m.stream) == (sender, stream)]
        return str(max((int(text) for text in used if text.isdecimal()), default=0) + 1)

    def _arrival(self, at: str) -> datetime | None:
        return datetime.fromisoformat(local_time(at, self._zone)) if at else None

    def _judge(self, verb: str, one: str, other: str, why: str) -> None:
        row = {"kind": verb, "one": one, "other": other, "why": why}
        self._administer(row, f'{verb} {one} {other} --why "{why}"')

    def _administer(self, row: Row, command: str, at: str = "") -> None:
        said_id = self._next_id("office", "")
        self.messages.append(Sent("office", "", said_id, (row,), 0, self._arrival(at)))
        self.steps.append(Step("command", command, messages=(len(self.messages),)))


def territory(code: str) -> Territory:
    """The rules of a packaged territory, read once."""
    if code not in _territories:
        _territories[code] = parse_territory(packaged_territory(code))
    return _territories[code]


def _pairs(text: str) -> dict[str, str]:
    """ "a=1, b=2" as a mapping."""
    return dict(one.split("=", 1) for one in text.split(", ") if one)


def _caller() -> inspect.Traceback | None:
    """Where the spec's own call stands in its source, so that the docs can show its sums."""
    frame = inspect.currentframe()
    asking = frame.f_back if frame else None
    spec = asking.f_back if asking else None
    return inspect.getframeinfo(spec, context=1) if spec else None


def _expected(question: Question, gives: Any) -> dict[tuple[str, ...], tuple[Any, ...]]:  # noqa: ANN401
    if not isinstance(gives, dict):
        gives = {(): gives}
    found = {}
    for key, value in gives.items():
        parts = key if isinstance(key, tuple) else (key,)
        values = value if isinstance(value, tuple) else (value,)
        assert len(values) == len(question.measures), "give one number for each measure"
        found[tuple("" if part is None else str(part) for part in parts)] = values
    return found


def _compare(
    question: Question, expected: dict[tuple[str, ...], tuple[Any, ...]], rows: list[Row]
) -> None:
    """Every expected row is there with equal numbers; any other row holds nothing at all."""
    several = any(len(key) > len(question.by) for key in expected)
    got = {}
    for row in rows:
        dimensions = (*question.by, *(("currency",) if several else ()))
        key = tuple("" if row[d] is None else str(row[d]) for d in dimensions)
        assert key not in got, f"two rows {key}; does the answer hold several currencies?"
        got[key] = row
    for key, values in expected.items():
        assert key in got, f"no row {key} among {sorted(got)}"
        row = got.pop(key)
        for measure, value in zip(question.measures, values, strict=True):
            problem = _differs(value, row[measure], str(row.get("why", {}).get(measure, "")))
            assert not problem, f"{measure} of {key}: {problem}"
    for key, row in got.items():
        empty = all(row[measure] in (0, None) for measure in question.measures)
        assert empty, f"a row {key} that nobody expected: {row}"


def _differs(expected: Any, got: Any, why: str) -> str:  # noqa: ANN401
    if isinstance(expected, Nothing):
        if got is not None:
            return f"{got} where there is no number"
        said = expected.word.casefold() in why.casefold()
        return "" if said else f"the reason {why!r} does not say {expected.word!r}"
    if isinstance(got, Decimal):
        # A rounded decimal is right if it is the nearest one with its number of places.
        places = Fraction(10) ** int(got.as_tuple().exponent)
        return "" if abs(Fraction(got) - expected) * 2 <= places else f"{got}, not {expected}"
    return "" if got == expected else f"{got}, not {expected}"
