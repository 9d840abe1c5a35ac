"""The command line as people use it: in this process for speed, or in one of its own.

In: words of a command. Out: exit code, what was printed, what was complained.
Must not know what any command should say.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pharos.serve.cli import main
from tests.fresh_homes import fresh_home


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401
        """What was printed, as a value."""
        return json.loads(self.out)


def pharos(home: Path | None, *words: str) -> Said:
    """Run a command in this process; None names no home."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([*(["--home", str(home)] if home else []), *words])
        except SystemExit as left:
            # argparse leaves by itself.
            code = left.code if isinstance(left.code, int) else 1
    return Said(code, out.getvalue(), err.getvalue())


def command(home: Path, *words: str) -> list[str]:
    """The words that start the command in a process of its own."""
    return [sys.executable, "-m", "pharos.serve.cli", "--home", str(home), *words]


def environment() -> dict[str, str]:
    """Our environment without a home of its own, and with our sources."""
    kept = {name: value for name, value in os.environ.items() if name != "PHAROS_HOME"}
    return kept | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}


def pharos_process(home: Path, *words: str) -> Said:
    """Run a command in a process of its own."""
    done = subprocess.run(
        command(home, *words), capture_output=True, check=False, env=environment(), timeout=120
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def made_home(folder: Path, *territories: str) -> Path:
    """A fresh home in a folder, of US unless said otherwise."""
    return fresh_home(folder / "home", territories or ("US",))


def native(*rows: dict[str, Any], **header: Any) -> bytes:  # noqa: ANN401
    """A body of the native format."""
    lines: Sequence[dict[str, Any]] = [{"pharos": 1, **header}, *rows]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def written(path: Path, *rows: dict[str, Any], **header: Any) -> str:  # noqa: ANN401
    """A file of the native format; returns its path as a word."""
    path.write_bytes(native(*rows, **header))
    return str(path)


SCREENING = {"cinema": "A1", "screening": "s1", "start": "2024-03-08T19:00:00-05:00", "work": "X"}
TOTALS = {"kind": "screening_totals", **SCREENING, "admissions": 9, "gross": "81.00"}
OTHER = TOTALS | {"screening": "s2", "work": "Y", "start": "2024-03-09T19:00:00-05:00"}


def complained(said: Said, code: int, *words: str) -> None:
    assert said.code == code, (said.code, said.err, said.out)
    assert said.err.startswith(("pharos: ", "usage: "))
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.err, said.err


def verdict(said: Said) -> str:
    found = said.json["verdict"]
    assert isinstance(found, str)
    return found
