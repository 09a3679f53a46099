"""A lesson in a browser: walked with Next and Back, locked, left; and one that is written, given away as a file, and brought back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from classroom.lessons import read
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
SLOW = 30_000


def bar(page: Page) -> str:
    """The first line of the bar."""
    line = page.locator(".atlas-guide").first
    line.wait_for(timeout=SLOW)
    return line.inner_text()


def follow(visitor: Visitor, words: str | re.Pattern[str]) -> None:
    """A link of the bar, which leads to a whole new page."""
    page = visitor.page
    before = page.url
    page.locator(".atlas-guide").get_by_role("link", name=words).click()
    page.wait_for_function("before => location.href !== before", arg=before)
    page.get_by_label("English sentence", exact=True).wait_for(state="attached", timeout=SLOW)
    visitor.settle()


def test_a_lesson_is_walked_with_next_and_back(visitor: Visitor) -> None:
    page = visitor.open("/lessons")
    page.locator(".st-key-le_card_text_to_translation .atlas-start").click()
    page.locator(".atlas-guide").wait_for(timeout=SLOW)
    visitor.settle()
    assert "step 1 of 9" in bar(page)
    assert "/the_whole_machine?" in page.url
    for step, name in ((2, "tokens"), (3, "embeddings")):
        follow(visitor, re.compile("Next"))
        assert f"step {step} of 9" in bar(page)
        assert f"/{name}?" in page.url
    assert "embeddings=nearest" in page.url
    expect(page.locator(".atlas-seen[role=status]").first).to_contain_text("Nearest to cat")
    follow(visitor, re.compile("Back"))
    assert "step 2 of 9" in bar(page)
    page.get_by_label("How many pieces has this sentence?").fill("7")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Not yet.")).to_be_visible()
    page.get_by_role("button", name="Show me").click()
    expect(page.get_by_text("The answer: 10.")).to_be_visible()
    page.locator(".stSidebar").get_by_role("link", name="3. Positions").click()
    page.wait_for_url("**/positions*")
    visitor.settle()
    assert "Back to step 2" in bar(page)
    assert "lesson=text_to_translation" in page.url, "a reload shows the same"
    follow(visitor, "Back to step 2")
    assert "/tokens?" in page.url
    page.get_by_role("button", name="Leave lesson").click()
    expect(page.locator(".atlas-guide")).to_have_count(0)
    page.wait_for_function("() => !location.search.includes('lesson=')")


def test_what_a_step_locks_cannot_be_reached_by_keyboard(visitor: Visitor) -> None:
    asked = "text=The+black+cat+sleeps+in+the+red+house.&checkpoint=grammar-en-fr&mask=causal&mask_step=1"
    page = visitor.open(f"/decoder_and_mask?{asked}&lesson=the_mask&lesson_step=3")
    assert "Locked in this step" in bar(page)
    before = page.url.partition("?")[0]
    page.locator("h1").first.click()
    for key in ("ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    visitor.settle()
    assert page.url.partition("?")[0] == before, "the arrow keys turn no page"
    reached = []
    for _press in range(90):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.getAttribute('href') ?? ''"))
    assert any("lesson_step=4" in href for href in reached), "Next is reached"
    inside = [href for href in reached if href and "lesson_step" not in href and not href.startswith(("http", "#"))]
    assert [href for href in inside if "decoder_and_mask" not in href] == [], "no other page is"


WRITTEN = """
title: Locked
steps:
- at: one_head?text=I+see+the+dog.&checkpoint=grammar-en-fr
  note: All of it.
  locked: [controls, sentence, depths]
- at: positions
  note: After it.
