"""The contract of the command line: exit codes, shapes of JSON, messages that help.

In: commands as people type them. Out: what they print and leave behind.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import copytree

import pytest

from pharos.serve.arguments import parser
from pharos.serve.cli import COMMANDS, command
from pharos.words.territory import packaged_territory
from tests.serve.terminal import (
    TOTALS,
    complained,
    native,
    pharos,
    verdict,
    written,
)


def test_every_command_is_there() -> None:
    choices = next(a.choices for a in parser()._actions if a.dest == "command")
    assert choices is not None
    assert set(choices) == set(COMMANDS)
    for name in COMMANDS:
        assert callable(command(name))


# init


def test_init_makes_a_home_and_says_so(tmp_path: Path) -> None:
    said = pharos(tmp_path / "h", "init", "--territory", "us", "--scope", "chain", "--json")
    assert said.code == 0
    assert said.json == {"home": str(tmp_path / "h"), "territories": ["US"]}


def test_init_twice_is_a_mistake_and_changes_nothing(home: Path) -> None:
    before = pharos(home, "ask", "gross", "--json").json
    complained(pharos(home, "init", "--territory", "CN"), 2, "holds a home already")
    assert pharos(home, "ask", "gross", "--json").json == before


def test_init_names_the_territories_that_there_are(tmp_path: Path) -> None:
    complained(pharos(tmp_path / "h", "init", "--territory", "XX"), 2, "XX", "CN", "US")
    assert not (tmp_path / "h" / "journal.db").exists()


def test_a_territory_of_ones_own_is_a_file(tmp_path: Path) -> None:
    text = packaged_territory("US").replace('code = "US"', 'code = "XX"')
    text = text.replace('currency = "USD"', 'currency = "NZD"')
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    home = tmp_path / "h"
    said = pharos(home, "init", "--territory", str(path), "--territory", "us", "--json")
    assert (said.code, said.json["territories"]) == (0, ["XX", "US"])
    # The home keeps it: the file may go.
    path.unlink()
    assert pharos(home, "submit", written(tmp_path / "one.jsonl", TOTALS)).code == 0
    (row,) = pharos(home, "ask", "gross", "--by", "territory", "--json").json["rows"]
    assert (row["territory_id"], row["currency"]) == ("XX", "NZD")
    complained(pharos(tmp_path / "i", "init", "--territory", str(path)), 2, "ours.toml")
    path.write_text("code = 1", encoding="utf-8")
    complained(pharos(tmp_path / "i", "init", "--territory", str(path)), 2, "territory file")


def test_a_folder_without_a_home_says_how_to_make_one(tmp_path: Path) -> None:
    for words in (("ask", "gross"), ("trace", "gross"), ("rebuild",), ("close", "2024-03-08")):
        complained(pharos(tmp_path, *words), 2, "holds no home", "init")


def test_expected_cinemas_come_from_a_list(tmp_path: Path) -> None:
    cinemas = tmp_path / "cinemas.csv"
    cinemas.write_text("id,name,city\nA1,Avon One,Avon\nA2,Avon Two,Avon\n")
    home = tmp_path / "h"
    assert pharos(home, "init", "--territory", "US", "--cinemas", str(cinemas)).code == 0
    pharos(home, "submit", written(tmp_path / "one.jsonl", TOTALS))
    whole = pharos(home, "ask", "gross", "--period", "2024-03-08", "--json").json["completeness"]
    assert (whole["cinemas_reported"], whole["cinemas_expected"]) == (1, 2)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("id,citty\nA1,Avon\n")
    said = pharos(tmp_path / "other", "init", "--territory", "US", "--cinemas", str(wrong))
    complained(said, 2, "citty", "did you mean city?")


# submit


@pytest.fixture(scope="module")
def unmoved(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home for reports that must not change what it answers."""
    home = Path(copytree(told, tmp_path_factory.mktemp("unmoved") / "home"))
    before = pharos(home, "ask", "gross", "admissions", "--json").json["rows"]
    yield home
    assert pharos(home, "ask", "gross", "admissions", "--json").json["rows"] == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.jsonl", b""),
        ("blank.jsonl", b"\n\n  \n"),
        ("nuls.jsonl", b"\0" * 4096),
        ("garbage.jsonl", bytes(range(256)) * 16),
        ("half.jsonl", b'{"pharos": 1}\n{"kind": "screening_tot'),
        ("text.txt", b"the takings were good\n"),
        ("other.json", b'{"takings": 1}\n'),
        ("future.jsonl", b'{"pharos": 99}\n{"kind": "schedule"}\n'),
        ("deep.jsonl", b'{"pharos": 1}\n' + b"[" * 100_000),
        ("undeclared.jsonl", native(TOTALS | {"customer": "somebody"})),
        ("float.jsonl", native(TOTALS | {"gross": 81.0})),
    ],
)
def test_what_is_no_report_is_refused_with_a_reason(
    unmoved: Path, name: str, content: bytes
) -> None:
    path = unmoved.parent / name
    path.write_bytes(content)
    for words in (("--dry-run",), ()):
        said = pharos(unmoved, "submit", str(path), "--json", *words)
        assert said.code == 3, (said.out, said.err)
        assert verdict(said) in ("refused", "held")
        assert said.json["findings"]
        assert all(found["sentence"] for found in said.json["findings"])


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"\0" * 4096, bytes(range(256)) * 16, b"a,b\n1,2\n"])
@pytest.mark.parametrize("name", ["table.csv", "table.xlsx"])
def test_what_is_no_table_is_refused_with_a_reason(home: Path, name: str, content: bytes) -> None:
    path = home.parent / name
    path.write_bytes(content)
    said = pharos(home, "submit", str(path), "--map", "agile-showings")
    complained(said, 3, name)


