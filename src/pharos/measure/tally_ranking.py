"""The full ranking from the tally: every measure of every row at once, exact, in arrays.

In: rows of sums, by work or by a place. Out: for each measure its numbers, and where there is none
the reason. Measures are those of the catalogue; their formulas are read from there. Knows no SQL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pharos.measure import catalogue
from pharos.measure.catalogue import GROSS, WORK, Measure, Ratio, Share, Sum
from pharos.measure.compute import lacks, unknown
from pharos.measure.dimensions import BY_NAME as DIMENSIONS
from pharos.measure.plan import BASIS_PARTS
from pharos.measure.question import refusal
from pharos.measure.tally_rows import Rows
from pharos.measure.tally_running import AT
from pharos.words.figures import Chosen, Ints

#: Decimals of a ratio are shown like this; see `answer.RATIO_DECIMALS`.
_SCALE = 1_000_000
#: Below this a number times twice the scale stays within 64 bits.
_SAFE = (1 << 62) // (2 * _SCALE)


@dataclass(frozen=True, slots=True)
class Cells:
    """One measure of all rows: exact numbers ``top / bottom``; a sum has no bottom.

    ``why`` is 0 where there is a number, else 1 + the place of its reason in ``reasons``.
    """

    unit: str
    top: Ints
    bottom: Ints | None
    why: Ints
    reasons: tuple[str, ...]

    def known(self) -> Chosen:
        """Where there is a number."""
        found: Chosen = self.why == 0
        return found

    def shown(self) -> Ints:
        """Numbers as answers round them: money to the minor unit, ratios to 1 / 1,000,000."""
        if self.bottom is None:
            return self.top
        return _divided(self.top, self.bottom, 1 if self.unit == "money" else _SCALE)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows of a cut, the largest gross first; what has no known gross comes last."""

    position: int
    by: str
    keys: tuple[str | None, ...]
    currencies: tuple[str, ...]
    measures: Mapping[str, Cells] = field(repr=False)

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Asked:
    """What rows are by, on which basis, and the one key that is shown, if it is one.

    ``currencies`` are the texts of their codes.
    """

    by: str
    basis: str
    only: tuple[str | None] | None
    currencies: Sequence[str]


def measures_of(by: str) -> tuple[Measure, ...]:
    """The measures that running totals can give by a dimension."""
    dimension = DIMENSIONS[by]
    of_works = dimension.family == WORK
    return tuple(
        measure
        for measure in catalogue.MEASURES
        if _is_held(measure) and not refusal(measure, dimension)
        and (of_works or not isinstance(measure.how, Share))
    )  # fmt: skip


def ranked(rows: Rows, asked: Asked, position: int) -> Ranked:
    """Every measure of some rows, in their order by gross."""
    by, sums = asked.by, _Sums(rows, asked.basis)
    gross = sums.cells(GROSS, "money")
    order = np.lexsort((-gross.top, gross.why != 0))
    if asked.only is not None:
        # It has its place among all others, and is shown alone.
        chosen = np.array([key == asked.only[0] for key in rows.keys], dtype=bool)
        order = order[chosen[order]]
    found = {m.name: _in_order(_MAKE[type(m.how)](sums, m), order) for m in measures_of(by)}
    found["rank"] = _in_order(sums.ranks(gross), order)
    at = order.tolist()
    return Ranked(
        position,
        by,
        tuple(rows.keys[n] for n in at),
        tuple(asked.currencies[rows.currencies[n]] for n in at),
        found,
    )


def _is_held(measure: Measure) -> bool:
    match measure.how:
        case Sum() as one:
            sums: tuple[Sum, ...] = (one,)
        case Ratio(top, bottom):
            sums = (top, bottom)
        case Share(of):
            sums = (of,)
        case _:
            return False
    return all(one.quantity in AT or one.quantity in _MADE for one in sums)


#: Sums made of two columns: what is added to the first, and by which sign.
_MADE = {
    "net_of_fee": ("gross", "fee", -1),
    "net_of_tax": ("gross", "tax", -1),
    "paying": ("admissions", "free", -1),
    "issued": ("admissions", "refunded", 1),
}


_LACKS = {name: at for name, at in AT.items() if name.endswith("_missing")}


