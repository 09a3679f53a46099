"""The app as people use it: a real Chromium, the shipped weights, typing, clicking, keys, links, both themes, both widths."""

import re
from urllib.parse import quote

import pytest

from tests.browser.pages import SENTENCE
from tests.browser.visitor import Visitor, target
from transformer import checkpoint
from transformer.decoding.search import translate

pytestmark = pytest.mark.browser
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


def test_steps_turn_without_asking_the_server(visitor: Visitor) -> None:
    """The five pictures of one head are stepped in the browser: only where it comes to rest is told, once, for the address."""
    sent: list[object] = []
    visitor.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page = visitor.open(f"/one_head?text={quote('I see him.')}")
    bar = page.locator(".atlas-steps:visible").first
    before, asked = visitor.weights(), len(sent)
    turned = bar.evaluate(
        """bar => [1, 2, 3].map(() => { bar.querySelector('[data-step=on]').click();
        return bar.querySelector('[aria-current=true]').dataset.step })"""
    )  # at once: a busy machine would come to rest between two clicks of this test
    assert len(sent) == asked
    assert turned == ["1", "2", "3"]
    assert visitor.weights() != before
    page.wait_for_url(re.compile("step=4"))
    assert len(sent) == asked + 1
    bar.locator("[aria-current=true]").press("ArrowLeft")
    page.wait_for_url(re.compile("step=3"))
    assert len(sent) == asked + 2


@pytest.mark.parametrize("text", NASTY, ids=lambda text: text.strip()[:12] or "spaces")
def test_bad_input_gets_a_picture_or_a_sentence(visitor: Visitor, text: str) -> None:
    """Never a traceback, never markup that is taken for markup."""
    visitor.open("/cross_attention")
    page = visitor.type(text)
    main = page.get_by_test_id("stMain")
    assert page.locator('[data-testid="stException"]').count() == 0
    assert main.locator(".js-plotly-plot").count() or main.get_by_test_id("stAlert").count()
    assert main.locator("b", has_text=re.compile("^hi$")).count() == 0
