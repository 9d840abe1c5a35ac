"""A board from the tally: the same answers as by SQL, from sums in memory.

In: what was taken of the live days at one position, and an edition of that position for names,
registers and rules. Out: the two answers of a board. The rows of sums are the tally's; everything
from there on is the code that answers every question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from pharos.measure.edition import Edition
from pharos.measure.passes import Passes
from pharos.measure.plan import BASIS_PARTS
from pharos.measure.question import Question
from pharos.measure.tally_day import Line
from pharos.measure.tally_rows import Rows
from pharos.measure.tally_running import COLUMNS
from pharos.words.figures import Ints

#: Lines with their sums, one row for each column.
Sums = tuple[list[Line], Ints]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a board needs of the live days, all of one position.

    ``spoken`` are the cinemas (codes) of the board's place that gave figures of its day;
    ``everywhere`` and ``cut`` hold the sums of every live day in order, of the nation and of that
    place. ``changes`` changes with the day, ``older`` with what lies before the live days: a
    version, the first live day, and whether anything was said of earlier ones.
    """

    position: int
    spoken: Ints
    everywhere: Mapping[date, Sums]
    cut: Mapping[date, Sums]
    changes: tuple[int, int]
    older: tuple[int, date, bool]


class TallyPasses(Passes):
    """A question whose sums are known already."""

    def __init__(self, edition: Edition, question: Question, rows: Rows) -> None:
        """``rows`` are the sums by what is asked."""
        super().__init__(edition, question)
        self._rows = rows

    def main(self) -> list[dict[str, Any]]:
        """The rows of `Passes.main`, out of memory."""
        rows, basis = self._rows, self.question.basis
        works = self.edition.terms["work"]
        found = []
        for nth, (work, currency) in enumerate(zip(rows.keys, rows.currencies, strict=True)):
            now = _row(rows.sums[:, nth], basis) | {"currency": currency}
            if work is not None:
                now["k0"] = works.code(work)
            found.append({"now": now, "whole": _row(rows.wholes[:, rows.whole[nth]], basis)})
        return found


def _row(sums: Ints, basis: str) -> dict[str, Any]:
    row = dict(zip(COLUMNS, sums.tolist(), strict=True))
    row["gross"] -= sum(row[part] for part in BASIS_PARTS[basis])
    return row


def spoken_codes(edition: Edition, spoken: Ints) -> Ints:
    """The codes of the cinemas that stand for those that have spoken."""
    joined: pa.Table | None = edition.codes("cinema")
    if joined is None:
        return spoken
    said, one = (joined.column(name).to_numpy().astype(np.int64) for name in ("code", "one"))
    room = 1 + max(int(spoken.max(initial=0)), int(said.max()))
    stands = np.arange(room)
    stands[said] = one
    found: Ints = stands[spoken]
    return found
