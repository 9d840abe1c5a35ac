"""A window of a real browser that complains of whatever should not be.

In: a browser, how wide, how dark. Out: a page. Must not know what any page should say.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from playwright.sync_api import Browser, Page, Request

#: Widths of windows, and their heights.
WIDTHS = {1440: 900, 390: 844, 360: 780}
#: By how much a page is wider than its window.
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def opened(
    browser: Browser,
    *,
    width: int = 1440,
    dark: bool = False,
    scripts: bool = True,
    borne: int = 400,
) -> Iterator[Page]:
    """A window; whatever it complains of or asks of others fails the test."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
    )
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(host(request)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"a script ran: {dialog.message}"))
    yield page
    assert {one for one in asked if one} <= {"127.0.0.1"}
    # A page with a status of its own is loaded all the same.
    assert [one for one in complaints if f"status of {borne}" not in one] == []
    context.close()


def host(request: Request) -> str:
    """Whom a request was made to."""
    return httpx.URL(request.url).host
