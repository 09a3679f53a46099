"""A word is touched, something is looked for, the tour is taken: by mouse, finger and keys."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import WITH_A_PAST, Visitor, looks_right

pytestmark = pytest.mark.browser
SENTENCE = "The black cat sees the dog."
ASKED = f"?checkpoint={WITH_A_PAST}&text={quote(SENTENCE)}"
CARD, STORY = "#atlas-term-card", ".st-key-atlas_depths .atlas-term"
TITLES = (
    "Your sentence", "The whole machine", "Where you are", "Pieces", "The picture", "The sum behind it", "Story, numbers, formula, code",
    "And on",
)  # fmt: skip


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Visitor]:
    """A visitor with a telephone."""
    visitor = Visitor(browser, address, 390, 800, "dark", touch=True)
    yield visitor
    visitor.close()


def word(page: Page, name: str) -> None:
    """Give a word of the story the focus, as the Tab key does."""
    page.locator(STORY, has_text=name).first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")


def test_a_word_explains_itself_to_the_keyboard_and_leads_to_where_it_is_live(visitor: Visitor) -> None:
    page = visitor.open(f"/one_head{ASKED}")
    word(page, "softmax")
    touched, card = page.locator(STORY, has_text="softmax").first, page.locator(CARD)
    expect(card, "the focus opens it").to_be_visible()
    expect(card).to_contain_text("Turns a row of numbers into shares")
    assert card.locator("math mfrac").bounding_box()
    assert touched.get_attribute("aria-expanded") == "true"
    assert touched.get_attribute("aria-describedby") == card.locator("p").get_attribute("id")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert touched.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    expect(card).to_be_focused()
    page.keyboard.press("Escape")
    expect(touched, "the focus comes back").to_be_focused()
    expect(card).to_be_hidden()
    word(page, "query")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(card.locator("a")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/queries_keys_values**")
    visitor.settle()
    assert "matrix=q" in page.url
    expect(page.get_by_label("English sentence", exact=True)).to_have_value(SENTENCE)
    expect(page.get_by_text("Back to One head")).to_be_visible()


def test_out_of_the_card_the_tab_key_goes_on_in_the_text(visitor: Visitor) -> None:
    page = visitor.open(f"/one_head{ASKED}")
    words = page.locator(STORY)
    first, second = words.nth(0), words.nth(1)
    first.focus()
    for key in ("Enter", "Tab", "Tab", "Tab"):  # the card, its link, its cross, and out
        page.keyboard.press(key)
    expect(second).to_be_focused()
    expect(page.locator(CARD)).to_contain_text("What a piece asks")


def test_the_mouse_may_go_from_the_word_into_its_card(visitor: Visitor) -> None:
    page = visitor.open(f"/one_head{ASKED}")
    page.locator(STORY, has_text="mask").first.hover()
    card = page.locator(CARD)
    expect(card).to_be_visible()
    card.hover()
    page.wait_for_timeout(600)
    expect(card).to_be_visible()
    found = Axe().run(page, context=[CARD], options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, found.generate_report()
    page.mouse.move(640, 40)
    expect(card).to_be_hidden()


def test_a_link_can_be_opened_beside_and_says_all(visitor: Visitor) -> None:
    page = visitor.open(f"/one_head{ASKED}")
    page.locator(STORY, has_text="softmax").first.click()
    href = page.locator(f"{CARD} a").get_attribute("href") or ""
    visitor.open(f"/{href}")
    expect(page.get_by_label("English sentence", exact=True)).to_have_value(SENTENCE)
    assert "step=4" in page.url


def test_a_tap_opens_the_card_on_a_telephone(phone: Visitor) -> None:
    page = phone.open(f"/one_head{ASKED}")
    touched, card = page.locator(STORY, has_text="softmax").first, page.locator(CARD)
    touched.scroll_into_view_if_needed()
    touched.tap()
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    found = Axe().run(page, context=[CARD], options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, found.generate_report()
    touched.tap()
    expect(card, "a second tap closes it").to_be_hidden()
    touched.tap()
    card.locator("a").tap()
    page.wait_for_url("**/one_head**step=4**")
    phone.settle()
    expect(page.get_by_label("English sentence", exact=True)).to_have_value(SENTENCE)


def test_the_glossary_finds_a_word_and_leads_to_it(phone: Visitor) -> None:
    page = phone.open(f"/glossary{ASKED}&fold_formula=true")
    looks_right(page)
    page.get_by_label("Find a word").fill("beem")
    expect(page.locator(".atlas-seen").first).to_contain_text("the best is beam")
    page.locator(".atlas-live").first.click()
    page.wait_for_url("**/output_and_search**")
    phone.settle()
    assert "output=beam" in page.url
    expect(page.get_by_label("English sentence", exact=True)).to_have_value(SENTENCE)


def test_the_search_is_a_key_away_and_leaves_the_page_alone(visitor: Visitor) -> None:
    page = visitor.open(f"/cross_attention{ASKED}")
    page.evaluate("() => { document.querySelector('.js-plotly-plot').kept = true }")
    page.keyboard.press("/")
    field, found = page.get_by_label("Search", exact=True), page.locator(".st-key-atlas_found a")
    expect(field).to_be_focused()
    page.keyboard.type("teecher forcing")
    expect(found.first).to_have_text("teacher forcing")
    assert page.evaluate("() => document.querySelector('.js-plotly-plot').kept"), "the picture stayed"
    expect(page.get_by_label("English sentence", exact=True)).to_have_value(SENTENCE)
    field.fill("<b>zzzz</b> 한국어")
    expect(page.locator(".st-key-atlas_search [role=status]")).to_contain_text("Nothing found for “<b>zzzz</b> 한국어”")
    field.fill("rollout")
    expect(found.first).to_have_text("attention rollout")
    found.first.click()
    page.wait_for_url("**/glossary**")
    visitor.settle()
    assert "gl_find=attention+rollout" in page.url
    expect(page.get_by_label("English sentence", exact=True)).to_have_value(SENTENCE)
    sentence = page.get_by_label("English sentence", exact=True)
    sentence.focus()
    page.keyboard.press("End")
    page.keyboard.press("/")
    expect(sentence, "who types a sign gets the sign").to_have_value(f"{SENTENCE}/")


def stop(page: Page, number: int) -> None:
    """Wait until the tour stands at a stop."""
    expect(page.locator(".atlas-tour-at")).to_have_text(f"{number} of {len(TITLES)}", timeout=30_000)
    expect(page.locator(".atlas-tour h2")).to_have_text(TITLES[number - 1])
    expect(page.locator(".atlas-tour [data-do=next]")).to_be_focused()


def inside(page: Page) -> None:
    """The card and the ring are in the window, and the ring has something in it."""
    page.wait_for_timeout(400)
    width, height = page.evaluate("() => [innerWidth, innerHeight]")
    for part in (".atlas-tour-card", ".atlas-tour-ring"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width + 1, part
        assert box["y"] + box["height"] <= height + 1, part
        assert min(box["width"], box["height"]) > 15, part


@pytest.mark.parametrize("who", ["visitor", "phone"])
def test_the_tour_has_eight_stops_on_two_pages(who: str, request: pytest.FixtureRequest) -> None:
    visitor: Visitor = request.getfixturevalue(who)
    page = visitor.open(f"/{ASKED}")
    page.get_by_role("button", name="Start", exact=True).click()
    for number in range(1, len(TITLES) + 1):
        stop(page, number)
        inside(page)
        if number in (1, 5):
            found = Axe().run(page, context=[".atlas-tour-card"], options={"runOnly": ["wcag2a", "wcag2aa"]})
            assert found.violations_count == 0, found.generate_report()
        if number == 4:
            page.keyboard.press("ArrowLeft")
            stop(page, 3)
            page.keyboard.press("ArrowRight")
            stop(page, 4)
        page.keyboard.press("Enter")
    expect(page.locator(".atlas-tour")).to_have_count(0)
    expect(page.get_by_label("English sentence", exact=True)).to_have_value(SENTENCE)
    visitor.open(f"/{ASKED}")
    expect(page.get_by_role("button", name="Tour", exact=True)).to_be_visible()
    expect(page.get_by_text("New here?")).to_have_count(0)


def test_the_tour_keeps_the_focus_and_gives_it_back(visitor: Visitor) -> None:
    page = visitor.open(f"/{ASKED}")
    page.get_by_role("button", name="Start", exact=True).click()
    stop(page, 1)
    for _ in range(5):
        page.keyboard.press("Tab")
        assert page.evaluate("() => Boolean(document.activeElement.closest('.atlas-tour-card'))")
    page.keyboard.press("Escape")
    expect(page.locator(".atlas-tour")).to_have_count(0)
    expect(page.get_by_role("button", name="Tour", exact=True)).to_be_focused()


def test_whoever_declines_is_never_asked_again(visitor: Visitor) -> None:
    page = visitor.open(f"/{ASKED}")
    page.get_by_role("button", name="No, thanks").click()
    expect(page.get_by_text("New here?")).to_have_count(0)
    visitor.open(f"/{ASKED}")
    expect(page.get_by_text("New here?")).to_have_count(0)
    page.get_by_role("button", name="Tour", exact=True).click()
    stop(page, 1)


def test_it_is_not_offered_where_a_class_is_led_or_shown_and_begins_where_it_is_asked_for(visitor: Visitor) -> None:
    page = visitor.open(f"/{ASKED}&room=ABCDE")
    expect(page.get_by_text("New here?")).to_have_count(0)
    visitor.open(f"/{ASKED}&present=true")
    expect(page.get_by_text("New here?")).to_be_hidden()
    visitor.open(f"/{ASKED}&tour=1")
    stop(page, 1)
    page.get_by_role("button", name="Skip the tour").click()
    expect(page.locator(".atlas-tour")).to_have_count(0)
