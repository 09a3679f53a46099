"""The living machine in a headless Chromium: its first drawing, a step of the player, frames a second while it plays, a block unfolded."""

from statistics import median
from typing import TYPE_CHECKING

from benchmarks.lab import TWELVE
from benchmarks.report import Row
from benchmarks.screen import PATIENCE, browser, settle
from benchmarks.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

STEP = "() => { const begun = performance.now(); document.querySelector('[data-do=on]').click(); return performance.now() - begun }"
FRAMES = """() => new Promise(done => { let frames = 0; const begun = performance.now();
  const count = now => { frames += 1; if (now - begun < 3000) requestAnimationFrame(count); else done(frames / 3) };
  document.querySelector('[data-do=play]').click(); requestAnimationFrame(count) })"""
UNFOLD = """() => new Promise(done => { const begun = performance.now(), inside = document.querySelector('.atlas-inside');
  const painted = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
  new MutationObserver((_, watch) => { watch.disconnect(); painted() }).observe(inside, { childList: true, subtree: true });
  document.querySelector('.block[data-id$=self-1]').dispatchEvent(new MouseEvent('click', { bubbles: true })) })"""
NOTE = "Headless Chromium without a graphics card, on the server's machine; 12 English pieces, 3 + 3 layers."


def measure(quick: bool) -> list[Row]:
    """Each of them, several times."""
    times = 3 if quick else 15
    with browser() as chromium, Server() as server:
        server.wait()
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        drawn = [opened(page, server) for _ in range(times)]
        frames = [float(page.evaluate(FRAMES)) for _ in range(1 if quick else 3)]
        page.emulate_media(reduced_motion="reduce")
        opened(page, server)
        page.get_by_role("button", name="From the beginning").click()
        steps = [float(page.evaluate(STEP)) for _ in range(times)]
        unfolded = [unfold(page) for _ in range(times)]
    return [
        row("first drawing", drawn, 400), row("a step of the player", steps, 50), row("a block unfolded", unfolded, 200),
        Row(
            name="machine: frames a second while it plays", ours=median(frames), unit="/s", samples={"ours": frames},
            bound="at least 50 /s", met=median(frames) >= 50, note=NOTE,
        ),
    ]  # fmt: skip


def row(name: str, milliseconds: list[float], bound: float) -> Row:
    """What was measured against its bound."""
    middle = median(milliseconds)
    return Row(
        name=f"machine: {name}", ours=middle, unit="ms", samples={"ours": milliseconds},
        bound=f"at most {bound:.0f} ms", met=middle <= bound, note=NOTE,
    )  # fmt: skip


def opened(page: "Page", server: Server) -> float:
    """Milliseconds that the browser needs for the first drawing, once its numbers are there."""
    page.goto(f"http://{server.address}/the_whole_machine?{TWELVE}&search=greedy", timeout=PATIENCE)
    page.locator(".atlas-machine .block").first.wait_for(timeout=PATIENCE)
    drawn = float(page.evaluate("() => document.querySelector('.atlas-machine').dataset.drawn"))
    settle(page)
    return drawn


def unfold(page: "Page") -> float:
    """Milliseconds from the click to the inside of a head; then it is folded again."""
    milliseconds = float(page.evaluate(UNFOLD))
    settle(page)
    page.locator(".atlas-inside button").click()
    settle(page)
    return milliseconds
