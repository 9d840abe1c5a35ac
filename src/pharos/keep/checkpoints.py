"""Checkpoints: sums of postings by account, so that a question need not read every posting.

In: the ledger. Out: rows of ``checkpoint``, and for any edition the spans that cover it.
Knows no measure.

Spans are half-open ranges of positions (low, high]. A span of level 0 covers at least SPAN
postings; two neighbours of one level are summed into one of the next level where that leaves
fewer rows, and all are kept, so that an edition is covered by about as few rows as can be. Each
row repeats what its account says, which never changes, and rows lie, in portions, in the order of
business dates: a question reads no other table, and of this one little more than the dates that it
asks for.
"""

from dataclasses import dataclass
from functools import partial

from pharos.keep.ledger import Ledger, first_row
from pharos.keep.pen import Connection
from pharos.keep.schema import DESCRIPTION, QUANTITIES
from pharos.keep.view import View

#: Postings after which a checkpoint is made.
SPAN = 1_000_000
#: Two spans are summed into one only if that leaves at most so many of a hundred of their rows: on
#: a day of tickets it does, while day totals of different days would only be written again.
WORTH_SUMMING = 75
#: Rows that are summed at once, and accounts that are counted together to find such portions: a
#: small home must not need the memory for a whole span. Accounts are numbered as they are opened,
#: so that a portion is also a stretch of time.
PORTION, BUCKET = 25_000, 4_096
#: Rows that are summed with a batch, beside one portion, for each of its postings: enough to be
#: ready with a span and its sums before the next one is due, however large batches are.
PACE = 8


@dataclass(frozen=True, slots=True)
class Span:
    """A checkpoint's range of positions (low, high], its level, and its number in the ledger."""

    level: int
    low: int
    high: int
    number: int = 0


def spans_for(spans: list[Span], edition: int) -> list[Span]:
    """The largest spans that follow one another from 0 and do not pass the edition."""
    chosen: list[Span] = []
    reached = 0
    while True:
        fitting = [s for s in spans if s.low == reached and s.high <= edition]
        if not fitting:
            return chosen
        best = max(fitting, key=lambda span: span.high)
        chosen.append(best)
        reached = best.high


def all_spans(ledger: Ledger | View) -> list[Span]:
    """Every span that the ledger holds, in the order of its making."""
    rows = ledger.connection.execute(
        "SELECT level, low, high, span FROM checkpoint_span ORDER BY span"
    ).fetchall()
    return [Span(*row) for row in rows]


@dataclass(slots=True)
class _Making:
    """A span that is being made: its SQL text, and the portions to be summed.

    A portion is a range of accounts, both ends included, and how many rows that is. Until all are
    summed, the rows of the span belong to none that counts.
    """

    span: Span
    postings: int
    text: str
    portions: list[tuple[int, int, int]]


class Checkpoints:
    """Makes the checkpoints of one ledger while it grows, a portion with each batch.

    A whole span at once would keep a country's board waiting for seconds.
    """

    def __init__(self, ledger: Ledger, span: int = SPAN) -> None:
        """Start from what the ledger holds."""
        self._ledger = ledger
        self._span = span
        self.spans = all_spans(ledger)
        self._covered = max((s.high for s in self.spans), default=0)
        row = first_row(
            ledger.connection, "SELECT count(*) FROM posting WHERE position > ?", [self._covered]
        )
        self._since = int(row[0]) if row else 0
        self._making: _Making | None = None
        self._to_sum = bool(self.spans)

    def grown(self, postings: int, position: int) -> None:
        """Take note of a batch inside its transaction; what is due is made while it is written."""
        self._ledger.alongside(partial(self._go_on, postings, position))

    def _go_on(self, postings: int, position: int, connection: Connection) -> None:
        self._since += postings
        left = PORTION + PACE * postings
        while left > 0:
            if self._making is None and not self._begin(connection, position):
                return
            left -= self._portion(connection)

    def _begin(self, connection: Connection, position: int) -> bool:
        """Begin with a span that is due; False if none is."""
        if self._since >= self._span:
            span = Span(0, self._covered, position, self._next())
            source = f"posting WHERE position > {span.low} AND position <= {span.high}"
            self._making = _making(connection, span, self._since, source)
            self._since = 0
            return True
        pair = self._pair() if self._to_sum else None
        if pair is not None:
            source = f"checkpoint WHERE span IN ({pair[0].number}, {pair[1].number})"
            if _worth_summing(connection, source):
                span = Span(pair[0].level + 1, pair[0].low, pair[1].high, self._next())
                self._making = _making(connection, span, 0, source)
                return True
        # Looked at again once there is another span.
        self._to_sum = False
        return False

    def _next(self) -> int:
        return 1 + max((span.number for span in self.spans), default=-1)

    def _portion(self, connection: Connection) -> int:
        """Sum one portion, the last of which completes its span; returns how many rows it had."""
        making, summed = self._making, 0
        assert making is not None  # noqa: S101  (somebody has begun it)
        if making.portions:
            first, last, summed = making.portions.pop(0)
            connection.execute(making.text, [first, last])
        if not making.portions:
            self._complete(connection, making)
        return summed

    def _complete(self, connection: Connection, making: _Making) -> None:
        span = making.span
        connection.execute(
            "INSERT INTO checkpoint_span VALUES (?, ?, ?, ?, ?)",
            [span.number, span.level, span.low, span.high, making.postings],
        )
        self.spans.append(span)
        self._making, self._to_sum = None, True
        if span.level == 0:
            self._covered = span.high
            self._ledger.fit_memory(connection)

    def _pair(self) -> tuple[Span, Span] | None:
        """Two neighbours of one level at the end that nobody has summed yet."""
        last = self.spans[-1]
        for span in self.spans:
            same = span.level == last.level and span.high == last.low
            taken = any(
                s.level == last.level + 1 and s.low <= span.low < s.high for s in self.spans
            )
            if same and not taken:
                return span, last
        return None


