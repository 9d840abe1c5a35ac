"""What tests of the doors begin with."""

from pathlib import Path

import pytest

from tests.serve.terminal import OTHER, TOTALS, made_home, pharos, written


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two screenings, of X and of Y, nine admissions each."""
    made = made_home(tmp_path)
    assert pharos(made, "submit", written(tmp_path / "one.jsonl", TOTALS, OTHER)).code == 0
    return made
