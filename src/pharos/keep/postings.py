"""From lines to postings: what each line adds to the figures of its account.

In: lines of a batch and the accounts that they speak of. Out: rows of the table ``posting``.
Pure arithmetic on columns; knows no storage.
"""

from dataclasses import dataclass

import numpy as np

from pharos.keep.schema import QUANTITIES
from pharos.words.figures import ABSENT, Book, Event, Ints

#: Events that only the ledger itself writes: a withdrawn line, a move to another account.
WITHDRAWN = 6
MOVED = 7
CORRECTED = 8

#: What one ticket of each event adds to admissions; a stated total adds what it states.
_SIGN = np.array([1, 1, -1, -1, -1, 1, -1, 1, 1], dtype=np.int64)

_KEPT = ("position", "row", "book", "event", "ticket_type", "channel", "sold_at", "line")

Columns = dict[str, Ints]


@dataclass(frozen=True, slots=True)
class Parts:
    """The accounts behind lines, shape (n,) each: the first account and the number of parts.

    ``weights`` maps a first account to the weights of its parts where there are several.
    """

    first: Ints
    count: Ints
    weights: dict[int, tuple[int, ...]]


def post(lines: Columns, parts: Parts) -> Columns:
    """Postings for lines, one for each part of a programme, money split to the last unit."""
    signs = _SIGN[lines["event"]]
    added = {name: lines[name] for name in _KEPT} | _quantities(lines, signs)
    added["account"] = parts.first
    if not parts.weights or int(parts.count.max(initial=1)) == 1:
        return added
    return share(added, parts)


def supply(opened: list[tuple[int, int, int, int, bool]]) -> Columns:
    """The postings that say: this screening is held, with so many seats.

    ``opened`` holds (position, row, account, seats or ABSENT, cancelled); a cancelled screening
    is spoken of, but adds no screening and no seats.
    """
    position, row, account, seats, cancelled = (
        np.array(values, dtype=np.int64) for values in zip(*opened, strict=True)
    )
    held = 1 - cancelled
    known, missing = _known(seats)
    made = {n: np.zeros(len(row), dtype=np.int64) for n in (*_KEPT, *QUANTITIES)}
    return made | {
        "position": position,
        "row": row,
        "account": account,
        "sold_at": np.full(len(row), ABSENT, dtype=np.int64),
        "said": np.ones(len(row), dtype=np.int64),
        "screenings": held,
        "seats": known * held,
        "seats_missing": missing * held,
    }


def negated(postings: Columns, event: int) -> Columns:
    """Counter-postings: the same rows with every quantity the other way round."""
    turned = {n: (-c if n in QUANTITIES else c) for n, c in postings.items()}
    turned["event"] = np.full(len(postings["account"]), event, dtype=np.int64)
    return turned


def columns_of(rows: list[dict[str, int]]) -> Columns:
    """Rows given one by one as columns."""
    names = rows[0].keys() if rows else (*_KEPT, *QUANTITIES, "account")
    return {name: np.array([row[name] for row in rows], dtype=np.int64) for name in names}


def together(several: list[Columns]) -> Columns:
    """Several sets of postings as one, in order."""
    return {name: np.concatenate([part[name] for part in several]) for name in several[0]}


def _quantities(lines: Columns, signs: Ints) -> Columns:
    """Each quantity of QUANTITIES for each line, before the split over works."""
    zero = np.zeros(len(signs), dtype=np.int64)
    stated = lines["event"] == Event.TOTAL
    speaks = (lines["book"] != Book.SUPPLY).astype(np.int64)
    quantity, no_quantity = _known(lines["quantity"])
    paid, _ = _known(lines["paid"])
    admissions = signs * quantity
    refunds, no_refunds = _known(lines["refunds"])
    returned = np.where(lines["event"] == Event.REFUND, quantity, zero)
    found: Columns = {
        "said": speaks,
        "admissions": admissions,
        "free": np.where(paid == 0, admissions, zero),
        "refunded": np.where(stated, refunds, returned),
        "gross": signs * paid,
        # A total of all ticket types with money in it hides how many of its tickets were free.
        "free_missing": (stated & (lines["untyped"] == 1) & (paid != 0) & (quantity != 0)) * speaks,
        "admissions_missing": no_quantity * speaks,
        "refunded_missing": no_refunds * stated * speaks,
    }
    for name in ("tax", "levy", "fee", "declared"):
        value, missing = _known(lines[name])
        found[name] = signs * value
        if name != "declared":
            found[f"{name}_missing"] = missing * speaks
    return found | _stated_supply(lines)


def _stated_supply(lines: Columns) -> Columns:
    """Screenings and seats of day totals; other books leave them to the supply.

    One of a day's several lines may state them for all, so a day is missing them only once and
    only if none of its lines says so.
    """
    found: Columns = {}
    of_day = lines["book"] == Book.DAY_TOTALS
    for name in ("screenings", "seats"):
        value, missing = _known(lines[name])
        found[name] = np.where(of_day, value, 0)
        found[f"{name}_missing"] = np.zeros(len(value), dtype=np.int64)
        if of_day.any():
            days, first, inverse = np.unique(
                lines["mention"][of_day], return_index=True, return_inverse=True
            )
            silent = np.ones(len(days), dtype=np.int64)
            np.minimum.at(silent, inverse, missing[of_day])
            found[f"{name}_missing"][np.flatnonzero(of_day)[first]] = silent
    return found


def _known(values: Ints) -> tuple[Ints, Ints]:
    absent = values == ABSENT
    return np.where(absent, 0, values), absent.astype(np.int64)


def share(added: Columns, parts: Parts) -> Columns:
    """Repeat postings for the parts of their programmes.

    Money is split by cumulative weight, m * c(i) // W - m * c(i-1) // W, on the absolute amount,
    so that the parts add up and a refund undoes its sale to the last unit. Tickets, seats and
    screenings belong to each work in full.
    """
    repeat = np.repeat(np.arange(len(parts.first)), parts.count)
    spread = {name: column[repeat] for name, column in added.items()}
    starts = np.cumsum(parts.count) - parts.count
    nth = np.arange(len(repeat)) - np.repeat(starts, parts.count)
    spread["account"] = spread["account"] + nth
    low, high, whole = _cumulative_weights(parts, repeat, nth)
    for name in ("gross", "tax", "levy", "fee", "declared"):
        amount = np.abs(spread[name])
        share = amount * high // whole - amount * low // whole
        spread[name] = np.sign(spread[name]) * share
    return spread


def _cumulative_weights(parts: Parts, repeat: Ints, nth: Ints) -> tuple[Ints, Ints, Ints]:
    low = np.zeros(len(repeat), dtype=np.int64)
    high = np.ones(len(repeat), dtype=np.int64)
    whole = np.ones(len(repeat), dtype=np.int64)
    for i in np.flatnonzero(parts.count[repeat] > 1).tolist():
        weights = parts.weights[int(parts.first[repeat[i]])]
        low[i], high[i] = sum(weights[: nth[i]]), sum(weights[: nth[i] + 1])
        whole[i] = sum(weights)
    return low, high, whole
