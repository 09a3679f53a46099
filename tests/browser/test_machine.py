"""The living machine: it writes, is stepped, unfolds, is pointed at and leads on; by mouse, by keys, without motion, on a telephone."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import WITH_A_PAST, Visitor

pytestmark = pytest.mark.browser
SENTENCE = "The dog sees a bird."
PATH = f"/the_whole_machine?text={quote(SENTENCE)}&checkpoint={WITH_A_PAST}&layer=1"


def written(page: Page) -> int:
    """How many pieces of the translation are to be seen."""
    return page.locator(".piece[data-row=written]:not(.away)").count()


def large(page: Page) -> str:
    """What stands large beside the machine."""
    return page.locator(".atlas-card .atlas-large").inner_text()


def block(page: Page, id: str) -> None:
    """Click on a block's label."""
    page.locator(f".block[data-id={id}] text").first.evaluate(
        "each => each.parentNode.dispatchEvent(new MouseEvent('click', { bubbles: true }))"
    )


def test_whoever_presses_play_sees_the_sentence_become_french(visitor: Visitor) -> None:
    """On Home: nothing, then one piece after the other, then all; nothing is asked of the server meanwhile."""
    page = visitor.open(f"/?text={quote(SENTENCE)}&checkpoint={WITH_A_PAST}")
    whole, count = large(page), written(page)
    assert count > 3
    page.get_by_label("Speed").select_option("3")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".piece[data-row=written].away")).to_have_count(count)
    seen = set()
    while page.get_by_role("button", name="Pause").count():
        seen.add(written(page))
        page.wait_for_timeout(30)
    assert len(seen) >= count - 1, "one after the other"
    assert large(page) == whole
    assert written(page) == count


def test_steps_go_on_and_back_and_into_the_address(visitor: Visitor) -> None:
    page = visitor.open(PATH)
    count = written(page)
    page.get_by_role("button", name="From the beginning").click()
    assert written(page) == 0
    assert large(page) == ""
    for step in (1, 2, 3):  # the first reads the sentence
        page.get_by_role("button", name="Write the next piece").click()
        expect(page.locator(".piece[data-row=written]:not(.away)")).to_have_count(step - 1)
    page.wait_for_url(re.compile("mc_step=2"))
    status = page.locator(".atlas-now").inner_text()
    assert status.startswith(f"Piece 2 of {count}: having read <s> ")
    page.get_by_role("button", name="One piece back").click()
    assert written(page) == 1
    page.wait_for_url(re.compile("mc_step=1"))
    page.reload()
    visitor.settle()
    assert written(page) == 1, "a link shows the same"


def test_the_lines_say_what_the_walk_says(visitor: Visitor) -> None:
    """The weight that is told is that of Cross-attention, same layer, mean of its heads."""
    page = visitor.open(f"{PATH}&piece=2")
    said = page.locator(".atlas-now").inner_text()
    found = re.search(r"most at (.+) \\(([\d.]+) in layer 1\\)".replace("\\\\", "\\"), said)
    assert found, said
    page.goto(page.url.replace("the_whole_machine", "cross_attention") + "&view=map")
    visitor.settle()
    row = visitor.weights()[1]
    assert max(row) == pytest.approx(float(found[2]), abs=0.006)


def test_a_block_unfolds_and_leads_to_its_page(visitor: Visitor) -> None:
    page = visitor.open(PATH)
    block(page, "decoder-cross-1")
    expect(page.locator(".atlas-inside figcaption")).to_have_text(["Q", "K", "Q Kᵀ", "/ √16", "softmax", "V", "× V"])
    page.wait_for_url(re.compile("mc_open=decoder-cross-1"))
    assert page.locator(".block[aria-expanded=true]").get_attribute("data-id") == "decoder-cross-1"
    page.locator(".atlas-card a").get_by_text("Cross-attention").click()
    page.wait_for_url(re.compile("/cross_attention"))
    visitor.settle()
    assert "layer=1" in page.url
    expect(page.get_by_label("English sentence", exact=True)).to_have_value(SENTENCE)
    page.get_by_text("Back to The whole machine").click()
    page.wait_for_url(re.compile("/the_whole_machine"))
    visitor.settle()
    assert page.locator(".block[aria-expanded=true]").get_attribute("data-id") == "decoder-cross-1", (
        "the place is not lost"
    )


def test_from_home_too_the_way_leads_to_the_page_and_back(visitor: Visitor) -> None:
    """The card tells of a block that is only pointed at: its page begins with that attention and that layer."""
    page = visitor.open(f"/?text={quote(SENTENCE)}&checkpoint={WITH_A_PAST}")
    page.locator(".block[data-id=encoder-layer-1] text").first.evaluate(
        "each => each.parentNode.dispatchEvent(new MouseEvent('click', { bubbles: true }))"
    )
    page.wait_for_url(re.compile("layer=1"))
    page.locator(".block[data-id=decoder-masked-1]").evaluate("each => each.focus({ preventScroll: true })")
    page.locator(".atlas-card a").get_by_text("mask").click()
    page.wait_for_url(re.compile("/decoder_and_mask"))
    visitor.settle()
    page.get_by_text("Back to Attention Atlas").click()
    page.locator(".atlas-machine .block").first.wait_for()
    visitor.settle()
    assert page.locator(".block[aria-expanded=true]").get_attribute("data-id") == "decoder-masked-1"


