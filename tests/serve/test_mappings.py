"""A table is kept only under a mapping that the home knows, and only with its columns."""

import json
from pathlib import Path
from typing import Any

import pytest

from pharos.arrive.extract import extract
from pharos.errors import CatchingUp
from pharos.serve.addressed import mapping_act, mapping_setting
from pharos.serve.home import Home
from pharos.serve.mappings import KnownMappings
from tests.fresh_homes import fresh_home
from tests.serve.served import Served, serving

MAPPING = """
name = "days"
kind = "day_totals"
[constants]
cinema = "bijou"
[columns]
date = "Day"
work = "Film"
admissions = "Sold"
gross = "Takings"
"""
TABLE = b"Day,Film,Sold,Takings,Clerk\n2024-03-08,X,12,120.00,Jane\n"
DIGEST = mapping_setting(MAPPING).name


def table(**changes: Any) -> bytes:  # noqa: ANN401
    header, *rows = extract(TABLE, "t.csv", MAPPING).split(b"\n")
    return b"\n".join([json.dumps(json.loads(header) | changes).encode(), *rows])


def refused(server: Served, body: bytes) -> str:
    answer = server.post("messages", body, sender="x")
    assert (answer.status_code, answer.json()["code"]) == (422, "not-kept")
    return f"{answer.json()['rule']}: {answer.json()['detail']}"


@pytest.mark.slow
def test_what_no_mapping_declares_is_not_kept(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "home")
    columns = ["Day", "Film", "Sold", "Takings", "Clerk"]
    with serving(home) as server:
        assert "unknown_mapping" in refused(server, table())
        act = mapping_act(MAPPING)
        # Nobody waits until it counts.
        assert server.post("administration", act.body, id=act.id).status_code == 201
        assert "'Clerk'" in refused(server, table(columns=columns))
        assert "missing_column" in refused(server, table(columns=["Day"]))
        assert "unknown_mapping" in refused(server, table(mapping="0" * 64))
        assert server.send(table(), "x")["rows"] == 1
    with serving(home) as server:
        assert "'Clerk'" in refused(server, table(columns=columns))
        assert server.send(table(file="again.csv"), "x")["receipt"]["position"] == 4
    with Home(home) as opened:
        size = opened.journal.size
        done = opened.send("x", "", "", table(columns=columns))
        assert (done.receipt, done.findings[0].rule) == (None, "undeclared_field")
        assert opened.send("x", "", "", table(mapping="0" * 64)).receipt is None
        assert opened.journal.size == size


def test_while_the_ledger_is_behind_a_mapping_may_be_on_its_way() -> None:
    known = KnownMappings({}, applied=3, due=5)
    with pytest.raises(CatchingUp, match="send it again"):
        known.text(DIGEST)
    known.kept(mapping_act(MAPPING).body)
    assert known.text(DIGEST) == MAPPING
    assert KnownMappings({}, applied=5, due=5).text(DIGEST) is None
    assert KnownMappings({("mapping", DIGEST): MAPPING}, 0, 5).text(DIGEST) == MAPPING


@pytest.mark.slow
def test_a_ledger_that_is_made_anew_takes_tables_once_it_has_their_mapping(tmp_path: Path) -> None:
    path = fresh_home(tmp_path / "home")
    with Home(path) as home:
        home.administer(mapping_setting(MAPPING))
    (path / "ledger.duckdb").unlink()
    with serving(path) as server:
        answer = server.post("messages", table(), sender="x")
        while answer.status_code == 503:
            assert answer.headers["retry-after"] == "1"
            answer = server.post("messages", table(), sender="x")
        assert answer.status_code == 201