def _worth_summing(connection: Connection, source: str) -> bool:
    """Whether the sum is so much shorter; to know it roughly is enough."""
    found = first_row(
        connection,
        f"SELECT count(*), approx_count_distinct(CAST(account AS BIGINT) * 8 + book) FROM {source}",
    )
    return bool(found and found[1] * 100 <= found[0] * WORTH_SUMMING)


def _making(connection: Connection, span: Span, postings: int, source: str) -> _Making:
    # What a span under this number had when somebody stopped in the middle of it.
    connection.execute("DELETE FROM checkpoint WHERE span >= ?", [span.number])
    # Most quantities are zero everywhere in a span, and a sum of zeros takes as long as any.
    found = first_row(connection, f"SELECT {_ANY} FROM {source}") or ()
    said = [name for name, any_said in zip(QUANTITIES, found, strict=True) if any_said]
    text = _MAKE.format(
        span=span.number,
        names="".join(f", {name}" for name in said),
        sums="".join(f", CAST(sum({name}) AS BIGINT) AS {name}" for name in said),
        summed="".join(f", s.{name}" for name in said),
        source=source,
    )
    return _Making(span, postings, text, _portions(connection, source))


def _portions(connection: Connection, source: str) -> list[tuple[int, int, int]]:
    """Ranges of accounts with about PORTION rows each, and how many those are."""
    rows = connection.execute(_COUNTS.format(source=source, bucket=BUCKET)).fetchall()
    found, begin, taken = [], 0, 0
    for bucket, count in rows:
        taken += count
        if taken >= PORTION:
            found.append((begin, (bucket + 1) * BUCKET - 1, taken))
            begin, taken = (bucket + 1) * BUCKET, 0
    if taken:
        found.append((begin, (rows[-1][0] + 1) * BUCKET - 1, taken))
    return found


def unbalanced(ledger: Ledger) -> list[Span]:
    """Checkpoints that are not the sum of the postings they cover: the file was damaged."""
    return [Span(*row) for row in ledger.connection.execute(_UNBALANCED).fetchall()]


_ANY = ", ".join(f"min({name}) <> 0 OR max({name}) <> 0" for name in QUANTITIES)
_MAKE = f"""
INSERT INTO checkpoint (span, account, book, {", ".join(DESCRIPTION)}{{names}})
SELECT {{span}}, s.account, s.book, {", ".join(f"a.{name}" for name in DESCRIPTION)}{{summed}}
FROM (
  SELECT account, book{{sums}} FROM {{source}} AND account BETWEEN ? AND ?
  GROUP BY account, book) s
JOIN account a USING (account)
ORDER BY a.business_date
"""
_COUNTS = """
SELECT account // {bucket} AS bucket, count(*) FROM {source} GROUP BY ALL ORDER BY ALL
"""
_UNBALANCED = """
SELECT level, low, high, span FROM checkpoint_span s
WHERE (SELECT (sum(gross), sum(admissions), sum(screenings)) FROM checkpoint c
       WHERE c.span = s.span)
  IS DISTINCT FROM
      (SELECT (sum(gross), sum(admissions), sum(screenings)) FROM posting p
       WHERE p.position > s.low AND p.position <= s.high)
"""
