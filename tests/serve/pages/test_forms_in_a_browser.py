"""Forms in a real browser, with scripts and without: files, corrections, what is too large."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.serve.pages.week import today
from tests.serve.pages.window import WIDER, opened
from tests.serve.served import Served, serving
from tests.serve.terminal import native

pytestmark = pytest.mark.slow


@pytest.fixture
def server(own_week: Path) -> Iterator[Served]:
    with serving(own_week) as served:
        yield served


def weekly(folder: Path, gross: str = "120.00") -> Path:
    """A file with a row that counts and one that is held."""
    row = {"kind": "day_totals", "cinema": "quiet", "date": str(today()), "work": "ferry"}
    path = folder / "周报 & <b>.jsonl"
    path.write_bytes(native(row | {"gross": gross, "admissions": 4}, row | {"gross": "x"}))
    return path


def readable(page: Page) -> None:
    """Nobody is kept out, and nothing is wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(WIDER) == 0


def look(page: Page, server: Served, code: str, path: Path) -> None:
    page.goto(f"{server.url}/{code}/upload")
    page.set_input_files("[name=file]", str(path))
    page.fill("[name=sender]", "quiet")
    with page.expect_navigation():
        page.click("button.main")


def test_a_file_is_sent_without_scripts(browser: Browser, server: Served, tmp_path: Path) -> None:
    with opened(browser, scripts=False) as page:
        page.goto(f"{server.url}/en/reports")
        page.click("text=Send a file")
        look(page, server, "en", weekly(tmp_path))
        assert "周报 & <b>.jsonl" in page.inner_text("h1")
        assert "gross: 'x' is not an amount" in page.inner_text("main")
        key = page.input_value("[name=key]")
        with page.expect_navigation():
            page.click(".confirm button")
        assert page.inner_text("h1") == "Received"
        leaf = page.inner_text("[data-receipt=leaf]")
        # Back, and pressed again.
        page.go_back()
        assert page.input_value("[name=key]") == key
        with page.expect_navigation():
            page.click(".confirm button")
        assert page.inner_text("h1").startswith("Received before")
        assert page.inner_text("[data-receipt=leaf]") == leaf
        page.click("text=This report among the others")
        assert page.locator("tbody tr").count() == 1


def test_a_double_click_is_one_report(browser: Browser, server: Served, tmp_path: Path) -> None:
    before = len(server.get("reports", limit=1000)["rows"])
    with opened(browser) as page:
        look(page, server, "en", weekly(tmp_path))
        page.dblclick(".confirm button")
        page.wait_for_selector("[data-receipt=leaf]")
    assert len(server.get("reports", limit=1000)["rows"]) == before + 1


@pytest.mark.parametrize(("code", "width", "dark"), [("en", 1440, True), ("zh", 390, False)])
def test_everybody_can_read_every_form(
    browser: Browser, server: Served, tmp_path: Path, code: str, width: int, dark: bool
) -> None:
    thing = f"cinema=quiet&date={today()}&work=ferry"
    with opened(browser, width=width, dark=dark) as page:
        page.goto(f"{server.url}/{code}/upload")
        readable(page)
        look(page, server, code, weekly(tmp_path))
        readable(page)
        with page.expect_navigation():
            page.click(".confirm button")
        readable(page)
        page.goto(f"{server.url}/{code}/correct?{thing}")
        readable(page)
        page.fill("[name=gross]", "110.00")
        page.fill("[name=by]", "auditor")
        page.fill("[name=why]", "typed twice")
        with page.expect_navigation():
            page.click("button.main")
        readable(page)
        with page.expect_navigation():
            page.click(".confirm button")
        assert page.locator("[data-receipt=stream]").inner_text() == "corrections"
        for show in ("cinemas", "reports", "findings", "held"):
            page.goto(f"{server.url}/{code}/reports?show={show}")
            readable(page)
    query = f"{server.url}/api/v1/standing?{thing}"
    assert httpx.get(query).json()["rows"][0]["gross"] == "110.00"


def test_what_is_too_large_or_empty_is_said_in_a_page(
    browser: Browser, server: Served, tmp_path: Path
) -> None:
    huge, empty = tmp_path / "huge.csv", tmp_path / "empty.csv"
    huge.write_bytes(b"a,b\n" * (25 << 20))
    empty.touch()
    with opened(browser, borne=413) as page:
        look(page, server, "en", huge)
        assert "this server takes at most" in page.inner_text("[role=alert]")
    with opened(browser) as page:
        look(page, server, "en", empty)
        assert "choose a file" in page.inner_text("[role=alert]")
        assert page.input_value("[name=sender]") == "quiet"
        look(page, server, "en", weekly(tmp_path))
        assert page.locator(".confirm button").count() == 1


def test_a_page_of_another_server_sends_nothing(
    browser: Browser, server: Served, tmp_path: Path
) -> None:
    """A page of a neighbour on this machine has another origin."""
    page = browser.new_context().new_page()
    page.route("http://localhost:9/**", lambda route: route.fulfill(
        content_type="text/html",
        body=f'<form method="post" action="{server.url}/en/upload"><button>go</button></form>',
    ))  # fmt: skip
    page.goto("http://localhost:9/")
    with page.expect_response("**/en/upload") as got:
        page.click("button")
    assert got.value.status == 403
    page.context.close()
