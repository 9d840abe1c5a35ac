"""Pages in a real browser: alive, readable for everybody, and talking to their own server only."""

import time
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from pharos.serve.changes import change_of
from tests.serve.pages.test_showing import send, showing
from tests.serve.pages.views import ADDRESSES, EXAMPLES
from tests.serve.pages.week import EVIL_CINEMA, tickets, today
from tests.serve.pages.window import WIDER, WIDTHS, opened
from tests.serve.served import Served, serving
from tests.serve.terminal import native

pytestmark = pytest.mark.slow

TRACE = f"trace?measure=gross&where=work%3Dferry&period={today()}"
PAGES = (
    "board",
    "definitions",
    "interface",
    TRACE,
    *(f"{page}?{asked[-1]}" for page, asked in EXAMPLES.items()),
)
#: Pages that say why there is nothing, and one of a place with a nasty name.
STATES = ("board?date=2001-01-01", "board?date=never", f"board?city={quote(EVIL_CINEMA)}")


#: What makes any ticket one of a large screening of another film, in a stream of its own.
LATE = {"work": "rice", "screening": "late", "paid": "500.00", "seats": 1_200, "stream": "late"}
#: Language, theme (whether it is dark), width: a page is looked at in every way.
WAYS = tuple(product(("en", "zh"), (False, True), WIDTHS))


def read(browser: Browser, address: str, width: int, *, dark: bool) -> None:
    """Nobody is kept out, and nothing is wider than the window."""
    with opened(browser, width=width, dark=dark) as page:
        page.goto(address)
        page.wait_for_timeout(50)
        found = Axe().run(page)
        assert found.violations_count == 0, (address, found.generate_report())
        assert page.evaluate(WIDER) == 0, address


def test_everybody_can_read_every_page(browser: Browser, served: Served) -> None:
    """Each page in one of the twelve ways; together they are all twelve."""
    for at, path in enumerate((*PAGES, *STATES)):
        language, dark, width = WAYS[5 * at % len(WAYS)]
        read(browser, f"{served.url}/{language}/{path}", width, dark=dark)


@pytest.mark.torture
@pytest.mark.parametrize(("language", "dark", "width"), WAYS)
def test_everybody_can_read_every_page_in_every_way(
    browser: Browser, served: Served, language: str, dark: bool, width: int
) -> None:
    for path in (*PAGES, *STATES, *ADDRESSES):
        read(browser, f"{served.url}/{language}/{path}", width, dark=dark)


def test_without_scripts_the_numbers_are_there(browser: Browser, served: Served) -> None:
    total = httpx.get(f"{served.url}/en/board.json").json()["sections"][0]["total"]["shown"]
    with opened(browser, scripts=False) as page:
        page.goto(f"{served.url}/en/board")
        assert page.inner_text(".total .gross a") == total["gross"]
        assert page.locator(".rows [role=row]").count() == 11
        assert not page.locator("#pause").is_visible()
        # It loads itself again.
        with page.expect_navigation(timeout=10_000):
            pass


TABLES = ("film", "places?by=cinema", f"tomorrow?date={today()}", "calendar",
          "compare?works=keeper,ferry", "reports", "downloads")  # fmt: skip


def test_without_scripts_every_page_sorts_and_turns_its_pages(
    browser: Browser, served: Served
) -> None:
    turned = 0
    with opened(browser, scripts=False) as page:
        for path in TABLES:
            page.goto(f"{served.url}/en/{path}{'&' if '?' in path else '?'}rows=2")
            section = page.locator("section.tabled").first
            column = section.locator("tbody tr td:first-child")
            assert column.count() in (1, 2), path
            # Twice, so that the largest come first, whatever came first before.
            for wanted in ("ascending", "descending"):
                head = section.locator("thead th").first
                while head.get_attribute("aria-sort") != wanted:
                    head.locator("a").first.click()
            last = column.all_inner_texts()
            if section.locator("a[rel=next]").count():
                section.locator("a[rel=next]").click()
                assert column.all_inner_texts() != last, path
                turned += 1
    assert turned == 4


