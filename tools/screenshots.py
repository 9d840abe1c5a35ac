"""Pictures of a running server's pages, for looking at them and for the README.

In: the address of a server. Out: docs/pictures/*.png, or another folder. Needs a browser (`make
browser`).
"""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
#: Width and height of a window by its name.
WINDOWS = {"1440": (1440, 900), "390": (390, 844)}
LANGUAGES = ("en", "zh")
THEMES = ("light", "dark")


def chromium() -> str:
    """The browser of this machine; exits with what to do where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise SystemExit("there is no chromium; install it with: make browser")
    return found


def pictures(browser: Browser, url: str, path: str) -> Iterator[tuple[str, bytes]]:
    """A page in every language, theme and width."""
    for language in LANGUAGES:
        for theme in THEMES:
            for name, (width, height) in WINDOWS.items():
                page = browser.new_page(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if theme == "dark" else "light",
                    device_scale_factor=2 if width < 800 else 1,
                )
                page.goto(f"{url}/{language}/{path}")
                page.wait_for_timeout(300)
                yield f"{language}-{theme}-{name}", page.screenshot()
                page.close()


def main() -> None:
    """Take the pictures of one page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="address of a running server")
    parser.add_argument("--page", default="board", help="which page (default: board)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    said = parser.parse_args()
    said.out.mkdir(parents=True, exist_ok=True)
    stem = "".join(letter if letter.isalnum() else "-" for letter in said.page)[:40]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, content in pictures(browser, said.url.rstrip("/"), said.page):
            (said.out / f"{stem}-{name}.png").write_bytes(content)
            print(said.out / f"{stem}-{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
