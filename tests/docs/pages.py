"""Pages that can be run: what a reader would type is typed, and what is shown must come out.

In: the text of a page. Out: the page with the output that its commands give today. Must not know
what any page says.

In a fenced block ``console`` each line after ``$ `` is a command; what follows is its output
(``console whole``: everything after the first command is its output). A block with a file name
behind its language (``csv week.csv``) is a file that the reader saves. An ``http`` block is a
request to the home and its answer. ``$ pharos serve`` runs until the page ends. A ``python`` block
is run; a ``text`` block right behind it is what it prints. In what is shown, ``...`` inside a line
stands for any text, and ``...`` alone on a line for any number of lines.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from pharos.serve.cli import main
from tests.docs.http_blocks import answered
from tests.docs.page_server import PageServer

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELL_SIGNS = re.compile(r"[|;&<>$`*]")
#: What differs from one run to the next.
_VOLATILE = (
    (re.compile(r"(leaf )[0-9a-f]{64}"), r"\1..."),
    (re.compile(r"(sha256 )[0-9a-f]{16}"), r"\1..."),
    (re.compile(r'("(?:digest|leaf|original|mapping)": ")[0-9a-f]{64}'), r"\1..."),
    (re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00"), "..."),
)
_PYTHON_OUTPUT = "text"


@dataclass
class Run:
    """One page on its way: the folder in which it is run, and what its Python blocks know."""

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)
    printed: str | None = None

    def __post_init__(self) -> None:
        """No server runs yet."""
        self.server = PageServer(self.folder)

    def block(self, language: str, body: str) -> str:
        """Run one block; what it should say."""
        words = language.split()
        printed, self.printed = self.printed, None
        if words[:1] == ["console"]:
            return "".join(self._commands(body, whole=words[1:] == ["whole"]))
        if words[:1] == [_PYTHON_OUTPUT] and printed is not None:
            return kept_or_new(body, printed)
        if words[:1] == ["http"]:
            return kept_or_new(body, scrubbed(answered(body, self.folder / "pharos-home")))
        if words[:1] == ["python"]:
            self.printed = self._python(body)
        elif len(words) == 2:
            (self.folder / words[1]).write_text(body, encoding="utf-8")
        return body

    def _commands(self, body: str, *, whole: bool) -> Iterator[str]:
        found = commands(body, whole=whole)
        for nth, (command, shown) in enumerate(found, 1):
            typed = self.server.as_typed(command.replace("\\\n", " "))
            output = kept_or_new(shown, self.server.as_read(self._command(typed)))
            apart = nth < len(found) and output.count("\n") > 1 and not output.endswith("\n\n")
            yield f"$ {command}\n{output}" + ("\n" if apart else "")

    def _command(self, command: str) -> str:
        words = shlex.split(command, comments=True)
        if words[:2] == ["pharos", "serve"]:
            return self.server.start(words[1:])
        if words[:1] == ["pharos"] and not _SHELL_SIGNS.search(command):
            return _inside(words[1:])
        return _outside(command)

    def _python(self, body: str) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(self.server.as_typed(body), "page", "exec"), self.names)
        return scrubbed(self.server.as_read(out.getvalue()))


def commands(body: str, *, whole: bool = False) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output shown below it.

    ``whole``: there is one, and its output shows others.
    """
    found = []
    for part in re.split(r"^\$ ", body, maxsplit=1 if whole else 0, flags=re.MULTILINE)[1:]:
        lines = part.splitlines(keepends=True)
        last = next(n for n, line in enumerate(lines) if not line.endswith("\\\n"))
        found.append(("".join(lines[: last + 1]).rstrip("\n"), "".join(lines[last + 1 :])))
    return found


def blocks(text: str) -> list[tuple[str, str]]:
    """The fenced blocks of a page: what stands behind the fence, and the body."""
    return [(match[1], match[2]) for match in _FENCE.finditer(text)]


def run_page(text: str, folder: Path) -> str:
    """The page as it should read; its blocks are run in ``folder``, in their order."""
    run = Run(folder)
    with contextlib.chdir(folder), mock.patch.dict(os.environ, COLUMNS="80"):
        os.environ.pop("PHAROS_HOME", None)
        try:
            return _FENCE.sub(lambda m: f"```{m[1]}\n{run.block(m[1], m[2])}```", text)
        finally:
            run.server.end()


def runnable() -> list[Path]:
    """README.md and every page of docs/ and docs/formats/, without the generated examples."""
    found = [ROOT / "README.md"]
    found += [*sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("docs/formats/*.md"))]
    return [page for page in found if "```console" in page.read_text(encoding="utf-8")]


def kept_or_new(shown: str, output: str) -> str:
    """What a page shows if the output is as it says, else the output."""
    return shown if agrees(shown, output) else output


def agrees(shown: str, output: str) -> bool:
    """Whether an output is what a page shows, ``...`` standing for anything."""
    pattern = "".join(_pattern(line) for line in shown.rstrip("\n").split("\n"))
    return re.fullmatch(pattern, output.rstrip("\n") + "\n") is not None


def _pattern(line: str) -> str:
    if line.strip() == "...":
        return r"(?:.*\n)*?"
    return ".*".join(map(re.escape, line.split("..."))) + r"\n"


def scrubbed(output: str) -> str:
    """An output without what differs from one run to the next."""
    for volatile, instead in _VOLATILE:
        output = volatile.sub(instead, output)
    return output


def _inside(words: list[str]) -> str:
    """The output of ``pharos``, run in this process."""
    out = io.StringIO()
    # The parser of the command line exits once it has said what is wrong.
    parsed = contextlib.suppress(SystemExit)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out), parsed:
        main(words)
    return scrubbed(out.getvalue())


def _outside(command: str) -> str:
    """The output of any other command, with a ``pharos`` that is this one."""
    python = shlex.quote(sys.executable)
    source = shlex.quote(str(ROOT / "src"))
    known = f'pharos() {{ PYTHONPATH={source} {python} -m pharos.serve.cli "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n{known}{command}"], capture_output=True, text=True, check=False
    )
    return scrubbed(done.stdout)
