"""The app as people use it: a real Chromium, the shipped weights, typing, clicking, keys, links, both themes, both widths."""

import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests import ROOT
from tests.browser.visitor import WITH_A_PAST, Visitor, looks_right, target
from transformer import checkpoint
from transformer.decoding.search import translate

pytestmark = pytest.mark.browser
SENTENCE = "The animal didn't cross the street because it was too tired."
NUMBERED = sorted(
    (int(number), name) for number, _, name in (file.stem.partition("_") for file in (ROOT / "pages").glob("[0-9]*.py"))
)
ALL = [name for _, name in NUMBERED]
WALK = [name for number, name in NUMBERED if number < 200]
PAGES = ("/", *(f"/{name}" for name in ALL))
NASTY = (
    "   ",
    "word " * 5000,
    "😀🦊",
    "나는 학생입니다.",
    "\x01\x02\x7f",
    "<b>hi</b>",
    '"',
    "$x^2$ :red[no] *stars* `code`",
    "<script>alert(1)</script>",
)


def test_a_sentence_its_translation_another_head_and_the_link(visitor: Visitor) -> None:
    """Type, read, choose another head, see another picture, open the link elsewhere and find the same view."""
    visitor.open("/cross_attention")
    page = visitor.type(SENTENCE)
    shipped = checkpoint.load(checkpoint.DEFAULT)
    french = translate(shipped.model, shipped.tokenizer, SENTENCE)
    assert re.sub(r"[\s·]+", "", french) in target(page).replace("·", "")
    before = visitor.weights()
    page.get_by_test_id("stMain").get_by_role("radio", name="3", exact=True).last.click()
    visitor.settle()
    after = visitor.weights()
    assert after != before
    assert all(sum(row) == pytest.approx(1, abs=2e-3) for row in after), "each row of the map is a softmax"
    link = page.url
    assert "head=3" in link
    assert "text=" in link
    other = Visitor(page.context.browser, visitor.address)
    other.open(link.removeprefix(visitor.address))
    assert target(other.page) == target(page)
    assert other.weights() == after
    other.close()


def test_a_click_on_a_cell_tells_its_number(visitor: Visitor) -> None:
    """The number in the sentence below the picture is the number of the cell that was clicked."""
    page = visitor.open(f"/cross_attention?text={quote('The black cat sleeps.')}")
    weights = visitor.weights()
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert box
    rows, columns = len(weights), len(weights[0])
    page.mouse.click(box["x"] + box["width"] * 1.5 / columns, box["y"] + box["height"] * 1.5 / rows)
    page.wait_for_function("() => location.search.includes('piece=')")
    visitor.settle()
    assert f"{weights[1][1]:.3f}"[:5] in page.get_by_test_id("stMain").inner_text()


def test_the_picture_by_keyboard(visitor: Visitor) -> None:
    """Arrow keys walk over the cells, Enter chooses one."""
    page = visitor.open(f"/cross_attention?text={quote('I love you.')}")
    page.locator(".atlas-focus").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    spoken = page.locator(".atlas-live").first.inner_text()
    assert re.search(r"0\.\d+|1\.0", spoken), f"the cell under the cursor is read out, but it was: {spoken!r}"
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('piece=')")


def test_all_pages_in_order_by_mouse(visitor: Visitor) -> None:
    """With one sentence and one depth, both of which stay, in the address too; each page has its picture."""
    page = visitor.open(f"/?text={quote('I see him.')}&depth=formula&checkpoint={WITH_A_PAST}")
    for number, name in enumerate(ALL, 1):
        page.locator(".st-key-atlas_ways a").last.click()
        arrived(visitor, name)
        place = page.locator(".atlas-step").inner_text()
        assert place.startswith(f"{number} of {len(WALK)}") == (name in WALK)
        looks_right(page)


def test_all_pages_in_order_by_keyboard(visitor: Visitor) -> None:
    """The arrow keys turn the pages, onwards and back."""
    page = visitor.open(f"/?text={quote('I see him.')}&depth=formula&checkpoint={WITH_A_PAST}")
    for name in ALL:
        page.keyboard.press("ArrowRight")
        arrived(visitor, name)
    for name in [*reversed(ALL[:-1]), ""]:
        page.keyboard.press("ArrowLeft")
        arrived(visitor, name)