def test_another_sentence_is_whole(visitor: Visitor) -> None:
    page = visitor.open(f"{PATH}&mc_step=1")
    assert written(page) == 1
    visitor.type("A cat sees the dog.")
    assert written(page) == page.locator(".piece[data-row=written]").count() > 3


@pytest.mark.parametrize(
    "id",
    ["decoder-output", "decoder-add-2-6", "decoder-feed-2", "decoder-cross-2", "decoder-masked-2", "encoder-self-2"],
)
def test_the_card_and_what_is_unfolded_stand_apart(visitor: Visitor, id: str) -> None:
    page = visitor.open(f"{PATH.removesuffix('&layer=1')}&layer=2&mc_open={id}")
    card, band = (page.locator(part).bounding_box() for part in (".atlas-card", ".atlas-inside"))
    assert card
    assert band
    assert card["y"] + card["height"] <= band["y"] + 1 or band["y"] + band["height"] <= card["y"] + 1
    hidden = page.evaluate(
        "() => { const card = document.querySelector('.atlas-card'); return card.scrollHeight - card.clientHeight }"
    )
    assert hidden <= 1, "all of it is seen"


def test_a_layer_unfolds_in_place(visitor: Visitor) -> None:
    page = visitor.open(PATH)
    assert page.locator(".block[data-id=encoder-self-2]").count() == 0
    block(page, "encoder-layer-2")
    page.locator(".block[data-id=encoder-self-2]").wait_for()
    assert page.locator(".block[data-id=encoder-self-1]").count() == 0, "the other one folds"
    page.wait_for_url(re.compile("layer=2"))


def test_all_of_it_by_keyboard(visitor: Visitor) -> None:
    page = visitor.open(PATH)
    page.locator(".block[tabindex='0']").focus()
    names = []
    for _ in range(4):
        names.append(page.evaluate("() => document.activeElement.dataset.id"))
        page.keyboard.press("ArrowUp")
    assert names == ["encoder-pieces", "encoder-embedding", "encoder-position", "encoder-self-1"]
    assert page.url.split("?")[0].endswith("the_whole_machine"), "the arrow keys do not turn the page here"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".atlas-inside figure").first.wait_for()
    page.wait_for_url(re.compile("mc_open=encoder-self-1"))
    before = page.locator(".atlas-card .numbers").inner_text()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".atlas-card .numbers")).not_to_have_text(before)
    page.keyboard.press("Escape")
    expect(page.locator(".atlas-inside")).to_be_hidden()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_training_shows_all_places_and_the_loss(visitor: Visitor) -> None:
    page = visitor.open(PATH)
    page.get_by_role("radio", name="Training").click()
    page.wait_for_url(re.compile("mc_way=training"))
    visitor.settle()
    loss = page.evaluate(
        "() => { const { chances } = document.querySelector('.atlas-machine').atlas.data;"
        " return chances.reduce((sum, chance) => sum - Math.log(chance), 0) / chances.length }"
    )
    assert large(page) == f"loss {loss:.3f}"
    assert page.locator(".atlas-machine .loop").count() == 0, "nothing goes back to the bottom"
    expect(page.locator(".block[data-id=decoder-pieces]")).to_contain_text("The right French")


def test_without_motion_the_steps_come_at_once(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address)
    visitor.page.emulate_media(reduced_motion="reduce")
    page = visitor.open(f"{PATH}&mc_step=1")
    page.get_by_role("button", name="Write the next piece").click()
    assert page.evaluate("() => document.querySelector('.atlas-machine').atlas.phase") == 0
    assert written(page) == 2
    visitor.close()


def test_on_a_telephone_the_decoder_stands_above_the_encoder(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, 390, 844, touch=True)
    page = visitor.open(PATH)
    top, bottom = (page.locator(f".block[data-id={id}]").bounding_box() for id in ("decoder-written", "encoder-pieces"))
    assert top
    assert bottom
    assert top["y"] < bottom["y"]
    assert (
        page.evaluate(
            "() => { const s = document.querySelector('.atlas-machine-scroll'); return s.scrollWidth - s.clientWidth }"
        )
        <= 1
    )
    page.locator(".block[data-id=decoder-output] .frame").tap()
    expect(page.locator(".atlas-card h3")).to_contain_text("Linear, softmax")
    visitor.close()


def test_the_little_machine_says_where_one_is_and_leads_on(visitor: Visitor) -> None:
    page = visitor.open(f"/positions?text={quote(SENTENCE)}&checkpoint={WITH_A_PAST}")
    lit = page.locator(".atlas-map [aria-current=page]")
    assert {each.get_attribute("data-page") for each in lit.all()} == {"30_positions"}
    near = {each.get_attribute("data-page") for each in page.locator(".atlas-map .near").all()}
    assert near == {"20_embeddings", "40_queries_keys_values"}
    page.locator(".atlas-map a[data-page='90_cross_attention']").click()
    page.wait_for_url(re.compile("/cross_attention"))
    visitor.settle()
    expect(page.get_by_label("English sentence", exact=True)).to_have_value(SENTENCE)
