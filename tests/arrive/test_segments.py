"""Sealed files: every record comes back, every change is noticed, a failed write leaves nothing."""

import os
from pathlib import Path
from random import Random

import pytest

from pharos.arrive.segments import SegmentFolder, blocks, read_block, segment_name, write_segment
from pharos.errors import JournalDamaged

NAME = segment_name(1, 40)
BODIES = [(number, f"body {number} ".encode() * 20_000) for number in range(1, 41)]
CONTENTS = [(number, f"decision {number}".encode()) for number in range(1, 5)]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "segments" / NAME
    write_segment(path, BODIES, CONTENTS)
    return path


def test_every_record_comes_back(sealed: Path) -> None:
    folder = SegmentFolder(sealed.parent)
    assert [(number, folder.record(NAME, "body", number)) for number, _ in BODIES] == BODIES
    assert folder.record(NAME, "body", 3) == BODIES[2][1]
    assert folder.record(NAME, "decision", 4) == b"decision 4"
    assert len(list(blocks(sealed))) > 4
    assert sealed.stat().st_size < sum(len(body) for _, body in BODIES) / 10


def test_empty_records_and_empty_lists(tmp_path: Path) -> None:
    path = tmp_path / "segments" / segment_name(5, 6)
    write_segment(path, [(5, b""), (6, b"")], [])
    folder = SegmentFolder(path.parent)
    assert folder.record(path.name, "body", 5) == b""
    with pytest.raises(JournalDamaged, match="no block with decision 1"):
        folder.record(path.name, "decision", 1)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalDamaged, match=r"000000000001-000000000040\.seg is missing"):
        SegmentFolder(tmp_path).record(NAME, "body", 1)


def test_a_record_outside_is_named(sealed: Path) -> None:
    with pytest.raises(JournalDamaged, match="no block with body 41"):
        SegmentFolder(sealed.parent).record(NAME, "body", 41)


@pytest.mark.slow
def test_changed_and_cut_files_never_give_another_record(sealed: Path, tmp_path: Path) -> None:
    whole = sealed.read_bytes()
    random = Random(7)
    copy = tmp_path / NAME
    for _ in range(300):
        at = random.randrange(len(whole))
        if random.random() < 0.3:
            copy.write_bytes(whole[:at])
        else:
            copy.write_bytes(
                whole[:at] + bytes([whole[at] ^ 1 << random.randrange(8)]) + whole[at + 1 :]
            )
        damaged = 0
        folder = SegmentFolder(tmp_path)
        for number, body in BODIES:
            try:
                assert folder.record(NAME, "body", number) == body
            except JournalDamaged:
                damaged += 1
        if damaged == 0:
            # It hit the decisions behind the bodies.
            with pytest.raises(JournalDamaged):
                folder.record(NAME, "decision", 1)


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "segments" / NAME
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_segment(path, BODIES[:2], [])
    assert list(path.parent.iterdir()) == []


def test_one_block_reads_alone(sealed: Path) -> None:
    second = list(blocks(sealed))[1]
    records = read_block(sealed, second)
    assert records == BODIES[second.first - 1 : second.last]
