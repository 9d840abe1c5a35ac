"""What a reader's browser takes: live rows, the first paint, the size of scripts.

In: a browser (make browser). Out: figures as Markdown in docs/results/pages.md. A program of its
own (`PYTHONPATH=src:. .venv/bin/python bench/pages.py`), since it needs Chromium. Only loopback
addresses.
"""

import gzip
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
from playwright.sync_api import Browser, Page, sync_playwright

from pharos.serve.home import Home, init
from pharos.words.home import HomeSettings

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "results" / "pages.md"
STATIC = Path(__file__).resolve().parent.parent / "src" / "pharos" / "serve" / "static"
FILMS, REPEATS, LOADS = 1_000, 30, 5
#: The profile of the budget: a telephone of four years ago on a slow network.
WIDTH, HEIGHT, SLOWER, BITS, LATENCY = 390, 844, 4, 1_600_000, 150

#: Applies a change to so many rows as the page does, and lays the page out; milliseconds each.
_UPDATES = """
async ([modules, share, moves, repeats]) => {
  const { changed } = await import(modules.change);
  const { arrange, flash } = await import(modules.patch);
  const view = await (await fetch(document.getElementById("board").dataset.json)).json();
  const template = document.getElementById("film").content.firstElementChild;
  const rows = document.querySelector(".films .rows");
  const names = ["gross", "box_office_share", "admissions", "cumulative_gross"];
  let now = view;
  const took = [];
  for (let turn = 0; turn < repeats; turn++) {
    const section = now.sections[0];
    const films = {};
    section.films.forEach((film, nth) => {
      if ((nth * 7919 + turn) % 1000 >= share * 1000) return;
      const texts = names.map((name) => [name, `${turn},${nth}.00`]);
      films[film.work_id] = { shown: Object.fromEntries(texts) };
    });
    const order = section.films.map((film) => film.work_id);
    if (moves) for (let n = 0; n < order.length / 20; n++) {
      const at = (n * 37 + turn) % (order.length - 1);
      [order[at], order[at + 1]] = [order[at + 1], order[at]];
    }
    const change = { view: {}, sections: [{ currency: section.currency, films, order }] };
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const begin = performance.now();
    const next = changed(now, change);
    const cells = arrange(rows, next.sections[0].films, () => template.cloneNode(true), films);
    flash(cells);
    void document.body.offsetHeight;
    took.push(performance.now() - begin);
    now = next;
  }
  return took;
}
"""
_PAINT = """
() => new Promise((done) => {
  const seen = performance.getEntriesByName("first-contentful-paint")[0];
  if (seen) return done(seen.startTime);
  new PerformanceObserver((list, observer) => {
    const one = list.getEntriesByName("first-contentful-paint")[0];
    if (one) { observer.disconnect(); done(one.startTime); }
  }).observe({ type: "paint", buffered: true });
})
"""