def test_the_board_follows_what_is_sent(browser: Browser, own_week: Path) -> None:
    with serving(own_week) as server, opened(browser) as page:
        page.goto(f"{server.url}/zh/board")
        page.evaluate("window.same = true")
        first = page.get_attribute(".rows [role=row]", "data-key")
        many = [row | LATE for row in tickets("meadow", today(), 1, 1_000)]
        for nth in range(10):
            body = native(*many[nth * 100 : nth * 100 + 100])
            post = f"{server.url}/api/v1/messages"
            answer = httpx.post(post, params={"sender": "meadow", "wait": 10}, content=body)
            assert answer.json()["verdict"] == "accepted", answer.text
        done = time.monotonic()
        wanted = httpx.get(f"{server.url}/zh/board.json").json()
        total = wanted["sections"][0]["total"]["shown"]
        page.wait_for_function(
            "text => document.querySelector('.total .gross a').textContent === text",
            arg=total["gross"], timeout=2000,
        )  # fmt: skip
        assert time.monotonic() - done < 2
        keys = page.eval_on_selector_all(".rows [role=row]", "all => all.map(r => r.dataset.key)")
        films = wanted["sections"][0]["films"]
        assert keys == [film["work_id"] for film in films]
        assert keys[0] == "work:rice" != first
        for nth, film in enumerate(films):
            row = page.locator(".rows [role=row]").nth(nth)
            for measure in ("gross", "admissions", "cumulative_gross", "box_office_share"):
                cell = row.locator(f"[data-measure={measure}]")
                assert cell.inner_text() == film["shown"][measure]
        assert page.evaluate("window.same"), "the page was loaded again"
        assert page.locator(".changed").count() > 0
        cell = page.locator('[data-key="work:rice"] [data-measure=gross]')
        cell.focus()
        assert f"as_of={wanted['edition']}" in str(cell.get_attribute("href"))


def test_a_new_film_gets_its_row(browser: Browser, own_week: Path) -> None:
    with serving(own_week) as server, opened(browser) as page:
        page.goto(f"{server.url}/en/board")
        row = {"kind": "day_totals", "cinema": "quiet", "date": today().isoformat(),
               "work": "<b>new</b>", "gross": "1.00", "admissions": 1}  # fmt: skip
        post = f"{server.url}/api/v1/messages?sender=quiet&wait=10"
        httpx.post(post, content=native(row))
        new = page.locator('[data-key="work:<b>new</b>"]')
        new.wait_for(timeout=3000)
        assert new.locator(".name b").inner_text() == "<b>new</b>"
        assert new.locator("[data-measure=gross]").inner_text() == "1.00"
        new.locator("[data-measure=gross]").click()
        page.wait_for_url("**/en/trace?*")
        assert "1.00" in page.inner_text("main")


def test_the_numbers_of_a_large_country_fit(browser: Browser, own_week: Path) -> None:
    sums = {"gross": "1022345678.90", "admissions": 999_999, "screenings": 400_000, "seats": 10**6}
    film = {"kind": "day_totals", "cinema": "quiet", "date": today().isoformat(), "work": "giant"}
    whole = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)"
    with serving(own_week) as server:
        post = f"{server.url}/api/v1/messages?sender=quiet&wait=10"
        assert httpx.post(post, content=native(film | sums)).json()["held"] == 0
        for width in WIDTHS:
            for language in ("en", "zh"):
                with opened(browser, width=width) as page:
                    page.goto(f"{server.url}/{language}/board")
                    cells = ".films [role=cell], .films [role=columnheader], .total > *, .top > *"
                    assert page.eval_on_selector_all(cells, whole) == []
                    assert page.evaluate(WIDER) == 0


def test_pause_stops_and_resume_goes_on(browser: Browser, served: Served) -> None:
    with opened(browser) as page:
        page.goto(f"{served.url}/en/board")
        page.wait_for_timeout(1200)
        page.click("#pause")
        assert page.inner_text("#pause") == "Resume"
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(2300)
        assert asked == []
        page.click("#pause")
        page.wait_for_timeout(500)
        assert asked == [f"{served.url}/en/board/live"]
        assert page.inner_text("#pause") == "Pause"


