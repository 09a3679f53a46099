"""The questions of `docs/questions.md`: two clicks at most from Home, and the answer is on the screen, with numbers of one's own."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from tests import ROOT
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
SENTENCE = "My sister wrote him a long letter."
NUMBER, WORDS = r"[−+-]?[0-9][0-9.,×⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*", r"[^#~]{1,40}?"
# The text of what can be seen without scrolling: of each block that lies within the window, its words as a person reads them.
BLOCKS = """.atlas-seen, .atlas-why, .atlas-cell li, .atlas-cell p, .atlas-cell, .atlas-look, .stMain .stMarkdown p, .stMain .stMarkdown li,
.stCaption"""
SEEN = """blocks => [...document.querySelectorAll(blocks)]
  .filter(each => { const box = each.getBoundingClientRect();
    return box.height && box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth })
  .map(each => { const own = each.cloneNode(true);
    own.querySelectorAll('.atlas-meaning, details, style, .katex-mathml').forEach(part => part.remove());
    return own.textContent.replace(/\\s+/g, ' ') })"""


class Way(NamedTuple):
    """A question, the clicks that lead to its answer, and the answer with `#` for numbers and `~` for words."""

    number: str
    question: str
    clicks: tuple[str, ...]
    answer: str


def ways() -> list[Way]:
    """The rows of the table."""
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in (ROOT / "docs" / "questions.md").read_text("utf-8").splitlines()
        if re.match(r"\| \d", line)
    ]
    return [
        Way(number, question, tuple(filter(None, clicks.split(" → "))), answer)
        for number, question, clicks, answer in rows
    ]


@pytest.fixture(scope="module")
def class_room(browser: Browser, address: str) -> Iterator[Visitor]:
    """A screen of 1280 x 720, with the sidebar open."""
    visitor = Visitor(browser, address, height=720)
    yield visitor
    visitor.close()


def click(visitor: Visitor, name: str) -> None:
    """On a page of the menu, or a control on the page, by what is written on it."""
    page = visitor.page
    links = page.locator(".stSidebar .stPageLink a").filter(has_text=re.compile(rf"^(\d+\. )?{re.escape(name)}$"))
    if links.count():
        links.first.click()
    else:
        page.locator(".stMain").get_by_text(name, exact=True).first.click()
    visitor.settle()


def pattern(answer: str) -> re.Pattern[str]:
    """What is looked for."""
    parts = re.split(r"([#~])", answer)
    told = [{"#": NUMBER, "~": WORDS}.get(part, re.escape(part).replace(r"\ ", r"\s*")) for part in parts]
    return re.compile(r"\s*".join(told))


def on_screen(page: Page) -> list[str]:
    """What can be read without scrolling."""
    return page.evaluate(SEEN, BLOCKS)


@pytest.mark.parametrize("way", ways(), ids=lambda way: f"{way.number} {way.question}")
def test_the_answer_stands_there_after_two_clicks_at_most(class_room: Visitor, way: Way) -> None:
    assert len(way.clicks) <= 2
    page = class_room.open(f"/?text={SENTENCE.replace(' ', '+')}")
    for name in way.clicks:
        click(class_room, name)
    seen = on_screen(page)
    assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") == 0
    assert any(pattern(way.answer).search(each) for each in seen), "\n".join(seen)


def test_there_are_thirty_six_questions_each_once() -> None:
    assert [way.number for way in ways()] == [str(number) for number in range(1, 37)]
    assert len({way.question for way in ways()}) == 36
    assert all("#" in way.answer for way in ways()), "each has a number of one's own"
    assert Path(__file__).name in (ROOT / "docs" / "questions.md").read_text("utf-8")
