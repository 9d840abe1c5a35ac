"""What holds in every world, whatever was said in it; one function for each law.

In: a world, and what Hypothesis draws beside it. Out: a failure where a law is broken.
"""

from collections import defaultdict
from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import note
from hypothesis import strategies as st

from pharos.measure import dimensions
from pharos.measure.catalogue import BY_NAME
from pharos.measure.question import refusal
from tests.property.homes import Lived, lived
from tests.property.worlds import DAYS, World, only_tickets, worlds

#: Measures whose parts add up, and whether they still do over works of a double feature.
ADDITIVE = {
    **dict.fromkeys(
        ("gross", "net_of_fee_gross", "net_gross", "service_fee", "tax", "presales"), True
    ),
    **dict.fromkeys(
        ("admissions", "free_admissions", "paid_admissions", "tickets_issued", "refunds"), False
    ),
    **dict.fromkeys(("screenings", "seats_offered"), False),
}
#: Windows overlap: a day may stand under several.
OVERLAPPING = ("window", "day_of_window")

Law = Callable[[World, Random], None]


def repeats_change_nothing(world: World, random: Random) -> None:
    """Messages sent again, and ticket events sent again in other messages."""
    with lived(world.messages) as home:
        before, size = home.answers(), home.home.journal.size
        again = random.choices(world.messages, k=4)
        home.send(again)
        assert home.home.journal.size == size
        copies = [only_tickets(m, str(1_000 + n)) for n, m in enumerate(again)]
        home.send([copy for copy in copies if copy])
        _same(before, home.answers())


def order_of_arrival_is_nothing(world: World, random: Random) -> None:
    """The same reports in another order, and all of them at once in a third."""
    orders = [list(world.said) for _ in range(3)]
    for order in orders[1:]:
        random.shuffle(order)
    found = []
    for nth, order in enumerate(orders):
        with lived(world.registers) as home:
            send = home.send_at_once if nth == 2 else home.send
            send(order)
            note(f"order {nth}: {[(m.sender, m.id) for m in order]}")
            found.append(home.answers())
    _same(found[0], found[1])
    _same(found[0], found[2])


def parts_add_up_to_the_whole(world: World, random: Random) -> None:
    """Every additive measure by every dimension that it admits."""
    with lived(world.messages) as home:
        edition = random.choice(home.positions)
        whole = _by_currency(home, tuple(ADDITIVE), (), edition)
        for dimension in dimensions.DIMENSIONS:
            if dimension.name in OVERLAPPING:
                continue
            measures = [m for m in ADDITIVE if _adds_up(m, dimension)]
            parts = _by_currency(home, tuple(measures), (dimension.name,), edition)
            for currency in whole:
                for measure in measures:
                    _require_sum(
                        measure, dimension.name, whole[currency][measure],
                        parts.get(currency, {}).get(measure, []),
                    )  # fmt: skip


def _adds_up(measure: str, dimension: dimensions.Dimension) -> bool:
    if refusal(BY_NAME[measure], dimension):
        return False
    return ADDITIVE[measure] or dimension.family != "work"


Numbers = dict[str, dict[str, list[int | None]]]


def _by_currency(
    home: Lived, measures: tuple[str, ...], by: tuple[str, ...], edition: int
) -> Numbers:
    found: Numbers = defaultdict(lambda: defaultdict(list))
    for row in home.home.ask(*measures, by=by, as_of=edition):
        for measure in measures:
            found[row["currency"]][measure].append(row.get(f"{measure}_minor", row[measure]))
    return found


def _require_sum(
    measure: str, dimension: str, whole: list[int | None], parts: list[int | None]
) -> None:
    (total,) = whole
    known = [part for part in parts if part is not None]
    if total is None:
        assert len(known) < len(parts), f"{measure} is not known, but by {dimension} all of it is"
    else:
        assert len(known) == len(parts), f"{measure} is known, but by {dimension} not all of it is"
        assert sum(known) == total, f"{measure} by {dimension}: {known} do not add up to {total}"


