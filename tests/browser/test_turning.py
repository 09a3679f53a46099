"""From page to page, and along a number's way: by mouse, by key, by the map, and back; nothing is lost on the way."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ALL, NUMBERED, WALK
from tests.browser.visitor import WITH_A_PAST, Visitor, looks_right

pytestmark = pytest.mark.browser


def test_all_pages_in_order_by_mouse(visitor: Visitor) -> None:
    """With one sentence and one depth, both of which stay, in the address too; each page has its picture."""
    page = visitor.open(f"/?text={quote('I see him.')}&fold_formula=true&checkpoint={WITH_A_PAST}")
    for number, name in enumerate(ALL, 1 - ALL.index(WALK[0])):
        page.locator(".st-key-atlas_ways a").last.click()
        arrived(visitor, name)
        place = page.locator(".atlas-step").inner_text()
        assert place.startswith(f"{number} of {len(WALK)}") == (name in WALK)
        looks_right(page)


def test_all_pages_in_order_by_keyboard(visitor: Visitor) -> None:
    """The arrow keys turn the pages, onwards and back."""
    page = visitor.open(f"/?text={quote('I see him.')}&fold_formula=true&checkpoint={WITH_A_PAST}")
    for name in ALL:
        page.keyboard.press("ArrowRight")
        arrived(visitor, name)
    for name in [*reversed(ALL[:-1]), ""]:
        page.keyboard.press("ArrowLeft")
        arrived(visitor, name)


def test_back_leads_to_the_page_before_and_loses_nothing(visitor: Visitor) -> None:
    """One step back is one page, with its sentence, its model and what was chosen."""
    page = visitor.open(f"/tokens?text={quote('I see him.')}&fold_formula=true&checkpoint={WITH_A_PAST}")
    page.locator(".st-key-atlas_ways a").last.click()
    arrived(visitor, "embeddings")
    page.locator(".atlas-source .atlas-chip").nth(1).click()
    page.wait_for_function("() => location.search.includes('source=2')")
    page.get_by_text("Predict: questions about this").click()
    arrived(visitor, "predict")
    assert "pr_about=input" in page.url
    for name in ("embeddings", "tokens"):
        page.go_back()
        arrived(visitor, name)
        page.wait_for_url(re.compile(rf"/{name}\?.*checkpoint={WITH_A_PAST}"))
        assert "source=2" in page.url


def arrived(visitor: Visitor, name: str) -> None:
    """Wait for the page, and see that nothing was lost on the way."""
    page = visitor.page
    page.wait_for_url(re.compile(rf"/{name}\?.*fold_formula=true"))
    visitor.settle()
    expect(page.get_by_label("English sentence", exact=True)).to_have_value("I see him.")
    assert "text=I" in page.url


def test_the_map_leads_to_every_page_and_says_where_it_is(visitor: Visitor) -> None:
    page = visitor.open(f"/tokens?text={quote('I see him.')}&fold_formula=true")
    assert page.locator(".atlas-map [aria-current=page]").first.get_attribute("data-page") == "10_tokens"
    assert {link.get_attribute("data-page") for link in page.locator(".atlas-map a").all()} == {
        f"{number}_{name}" for number, name in NUMBERED if number < 200
    }
    page.locator(".atlas-map [data-page='90_cross_attention']").click()
    arrived(visitor, "cross_attention")


def test_the_player_writes_by_keyboard_and_the_address_says_where_it_rests(visitor: Visitor) -> None:
    page = visitor.open(f"/output_and_search?text={quote('I see him.')}&output=player&piece=1&search=sample&seed=2")
    line, play = page.locator(".atlas-line .atlas-piece"), page.locator(".atlas-steps [data-step=play]")
    page.locator(".atlas-line .atlas-new").wait_for()
    count = page.locator(".atlas-dot").count()
    expect(line, "the start piece and the first that is written").to_have_count(2)
    play.focus()
    page.keyboard.press("End")
    expect(line).to_have_count(count + 1)
    page.wait_for_function(f"() => location.search.includes('piece={count}')")
    visitor.settle()
    page.keyboard.press("Home")
    page.locator(".atlas-steps [data-step=speed]").click(click_count=2)
    expect(page.locator(".atlas-steps [data-step=speed]")).to_have_text("4×")
    play.focus()
    page.keyboard.press("Space")
    expect(line).to_have_count(count + 1, timeout=20_000)
    page.wait_for_function(f"() => location.search.includes('piece={count}')")


def test_a_translation_that_was_drawn_goes_to_every_page(visitor: Visitor) -> None:
    page = visitor.open(f"/output_and_search?text={quote('I see him.')}&output=draws&temperature=1.5")
    page.get_by_role("button", name="Draw 100").click()
    page.locator(".st-key-lottery .main-svg").first.wait_for(timeout=60_000)
    visitor.settle()
    page.locator(".st-key-lottery .atlas-focus").focus()
    for _row in range(2):
        page.keyboard.press("ArrowDown")
    chosen = page.locator(".st-key-lottery .atlas-live").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('seed=') || location.search.includes('search=beam')")
    visitor.settle()
    assert chosen in page.locator(".atlas-sum").first.inner_text()
    written = page.locator(".atlas-target .atlas-chip").all_inner_texts()
    page.locator(".st-key-atlas_ways a").first.click()
    page.wait_for_url(re.compile("/cross_attention"))
    visitor.settle()
    assert page.locator(".atlas-target .atlas-chip").all_inner_texts() == written


def test_a_number_is_followed_by_keys_alone(visitor: Visitor) -> None:
    """N goes on and B back, in a field they are letters, and the way ends in the next layer."""
    page = visitor.open(f"/one_head?text={quote('I see him.')}&checkpoint={WITH_A_PAST}")
    told = page.locator(".atlas-cell")
    for step in range(1, 11):
        page.keyboard.press("n")
        expect(told).to_contain_text(f"{step}/10")
        visitor.settle()
    page.keyboard.press("b")
    expect(told).to_contain_text("9/10")
    assert "chain=9" in visitor.settle().url
    page.get_by_label("English sentence", exact=True).press("n")
    expect(told).to_contain_text("9/10")
    page.get_by_label("English sentence", exact=True).press("Backspace")
    page.get_by_label("English sentence", exact=True).blur()
    for _press in range(2):
        visitor.settle()
        page.keyboard.press("n")
    page.wait_for_url(re.compile("layer=2"))
    expect(told).to_contain_text("asks")


def test_heads_are_checked_by_keys_alone(visitor: Visitor) -> None:
    page = visitor.open(f"/many_heads?text={quote('I see him.')}&checkpoint={WITH_A_PAST}&heads=mean")
    visitor.walk("ArrowDown", "ArrowRight", "ArrowDown", "Enter")
    page.wait_for_url(re.compile("mean_encoder=but-2.1"))
    expect(page.locator(".atlas-seen").first).to_contain_text("7 heads together")
    page.get_by_role("button", name="Invert").press("Enter")
    page.wait_for_url(re.compile("mean_encoder=2.1"))