def test_stale_is_said_and_heals(browser: Browser, own_week: Path) -> None:
    server = Served(own_week)
    server.start()
    context = browser.new_context()
    page = context.new_page()
    try:
        page.clock.install()
        page.goto(f"{server.url}/en/board")
        page.wait_for_timeout(200)
        server.stop()
        page.clock.fast_forward(10_000)
        page.wait_for_timeout(300)
        assert not page.locator("#stale").is_visible()
        page.clock.fast_forward(6_000)
        page.locator("#stale").wait_for(state="visible", timeout=5000)
        assert "no answer from the server for" in page.inner_text("#stale")
        server.start()
        page.clock.run_for(3_000)
        page.locator("#stale").wait_for(state="hidden", timeout=5000)
    finally:
        context.close()
        server.stop()


def test_where_no_stream_can_be_had_it_asks(browser: Browser, own_week: Path) -> None:
    with serving(own_week) as server, opened(browser, borne=503) as page:
        page.route("**/board/live", lambda route: route.fulfill(status=503))
        page.goto(f"{server.url}/en/board")
        server.send(native(*(row | LATE for row in tickets("meadow", today(), 1, 40))), "meadow")
        wanted = httpx.get(f"{server.url}/en/board.json").json()
        page.wait_for_function(
            "text => document.querySelector('.total .gross a').textContent === text",
            arg=wanted["sections"][0]["total"]["shown"]["gross"], timeout=6000,
        )  # fmt: skip


def test_the_script_changes_a_board_as_the_server_does(browser: Browser, served: Served) -> None:
    random = Random(1)
    with opened(browser) as page:
        page.goto(f"{served.url}/en/board")
        script = page.get_attribute("script[src$='board.js']", "src")
        assert script is not None
        module = script.replace("board.js", "change.js")
        for _ in range(50):
            before, after = (made_view(random) for _ in range(2))
            change = change_of(before, after)
            found = page.evaluate(
                "async ([from, view, change]) => (await import(from)).changed(view, change)",
                [module, before, change],
            )
            assert found == after


def made_view(random: Random) -> dict[str, Any]:
    """A small board in which anything may be there or not."""
    edition = random.randrange(100)

    def row(work: str) -> dict[str, Any]:
        said = {name: random.choice([None, 1, 2]) for name in ("gross", "admissions")}
        reasons = {f"{name}_reason": "none" for name, value in said.items() if value is None}
        shown = {name: str(value) for name, value in said.items() if random.random() < 0.8}
        trace = f"/en/trace?where=work%3D{work}&as_of={edition}&measure="
        return {"work_id": work, **said, **reasons, "shown": shown, "trace": trace}

    films = [row(work) for work in random.sample("abcdef", random.randrange(6))]
    section = {"currency": "CNY", "total": row(""), "films": films}
    return {"date": "2022-10-01", "edition": edition, "sections": [section]}


def test_nothing_flashes_for_who_wants_less_motion(browser: Browser, served: Served) -> None:
    for motion, name in (("reduce", "none"), ("no-preference", "changed")):
        context = browser.new_context(reduced_motion=motion)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{served.url}/en/board")
        style = "e => { e.classList.add('changed'); return getComputedStyle(e).animationName; }"
        assert page.eval_on_selector(".rows .gross", style) == name
        context.close()


def test_a_pinned_board_asks_nothing(browser: Browser, served: Served) -> None:
    with opened(browser) as page:
        asked: list[str] = []
        page.goto(f"{served.url}/en/board?as_of=20&date={today() - timedelta(6)}")
        page.wait_for_timeout(500)
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(1500)
        assert asked == []
        assert page.locator("#pause").count() == 0


def test_for_an_anonymous_reader_numbers_are_text_and_follow_as_well(
    browser: Browser, own_week: Path
) -> None:
    with showing(own_week) as shown, opened(browser) as page:
        page.goto(f"{shown.url}/en/board")
        assert Axe().run(page).violations_count == 0
        assert page.locator("a[data-measure]").count() == 0
        assert page.locator("[name=place], [name=cinema]").count() == 0
        send(shown.server, "late")
        total = httpx.get(f"{shown.server.url}/en/board.json").json()["sections"][0]["total"]
        page.wait_for_function(
            "text => document.querySelector('.total [data-measure=gross]').textContent === text",
            arg=total["shown"]["gross"], timeout=3000,
        )  # fmt: skip
        # A film that is new comes as text, too.
        assert page.locator("a[data-measure]").count() == 0
        page.locator(".total [data-measure=gross]").click()
        assert page.url == f"{shown.url}/en/board"