class _Sums:
    """Sums of rows on one basis, and why some are not known."""

    def __init__(self, rows: Rows, basis: str) -> None:
        self._rows = rows
        self._basis = basis
        self._any_lack = {name: bool(rows.sums[at].any()) for name, at in _LACKS.items()}

    def value(self, one: Sum, sums: Ints) -> Ints:
        """One sum of every row."""
        if one.quantity == "gross":
            found: Ints = sums[AT["gross"]]
            for part in BASIS_PARTS[self._basis]:
                found = found - sums[AT[part]]
            return found
        if one.quantity in _MADE:
            first, second, sign = _MADE[one.quantity]
            made: Ints = sums[AT[first]] + sign * sums[AT[second]]
            return made
        plain: Ints = sums[AT[one.quantity]]
        return plain

    def lacking(self, several: Sequence[Sum], sums: Ints) -> tuple[Ints, tuple[str, ...]]:
        """Where one of several sums is not known, in their order: the first reason holds."""
        why = np.zeros(sums.shape[1], dtype=np.int64)
        reasons: list[str] = []
        for one in several:
            for column in lacks(one, self._basis):
                # A column of zeros, as most are, gives no reason.
                if self._any_lack[column]:
                    reasons.append(unknown(column))
                    why[(why == 0) & (sums[AT[column]] != 0)] = len(reasons)
        return why, tuple(reasons)

    def cells(self, one: Sum, unit: str) -> Cells:
        """A sum of every row."""
        why, reasons = self.lacking([one], self._rows.sums)
        return Cells(unit, self.value(one, self._rows.sums), None, why, reasons)

    def ratio(self, how: Ratio, unit: str) -> Cells:
        """A ratio of two sums of every row."""
        sums = self._rows.sums
        # As `compute.number` asks: first the bottom, then the top, then whether it divides.
        why, reasons = self.lacking([how.bottom, how.top], sums)
        return self._over(how.top, self.value(how.bottom, sums), unit, (why, reasons), how.bottom)

    def share(self, how: Share) -> Cells:
        """A sum of every row as part of the same over all works."""
        rows = self._rows
        whole, said = self.lacking([how.of], rows.wholes)
        mine, reasons = self.lacking([how.of], rows.sums)
        whole = whole[rows.whole]
        why = np.where(whole > 0, whole, np.where(mine > 0, mine + len(said), 0))
        below = self.value(how.of, rows.wholes)[rows.whole]
        return self._over(how.of, below, "ratio", (why, (*said, *reasons)), how.of)

    def _over(
        self, top: Sum, below: Ints, unit: str, lacking: tuple[Ints, tuple[str, ...]], what: Sum
    ) -> Cells:
        why, reasons = lacking
        nothing = (below == 0) & (why == 0)
        if nothing.any():
            reasons = (*reasons, f"nothing to divide by: {what.quantity} = 0")
            why = np.where(nothing, len(reasons), why)
        return Cells(unit, self.value(top, self._rows.sums), below, why, reasons)

    def ranks(self, gross: Cells) -> Cells:
        """Places by gross among all of one currency that have figures."""
        rows = self._rows
        rivals = rows.sums[AT["said_rows"]] != 0
        place = np.zeros(len(rows), dtype=np.int64)
        why = np.where(rivals, 0, 1)
        reasons = ["it has no figures to rank by"]
        for currency in dict.fromkeys(rows.currencies):
            mine = rivals & np.array([one == currency for one in rows.currencies], dtype=bool)
            if not mine.any():
                continue
            values, unsaid = gross.top[mine], gross.why[mine]
            place[mine] = 1 + len(values) - np.searchsorted(np.sort(values), values, side="right")
            if unsaid.any():
                first = gross.reasons[int(unsaid[unsaid > 0][0]) - 1]
                before = len(reasons)
                reasons += [*gross.reasons, f"the gross of one that it ranks among: {first}"]
                why[mine] = np.where(unsaid > 0, before + unsaid, len(reasons))
        return Cells("rank", place, None, why, tuple(reasons))


_MAKE = {
    Sum: lambda sums, m: sums.cells(m.how, m.unit),
    Ratio: lambda sums, m: sums.ratio(m.how, m.unit),
    Share: lambda sums, m: sums.share(m.how),
}


def _in_order(cells: Cells, order: Ints) -> Cells:
    bottom = None if cells.bottom is None else cells.bottom[order]
    return Cells(cells.unit, cells.top[order], bottom, cells.why[order], cells.reasons)


def _divided(top: Ints, bottom: Ints, scale: int) -> Ints:
    """Ratios times a scale, rounded half away from zero; 0 where there is nothing to divide by."""
    below = np.abs(np.where(bottom == 0, 1, bottom))
    above = np.abs(top)
    sign = np.sign(top) * np.sign(bottom)
    if len(top) and max(int(above.max()), int(below.max())) >= _SAFE:
        # Larger than any money is; Python's own integers have no end.
        above, below = above.astype(object), below.astype(object)
    rounded = (2 * above * scale + below) // (2 * below)
    found: Ints = (sign * rounded).astype(np.int64)
    return found
