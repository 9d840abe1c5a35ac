"""Worlds in which a number was wrong once, each the smallest that showed it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pharos.arrive.administration import Judgement
from pharos.keep.receive import rebuild
from pharos.serve.home import Home, Submitted
from tests.fresh_homes import fresh_home

Row = dict[str, Any]
START = "2024-03-{day:02d}T19:00:00-05:00"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(fresh_home(tmp_path / "home")) as opened:
        yield opened


def send(home: Home, said: str, *rows: Row, sender: str = "x") -> Submitted:
    body = "\n".join([json.dumps({"pharos": 1}), *(json.dumps(row) for row in rows)])
    return home.send(sender, "s", said, body.encode() + b"\n")


def total(screening: str, gross: str, day: int = 5, **more: Any) -> Row:  # noqa: ANN401
    row: Row = {"kind": "screening_totals", "cinema": "c1", "screening": screening, "work": "W"}
    start = START.format(day=day)
    return row | {"start": start, "admissions": 10, "gross": gross} | more


def day_total(cinema: str, gross: str, **more: object) -> Row:
    row: Row = {"kind": "day_totals", "cinema": cinema, "date": "2024-03-05", "work": "W"}
    return row | {"admissions": 10, "gross": gross} | more


def correction(**more: object) -> Row:
    row: Row = {"kind": "correction", "cinema": "c1", "book": "screening_totals", "screening": "1"}
    row |= {"expect": {"gross": "100.00", "admissions": 10}, "by": "office", "reason": "slip"}
    return row | {"set": {"gross": "90.00", "admissions": 9}} | more


def asked(home: Home, *measures: str, **rest: Any) -> tuple[Any, ...]:  # noqa: ANN401
    rows = home.ask(*measures, **rest).rows
    return tuple(rows[0][measure] for measure in measures) if rows else ()


def test_a_screening_moves_in_a_home_of_thousands(home: Home) -> None:
    send(home, "1", *(total(str(n), "1.00") for n in range(2_200)))
    send(home, "2", total("2199", "1.00", day=6))
    assert asked(home, "gross", "screenings") == ("2200.00", 2_200)


@pytest.mark.slow
def test_many_statements_are_replaced_in_one_batch(home: Home) -> None:
    for version in ("1", "2"):
        for n in range(250):
            send(home, version, day_total(f"c{n}", f"{version}.00"), sender=f"s{n}")
    rebuild(home.journal, home.path)
    assert asked(home, "gross") == ("500.00",)


def test_one_report_adds_a_screen_to_its_own_first_line(home: Home) -> None:
    adult = total("1", "10.00", ticket_type="Adult")
    child = total("1", "30.00", ticket_type="Child", screen="2", seats=80)
    send(home, "1", adult, child)
    assert asked(home, "gross", "screenings", "seats_offered") == ("40.00", 1, 80)


def test_a_correction_of_what_two_senders_say_is_held(home: Home) -> None:
    send(home, "1", total("1", "100.00"))
    send(home, "1", total("1", "100.00"), sender="y")
    done = send(home, "2", correction())
    assert done.verdict == "held"
    assert "several senders" in done.findings[0].sentence


def test_two_corrections_of_one_thing_do_not_both_apply(home: Home) -> None:
    send(home, "1", total("1", "100.00"))
    send(home, "2", correction(), correction())
    assert asked(home, "gross", "admissions") == ("90.00", 9)


def test_cinemas_that_are_unjoined_both_count_again(home: Home) -> None:
    send(home, "1", total("1", "100.00"))
    send(home, "1", day_total("c2", "200.00"), sender="y")
    judged: dict[str, Any] = {"kind": "cinema", "one": "c1", "other": "c2", "why": "test"}
    home.administer(Judgement(same=True, **judged))
    assert asked(home, "gross") == ("100.00",)
    home.administer(Judgement(same=False, **judged))
    assert asked(home, "gross") == ("300.00",)


def test_an_id_that_comes_back_months_later_is_another_screening(home: Home) -> None:
    june: Row = {"start": "2024-06-05T19:00:00-04:00"}
    send(home, "1", total("1", "50.00"))
    send(home, "2", total("1", "70.00", **june))
    send(home, "3", total("1", "60.00", screen="2"))
    assert asked(home, "gross", "screenings") == ("130.00", 2)
    home.close()
    with Home(home.path) as again:
        send(again, "4", total("1", "61.00", screen="2"), total("1", "71.00", **june))
        assert asked(again, "gross", "screenings") == ("132.00", 2)
        rebuild(again.journal, again.path)


def test_naming_the_seats_changes_nobodys_turn(home: Home) -> None:
    ticket: Row = {"kind": "tickets", "cinema": "c1", "screening": "1", "work": "W"}
    ticket |= {"start": START.format(day=5), "sold_at": "2024-03-05T18:00:00-05:00", "number": 1}
    send(home, "1", ticket | {"paid": "100.00"})
    send(home, "1", ticket | {"paid": "77.00"}, sender="y")
    schedule: Row = {n: ticket[n] for n in ("cinema", "screening", "work", "start")}
    send(home, "2", schedule | {"kind": "schedule", "seats": 100})
    assert asked(home, "gross", "seats_offered") == ("100.00", 100)
    assert asked(home, "screenings", sold_until=None) == (1,)
