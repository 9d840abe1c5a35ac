"""Made-up worlds: a few cinemas, works and days, and what two senders say of them.

In: what Hypothesis draws. Out: messages as they were sent, registers first.
Must not know what any of it adds up to.

Senders number their messages, so that any order of arrival says the same: `north` speaks of A1, A2
and the shared S1, `south` of B1 and S1, whose reporter is `north`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.oracle_said import Row, Sent

CINEMAS = {"north": ("A1", "A2", "S1"), "south": ("B1", "S1")}
#: Local starts with their offsets; the clocks change on the 10th, 05:30 belongs to the day before.
STARTS = {
    "2024-03-08": ("T19:00-05:00", "T23:30-05:00"),
    "2024-03-09": ("T05:30-05:00", "T14:00-05:00", "T19:00-05:00"),
    "2024-03-10": ("T05:30-04:00", "T19:00-04:00"),
    "2024-03-15": ("T19:00-04:00",),
}
DAYS = tuple(STARTS)
WORKS = ("W1", "W2", "W3")
PROGRAMMES: tuple[dict[str, Any], ...] = (
    *({"work": work} for work in WORKS),
    {"work": "W1", "version": "V1"},
    {"programme": [{"work": "W1"}, {"work": "W2", "weight": 2}]},
    {"programme": [{"work": "W3", "weight": 3}, {"work": "W1"}, {"work": "W2"}]},
)
TYPES = ("", "adult", "child")
EVENTS = ("sale", "sale", "sale", "refund", "void", "exchange_out", "exchange_in")


def _cinema(id: str, **more: str | bool) -> Row:
    return {"kind": "register", "cinema": {"id": id, "zone": "America/New_York", **more}}


REGISTERS: tuple[Row, ...] = (
    _cinema("A1", city="Avon", chain="Crane", tier="1", expected=True, name="Avon One"),
    _cinema("A2", city="Avon", chain="Heron", expected=True),
    _cinema("B1", city="Bath", chain="Crane", province="BB"),
    _cinema("S1", city="Bath", reporter="north"),
    {"kind": "register", "work": {"id": "W1", "names": [{"language": "en", "name": "One"}]}},
    {"kind": "register", "work": {"id": "W2", "distributor": "Owl",
                                  "names": [{"language": "en", "name": "Two"}]}},
    {"kind": "register", "version": {"id": "V1", "work": "W1", "format": "IMAX", "audio": "en"}},
    {"kind": "register", "release": {"work": "W1", "date": "2024-03-09", "distributor": "Elk"}},
)  # fmt: skip

#: What registers may say later; nothing that changes a business date or a currency.
UPDATES: tuple[Row, ...] = (
    {"cinema": {"id": "A1", "city": "Bath", "from": "2024-03-09"}},
    {"cinema": {"id": "S1", "reporter": "south"}},
    {"cinema": {"id": "B1", "chain": "Heron"}},
    {"release": {"work": "W3", "date": "2024-03-10", "distributor": "Elk"}},
    {"release": {"work": "W1", "date": "2024-03-09", "distributor": "Owl"}},
    {"release": {"work": "W1", "date": "2024-03-15", "run": 2}},
    {"version": {"id": "V1", "work": "W1", "audio": "fr"}},
)
EXTRAS = ("join", "unjoin", "balance", "cinemas", "register", "register")


@dataclass(frozen=True)
class World:
    """What was sent, in the order of its sending; registers apart."""

    registers: tuple[Sent, ...]
    said: tuple[Sent, ...]

    @property
    def messages(self) -> list[Sent]:
        """Everything."""
        return [*self.registers, *self.said]


@dataclass
class _Pen:
    """Numbers that go up: of messages and of tickets, for each sender."""

    messages: dict[str, int]
    tickets: dict[str, int]

    def message(self, sender: str) -> str:
        self.messages[sender] = self.messages.get(sender, 0) + 1
        return str(self.messages[sender])

    def ticket(self, sender: str) -> int:
        self.tickets[sender] = self.tickets.get(sender, 0) + 1
        return self.tickets[sender]


Draw = Any


def _maybe(draw: Draw, name: str, values: st.SearchStrategy[Any]) -> Row:
    value = draw(st.one_of(st.none(), values))
    return {} if value in (None, "") else {name: value}


def _amount(draw: Draw, most: int = 3_000) -> str:
    minor = draw(st.one_of(st.just(0), st.integers(1, most)))
    return f"{minor // 100}.{minor % 100:02d}"


def _screening(draw: Draw, sender: str, described: dict[tuple[str, str], Row]) -> Row:
    """A screening as one message describes it: the same in each of its rows."""
    cinema = draw(st.sampled_from(CINEMAS[sender]))
    screening = draw(st.sampled_from(("s1", "s2", "s3")))
    if (cinema, screening) not in described:
        day = draw(st.sampled_from(DAYS))
        described[cinema, screening] = {
            "cinema": cinema,
            "screening": screening,
            "start": day + draw(st.sampled_from(STARTS[day])),
            **draw(st.sampled_from(PROGRAMMES)),
            **_maybe(draw, "screen", st.sampled_from(("1", "2"))),
            **_maybe(draw, "seats", st.sampled_from((60, 90))),
        }
    return described[cinema, screening]


def _parts(draw: Draw, paid: str) -> Row:
    minor = int(paid.replace(".", ""))
    found = {}
    for name in draw(st.sampled_from(((), (), ("fee",), ("fee", "tax"), ("tax",)))):
        part = draw(st.integers(0, minor // 3))
        found[name] = f"{part // 100}.{part % 100:02d}"
    return found


def _tickets(draw: Draw, sender: str, described: dict[tuple[str, str], Row], pen: _Pen) -> Row:
    paid = _amount(draw)
    return {
        "kind": "tickets",
        **_screening(draw, sender, described),
        "number": pen.ticket(sender),
        "event": draw(st.sampled_from(EVENTS)),
        "quantity": draw(st.integers(1, 3)),
        "paid": paid,
        **_parts(draw, paid),
        **_maybe(draw, "ticket_type", st.sampled_from(TYPES)),
        **_maybe(draw, "channel", st.sampled_from(("online", "counter"))),
        "sold_at": draw(st.sampled_from(("2024-03-07T10:00-05:00", "2024-03-09T18:00Z"))),
    }


def _totals(draw: Draw, sender: str, described: dict[tuple[str, str], Row]) -> list[Row]:
    screening, found = _screening(draw, sender, described), []
    for ticket_type in draw(st.sampled_from((("",), ("adult",), ("adult", "child")))):
        gross = _amount(draw, 90_000)
        row = {"kind": "screening_totals", **screening, "gross": gross, **_parts(draw, gross)}
        row["admissions"] = draw(st.integers(0, 60))
        row |= {"ticket_type": ticket_type} if ticket_type else {}
        found.append(row | _maybe(draw, "refunds", st.integers(0, 3)))
    return found


def _day(draw: Draw, sender: str, told: set[Any]) -> list[Row]:
    cinema = draw(st.sampled_from(CINEMAS[sender]))
    key = {
        "cinema": cinema,
        "date": draw(st.sampled_from(DAYS)),
        "work": draw(st.sampled_from(WORKS)),
    }
    if tuple(key.values()) in told:
        return []
    told.add(tuple(key.values()))
    row = {"kind": "day_totals", **key, "gross": _amount(draw, 90_000)}
    row |= _maybe(draw, "admissions", st.integers(0, 200))
    row |= _maybe(draw, "screenings", st.integers(1, 5))
    return [row | _maybe(draw, "seats", st.sampled_from((100, 300)))]


def _schedule(draw: Draw, sender: str, described: dict[tuple[str, str], Row]) -> Row:
    status = _maybe(draw, "status", st.sampled_from(("on", "cancelled")))
    return {"kind": "schedule", **_screening(draw, sender, described), **status}


KINDS = ("tickets", "tickets", "screening_totals", "day_totals", "schedule")


@st.composite
def reports(draw: Draw, sender: str, pen: _Pen) -> Sent:
    """One report of a sender, its kinds mixed."""
    described: dict[tuple[str, str], Row] = {}
    totalled: set[tuple[str, str]] = set()
    told: set[Any] = set()
    rows: list[Row] = []
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4)):
        if kind == "tickets":
            rows.append(_tickets(draw, sender, described, pen))
        elif kind == "day_totals":
            rows += _day(draw, sender, told)
        elif kind == "schedule":
            rows.append(_schedule(draw, sender, described))
        else:
            made = _totals(draw, sender, described)
            key = (made[0]["cinema"], made[0]["screening"])
            # Two statements of one screening in one message add up: a spec of its own.
            rows += [] if key in totalled else made
            totalled.add(key)
    if not rows:
        rows = [_schedule(draw, sender, described)]
    return Sent(sender, "", pen.message(sender), tuple(rows))


def _judged(pen: _Pen, kind: str, one: str, other: str) -> Sent:
    row = {"kind": kind, "one": one, "other": other, "why": "the same"}
    return Sent("office", "", pen.message("office"), (row,))


def _registered(pen: _Pen, row: Row) -> Sent:
    """A later word of the register, whose first message has the number 1."""
    number = int(pen.message("register")) + 1
    return Sent("office", "register", str(number), ({"kind": "register", **row},))


def _extra(draw: Draw, pen: _Pen, extra: str) -> Sent:
    if extra == "balance":
        return _balance(pen)
    if extra == "register":
        return _registered(pen, draw(st.sampled_from(UPDATES)))
    if extra == "cinemas":
        pair = draw(st.sampled_from((("A1", "B1"), ("A2", "S1"))))
        return _judged(pen, "join", *(f"cinema:{one}" for one in pair))
    return _judged(pen, extra, "work:W1", "work:W3")


def _balance(pen: _Pen) -> Sent:
    row = {"kind": "opening_balance", "work": "W2", "through": "2024-03-08", "gross": "500.00",
           "admissions": 50, "publisher": "office"}  # fmt: skip
    return Sent("office", "books", pen.message("balances"), (row,))


@st.composite
def worlds(draw: Draw, *, judged: bool = False, most: int = 8) -> World:
    """A world of a few reports; ``judged`` adds judgements and balances, whose order matters."""
    pen = _Pen({}, {})
    registers = Sent("office", "register", "1", REGISTERS)
    senders = st.lists(st.sampled_from(("north", "north", "south")), min_size=1, max_size=most)
    said: list[Sent] = [draw(reports(sender, pen)) for sender in draw(senders)]
    if judged:
        at = 0
        for extra in draw(st.lists(st.sampled_from(EXTRAS), max_size=4)):
            # One after the other, so that numbers go up as they do at any sender.
            at = draw(st.integers(at, len(said)))
            said.insert(at, _extra(draw, pen, extra))
    return World((registers,), tuple(said))


def only_tickets(message: Sent, id: str) -> Sent | None:
    """The ticket events of a message again, in a message of their own."""
    rows = tuple(row for row in message.rows if row["kind"] == "tickets")
    return Sent(message.sender, message.stream, id, rows) if rows else None


def shown(world: World) -> Mapping[str, Any]:
    """A world as a failure shows it."""
    return {f"{m.sender} {m.stream} {m.id}": m.rows for m in world.messages}
