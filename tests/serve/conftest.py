"""What tests of the doors begin with."""

from pathlib import Path
from shutil import copytree

import pytest

from tests.serve.terminal import OTHER, TOTALS, made_home, pharos, written


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two screenings, of X and of Y, nine admissions each; tests take a copy."""
    folder = tmp_path_factory.mktemp("told")
    made = made_home(folder)
    assert pharos(made, "submit", written(folder / "one.jsonl", TOTALS, OTHER)).code == 0
    return made


@pytest.fixture
def home(told: Path, tmp_path: Path) -> Path:
    """The same, of the test's own."""
    return Path(copytree(told, tmp_path / "home"))