def test_files_that_are_not_there_or_no_files_are_named(home: Path) -> None:
    complained(pharos(home, "submit", "nowhere.csv"), 2, "nowhere.csv")
    complained(pharos(home, "submit", str(home)), 2, str(home))
    missing = pharos(home, "submit", str(home / "head"), "--map", "nowhere.toml")
    complained(missing, 2, "nowhere.toml")


def test_an_unknown_mapping_names_the_nearest(home: Path) -> None:
    said = pharos(home, "submit", str(home / "head"), "--map", "agile-showing")
    complained(said, 2, "agile-showing", "did you mean agile-showings?")


def test_a_toml_file_that_decides_nothing_is_named(home: Path) -> None:
    path = home.parent / "wrong.toml"
    path.write_bytes('name = "é"'.encode("latin-1"))
    complained(pharos(home, "submit", str(path)), 2, "wrong.toml", "save it as UTF-8")
    for text in ("colour = 'red'\n", "= nothing", "[books]\norder = ['tickets']\n[screenings]\n"):
        path.write_text(text)
        assert pharos(home, "submit", str(path)).code == 2


@pytest.mark.slow
def test_verdicts_and_receipts_of_a_report(home: Path) -> None:
    path = written(home.parent / "two.jsonl", TOTALS | {"screening": "s3"}, id="2", stream="till")
    shown = pharos(home, "submit", path, "--sender", "avon", "--dry-run", "--json").json
    assert (shown["dry_run"], shown["receipt"], shown["rows"]) == (True, None, 1)
    first = pharos(home, "submit", path, "--sender", "avon", "--json").json
    again = pharos(home, "submit", path, "--sender", "avon", "--json").json
    assert (first["verdict"], again["verdict"]) == ("accepted_with_findings", "exists")
    assert first["receipt"] == again["receipt"]
    receipt = first["receipt"]
    assert [receipt[n] for n in ("sender", "stream", "id")] == ["avon", "till", "2"]
    assert len(receipt["leaf"]) == len(receipt["digest"]) == 64
    assert datetime.fromisoformat(receipt["arrived_at"]).tzinfo
    other = written(home.parent / "two.jsonl", TOTALS, id="2", stream="till")
    for _ in range(2):
        refused = pharos(home, "submit", other, "--sender", "avon", "--json")
        assert (refused.code, verdict(refused)) == (3, "refused")
        assert refused.json["findings"][0]["rule"] == "conflict"
        assert refused.json["receipt"]["position"] == receipt["position"] + 1


