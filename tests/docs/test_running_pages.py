"""Every command that a page shows is run, and gives what the page shows.

In: README.md and docs/*.md. Out: the pages whose output is no longer true. Must not know any page.
"""

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, agrees, blocks, commands, run_page, runnable, scrubbed

PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
#: What a block that is not run may hold: targets of make, and entering the environment.
SET_UP = re.compile(r"make (?P<target>[a-z]+)|\. \.venv/bin/activate|git clone \S+|cd \S+")


@pytest.mark.slow
@pytest.mark.parametrize("page", runnable(), ids=lambda page: page.name)
def test_a_page_shows_what_its_commands_give(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert run_page(text, tmp_path) == text, "if that is right: python tools/run_pages.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_not_run_only_sets_up(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for language, body in blocks(page.read_text(encoding="utf-8")):
        if language in {"sh", "bash", "shell"}:
            for line in body.splitlines():
                match = SET_UP.fullmatch(line.partition("#")[0].strip())
                assert match, f"{line!r} is not run: write it in a console block"
                assert match["target"] is None or match["target"] in targets


def test_commands_and_their_output_are_told_apart() -> None:
    body = "$ pharos ask gross \\\n    --by work\nwork  gross\nX     1.00\n$ ls\n"
    assert commands(body) == [
        ("pharos ask gross \\\n    --by work", "work  gross\nX     1.00\n"),
        ("ls", ""),
    ]
    assert commands("$ pharos doctor\n$ pharos ask gross\n", whole=True) == [
        ("pharos doctor", "$ pharos ask gross\n")
    ]


def test_dots_stand_for_any_text_and_any_lines() -> None:
    assert agrees("a ... c\n", "a b c\n")
    assert agrees("a\n...\nz\n", "a\nb\nc\nz\n")
    assert agrees("a\n...\nz\n", "a\nz\n")
    assert not agrees("a ... c\n", "a b d\n")
    assert not agrees("a\nz\n", "a\nb\nz\n")
    assert not agrees("", "something\n")


def test_an_output_that_differs_replaces_the_page(tmp_path: Path) -> None:
    text = "Save it:\n\n```csv a.csv\n1,2\n```\n\n```console\n$ cat a.csv\n1,3\n```\n"
    assert run_page(text, tmp_path) == text.replace("1,3", "1,2")


def test_python_is_run_and_what_it_prints_is_compared(tmp_path: Path) -> None:
    text = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n\n```text\nfree\n```\n"
    assert run_page(text, tmp_path) == text.replace("3", "2")


def test_what_differs_from_run_to_run_is_dotted() -> None:
    line = f"leaf {'a1' * 32}, arrived 2024-03-12T09:00:00.123456+00:00"
    assert scrubbed(line) == "leaf ..., arrived ..."
    assert scrubbed("as of 2024-03-12T09:00:00+00:00") == "as of 2024-03-12T09:00:00+00:00"
