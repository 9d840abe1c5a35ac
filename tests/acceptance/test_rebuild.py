"""What decides a number can be edited and the code can change: no old answer does.

In: a home of some forty messages. Out: 200 questions at 20 editions (60 in `make test`), byte for
byte, before and after editing rules, a mapping and a window, deciding code that would decide
otherwise, rebuilding.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from shutil import copytree
from typing import Any

import pytest

from pharos.check import parameters
from pharos.check.parameters import packaged_rules
from pharos.errors import PharosError
from pharos.keep import decide
from pharos.measure import dimensions
from pharos.measure.catalogue import MEASURES
from pharos.serve.encoded import as_json
from pharos.serve.home import Home
from pharos.words.territory import packaged_territory
from tests.serve.terminal import made_home, pharos, written

MAPPING = """
name = "box-sheet"
title = "the sheet that a cinema sends every week"
kind = "day_totals"
row_key = ["day", "film"]
[constants]
cinema = "C3"
territory = "US"
zone = "America/Chicago"
currency = "USD"
[columns]
date = { column = "day", format = "%Y-%m-%d" }
work = "film"
admissions = "people"
gross = "money"
[scope]
kind = "span"
"""
DAYS = tuple(f"2023-11-{day:02d}" for day in range(20, 29))
WORKS = ("Crane", "Heron", "Owl", "The Crane")


@pytest.mark.slow
@pytest.mark.parametrize("each", [3, pytest.param(10, marks=pytest.mark.torture)])
def test_old_answers_stay_after_rules_mapping_and_window_were_edited(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, each: int
) -> None:
    home = tmp_path / "home"
    copytree(old, home)
    before = ask_all(home, each)
    edit_rules(home, tmp_path)
    edit_mapping(home, tmp_path)
    edit_window(home, tmp_path)
    assert ask_all(home, each) == before
    forget_how_to_decide(monkeypatch)
    assert pharos(home, "rebuild", "--full").code == 0
    assert ask_all(home, each) == before


@pytest.mark.slow
def test_edited_rules_mapping_and_window_hold_from_then_on(old: Path, tmp_path: Path) -> None:
    """The edits are real: without them this test would prove nothing."""
    home = tmp_path / "home"
    copytree(old, home)

    def ask(*words: str) -> object:
        return pharos(home, "ask", *words, "--json").json["rows"]

    shared = ("gross", "--where", "cinema=C1", "--by", "grain")
    window = ("gross", "--period", "window:thanksgiving/2023")
    before = [ask(*shared), ask(*window), ask("gross", "--where", "cinema=C3")]
    edit_rules(home, tmp_path)
    edit_mapping(home, tmp_path)
    edit_window(home, tmp_path)
    after = [ask(*shared), ask(*window), ask("gross", "--where", "cinema=C3")]
    assert all(one != other for one, other in zip(before, after, strict=True)), after


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has heard some forty messages of all kinds."""
    folder = tmp_path_factory.mktemp("old")
    home = made_home(folder)
    for words in sayings(folder, Random(2023)):
        said = pharos(home, *words)
        assert said.code == 0, (words, said.err, said.out)
    return home


def sayings(folder: Path, random: Random) -> Iterator[tuple[str, ...]]:
    (folder / "box-sheet.toml").write_text(MAPPING)
    yield "submit", written(folder / "register.jsonl", *registers()), "--sender", "office"
    number = 0
    for nth in range(30):
        path, sender = folder / f"{nth}.jsonl", random.choice(("north", "south"))
        kind = random.choice(("tickets", "tickets", "screening_totals", "day_totals", "schedule"))
        rows = []
        for _ in range(random.randint(1, 4)):
            number += 1
            rows.append(said(random, kind, number))
        yield "submit", written(path, *rows, id=str(nth + 1)), "--sender", sender
        if nth in (8, 20):
            yield "submit", sheet(folder, nth, random), "--map", str(folder / "box-sheet.toml")
        if nth == 12:
            yield "join", "work:Crane", "work:The Crane", "--why", "the article"
        if nth == 14:
            yield "close", "2023-11-20..2023-11-22"
        if nth == 18:
            yield "unjoin", "work:Crane", "work:The Crane", "--why", "another film"
        if nth == 25:
            yield "close", "2023-11-20..2023-11-28"
    change = {
        "kind": "correction", "cinema": "C9", "book": "screening_totals", "screening": "only",
        "expect": {"gross": "10.00", "admissions": 2}, "set": {"gross": "12.00", "admissions": 2},
        "reason": "a till error", "by": "office",
    }  # fmt: skip
    stated = {
        "kind": "screening_totals", "cinema": "C9", "screening": "only", "work": "Owl",
        "start": "2023-11-21T19:00:00-06:00", "gross": "10.00", "admissions": 2,
    }  # fmt: skip
    yield "submit", written(folder / "stated.jsonl", stated), "--sender", "nine"
    yield "submit", written(folder / "change.jsonl", change), "--sender", "nine"