def made_home(path: Path, films: int) -> Path:
    """A home with a day of so many films."""
    init(path, HomeSettings(scope="nation", territories=("CN",), currency="CNY"))
    day = date(2022, 10, 1).isoformat()
    rows = [{"pharos": 1}] + [
        {"kind": "day_totals", "cinema": f"c{n % 40}", "date": day, "work": f"Film {n:04}",
         "gross": f"{(films - n) * 9973 + n}.50", "admissions": 90 + n, "screenings": 3 + n % 9,
         "seats": 900 + n}
        for n in range(films)
    ]  # fmt: skip
    with Home(path) as home:
        home.send("office", "day", "1", b"\n".join(map(msgspec.json.encode, rows)))
    return path


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of a server of a home."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pharos.serve.cli", "--home", str(home)]
    with subprocess.Popen(
        [*command, "serve", "--port", f"{port}"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def updates(browser: Browser, url: str) -> list[tuple[str, list[float]]]:
    """How long a board of many films takes for a change."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{url}/en/board?date=2022-10-01")
    source = page.get_attribute("script[src*='board.js']", "src") or ""
    modules = {n: source.replace("board.js", f"{n}.js") for n in ("change", "patch")}
    page.wait_for_selector(".films .rows > :nth-child(900)", state="attached")
    kinds = {
        "5 % of the films change": (0.05, False),
        "5 % change and places move": (0.05, True),
        "all change and places move": (1.0, True),
    }
    found = []
    for name, (share, moves) in kinds.items():
        found.append((name, page.evaluate(_UPDATES, [modules, share, moves, REPEATS])))
    page.close()
    return found


def paints(browser: Browser, address: str) -> list[float]:
    """First paints of a page in the throttled profile, nothing kept from before."""
    found = []
    for _ in range(LOADS):
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        page = context.new_page()
        _throttle(page)
        page.goto(address, wait_until="commit")
        found.append(float(page.evaluate(_PAINT)))
        context.close()
    return found


def _throttle(page: Page) -> None:
    tools: Any = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    speed = BITS / 8
    wire = {"latency": LATENCY, "downloadThroughput": speed, "uploadThroughput": speed}
    tools.send("Network.emulateNetworkConditions", {"offline": False, **wire})
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def scripts() -> int:
    """Bytes of the page's own scripts, packed, charts' library left out."""
    own = [path for path in STATIC.glob("*.js") if path.name != "echarts.js"]
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in own)


def main() -> None:
    """Measure and write."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("there is no chromium; install it with: make browser")
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with served(made_home(Path(folder) / "large", FILMS)) as url:
            live = updates(browser, url)
        with served(made_home(Path(folder) / "usual", 100)) as url:
            query = "?date=2022-10-01"
            pages = {"board": f"board{query}"} | {n: n for n in ("places", "film", "calendar")}
            painted = {n: paints(browser, f"{url}/en/{path}") for n, path in pages.items()}
            sizes = {n: len(_raw(f"{url}/en/{path}")) for n, path in pages.items()}
        version = browser.version
        browser.close()
    RESULTS.write_text(_page(live, painted, sizes, f"Chromium {version}, load before {load:.1f}"))
    print(RESULTS.read_text())


def _raw(address: str) -> bytes:
    with httpx.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer:
        return b"".join(answer.iter_raw())


def _page(
    live: list[tuple[str, list[float]]],
    painted: dict[str, list[float]],
    sizes: dict[str, int],
    machine: str,
) -> str:
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    lines = [
        "# Pages in a browser, measured",
        "",
        (
            f"Written by `bench/pages.py` on {day}; {os.cpu_count()} cores ({platform.machine()}), "
            f"{machine}, the server on the same machine."
        ),
        "",
        f"## {FILMS:,} live rows",
        "",
        (
            "A change applied by the page's own scripts, layout included, in milliseconds; "
            f"{REPEATS} times."
        ),
        "",
        "| | median | largest | goal |",
        "|---|---|---|---|",
    ]
    goals = (16, 16, 50)
    for (name, took), goal in zip(live, goals, strict=True):
        lines.append(f"| {name} | {statistics.median(took):.1f} | {max(took):.1f} | {goal} |")
    lines += [
        "",
        "## First paint",
        "",
        (
            f"100 films, {WIDTH} pixels wide, the processor {SLOWER} times slower, "
            f"{BITS / 1e6:.1f} Mbit/s, {LATENCY} ms of latency, nothing kept; goal 1,000 ms."
        ),
        "",
        "| page | median, ms | largest, ms | packed, bytes |",
        "|---|---|---|---|",
    ]
    for name, took in painted.items():
        middle = statistics.median(took)
        lines.append(f"| {name} | {middle:.0f} | {max(took):.0f} | {sizes[name]:,} |")
    said = f"Scripts of the pages without the library of charts: {scripts():,} bytes packed"
    lines += ["", f"{said}; goal 40,000.", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"{time.monotonic() - began:.0f} s")
