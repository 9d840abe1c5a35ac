"""The watched folder: what is dropped is kept once, with a receipt; the rest says why not."""

import json
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from pharos.errors import BodyTooLarge
from pharos.serve import dropped as files
from pharos.serve.dropped import content_of, dropped, kept_name, put_aside
from tests.serve.served import Served, serving
from tests.serve.terminal import OTHER, TOTALS, native, pharos

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
#: What is planted in servers so that nobody waits for an inbox for seconds.
HASTY = "tests.serve.hasty_inbox"
TABLE = "Day,Film,Sold,Takings,Clerk\n2024-03-08,X,12,120.00,Secret\n"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    (made / "vendor" / "till").mkdir(parents=True)
    return made


def watched(home: Path, inbox: Path, *options: str) -> AbstractContextManager[Served]:
    """A served home with a hasty inbox."""
    return serving(home, "--inbox", str(inbox), *options, plant=HASTY)


def wait_for(found: Callable[[], Any]) -> Any:  # noqa: ANN401
    """What is there at last."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if (value := found()) is not None:
            return value
        time.sleep(0.05)
    pytest.fail("it did not come")


def receipt(folder: Path, name: str) -> Any:  # noqa: ANN401
    """A receipt with its verdict."""

    def told() -> Any:  # noqa: ANN401
        note = folder / "taken" / f"{name}.receipt.json"
        said = json.loads(note.read_bytes()) if note.exists() else {"verdict": None}
        return said if said["verdict"] else None

    return wait_for(told)


def reason(folder: Path, name: str) -> str:
    """Why a file was refused, once it lies there."""
    note = folder / "refused" / f"{name}.reason.txt"
    text = wait_for(lambda: note.read_text() if (folder / "refused" / name).exists() else None)
    assert isinstance(text, str)
    return text


@pytest.mark.slow
def test_files_are_taken_with_receipts_and_verdicts(home: Path, inbox: Path) -> None:
    vendor = inbox / "vendor"
    (vendor / "mapping.toml").write_text(MAPPING)
    with watched(home, inbox) as server:
        (vendor / "week 影院.csv").write_text(TABLE)
        (vendor / "till" / "1.jsonl").write_bytes(native(OTHER | {"screening": "s8", "gross": "x"}))
        (vendor / "half.csv.part").write_text(TABLE)
        (vendor / ".hidden.csv").write_text(TABLE)
        (vendor / "link.csv").symlink_to(vendor / "mapping.toml")
        told = receipt(vendor, "week 影院.csv")
        assert (told["verdict"], told["rows"]) == ("accepted_with_findings", 1)
        assert told["receipt"]["sender"] == "vendor"
        assert (vendor / "taken" / "week 影院.csv").read_text() == TABLE
        told = receipt(vendor / "till", "1.jsonl")
        assert (told["verdict"], told["held"]) == ("held", 1)
        assert told["receipt"]["stream"] == "till"
        assert told["findings"][0]["row"] == 2
        kept = {"half.csv.part", ".hidden.csv", "link.csv", "mapping.toml", "till", "taken"}
        assert {one.name for one in vendor.iterdir()} == kept
        # The same again is known; another of the same name lies beside it.
        position = json.loads((vendor / "taken/week 影院.csv.receipt.json").read_bytes())
        (vendor / "week 影院.csv").write_text(TABLE)
        wait_for(lambda: None if (vendor / "week 影院.csv").exists() else True)
        (vendor / "week 影院.csv").write_text(TABLE.replace("12,120.00", "13,130.00"))
        again = wait_for(lambda: next(vendor.glob("taken/week*.[0-9]*.csv"), None))
        assert again.name == f"week 影院.{position['receipt']['position'] + 2}.csv"
        receipt(vendor, again.name)
        rows = pharos(
            None, "--url", server.url, "ask", "gross", "--where", "cinema=bijou", "--json"
        )
        assert rows.json["rows"][0]["gross"] == "130.00"


@pytest.mark.slow
def test_what_cannot_be_taken_says_why(home: Path, inbox: Path) -> None:
    vendor = inbox / "vendor"
    with watched(home, inbox) as server:
        (vendor / "table.csv").write_text(TABLE)
        (vendor / "other.json").write_text('{"some": "thing"}')
        (inbox / "home").mkdir()
        (inbox / "home" / "mine.jsonl").write_bytes(native(TOTALS))
        assert "no mapping.toml" in reason(vendor, "table.csv")
        assert "[not-kept]" in reason(vendor, "other.json")
        assert "the home itself" in reason(inbox / "home", "mine.jsonl")
        (vendor / "mapping.toml").write_text(MAPPING)
        (vendor / "table.csv").write_text("Day,Film,Sold\n2024-03-08,X,12\n")
        assert "Takings" in reason(vendor, "table.2.csv")
        (vendor / "named.jsonl").write_bytes(native(TOTALS, id="7"))
        receipt(vendor, "named.jsonl")
        (vendor / "named2.jsonl").write_bytes(native(OTHER, id="7"))
        assert "another report had arrived as '7'" in reason(vendor, "named2.jsonl")
        assert pharos(None, "--url", server.url, "ask", "gross").code == 0


@pytest.mark.slow
def test_a_kill_counts_nothing_twice(home: Path, inbox: Path) -> None:
    vendor = inbox / "vendor"
    server = Served(home, "--inbox", str(inbox))
    server.start(HASTY)
    for number in range(20):
        body = native(OTHER | {"screening": f"n{number}"})
        (vendor / f"{number}.jsonl").write_bytes(body)
    for _ in range(3):
        wait_for(lambda: next(vendor.glob("taken/*.jsonl"), None))
        server.kill()
        server.start(HASTY)
    # As if it had died between the receipt and the move.
    receipt(vendor, "3.jsonl")
    (vendor / "taken" / "3.jsonl").rename(vendor / "3.jsonl")
    for number in range(20):
        receipt(vendor, f"{number}.jsonl")
    wait_for(lambda: True if (vendor / "taken" / "3.jsonl").exists() else None)
    assert server.stop() == 0
    rows = pharos(home, "reports", "--sender", "vendor", "--json").json["rows"]
    assert len({row["digest"] for row in rows}) == len(rows) == 20


@pytest.mark.slow
def test_a_receipt_gets_its_verdict_after_a_restart(home: Path, inbox: Path) -> None:
    vendor = inbox / "vendor"
    # The pauses of people's own inboxes.
    with serving(home, "--inbox", str(inbox)):
        (vendor / "1.jsonl").write_bytes(native(OTHER))
        told = receipt(vendor, "1.jsonl")
    note = vendor / "taken" / "1.jsonl.receipt.json"
    note.write_text(json.dumps({name: told[name] for name in ("file", "receipt", "exists")}
                               | {"verdict": None}))  # fmt: skip
    (vendor / "taken" / "strange.receipt.json").write_text("[]")
    with watched(home, inbox):
        again = receipt(vendor, "1.jsonl")
    for one in (told, again):
        one["findings"].sort(key=lambda finding: finding["rule"])
    assert again == told


def test_an_inbox_must_be_there(home: Path, tmp_path: Path) -> None:
    said = pharos(home, "serve", "--inbox", str(tmp_path / "nowhere"))
    assert said.code == 2
    assert "one folder for each sender" in said.err


# files


def test_only_plain_files_of_senders_and_streams_are_seen(inbox: Path) -> None:
    for name in ("vendor/a.csv", "vendor/till/b.csv", "loose.csv", "vendor/taken/c.csv",
                 "vendor/till/deep/d.csv", "vendor/e.TMP", "vendor/~$f.xlsx"):  # fmt: skip
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    os.mkfifo(inbox / "vendor" / "pipe")
    (inbox / "linked").symlink_to(inbox / "vendor")
    assert [(one.path.name, one.stream) for one in dropped(inbox)] == [
        ("a.csv", ""), ("b.csv", "till")]  # fmt: skip


def test_what_changes_while_it_is_read_is_left(inbox: Path) -> None:
    path = inbox / "vendor" / "a.csv"
    path.write_text("one")
    (seen,) = dropped(inbox)
    path.write_text("three")
    with pytest.raises(BlockingIOError):
        content_of(seen)
    with pytest.raises(BlockingIOError):
        put_aside(seen, "taken/a.csv", ".receipt.json", b"{}")
    assert path.read_text() == "three"
    path.unlink()
    path.symlink_to("/etc/hostname")
    with pytest.raises(OSError, match=r"a\.csv"):
        content_of(seen)


def test_a_folder_that_is_a_link_is_no_place_for_receipts(inbox: Path, tmp_path: Path) -> None:
    (inbox / "vendor" / "a.csv").write_text("one")
    (tmp_path / "elsewhere").mkdir()
    (inbox / "vendor" / "taken").symlink_to(tmp_path / "elsewhere")
    (seen,) = dropped(inbox)
    with pytest.raises(NotADirectoryError):
        put_aside(seen, "taken/a.csv", ".receipt.json", b"{}")
    assert not list((tmp_path / "elsewhere").iterdir())
    (inbox / "vendor" / "mapping.toml").symlink_to("/etc/hostname")
    assert seen.mapping is None


def test_too_large_a_file_is_not_read(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 2)
    (inbox / "vendor" / "a.csv").write_text("three")
    (seen,) = dropped(inbox)
    with pytest.raises(BodyTooLarge, match="in parts"):
        content_of(seen)


@pytest.mark.parametrize(
    "name", ["a.csv", "影" * 80 + ".xlsx", "x" * 250, "." + "y" * 240, "\udcff" * 230 + ".csv"]
)
def test_names_leave_room_for_what_lies_beside(name: str) -> None:
    kept = kept_name(name, ".12")
    assert len(os.fsencode(kept)) <= 200 + len(".12")
    assert ".12" in kept


@pytest.mark.slow
def test_a_full_disk_leaves_files_where_they_are(home: Path, inbox: Path) -> None:
    vendor = inbox / "vendor"
    (vendor / "1.jsonl").write_bytes(native(OTHER))
    with watched(home, inbox, "--spare", str(1 << 40)) as server:
        (complaint,) = wait_for(lambda: server.complaints() or None)
        assert "1.jsonl stays where it is for now: the disk of" in complaint
        assert [one.name for one in vendor.iterdir() if one.is_file()] == ["1.jsonl"]
    with watched(home, inbox):
        assert receipt(vendor, "1.jsonl")["exists"] is False


@pytest.mark.slow
def test_what_lies_where_receipts_lie_stops_nobody(home: Path, inbox: Path) -> None:
    taken = inbox / "bad" / "taken"
    taken.mkdir(parents=True)
    (taken / "x.receipt.json").write_text('{"verdict": null}')
    (taken / "deep.receipt.json").write_text("[" * 100_000)
    os.mkfifo(taken / "pipe.receipt.json")
    (inbox / "vendor" / "till" / "1.jsonl").write_bytes(native(TOTALS))
    with watched(home, inbox):
        assert receipt(inbox / "vendor" / "till", "1.jsonl")["verdict"] is not None


@pytest.mark.slow
def test_a_file_that_no_reader_foresaw_is_put_aside(home: Path, inbox: Path) -> None:
    for name, body in {
        "deep": b'{"pharos": ' + b"[" * 100_000,
        "id": b'{"pharos":1,"id":"\xff"}',
    }.items():
        (inbox / "vendor" / f"{name}.jsonl").write_bytes(body)
    with watched(home, inbox):
        assert "was not taken" in reason(inbox / "vendor", "deep.jsonl")
        assert "was not taken" in reason(inbox / "vendor", "id.jsonl")
