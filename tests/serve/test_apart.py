"""Files that are bad, or made to do harm: each gets a clear answer in two seconds."""

import io
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest

from pharos.arrive.formats import read
from pharos.arrive.mapping import parse_mapping
from pharos.arrive.reading import Nowhere
from pharos.errors import MissingColumn, NoSuchFile, PharosError, UnreadableTable
from pharos.serve import apart
from pharos.serve.apart import extract_apart
from tests.acceptance.ugly import (
    bordereau,
    korean_blocks,
    merged_films,
    open_document,
    sheet_a_day,
)
from tests.arrive.test_fuzz_tables import damaged
from tests.serve.shelf import GOOD, SHELF, put
from tests.serve.terminal import complained, pharos

MAPPING = """
name = "days"
kind = "day_totals"
[constants]
cinema = "rex"
currency = "EUR"
[columns]
date = "Day"
work = "Film"
admissions = "Sold"
gross = "Total"
"""
#: Words by which a sentence says what to do.
ADVICE = (
    "save",
    "write ",
    "set ",
    "check",
    "copy",
    "correct",
    "export",
    "send",
    "open",
    "unpack",
    "ask",
)
PEAK, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def said(path: Path) -> str:
    """Why a file is refused, or which of its rows are held and why; empty if it is good."""
    try:
        body = extract_apart(path, MAPPING)
    except (UnreadableTable, MissingColumn) as refused:
        return str(refused)
    reading = read(body, Nowhere(), {parse_mapping(MAPPING).digest: MAPPING}.get)
    assert not len(reading.figures)
    return "; ".join(finding.sentence for finding in reading.findings)


@pytest.fixture
def lean() -> Iterator[None]:
    """Our own memory must not grow by more than 50 MB at any moment."""
    if not RESET.exists():
        yield
        return
    RESET.write_text("5", encoding="ascii")
    before = _peak()
    yield
    assert _peak() - before < 50 << 10


def _peak() -> int:
    """The most memory that this process held, in kilobytes."""
    lines = PEAK.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def _computed() -> float:
    """Seconds of computing of this process and its children, whatever else the machine does."""
    return sum(os.times()[:4])


@pytest.mark.slow
@pytest.mark.parametrize("name", SHELF)
def test_every_bad_file_gets_a_clear_answer_in_two_seconds(name: str, tmp_path: Path) -> None:
    path = put(name, tmp_path)
    before = _computed()
    sentence = said(path)
    assert _computed() - before < 2
    assert any(word in sentence for word in ADVICE), sentence
    assert "root:" not in sentence, "nothing of this machine is read into a table"


@pytest.mark.slow
def test_bad_files_take_no_memory_of_ours(tmp_path: Path, lean: None) -> None:
    for name in ("lies-about-its-size.xlsx", "rows-repeated.ods", "one-long-line.csv"):
        said(put_apart(name, tmp_path))


def put_apart(name: str, folder: Path) -> Path:
    """The same as ``put``, made by another process, so that ours does not grow by making it."""
    child = os.fork()
    if not child:
        put(name, folder)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    return folder / name


def test_a_gigabyte_is_refused_by_its_size(tmp_path: Path, lean: None) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(UnreadableTable, match=r"1024 MB.* in parts"):
        extract_apart(path, MAPPING)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("pipe.csv", "nowhere.csv", ".", "a\0b"):
        with pytest.raises(NoSuchFile):
            extract_apart(tmp_path / name, MAPPING)


def test_a_good_file_comes_back_as_its_message(tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text(GOOD)
    header, row = extract_apart(path, MAPPING).splitlines()
    assert b'"file":"good.csv"' in header
    assert row == b'[2,"2024-03-01","One","3","27.50"]'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "value", "says"),
    [
        ("MEMORY", 100 << 20, "needs more than 100 MB"),
        ("SECONDS", 0.01, "takes far longer"),
        ("PATIENCE", 0.01, "takes far longer"),
        ("LARGEST_RESULT", 100_000, "more rows than one message"),
    ],
)
def test_a_child_that_goes_over_a_limit_ends(
    limit: str, value: float, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, limit, value)
    if limit == "SECONDS":
        monkeypatch.setattr(apart, "SECONDS_PER_MB", 0)
    path = tmp_path / "rows.csv"
    path.write_text(GOOD + "2024-03-01,One,3,27.50\n" * 40_000)
    with pytest.raises(UnreadableTable, match=says):
        extract_apart(path, MAPPING)


def test_the_limits_hold_the_child_and_not_us(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)
    path = tmp_path / "good.csv"
    path.write_text(GOOD)
    extract_apart(path, MAPPING)
    now = resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)
    assert now == before


@pytest.mark.slow
def test_the_command_line_says_the_same(home: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "days.toml"
    mapping.write_text(MAPPING)
    for name in ("page.xls", "lies-about-its-size.xlsx"):
        refused = pharos(home, "submit", str(put(name, tmp_path)), "--map", str(mapping))
        complained(refused, 3, name)


def test_errors_of_the_child_are_failures_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text(GOOD)
    with pytest.raises(PharosError, match="no field 'grs'"):
        extract_apart(path, MAPPING.replace("gross =", "grs ="))


def damaged_workbook(chance: Random) -> tuple[str, bytes]:
    """A workbook with damage inside one of its parts, or an old one with damage anywhere."""
    good = chance.choice(WORKBOOKS)
    if not good.startswith(b"PK"):
        return "t.xls", damaged(good, chance)
    content = io.BytesIO()
    with ZipFile(io.BytesIO(good)) as old, ZipFile(content, "w") as made:
        hit = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            made.writestr(name, damaged(part, chance) if name == hit else part)
    return "t.xlsx", content.getvalue()


def fuzz(times: int, seed: int, folder: Path) -> None:
    chance = Random(seed)
    for _ in range(times):
        name, content = damaged_workbook(chance)
        path = folder / name
        path.write_bytes(content)
        try:
            body = extract_apart(path, MAPPING)
        except (UnreadableTable, MissingColumn) as refused:
            sentence = str(refused)
        else:
            reading = read(body, Nowhere(), {parse_mapping(MAPPING).digest: MAPPING}.get)
            sentence = "; ".join([finding.sentence for finding in reading.findings])
        assert not sentence or any(word in sentence for word in ADVICE), sentence


WORKBOOKS = tuple(
    make().content for make in (korean_blocks, sheet_a_day, bordereau, open_document, merged_films)
)


@pytest.mark.slow
def test_damaged_workbooks_are_refused_or_read(tmp_path: Path) -> None:
    fuzz(12, seed=1, folder=tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(8))
def test_many_damaged_workbooks_are_refused_or_read(seed: int, tmp_path: Path) -> None:
    fuzz(500, seed, tmp_path)
