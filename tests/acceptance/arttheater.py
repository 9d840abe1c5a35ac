"""The export of a real cinema, and plain sums over its rows.

In: the file beside the repository. Out: rows, files made of them, what they add up to.
Must not know how anything is counted elsewhere: sums of a table, nothing else.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

SOURCE = Path(__file__).parents[2].parent / "shared/data/us-arttheater/ticket_sales_by_showing.csv"
WHY_NOT = f"the cinema's export is not here ({SOURCE}); its rows are never in the repository"
NAMES = (
    *("Folder", "EventName", "InternalEventName", "EventDate"),
    *("TicketType", "Quantity", "ItemPrice", "Price"),
)
Row = dict[str, str]


@dataclass(frozen=True)
class Sums:
    """Plain sums of rows; gross in cents."""

    gross: int
    admissions: int
    free: int
    screenings: int
    works: int


def rows_of(path: Path = SOURCE) -> list[Row]:
    """The rows of an export."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Iterable[Row]) -> str:
    """An export with these rows; returns its path as a word."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, NAMES, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(sheet.getvalue(), encoding="utf-8")
    return str(path)


def tidy(text: str) -> str:
    """A name without stray white space."""
    return " ".join(text.split())


def cents(text: str) -> int:
    """An amount of an export in cents."""
    return int(Decimal(text.replace(",", "")) * 100)


def amount(minor: int) -> str:
    """Cents as an export writes them."""
    return f"{Decimal(minor) / 100:,.2f}"


def day(row: Row) -> str:
    """The business date: what starts before six in the morning belongs to the day before."""
    start = datetime.strptime(row["EventDate"], "%b %d, %Y %I:%M:%S %p")
    return (start - timedelta(hours=6)).date().isoformat()


def place(row: Row) -> tuple[str, str]:
    """What tells screenings apart."""
    return row["EventDate"], tidy(row["EventName"])


def sums(rows: Iterable[Row]) -> Sums:
    """What rows add up to."""
    several = list(rows)
    return Sums(
        sum(cents(row["Price"]) for row in several),
        sum(int(row["Quantity"]) for row in several),
        sum(int(row["Quantity"]) for row in several if cents(row["Price"]) == 0),
        len({place(row) for row in several}),
        len({tidy(row["EventName"]) for row in several}),
    )


def grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, Sums]:
    """The sums of each group of rows."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return {name: sums(several) for name, several in groups.items()}


@dataclass(frozen=True)
class Edited:
    """An export after somebody edited it, and what was done to it."""

    rows: list[Row]
    changed: int
    gone: int
    new: int


def edited(rows: list[Row], random: Random, changed: int = 20, gone: int = 5) -> Edited:
    """Change some rows, take some out and put as many in, all at random places.

    The first and the last date keep their rows, so that the edited file speaks of the same span.
    """
    ends = {min(map(day, rows)), max(map(day, rows))}
    inside = [n for n, row in enumerate(rows) if day(row) not in ends]
    chosen = random.sample(inside, changed + gone)
    made = [dict(row) for row in rows]
    for nth, at in enumerate(chosen[:changed]):
        _EDITS[nth % len(_EDITS)](made[at], random)
    added = [_new(made[random.choice(inside)], n) for n in range(gone)]
    taken = set(chosen[changed:])
    kept = [row for n, row in enumerate(made) if n not in taken]
    for row in added:
        kept.insert(random.randrange(len(kept)), row)
    return Edited(kept, changed, gone, gone)


def _quantity(row: Row, random: Random) -> None:
    """Another quantity, the price with it."""
    quantity = int(row["Quantity"]) + random.randint(1, 9)
    row["Quantity"] = str(quantity)
    row["Price"] = amount(quantity * cents(row["ItemPrice"]))


def _price_only(row: Row, random: Random) -> None:
    """Another sum alone: the row no longer adds up, and counts as it states."""
    row["Price"] = amount(cents(row["Price"]) + random.randint(1, 5_000))


def _item_price(row: Row, random: Random) -> None:
    """Another price of a ticket, and the sum with it."""
    price = cents(row["ItemPrice"]) + 1 + random.randint(0, 500)
    row["ItemPrice"] = amount(price)
    row["Price"] = amount(int(row["Quantity"]) * price)


_EDITS: tuple[Callable[[Row, Random], None], ...] = (_quantity, _price_only, _item_price)


def _new(like: Row, nth: int) -> Row:
    """A row of a ticket type that nobody has, in a showing that is there or in a new one."""
    showing = {"EventName": f"Afterwards {nth}"} if nth % 2 else {}
    figures = {"TicketType": f"Neighbour {nth}", "Quantity": "3", "ItemPrice": "4.50"}
    return like | showing | figures | {"Price": "13.50"}