def grains_are_never_added(world: World, random: Random) -> None:
    """One sender for each cinema day; for each work's day its screenings or its day total."""
    with lived(world.messages) as home:
        edition = random.choice(home.positions)
        ask = home.home.ask
        senders: dict[Any, set[str]] = defaultdict(set)
        for row in ask("gross", "admissions", by="cinema,business_date,sender", as_of=edition):
            if row["gross_minor"] or row["admissions"]:
                senders[row["cinema_id"], row["business_date"]].add(row["sender"])
        assert all(len(several) == 1 for several in senders.values()), senders
        grains: dict[Any, set[str]] = defaultdict(set)
        split = "cinema,work,business_date,grain"
        for row in ask("gross", "admissions", "screenings", by=split, as_of=edition):
            if row["gross_minor"] or row["admissions"] or row["screenings"]:
                key = (row["cinema_id"], row["work_id"], row["business_date"])
                grains[key].add(row["grain_id"])
        for key, several in grains.items():
            assert "day_totals" not in several or len(several) == 1, (key, several)


def at_once_is_one_by_one(world: World, random: Random) -> None:
    """Many messages decided together leave what each by itself does, at every edition."""
    del random
    with lived(world.messages) as one, lived() as other:
        other.send_at_once(world.messages)
        for position in one.positions:
            note(f"edition {position}")
            _same(one.answers(position), other.answers(position))
        for table in ("report", "finding"):
            columns = _TOLD[table]
            told = [
                h.home.ledger.rows(f"SELECT {columns} FROM {table} ORDER BY ALL")
                for h in (one, other)
            ]
            assert told[0] == told[1], table


_TOLD = {
    "report": "position, sender, stream, message_id, verdict, repeats, held",
    "finding": "position, rule, severity",
}


def traces_add_up(world: World, random: Random) -> None:
    """Every term is the sum of its reports, each report of its rows, and the whole the number."""
    with lived(world.messages) as home:
        for _ in range(6):
            measure = random.choice([m for m in ADDITIVE if m != "paid_admissions"])
            where = _condition(home, random)
            rest: dict[str, Any] = {
                "where": where,
                "period": random.choice(("", *DAYS, "2024-03-08..2024-03-10")),
            }
            rest["as_of"] = random.choice((None, *home.positions))
            note(f"trace {measure} {rest}")
            rows = list(home.home.ask(measure, **rest))
            traced = home.home.trace(measure, shown=10**6, **rest)
            for term in traced.terms:
                assert term["value"] == sum(report["value"] for report in term["reports"])
                for report in term["reports"]:
                    assert report["value"] == sum(line["value"] for line in report["rows"])
            numbers = [row.get(f"{measure}_minor", row[measure]) for row in rows]
            if len(traced.terms) == 1 and numbers and None not in numbers:
                assert traced.terms[0]["value"] == sum(numbers)


def _condition(home: Lived, random: Random) -> list[str]:
    name = random.choice(("cinema", "work", "city", "weekday", "sender", "grain", ""))
    if not name:
        return []
    found = [row[f"{name}_id"] for row in home.home.ask("gross", by=name)]
    known = [value for value in found if value is not None]
    return [f"{name}={random.choice(known)}"] if known else []


def reopening_changes_nothing(world: World, random: Random) -> None:
    """A home closed and opened between messages is as one that stayed open."""
    with lived(world.messages) as one, lived() as other:
        for message in world.messages:
            other.send([message])
            if random.random() < 0.6:
                other.reopen()
        assert one.positions == other.positions
        for position in sorted({random.choice(one.positions), one.positions[-1]}):
            _same(one.answers(position), other.answers(position))


def _same(expected: list[str], got: list[str]) -> None:
    more, less = sorted(set(got) - set(expected)), sorted(set(expected) - set(got))
    assert expected == got, f"expected and not there: {less}\nthere and not expected: {more}"


#: Every law with the worlds it speaks of.
LAWS: tuple[tuple[Law, st.SearchStrategy[World]], ...] = (
    (repeats_change_nothing, worlds(judged=True)),
    (order_of_arrival_is_nothing, worlds()),
    (parts_add_up_to_the_whole, worlds(judged=True)),
    (grains_are_never_added, worlds(judged=True)),
    (at_once_is_one_by_one, worlds(judged=True)),
    (traces_add_up, worlds(judged=True)),
    (reopening_changes_nothing, worlds(judged=True)),
)
