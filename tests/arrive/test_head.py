"""Lines of the head file: one changed byte is seen, a torn end is told from a changed one."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pharos.arrive.head import HeadFile, HeadLine, HeadTail, parse_line, read_tail, scan

LINE = HeadLine(3, 17, bytes(range(32)), 4, b"\x04" * 32, 1, b"\x05" * 32)


def write(path: Path, *lines: HeadLine) -> Path:
    file = HeadFile(path)
    for line in lines:
        file.append(line.text())
    file.close()
    file.close()
    return path


def test_the_text_as_documented() -> None:
    stated = f"v1 3 17 {bytes(range(32)).hex()} 4 {'04' * 32} 1 {'05' * 32} "
    text = LINE.text().decode()
    assert text.startswith(stated)
    assert text.endswith("\n")
    assert len(text) == len(stated) + 16 + 1


def test_there_and_back() -> None:
    assert parse_line(LINE.text()[:-1]) == LINE


def test_every_changed_bit_is_seen() -> None:
    text = LINE.text()[:-1]
    for at in range(len(text)):
        for bit in range(8):
            changed = text[:at] + bytes([text[at] ^ 1 << bit]) + text[at + 1 :]
            assert parse_line(changed) is None


@pytest.mark.parametrize("raw", [b"", b"v1", b"v1 " * 8 + b"x", b"\xff" * 9, b" " * 8])
def test_what_is_no_line(raw: bytes) -> None:
    assert parse_line(raw) is None


def test_a_huge_number_is_no_line() -> None:
    assert parse_line(LINE.text()[:-1].replace(b" 17 ", b" " + b"9" * 5000 + b" ")) is None


def test_the_tail_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "head"
    assert read_tail(path) == HeadTail(None, broken=False, torn=b"")
    lines = [replace(LINE, number=number) for number in range(1, 60)]
    write(path, *lines)
    assert read_tail(path) == HeadTail(lines[-1], broken=False, torn=b"")
    whole = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"v1 60")
    assert read_tail(path) == HeadTail(lines[-1], broken=False, torn=b"v1 60")
    os.truncate(path, whole - 1)
    assert read_tail(path) == HeadTail(lines[-2], broken=False, torn=lines[-1].text()[:-1])
    with path.open("ab") as file:
        file.write(b"x\n")
    assert read_tail(path).broken
    with path.open("ab") as file:
        file.write(b"x" * 9000)
    assert read_tail(path).broken


def test_a_scan_finds_every_line(tmp_path: Path) -> None:
    lines = [replace(LINE, number=number) for number in (1, 2, 3)]
    path = write(tmp_path / "head", *lines)
    with path.open("ab") as file:
        file.write(b"broken\nv1 4")
    found = list(scan(path))
    assert [one.line for one in found] == [*lines, None, None]
    assert [one.complete for one in found] == [True] * 4 + [False]
    assert found[1].offset == len(lines[0].text())
    assert found[-1].raw == b"v1 4"


def test_a_short_write_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = HeadFile(tmp_path / "head")
    monkeypatch.setattr(os, "write", lambda _handle, text: len(text) - 1)
    with pytest.raises(OSError, match="part"):
        file.append(LINE.text())
    monkeypatch.undo()
    file.close()
