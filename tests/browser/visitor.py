"""A visitor to the running app: a page of a real Chromium, and what a person at it does."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlparse

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tools import browser as chromium

WITH_A_PAST = "grammar-en-fr"  # the shipped model whose run was recorded
FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync"""
SETTLED = """quiet => { const app = document.querySelector('[data-testid="stApp"]');
  const idle = app && app.getAttribute('data-test-script-state') === 'notRunning'
                   && app.getAttribute('data-test-connection-state') === 'CONNECTED'
                   && document.querySelector('.atlas-figure, .atlas-machine .block, .atlas-cell, [data-testid="stAlert"],'
                     + '[data-testid="stException"]')
                   && [...document.querySelectorAll('.atlas-figure')].every(each => each.querySelector('.main-svg'));
  if (!idle) { window.atlasIdle = null; return false }
  window.atlasIdle ??= performance.now();
  return performance.now() - window.atlasIdle > quiet }"""
# A picture, the machine, a sheet of paper; or a door, which has none.
DRAWN = ".atlas-figure .js-plotly-plot .main-svg, .atlas-machine .block, .atlas-worksheets-desk iframe, .atlas-door"
QUIET = 500  # milliseconds in which nothing moves

# The middle of a cell of the first map, in pixels of the window; rows and columns count from 0, gaps and headings too.
CELL = """([row, column]) => {
  const plot = document.querySelector('.js-plotly-plot'), { xaxis, yaxis } = plot._fullLayout;
  plot.scrollIntoView({ block: 'center' });
  const box = plot.getBoundingClientRect();
  return [box.left + xaxis._offset + xaxis.l2p(column), box.top + yaxis._offset + yaxis.l2p(row)] }"""


@contextmanager
def started() -> Iterator[Browser]:
    """One Chromium."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS.split())


def target(page: Page) -> str:
    """The French sentence on the chips, or at the top of the machine."""
    chips = page.locator(".atlas-target .atlas-chip").all_inner_texts()
    written = page.locator(".atlas-machine .piece[data-row=written] title").all_text_contents()
    return re.sub(r"\s+", "", "".join(chips or [piece.removeprefix("·") for piece in written]))


class Visitor:
    """A page of a browser that remembers what a person would not see: console errors and requests that leave the machine."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        width: int = 1280,
        height: int = 800,
        theme: str = "light",
        touch: bool = False,
    ) -> None:
        size = {"width": width, "height": height}
        self.page: Page = browser.new_page(viewport=size, color_scheme=theme, has_touch=touch)
        self.page.set_default_timeout(60_000)
        self.address, self.errors, self.outside = address, [], []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if urlparse(url).hostname not in ("127.0.0.1", None):
            self.outside.append(url)

    def _hear(self, message: ConsoleMessage) -> None:
        probing = "/_stcore/" in message.location.get(
            "url", ""
        )  # on a deep link Streamlit's own page tries where its server is
        if message.type == "error" and not probing:
            self.errors.append(f"{message.text} {message.location}")

    def open(self, path: str) -> Page:
        """Go there and wait until nothing moves."""
        self.page.goto(self.address + path)
        self.page.get_by_label("English sentence", exact=True).wait_for(state="attached", timeout=60_000)
        return self.settle()

    def settle(self) -> Page:
        """Wait until the script is done and its pictures are drawn, and nothing has moved for a moment."""
        self.page.evaluate("() => { window.atlasIdle = null }")
        self.page.wait_for_function(SETTLED, arg=QUIET, timeout=60_000)
        return self.page

    def type(self, sentence: str) -> Page:
        """Type a sentence into the sidebar as a person would, and wait for its translation."""
        field = self.page.get_by_label("English sentence", exact=True)
        field.fill(sentence)
        field.press("Enter")
        return self.settle()

    def click(self, row: int, column: int) -> Page:
        """Click on a cell of the first map, and wait for what comes of it."""
        self.page.locator(".js-plotly-plot .main-svg").first.wait_for()
        self.page.mouse.click(*self.page.evaluate(CELL, [row, column]))
        return self.settle()

    def walk(self, *keys: str) -> str:
        """Press keys on the first picture; what is read out of the cell under the cursor."""
        self.page.locator(".atlas-focus").first.focus()
        for key in keys:
            self.page.keyboard.press(key)
        return self.page.locator(".atlas-live").first.inner_text()

    def said(self) -> str:
        """The first line: the verdict of the lab."""
        return self.page.locator(".atlas-seen[role=status]").first.inner_text()

    def weights(self) -> list[list[float]]:
        """The numbers that the first picture draws."""
        return self.page.evaluate("() => [...document.querySelector('.js-plotly-plot').data].find(trace => trace.z).z")

    def close(self) -> None:
        """Leave; nothing went wrong that a person would not have seen."""
        self.page.close()
        assert self.errors == [], self.errors
        assert self.outside == []


def looks_right(page: Page) -> None:
    """There is a picture, and no trouble."""
    expect(page.locator(DRAWN).first).to_be_attached()
    assert page.locator('[data-testid="stException"]').count() == 0
    expect(page.locator(".katex").first, "the formula is typeset").to_be_attached()
    assert page.locator(".katex-error").count() == 0
