"""Worksheets on paper: a window of its own that prints itself, one sheet of paper each, the key on a sheet of its own."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ASKED = "/worksheets?checkpoint=grammar-en-fr&ws_sheets=3&ws_first=17&ws_from=dealt"
LEFT_OUT = "() => document.querySelector('#key').remove()"
TALLEST = (
    "() => Math.max(...[...document.querySelectorAll('.exercise')].map(each => each.getBoundingClientRect().height))"
)
WIDEST = "() => Math.max(...[...document.querySelectorAll('.cells')].map(each => each.getBoundingClientRect().right - each.closest('.running').getBoundingClientRect().right))"  # noqa: E501
MILLIMETRE = 96 / 25.4


def papers(page: Page) -> int:
    """How many sheets of paper it takes."""
    return len(re.findall(rb"/Type /Page\b(?!s)", page.pdf(prefer_css_page_size=True)))


def opened(visitor: Visitor, path: str) -> Page:
    """The window that prints."""
    visitor.page.context.add_init_script("window.print = () => { window.printed = (window.printed ?? 0) + 1 }")
    page = visitor.open(path)
    with page.expect_popup() as found:
        page.get_by_role("button", name="Open to print").click()
    found.value.wait_for_function("() => window.printed === 1")
    return found.value


def test_three_sheets_and_a_key_take_four_papers(visitor: Visitor) -> None:
    sheets = opened(visitor, ASKED)
    expect(sheets.get_by_role("heading", name="Worksheet 18")).to_be_visible()
    assert papers(sheets) == 4
    sheets.evaluate(LEFT_OUT)
    assert papers(sheets) == 3, "the key had one of its own"
    sheets.close()


@pytest.mark.parametrize("about", ["5_the_whole_machine", "80_decoder_and_mask", "460_memory"])
def test_nothing_is_cut_by_the_edge_of_the_paper(visitor: Visitor, about: str) -> None:
    sheets = opened(visitor, f"{ASKED}&about={about}&ws_count=6&text={'dog%20' * 50}")
    sheets.emulate_media(media="print")
    sheets.set_viewport_size({"width": round(180 * MILLIMETRE), "height": 1000})
    assert sheets.evaluate(TALLEST) < 250 * MILLIMETRE, "an exercise is moved to the next paper, and fits there"
    assert sheets.evaluate(WIDEST) <= 1
    style = "() => [...document.querySelectorAll('.exercise')].every(each => getComputedStyle(each).breakInside === 'avoid')"
    assert sheets.evaluate(style)
    sheets.close()


def test_the_file_is_the_same_and_can_be_read_without_the_app(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.open(ASKED)
    with page.expect_download() as found:
        page.get_by_role("button", name="Worksheets (HTML, to print)").click()
    assert found.value.suggested_filename == "worksheets-50_one_head-17-19.html"
    found.value.save_as(tmp_path / "sheets.html")
    inside = page.frame_locator("iframe[title='Worksheets, as they are printed']")
    expect(inside.get_by_role("heading", name="Worksheet 17")).to_be_attached()
    text = (tmp_path / "sheets.html").read_text("utf-8")
    assert text.count('class="paper sheet"') == 3
    assert "<script" not in text


def test_a_telephone_shows_the_sheet_small_enough(browser: object, address: str) -> None:
    visitor = Visitor(browser, address, 390, 800)  # type: ignore[arg-type]
    page = visitor.open(ASKED)
    frame = page.locator("iframe").first
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 391
    visitor.close()
