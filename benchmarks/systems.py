"""The other systems, in a headless Chromium: a click on a number until its sum is there, and a change of the input until it is drawn anew."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks.report import Row
from benchmarks.screen import Wait, answered, browser, enter, row
from benchmarks.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

Act = Callable[["Page", int], None]
CLICK, CHANGE = 100, 300  # ms at most
SUM, SEEN = ".atlas-cell.atlas-sum", ".atlas-seen"
BARS = (0.0875, 0.2125, 0.3375, 0.4625)  # how far down the first of eight bars lie


def at(across: tuple[float, ...], down: tuple[float, ...], picture: int = 0) -> Act:
    """Click on another place of a picture, by shares of its width and height."""

    def act(page: "Page", number: int) -> None:
        box = page.locator(".js-plotly-plot .nsewdrag").nth(picture).bounding_box()
        assert box
        x, y = across[number % len(across)], down[number % len(down)]
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)

    return act


def choose_shape(page: "Page", _number: int) -> None:
    """Put the keyboard on the scene, and choose its next shape."""
    page.locator(".atlas-scene-picture").focus()
    page.keyboard.press("n")


def resized(page: "Page", _number: int) -> None:
    """The chosen shape large if it was small, and small if it was large."""
    page.keyboard.press("l")


def typed(label: str, *texts: str) -> Act:
    """Another text in a field; `enter` asks for it."""

    def act(page: "Page", number: int) -> None:
        page.get_by_label(label, exact=True).fill(texts[number % len(texts)])

    return act


COLUMN = (0.12, 0.38, 0.62, 0.38)
WAITS = (
    Wait("a weight of a hop: its sum", "memory", at(COLUMN, (0.1, 0.4, 0.8)), CLICK, SUM),
    Wait("a weight on a sentence: its sum", "hierarchical_attention", at((0.25,), (0.15, 0.4, 0.6, 0.9)), CLICK, SUM),
    Wait("a neighbour: its cosine's sum", "words_as_vectors", at((0.15,), BARS), CLICK, SUM),
    Wait("a candidate for the blank: its logit's sum", "masked_words", at((0.05,), BARS), CLICK, SUM),
    Wait("a place that was looked at: its score's sum", "visual_attention", at((0.05, 0.1, 0.15), (0.4, 0.6)), CLICK, SUM),
    Wait("a patch: its row", "vision_transformer", at((0.1, 0.4, 0.7), (0.2, 0.5)), CLICK, SUM),
    Wait("another question to a story", "memory", enter, CHANGE, SEEN, typed("Question", "Where is the key?", "Where is Anna?", "Where is Ben?")),
    Wait("another word", "words_as_vectors", enter, CHANGE, SEEN, typed("Word", "dog", "monday", "happy", "car")),
    Wait("a scene changed, captions", "visual_attention", resized, CHANGE, "picture", choose_shape),
    Wait("a scene changed, patches", "vision_transformer", resized, CHANGE, "picture", choose_shape),
)  # fmt: skip


def measure(quick: bool) -> list[Row]:
    """All the waits."""
    with browser() as chromium, Server() as server:
        server.wait()
        answers = [(wait, answered(chromium, server, wait, 4 if quick else 20)) for wait in WAITS]
    return [row(wait, values) for wait, values in answers]