def registers() -> list[dict[str, object]]:
    cinemas: list[dict[str, object]] = [
        {"kind": "register", "cinema": {"id": f"C{n}", "zone": "America/Chicago", "expected": True,
                                        "city": "Avon" if n < 3 else "Bath", "chain": f"K{n % 2}"}}
        for n in (1, 2)
    ]  # fmt: skip
    balance: dict[str, object] = {
        "kind": "opening_balance", "work": "Heron", "through": "2023-11-19", "gross": "900.00",
        "admissions": 100, "publisher": "office",
    }  # fmt: skip
    release: dict[str, object] = {
        "kind": "register",
        "release": {"work": "Crane", "date": "2023-11-22"},
    }
    return [*cinemas, balance, release]


def said(random: Random, kind: str, number: int) -> dict[str, object]:
    day, work = random.choice(DAYS), random.choice(WORKS)
    cinema = random.choice(("C1", "C2"))
    money = f"{random.randint(0, 30)}.50"
    if kind == "day_totals":
        return {"kind": kind, "cinema": cinema, "date": day, "work": f"{work}", "gross": money,
                "admissions": random.randint(1, 9), "channel": f"way {number}"}  # fmt: skip
    row: dict[str, object] = {
        "kind": kind, "cinema": cinema, "screening": f"{day}-{random.randint(1, 3)}", "work": work,
        "start": f"{day}T{random.choice((14, 19, 22))}:00:00-06:00", "screen": "1", "seats": 50,
    }  # fmt: skip
    if kind == "tickets":
        return row | {"number": number, "paid": money, "sold_at": f"{day}T10:00:00-06:00"}
    if kind == "schedule":
        return row
    return row | {"gross": money, "admissions": 7, "ticket_type": f"type {number}"}


def sheet(folder: Path, nth: int, random: Random) -> str:
    lines = ["day,film,people,money"]
    lines += [f"{day},{random.choice(WORKS)},{random.randint(1, 99)},{nth}.25" for day in DAYS]
    path = folder / f"sheet-{nth}.csv"
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def edit_rules(home: Path, folder: Path) -> None:
    order = '["tickets", "screening_totals", "day_totals"]'
    text = packaged_rules()
    assert order in text
    path = folder / "rules.toml"
    path.write_text(text.replace(order, '["day_totals", "screening_totals", "tickets"]'))
    assert pharos(home, "submit", str(path)).code == 0


def edit_mapping(home: Path, folder: Path) -> None:
    """The column of money was misread all the time: it holds another cinema's taking."""
    path = folder / "box-sheet.toml"
    path.write_text(MAPPING.replace('gross = "money"', 'gross = "people"'))
    sheet_path = sheet(folder, 99, Random(99))
    said = pharos(home, "submit", sheet_path, "--map", str(path))
    assert said.code == 0, said.err


def edit_window(home: Path, folder: Path) -> None:
    text = packaged_territory("US")
    begin = text.index("2023-11-22")
    path = folder / "US.toml"
    rest = text[begin + 10 :].replace("2023-11-26", "2023-11-28", 1)
    path.write_text(f"{text[:begin]}2023-11-27{rest}")
    said = pharos(home, "submit", str(path))
    assert said.code == 0, said.err


def forget_how_to_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither code that decides nor the files of this Pharos may be asked for what is past."""

    def never(*_: object) -> None:
        raise AssertionError("decided anew")

    for name in ("check", "decide", "read"):
        monkeypatch.setattr(decide, name, never)
    monkeypatch.setattr(parameters, "packaged_rules", never)


def ask_all(home: Path, each: int) -> list[str]:
    """Questions at each of twenty editions; whole answers as text, refusals as they read."""
    random, found = Random("two hundred"), []
    with Home(home) as opened:
        opened.catch_up()
        for edition in range(2, 42, 2):
            for _ in range(each):
                words = question(random)
                try:
                    answer = opened.ask(*words.pop("measures"), as_of=edition, **words)
                    found.append(as_json(answer.to_json()))
                except PharosError as refused:
                    found.append(f"{type(refused).__name__}: {refused}")
    assert len(found) == 20 * each
    assert sum(text.startswith("{") for text in found) > 10 * each
    return found


def question(random: Random) -> dict[str, Any]:
    measures = random.sample([measure.name for measure in MEASURES], random.choice((1, 2)))
    by = random.sample([one.name for one in dimensions.DIMENSIONS], random.choice((0, 1)))
    if random.random() < 0.5 and "work" not in by:
        by.append("work")
    window = "window:thanksgiving/2023"
    periods = ("", "", "2023-11-21", "2023-11-20..2023-11-26", "2023-W47", window)
    where = random.choice(("", "", "cinema=C1", "city=Avon", "window=thanksgiving/2023"))
    return {
        "measures": measures,
        "by": by,
        "where": where,
        "period": random.choice(periods),
        "basis": random.choice(("paid", "paid", "without_tax")),
    }
