"""The week, opened in this process or served, and a browser where there is one."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Browser, sync_playwright

from pharos.serve.home import utc_now
from tests.serve.asking_home import Asking, asking
from tests.serve.pages.published_home import published_home
from tests.serve.pages.week import made_week, today
from tests.serve.served import Served, serving


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The week; nobody may write to it."""
    return made_week(tmp_path_factory.mktemp("week") / "home", today())


@pytest.fixture
def own_week(week: Path, tmp_path: Path) -> Path:
    """The same, of the test's own."""
    return Path(copytree(week, tmp_path / "home"))


@pytest.fixture(scope="module")
def home(week: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """The week, opened, and its pages."""
    own = Path(copytree(week, tmp_path_factory.mktemp("opened") / "home"))
    with asking(own, utc_now()) as opened:
        yield opened


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Published figures of two works over some days and of three years of a window; only read."""
    with published_home(tmp_path_factory.mktemp("published") / "home") as opened:
        yield opened


@pytest.fixture(scope="session")
def unpublished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """A home to which nobody has sent anything; only read."""
    with published_home(tmp_path_factory.mktemp("unpublished") / "home", ()) as opened:
        yield opened


@pytest.fixture(scope="module")
def served(week: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The week, served; nobody writes to it."""
    own = copytree(week, tmp_path_factory.mktemp("served") / "home")
    with serving(Path(own)) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("there is no chromium; install it with: make browser")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()
