"""Who comes: a day's admissions spread over its screenings, and what they pay.

In: a plan of screenings and the day's targets by work. Out: the plan with the tickets that will
stay sold and the price of each screening. Knows no clock of sales.
"""

import numpy as np

from pharos.rehearse.arrays import Ints, Random, Reals, steps
from pharos.rehearse.country import Country
from pharos.rehearse.programme import Programme

#: How much audience comes at an hour of the day (0 to 30), and what is charged then.
_HOURS = np.arange(31)
_AUDIENCE = np.interp(_HOURS, [8, 10, 12, 14, 16, 18, 20, 21, 22, 24, 26], [0.2, 0.45, 0.6, 1.15,
                      1.1, 1.0, 1.5, 1.1, 0.6, 0.25, 0.1])  # fmt: skip
_CHARGED = np.interp(_HOURS, [9, 12, 14, 18, 19, 21, 23], [0.84, 0.92, 1.0, 1.03, 1.08, 1.04, 0.9])
#: What a large format costs more, and draws more.
_LARGE_PRICE, _LARGE_PULL = 1.55, 1.5
#: Of the seats of a work's screenings at most so much is sold; who finds no seat sees another work.
_FULLEST = 0.96
#: Prices are whole tenths of the unit of currency.
TENTH = 10

#: Ticket types: name, how often in a thousand, what of the adult's price in a thousand.
TICKET_TYPES = (
    ("adult", 700, 1000),
    ("member", 180, 920),
    ("student", 85, 800),
    ("child", 33, 700),
    ("invitation", 2, 0),
)
#: Channels: name and how often in a thousand. Only online tickets bear a service fee.
CHANNELS = (("online", 870), ("counter", 90), ("kiosk", 40))


def attend(
    country: Country, programme: Programme, plan: dict[str, Ints], draw: Random
) -> dict[str, Ints]:
    """The plan with ``target`` and ``price``; no target is above the seats."""
    day = int(plan["day"][0])
    targets = programme.admissions[day]
    wanted = _pull(country, plan, draw)
    shares = _seated(plan, wanted, _within_seats(plan, targets))
    target = np.zeros(len(wanted), dtype=np.int64)
    for work in range(len(targets)):
        mine = np.flatnonzero((plan["work"] == work) & (plan["ghost"] == 0))
        target[mine] = steps(shares[mine], draw.random())
    # Rounding within a work's sum can put the last seat of a full house one above.
    target = np.minimum(target, plan["seats"])
    target[plan["ghost"] == 1] = plan["seats"][plan["ghost"] == 1]
    price = _prices(country, plan, target, programme.gross[day] / np.maximum(targets, 1))
    kept = {name: column for name, column in plan.items() if name != "large"}
    return kept | {"target": target, "price": price}


def _pull(country: Country, plan: dict[str, Ints], draw: Random) -> Reals:
    """How strongly each screening draws, relative to the others of its work."""
    drawn: Reals = (
        country.pull[plan["cinema"]]
        * _AUDIENCE[plan["minute"] // 60]
        * plan["seats"] ** 0.6
        * np.where(plan["large"] == 1, _LARGE_PULL, 1)
        * draw.gamma(3, 1 / 3, len(plan["cinema"]))
    )
    return drawn


def _within_seats(plan: dict[str, Ints], targets: Ints) -> Reals:
    """Targets by work; what a work's seats cannot hold goes where seats are free."""
    true_ones = plan["ghost"] == 0
    seats = np.bincount(plan["work"][true_ones], plan["seats"][true_ones], len(targets)) * _FULLEST
    held = np.minimum(targets, seats)
    free = seats - held
    over = min(targets.sum() - held.sum(), free.sum())
    spread: Reals = held + over * free / max(free.sum(), 1)
    return spread


def _seated(plan: dict[str, Ints], wanted: Reals, targets: Reals) -> Reals:
    """Shares of the targets by screening, none above its seats: full houses pass people on."""
    work, seats = plan["work"], plan["seats"] * (plan["ghost"] == 0)
    scale = np.ones(len(targets))
    came = np.zeros(len(work))
    for _ in range(40):
        came = np.minimum(wanted * scale[work], seats)
        total = np.bincount(work, came, len(targets))
        scale *= np.where(total > 0, targets / np.maximum(total, 1e-9), 1)
    # What the last step left goes where seats are free.
    free = seats - came
    missing = targets - np.bincount(work, came, len(targets))
    room = np.maximum(np.bincount(work, free, len(targets)), 1e-9)
    exact: Reals = np.clip(came + free * (missing / room)[work], 0, seats)
    return exact


def _prices(country: Country, plan: dict[str, Ints], target: Ints, average: Reals) -> Ints:
    """The adult's price of each screening, such that each work's admissions pay their average."""
    listed = (
        country.level[plan["cinema"]]
        * _CHARGED[plan["minute"] // 60]
        * np.where(plan["large"] == 1, _LARGE_PRICE, 1)
    )
    count = len(average)
    paying = sum(often * of for _, often, of in TICKET_TYPES) / 1_000_000
    with_fee = CHANNELS[0][1] / 1000 * (1 - TICKET_TYPES[-1][1] / 1000)
    fees = np.bincount(plan["work"], target * country.fee[plan["cinema"]] * with_fee, count)
    tickets = np.bincount(plan["work"], target, count)
    plain = np.bincount(plan["work"], target * listed, count) * paying
    factor = np.where(plain > 0, (average * tickets - fees) / np.maximum(plain, 1), average)
    # Where nobody comes there is a price on the board all the same.
    price = listed * factor[plan["work"]]
    return np.maximum(np.rint(price / TENTH).astype(np.int64), 5) * TENTH
