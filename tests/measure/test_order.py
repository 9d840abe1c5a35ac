"""Rows whose figures are equal stand in the same order whenever and however they were counted."""

import json
from pathlib import Path
from random import Random

import pytest

from pharos.arrive.journal import Draft
from pharos.keep.receive import rebuild
from pharos.serve.home import Home
from tests.measure.small_home import TOTAL, small_home

KEYS = ("work", "cinema", "sender", "ticket_type", "screen", "version")


def sent() -> list[Draft]:
    """Reports with one and the same gross about works, cinemas, screens in no order of names."""
    random, drafts = Random(4), []
    names = [f"{letter}{n}" for n, letter in enumerate("qwertyuiopasdfgh")]
    random.shuffle(names)
    for nth, name in enumerate(names, 1):
        row = TOTAL | {
            "cinema": f"c {name}", "work": f"w {name}", "version": f"v {name}", "screen": name,
            "ticket_type": f"t {name}",
        }  # fmt: skip
        body = f"{json.dumps({'pharos': 1})}\n{json.dumps(row)}\n".encode()
        drafts.append(Draft(f"s {name}", "", str(nth), body))
    return drafts


def shown(home: Home) -> dict[str, list[str]]:
    return {key: [row[f"{key}_id"] for row in home.ask("gross", by=key)] for key in KEYS}


@pytest.mark.slow
@pytest.mark.parametrize("together", [True, False])
def test_equals_stand_in_the_order_of_their_ids(tmp_path: Path, *, together: bool) -> None:
    with small_home(tmp_path) as home:
        if together:
            home.journal.append(sent())
            home.catch_up()
        else:
            for draft in sent():
                home.send(draft.sender, draft.stream, draft.id, draft.body)
        before = shown(home)
        assert all(ids == sorted(ids) for ids in before.values())
        assert [row["work_id"] for row in home.ask("gross", by="work", order="-work")] == sorted(
            before["work"], reverse=True
        )
        rebuild(home.journal, home.path)
    with Home(tmp_path / "home") as home:
        assert shown(home) == before