# ask


def test_the_shape_of_an_answer(home: Path) -> None:
    words = ("--by", "work,business_date", "--order", "-gross", "--json")
    found = pharos(home, "ask", "gross", "admissions", *words).json
    names = ["work_id", "work", "business_date_id", "business_date", "currency"]
    columns = found["columns"]
    assert [column["name"] for column in columns] == [*names, "gross", "gross_minor", "admissions"]
    assert all(column["unit"] and column["definition"] for column in columns)
    assert {"columns", "rows", "edition", "as_of", "territory", "status", "completeness",
            "source"} <= found.keys()  # fmt: skip
    assert (found["edition"], found["territory"], found["source"]) == (2, "US", "postings")
    assert found["status"] in ("live", "estimate", "provisional", "final", "corrected")
    assert datetime.fromisoformat(found["as_of"]).tzinfo
    assert found["completeness"]["cinemas_reported"] == 1
    assert found["rows"][0] == {
        "work_id": "work:X", "work": "X", "work_provisional": True,
        "business_date_id": "2024-03-08", "business_date": "2024-03-08", "currency": "USD",
        "gross": "81.00", "gross_minor": 8100, "admissions": 9,
    }  # fmt: skip
    assert len(found["rows"]) == 2


def test_a_measure_that_has_no_number_is_null_with_a_reason(home: Path) -> None:
    (row,) = pharos(home, "ask", "net_of_fee_gross", "occupancy", "--json").json["rows"]
    assert row["net_of_fee_gross"] is row["net_of_fee_gross_minor"] is row["occupancy"] is None
    assert row["net_of_fee_gross_reason"]
    assert row["occupancy_reason"]


@pytest.mark.slow
def test_where_order_limit_period_and_basis(home: Path) -> None:
    def works(*words: str) -> list[str]:
        rows = pharos(home, "ask", "gross", "--by", "work", "--json", *words).json["rows"]
        return [row["work"] for row in rows]

    assert works("--order", "work") == ["X", "Y"]
    assert works("--order", "-work") == ["Y", "X"]
    assert works("--order", "-work", "--limit", "1") == ["Y"]
    assert works("--where", "work=Y") == ["Y"]
    assert works("--where", "work=X", "--where", "work=Y", "--order", "work") == ["X", "Y"]
    assert works("--period", "2024-03-08") == ["X"]
    assert works("--territory", "US", "--order", "work") == ["X", "Y"]


@pytest.mark.slow
def test_as_of_an_edition_and_a_moment(home: Path) -> None:
    before = pharos(home, "ask", "gross", "--json").json
    path = written(home.parent / "later.jsonl", TOTALS | {"screening": "s3"})
    pharos(home, "submit", path)
    for as_of in (str(before["edition"]), before["as_of"]):
        old = pharos(home, "ask", "gross", "--as-of", as_of, "--json").json
        assert (old["rows"], old["edition"]) == (before["rows"], before["edition"])
    now = pharos(home, "ask", "gross", "--json").json
    assert (now["edition"], now["rows"][0]["gross_minor"]) == (3, 24_300)
    complained(pharos(home, "ask", "gross", "--as-of", "99"), 2, "99", "3")
    for word in ("yesterday", "²"):
        complained(pharos(home, "ask", "gross", "--as-of", word), 2, word)


