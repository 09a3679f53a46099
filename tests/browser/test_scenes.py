"""The scene that can be changed: dragged, moved and painted by keys, undone, carried in the address and to the next page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import CELL, Visitor

pytestmark = pytest.mark.browser
SCENE = "rcl1124-bss3630"


def told(page: Page) -> str:
    """What the editor says."""
    return page.locator(".atlas-scene-told").inner_text()


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """A place of the scene, in pixels of the window."""
    box = page.locator(".atlas-scene-picture").bounding_box()
    assert box
    return box["x"] + (x + 0.5) * box["width"] / 48, box["y"] + (y + 0.5) * box["height"] / 48


def test_a_shape_is_dragged_painted_moved_by_keys_and_undone(visitor: Visitor) -> None:
    page = visitor.open(f"/visual_attention?scene={SCENE}")
    page.mouse.move(*at(page, 11, 24))
    page.mouse.down()
    page.mouse.move(*at(page, 14, 12), steps=5)
    page.mouse.up()
    visitor.settle()
    assert "large red circle at 14, 12" in told(page)
    for key in ("g", "ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator(".atlas-seen")).to_contain_text("green")
    visitor.settle()
    assert "large green circle at 15, 16" in told(page)
    assert "scene=gcl1516-bss3630" in page.url
    assert "/visual_attention" in page.url  # arrow keys in the scene turn no page
    for _ in range(4):
        page.keyboard.press("z")
    visitor.settle()
    assert "large red circle at 11, 24, a small blue square at 36, 30" in told(page)


def test_the_scene_goes_along_to_the_vision_transformer(visitor: Visitor) -> None:
    page = visitor.open("/visual_attention")
    page.get_by_role("button", name="Add a triangle").click()
    visitor.settle()
    assert "triangle" in told(page)
    mine = told(page).partition(":")[2].split("triangle")[0]
    page.get_by_test_id("stSidebar").get_by_text("Vision Transformer").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    visitor.settle()
    assert mine.strip().removeprefix("a ") in told(page)
    field = page.get_by_label("Your question")
    field.fill("how many triangles?")
    field.press("Enter")
    expect(page.locator(".atlas-cell").first).to_contain_text("how many triangles?")
    expect(page.locator(".atlas-cell").first).to_contain_text("right: 1")


def test_a_patch_that_is_clicked_is_left_out(visitor: Visitor) -> None:
    page = visitor.open(f"/vision_transformer?vt_view=without&scene={SCENE}")
    before = page.locator(".atlas-seen").inner_text()
    page.mouse.click(*page.evaluate(CELL, [2, 1]))
    expect(page.locator(".atlas-seen")).not_to_have_text(before)
    visitor.settle()
    assert "vt_out=13" in page.url
    page.get_by_role("button", name="Put all patches back").click()
    expect(page.locator(".atlas-seen")).to_have_text(before)
