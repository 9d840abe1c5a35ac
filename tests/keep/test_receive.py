"""One message that nobody foresaw stops neither the others nor the home.

In: a rule, or the posting, that raises for one message. Out: its recorded refusal, everybody
else's figures, and the same again after a rebuild.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pharos.arrive.journal import Draft
from pharos.check import rules
from pharos.check.rules import Known, Noticed
from pharos.errors import LedgerUnusable
from pharos.keep.receive import catch_up, rebuild
from pharos.keep.turn import Turn
from pharos.serve.home import Home
from pharos.words.figures import Figures
from tests.fresh_homes import fresh_home
from tests.serve.terminal import TOTALS, native, pharos, written

#: The home's own first message stands at position 1.
POISON = 5
SENT = range(2, 10)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(fresh_home(tmp_path / "home")) as opened:
        yield opened


def body(n: int) -> bytes:
    work = "Poison" if n == POISON else "Crane"
    return native(TOTALS | {"cinema": f"C{n}", "work": work, "gross": f"{n}.00"})


def raising(figures: Figures, known: Known) -> Iterator[Noticed]:
    if any(text.startswith("Poison") for text in figures.mentions.column("programme")):
        raise ZeroDivisionError("a rule that nobody tried on this")
    return iter(())


def raising_while_posting(post: Callable[[Turn], None]) -> Callable[[Turn], None]:
    def posted(turn: Turn) -> None:
        post(turn)
        said = turn._batch.figures.mentions.column("programme")
        if any(text.startswith("Poison") for text in said):
            raise KeyError("Poison")

    return posted


@pytest.fixture(params=["a rule", "the posting"])
def poisoned(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "a rule":
        monkeypatch.setattr(rules, "RULES", (*rules.RULES, raising))
        return "ZeroDivisionError: a rule that nobody tried on this"
    monkeypatch.setattr(Turn, "post", raising_while_posting(Turn.post))
    return "KeyError: 'Poison'"


def answers(home: Home) -> Any:  # noqa: ANN401
    return home.ask("gross", "screenings", by="work,cinema").to_json()["rows"]


def the_others_count(home: Home) -> None:
    (row,) = home.ask("gross", "screenings").rows
    assert (row["gross_minor"], row["screenings"]) == (100 * (sum(SENT) - POISON), len(SENT) - 1)


@pytest.mark.slow
def test_the_others_of_its_batch_count(home: Home, poisoned: str) -> None:
    home.journal.append([Draft("x", "s", str(n), body(n)) for n in SENT])
    home.catch_up()
    the_others_count(home)
    (finding,) = home.findings_of(POISON)
    assert (finding.rule, finding.severity) == ("internal", "refuse")
    assert poisoned in finding.sentence
    assert "send it again" in finding.sentence
    decided = [(d.first_position, d.last_position) for d in home.journal.decisions(2, 100)]
    assert (POISON, POISON) in decided
    assert decided[-1] == (POISON + 1, SENT[-1])


@pytest.mark.slow
def test_sent_alone_it_is_refused_and_the_next_counts(home: Home, poisoned: str) -> None:
    done = {n: home.send("x", "s", str(n), body(n)) for n in SENT}
    assert [n for n in SENT if done[n].verdict == "refused"] == [POISON]
    assert poisoned in done[POISON].findings[0].sentence
    the_others_count(home)


@pytest.mark.slow
def test_a_rebuild_by_code_that_can_read_it_replays_the_refusal(
    home: Home, poisoned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.journal.append([Draft("x", "s", str(n), body(n)) for n in SENT])
    home.catch_up()
    before = answers(home)
    home.close()
    monkeypatch.undo()
    with Home(home.path) as again:
        rebuild(again.journal, again.path)
    with Home(home.path) as again:
        assert answers(again) == before
        assert again.findings_of(POISON)[0].rule == "internal"
        # What was refused counts once it is sent anew.
        assert again.send("x", "s", "anew", body(POISON)).verdict == "accepted_with_findings"
        assert again.ask("gross").rows[0]["gross_minor"] == 100 * sum(SENT)


def test_a_rehearsal_says_so_and_keeps_nothing(home: Home, poisoned: str, tmp_path: Path) -> None:
    home.close()
    path = written(tmp_path / "poison.jsonl", TOTALS | {"work": "Poison"})
    said = pharos(home.path, "submit", path, "--dry-run", "--json")
    assert (said.code, said.json["verdict"]) == (3, "refused")
    assert poisoned in said.json["findings"][0]["sentence"]
    assert pharos(home.path, "submit", path, "--json").json["receipt"]["position"] == 2


def test_the_doctor_names_it(home: Home, poisoned: str) -> None:
    home.send("x", "s", str(POISON), body(POISON))
    home.close()
    said = pharos(home.path, "doctor")
    assert said.code == 0
    assert "report 2 of x: Pharos itself failed" in said.out
    assert poisoned in said.out


def test_without_a_guard_nothing_is_recorded(home: Home, poisoned: str) -> None:
    home.journal.append([Draft("x", "s", "1", body(POISON))])
    with pytest.raises((ZeroDivisionError, KeyError)):
        catch_up(home.journal, home.writer)
    assert len(home.journal.decisions(1, 100)) == 1


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), MemoryError()])
def test_a_failure_of_the_machine_refuses_no_message(
    home: Home, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def post(turn: Turn) -> None:
        raise failure

    home.journal.append([Draft("x", "s", "1", body(1))])
    monkeypatch.setattr(Turn, "post", post)
    with pytest.raises(type(failure)):
        home.catch_up()
    with pytest.raises(LedgerUnusable):
        home.catch_up()
    monkeypatch.undo()
    home.close()
    with Home(home.path) as again:
        again.catch_up()
        assert again.ask("gross").rows[0]["gross_minor"] == 100