@pytest.mark.parametrize(
    ("words", "hints"),
    [
        (("gros",), ("did you mean gross",)),
        (("gross", "--by", "cinma"), ("did you mean cinema",)),
        (("gross", "--where", "wrok=X"), ("did you mean work?",)),
        (("gross", "--where", "work"), ("dimension=value",)),
        (("gross", "--where", "work=Z"), ("work 'Z'", "X")),
        (("gross", "--period", "last week"), ("last week",)),
        (("gross", "--period", "2024-02-30"), ("2024-02-30",)),
        (("gross", "--period", "window:thanksgivin/2022"), ("did you mean",)),
        (("gross", "--order", "admissions"), ("admissions",)),
        (("gross", "--territory", "CN"), ("CN",)),
        (("gross", "--basis", "net"), ("net",)),
    ],
    ids=" ".join,
)
def test_a_slip_exits_with_2_and_names_what_was_meant(
    home: Path, words: tuple[str, ...], hints: tuple[str, ...]
) -> None:
    complained(pharos(home, "ask", *words), 2, *hints)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("screenings", "--by", "ticket_type"), "screening"),
        (("gross", "--source", "rumours"), "rumours"),
        (("box_office_share",), "denominator"),
        (("cumulative_gross",), "work"),
    ],
    ids=str,
)
def test_a_refused_question_exits_with_3_and_says_why(
    home: Path, words: tuple[str, ...], reason: str
) -> None:
    said = pharos(home, "ask", *words)
    complained(said, 3, reason)
    told = pharos(home, "ask", *words, "--json")
    assert told.json["message"] in told.err
    assert told.json["error"] == "refused-combination"


def test_commands_that_are_none_exit_with_2(tmp_path: Path) -> None:
    for words in (
        (),
        ("gross",),
        ("ask",),
        ("submit",),
        ("init",),
        ("ask", "gross", "--limt", "3"),
    ):
        complained(pharos(tmp_path, *words), 2)


# trace, judgements, closing


def test_the_shape_of_a_trace(home: Path) -> None:
    found = pharos(home, "trace", "gross", "--where", "work=X", "--json").json
    assert found["measure"] == "gross"
    assert found["formula"]
    assert found["values"][0]["gross_minor"] == 8100
    (term,) = found["terms"]
    (report,) = term["reports"]
    (row,) = report["rows"]
    assert (term["value"], report["value"], row["value"]) == (8100, 8100, 8100)
    assert (report["position"], report["sender"], row["row"]) == (2, "local", 2)
    assert {"edition", "as_of", "status", "completeness", "source"} <= found.keys()
    complained(pharos(home, "trace", "gros"), 2, "did you mean gross")


@pytest.mark.slow
def test_join_and_unjoin(home: Path) -> None:
    def works() -> list[tuple[str, int]]:
        rows = pharos(home, "ask", "admissions", "--by", "work", "--json").json["rows"]
        return sorted((row["work_id"], row["admissions"]) for row in rows)

    apart = works()
    assert pharos(home, "join", "work:X", "work:Y", "--why", "one film").code == 0
    assert works() == [("work:X", 18)]
    complained(pharos(home, "join", "work:X", "work:Y", "--why", "again"), 2, "one already")
    assert pharos(home, "unjoin", "work:Y", "work:X", "--why", "two films").code == 0
    assert works() == apart
    complained(pharos(home, "join", "work:X", "work:Q", "--why", "?"), 2, "work:Q")
    complained(pharos(home, "join", "work:X", "cinema:A1", "--why", "?"), 2, "cannot be one")
    complained(pharos(home, "join", "work:X", "work:Y"), 2, "--why")


@pytest.mark.slow
def test_a_closed_day_is_final_and_a_changed_one_corrected(home: Path) -> None:
    def status() -> str:
        said = pharos(home, "ask", "gross", "--period", "2024-03-08", "--json")
        return str(said.json["status"])

    assert status() == "provisional"
    assert pharos(home, "close", "2024-03-08", "--why", "all is in").code == 0
    assert status() == "final"
    later = written(home.parent / "later.jsonl", TOTALS | {"screening": "s4"})
    assert pharos(home, "submit", later).code == 0
    assert status() == "corrected"
