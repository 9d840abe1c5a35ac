"""Worlds in which a number was wrong once, each the smallest that showed it."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, Literal

import pytest

from pharos.arrive.administration import Closing, Judgement, Setting, administration_body
from pharos.arrive.journal import Draft
from pharos.errors import LedgerUnusable
from pharos.keep.checkpoints import all_spans
from pharos.keep.receive import rebuild
from pharos.keep.writer import Writer
from pharos.serve.home import Home, Submitted
from tests.fresh_homes import fresh_home
from tests.oracle_said import Sent
from tests.serve.terminal import complained, environment, native, pharos
from tests.spec.files_adapter import send_file

Row = dict[str, Any]
START = "2024-03-{day:02d}T19:00:00-05:00"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(fresh_home(tmp_path / "home")) as opened:
        yield opened


def send(home: Home, said: str, *rows: Row, sender: str = "x") -> Submitted:
    return home.send(sender, "s", said, body(*rows))


def body(*rows: Row) -> bytes:
    return native(*rows)


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


def test_nobody_but_the_home_closes_its_days(home: Home) -> None:
    act = administration_body(Closing(first=date(2024, 3, 5), last=date(2024, 3, 5)))
    done = home.send("stranger", "s", "1", act)
    assert done.verdict == "refused"
    assert "only the home itself" in done.findings[0].sentence


def test_cinemas_that_are_unjoined_both_count_again(home: Home) -> None:
    send(home, "1", total("1", "100.00"))
    send(home, "1", day_total("c2", "200.00"), sender="y")
    judged: dict[str, Any] = {"kind": "cinema", "one": "c1", "other": "c2", "why": "test"}
    home.administer(Judgement(same=True, **judged))
    assert asked(home, "gross") == ("100.00",)
    home.administer(Judgement(same=False, **judged))
    assert asked(home, "gross") == ("300.00",)


@pytest.mark.slow
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


@pytest.mark.slow
def test_two_hundred_and_fifty_statements_are_replaced_in_one_batch(home: Home) -> None:
    for version in ("1", "2"):
        bodies = [body(day_total(f"c{n}", f"{version}.00")) for n in range(250)]
        home.journal.append([Draft(f"s{n}", "s", version, b) for n, b in enumerate(bodies)])
        home.catch_up()
    decided = [(d.first_position, d.last_position) for d in home.journal.decisions(2, 9)]
    assert len(decided) <= 4
    assert asked(home, "gross", "admissions") == ("500.00", 2_500)


def test_a_mistyped_date_withdraws_nothing_of_other_dates(home: Home) -> None:
    def sheet(*days: str) -> Sent:
        row = {"kind": "day_totals", "cinema": "c1", "work": "W", "admissions": 1}
        rows = tuple(row | {"date": day, "gross": "30.00"} for day in days)
        return Sent("x", "", "", rows, file=True)

    send_file(home, sheet("2017-01-05", "2017-02-05", "2017-03-05"))
    done = send_file(home, sheet("2017-01-05", "2071-01-06"))
    assert (done.held, done.scope) == (1, ("c1", "2017-01-05", "2017-01-05"))
    assert asked(home, "gross") == ("90.00",)


@pytest.mark.slow
def test_an_older_schedule_does_not_undo_a_move_by_another_stream(tmp_path: Path) -> None:
    ticket: Row = {"kind": "tickets", "cinema": "c1", "screening": "1", "work": "W"}
    ticket |= {"sold_at": "2024-03-05T12:00:00-05:00", "number": 1, "paid": "10.00"}
    schedule: Row = {"kind": "schedule", "cinema": "c1", "screening": "1", "work": "W"}

    def at(hour: int) -> Row:
        return {"start": f"2024-03-05T{hour}:00:00-05:00"}

    said = {
        "4": Draft("x", "s", "4", body(schedule | at(18))),
        "5": Draft("x", "s", "5", body(schedule | at(19))),
        "t": Draft("x", "t", "1", body(ticket | at(20))),
    }
    for order in ("45t", "54t", "5t4"):
        with Home(fresh_home(tmp_path / order)) as opened:
            for key in order:
                draft = said[key]
                opened.send(draft.sender, draft.stream, draft.id, draft.body)
            rows = opened.ask("gross", by="screening_hour").rows
            assert [(row["screening_hour_id"], row["gross"]) for row in rows] == [(20, "10.00")]


def register(cinema: str, **more: object) -> Row:
    return {"kind": "register", "cinema": {"id": cinema} | more}


def test_the_reporter_of_a_joined_cinema_counts_under_any_of_its_ids(home: Home) -> None:
    send(home, "1", register("c1"), register("z9", reporter="y"), sender="office")
    send(home, "1", total("1", "100.00"))
    send(home, "1", total("1", "77.00"), sender="y")
    assert asked(home, "gross") == ("100.00",)
    home.administer(Judgement(kind="cinema", one="c1", other="z9", same=True, why="test"))
    assert asked(home, "gross") == ("77.00",)


@pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned"])
def test_a_reporter_counts_from_its_day_on(home: Home, turned: bool) -> None:
    said = [register("c1", reporter="x"), register("c1", reporter="y", **{"from": "2024-03-07"})]
    for n, row in enumerate(reversed(said) if turned else said):
        send(home, str(n), row, sender="office")
    for day in (5, 7):
        send(home, f"{day}", total(f"{day}", "100.00", day=day))
        send(home, f"{day}", total(f"{day}", "77.00", day=day), sender="y")
    rows = home.ask("gross", by="business_date", order="business_date").rows
    assert [row["gross"] for row in rows] == ["100.00", "77.00"]


def test_billions_of_free_tickets_fit_into_a_checkpoint(home: Home) -> None:
    home.writer = Writer(home.ledger, span=1_000)
    ticket: Row = {"kind": "tickets", "cinema": "c1", "screening": "1", "work": "W"}
    ticket |= {"start": START.format(day=5), "sold_at": "2024-03-05T18:00:00-05:00"}
    rows = [ticket | {"number": n, "paid": "0.00", "quantity": 1_000_000} for n in range(1, 2_201)]
    assert send(home, "1", *rows).verdict == "accepted_with_findings"
    assert all_spans(home.ledger)
    assert asked(home, "admissions") == (2_200_000_000,)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("rules", "rules", "x = "),
        ("rules", "rules", "x = 1"),
        ("territory", "US", "zz"),
        ("home", "home", "nope"),
        ("mapping", "0" * 64, "name = "),
    ],
)
def test_a_bad_setting_is_refused_and_the_home_lives(
    home: Home, kind: Literal["rules", "territory", "home", "mapping"], name: str, text: str
) -> None:
    done = home.administer(Setting(kind=kind, name=name, text=text))
    assert (done.verdict, done.findings[0].rule) == ("refused", "administration")
    send(home, "1", total("1", "100.00"))
    home.close()
    with Home(home.path) as again:
        assert asked(again, "gross") == ("100.00",)


def test_nobody_else_speaks_for_the_home(home: Home) -> None:
    act = Setting(kind="rules", name="rules", text="x = ")
    done = home.send("x", "administration", "1", administration_body(act))
    assert (done.verdict, done.findings[0].rule) == ("refused", "administration")
    home.close()
    (home.path.parent / "one.jsonl").write_bytes(body(total("1", "1.00")))
    path = str(home.path.parent / "one.jsonl")
    complained(pharos(home.path, "submit", path, "--sender", "home"), 2, "the home itself")


READER = """
import sys
from pathlib import Path
from subprocess import PIPE, Popen
from pharos.keep.ledger import Ledger
reader = Ledger(Path(sys.argv[1]), read_only=True)
print("open", flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
def test_a_ledger_that_somebody_reads_is_not_thrown_away(home: Home) -> None:
    send(home, "1", total("1", "100.00"))
    home.close()
    path = home.path / "ledger.duckdb"
    before = path.stat().st_ino
    words = [sys.executable, "-c", READER, str(path)]
    with Popen(words, stdin=PIPE, stdout=PIPE, env=environment()) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"open\n"
        with pytest.raises(LedgerUnusable, match="try again") as caught:
            Home(home.path)
        assert caught.value.in_use
        reader.communicate()
    assert path.stat().st_ino == before
    with Home(home.path) as again:
        assert asked(again, "gross") == ("100.00",)


def test_a_correction_does_not_say_how_many_were_free(home: Home) -> None:
    send(home, "1", total("1", "0.00"))
    assert asked(home, "free_admissions") == (10,)
    send(home, "2", correction(expect={"gross": "0.00", "admissions": 10}))
    assert asked(home, "gross", "free_admissions") == ("90.00", None)


def test_of_a_report_that_contradicts_itself_the_last_word_counts(home: Home) -> None:
    said: Row = {"kind": "schedule", "cinema": "c1", "screening": "1", "work": "W"}
    said |= {"start": START.format(day=5)}
    ticket = said | {"kind": "tickets", "number": 1, "paid": "9.00"}
    ticket |= {"sold_at": "2024-03-05T12:00:00-05:00"}
    send(home, "1", ticket, said | {"status": "cancelled"}, said | {"status": "on"})
    assert asked(home, "screenings", "gross") == (1, "9.00")


def test_a_report_that_contradicts_itself_in_every_row_is_read_in_one_go(home: Home) -> None:
    said: Row = {"kind": "schedule", "cinema": "c1", "screening": "1", "work": "W"}
    send(home, "1", *(said | {"start": START.format(day=5 + n % 2)} for n in range(4_000)))
    moved = home.ledger.connection.execute("SELECT count(*) FROM account").fetchone()
    assert moved is not None
    assert moved[0] <= 2
    (row,) = home.ask("screenings", by="business_date").rows
    assert (row["business_date_id"], row["screenings"]) == ("2024-03-06", 1)


def test_a_third_sender_is_told_of_the_two_before(home: Home) -> None:
    for sender in ("x", "y"):
        send(home, "1", total("1", "100.00"), sender=sender)
    ticket: Row = {"kind": "tickets", "cinema": "c1", "screening": "1", "work": "W", "number": 1}
    ticket |= {"start": START.format(day=5), "sold_at": START.format(day=4), "paid": "7.00"}
    done = send(home, "1", ticket, sender="z")
    (overlap,) = [found for found in done.findings if found.rule == "overlap"]
    assert overlap.sentence.startswith("x, y reported 1 of the same cinema days")
