"""What a learner waits for, measured inside a headless Chromium: the first translation, and the picture of another head."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.report import Row
from benchmarks.server import Server
from tools.browser import find

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE = 300_000  # ms, on a machine that is busy
BOUND = 120.0  # ms from choosing a head to the painted picture of 8 maps
IDLE = """() => { const app = document.querySelector('[data-testid="stApp"]');
  return app && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED' }"""
TRANSLATED = "() => document.querySelector('.atlas-large')?.textContent.trim()"
DRAWN = "() => document.querySelector('.js-plotly-plot .main-svg')"
# From the browser's own time of the click, until Plotly has drawn and two frames have passed: then it is on the screen.
ARM = """() => { window.atlasPainted = new Promise(done => {
  let clicked;
  addEventListener('click', event => { clicked = event.timeStamp }, { capture: true, once: true });
  const plot = document.querySelector('.js-plotly-plot');
  const drawn = () => { plot.removeListener('plotly_afterplot', drawn);
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - clicked))) };
  plot.on('plotly_afterplot', drawn) }) }"""
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"

VIEWS = {"all": "8 maps", "map": "1 map", "lines": "lines"}
CLICK_NOTE = (
    "Headless Chromium on the server's machine; from the browser's time of the click to the second frame after Plotly has "
    "drawn. Median of 20."
)
START_NOTE = (
    "From starting the process to the translation painted on Home, with an empty browser cache; the browser itself runs "
    "already."
)


def measure(quick: bool) -> list[Row]:
    """The wait for the first translation, then the wait for another head in each way of drawing."""
    with browser() as chromium:
        waits = [first_translation(chromium) for _ in range(1 if quick else 5)]
        with Server() as server:
            server.wait()
            clicks = {view: head_changes(chromium, server, view, 4 if quick else 20) for view in VIEWS}
    name = "from starting the app to the first translation on screen"
    start = Row(name=name, ours=median(waits), unit="s", note=START_NOTE, samples={"ours": waits})
    return [start, *(row(view, values) for view, values in clicks.items())]


def row(view: str, milliseconds: list[float]) -> Row:
    """Only the 8 maps have a bound."""
    middle, bounded = median(milliseconds), view == "all"
    return Row(
        name=f"from choosing another head to its picture painted, {VIEWS[view]}",
        ours=middle, unit="ms", samples={"ours": milliseconds},
        bound=f"at most {BOUND:.0f} ms" if bounded else "", met=middle <= BOUND if bounded else None, note=CLICK_NOTE,
    )  # fmt: skip


def first_translation(chromium: "Browser") -> float:
    """Seconds from starting the app's process until Home shows a translation."""
    context = chromium.new_context()
    page = context.new_page()
    with Server() as server:
        server.wait()
        page.goto(f"http://{server.address}/", timeout=PATIENCE)
        page.wait_for_function(TRANSLATED, timeout=PATIENCE)
        page.evaluate(FRAMES)
        seconds = time.perf_counter() - server.started
        context.close()
    return seconds


def head_changes(chromium: "Browser", server: Server, view: str, times: int) -> list[float]:
    """Milliseconds of each of so many clicks on another head."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"http://{server.address}/cross_attention?view={view}&head=1", timeout=PATIENCE)
    page.wait_for_function(DRAWN, timeout=PATIENCE)
    settle(page)
    control = page.get_by_test_id("stButtonGroup").filter(has=page.get_by_text("Head", exact=True))
    heads = [control.get_by_role("radio", name=str(number), exact=True) for number in range(1, 9)]
    waits = [choose(page, heads[number % len(heads)]) for number in range(1, times + 3)]
    page.close()
    return waits[2:]  # without those that warm up


def choose(page: "Page", head: "Locator") -> float:
    """Click on a head and wait for its picture: milliseconds."""
    page.evaluate(ARM)
    head.click()
    milliseconds = float(page.evaluate("() => window.atlasPainted"))
    settle(page)
    return milliseconds


def settle(page: "Page") -> None:
    """Until the script has run and a learner has taken a breath."""
    page.wait_for_function(IDLE, timeout=PATIENCE)
    page.wait_for_timeout(300)
    page.wait_for_function(IDLE, timeout=PATIENCE)


@contextmanager
def browser() -> Iterator["Browser"]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        yield chromium
        chromium.close()
