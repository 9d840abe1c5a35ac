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

from pharos.keep.ledger import Ledger, first_row
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
PORTION, BUCKET = 200_000, 4_096


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


class Checkpoints:
    """Makes the checkpoints of one ledger while it grows."""

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

    def grown(self, postings: int, position: int) -> None:
        """Take note of a batch inside its transaction; make the spans that are due."""
        self._since += postings
        if self._since < self._span:
            return
        source = f"posting WHERE position > {self._covered} AND position <= {position}"
        self._make(Span(0, self._covered, position, len(self.spans)), source)
        self._covered, self._since = position, 0
        self._ledger.fit_memory()
        while (pair := self._pair()) is not None:
            left, right = pair
            source = f"checkpoint WHERE span IN ({left.number}, {right.number})"
            if not self._worth_summing(source):
                return
            self._make(Span(left.level + 1, left.low, right.high, len(self.spans)), source)

    def _worth_summing(self, source: str) -> bool:
        """Whether the sum is so much shorter; to know it roughly is enough."""
        found = first_row(
            self._ledger.connection,
            "SELECT count(*), approx_count_distinct(CAST(account AS BIGINT) * 8 + book) "
            f"FROM {source}",
        )
        return bool(found and found[1] * 100 <= found[0] * WORTH_SUMMING)

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

    def _make(self, span: Span, source: str) -> None:
        connection = self._ledger.connection
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
        for accounts in self._portions(source):
            connection.execute(text, accounts)
        connection.execute(
            "INSERT INTO checkpoint_span VALUES (?, ?, ?, ?, ?)",
            [span.number, span.level, span.low, span.high, self._since],
        )
        self.spans.append(span)

    def _portions(self, source: str) -> list[tuple[int, int]]:
        """Ranges of accounts, both ends included, each with about PORTION rows."""
        rows = self._ledger.connection.execute(_COUNTS.format(source=source)).fetchall()
        found, begin, taken = [], 0, 0
        for bucket, count in rows:
            taken += count
            if taken >= PORTION:
                found.append((begin, (bucket + 1) * BUCKET - 1))
                begin, taken = (bucket + 1) * BUCKET, 0
        if taken:
            found.append((begin, (rows[-1][0] + 1) * BUCKET - 1))
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
_COUNTS = (
    f"SELECT account // {BUCKET} AS bucket, count(*) FROM {{source}} GROUP BY ALL ORDER BY ALL"
)
_UNBALANCED = """
SELECT level, low, high, span FROM checkpoint_span s
WHERE (SELECT (sum(gross), sum(admissions), sum(screenings)) FROM checkpoint c
       WHERE c.span = s.span)
  IS DISTINCT FROM
      (SELECT (sum(gross), sum(admissions), sum(screenings)) FROM posting p
       WHERE p.position > s.low AND p.position <= s.high)
"""