"""


def test_locked_controls_and_fields_are_out_of_reach(visitor: Visitor) -> None:
    from urllib.parse import quote

    from classroom import packed

    page = visitor.open(
        f"/one_head?text=I+see+the+dog.&checkpoint=grammar-en-fr&lesson={quote(packed.pack(read(WRITTEN)))}&lesson_step=1"
    )
    assert "Locked in this step" in bar(page)
    controls = page.locator('[class*="st-key-atlas_controls"]').first
    expect(controls).to_be_visible()
    assert controls.evaluate("node => node.inert")
    for hidden in (".st-key-text", ".st-key-checkpoint", ".st-key-fold_code"):
        expect(page.locator(hidden).first).to_be_hidden()
    touched = set()
    for _press in range(80):
        page.keyboard.press("Tab")
        touched.add(
            page.evaluate(
                "() => document.activeElement.closest('[class*=st-key-atlas_controls], .st-key-text, .st-key-fold_code') ? 'locked' : 'free'"
            )
        )
    assert touched == {"free"}
    follow(visitor, re.compile("Next"))
    expect(page.locator(".st-key-text").first).to_be_visible()


def test_on_a_telephone_the_bar_can_be_folded_and_leaves_room(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, width=390, height=800)
    page = visitor.open(
        "/queries_keys_values?text=I+see+the+dog.&checkpoint=tatoeba-en-fr&lesson=text_to_translation&lesson_step=5"
    )
    box = page.locator(".st-key-atlas_guide").bounding_box()
    assert box
    assert box["height"] < 440
    assert box["x"] + box["width"] <= 390
    page.get_by_text("What to do here").click()
    page.wait_for_function("() => document.querySelector('.st-key-atlas_guide').getBoundingClientRect().height < 180")
    visitor.close()


def test_a_lesson_is_written_kept_given_away_and_brought_back(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.open("/lessons?le_view=write")
    page.get_by_text("I am writing a lesson", exact=True).first.click()
    page.get_by_label("Title", exact=True).fill("Two <steps>")
    page.get_by_label("Title", exact=True).press("Enter")
    visitor.settle()
    visitor.open("/one_head?text=I+see+the+dog.&checkpoint=grammar-en-fr&head=2")
    page.locator(".atlas-add").wait_for(timeout=SLOW)
    page.locator(".atlas-add").click()
    expect(page.locator(".atlas-writing")).to_contain_text("Step 1 is this view")
    page.locator(".stSidebar").get_by_role("link", name="3. Positions").click()
    page.wait_for_url("**/positions*")
    visitor.settle()
    page.locator(".atlas-add").click()
    expect(page.locator(".atlas-writing")).to_contain_text("Step 2 is this view")
    page.reload()
    page.locator(".atlas-add").wait_for(timeout=SLOW)
    expect(page.locator(".atlas-writing")).to_contain_text("2 steps so far", timeout=SLOW)
    page.get_by_role("link", name="Edit it").click()
    page.wait_for_url("**/lessons*")
    visitor.settle()
    for step, note in ((1, "Look at head two."), (2, "Now the positions.")):
        if step == 2:
            page.locator('[class*="st-key-le_which"] input').first.click()
            page.get_by_role("option", name="2. Positions").click()
            visitor.settle()
        page.get_by_label("Note for the learner").fill(note)
        page.get_by_label("Note for the learner").blur()
        visitor.settle()
    expect(page.get_by_label("Note for the learner")).to_have_value("Now the positions.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the lesson (YAML)").click()
    download.value.save_as(file := tmp_path / "lesson.yaml")
    plan = read(file.read_text("utf-8"))
    assert (plan.title, [step.note for step in plan.steps]) == (
        "Two <steps>",
        ["Look at head two.", "Now the positions."],
    )
    assert [step.page for step in plan.steps] == ["one_head", "positions"]
    assert plan.steps[0].asked["head"] == "2"
    assert all(
        step.asked["text"] == "I see the dog." and step.asked["checkpoint"] == "grammar-en-fr" for step in plan.steps
    )
    page.get_by_role("button", name="Remove").click()
    visitor.settle()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("is here now")).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="Preview").click()
    page.locator(".atlas-guide").wait_for(timeout=SLOW)
    visitor.settle()
    assert "step 1 of 2" in bar(page)
    assert "Two <steps>" in bar(page)
    follow(visitor, re.compile("Next"))
    assert "step 2 of 2" in bar(page)
