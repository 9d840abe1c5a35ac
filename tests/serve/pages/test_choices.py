"""What a reader may choose in a browser: the theme, which colour rises, keys, paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.serve.pages.window import WIDER, opened
from tests.serve.served import Served

pytestmark = pytest.mark.slow

GROUNDS = {"light": "rgb(246, 247, 249)", "dark": "rgb(12, 18, 25)"}
RED, GREEN = "rgb(179, 36, 36)", "rgb(11, 107, 58)"
GROUND = "getComputedStyle(document.documentElement).backgroundColor"
#: The colour and the arrow of a change, in a cell made for the purpose.
COLOUR = """way => {
  const cell = document.querySelector('td.n');
  const said = document.createElement('span');
  said.className = way;
  cell.append(said);
  const arrow = getComputedStyle(said, '::before').content;
  return [getComputedStyle(said).color, arrow];
}"""
FOCUSED = "document.activeElement.{}"


def chosen(page: Page, name: str, value: str) -> None:
    """Make a choice."""
    page.select_option(f"select[data-choice={name}]", value)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_theme_is_kept_and_can_be_left_to_the_system(
    browser: Browser, served: Served, dark: bool
) -> None:
    own, other = ("dark", "light") if dark else ("light", "dark")
    with opened(browser, dark=dark) as page:
        page.goto(f"{served.url}/en/places")
        assert page.evaluate(GROUND) == GROUNDS[own]
        chosen(page, "theme", other)
        assert page.evaluate(GROUND) == GROUNDS[other]
        page.goto(f"{served.url}/zh/board")
        assert page.evaluate(GROUND) == GROUNDS[other]
        assert page.input_value("select[data-choice=theme]") == other
        assert page.context.cookies() == []
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        chosen(page, "theme", "")
        assert page.evaluate(GROUND) == GROUNDS[own]
        page.reload()
        assert page.evaluate(GROUND) == GROUNDS[own]


@pytest.mark.parametrize(("language", "up", "down"), [("en", GREEN, RED), ("zh", RED, GREEN)])
def test_which_colour_rises_follows_the_language_and_the_reader(
    browser: Browser, served: Served, language: str, up: str, down: str
) -> None:
    with opened(browser) as page:
        page.goto(f"{served.url}/{language}/places")
        # The arrow, and nothing that is read out for it.
        assert page.evaluate(COLOUR, "up") == [up, '"▲ " / ""']
        assert page.evaluate(COLOUR, "down") == [down, '"▼ " / ""']
        other = "red" if up == GREEN else "green"
        chosen(page, "rising", other)
        assert page.evaluate(COLOUR, "up")[0] == down
        page.reload()
        assert page.evaluate(COLOUR, "up")[0] == down


def test_keys_lead_through_a_page(browser: Browser, served: Served) -> None:
    with opened(browser) as page:
        page.goto(f"{served.url}/en/places?by=cinema")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("j")
        second = page.locator("tbody tr").nth(1)
        assert page.evaluate(FOCUSED.format("textContent")) == second.text_content()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 2
        page.keyboard.press("/")
        assert page.evaluate(FOCUSED.format("name")) == "period"
        # What is written is no key.
        page.keyboard.type("gbj?/")
        assert page.input_value("[name=period]") == "gbj?/"
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("g")
        with page.expect_navigation(url="**/en/board"):
            page.keyboard.press("b")
        page.keyboard.press("j")
        assert page.evaluate(FOCUSED.format("getAttribute('role')")) == "row"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_keys_are_told_and_can_be_turned_off(
    browser: Browser, served: Served, language: str
) -> None:
    with opened(browser) as page:
        page.goto(f"{served.url}/{language}/places")
        page.keyboard.press("?")
        assert page.locator("#keys").is_visible()
        assert page.locator("#keys-pages kbd").all_inner_texts()[:2] == ["g", "b"]
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.keyboard.press("Escape")
        assert not page.locator("#keys").is_visible()
        page.click("#keys-open")
        page.uncheck("#keys-wanted")
        page.click("#keys-close")
        page.reload()
        page.keyboard.press("j")
        assert page.evaluate(FOCUSED.format("tagName")) == "BODY"
        page.click("#keys-open")
        assert not page.is_checked("#keys-wanted")
        page.check("#keys-wanted")
        page.click("#keys-close")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")
        assert page.evaluate(FOCUSED.format("tagName")) == "TR"


def test_without_scripts_nothing_is_offered_that_needs_one(
    browser: Browser, served: Served
) -> None:
    with opened(browser, scripts=False) as page:
        page.goto(f"{served.url}/en/places")
        assert not page.locator(".choices").is_visible()
        assert not page.locator("#keys").is_visible()
        # No room is kept for what nobody draws.
        box = page.locator("figure.chart").bounding_box()
        assert box is not None
        assert box["height"] < 100


@pytest.mark.parametrize("path", ["board", "places?by=cinema"])
def test_paper_is_light_and_has_the_figures_only(
    browser: Browser, served: Served, path: str
) -> None:
    with opened(browser, dark=True) as page:
        page.goto(f"{served.url}/en/{path}")
        page.emulate_media(media="print")
        assert page.evaluate(GROUND) == "rgb(255, 255, 255)"
        for gone in ("header.site nav", ".choose", ".choices", ".skip", ".living"):
            for one in page.locator(gone).all():
                assert not one.is_visible()
        # A sheet of A4 lying, without its margins, has this many pixels.
        page.set_viewport_size({"width": 1030, "height": 700})
        assert page.evaluate(WIDER) == 0
        assert page.locator(".scroll").first.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