def test_back_leads_to_the_page_before_and_loses_nothing(visitor: Visitor) -> None:
    """One step back is one page, with its sentence, its model and what was chosen."""
    page = visitor.open(f"/tokens?text={quote('I see him.')}&depth=formula&checkpoint={WITH_A_PAST}")
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
    page.wait_for_url(re.compile(rf"/{name}\?.*depth=formula"))
    visitor.settle()
    expect(page.get_by_label("English sentence", exact=True)).to_have_value("I see him.")
    assert "text=I" in page.url


def test_the_map_leads_to_every_page_and_says_where_it_is(visitor: Visitor) -> None:
    page = visitor.open(f"/tokens?text={quote('I see him.')}&depth=formula")
    assert page.locator(".atlas-map [aria-current=page]").first.get_attribute("data-page") == "10_tokens"
    assert {link.get_attribute("data-page") for link in page.locator(".atlas-map a").all()} == {
        f"{number}_{name}" for number, name in NUMBERED if number < 200
    }
    page.locator(".atlas-map [data-page='90_cross_attention']").click()
    arrived(visitor, "cross_attention")


def test_presentation_has_larger_type_and_no_sidebar(visitor: Visitor) -> None:
    page = visitor.open(f"/cross_attention?text={quote('I see him.')}&present=true")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    assert page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)") > 18
    assert page.evaluate("() => document.querySelector('.js-plotly-plot')._fullLayout.font.size") > 16
    page.get_by_text("Presentation", exact=True).click()
    visitor.settle()
    expect(page.get_by_test_id("stSidebar")).to_be_visible()


def test_steps_turn_without_asking_the_server(visitor: Visitor) -> None:
    """The five pictures of one head are stepped in the browser: not one message leaves it."""
    sent: list[object] = []
    visitor.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page = visitor.open(f"/one_head?text={quote('I see him.')}")
    bar = page.locator(".atlas-steps:visible").first
    before, asked = visitor.weights(), len(sent)
    bar.locator("[data-step=on]").click()
    page.wait_for_timeout(500)
    assert visitor.weights() != before
    assert bar.locator("[aria-current=true]").get_attribute("data-step") == "1"
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert bar.locator("[aria-current=true]").get_attribute("data-step") == "2"
    assert len(sent) == asked


@pytest.mark.parametrize("text", NASTY, ids=lambda text: text.strip()[:12] or "spaces")
def test_bad_input_gets_a_picture_or_a_sentence(visitor: Visitor, text: str) -> None:
    """Never a traceback, never markup that is taken for markup."""
    visitor.open("/cross_attention")
    page = visitor.type(text)
    main = page.get_by_test_id("stMain")
    assert page.locator('[data-testid="stException"]').count() == 0
    assert main.locator(".js-plotly-plot").count() or main.get_by_test_id("stAlert").count()
    assert main.locator("b", has_text=re.compile("^hi$")).count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_every_page_fits_and_can_be_read(browser: Browser, address: str, width: int, height: int, theme: str) -> None:
    """No sideways scrolling, no empty chart, a text alternative for each, and no accessibility rule broken in our own parts."""
    visitor = Visitor(browser, address, width, height, theme)
    for path in PAGES:
        past = f"&checkpoint={WITH_A_PAST}" if path == "/time_machine" else ""
        page = visitor.open(f"{path}?text={quote(SENTENCE)}{past}")
        wide = page.evaluate(
            "() => { const m = document.querySelector('[data-testid=\"stMain\"]'); return m.scrollWidth - m.clientWidth }"
        )
        assert wide <= 2, f"{path} scrolls sideways by {wide} px"
        assert page.locator(".atlas-figure").count() >= 1
        assert page.locator(".atlas-figure .js-plotly-plot .main-svg").count() >= 1
        assert all(figure.get_attribute("aria-label") for figure in page.locator(".atlas-figure").all())
        found = Axe().run(page, context=".atlas-figure", options={"runOnly": ["wcag2a", "wcag2aa"]})
        assert found.violations_count == 0, found.generate_report()
    visitor.close()


def test_the_map_is_above_the_fold(visitor: Visitor) -> None:
    """At 1280 by 800 the picture can be seen without scrolling."""
    page = visitor.open(f"/cross_attention?text={quote(SENTENCE)}")
    box = page.locator(".js-plotly-plot").first.bounding_box()
    assert box
    assert box["y"] < 400
