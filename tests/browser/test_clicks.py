"""Type, and click at once without Enter: both count, and the field never says something else than the picture."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.visitor import WITH_A_PAST, Visitor

pytestmark = pytest.mark.browser
MENU, WAYS, MAP = '.stSidebar a[data-testid="stPageLink-NavLink"]', ".st-key-atlas_ways a", ".atlas-map"
TURNS = [  # where, and the link there that is pressed; after each the next begins on the page that came
    (MENU, "attention editor"), (MENU, "Tokens"), (WAYS, "Embeddings"), (WAYS, "questions"), (MENU, "One head"),
    (WAYS, "Many heads"), (WAYS, "One head"), (MENU, "Cross-attention"), (MENU, "Explanation"), (MENU, "Class corpus"),
    (MENU, "Attention Atlas"), (".st-key-atlas_paths", "Understand"),
]  # fmt: skip
SENTENCES = ("The dog sees a bird.", "A cat eats. The dog sleeps.")
ALIKE = (
    "The dog sees a bird.",
    "The cat sees a dog.",
)  # pages as high as each other: a press after Enter may come when they are drawn
PRESSES = ("tap", "mouse", "slow mouse", "Enter and mouse")


@pytest.fixture
def hasty(browser: Browser, address: str) -> Iterator[Visitor]:
    """A visitor who has a touch screen and a mouse, and does not wait."""
    visitor = Visitor(browser, address, touch=True)
    yield visitor
    visitor.close()


def enter(page: Page, sentence: str) -> None:
    """Type a sentence; the field keeps the focus."""
    field = page.get_by_label("English sentence", exact=True)
    field.click()
    field.press("Control+a")
    page.keyboard.type(sentence)


def press(page: Page, control: Locator, how: str) -> None:
    """Press what is there, as a finger or a mouse does: at a place, not at an element."""
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    assert box
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if how == "tap":
        return page.touchscreen.tap(*place)
    if how == "Enter and mouse":
        page.mouse.move(*place)  # it waits there already
        page.keyboard.press("Enter")
    page.mouse.click(*place, delay=120 if how == "slow mouse" else 0)


@pytest.mark.parametrize("how", PRESSES)
def test_the_link_wins_and_the_sentence_goes_along(hasty: Visitor, how: str) -> None:
    page = hasty.open(f"/?checkpoint={WITH_A_PAST}&text=I+see+him.")
    for number, (where, name) in enumerate(TURNS):
        link = page.locator(where).locator("a" if where.startswith(".st-key-atlas_paths") else "xpath=.")
        link = link.filter(has_text=re.compile(name, re.IGNORECASE)).first
        target = link.get_attribute("href").partition("?")[0].rsplit("/", 1)[-1]
        sentence = (ALIKE if how == "Enter and mouse" else SENTENCES)[number % 2]
        enter(page, sentence)
        press(page, link, how)
        arrived(hasty, target, sentence)


def test_the_map_too(hasty: Visitor) -> None:
    page = hasty.open(f"/tokens?checkpoint={WITH_A_PAST}&text=I+see+him.")
    for number, name in enumerate(("one_head", "the_stack", "tokens", "many_heads")):
        sentence = SENTENCES[number % len(SENTENCES)]
        enter(page, sentence)
        press(page, page.locator(f".atlas-map a[data-page$='_{name}']").first, "tap")
        arrived(hasty, name, sentence)


def arrived(visitor: Visitor, name: str, sentence: str) -> None:
    """The page is there to stay, with the sentence in its field and in its picture."""
    page = visitor.page
    page.wait_for_url(re.compile(rf"{visitor.address}/{name}(\?|$)"))
    visitor.settle()
    visitor.settle()
    assert re.match(rf"{visitor.address}/{name}(\?|$)", page.url), "nothing turns the page back"
    expect(page.get_by_label("English sentence", exact=True)).to_have_value(sentence)
    chips = page.locator(".atlas-source .atlas-chip")
    if chips.count():
        shown = re.sub(r"[\s·␣]+|</s>", "", "".join(chips.all_inner_texts()))
        assert shown == re.sub(r"\s", "", sentence.partition(". ")[0].rstrip(".") + ".")


def test_a_switch_and_a_choice_count_as_well(hasty: Visitor) -> None:
    """What is no link is pressed when the page has been drawn with the sentence."""
    page = hasty.open(f"/cross_attention?checkpoint={WITH_A_PAST}&text=I+see+him.")
    for how, head in (("tap", "2"), ("mouse", "3"), ("slow mouse", "4")):
        enter(page, f"The dog sees {head}.")
        press(page, page.get_by_test_id("stMain").get_by_role("radio", name=head, exact=True).last, how)
        page.wait_for_url(re.compile(rf"head={head}"))
        arrived(hasty, "cross_attention", f"The dog sees {head}.")
    enter(page, SENTENCES[0])
    press(page, page.locator(".st-key-present label"), "tap")
    page.wait_for_url(re.compile("present=true"))
    arrived(hasty, "cross_attention", SENTENCES[0])


def test_the_button_stays_where_it_is_when_the_pairs_above_it_change(hasty: Visitor) -> None:
    page = hasty.open(f"/class_corpus?checkpoint={WITH_A_PAST}")
    field, button = page.locator(".st-key-class_text textarea"), page.locator(".st-key-class_start button")
    for text in (
        "The cat sleeps. ; Le chat dort.",
        "only one column",
        "1 ; Yes. ; Oui.",
        "The cat sleeps. ; Le chat dort.\n" * 40,
        "",
    ):
        field.fill(text)
        before = button.bounding_box()
        field.blur()
        hasty.settle()
        assert button.bounding_box() == before


def test_two_columns_of_a_file_are_swapped(hasty: Visitor) -> None:
    page = hasty.open(f"/class_corpus?checkpoint={WITH_A_PAST}&class_from=file")
    content = b"id,french,english\n1,Bonjour.,Good morning.\n2,Oui.,Yes.\n"
    page.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    cells = page.locator(".atlas-pairs td:not(.role)")
    expect(cells.first).to_contain_text("Good")
    page.locator(".st-key-class_source input").click()
    page.get_by_role("option", name="2. french: Bonjour.").click()
    expect(cells.first).to_contain_text("Bonjour")
    expect(page.locator(".st-key-class_target input")).to_have_value("3. english: Good morning.")
