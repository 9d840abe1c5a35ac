"""Charts in a real browser: drawn of the rows of the page when near, under the strict policy."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.serve.pages.drawings import FILMS, NOTES, page_of, rows
from tests.serve.pages.window import WIDER, opened
from tests.serve.served import Served

pytestmark = pytest.mark.slow

DRAWN = "figure.chart[data-state=drawn]"
SVG = "{http://www.w3.org/2000/svg}"
#: Pages with charts of every kind.
KINDS: dict[str, dict[str, Any]] = {
    "line": page_of("line", rows(30), notes=NOTES),
    "lines": page_of("line", rows(90, 3), split="work"),
    "two units": page_of("line", rows(20), y=["gross", "admissions"]),
    "two currencies": page_of("line", [*rows(9), *rows(9, currency="USD")]),
    "numbers along": page_of("line", rows(14), x="hour", y=["admissions"]),
    "bars": page_of("bar", rows(10, 3), split="work"),
    "names": page_of("bar", rows(1, 3), x="work", y=["gross", "admissions"]),
    "calendar": page_of("calendar", rows(200)),
    "heat": page_of("heat", rows(60), x="hour", y=["admissions"], split="weekday"),
}


@contextmanager
def drawn(
    browser: Browser,
    served: Served,
    said: dict[str, Any],
    language: str = "en",
    **window: Any,  # noqa: ANN401
) -> Iterator[Page]:
    """A page whose server says this, once its chart is drawn."""
    with opened(browser, **window) as page:
        body = json.dumps(said)
        page.route("**/places.json*", lambda route: route.fulfill(body=body))
        page.goto(f"{served.url}/{language}/places")
        page.locator(DRAWN).wait_for(timeout=10_000)
        yield page


def texts(page: Page) -> list[str]:
    """What stands in the drawing."""
    return page.locator(".drawn svg text").all_text_contents()


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_is_drawn_and_everybody_can_read_it(
    browser: Browser, served: Served, kind: str
) -> None:
    ways = (("en", 1440, False), ("zh", 360, True))
    for language, width, dark in ways if kind == "line" else (Random(kind).choice(ways),):
        with drawn(browser, served, KINDS[kind], language, width=width, dark=dark) as page:
            assert page.evaluate(WIDER) == 0
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            label = page.get_attribute(".drawn", "aria-label") or ""
            assert label.startswith("Gross")
            assert page.locator(".drawn svg path").count() > 5


def test_a_page_draws_its_own_rows(browser: Browser, served: Served) -> None:
    path = f"{served.url}/en/places.json?by=cinema&sort.places=cinema"
    said = httpx.get(path).json()["tables"][0]
    assert said["chart"]["kind"] == "bar"
    with opened(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(httpx.URL(request.url).path))
        page.goto(path.replace(".json", ""))
        page.locator(DRAWN).wait_for(timeout=10_000)
        names = [row["shown"]["cinema"] for row in said["rows"]]
        shown = texts(page)
        # Names in the order of the table; a long one is cut short.
        known = [name for name in names if name in shown]
        assert [text for text in shown if text in known] == known
        assert len(known) >= 5
        assert asked.count("/en/places.json") == 1
        top = max(said["rows"], key=lambda row: float(row["gross"]))["shown"]
        label = page.get_attribute(".drawn", "aria-label") or ""
        assert label.endswith(f"{top['cinema']}, Gross {top['gross']}")


def test_the_exact_text_stands_beside_the_pointer(browser: Browser, served: Served) -> None:
    said = page_of("line", rows(3, 3), split="work")
    with drawn(browser, served, said) as page:
        box = page.locator(".drawn").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 200)
        middle = said["tables"][0]["rows"][3:6]
        for film, row in zip(FILMS, middle, strict=True):
            text = f"{film}: {row['shown']['gross']}"
            page.wait_for_function(
                "text => [...document.querySelectorAll('.drawn svg text')]"
                ".some(e => e.textContent.replaceAll('\\u200b', '') === text)",
                arg=text, timeout=3000,
            )  # fmt: skip


def test_axes_count_as_the_language_does(browser: Browser, served: Served) -> None:
    for language, unit in (("en", "M"), ("zh", "亿")):
        with drawn(browser, served, KINDS["line"], language) as page:
            assert [text for text in texts(page) if text.endswith(unit)]
    with drawn(browser, served, KINDS["calendar"], "zh") as page:
        assert {"9月", "日"} <= set(texts(page))


def test_money_of_two_currencies_has_two_axes(browser: Browser, served: Served) -> None:
    with drawn(browser, served, KINDS["two currencies"]) as page:
        assert {"Gross (CNY)", "Gross (USD)"} <= set(texts(page))


def test_what_happened_is_marked_on_its_days(browser: Browser, served: Served) -> None:
    with drawn(browser, served, KINDS["line"]) as page:
        shown = texts(page)
        assert {"National Day", "Storm"} <= set(shown)
        # It lies outside the days that are drawn.
        assert "Spring" not in shown
    with drawn(browser, served, page_of("line", rows(30))) as page:
        assert "Storm" not in texts(page)


def test_another_theme_draws_in_other_colours(browser: Browser, served: Served) -> None:
    with drawn(browser, served, KINDS["line"]) as page:
        colours = "all => all.map(one => one.getAttribute('stroke')).filter(Boolean)"
        light = page.eval_on_selector_all(".drawn svg path", colours)
        page.select_option("select[data-choice=theme]", "dark")
        page.wait_for_timeout(300)
        dark = page.eval_on_selector_all(".drawn svg path", colours)
        assert "rgb(31, 111, 178)" in light
        assert "rgb(111, 183, 238)" in dark
        page.select_option("select[data-choice=theme]", "")
        page.wait_for_timeout(300)
        assert page.eval_on_selector_all(".drawn svg path", colours) == light


def test_on_paper_a_chart_is_light_and_fits(browser: Browser, served: Served) -> None:
    with drawn(browser, served, KINDS["line"], dark=True) as page:
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 1030, "height": 700})
        page.wait_for_timeout(300)
        colours = "all => all.map(one => one.getAttribute('stroke')).filter(Boolean)"
        assert "rgb(31, 111, 178)" in page.eval_on_selector_all(".drawn svg path", colours)
        chart, figure = (page.locator(one).bounding_box() for one in (".drawn svg", "figure.chart"))
        assert chart is not None
        assert figure is not None
        assert figure["width"] * 0.9 < chart["width"] < figure["width"]
        assert 100 < chart["height"] < figure["height"]


def test_nothing_is_loaded_before_a_chart_is_near(browser: Browser, served: Served) -> None:
    with opened(browser, width=360) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.add_init_script(
            "document.addEventListener('DOMContentLoaded', () =>"
            " document.querySelector('.stand')?.after(Object.assign("
            "document.createElement('textarea'), {rows: 200, ariaLabel: 'room'})))"
        )
        page.goto(f"{served.url}/en/places")
        page.wait_for_timeout(500)
        assert not [url for url in asked if "echarts" in url or ".json" in url]
        page.locator("figure.chart").scroll_into_view_if_needed()
        page.locator(DRAWN).wait_for(timeout=10_000)
        assert [url for url in asked if "echarts" in url]


def test_a_page_without_a_chart_loads_no_script_for_one(browser: Browser, served: Served) -> None:
    with opened(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for path in ("places?period=2001-01-01", "definitions", "board"):
            page.goto(f"{served.url}/en/{path}")
            page.wait_for_timeout(200)
        assert not [url for url in asked if "echarts" in url]


def test_a_chart_that_cannot_be_had_leaves_its_table(browser: Browser, served: Served) -> None:
    with opened(browser, borne=503) as page:
        page.route("**/places.json*", lambda route: route.fulfill(status=503))
        page.goto(f"{served.url}/en/places")
        page.locator("figure.chart[data-state=failed]").wait_for(timeout=10_000)
        assert page.locator("tbody tr").count() > 1


@pytest.mark.parametrize("kind", ["lines", "names", "calendar", "heat"])
def test_a_chart_can_be_taken_away(
    browser: Browser, served: Served, tmp_path: Path, kind: str
) -> None:
    with drawn(browser, served, KINDS[kind]) as page:
        for name in ("svg", "png"):
            with page.expect_download(timeout=10_000) as taken:
                page.click(f".save button >> text={name.upper()}")
            assert taken.value.suggested_filename == f"places-places-version-4.{name}"
            taken.value.save_as(tmp_path / name)
    picture = ET.parse(tmp_path / "svg").getroot()
    assert picture.tag == f"{SVG}svg"
    shown = ["".join(one.itertext()) for one in picture.iter(f"{SVG}text")]
    assert "[Rehearsed] Gross" in shown
    assert "Places · Version 4 · as of 2022-11-01" in shown
    content = (tmp_path / "png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    # Twice as many points as it is wide.
    assert int.from_bytes(content[16:20]) == 2400
